"""A server that starts again begins with the file that it kept, and never with one that is not its registry's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from directory.db import make_engine
from directory.models.upkeep import Change
from directory.permissions import LOCAL
from directory.services import records, snapshot_keys
from directory.services.catalogue import COLLECTIONS
from matching import feed, service, snapshot
from matching.errors import Unreadable
from matching.vault import Stored, Vault
from tests.conftest import Clock
from tests.directory.erasing import NAME, PHONE, Listed, erase, listed
from tests.directory.people import working
from tests.factories import Factory
from web.snapshots import LEAST_S, alone, keep
from web.transaction import Registry

__all__ = ["listed"]

DAY_S = 86_400.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file lies."""
    return tmp_path / "network.sealed"


@pytest.fixture
def place(engine: Engine, clock: Clock, path: Path) -> str:
    """A candidate's service, in a registry of which a file is kept."""
    with working(engine, clock) as session:
        service_id = Factory(session)("service_sites").service_id
    assert keep(Registry(engine, clock), path, LEAST_S) is not None
    return str(service_id)


@pytest.fixture
def later(database_url: str) -> Iterator[Engine]:
    """The engine of a server that starts."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def started(engine: Engine, clock: Clock, path: Path) -> bool:
    """Whether a server begins with the file."""
    with working(engine, clock, write=False) as session:
        return service.restore(session, path)


def named(engine: Engine, clock: Clock, service_id: str) -> str:
    """What a service is called, as the next match would say it."""
    with working(engine, clock, write=False) as session:
        return str(feed.network(session).records["services"][service_id]["name"])


def rename(engine: Engine, clock: Clock, service_id: str, version: int, name: str) -> None:
    with working(engine, clock) as session:
        records.update(session, LOCAL, COLLECTIONS["services"], service_id, version, {"name": name})


def test_it_begins_with_the_file_and_what_changed_since(
    engine: Engine, later: Engine, clock: Clock, path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename(engine, clock, place, 1, "Renamed")
    monkeypatch.setattr(feed, "build", lambda *_: pytest.fail("built anew"))

    assert started(later, clock, path)
    assert named(later, clock, place) == "Renamed"
    rename(engine, clock, place, 2, "Renamed again")
    assert named(later, clock, place) == "Renamed again"


def test_what_is_newer_than_its_mark_is_not_written(engine: Engine, clock: Clock, path: Path, place: str) -> None:
    """Another thread has read more meanwhile: the file would be of a revision of which this session says nothing."""
    with working(engine, clock, write=False) as session:
        key = snapshot_keys.find(session)
        assert key is not None
        rename(engine, clock, place, 1, "Renamed")
        assert named(engine, clock, place) == "Renamed"
        assert feed.snapshot_of(session, path, key, clock()) is None

    with working(engine, clock, write=False) as session:
        assert feed.snapshot_of(session, path, key, clock()) is not None


def test_it_is_of_one_revision_though_another_takes_its_place(
    engine: Engine, later: Engine, clock: Clock, path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker writes the next file between the look at the mark and the look at what is derived."""
    marked = feed._mark

    def replaced(session: Session, revision: int) -> snapshot.Mark | None:
        monkeypatch.undo()
        rename(engine, clock, place, 1, "Renamed")
        keep(Registry(engine, clock), path, 0.0)
        return marked(session, revision)

    with working(later, clock, write=False) as session:
        monkeypatch.setattr(feed, "_mark", replaced)
        assert service.restore(session, path)
        found = feed.network(session)
    assert (found.records["services"][place]["name"], found.index.row(0).service["name"]) == ("Counselling",) * 2


def test_who_writes_the_next_one_opens_no_more_for_it(
    engine: Engine, later: Engine, clock: Clock, path: Path, place: str
) -> None:
    assert started(later, clock, path)
    with working(engine, clock) as session:
        Factory(session)("organisations")
    with working(later, clock, write=False) as session:
        records = feed.network(session).records
    before = {name: len(of._opened) for name, of in records.items() if isinstance(of, Stored)}

    assert keep(Registry(later, clock), path, 0.0) is not None

    assert {name: len(of._opened) for name, of in records.items() if isinstance(of, Stored)} == before
    assert before["sites"] == 0


