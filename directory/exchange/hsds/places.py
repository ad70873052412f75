"""Sites as locations, and competent areas. Of a confidential site: its published area, and nothing else."""

from collections.abc import Mapping
from typing import Any

from directory import geography
from directory.exchange.hsds.parts import Json, Published, derived, said

COUNTRY = "ZA"
NO_POSTAL_CODE = ""
"""HSDS wants one; the registry has none, and says so rather than guess."""
CONFIDENTIAL = "A confidential place. Name and point are those of its published area, and lead to no door."


def location(site: Published) -> Json:
    """A site."""
    area = site["area"]
    confidential = site["confidential"]
    return said(
        id=site["id"],
        location_type="physical",
        name=area["label"] if confidential else site["name"] or area["label"],
        description=CONFIDENTIAL if confidential else None,
        latitude=site["point"]["lat"],
        longitude=site["point"]["lon"],
        external_identifier=area["id"] if confidential else None,
        external_identifier_type="published_area" if confidential else None,
    )


def whole_location(site: Published) -> Json:
    """A site with its address, where it has a published one."""
    return {**location(site), **said(addresses=_addresses(site))}


def from_afar(service_site_id: str) -> Json:
    """Where a service is given that is given from afar."""
    return {"id": derived(service_site_id, "location"), "location_type": "virtual"}


def service_areas(owner: str, serves: Mapping[str, Any] | None) -> list[Json]:
    """The country, or provinces or districts by code and name."""
    if serves is None:
        return []
    codes = serves["codes"] or [] if serves["scope"] != "national" else [COUNTRY]
    return [
        {"id": derived(owner, "area", code), "name": _name(code), "extent": code, "extent_type": "text"}
        for code in codes
    ]


def _name(code: str) -> str:
    if code == COUNTRY:
        return "South Africa"
    province = geography.provinces().get(code)
    return geography.districts()[code].name if province is None else province


def _addresses(site: Published) -> list[Json]:
    address = site.get("address")
    if site["confidential"] or address is None:
        return []
    point, province = site["point"], site["province"]
    return [
        {
            "id": derived(site["id"], "address"),
            "address_1": address,
            "city": geography.nearest_place(point["lat"], point["lon"], province)[0].name,
            "region": geography.districts()[site["district"]].name,
            "state_province": geography.provinces()[province],
            "postal_code": NO_POSTAL_CODE,
            "country": COUNTRY,
            "address_type": "physical",
        }
    ]
