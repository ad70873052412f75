"""What is asked and answered about the network's dependence on single contacts."""

from collections.abc import Mapping
from typing import Any

from directory.fields import Code, Field, Integer, Province
from directory.services.links import GRADES
from matching.service import LinkRow, LinksFound, NetworkCoverage, NetworkReport, PersonAnswer
from web.schemas.derived import schemas
from web.schemas.filters import PAGING
from web.schemas.match_answer import wire
from web.smorest import Json

TRAJECTORIES = ("government_government", "civil_society_civil_society", "government_civil_society")
LEVELS = ("national", "provincial", "district", "station_site", "organisation")

ABSENT_FOR_MANY = "hangs_on"
SCHEMAS: Mapping[str, Json] = schemas(NetworkReport, NetworkCoverage, PersonAnswer, LinkRow)
SCHEMAS["EndRow"]["required"].remove(ABSENT_FOR_MANY)

PROVINCE: Mapping[str, Field] = {
    "province": Province(doc="The country if left out; of a provincial coordinator the own province.")
}
LINKS: Mapping[str, Field] = {
    "province": Province(doc="An end lies there, by what is published."),
    "grade": Code(among=GRADES, doc="The grade of the link's worse end."),
    "trajectory": Code(among=TRAJECTORIES),
    "level": Code(among=LEVELS, doc="Of the more local end; `organisation` where neither is an office of government."),
    "urgency": Integer(least=1, most=5, doc="Of the most urgent stage that an end serves: 1 tonight, 5 in months."),
    **PAGING,
}
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


def reference(name: str) -> Json:
    """A reference to one of the schemas."""
    return {"$ref": f"#/components/schemas/{name}"}
