"""From a commit to the next match: what each kind of change adds to it, in a registry of any size.

`python -m benchmarks.changes [--copies N] [--folder F]` makes a registry of N times the fictitious network (91: 100,191
candidates), changes one record of each kind by the services that the API calls, and asks for a match after each commit,
then once more for the same. What the first took beyond the second is what the change added: reading it, joining and
grading whom it concerns, and telling anew whom to call. Milliseconds of processor time of the one thread, the median
and the longest of a few changes of each kind. Ends with 1 if one took longer than `--most`."""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, and_, func, select
from sqlalchemy.orm import Session

from benchmarks import multiplied
from benchmarks.reading import reading
from directory.db import begin, make_engine
from directory.errors import Invalid
from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.link import Link
from directory.models.organisation import Organisation
from directory.models.person import Person
from directory.models.post import FocalPoint, Post
from directory.models.service import Service, ServiceSite
from directory.models.site import Site
from directory.permissions import LOCAL, Actor
from directory.services import capacity, records
from directory.services.catalogue import COLLECTIONS
from matching import service
from matching.contact_records import midnight
from matching.types import Member, NearAsked, Need

ARGUMENTS = ("--most", "1000")
ASKER = Actor("coordinator", "benchmark")
NEED = Need(near=NearAsked(place="Johannesburg"), needs=("shelter_emergency",), party=(Member(29, "female"),))
TIMES = 5
NUMBER = count(1)

TERM = "term ends by the clock"

Change = Callable[[Session, Random], None]


def matched(engine: Engine, now: datetime) -> float:
    """Milliseconds of a match."""
    start = time.thread_time()
    with reading(engine) as session:
        service.match(session, ASKER, NEED, now)
    return (time.thread_time() - start) * 1e3


def some(session: Session, random: Random, model: Any, *where: Any) -> Any:
    """A record in use, chosen at random."""
    chosen = select(model).where(model.status == "active", *where).order_by(model.id)
    number = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    return session.scalars(chosen.offset(random.randrange(number)).limit(1)).one()


def put(collection: str, model: Any, *where: Any, **facts: Any) -> Change:
    """A change of some facts of one record."""

    def change(session: Session, random: Random) -> None:
        record = some(session, random, model, *where)
        values = {k: v(record) if callable(v) else v for k, v in facts.items()}
        records.update(session, LOCAL, COLLECTIONS[collection], record.id, record.version, values)

    return change


def new(name: str, facts: Callable[[Session, Random], dict[str, Any]]) -> Change:
    """A new record."""

    def change(session: Session, random: Random) -> None:
        records.create(session, LOCAL, COLLECTIONS[name], facts(session, random))

    return change


def closed(name: str, model: Any, *where: Any) -> Change:
    """A record is closed."""

    def change(session: Session, random: Random) -> None:
        record = some(session, random, model, *where)
        records.close(session, LOCAL, COLLECTIONS[name], record.id, record.version)

    return change


def suspended(name: str, model: Any, *, now: bool) -> Change:
    """An office is suspended, or no longer."""

    def change(session: Session, random: Random) -> None:
        record = some(session, random, model, model.suspended.is_(not now))
        record.suspended = now
        session.flush()

    return change


def counted(session: Session, random: Random) -> None:
    """Beds counted anew."""
    place = some(session, random, ServiceSite, ServiceSite.site_id.in_(select(Site.id).where(~Site.confidential)))
    beds = {"unit": "bed", "total": 90, "available": next(NUMBER) % 90}
    capacity.put(session, LOCAL, COLLECTIONS["service_sites"], place, beds)


def office(session: Session, random: Random) -> str:
    """The id of an organisation that is not confidential."""
    own = select(Site.organisation_id).where(Site.confidential)
    found: str = some(session, random, Organisation, Organisation.id.not_in(own)).id
    return found


def line() -> str:
    """A mobile number that nobody has."""
    return f"+2760{next(NUMBER):07}"