def test_who_knows_more_already_does_not(engine: Engine, clock: Clock, path: Path, place: str) -> None:
    assert not started(engine, clock, path)


def test_a_registry_that_went_on_differently_is_another(
    engine: Engine, later: Engine, clock: Clock, path: Path, place: str
) -> None:
    """A backup was restored, and as much was written since."""
    with working(engine, clock) as session:
        session.execute(update(Change).values(at=clock.advance(days=1)))

    assert not started(later, clock, path)
    assert named(later, clock, place) == "Counselling"


def test_a_registry_that_is_older_than_the_file_is_another(
    engine: Engine, later: Engine, clock: Clock, path: Path, place: str
) -> None:
    with working(engine, clock) as session:
        mark = snapshot.mark(path, snapshot_keys.made(session))
        assert mark is not None
        session.execute(update(Change).where(Change.revision == mark.revision).values(revision=mark.revision + 9))

    assert not started(later, clock, path)


def test_another_version_reads_its_own_files_alone(
    engine: Engine, later: Engine, clock: Clock, path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "VERSION", "another version")

    assert not started(later, clock, path)


def test_a_version_is_that_of_the_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Files that are put in the place of those it runs by are no other version of it."""
    known = snapshot.VERSION
    monkeypatch.setattr(snapshot, "ROOM", tmp_path)

    assert snapshot.fingerprint() != known
    assert known == snapshot.VERSION


def test_nobody_reads_it_who_has_only_the_file(engine: Engine, clock: Clock, listed: Listed, path: Path) -> None:
    keep(Registry(engine, clock), path, LEAST_S)

    assert path.stat().st_mode & 0o777 == 0o600
    held = path.read_bytes()
    assert not [one for one in (NAME, PHONE, listed.id) if one.encode() in held]


def test_who_is_erased_takes_every_file_along(
    engine: Engine, later: Engine, clock: Clock, listed: Listed, path: Path, tmp_path: Path
) -> None:
    """Files that were written before open no more, wherever they lie; the next one is written at once, without."""
    registry = Registry(engine, clock)
    keep(registry, path, DAY_S)
    (tmp_path / "copied").write_bytes(path.read_bytes())
    with working(engine, clock, write=False) as session:
        former = snapshot_keys.find(session)

    erase(engine, clock, listed, tmp_path / "erased.jsonl")

    assert not started(later, clock, path)
    assert keep(registry, path, DAY_S) is not None
    with working(engine, clock, write=False) as session:
        key = snapshot_keys.find(session)
    assert key not in (None, former)
    assert key is not None
    assert snapshot.mark(tmp_path / "copied", key) is None
    assert started(later, clock, path)
    with working(later, clock, write=False) as session:
        assert listed.id not in feed.network(session).records["persons"]


def test_it_is_written_when_it_is_due(engine: Engine, clock: Clock, path: Path, place: str) -> None:
    registry = Registry(engine, clock)
    with working(engine, clock, write=False) as session:
        key = snapshot_keys.find(session)
    assert key is not None
    before = snapshot.mark(path, key)
    rename(engine, clock, place, 1, "Renamed")

    assert keep(registry, path, DAY_S) is None
    assert snapshot.mark(path, key) == before
    assert keep(registry, path, 0.0) is not None
    after = snapshot.mark(path, key)
    assert before is not None
    assert after is not None
    assert after.revision > before.revision
    path.unlink()
    assert keep(registry, path, DAY_S) is not None
    assert snapshot.mark(path, key) == after


def test_one_alone_writes_it(path: Path) -> None:
    with alone(path) as first, alone(path) as second:
        assert (first, second) == (True, False)
    with alone(path) as third:
        assert third


def test_what_is_damaged_is_derived_anew(engine: Engine, later: Engine, clock: Clock, path: Path, place: str) -> None:
    """Whoever finds it out is told to ask again; the next one finds everything."""
    with working(engine, clock, write=False) as session:
        kept = Vault(path, snapshot_keys.find(session) or b"").mapping("records/services")
    whole = bytearray(path.read_bytes())
    whole[kept._begins[0] + 20] ^= 1
    path.write_bytes(whole)
    assert started(later, clock, path)

    with pytest.raises(Unreadable):
        named(later, clock, place)

    assert not path.exists()
    assert named(later, clock, place) == "Counselling"
