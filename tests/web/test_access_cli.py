"""What an administrator types: accounts, keys and the audit, without a server."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, text

from directory.services import audit
from tests.applications import Configured
from tests.conftest import SECRET_KEY, Clock
from tests.directory.people import working
from tests.factories import Factory
from tests.web.people import ME, with_key
from tests.web.records import API, answer_json
from web.settings import Settings

Type = Callable[..., Result]
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def flask(app: Flask) -> Type:
    """Types a command beside the application."""
    runner = app.test_cli_runner()
    return lambda *command: runner.invoke(args=[str(part) for part in command])


def told(result: Result) -> dict[str, str]:
    """What a command printed, by name."""
    assert result.exit_code == 0, result.output
    return dict(line.split(maxsplit=1) for line in result.stdout.splitlines())


def created(flask: Type, username: str = "first", role: str = "admin", *options: str) -> dict[str, str]:
    """An account made by command."""
    return told(flask("access", "create-user", username, "--role", role, *options))


def entries(flask: Type) -> list[dict[str, object]]:
    """The audit, as exported."""
    exported = flask("audit", "export")
    assert exported.exit_code == 0, exported.output
    return [json.loads(line) for line in exported.stdout.splitlines()]


def test_the_first_administrator_is_made_with_a_key_that_opens(app: Flask, flask: Type) -> None:
    made = created(flask, "first", "admin", "--display-name", "The first", "--key")

    me = answer_json(with_key(app, made["api_key"]).get(ME))

    assert (me["role"], me["name"], me["account_id"]) == ("admin", "first", made["id"])
    assert set(made) == {"id", "username", "password", "totp_secret", "api_key"}
    assert with_key(app, made["api_key"]).get(f"{API}/users").status_code == 200


def test_it_is_the_console_that_acts(flask: Type) -> None:
    created(flask, "first", "admin", "--key")

    assert [(one["actor"], one["action"]) for one in entries(flask)] == [
        ("process:console", "user.created"),
        ("process:console", "key.created"),
    ]


def test_somebody_acts_for_an_organisation(engine: Engine, clock: Clock, flask: Type) -> None:
    with working(engine, clock) as session:
        owner = Factory(session)("organisations").id

    made = created(flask, "thandi", "caseworker", "--organisation", owner)
    refused = flask("access", "create-user", "thabo", "--role", "caseworker")

    assert "totp_secret" not in made
    assert refused.exit_code != 0
    assert "organisation_id: This role acts for an organisation." in refused.output
    assert "Nothing was written." in refused.output


def test_a_reset_prints_other_secrets(flask: Type) -> None:
    made = created(flask)

    again = told(flask("access", "reset-user", "first"))

    assert again["id"] == made["id"]
    assert {again[name] for name in ("password", "totp_secret")}.isdisjoint(made.values())
    assert flask("access", "reset-user", "nobody").exit_code != 0


def test_who_is_deactivated_is_out(app: Flask, flask: Type) -> None:
    created(flask)
    other = created(flask, "second", "auditor", "--key")

    gone = flask("access", "deactivate-user", "second")
    last = flask("access", "deactivate-user", "first")

    assert gone.exit_code == 0, gone.output
    assert with_key(app, other["api_key"]).get(ME).status_code == 401
    assert (last.exit_code != 0, "the last administrator stays one" in last.output) == (True, True)


def test_a_key_is_made_and_revoked(app: Flask, engine: Engine, clock: Clock, flask: Type) -> None:
    with working(engine, clock) as session:
        owner = Factory(session)("organisations").id

    made = told(flask("access", "create-key", "an app", "--organisation", owner, "--scope", "match"))
    theirs = with_key(app, made["token"])

    assert answer_json(theirs.get(ME))["scopes"] == ["match"]
    assert flask("access", "revoke-key", made["id"]).exit_code == 0
    assert theirs.get(ME).status_code == 401
    assert flask("access", "revoke-key", NOBODY).exit_code != 0


def test_a_key_of_a_person_ends_on_the_day_given(app: Flask, clock: Clock, flask: Type) -> None:
    created(flask)
    day = clock.now.date().replace(year=clock.now.year + 1, month=1, day=1)

    made = told(flask("access", "create-key", "sheet", "--user", "first", "--expires", day.isoformat()))
    clock.now = clock.now.replace(year=day.year, month=1, day=2)

    assert with_key(app, made["token"]).get(ME).status_code == 401
    assert flask("access", "create-key", "sheet", "--user", "nobody").exit_code != 0


def test_the_list_has_no_secrets(flask: Type) -> None:
    made = created(flask, "first", "admin", "--key")

    shown = flask("access", "list").output

    assert made["id"] in shown
    assert made["api_key"][:9] in shown
    for name in ("password", "totp_secret", "api_key"):
        assert made[name] not in shown + str(entries(flask))


def test_the_chain_is_whole_and_says_where_it_is_not(flask: Type, engine: Engine, tmp_path: Path) -> None:
    created(flask)
    kept = tmp_path / "anchor"
    kept.write_text(flask("audit", "anchor").stdout, encoding="utf-8")
    created(flask, "second", "auditor")
    assert "The chain of 2 entries is whole." in flask("audit", "verify", "--anchor", kept).output

    _edit(engine, "UPDATE audit_entry SET action = 'nothing' WHERE seq = 2")
    edited = flask("audit", "verify")
    _edit(engine, "DELETE FROM audit_entry")
    _edit(engine, "DELETE FROM audit_head")
    cut = flask("audit", "verify")
    anchored = flask("audit", "verify", "--anchor", kept)

    assert (edited.exit_code, "edited at entry 2" in edited.output) == (1, True)
    assert cut.exit_code == 0, "a chain alone does not show that its end was cut off"
    assert (anchored.exit_code, "truncated at entry 1" in anchored.output) == (1, True)


def test_anchors_gather_elsewhere_and_the_last_one_shows_a_rewritten_end(
    flask: Type, engine: Engine, tmp_path: Path
) -> None:
    """As the guide has it: a line a day, appended where whoever writes the database cannot write."""
    elsewhere = tmp_path / "anchors.jsonl"
    for day in ("first", "second", "third"):
        created(flask, day, "auditor")
        with elsewhere.open("a", encoding="utf-8") as file:
            file.write(flask("audit", "anchor").stdout)
    sound = flask("audit", "verify", "--anchor", elsewhere)
    _edit(engine, "DELETE FROM audit_entry WHERE seq = 3")
    _edit(engine, "UPDATE audit_head SET seq = 2, hash = (SELECT hash FROM audit_entry WHERE seq = 2)")
    created(flask, "another-third", "auditor")
    alone, anchored = flask("audit", "verify"), flask("audit", "verify", "--anchor", elsewhere)

    assert (sound.exit_code, sound.output) == (0, "The chain of 3 entries is whole.\n")
    assert (alone.exit_code, alone.output) == (0, "The chain of 3 entries is whole.\n")
    assert (anchored.exit_code, "rewritten at entry 3" in anchored.output) == (1, True)


def test_an_anchor_that_is_none_is_told(flask: Type, tmp_path: Path) -> None:
    wrong = tmp_path / "anchor"
    wrong.write_text("no anchor", encoding="utf-8")

    assert "anchor: Must be a line" in flask("audit", "verify", "--anchor", wrong).output


def test_anybody_can_verify_what_is_exported(flask: Type, tmp_path: Path) -> None:
    created(flask)
    created(flask, "second", "auditor")

    previous = audit.GENESIS
    for entry in entries(flask):
        told_hash = entry.pop("hash")
        text_hashed = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert entry["prev_hash"] == previous
        assert sha256(text_hashed.encode()).hexdigest() == told_hash
        previous = str(told_hash)
    assert len(flask("audit", "export", "--action", "user.created", "--since", "2000-01-01").stdout.splitlines()) == 2
    assert flask("audit", "export", "--until", "2000-01-01").stdout == ""


def test_without_a_database_they_say_what_to_do(configured: Configured, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'registry.sqlite3'}"
    app = configured(Settings(database_url=url, secret_key=SECRET_KEY, instance=tmp_path))
    for command in (["access", "list"], ["access", "create-user", "a.b", "--role", "admin"], ["audit", "verify"]):
        ran = app.test_cli_runner().invoke(args=command)
        assert (ran.exit_code, "flask db upgrade" in ran.output) == (1, True), ran.output


def _edit(engine: Engine, statement: str) -> None:
    """What somebody does who has the database in hand: its own guards are taken off first."""
    with engine.connect().execution_options(registry_write=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            named = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            for name in named:
                connection.execute(text(f'DROP TRIGGER "{name}"'))
        connection.execute(text(statement))
