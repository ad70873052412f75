"""What has to be asked again first, as it is asked and answered."""

from collections.abc import Mapping
from typing import Any

from directory.fields import Boolean, Code, District, Field, Id, Instant, Integer, Listing, Province, Shape, Text
from directory.services.due import QUEUED, SOON_DAYS
from matching.service import QUEUE_REASONS
from web.schemas.access import ID
from web.schemas.examples import EXAMPLES
from web.schemas.filters import PAGING
from web.schemas.oversight import told
from web.smorest import Answer, page_of, schema_of

PATHS = {one.path: name for name, one in QUEUED.items()}
QUEUE: Mapping[str, Field] = {
    "collection": Code(among=tuple(PATHS), doc="Only records of this collection."),
    "province": Province(doc="Of confidential places: of their published area."),
    "district": District(doc="As in the lists; what has no district is left out."),
    "organisation_id": Id(to="organisations"),
    "stale": Boolean(doc=f"True: what is stale or doubted now. False: what turns stale within {SOON_DAYS} days."),
    **PAGING,
}
ITEM: Mapping[str, Field] = {
    "rank": Integer(least=1, most=2**31, required=True, doc="1 hurts most if it is wrong."),
    "collection": Code(among=tuple(PATHS), required=True),
    "id": ID,
    "name": Text(doc="Of what has none: of what it belongs to. Numbers are not told."),
    "organisation": Shape(fields={"id": Id(to="organisations", required=True), "name": Text()}),
    "verified_at": Instant(doc="As anyone reads it: of confidential organisations the month."),
    "days": Integer(most=2**31, doc="Whole days since; null: never."),
    "reasons": Listing(of=Code(among=tuple(QUEUE_REASONS)), required=True, doc=told(QUEUE_REASONS)),
}
QUEUE_PAGE = page_of(schema_of("QueueItem", ITEM, Answer))
LESEDI: Mapping[str, Any] = EXAMPLES["organisations"].read
ITEM_SHOWN: Mapping[str, Any] = {
    "rank": 1,
    "collection": "services",
    "id": EXAMPLES["services"].read["id"],
    "name": EXAMPLES["services"].read["name"],
    "organisation": {"id": LESEDI["id"], "name": LESEDI["name"]},
    "verified_at": "2026-03-01T00:00:00+00:00",
    "days": 265,
    "reasons": ["single_contact", "stale", "urgent_need"],
}
