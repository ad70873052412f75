"""The audit: what is written with the change it describes, in one chain, and every way of tampering found."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from directory import changes
from directory.errors import Denied, Invalid
from directory.models.oversight import AuditEntry, AuditHead, SubjectKey
from directory.permissions import LOCAL, Actor
from directory.services import audit, auditing, keys, subjects
from directory.services.audit import About
from directory.services.auditing import Search
from tests.conftest import Clock
from tests.directory.people import enlist, signed_in, working

AUDITOR = Actor("auditor", "a")
SITE = "11111111-1111-4111-8111-111111111111"
PERSON = "22222222-2222-4222-8222-222222222222"
OF_A_SITE = About("sites", SITE)
WRITERS, ENTRIES_EACH = 8, 25


def write(engine: Engine, clock: Clock, times: int = 1, about: About = OF_A_SITE) -> None:
    for _ in range(times):
        with working(engine, clock) as session:
            audit.note(session, LOCAL, "record.changed", about)


def verdict(engine: Engine, clock: Clock, anchor: str | None = None) -> tuple[int, str | None]:
    with working(engine, clock, write=False) as session:
        found = auditing.verify(session, AUDITOR, anchor)
    return found.entries, found.fault


def anchor(engine: Engine, clock: Clock) -> str:
    with working(engine, clock, write=False) as session:
        return auditing.anchor(session, AUDITOR)


def tamper(engine: Engine, *statements: str) -> None:
    """Do what somebody with the database's own rights can do: past the triggers."""
    with engine.connect().execution_options(registry_write=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("DROP TRIGGER IF EXISTS audit_entry_no_update"))
            connection.execute(text("DROP TRIGGER IF EXISTS audit_entry_no_delete"))
        for statement in statements:
            connection.execute(text(statement))


def test_an_entry_comes_with_its_transaction_or_not_at_all(engine: Engine, clock: Clock) -> None:
    with working(engine, clock) as session:
        audit.note(session, LOCAL, "record.changed")
        session.rollback()
    assert verdict(engine, clock) == (0, None)
    write(engine, clock, 3)
    assert verdict(engine, clock) == (3, None)


def test_each_entry_holds_the_hash_of_the_one_before(engine: Engine, clock: Clock) -> None:
    write(engine, clock, 3)
    with working(engine, clock, write=False) as session:
        rows = list(session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))
        head = session.scalars(select(AuditHead)).one()
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.prev_hash for row in rows] == [audit.GENESIS, rows[0].hash, rows[1].hash]
    assert (head.seq, head.hash) == (3, rows[2].hash)


def test_the_hash_is_one_that_anybody_can_compute(engine: Engine, clock: Clock) -> None:
    write(engine, clock, 2)
    with working(engine, clock, write=False) as session:
        lines = list(auditing.export(session, AUDITOR))
    for line in lines:
        entry = json.loads(line)
        said = entry.pop("hash")
        plain = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert sha256(plain.encode()).hexdigest() == said


def test_concurrent_writers_make_one_chain(engine: Engine, clock: Clock) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda _: write(engine, clock, ENTRIES_EACH), range(WRITERS)))
    assert verdict(engine, clock) == (WRITERS * ENTRIES_EACH, None)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE audit_entry SET action = 'record.read' WHERE seq = 3", "edited"),
        ("UPDATE audit_entry SET actor = 'process:other' WHERE seq = 5", "edited"),
        ("UPDATE audit_entry SET details = '[\"x\"]' WHERE seq = 1", "edited"),
        ("UPDATE audit_entry SET prev_hash = hash WHERE seq = 2", "edited"),
        ("DELETE FROM audit_entry WHERE seq = 1", "missing"),
        ("DELETE FROM audit_entry WHERE seq = 3", "missing"),
        ("DELETE FROM audit_entry WHERE seq > 3", "truncated"),
        ("DELETE FROM audit_entry", "truncated"),
        ("UPDATE audit_head SET seq = 4", "truncated"),
    ],
)
def test_tampering_is_found(engine: Engine, clock: Clock, statement: str, fault: str) -> None:
    write(engine, clock, 5)
    tamper(engine, statement)
    assert verdict(engine, clock)[1] == fault


