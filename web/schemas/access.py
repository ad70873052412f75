"""Accounts and keys as the API shows and takes them, with believable examples. All names and secrets are invented."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from directory.fields import Boolean, Code, Field, Id, Instant, Integer, Listing, Province, Shape, Text
from directory.permissions import ACTIONS, KNOWN
from directory.services import accounts, keys
from web.schemas.examples import MADE, ORGANISATION
from web.smorest import Answer, Body, Declared, page_of, schema_of

USER_ID = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7b01"
KEY_ID = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7b02"
SESSION_ID = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7b03"
MOST_OVERLAP_HOURS = 720

ID = Id(to="", required=True)
INSTANT = Instant(required=True)

USER: Mapping[str, Field] = {
    "id": ID,
    "version": Integer(most=2**31, required=True),
    **{name: accounts.FIELDS[name] for name in ("username", *accounts.COLUMNS)},
    "active": Boolean(required=True, doc="False once deactivated; a reset makes it true again."),
    "created_at": INSTANT,
    "updated_at": INSTANT,
    "signed_in_at": Instant(doc="Null for who has never signed in."),
    "second_factor": Boolean(required=True, doc="Whether codes are asked for."),
}
SECRETS: Mapping[str, Field] = {
    "password": Text(required=True, doc="Told now and never again."),
    "totp_secret": Text(doc="In base32, for an authenticator app (6 digits, 30 s, SHA-1). Told now and never again."),
}
RESET: Mapping[str, Field] = {
    "second_factor": Boolean(doc="Give it a second factor though its role requires none."),
}
SESSION: Mapping[str, Field] = {
    "id": ID,
    "created_at": INSTANT,
    "seen_at": INSTANT,
    "expires_at": INSTANT,
    "second_factor_at": Instant(doc="When a code was last given."),
}
KEY: Mapping[str, Field] = {
    "id": ID,
    "name": keys.FIELDS["name"],
    "prefix": Text(required=True, doc="The token's first characters."),
    "account_id": keys.FIELDS["account_id"],
    "organisation_id": keys.FIELDS["organisation_id"],
    "scopes": replace(keys.FIELDS["scopes"], required=True, doc="All that it can be used for."),
    "created_at": INSTANT,
    "expires_at": INSTANT,
    "last_used_at": Instant(doc="To the hour."),
    "revoked_at": Instant(),
    "rotated_to_id": Id(to="", doc="The key that takes its place."),
}
TOKEN: Mapping[str, Field] = {"token": Text(required=True, doc="Send it as Bearer. Told now and never again.")}
ROTATION: Mapping[str, Field] = {
    "overlap_hours": Integer(most=MOST_OVERLAP_HOURS, doc="How long the old key goes on holding; 24 if left out.")
}
_NAMED = Shape(fields={"id": ID, "name": Text(required=True)})
ME: Mapping[str, Field] = {
    "role": Code(among=tuple(sorted(KNOWN)), required=True),
    "name": Text(required=True, doc="The user name; of an app, its key."),
    "account_id": Id(to=""),
    "key_id": Id(to=""),
    "organisation": _NAMED,
    "department": _NAMED,
    "province": Province(doc="Coordinators and disclosure only; null is the whole country."),
    "scopes": Listing(of=Code(among=tuple(keys.SCOPES)), doc="What the key is limited to; null is no limit."),
    "may": Listing(of=Code(among=tuple(ACTIONS)), most=len(ACTIONS), required=True, doc="Actions granted."),
}

USER_READ = schema_of("User", USER, Answer)
USER_PAGE = page_of(USER_READ)
USER_MADE = schema_of("UserCredentials", {**USER, **SECRETS}, Answer)
USER_WRITE = schema_of("UserWrite", accounts.FIELDS, Body)
USER_CHANGE = Body.from_dict(
    {name: Declared(one, patch=True) for name, one in accounts.CHANGEABLE.items()}, name="UserChange"
)
RESET_WRITE = schema_of("ResetWrite", RESET, Body)
SESSION_PAGE = page_of(schema_of("Session", SESSION, Answer))
KEY_READ = schema_of("ApiKey", KEY, Answer)
KEY_PAGE = page_of(KEY_READ)
KEY_MADE = schema_of("ApiKeyCredentials", {**KEY, **TOKEN}, Answer)
KEY_WRITE = schema_of("ApiKeyWrite", keys.FIELDS, Body)
ROTATION_WRITE = schema_of("RotationWrite", ROTATION, Body)
ME_READ = schema_of("Me", ME, Answer)

USER_GIVEN: Mapping[str, Any] = {
    "username": "n.mokoena",
    "display_name": "Naledi Mokoena",
    "role": "caseworker",
    "organisation_id": ORGANISATION,
}
USER_SHOWN: Mapping[str, Any] = {
    "id": USER_ID,
    "version": 1,
    **USER_GIVEN,
    "department_id": None,
    "province": None,
    "active": True,
    "created_at": MADE,
    "updated_at": MADE,
    "signed_in_at": None,
    "second_factor": False,
}
USER_TOLD = {**USER_SHOWN, "password": "correct-horse-battery", "totp_secret": None}
SESSION_SHOWN: Mapping[str, Any] = {
    "id": SESSION_ID,
    "created_at": MADE,
    "seen_at": MADE,
    "expires_at": "2026-11-02T19:30:00+00:00",
    "second_factor_at": None,
}
KEY_GIVEN: Mapping[str, Any] = {
    "name": "Case management system",
    "organisation_id": ORGANISATION,
    "scopes": ["match", "registry.read"],
}
KEY_SHOWN: Mapping[str, Any] = {
    "id": KEY_ID,
    "name": KEY_GIVEN["name"],
    "prefix": "pd_ABCdef",
    "account_id": None,
    "organisation_id": ORGANISATION,
    "scopes": KEY_GIVEN["scopes"],
    "created_at": MADE,
    "expires_at": "2027-11-02T07:30:00+00:00",
    "last_used_at": None,
    "revoked_at": None,
    "rotated_to_id": None,
}
KEY_TOLD = {**KEY_SHOWN, "token": "pd_ABCdef" + "0" * 37}
ME_SHOWN: Mapping[str, Any] = {
    "role": "app",
    "name": f"app:{KEY_ID}",
    "account_id": None,
    "key_id": KEY_ID,
    "organisation": {"id": ORGANISATION, "name": "Lesedi House Polokwane"},
    "department": None,
    "province": None,
    "scopes": KEY_GIVEN["scopes"],
    "may": ["registry.read", "match"],
}
