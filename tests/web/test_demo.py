"""The first start: one account and key a role, told once and kept where only the owner reads."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from click.testing import Result
from flask import Flask

from directory.exchange import jsonl
from directory.permissions import KNOWN
from directory.services import logins
from directory.services.logins import Attempt
from seed import load as seed
from tests.applications import Configured
from tests.conftest import SECRET_KEY, Clock
from tests.web.live import free_port
from tests.web.people import ME, code, with_key
from tests.web.records import API, answer_json
from web import cli, demo
from web.app import create_app
from web.settings import Settings

Secrets = dict[str, dict[str, Any]]
ASKED = {
    "near": {"place": "Polokwane"},
    "needs": ["shelter_emergency", "medical_general"],
    "party": [{"age": 29, "gender": "female"}, {"age": 9, "gender": "male", "relation": "child"}],
}


def settings(folder: Path, clock: Clock, *, with_demo: bool = True) -> Settings:
    """The settings in a folder of its own."""
    url = f"sqlite:///{folder / 'directory.sqlite3'}"
    return Settings(
        database_url=url, secret_key=SECRET_KEY, instance=folder, demo=with_demo, clock=clock, port=free_port()
    )


def start(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Result:
    """`flask start` up to where it would become the server."""
    monkeypatch.setattr(cli, "_serve", lambda *_: None)
    with app.app_context():
        return app.test_cli_runner().invoke(args=["start"])


@pytest.fixture(scope="module")
def patience() -> Iterator[pytest.MonkeyPatch]:
    """A monkeypatch for the whole module."""
    with pytest.MonkeyPatch.context() as made:
        yield made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder."""
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="module")
def ticking() -> Clock:
    """The module's clock."""
    return Clock()


@pytest.fixture(scope="module")
def first(folder: Path, ticking: Clock, patience: pytest.MonkeyPatch) -> Iterator[tuple[Flask, Result]]:
    """The application after its first start, and what that printed."""
    app = create_app(settings(folder, ticking))
    yield app, start(app, patience)
    app.extensions["registry"].engine.dispose()


def kept(folder: Path) -> Secrets:
    """What the file says now."""
    found: Secrets = json.loads((folder / demo.FILE).read_text(encoding="utf-8"))
    return found


def test_each_role_has_an_entry_that_its_owner_alone_reads(first: tuple[Flask, Result], folder: Path) -> None:
    assert first[1].exit_code == 0, first[1].output
    assert set(kept(folder)) == KNOWN
    assert stat.S_IMODE((folder / demo.FILE).stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir() if path.name.startswith("demo.")] == ["demo.json"]
    for role, entry in kept(folder).items():
        person = {"username", "password", "totp_secret"}
        assert set(entry) - {"organisation_id", "department_id"} == {"api_key"} | (set() if role == "app" else person)


def test_each_key_opens_for_its_role(first: tuple[Flask, Result], folder: Path) -> None:
    for role, entry in kept(folder).items():
        me = answer_json(with_key(first[0], entry["api_key"]).get(ME))
        assert me["role"] == role
        for name in ("organisation", "department"):
            assert (me[name] or {}).get("id") == entry.get(f"{name}_id")


def test_each_password_signs_in(first: tuple[Flask, Result], folder: Path, ticking: Clock) -> None:
    registry = first[0].extensions["registry"]
    for role, entry in kept(folder).items():
        if role == "app":
            continue
        with registry.within(write=True) as session:
            ticket = logins.admit(session, Attempt(entry["username"]))
        proof = logins.prove(ticket, entry["password"])
        shown = None if entry["totp_secret"] is None else pyotp.TOTP(entry["totp_secret"]).at(ticking.now)
        with registry.within(write=True) as session:
            opened = logins.finish(session, ticket, proof, shown)
        assert opened is not None, role
        assert opened.actor.role == role


def test_they_act_for_partners_that_have_something_to_do(first: tuple[Flask, Result], folder: Path) -> None:
    app, secrets = first[0], kept(folder)
    by_role = {role: with_key(app, entry["api_key"]) for role, entry in secrets.items()}
    own = {"organisation_id": secrets["partner_manager"]["organisation_id"]}

    sites = answer_json(by_role["partner_manager"].get(f"{API}/sites", query_string=own))["items"]
    unit = answer_json(by_role["unit_manager"].get(f"{API}/departments/{secrets['unit_manager']['department_id']}"))

    assert [one["confidential"] for one in sites] == [True]
    assert answer_json(by_role["caseworker"].get(f"{API}/links"))["total"] > 0
    assert "child_temporary_safe_care" in unit["functions"]


