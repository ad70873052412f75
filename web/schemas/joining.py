"""Organisations that are one, and that follow each other, as they are asked and answered."""

from collections.abc import Mapping
from typing import Any

from marshmallow.fields import Nested

from directory.fields import Code, Day, Field, Id, Shape, Text
from directory.services import merges, successions
from web.schemas.examples import EXAMPLES
from web.schemas.network_examples import OFFICER, SHELTER
from web.schemas.records import SURFACES
from web.smorest import Answer, Body, page_of, schema_of

RECORD = SURFACES["organisations"].record
NAMED = {"id": Id(to="organisations", required=True), "name": Text(required=True)}
SUCCESSION: Mapping[str, Field] = {
    "kind": Code(among=tuple(successions.KINDS), required=True),
    "on": Day(required=True, doc="The first day without the predecessor."),
    "predecessor": Shape(fields=NAMED, required=True),
    "successor": Shape(fields=NAMED, doc="Null: nobody follows."),
}

MERGE_WRITE = schema_of("MergeWrite", merges.FIELDS, Body)
MERGE_READ = Answer.from_dict(
    {"organisation": Nested(RECORD, required=True), "absorbed": Nested(RECORD, required=True)}, name="Merge"
)
SUCCESSION_WRITE = schema_of("SuccessionWrite", successions.FIELDS, Body)
SUCCESSION_PAGE = page_of(schema_of("Succession", SUCCESSION, Answer))

KEPT: Mapping[str, Any] = EXAMPLES["organisations"].read
MERGE_GIVEN: Mapping[str, Any] = {"organisation_id": SHELTER, "version": 3}
MERGE_SHOWN: Mapping[str, Any] = {
    "organisation": KEPT,
    "absorbed": {**KEPT, "id": SHELTER, "status": "closed", "merged_into": KEPT["id"]},
}
SPLIT_GIVEN: Mapping[str, Any] = {
    "kind": "split",
    "successors": [SHELTER, OFFICER],
    "on": "2026-11-01",
    "moves": [{"type": "service", "id": "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a07", "successor_id": SHELTER}],
}
SUCCESSION_SHOWN: Mapping[str, Any] = {
    "kind": "renamed",
    "on": "2026-11-01",
    "predecessor": {"id": KEPT["id"], "name": KEPT["name"]},
    "successor": {"id": SHELTER, "name": "Lesedi House"},
}
