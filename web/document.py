"""The frame of the OpenAPI document: what it says once for all operations."""

from functools import partial
from typing import Any

from flask import Flask

from web.openapi import Api
from web.paths import API
from web.problems import KINDS
from web.schemas import network
from web.schemas.hsds import SCHEMAS as HSDS_SCHEMAS
from web.schemas.match_answer import SCHEMAS

TITLE, VERSION = "Partner directory and referral matching", "1.0.0"
OPENAPI = "3.1.0"

DESCRIPTION = f"""\
A directory of the partners of a counter-trafficking network in South Africa, and the match: whom to call for a person
in need, in which order, and why.

**Conventions.** JSON in lower snake case. Ids are UUIDs. Timestamps are UTC with offset; opening hours are local to
Africa/Johannesburg and may cross midnight. Distances are kilometres, coordinates degrees WGS84. An absent field is one
you may not see; null is not known or does not apply. Changes under {API} are additive.

**Lists** answer `items`, `total`, `page`, `page_size`; closed records are hidden unless `status=any`.

**Changing.** PATCH is a merge patch and needs `If-Match` with the strong ETag of the version you saw (428 without it,
412 when it is another); `*` matches any version, a weak tag none. DELETE closes. POST takes an `Idempotency-Key`: for
24 hours the same key with the same body is answered again (`Idempotency-Replayed: true`), with another body refused.
The ETags of service-sites, focal-points and links name the record's version only: room, names and grades that are
read with them can change without it, so those reads are always answered whole.

**Confidential places.** Nothing that is read depends on where a confidential place truly is: its published area stands
for it everywhere. A PATCH that makes a site confidential or open, or moves a confidential one to another area, closes
it and opens another, which is answered with `Location` and `Content-Location`.

**Problems** are `application/problem+json` (RFC 9457). Their types:

"""

HEADERS: dict[str, Any] = {
    "Registry-Revision": {
        "description": "The registry's revision of which the answer is: `GET /changes?after=` goes on from it.",
        "schema": {"type": "integer"},
    },
    "Content-Disposition": {"description": "What to call the file.", "schema": {"type": "string"}},
    "ETag": {"description": "The record's version.", "schema": {"type": "string"}},
    "Location": {"description": "The address of the record.", "schema": {"type": "string", "format": "uri-reference"}},
    "Content-Location": {
        "description": "Given when the answer shows another record than was asked for.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Idempotency-Replayed": {
        "description": "`true` when an earlier POST with the same key was answered again.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}

PARAMETERS: dict[str, Any] = {
    "If-Match": {
        "description": "The ETag of the version you saw.",
        "schema": {"type": "string"},
        "example": '"6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a01.3"',
    },
    "If-None-Match": {"description": "The ETag of the version you have.", "schema": {"type": "string"}},
    "Idempotency-Key": {
        "description": "Makes a repetition of this POST harmless for 24 hours.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7e]+$"},
    },
}

TAGS = {
    "matches": "Whom to call for a person in need, and which few partners cover several needs.",
    "reference": "Words, places, rulesets and hotlines: open to all.",
    "organisations": "Partners.",
    "departments": "Units of organisations.",
    "sites": "Where partners are; of a confidential site, its area.",
    "services": "What partners do, and for whom.",
    "service-sites": "What is offered where, with how much room; what came of calls.",
    "persons": "People in posts.",
    "posts": "Posts, and their handing over.",
    "focal-points": "Who holds which post.",
    "channels": "Numbers and mailboxes.",
    "links": "Who knows whom, graded by what it hangs on.",
    "trainings": "Who met whom at which course.",
    "changes": "What changed since a revision.",
    "webhooks": "Being called when something changed.",
    "exports": "The registry as a whole.",
    "imports": "Partners from a spreadsheet.",
    "network": "What the network hangs on, and what to do about it.",
    "outbox": "Messages about links and webhooks.",
    "statistics": "Figures for reports.",
    "hsds": "The registry as Open Referral's HSDS 3.1 has it.",
    "listed": "Somebody listed sees, corrects and objects, by a one-time link.",
    "listed-statements": "What listed people said.",
    "concerns": "Worries about partners.",
    "suspensions": "Who is out of every list.",
    "disclosures": "Who asked for a confidential address.",
    "alerts": "What somebody should look at.",
    "verification-queue": "What to ask again first.",
    "duplicates": "Records that are likely one, and those said to be two.",
    "audit": "Who did what.",
    "users": "Accounts.",
    "sessions": "Where accounts are signed in.",
    "api-keys": "Keys of programs.",
    "service": "The service itself.",
}
"""What operations are about, in the order of the documentation page."""

SECURITY = {"type": "http", "scheme": "bearer", "description": "A key, `pd_…`."}


def init_app(app: Flask) -> Api:
    """An empty document with its frame."""
    rows = [f"- `{kind.uri}` ({kind.status}): {kind.told}" for kind in KINDS.values()]
    options = {
        "title": TITLE,
        "version": VERSION,
        "openapi_version": OPENAPI,
        "info": {
            "description": DESCRIPTION + "\n".join(rows),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "tags": [{"name": name, "description": about} for name, about in TAGS.items()],
    }
    app.config["OPENAPI_URL_PREFIX"] = None
    api = Api(app, spec_kwargs=options)
    api.later(partial(_components, api))
    return api


def _components(api: Api) -> None:
    for name, schema in {**SCHEMAS, **network.described(), **HSDS_SCHEMAS}.items():
        api.spec.components.schema(name, schema)
    for name, header in HEADERS.items():
        api.spec.components.header(name, header)
    for name, parameter in PARAMETERS.items():
        api.spec.components.parameter(name, "header", {"name": name, "required": False, **parameter})
    api.spec.components.security_scheme("bearer", SECURITY)
