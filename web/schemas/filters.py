"""The query parameters of lists."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from directory.collection import Collection
from directory.errors import Invalid
from directory.fields import (
    Boolean,
    Code,
    District,
    Field,
    Id,
    Instant,
    Integer,
    Number,
    Province,
    Schema,
    Text,
    Wrong,
    as_instant,
)
from directory.services.links import GRADES
from directory.services.listing import SORTS

LARGEST_PAGE = 200
USUAL_PAGE = 50
LAST_PAGE = 100_000
LONGEST_QUERY = 200
DEGREES = r"-?[0-9]{1,3}(\.[0-9]{1,12})?"


@dataclass(frozen=True, kw_only=True)
class PointText(Text):
    """A point written `lat,lon` in degrees; cleaned to a pair of numbers."""

    def clean(self, value: Any) -> Any:
        """Check form and range."""
        text = super().clean(value)
        if not re.fullmatch(f"{DEGREES},{DEGREES}", text):
            raise Wrong("Must be lat,lon in degrees, such as -23.90,29.45.")
        lat, lon = (float(part) for part in text.split(","))
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise Wrong("Latitude is from -90 to 90, longitude from -180 to 180.")
        return lat, lon

    def kind(self) -> Schema:
        """A string of two numbers."""
        return {"type": "string", "pattern": f"^{DEGREES},{DEGREES}$"}


PAGING: Mapping[str, Field] = {
    "page": Integer(least=1, most=LAST_PAGE, doc="1 if left out."),
    "page_size": Integer(least=1, most=LARGEST_PAGE, doc=f"{USUAL_PAGE} if left out."),
}

NAMED: Mapping[str, Field] = {
    "province": Province(doc="Of confidential places: of their published area."),
    "district": District(doc="Of confidential places: of their published area."),
    "service": Code(of="service", doc="Offers this service."),
    "org_type": Code(of="org_type"),
    "sector": Code(of="sector"),
    "organisation_id": Id(to="organisations"),
    "department_id": Id(to="departments"),
    "person_id": Id(to="persons"),
    "doubted": Boolean(doc="Led to somebody else when last called, and neither confirmed nor changed since."),
    "grade": Code(among=GRADES, doc="The grade of the link's worse end, now."),
}

NEARNESS: Mapping[str, Field] = {
    "near": PointText(most=60, doc="A point, lat,lon in degrees WGS84: nearest published point first."),
    "max_km": Number(least=0, most=20_100, doc="With near: kilometres to the published point at most."),
}


def filters_of(collection: Collection) -> dict[str, Field]:
    """The query parameters of a collection's list."""
    status = ("any", *collection.statuses)
    sorts = [sort for sort in SORTS if sort != "distance" or "near" in collection.filters]
    named = {name: one for name, one in NAMED.items() if name in collection.filters}
    query: dict[str, Field] = {}
    if collection.named_by is not None:
        query["q"] = Text(
            most=LONGEST_QUERY,
            doc="Fuzzy: names like this, the most alike first; of many, the thousand nearest by trigrams.",
        )
    return {
        **query,
        **named,
        **(NEARNESS if "near" in collection.filters else {}),
        "status": Code(among=status, doc="Closed records are hidden unless asked for."),
        "stale": Boolean(doc="Not confirmed for more than 180 days, or never."),
        "updated_since": Instant(doc="Changed at or after this moment."),
        "sort": Code(among=tuple(sorts), doc="By name then id if left out; - turns the order round."),
        **PAGING,
    }


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list as asked for."""

    filters: Mapping[str, Any]
    page: int
    page_size: int
    sort: str | None


def wanted(query: Mapping[str, Any]) -> Wanted:
    """The parts of a checked query. Raises Invalid."""
    filters = dict(query)
    page, size = filters.pop("page", None) or 1, filters.pop("page_size", None) or USUAL_PAGE
    sort = filters.pop("sort", None)
    if "near" not in filters and ("max_km" in filters or sort == "distance"):
        raise Invalid({"near": ["max_km and sort=distance need a point."]})
    if "updated_since" in filters:
        filters["updated_since"] = as_instant(filters["updated_since"])
    return Wanted(filters, page, size, sort)


def required(field: Field) -> Field:
    """The same field, to be given."""
    return replace(field, required=True)
