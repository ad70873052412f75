"""Erasures, notices, links and statements of people listed, as the API shows and takes them, with examples."""

from collections.abc import Mapping
from typing import Any

from directory.fields import Boolean, Code, Day, Field, Id, Instant, Integer, Listing, Shape, Text
from directory.services import channels, erasure, listed, persons, records, statements
from directory.services.catalogue import COLLECTIONS
from web.schemas.access import ID, INSTANT
from web.schemas.examples import CHANGED, CHANNEL, FOCAL_POINT, LINK, MADE, PERSON, TRAINING
from web.schemas.oversight import told
from web.smorest import Answer, Body, Declared, page_of, schema_of

COLLEAGUE = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7c01"
STATEMENT_ID = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7c02"
SECRET = "pZ0m3kq0V1cT7yqkq2l6q5cQb8m1n4u7r0t3w6z9c2f"  # noqa: S105
MOST = 200

STATUS = Code(among=persons.STATUSES, required=True)
CODES = (*statements.OBJECTIONS, *statements.CORRECTIONS)
FILES = {
    "cleaned": "Gone from the database file and its log too.",
    "at_next_start": "Gone from the tables; somebody reads on, so the next start cleans the file.",
    "by_vacuum": "Gone from the tables; PostgreSQL cleans its files with the next VACUUM.",
}
SAID: Mapping[str, Field] = {
    "id": ID,
    "kind": Code(among=statements.KINDS, required=True),
    "code": Code(among=CODES, doc=told({**statements.OBJECTIONS, **statements.CORRECTIONS})),
    "deputy_id": Id(to="persons", doc="Who is suggested."),
    "at": INSTANT,
    "settled_at": Instant(doc="Null while it is open."),
    "outcome": Code(among=tuple(statements.OUTCOMES), doc=told(statements.OUTCOMES)),
}
ERASED: Mapping[str, Field] = {
    "id": ID,
    "focal_points": Integer(required=True, doc="Erased with the person, as are:"),
    "channels": Integer(required=True),
    "links": Integer(required=True, doc="Rewritten without the person, as are:"),
    "trainings": Integer(required=True),
    "files": Code(among=tuple(FILES), required=True, doc=told(FILES)),
}
NOTICE: Mapping[str, Field] = {
    "person_id": ID,
    "language": Text(required=True, doc="ISO 639-3."),
    "sources": Listing(of=Text(most=300), required=True, doc="Where the facts come from, as far as it was noted."),
    "text": Text(most=4000, required=True, doc="Send it as it is."),
}
INVITATION: Mapping[str, Field] = {
    "person_id": ID,
    "token": Text(required=True, doc="Told now and never again."),
    "path": Text(required=True, doc="What the person calls; a page leads there."),
    "expires_at": Instant(required=True, doc="Unless it is opened before; then it ends 30 minutes after."),
}
_ONE = Shape(
    fields={
        "id": ID,
        "full_name": Text(required=True),
        "languages": Listing(of=Text(), required=True),
        "status": STATUS,
        "source": Text(most=300),
        "verified_at": Instant(),
        "created_at": INSTANT,
    },
    required=True,
)
_POST = Shape(
    fields={
        "focal_point_id": ID,
        "title": Text(),
        "organisation": Text(required=True),
        "department": Text(),
        "starts": Day(),
        "ends": Day(),
        "primary": Boolean(required=True),
        "acting": Boolean(required=True),
        "status": Text(required=True),
        "source": Text(most=300),
        "verified_at": Instant(),
    }
)
_CHANNEL = Shape(
    fields={
        "id": ID,
        **{name: channels.FIELDS[name] for name in ("channel_kind", "value", *listed.CHANNEL_FIELDS)},
        "tested_at": Instant(),
        "source": Text(most=300),
        "verified_at": Instant(),
        "created_at": INSTANT,
        "status": Text(required=True),
    }
)
_LINK = Shape(
    fields={
        "id": ID,
        "between": Listing(of=Text(), most=2, required=True),
        "link_types": Listing(of=Code(of="link_type"), required=True),
    }
)
_TRAINING = Shape(fields={"id": ID, "course": Text(required=True), "held_on": Day()})
_VERIFICATION = Shape(
    fields={
        "collection": Code(among=tuple(one.path for one in COLLECTIONS.values()), required=True),
        "method": records.VERIFICATION["method"],
        "outcome": records.VERIFICATION["outcome"],
        "verified_at": INSTANT,
    }
)
_COLLEAGUE = Shape(fields={"id": ID, "name": Text(required=True)})


def _all(of: Field, doc: str = "") -> Listing:
    return Listing(of=of, most=MOST, required=True, doc=doc)


