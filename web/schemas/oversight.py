"""What is watched, and what is done about it, as the API shows and takes it, with believable examples."""

from collections.abc import Mapping
from typing import Any

from directory.collection import typed_reference
from directory.fields import Boolean, Code, Day, Field, Id, Instant, Integer, Listing, Number, Shape, Text
from directory.permissions import KNOWN
from directory.services import concerns, disclosures, quotas, suspensions
from web.schemas.access import ID, INSTANT, KEY_ID, USER_ID
from web.schemas.examples import MADE, ORGANISATION, SITE, UNIT
from web.smorest import Answer, Body, page_of, schema_of

CONCERN_ID = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7b04"
SUSPENSION_ID = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7b05"
DISCLOSURE_ID = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7b06"
HASH = "3f0b8c61d2a94e7f" * 4
LATEST_SEQ = 2**53
PARTNER = typed_reference(*concerns.TARGETS, doc="The partner.")


def told(codes: Mapping[str, str]) -> str:
    """A code list as documentation."""
    return " ".join(f"`{code}`: {meaning}" for code, meaning in codes.items())


SEARCH: Mapping[str, Field] = {
    "actor": Text(most=100, doc="The id of an account or key, or the name of a process such as `console`."),
    "action": Text(most=60, doc="Such as `user.created`, `disclosure.authorised`, `denied`."),
    "collection": Text(most=60, doc="Such as `organisations`, `users`, `api_keys`."),
    "record_id": Id(to="", doc="What it was done to."),
    "since": Instant(doc="At or after this moment."),
    "until": Instant(doc="Before this moment."),
}
ACTOR = Shape(
    fields={
        "kind": Code(among=("user", "key", "process", "anonymous"), required=True),
        "id": Id(to="", doc="Null for a process, and for a person since erased."),
        "name": Text(),
    },
    required=True,
)
ENTRY: Mapping[str, Field] = {
    "seq": Integer(most=LATEST_SEQ, required=True),
    "at": INSTANT,
    "actor": ACTOR,
    "role": Code(among=("anonymous", *sorted(KNOWN)), required=True),
    "end_user": Text(doc="An app's own opaque id for whom it asked."),
    "action": Text(required=True),
    "collection": Text(),
    "record_id": Text(doc="Of a person since erased: a reference that leads nowhere."),
    "details": Listing(of=Text(), most=60, required=True, doc="Codes, never values."),
    "hash": Text(required=True),
}
ANCHOR: Mapping[str, Field] = {
    "seq": Integer(most=LATEST_SEQ, doc="With hash: of an anchor kept elsewhere."),
    "hash": Text(least=64, most=64, doc="With seq."),
}
ANCHORED: Mapping[str, Field] = {
    "seq": Integer(most=LATEST_SEQ, required=True),
    "hash": Text(required=True),
    "at": INSTANT,
}
VERDICT: Mapping[str, Field] = {
    "sound": Boolean(required=True),
    "entries": Integer(most=LATEST_SEQ, required=True, doc="How many were found whole."),
    "fault": Code(among=("edited", "missing", "rewritten", "truncated")),
    "seq": Integer(most=LATEST_SEQ, doc="Where the fault is."),
}
ALERT: Mapping[str, Field] = {
    "id": ID,
    "holder_id": Id(to="", required=True, doc="The organisation or, without one, the account or key."),
    "day": Day(required=True),
    "kind": Code(among=tuple(quotas.KINDS), required=True),
    "at": INSTANT,
}
QUOTA: Mapping[str, Field] = {
    "daily": Integer(most=quotas.HIGHEST, doc="So many a day (Johannesburg); null is the usual allowance.")
}
QUOTA_SET: Mapping[str, Field] = {"organisation_id": ID, "kind": Text(required=True), **QUOTA}
SUSPENSION: Mapping[str, Field] = {
    "id": ID,
    "about": PARTNER,
    "code": Code(among=tuple(suspensions.CODES), required=True, doc=told(suspensions.CODES)),
    "at": INSTANT,
    "lifted_at": Instant(doc="Null while it holds."),
    "lifted_code": Code(among=tuple(suspensions.LIFTED), doc=told(suspensions.LIFTED)),
}
SUSPENDED: Mapping[str, Field] = {"about": PARTNER, "name": Text(required=True)}
RAISED: Mapping[str, Field] = {
    "id": ID,
    "about": PARTNER,
    "code": Code(among=tuple(concerns.CODES), required=True, doc=told(concerns.CODES)),
    "at": INSTANT,
}
CONCERN: Mapping[str, Field] = {
    **RAISED,
    "raised_by_id": Id(to="", doc="The account; null for an app, and for a person since erased."),
    "raised_for_id": Id(to="organisations", doc="For which organisation."),
    "settled_at": Instant(doc="Null while it is open."),
    "outcome": Code(among=tuple(concerns.OUTCOMES), doc=told(concerns.OUTCOMES)),
}
DISCLOSING: Mapping[str, Field] = {
    "purpose": Code(among=tuple(disclosures.PURPOSES), required=True, doc=told(disclosures.PURPOSES)),
    "code": Text(most=10, doc="A TOTP code; needed unless one was given with this key within five minutes."),
}
LOCATION = Shape(
    fields={
        "address": Text(most=300),
        "lat": Number(least=-90, most=90, required=True),
        "lon": Number(least=-180, most=180, required=True),
    },
    required=True,
)
ASKED_BY = Shape(
    fields={"display_name": Text(required=True), "role": Text(required=True), "organisation": Text()},
    doc="Null where the person has been erased.",
)
ASKED: Mapping[str, Field] = {
    "id": ID,
    "site_id": Id(to="sites", required=True),
    "purpose": Code(among=tuple(disclosures.PURPOSES), required=True, doc=told(disclosures.PURPOSES)),
    "at": INSTANT,
}

