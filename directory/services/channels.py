"""Channels."""

from typing import Any

from sqlalchemy.orm import Session

from directory.answers import hours
from directory.collection import Collection, Given, typed_reference
from directory.errors import Invalid
from directory.fields import Boolean, Code, Field, Instant, Text, Wrong
from directory.models.channel import Channel
from directory.services.one_geography import check_value
from directory.services.reach import clean_value

OWNERS = ("person", "post", "department", "organisation", "service_site")

FIELDS: dict[str, Field] = {
    "owner": typed_reference(*OWNERS, doc="Whom or what the channel reaches."),
    "channel_kind": Code(of="channel_kind", required=True),
    "value": Text(
        most=254,
        required=True,
        doc="A number in E.164 or a short number, or a mailbox; no landline for a confidential organisation.",
    ),
    "whatsapp": Boolean(),
    "hours": hours("When it is answered; null is not known."),
    "visibility": Code(of="visibility", doc="network if left out."),
    "tested_at": Instant(doc="When it was last tried and answered."),
}


def _place(session: Session, record: Any, given: Given) -> None:
    owner = given.get("owner")
    if owner is not None:
        record.owner_type, record.owner_id = owner["type"], owner["id"]
    try:
        record.value = clean_value(record.channel_kind, record.value)
    except Wrong as wrong:
        raise Invalid({"value": [text for said in wrong.errors.values() for text in said]}) from None


def _rules(session: Session, record: Any, given: Given) -> None:
    check_value(session, record)


COLLECTION = Collection(
    name="channels",
    model=Channel,
    fields=FIELDS,
    filters=frozenset({"organisation_id", "department_id", "person_id", "doubted"}),
    place=_place,
    rules=_rules,
)