def day(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def name(_record: Any = None) -> str:
    return f"Partner {next(NUMBER)}"


IN_POST = Post.id.in_(select(FocalPoint.post_id).where(FocalPoint.status == "active"))
IN_POST_NOW = and_(FocalPoint.ends.is_(None), FocalPoint.starts.is_(None) | (FocalPoint.starts < day(0)))
OF_OFFICE = and_(Channel.owner_type.in_(("organisation", "department")), Channel.channel_kind == "duty_line")
OF_PERSON = and_(Channel.owner_type == "person", Channel.channel_kind == "person_phone")
OPEN = ~Site.confidential

KINDS: dict[str, Change] = {
    "beds counted": counted,
    "line tested": put("channels", Channel, OF_OFFICE, tested_at=lambda _: datetime.now(UTC).isoformat()),
    "line renumbered": put("channels", Channel, OF_OFFICE, value=lambda _: line()),
    "line closed": closed("channels", Channel, OF_OFFICE),
    "line new": new(
        "channels",
        lambda s, r: {
            "owner": {"type": "organisation", "id": office(s, r)},
            "channel_kind": "duty_line",
            "value": line(),
        },
    ),
    "person's number changed": put("channels", Channel, OF_PERSON, value=lambda _: line()),
    "person renamed": put("persons", Person, full_name=lambda _: f"Naledi Mokoena {next(NUMBER)}"),
    "person new": new("persons", lambda s, r: {"full_name": f"Naledi Mokoena {next(NUMBER)}"}),
    "post vacant": put("posts", Post, IN_POST, state="vacant"),
    "post new": new("posts", lambda s, r: {"title": "Social worker", "organisation_id": office(s, r)}),
    "somebody comes": new(
        "focal_points",
        lambda s, r: {"person_id": some(s, r, Person).id, "post_id": some(s, r, Post).id, "primary": False},
    ),
    "somebody goes": put("focal_points", FocalPoint, IN_POST_NOW, ends=lambda _: day(0)),
    "link confirmed": put("links", Link, last_confirmed_at=lambda _: datetime.now(UTC).isoformat()),
    "link new": new(
        "links",
        lambda s, r: {
            "a": {"type": "organisation", "id": office(s, r)},
            "b": {"type": "organisation", "id": office(s, r)},
            "link_types": ["referral_sent"],
        },
    ),
    "service's languages": put("services", Service, languages=["eng", "zul"]),
    "service closed": closed("services", Service),
    "service new": new(
        "services", lambda s, r: {"organisation_id": office(s, r), "name": "Counselling", "codes": ["counselling"]}
    ),
    "service at a site new": new(
        "service_sites", lambda s, r: {"service_id": some(s, r, Service, Service.department_id.is_(None)).id}
    ),
    "service at a site closed": closed("service_sites", ServiceSite),
    "site moved": put("sites", Site, OPEN, location={"lat": -26.2, "lon": 28.04}),
    "site new": new(
        "sites",
        lambda s, r: {
            "organisation_id": office(s, r),
            "confidential": False,
            "location": {"address": "1 Acacia Street", "lat": -26.2, "lon": 28.04},
        },
    ),
    "unit renamed": put("departments", Department, name=name),
    "unit suspended": suspended("departments", Department, now=True),
    "unit closed": closed("departments", Department),
    "unit new": new(
        "departments",
        lambda s, r: {"organisation_id": office(s, r), "name": "Victim desk", "functions": ["case_management"]},
    ),
    "organisation renamed": put("organisations", Organisation, name=name),
    "organisation suspended": suspended("organisations", Organisation, now=True),
    "organisation takes part again": suspended("organisations", Organisation, now=False),
    "organisation closed": closed("organisations", Organisation),
    "organisation new": new("organisations", lambda s, r: {"name": name(), "org_type": "ngo"}),
}


def tried(engine: Engine, change: Change, random: Random) -> float:
    """What the match after a change took beyond the same once more, in milliseconds."""
    while not written(engine, change, random):
        pass
    now = datetime.now(UTC)
    return matched(engine, now) - matched(engine, now)


def written(engine: Engine, change: Change, random: Random) -> bool:
    """Whether a change was taken: not every record can be changed so, where a place is confidential."""
    session = begin(engine, write=True)
    try:
        change(session, random)
        session.commit()
    except Invalid:
        return False
    finally:
        session.close()
    return True


def term_ends(engine: Engine, random: Random, days: int) -> float:
    """The same where nobody writes: the clock passes the end of somebody's term in a post."""
    session = begin(engine, write=True)
    try:
        put("focal_points", FocalPoint, IN_POST_NOW, ends=day(days))(session, random)
        session.commit()
    finally:
        session.close()
    ended = midnight(date.fromisoformat(day(days)))
    matched(engine, ended - timedelta(hours=1))
    return matched(engine, ended) - matched(engine, ended)


def main() -> int:
    """Print a row for each kind of change."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--copies", type=int, default=1)
    options.add_argument("--folder", type=Path, help="Where the registry is kept, or made if it is not there.")
    options.add_argument("--most", type=float, default=100.0)
    options.add_argument("--only", help="One kind of change.")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        kept = given.folder or Path(made) / "kept"
        multiplied.registry(kept, given.copies)
        database = Path(made) / "changed.sqlite3"
        shutil.copy(kept / multiplied.FOLDER_NAME, database)
        engine = make_engine(f"sqlite:///{database}")
        start = time.process_time()
        matched(engine, datetime.now(UTC))
        print(f"first match: {time.process_time() - start:.1f} s")
        longest = 0.0
        for kind, change in KINDS.items():
            if given.only in (None, kind):
                took = [tried(engine, change, Random(number)) for number in range(TIMES)]
                longest = max(longest, said(kind, took))
        if given.only in (None, TERM):
            longest = max(longest, said(TERM, [term_ends(engine, Random(days), days) for days in range(2, 2 + TIMES)]))
        return int(longest > given.most)


def said(kind: str, took: list[float]) -> float:
    """The longest; printed with the median."""
    print(f"{kind:32} {statistics.median(took):8.1f} {max(took):8.1f}", flush=True)
    return max(took)


if __name__ == "__main__":
    sys.exit(main())
