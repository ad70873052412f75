"""What is asked and answered about the network's dependence on single contacts."""

from collections.abc import Mapping
from typing import Any

from directory.collection import typed_reference
from directory.errors import Invalid
from directory.fields import Boolean, Code, Field, Id, Integer, Listing, Province, Shape, checked
from directory.services.links import GRADES
from matching.service import (
    LinkRow,
    LinksFound,
    NetworkCoverage,
    NetworkMap,
    NetworkReport,
    PersonAnswer,
    SimulationAnswer,
    WhatIf,
)
from web.schemas.derived import schemas
from web.schemas.filters import PAGING
from web.schemas.match_answer import wire
from web.smorest import Body, Json, schema_of

TRAJECTORIES = ("government_government", "civil_society_civil_society", "government_civil_society")
LEVELS = ("national", "provincial", "district", "station_site", "organisation")

ABSENT_FOR_MANY = "hangs_on"

PROVINCE: Mapping[str, Field] = {
    "province": Province(doc="The country if left out; of a provincial coordinator the own province.")
}
DRAWN: Mapping[str, Field] = {"format": Code(among=("json", "svg"), doc="Instead of Accept.")}
SHAREABLE: Mapping[str, Field] = {
    "shareable": Boolean(
        doc="Names posts, never people: their names and ids, and findings' keys about them, are absent."
    )
}
LINKS: Mapping[str, Field] = {
    "organisation_id": Id(to="organisations", doc="An end is this organisation or one of its units; for SVG required."),
    **DRAWN,
    "province": Province(doc="An end lies there, by what is published."),
    "grade": Code(among=GRADES, doc="The grade of the link's worse end."),
    "trajectory": Code(among=TRAJECTORIES),
    "level": Code(among=LEVELS, doc="Of the more local end; `organisation` where neither is an office of government."),
    "urgency": Integer(least=1, most=5, doc="Of the most urgent stage that an end serves: 1 tonight, 5 in months."),
    **PAGING,
}
REMOVABLE = ("person", "focal_point", "post", "department", "organisation", "channel")
WHAT_IF: Mapping[str, Field] = {
    "remove": Listing(
        of=typed_reference(*REMOVABLE),
        most=100,
        doc="What goes, all at once: a person leaves every post, a focal_point is one person in one post, a post "
        "falls vacant, a department or organisation closes, a channel dies with every record of its number.",
    ),
    "transfers": Listing(
        of=Shape(
            fields={"focal_point_id": Id(to="", required=True), "post_id": Id(to="", required=True)},
        ),
        most=100,
        doc="Who gives up a post (focal_point_id) and takes another (post_id), confirmed there and with no link yet.",
    ),
}
WHAT_IF_WRITE = schema_of("SimulationRequest", WHAT_IF, Body)


def what_if_of(body: Mapping[str, Any], province: str | None) -> WhatIf:
    """The request as matching reads it. Raises Invalid."""
    given = checked(WHAT_IF, dict(body))
    remove, transfers = given.get("remove") or [], given.get("transfers") or []
    if not remove and not transfers:
        raise Invalid({"remove": ["Say what goes, or who moves."]})
    return WhatIf(
        province,
        tuple((one["type"], one["id"]) for one in remove),
        tuple((one["focal_point_id"], one["post_id"]) for one in transfers),
    )


LINK_PAGE: Json = {
    "type": "object",
    "properties": {
        "items": {"type": "array", "items": {"$ref": "#/components/schemas/LinkRow"}},
        **{name: {"type": "integer"} for name in ("total", "page", "page_size")},
    },
    "required": ["items", "total", "page", "page_size"],
}


def links_shown(found: LinksFound, start: int, count: int) -> list[Any]:
    """A page of links; on whom an end hangs is absent for who may not know it."""
    rows: list[Any] = wire(found.rows[start : start + count])
    for row in rows:
        for side in ("a", "b"):
            if not found.with_people:
                del row[side][ABSENT_FOR_MANY]
    return rows


def described() -> dict[str, Json]:
    """The schemas of answers, read off their classes, which takes a while."""
    made = schemas(NetworkReport, NetworkCoverage, NetworkMap, PersonAnswer, LinkRow, SimulationAnswer)
    made["EndRow"]["required"].remove(ABSENT_FOR_MANY)
    made["Somebody"]["required"] = ["posts"]
    for absent in ("key", "subject"):
        made["FindingRow"]["required"].remove(absent)
    return made


def reference(name: str) -> Json:
    """A reference to one of the schemas."""
    return {"$ref": f"#/components/schemas/{name}"}
