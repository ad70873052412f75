"""The records of the documents as HSDS has them: made by the mapping itself, as who is not cleared reads them."""

from collections.abc import Mapping
from typing import Any

from directory.exchange.hsds import offers, organisations, taxonomies
from directory.exchange.hsds.lines import Lines
from directory.fields import as_instant
from directory.permissions import MASKED
from web.schemas.examples import CHANNEL, EXAMPLES, ORGANISATION, SERVICE, SITE
from web.smorest import Json


def _read(name: str, **other: Any) -> Json:
    """A record as published: moments are moments, and what is masked is not there."""
    cut = {field for field, form in MASKED[name].items() if form == "absent"}
    record = {field: value for field, value in EXAMPLES[name].read.items() if field not in (*cut, "address")}
    for field in ("updated_at", "verified_at"):
        record[field] = as_instant(record[field])
    return {**record, "external_ids": [], **other}


_capacity = EXAMPLES["service_sites"].read["capacity"]
_owner = _read("organisations", accreditation={"status": "valid", "issued": "2025-03-01", "expires": "2029-02-28"})
_site = _read("sites")
_place = _read("service_sites", capacity={**_capacity, "as_of": as_instant(_capacity["as_of"])})
_service = _read("services")
_line = _read("channels", id=CHANNEL, owner={"type": "organisation", "id": ORGANISATION})
_around = offers.Around(
    organisations={ORGANISATION: _owner},
    units={},
    service_sites={SERVICE: [_place]},
    sites={SITE: _site},
    lines={ORGANISATION: Lines([_line])},
)
_whole = organisations.Around(sites=[_site], lines=_around.lines)

WHOLE: Mapping[str, Json] = {
    "services": offers.whole(_service, _around),
    "service_at_locations": offers.whole_at(_place, _service, _around),
    "organizations": organisations.whole(_owner, _whole),
    "taxonomies": taxonomies.taxonomy("service"),
    "taxonomy_terms": taxonomies.terms()[0],
}
BRIEF: Mapping[str, Json] = {
    **WHOLE,
    "services": offers.brief(_service, _around),
    "service_at_locations": offers.brief_at(_place, _service, _around),
    "organizations": organisations.brief(_owner, Lines([_line])),
}
"""What lists tell of them."""
