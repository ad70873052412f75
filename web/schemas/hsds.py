"""The HSDS profile as components of the document, and the queries of its lists."""

import json
from collections.abc import Mapping
from typing import Any

from directory.fields import Boolean, Code, Field, Id, Instant, Integer, Text
from web.schemas.filters import LARGEST_PAGE, LAST_PAGE, LONGEST_QUERY, USUAL_PAGE
from web.settings import ROOT
from web.smorest import Json

PROFILE: Json = json.loads((ROOT / "openapi" / "hsds-profile.json").read_text(encoding="utf-8"))
MOST_IDS = 5000
"""Services of which only the id and the time of change are told, in one page."""

COUNT: Json = {"type": "integer", "minimum": 0}
FLAG: Json = {"type": "boolean"}
ENVELOPE: Mapping[str, Json] = {
    "total_items": COUNT,
    "total_pages": COUNT,
    "page_number": COUNT,
    "size": {**COUNT, "description": "Of this page."},
    "first_page": FLAG,
    "last_page": FLAG,
    "empty": FLAG,
}


def component(name: str) -> str:
    """What an object of the profile is called in the document."""
    return "Hsds" + "".join(part.capitalize() for part in name.split("_"))


def reference(name: str) -> Json:
    """An object of the profile."""
    return {"$ref": f"#/components/schemas/{component(name)}"}


def page_of(*items: Json) -> Json:
    """A page of such objects."""
    item = items[0] if len(items) == 1 else {"anyOf": list(items)}
    properties = {**ENVELOPE, "contents": {"type": "array", "items": item}}
    return {"type": "object", "properties": properties, "required": list(properties)}


def _moved(schema: Any) -> Any:
    if isinstance(schema, dict):
        moved = {name: _moved(value) for name, value in schema.items()}
        return reference(schema["$ref"].rsplit("/", 1)[1]) if "$ref" in schema else moved
    return [_moved(one) for one in schema] if isinstance(schema, list) else schema


SCHEMAS: Mapping[str, Json] = {component(name): _moved(schema) for name, schema in PROFILE["$defs"].items()}

CHANGED: Json = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "modified_date": {"type": "string", "format": "date-time"},
    },
    "required": ["id", "modified_date"],
}
"""All that `minimal` tells of a service."""

PAGING: Mapping[str, Field] = {
    "page": Integer(least=1, most=LAST_PAGE, doc="1 if left out."),
    "per_page": Integer(least=1, most=LARGEST_PAGE, doc=f"{USUAL_PAGE} if left out."),
    "format": Code(among=("json",), doc="All at once is GET /api/v1/exports/hsds."),
}
SEARCH = Text(most=LONGEST_QUERY, doc="Fuzzy: names like this, the most alike first.")
RECORDS: Mapping[str, Field] = {
    "taxonomy_term_id": Id(to="", doc="Under this term of the taxonomies service, org_type or sector."),
    "modified_after": Instant(doc="Changed at or after this moment."),
    "full": Boolean(doc="Each with all that belongs to it."),
    **PAGING,
}
OF_ORGANIZATION: Mapping[str, Field] = {"organization_id": Id(to="organisations", doc="Of this organisation.")}
SERVICES: Mapping[str, Field] = {
    "search": SEARCH,
    **OF_ORGANIZATION,
    **RECORDS,
    "minimal": Boolean(doc=f"Only ids and when they changed; per_page is at most, and usually, {MOST_IDS}."),
    "per_page": Integer(least=1, most=MOST_IDS, doc=f"{USUAL_PAGE} if left out; more than {LARGEST_PAGE}: minimal."),
}
AT_LOCATIONS: Mapping[str, Field] = {**OF_ORGANIZATION, **RECORDS}
ORGANIZATIONS: Mapping[str, Field] = {"search": SEARCH, **RECORDS}
TAXONOMIES: Mapping[str, Field] = {"search": Text(most=LONGEST_QUERY, doc="Words of its name or text."), **PAGING}
TERMS: Mapping[str, Field] = {**TAXONOMIES, "taxonomy_id": Id(to="", doc="Of this taxonomy.")}
ORGANIZATION: Mapping[str, Field] = {"full_service": Boolean(doc="With its services, in full.")}
