"""Webhooks as they are shown and taken, with believable examples. All names and secrets are invented."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from directory.fields import Boolean, Code, Field, Id, Instant, Integer, Shape, Text
from directory.services import webhook_calls, webhooks
from web.schemas.access import ID, INSTANT, KEY_ID
from web.schemas.examples import MADE
from web.schemas.filters import PAGING
from web.schemas.oversight import told
from web.smorest import Answer, Body, Declared, page_of, schema_of

LATEST = 2**53
MOST = 2**31
LAST = Shape(
    fields={
        "at": INSTANT,
        "outcome": Code(among=tuple(webhook_calls.OUTCOMES), required=True, doc=told(webhook_calls.OUTCOMES)),
        "status": Integer(least=100, most=999, doc="Of the answer, if there was one. Nothing else of it is kept."),
        "failures": Integer(most=MOST, required=True, doc="So many in a row; trials do not count."),
    },
    doc="What came of the last call. Null before the first.",
)
WEBHOOK: Mapping[str, Field] = {
    "id": ID,
    "version": Integer(most=MOST, required=True),
    "status": Code(among=("active", "closed"), required=True),
    "state": Code(among=tuple(webhooks.STATES), required=True, doc=told(webhooks.STATES)),
    "url": Text(doc="Absent for administrators who read somebody else's: an address may be a secret."),
    "host": Text(required=True),
    "collections": replace(webhooks.FIELDS["collections"], doc="Null is any that the key reads."),
    "paused": Boolean(required=True),
    "key_id": Id(to="", required=True, doc="The key that it lasts as long as."),
    "told_revision": Integer(most=LATEST, required=True, doc="What came after is still to be told."),
    "created_at": INSTANT,
    "updated_at": INSTANT,
    "given_up_at": Instant(doc="Since when it is not called any more, as calls failed."),
    "last_delivery": LAST,
}
SECRET: Mapping[str, Field] = {
    "secret": Text(
        required=True, doc="What calls are signed with: `whsec_` and 32 bytes in base64. Told now and never again."
    )
}
BROWSED: Mapping[str, Field] = {
    "status": Code(among=("active", "closed", "any"), doc="Closed ones are hidden unless asked for."),
    **PAGING,
}

READ = schema_of("Webhook", WEBHOOK, Answer)
PAGE = page_of(READ)
MADE_READ = schema_of("WebhookCredentials", {**WEBHOOK, **SECRET}, Answer)
WRITE = schema_of("WebhookWrite", webhooks.FIELDS, Body)
CHANGE = Body.from_dict(
    {name: Declared(one, patch=True) for name, one in webhooks.FIELDS.items()}, name="WebhookChange"
)
ROTATION_WRITE = schema_of("WebhookRotationWrite", webhooks.ROTATION, Body)

WEBHOOK_ID = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7b08"
GIVEN: Mapping[str, Any] = {
    "url": "https://cases.example.org/hooks/directory",
    "collections": ["organisations", "service-sites"],
}
SHOWN: Mapping[str, Any] = {
    "id": WEBHOOK_ID,
    "version": 1,
    "status": "active",
    "state": "active",
    **GIVEN,
    "host": "cases.example.org",
    "paused": False,
    "key_id": KEY_ID,
    "told_revision": 1234,
    "created_at": MADE,
    "updated_at": MADE,
    "given_up_at": None,
    "last_delivery": {"at": MADE, "outcome": "accepted", "status": 204, "failures": 0},
}
TOLD = {**SHOWN, "last_delivery": None, "secret": "whsec_" + "A" * 43 + "="}
