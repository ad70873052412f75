"""Somebody in every table that can name a person, for the tests of erasure."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, select

from directory.permissions import LOCAL
from directory.services import erasure, erasure_list, records, replays
from directory.services.catalogue import COLLECTIONS
from directory.services.erasure import Erased
from tests.conftest import Clock
from tests.directory.people import enlist, sign_in, working
from tests.factories import Factory

NAME, PHONE, MAILBOX, ELSEWHERE = "Zanele Qwabe-Tshivhase", "+27821112233", "zanele.q@example.org", "+27823334455"
TRACES = (NAME, PHONE, MAILBOX, ELSEWHERE, "a source that names her")
WHY = {"reason": "own_request"}
CONFIRMED = {"method": "phone", "outcome": "confirmed"}


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody in every table that can name a person, and a colleague who stays."""

    id: str
    post: str
    link: str
    training: str
    colleague: str
    shared: str
    office: str
    account: str
    username: str


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The erasure list's file."""
    return tmp_path / erasure_list.FILE


@pytest.fixture
def listed(engine: Engine, clock: Clock) -> Listed:
    """A network around one person."""
    with working(engine, clock) as session:
        made = Factory(session)
        person, colleague = made("persons", full_name=NAME, source="a source that names her"), made("persons")
        post = made("posts")
        held = made("focal_points", person_id=person.id, post_id=post.id)
        other = made("focal_points", person_id=colleague.id)
        mine = {"type": "person", "id": person.id}
        phone = made("channels", owner=mine, channel_kind="person_phone", value=PHONE)
        made("channels", owner=mine, channel_kind="person_email", value=MAILBOX)
        of_post = {"type": "post", "id": post.id}
        made("channels", owner=of_post, channel_kind="person_phone", value=ELSEWHERE)
        made("channels", owner=of_post, channel_kind="duty_line", value=PHONE)
        office = made("channels", owner=of_post, channel_kind="role_mailbox", value=MAILBOX)
        shared = made(
            "channels", owner={"type": "person", "id": colleague.id}, channel_kind="person_phone", value=PHONE
        )
        carriers = [{"end": "a", "focal_point_id": one.id, "link_types": ["training"]} for one in (held, other)]
        ways = [{"end": "a", "channel_id": one.id} for one in (phone, office)]
        link = made("links", link_types=["training"], carriers=carriers, channels=ways)
        training = made("trainings", attendees=[{"person_id": one.id} for one in (person, colleague)])
        for name, record in (("persons", person), ("focal_points", held), ("channels", phone)):
            records.verify(session, LOCAL, COLLECTIONS[name], record.id, CONFIRMED)
        replays.remember(session, LOCAL, f"/api/v1/persons/{person.id}/verifications", "k", "digest", (201, person.id))
        who = enlist(session, "auditor", "z.qwabe", display_name=NAME)
        sign_in(session, who)
        return Listed(
            *(person.id, post.id, link.id, training.id, colleague.id, shared.id, office.id),
            *(who.account.id, who.account.username),
        )


def erase(engine: Engine, clock: Clock, who: Listed, kept: Path, **more: str) -> Erased:
    with working(engine, clock) as session:
        return erasure.erase(session, LOCAL, who.id, {**WHY, **more}, kept)


def contents(engine: Engine) -> str:
    """Every row of every table, as text."""
    found = MetaData()
    with engine.connect() as connection:
        found.reflect(connection)
        return "\n".join(str(tuple(row)) for table in found.sorted_tables for row in connection.execute(select(table)))


def traces(text: str, *more: str) -> list[str]:
    return [one for one in (*TRACES, *more) if one in text]


def files(engine: Engine) -> bytes:
    """The bytes of the database and of its log."""
    path = Path(str(engine.url.database))
    return b"".join(file.read_bytes() for file in (path, path.with_name(f"{path.name}-wal")) if file.exists())