def test_the_printed_key_matches(first: tuple[Flask, Result], folder: Path) -> None:
    key = kept(folder)["caseworker"]["api_key"]
    assert f'-H "Authorization: Bearer {key}"' in first[1].output

    answer = with_key(first[0], key).post(f"{API}/matches", json=ASKED)

    assert answer.status_code == 200
    assert [one["need"] for one in answer_json(answer)["by_need"] if not one["confirm_by_phone"]] == []


def test_an_address_is_disclosed_with_what_is_in_the_file(
    first: tuple[Flask, Result], folder: Path, ticking: Clock
) -> None:
    app, secrets = first[0], kept(folder)
    ticking.advance(minutes=1)
    site = answer_json(
        with_key(app, secrets["partner_manager"]["api_key"]).get(
            f"{API}/sites", query_string={"organisation_id": secrets["partner_manager"]["organisation_id"]}
        )
    )["items"][0]

    told = with_key(app, secrets["disclosure"]["api_key"]).post(
        f"{API}/sites/{site['id']}/location-disclosures",
        json={"purpose": "transport", "code": code(secrets["disclosure"], ticking)},
    )

    assert (told.status_code, "address" in answer_json(told)["location"]) == (201, True)


def test_secrets_are_told_once(first: tuple[Flask, Result], folder: Path, patience: pytest.MonkeyPatch) -> None:
    secrets = [
        value for entry in kept(folder).values() for name, value in entry.items() if value and not name.endswith("_id")
    ]
    assert [one for one in secrets if one not in first[1].output] == []

    again = start(first[0], patience)

    assert again.exit_code == 0, again.output
    assert [one for one in secrets if one in again.output] == []
    assert "flask access create-user" not in again.output


def test_what_is_lost_is_made_anew(first: tuple[Flask, Result], folder: Path) -> None:
    before, app = kept(folder), first[0]
    (folder / demo.FILE).unlink()

    remade = app.test_cli_runner().invoke(args=["access", "demo"])

    assert remade.exit_code == 0, remade.output
    after = kept(folder)
    for role, entry in after.items():
        assert entry["api_key"] in remade.output
        assert with_key(app, before[role]["api_key"]).get(ME).status_code == 401
        assert answer_json(with_key(app, entry["api_key"]).get(ME))["role"] == role
        assert entry.get("password", "app") != before[role].get("password")


def test_without_the_network_nothing_is_made(
    configured: Configured, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = configured(settings(tmp_path, clock, with_demo=False))
    started = start(app, monkeypatch)

    refused = app.test_cli_runner().invoke(args=["access", "demo"])

    assert ".venv/bin/flask access create-user admin --role admin" in started.output
    assert (refused.exit_code, "the fictitious network is not here" in refused.output) == (1, True)
    assert not (tmp_path / demo.FILE).exists()


def test_the_command_it_prints_makes_the_first_administrator(
    configured: Configured, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = configured(settings(tmp_path, clock, with_demo=False))
    printed = next(line for line in start(app, monkeypatch).output.splitlines() if "create-user" in line)

    made = app.test_cli_runner().invoke(args=printed.strip().removeprefix(".venv/bin/flask "))

    assert made.exit_code == 0, made.output
    key = made.stdout.split()[-1]
    assert answer_json(with_key(app, key).get(ME))["role"] == "admin"
    assert "create-user" not in start(app, monkeypatch).output


def test_a_start_that_fails_leaves_no_account(
    configured: Configured, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError("no space left")

    network = partners_alone(tmp_path / "network")
    monkeypatch.setattr(seed, "load", lambda session, actor, progress: jsonl.load(session, actor, network))
    app = configured(settings(tmp_path, clock))
    with monkeypatch.context() as patched:
        patched.setattr(demo, "keep", full)
        assert start(app, patched).exit_code != 0

    again = start(app, monkeypatch)

    assert again.exit_code == 0, again.output
    assert set(kept(tmp_path)) == KNOWN


def partners_alone(folder: Path) -> Path:
    """A network of those alone for whom the demo accounts act."""
    folder.mkdir()
    for name in ("organisations", "departments"):
        wanted = {getattr(one, name.removesuffix("s")) for one in (*demo.PERSONAS, demo.APP)}
        lines = (seed.NETWORK / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        chosen = [line for line in map(json.loads, lines) if line["key"] in wanted]
        bare = [{name: value for name, value in line.items() if name not in ("site", "parent")} for line in chosen]
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, bare)), encoding="utf-8")
    return folder