def test_rows_that_change_places_are_found(engine: Engine, clock: Clock) -> None:
    write(engine, clock, 4)
    tamper(
        engine,
        "UPDATE audit_entry SET seq = 99 WHERE seq = 2",
        "UPDATE audit_entry SET seq = 2 WHERE seq = 3",
        "UPDATE audit_entry SET seq = 3 WHERE seq = 99",
    )
    assert verdict(engine, clock)[1] == "edited"


def test_an_end_cut_off_with_its_head_is_found_by_an_anchor_alone(engine: Engine, clock: Clock) -> None:
    write(engine, clock, 5)
    kept = anchor(engine, clock)
    tamper(
        engine,
        "DELETE FROM audit_entry WHERE seq > 3",
        "UPDATE audit_head SET seq = 3, hash = (SELECT hash FROM audit_entry WHERE seq = 3)",
    )
    assert verdict(engine, clock) == (3, None)
    assert verdict(engine, clock, kept)[1] == "truncated"
    clock.advance(hours=1)
    write(engine, clock, 4)
    assert verdict(engine, clock) == (7, None)
    assert verdict(engine, clock, kept)[1] == "rewritten"


def test_an_anchor_holds_while_the_chain_grows(engine: Engine, clock: Clock) -> None:
    kept = [anchor(engine, clock)]
    for _ in range(3):
        write(engine, clock)
        kept.append(anchor(engine, clock))
    assert [json.loads(line)["seq"] for line in kept] == [0, 1, 2, 3]
    assert [verdict(engine, clock, line) for line in kept] == [(3, None)] * 4
    with working(engine, clock, write=False) as session, pytest.raises(Invalid):
        auditing.verify(session, AUDITOR, "no anchor")


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_the_audit(engine: Engine, clock: Clock, statement: str) -> None:
    write(engine, clock)
    with pytest.raises(DatabaseError, match="append-only"), working(engine, clock) as session:
        session.execute(text(statement))


def test_a_fork_is_refused(engine: Engine, clock: Clock) -> None:
    write(engine, clock, 2)
    with working(engine, clock, write=False) as session:
        entry = {
            column.key: getattr(row, column.key)
            for row in [session.get_one(AuditEntry, 2)]
            for column in AuditEntry.__table__.columns
        }
    with pytest.raises(DatabaseError), working(engine, clock) as session:
        session.execute(insert(AuditEntry).values(**entry))


def test_people_act_under_a_key_of_their_own(engine: Engine, clock: Clock) -> None:
    with working(engine, clock) as session:
        who = enlist(session, "coordinator")
        actor = signed_in(session, who)
        audit.note(session, actor, "record.changed", About("persons", PERSON, ("field:full_name",)))
    with working(engine, clock, write=False) as session:
        lines = "".join(auditing.export(session, AUDITOR))
        rows, total = auditing.entries(session, AUDITOR, Search(action="record.changed"))
    account_id = str(who.account.id)
    plain = {sha256(one.encode()).hexdigest()[: subjects.REFERENCE_CHARACTERS] for one in (account_id, PERSON)}
    assert not {account_id, PERSON, who.account.username, *(f"user:{one}" for one in plain), *plain} & set(
        lines.replace('"', " ").replace(":", " ").split()
    )
    assert (total, rows[0]["record_id"]) == (1, PERSON)
    assert rows[0]["actor"] == {"kind": "user", "id": account_id, "name": "coordinator-1"}


