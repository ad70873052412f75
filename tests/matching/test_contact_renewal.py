"""A contact book that follows changes is the one that is built anew, whatever changed and however late it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from matching import contact_renewal, people
from matching.contactbook import ContactBook
from matching.references import References
from matching.types import Asker
from tests.matching.contact_network import NOW

Records = dict[str, dict[str, dict[str, Any]]]

ORGANISATIONS, UNITS, POSTS, PERSONS = (
    [f"{name}{number}" for number in range(count)]
    for name, count in (("organisation", 3), ("unit", 3), ("post", 5), ("person", 7))
)
SERVICES, PLACES, SEATS, CHANNELS, LINKS = (
    [f"{name}{number}" for number in range(count)]
    for name, count in (("service", 4), ("place", 6), ("seat", 9), ("channel", 12), ("link", 5))
)
NAMES = ("Thandi Nkosi", "Thandi Nkhosi", "T Nkosi", "Johan Botha", "J. Botha", "Sipho Mokoena", "")
VALUES = ("+27821", "+27822", "+27823", "+2710", "+2711", "duty@example.org")
KINDS = ("person_phone", "person_email", "duty_line", "role_mailbox", "on_call_roster")
STATUSES = (*["active"] * 9, "closed")
ASKERS = tuple(
    Asker(organisation_id=organisation, department_id=unit, visibility=frozenset({"public", "network"}))
    for organisation, unit in (("organisation0", None), ("organisation1", "unit1"), (None, None))
)
OWNERS = {"person": PERSONS, "post": POSTS, "organisation": ORGANISATIONS, "department": UNITS, "service_site": PLACES}
COLLECTIONS = {
    "organisations": ORGANISATIONS,
    "departments": UNITS,
    "posts": POSTS,
    "persons": PERSONS,
    "services": SERVICES,
    "service_sites": PLACES,
    "focal_points": SEATS,
    "channels": CHANNELS,
    "links": LINKS,
}
STEPS = 15


def made(random: Random, name: str, key: str) -> dict[str, Any]:
    """A random record: few values, so that they meet."""
    choose = random.choice

    def maybe(of: list[str]) -> str | None:
        return choose((*of, None))

    day = NOW.date() + timedelta(days=random.randint(-3, 6))
    moment = choose((NOW - timedelta(days=random.choice((1, 179, 180)), hours=random.randint(0, 30)),) * 5 + (None,))
    status = choose(STATUSES)
    facts: dict[str, dict[str, Any]] = {
        "organisations": {"suspended": random.random() < 0.05, "sector": choose(("government", "private"))},
        "departments": {"organisation_id": choose(ORGANISATIONS), "suspended": random.random() < 0.05},
        "posts": {
            "organisation_id": choose(ORGANISATIONS),
            "department_id": maybe(UNITS),
            "state": choose(("filled", "acting", "filled", "vacant")),
            "contact_role": maybe(["intake_officer"]),
        },
        "persons": {"full_name": choose(NAMES)},
        "services": {"organisation_id": maybe(ORGANISATIONS), "department_id": maybe(UNITS)},
        "service_sites": {"service_id": choose(SERVICES)},
        "focal_points": {
            "person_id": choose(PERSONS),
            "post_id": choose(POSTS),
            "verified_at": moment,
            "primary": random.random() < 0.5,
            "starts": choose((None, None, None, day)),
            "ends": choose((None, None, day + timedelta(days=random.randint(0, 4)))),
        },
        "channels": {
            "owner": owner(random),
            "value": choose(VALUES),
            "channel_kind": choose(KINDS),
            "visibility": "network",
            "hours": None,
            "tested_at": moment,
        },
        "links": link(random, moment),
    }
    return {"id": key, "status": status, **facts[name]}


def owner(random: Random) -> dict[str, str]:
    kind = random.choice(sorted(OWNERS))
    return {"type": kind, "id": random.choice(OWNERS[kind])}


def link(random: Random, moment: datetime | None) -> dict[str, Any]:
    kinds = ["organisation", "department"]
    ends = [{"type": kind, "id": random.choice(OWNERS[kind])} for kind in random.choices(kinds, k=2)]
    return {
        "a": ends[0],
        "b": ends[1],
        "link_types": ["referral_sent"],
        "last_confirmed_at": moment,
        "carriers": [{"end": "b", "focal_point_id": random.choice(SEATS), "link_types": ["referral_sent"]}],
        "channels": [{"end": "b", "channel_id": random.choice(CHANNELS)}],
    }


def registry(random: Random) -> Records:
    return {
        name: {key: made(random, name, key) for key in keys if random.random() < 0.8}
        for name, keys in COLLECTIONS.items()
    }


def step(random: Random, was: Records) -> tuple[Records, dict[str, set[str]]]:
    """One to three records come, change in one fact or in all, or go."""
    records = {name: dict(of) for name, of in was.items()}
    changed: dict[str, set[str]] = {}
    for _ in range(random.randint(1, 3)):
        name = random.choice(sorted(COLLECTIONS))
        key = random.choice(COLLECTIONS[name])
        fresh, known = made(random, name, key), records[name].get(key)
        if known is not None and random.random() < 0.6:
            fact = random.choice(sorted(fresh))
            records[name][key] = known | {fact: fresh[fact]}
        elif known is not None and random.random() < 0.3:
            del records[name][key]
        else:
            records[name][key] = fresh
        changed.setdefault(name, set()).add(key)
    return records, changed


def said(book: ContactBook) -> list[Any]:
    """All that a book answers: grades, contacts and figures, and who counts as whom."""
    records = book.records
    sitting = {one.id: (records.name_of(one.person_id), one.person_id, one.member) for one in records.seats.values()}
    grades = {key: book.grade_link(link) for key, link in records.by_id["links"].items()}
    told = [
        [ask(key, asker, NOW) for key in keys]
        for asker in ASKERS
        for ask, keys in (
            (book.contacts, PLACES),
            (book.unit_contacts, UNITS),
            (book.organisation_contacts, ORGANISATIONS),
        )
    ]
    linked = [dict(book.asker_redundancies(asker)) for asker in ASKERS]
    links = {
        near: {home: sorted(one["id"] for one, _ in of) for home, of in there.items()}
        for near, there in book.far.items()
    }
    return [
        sitting,
        dict(records.people),
        dict(records.numbers),
        grades,
        dict(book.own),
        told,
        linked,
        links,
        maps(book),
    ]


def maps(book: ContactBook) -> list[Any]:
    """What is joined, in an order."""
    records = book.records
    listed = (
        records.channels_of,
        records.posts_at,
        records.seats_at,
        records.at_value,
        records.candidates_at,
        records.together,
    )
    lists = [{key: sorted(of, key=named) for key, of in one.items()} for one in listed]
    return [lists, dict(records.plain), dict(records.own_values), dict(records.service_sites)]


def named(one: Any) -> str:
    """What a list is put in order by: sets would not do, since they are written in any order."""
    if isinstance(one, str):
        return one
    return str(one["id"] if isinstance(one, dict) else one.id)


def read(references: References, records: Mapping[str, Mapping[str, Any]], changed: Mapping[str, set[str]]) -> None:
    for name, keys in changed.items():
        for key in keys & records[name].keys():
            references.note(name, records[name][key])


def follow(seed: int) -> None:
    random = Random(seed)
    records, now = registry(random), NOW
    references = References.of_all(records)
    book = ContactBook(records, now, references=references)
    turns = sorted(turn for turn in contact_renewal.turns(records) if turn[0] > now)
    for _ in range(STEPS):
        before, was = book, said(book)
        if random.random() < 0.3:
            now += timedelta(hours=random.choice((1, 5, 24, 30)))
            passed = [turn for turn in turns if turn[0] <= now]
            turns = turns[len(passed) :]
            book, _ = contact_renewal.turned(book, now, passed, turns[:1], references)
        else:
            records, changed = step(random, records)
            read(references, records, changed)
            book, _ = contact_renewal.renewed(book, records, changed, references)
            turns = sorted(turn for turn in contact_renewal.turns(records) if turn[0] > now)
        anew = ContactBook(records, now)
        assert said(book) == said(anew)
        latest = datetime.max.replace(tzinfo=UTC)
        assert (book.valid_until or latest) <= (anew.valid_until or latest)
        assert said(before) == was


@pytest.mark.parametrize("seed", range(60))
def test_a_book_that_follows_changes_is_the_one_that_is_built_anew(seed: int) -> None:
    follow(seed)


@pytest.mark.parametrize("seed", range(60, 80))
def test_so_it_is_on_a_switchboard(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where many share a number only equal names are one person: who joins may part others."""
    monkeypatch.setattr(people, "SHARED_AT_MOST", 1)
    follow(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(80, 1000))
def test_so_it_is_after_many_more(seed: int) -> None:
    follow(seed)
