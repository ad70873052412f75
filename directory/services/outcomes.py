"""What came of a call, in one tap: it keeps the registry true, and tells nothing of the case.

Counts by month are kept, and neither who called nor when: a row a call, or an entry in the audit, would be the record
of somebody's case. A wrong number puts its channel into doubt, which whoever keeps it sees in the list of channels;
one tap moves no channel in the order of calls, or anybody could silence a shelter.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.errors import Conflict, Invalid
from directory.fields import Code, Field, Id, checked
from directory.models.channel import Channel
from directory.models.outcome import ChannelDoubt, ContactCount
from directory.models.service import Service, ServiceSite
from directory.permissions import Actor
from directory.queries.filters import FILTERS
from directory.queries.visibility import visible
from directory.services import records
from directory.services.catalogue import COLLECTIONS
from directory.services.upserts import insert_missing

WRONG = "wrong_number"

FIELDS: dict[str, Field] = {
    "outcome": Code(of="contact_outcome", required=True),
    "channel_id": Id(to="channels", doc="What was called; required for a wrong number."),
    "reason_code": Code(of="contact_reason", doc="Why it was refused or not acted upon: about the partner alone."),
}


def say(session: Session, actor: Actor, service_site_id: str, given: Mapping[str, Any]) -> None:
    """Keep what came of a call. Raises Denied, NotFound, Invalid, Conflict (a closed partner is called by nobody)."""
    permissions.require(actor, "outcomes.say")
    record: ServiceSite = records.get(session, actor, COLLECTIONS["service_sites"], service_site_id)
    values = checked(FIELDS, dict(given))
    if record.status == "closed":
        raise Conflict("a closed record is called by nobody")
    channel_id = _channel(session, actor, record, values.get("channel_id"))
    if values["outcome"] == WRONG:
        if channel_id is None:
            raise Invalid({"channel_id": ["Say which number is wrong."]})
        _doubt(session, channel_id)
    _count(session, record.id, values["outcome"], values.get("reason_code") or "")


def _channel(session: Session, actor: Actor, record: ServiceSite, channel_id: str | None) -> str | None:
    """The channel, if the actor reads it and it reaches the partner."""
    if channel_id is None:
        return None
    owner = session.get_one(Service, record.service_id).organisation_id
    theirs = FILTERS["channels"]["organisation_id"](session, owner)
    chosen = select(Channel.id).where(Channel.id == channel_id, theirs, *visible(session, actor, "channels"))
    found = session.scalar(chosen)
    if found is None:
        raise Invalid({"channel_id": ["Is no channel of this partner."]})
    return str(found)


def _doubt(session: Session, channel_id: str) -> None:
    moment = changes.now(session)
    insert_missing(session, ChannelDoubt, channel_id=channel_id, at=moment)
    session.execute(update(ChannelDoubt).where(ChannelDoubt.channel_id == channel_id).values(at=moment))


def _count(session: Session, service_site_id: str, outcome: str, reason_code: str) -> None:
    month = changes.today(session).replace(day=1)
    key = {"service_site_id": service_site_id, "month": month, "outcome": outcome, "reason_code": reason_code}
    insert_missing(session, ContactCount, **key, count=0)
    chosen = update(ContactCount).where(*(getattr(ContactCount, name) == value for name, value in key.items()))
    session.execute(chosen.values(count=ContactCount.count + 1))