def test_erasure_unties_the_audit_and_leaves_the_chain(engine: Engine, clock: Clock) -> None:
    write(engine, clock, 2, About("persons", PERSON))
    with working(engine, clock) as session:
        reference = subjects.known(session, PERSON)
        subjects.forget(session, [PERSON])
    with working(engine, clock, write=False) as session:
        assert session.scalar(select(func.count()).select_from(SubjectKey)) == 0
        assert auditing.entries(session, AUDITOR, Search(record=PERSON)) == ([], 0)
        assert [row["record_id"] for row in auditing.entries(session, AUDITOR)[0]] == [reference] * 2
    assert verdict(engine, clock) == (2, None)


def test_no_two_keys_of_a_person_are_made_at_once(engine: Engine, clock: Clock) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda _: write(engine, clock, 5, About("persons", PERSON)), range(WRITERS)))
    with working(engine, clock, write=False) as session:
        assert len(set(session.scalars(select(AuditEntry.record)))) == 1


def test_an_app_and_its_end_user_are_named(engine: Engine, clock: Clock) -> None:
    app = keys.on_behalf(Actor("app", "app", key_id=SITE), "user_17a")
    with working(engine, clock) as session:
        audit.note(session, app, "record.read", About("sites", SITE))
    with working(engine, clock, write=False) as session:
        row = auditing.entries(session, AUDITOR)[0][0]
    assert (row["actor"]["id"], row["end_user"], row["role"]) == (SITE, "user_17a", "app")


def test_a_denied_try_is_kept_without_what_stood_in_the_path(engine: Engine, clock: Clock) -> None:
    with working(engine, clock) as session:
        audit.record_denial(session, AUDITOR, "registry.write", About("sites", "0821234567 Thandi"))
        audit.record_denial(session, AUDITOR, "registry.write", About("sites", SITE.upper()))
    with working(engine, clock, write=False) as session:
        rows, _ = auditing.entries(session, AUDITOR, Search(action="denied"))
    assert [(row["record_id"], row["details"]) for row in rows] == [
        (SITE, ["action:registry.write"]),
        (None, ["action:registry.write"]),
    ]


@pytest.mark.parametrize("detail", ["Thandi", "name:Thandi Mokoena", "name:+27821234567", "x" * 200, "field:", ""])
def test_values_are_refused(session: Session, detail: str) -> None:
    with pytest.raises(ValueError, match="codes only"):
        audit.note(session, LOCAL, "record.changed", About(details=(detail,)))


def test_searches(engine: Engine, clock: Clock) -> None:
    start = clock()
    write(engine, clock, 2)
    clock.advance(hours=1)
    with working(engine, clock) as session:
        audit.note(session, AUDITOR, "record.read", About("services", PERSON))
    found: dict[str, Callable[[], Search]] = {
        "action": lambda: Search(action="record.read"),
        "collection": lambda: Search(collection="services"),
        "record": lambda: Search(record=PERSON),
        "since": lambda: Search(since=start + timedelta(minutes=1)),
        "actor": lambda: Search(actor="process:a"),
    }
    with working(engine, clock, write=False) as session:
        assert {name: auditing.entries(session, AUDITOR, made())[1] for name, made in found.items()} == dict.fromkeys(
            found, 1
        )
        assert auditing.entries(session, AUDITOR, Search(until=start + timedelta(minutes=1)))[1] == 2
        newest, total = auditing.entries(session, AUDITOR, page=2, page_size=2)
        assert ([row["seq"] for row in newest], total) == ([1], 3)
        assert len(list(auditing.export(session, AUDITOR, Search(collection="services")))) == 1


def test_auditors_and_administrators_alone_read_it(session: Session) -> None:
    for refused in (auditing.verify, auditing.anchor, auditing.export, auditing.entries):
        with pytest.raises(Denied):
            refused(session, Actor("coordinator", "c"))


def test_an_entry_has_the_moment_of_its_transaction(engine: Engine, clock: Clock) -> None:
    with working(engine, clock) as session:
        moment = changes.now(session)
        audit.note(session, LOCAL, "record.changed")
    with working(engine, clock, write=False) as session:
        assert auditing.entries(session, AUDITOR)[0][0]["at"] == moment
