"""A sealed file gives back what was put in, to who has the key, and opens no more of it than is asked for."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from matching.errors import Unreadable
from matching.layered import layered
from matching.vault import MAGIC, Vault, Writer, items

KEY = bytes(range(32))
NUMBERS = {f"n{number}": number for number in range(1000)}
PAIRS = {("a", str(number)): [str(number)] for number in range(20)}


class Former:
    """Something that a version had."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of two mappings and something else."""
    path = tmp_path / "file"
    with path.open("wb") as opened:
        writer = Writer(opened, KEY)
        writer.mapping("numbers", NUMBERS)
        writer.mapping("pairs", PAIRS)
        writer.mapping("nothing", {})
        writer.whole("what", ("text", 1))
        writer.finish()
    return path


def test_it_gives_back_what_was_put_in(file: Path) -> None:
    found = Vault(file, KEY)

    assert found.whole("what") == ("text", 1)
    for name, put in (("numbers", NUMBERS), ("pairs", PAIRS), ("nothing", {})):
        mapping = found.mapping(name)
        assert dict(mapping) == put
        assert len(mapping) == len(put)
        assert {key: mapping.get(key) for key in put} == put
        assert ("nobody" in mapping, mapping.get("nobody", 0)) == (False, 0)
        with pytest.raises(KeyError):
            mapping["nobody"]


def test_no_more_is_opened_than_is_asked_for(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mapping = Vault(file, KEY).mapping("numbers")
    opened: list[str] = []
    opening = Vault.opened

    def noted(one: Vault, name: str, begins: int, ends: int) -> object:
        opened.append(name)
        return opening(one, name, begins, ends)

    monkeypatch.setattr(Vault, "opened", noted)
    assert [mapping["n1"], mapping["n1"]] == [1, 1]
    assert len(opened) == 1
    assert len(list(items(mapping))) == len(NUMBERS)
    everything = len(opened)
    mapping.get("n1")
    assert len(opened) == everything


def test_what_lies_over_it_is_read_with_it(file: Path) -> None:
    mapping = layered(Vault(file, KEY).mapping("numbers"), {"n1": -1, "new": 0}, ["n2"])

    left = {key: value for key, value in NUMBERS.items() if key != "n2"}
    assert dict(items(mapping)) == dict(mapping) == {**left, "n1": -1, "new": 0}
    assert len(mapping) == len(NUMBERS)


@pytest.mark.parametrize("least", [0, 2, 512])
def test_it_is_counted_as_it_is_laid(file: Path, least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put anew and over what is there, taken out twice, and what never was: over a file and over nothing."""
    monkeypatch.setattr("matching.layered.LEAST", least)
    monkeypatch.setattr("matching.layered.SHARE", 1000)
    beginnings: tuple[Mapping[Any, Any], ...] = Vault(file, KEY).mapping("pairs"), {}
    for mapping in beginnings:
        for number in range(40):
            put = {("a", str(number)): ["a"], ("b", str(number // 2)): ["b"]}
            mapping = layered(mapping, put, [("b", str(number // 3)), ("a", str(number - 4))])
            assert len(mapping) == len(dict(mapping)) == len(list(mapping))


def test_another_process_finds_its_keys(file: Path) -> None:
    """Where a key stands is no matter of a process's own hashes."""
    script = (
        "import sys; from pathlib import Path; from matching.vault import Vault;"
        "v = Vault(Path(sys.argv[1]), bytes(range(32)));"
        "print(v.mapping('numbers')['n17'], v.mapping('pairs')['a', '3'])"
    )
    told = subprocess.run([sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True)

    assert told.stdout == "17 ['3']\n"


def test_it_tells_nothing_without_its_key(file: Path) -> None:
    with pytest.raises(Unreadable):
        Vault(file, bytes(32))
    assert b"n17" not in file.read_bytes()
    assert b"text" not in file.read_bytes()


@pytest.mark.parametrize(
    "damaged",
    [b"", MAGIC, MAGIC + bytes(40), b"another\n" + bytes(400)],
    ids=["empty", "begun", "cut", "foreign"],
)
def test_what_is_not_whole_is_not_read(tmp_path: Path, damaged: bytes) -> None:
    path = tmp_path / "damaged"
    path.write_bytes(damaged)

    with pytest.raises(Unreadable):
        Vault(path, KEY)


def test_where_there_is_none_nothing_is_read(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        Vault(tmp_path / "none", KEY)


def test_who_alters_it_is_found_out_and_it_is_taken_away(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[len(MAGIC) + 40] ^= 1
    file.write_bytes(whole)
    found = Vault(file, KEY)

    with pytest.raises(Unreadable):
        dict(found.mapping("numbers"))
    assert found.lost
    assert not file.exists()


def test_who_cuts_it_off_while_it_is_read_is_found_out(file: Path) -> None:
    """And ends nobody who has it open."""
    found = Vault(file, KEY)
    with file.open("r+b") as opened:
        opened.truncate(100)

    with pytest.raises(Unreadable):
        found.whole("what")


def test_what_another_version_wrote_need_not_be_understood(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was written with the key, but nothing here is called so any more."""
    with file.open("wb") as opened:
        writer = Writer(opened, KEY)
        writer.whole("what", Former())
        writer.finish()
    monkeypatch.delattr(f"{__name__}.Former")

    with pytest.raises(Unreadable):
        Vault(file, KEY).whole("what")


def test_a_part_does_not_stand_for_another(file: Path) -> None:
    """Parts are sealed with their names: whoever moves one is found out."""
    found = Vault(file, KEY)
    begins = found.mapping("pairs")._begins

    with pytest.raises(Unreadable):
        found.opened("numbers/0", *begins[:2].tolist())