ENTRY_PAGE = page_of(schema_of("AuditEntry", ENTRY, Answer))
ANCHOR_READ = schema_of("AuditAnchor", ANCHORED, Answer)
VERDICT_READ = schema_of("AuditVerdict", VERDICT, Answer)
ALERT_PAGE = page_of(schema_of("Alert", ALERT, Answer))
QUOTA_WRITE = schema_of("QuotaWrite", QUOTA, Body)
QUOTA_READ = schema_of("Quota", QUOTA_SET, Answer)
SUSPENSION_READ = schema_of("Suspension", SUSPENSION, Answer)
SUSPENSION_PAGE = page_of(SUSPENSION_READ)
SUSPENSION_WRITE = schema_of("SuspensionWrite", suspensions.FIELDS, Body)
SUSPENDED_PAGE = page_of(schema_of("Suspended", SUSPENDED, Answer))
RAISED_READ = schema_of("ConcernRaised", RAISED, Answer)
CONCERN_READ = schema_of("Concern", CONCERN, Answer)
CONCERN_PAGE = page_of(CONCERN_READ)
CONCERN_WRITE = schema_of("ConcernWrite", concerns.FIELDS, Body)
SETTLEMENT_WRITE = schema_of("SettlementWrite", concerns.SETTLE_FIELDS, Body)
LOCATION_WRITE = schema_of("LocationDisclosureWrite", DISCLOSING, Body)
LOCATION_READ = schema_of("LocationDisclosure", {**ASKED, "location": LOCATION}, Answer)
DISCLOSURE_PAGE = page_of(
    schema_of("Disclosure", {**ASKED, "organisation_id": ID, "asked_by": ASKED_BY}, Answer),
)

ENTRY_SHOWN: Mapping[str, Any] = {
    "seq": 1234,
    "at": MADE,
    "actor": {"kind": "user", "id": USER_ID, "name": "n.mokoena"},
    "role": "admin",
    "end_user": None,
    "action": "key.revoked",
    "collection": "api_keys",
    "record_id": KEY_ID,
    "details": [],
    "hash": HASH,
}
ANCHOR_SHOWN: Mapping[str, Any] = {"seq": 1234, "hash": HASH, "at": MADE}
VERDICT_SHOWN: Mapping[str, Any] = {"sound": True, "entries": 1234, "fault": None, "seq": None}
ALERT_SHOWN: Mapping[str, Any] = {
    "id": "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7b07",
    "holder_id": ORGANISATION,
    "day": MADE[:10],
    "kind": "contacts",
    "at": MADE,
}
ABOUT: Mapping[str, Any] = {"type": "department", "id": UNIT}
SUSPENSION_SHOWN: Mapping[str, Any] = {
    "id": SUSPENSION_ID,
    "about": {"type": "organisation", "id": ORGANISATION},
    "code": "safeguarding",
    "at": MADE,
    "lifted_at": None,
    "lifted_code": None,
}
CONCERN_GIVEN: Mapping[str, Any] = {"about": ABOUT, "code": "refused_in_danger"}
RAISED_SHOWN: Mapping[str, Any] = {"id": CONCERN_ID, **CONCERN_GIVEN, "at": MADE}
CONCERN_SHOWN: Mapping[str, Any] = {
    **RAISED_SHOWN,
    "raised_by_id": USER_ID,
    "raised_for_id": ORGANISATION,
    "settled_at": None,
    "outcome": None,
}
ASKED_SHOWN: Mapping[str, Any] = {"id": DISCLOSURE_ID, "site_id": SITE, "purpose": "transport", "at": MADE}
LOCATION_SHOWN: Mapping[str, Any] = {
    **ASKED_SHOWN,
    "location": {"address": "1 Example Street", "lat": -23.905, "lon": 29.461},
}
DISCLOSURE_SHOWN: Mapping[str, Any] = {
    **ASKED_SHOWN,
    "organisation_id": ORGANISATION,
    "asked_by": {"display_name": "Thabo Nkosi", "role": "disclosure", "organisation": None},
}