KEPT: Mapping[str, Field] = {
    "person": _ONE,
    "posts": _all(_POST),
    "channels": _all(_CHANNEL, "Your own, withdrawn ones included."),
    "links": _all(_LINK, "Partnerships that you carry."),
    "trainings": _all(_TRAINING),
    "verifications": _all(_VERIFICATION, "When somebody asked whether this is true."),
    "statements": _all(Shape(fields=SAID), "What you said by such a link."),
    "colleagues": _all(_COLLEAGUE, "Who can be named as a deputy."),
    "session_ends_at": Instant(required=True, doc="When this link closes."),
}


def patch_of(name: str, fields: Mapping[str, Field]) -> Any:
    """The schema of a merge patch of these fields."""
    return Body.from_dict({one: Declared(declared, patch=True) for one, declared in fields.items()}, name=name)


ERASURE_WRITE = schema_of("ErasureWrite", erasure.FIELDS, Body)
ERASURE_READ = schema_of("Erasure", ERASED, Answer)
NOTICE_READ = schema_of("ListedNotice", NOTICE, Answer)
INVITATION_READ = schema_of("ListedLink", INVITATION, Answer)
KEPT_READ = schema_of("Listed", KEPT, Answer)
PERSON_PATCH = patch_of("ListedChange", listed.PERSON_FIELDS)
CHANNEL_PATCH = patch_of("ListedChannelChange", listed.CHANNEL_FIELDS)
DEPUTY_WRITE = schema_of("ListedDeputyWrite", listed.DEPUTY_FIELDS, Body)
OBJECTION_WRITE = schema_of("ListedObjectionWrite", listed.OBJECTION_FIELDS, Body)
SAID_READ = schema_of("ListedSaid", SAID, Answer)
STATEMENT_READ = schema_of("ListedStatement", {**SAID, "person_id": ID}, Answer)
STATEMENT_PAGE = page_of(STATEMENT_READ)
SETTLE_WRITE = schema_of("ListedSettlementWrite", statements.SETTLE_FIELDS, Body)

ERASED_SHOWN: Mapping[str, Any] = {
    "id": PERSON,
    "focal_points": 1,
    "channels": 2,
    "links": 3,
    "trainings": 1,
    "files": "cleaned",
}
NOTICE_SHOWN: Mapping[str, Any] = {
    "person_id": PERSON,
    "language": "eng",
    "sources": ["Provincial task team list, 2026"],
    "text": listed.NOTICE.format(name="Naledi Mokoena", channels=2, source="Provincial task team list, 2026"),
}
INVITATION_SHOWN: Mapping[str, Any] = {
    "person_id": PERSON,
    "token": SECRET,
    "path": f"/api/v1/listed/{SECRET}",
    "expires_at": "2026-11-25T13:05:00+00:00",
}
SAID_SHOWN: Mapping[str, Any] = {
    "id": STATEMENT_ID,
    "kind": "objection",
    "code": "too_widely_read",
    "deputy_id": None,
    "at": CHANGED,
    "settled_at": None,
    "outcome": None,
}
DEPUTY_SHOWN: Mapping[str, Any] = {**SAID_SHOWN, "kind": "deputy", "code": None, "deputy_id": COLLEAGUE}
STATEMENT_SHOWN: Mapping[str, Any] = {**SAID_SHOWN, "person_id": PERSON}
KEPT_SHOWN: Mapping[str, Any] = {
    "person": {
        "id": PERSON,
        "full_name": "Naledi Mokoena",
        "languages": ["nso", "eng"],
        "status": "active",
        "source": "Provincial task team list, 2026",
        "verified_at": CHANGED,
        "created_at": MADE,
    },
    "posts": [
        {
            "focal_point_id": FOCAL_POINT,
            "title": "Social work supervisor",
            "organisation": "Department of Social Development, Limpopo",
            "department": "Capricorn district office",
            "starts": "2026-02-01",
            "ends": None,
            "primary": True,
            "acting": False,
            "status": "active",
            "source": None,
            "verified_at": CHANGED,
        }
    ],
    "channels": [
        {
            "id": CHANNEL,
            "channel_kind": "person_phone",
            "value": "+27821234567",
            "whatsapp": True,
            "hours": None,
            "visibility": "network",
            "tested_at": CHANGED,
            "source": None,
            "verified_at": CHANGED,
            "created_at": MADE,
            "status": "active",
        }
    ],
    "links": [
        {
            "id": LINK,
            "between": ["Lesedi House Polokwane", "Capricorn district office"],
            "link_types": ["referral_sent"],
        }
    ],
    "trainings": [{"id": TRAINING, "course": "Identifying victims", "held_on": "2026-05-12"}],
    "verifications": [
        {"collection": "persons", "method": "phone", "outcome": "confirmed", "verified_at": CHANGED},
    ],
    "statements": [SAID_SHOWN],
    "colleagues": [{"id": COLLEAGUE, "name": "Thabo Nkosi"}],
    "session_ends_at": "2026-11-18T13:35:00+00:00",
}
