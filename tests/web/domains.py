"""Who owns what: two organisations in two provinces, one of them with two units, each with a record of every kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient

from directory.permissions import LOCAL, Reach
from directory.services import records
from directory.services.catalogue import COLLECTIONS

LIMPOPO, WESTERN_CAPE = "ZA-LP", "ZA-WC"
PLACES: Mapping[str, Mapping[str, Any]] = {
    LIMPOPO: {"address": "1 Acacia Street", "lat": -23.9, "lon": 29.45},
    WESTERN_CAPE: {"address": "2 Protea Street", "lat": -33.93, "lon": 18.46},
}


@dataclass(frozen=True, slots=True)
class Domain:
    """A unit, its organisation and province, and the ids of a record of each collection that belongs to it."""

    province: str
    ids: Mapping[str, str]

    @property
    def unit(self) -> dict[str, str]:
        """The owner of what belongs to the unit."""
        return {"organisation_id": self.ids["organisations"], "department_id": self.ids["departments"]}

    def body(self, collection: str) -> dict[str, Any]:
        """What POST of another such record sends."""
        given: dict[str, Any] = BODIES[collection](self)
        return given

    def reached(self, reach: Reach | None, own: "Domain") -> bool:
        """Whether a grant that goes so far leads from one's own domain to this one."""
        return {
            "all": True,
            "province": self.province == own.province,
            "organisation": self.ids["organisations"] == own.ids["organisations"],
            "unit": self.ids["departments"] == own.ids["departments"],
            None: False,
        }[reach]


BODIES: Mapping[str, Any] = {
    "organisations": lambda one: {"name": "Another", "province": one.province},
    "sites": lambda one: {"organisation_id": one.ids["organisations"], "location": PLACES[one.province]},
    "departments": lambda one: {
        "organisation_id": one.ids["organisations"],
        "name": "Another desk",
        "serves": {"scope": "province", "codes": [one.province]},
    },
    "services": lambda one: {**one.unit, "name": "Advice", "codes": ["legal_advice"]},
    "service_sites": lambda one: {"service_id": one.ids["services"], "site_id": one.ids["sites"]},
    "persons": lambda _: {"full_name": "Ann Example"},
    "posts": lambda one: {**one.unit, "title": "Deputy"},
    "focal_points": lambda one: {"person_id": one.ids["persons"], "post_id": one.ids["posts"]},
    "channels": lambda one: {
        "owner": {"type": "post", "id": one.ids["posts"]},
        "channel_kind": "duty_line",
        "value": "+27821234568",
        "visibility": "network",
    },
    "links": lambda one: {
        "a": {"type": "department", "id": one.ids["departments"]},
        "b": {"type": "organisation", "id": one.ids["partner"]},
        "link_types": ["referral_sent"],
    },
    "trainings": lambda one: {"course": "Identifying victims", "attendees": [{"person_id": one.ids["persons"]}]},
}


def settle(client: FlaskClient, province: str, organisation: Mapping[str, str] | None = None) -> Domain:
    """Make a domain; a unit of an organisation that is there shares its organisation, site and partner."""
    known: dict[str, str] = dict(organisation or {})
    one = Domain(province, known)
    with client.application.extensions["registry"].within(write=True) as session:

        def made(collection: str, given: Mapping[str, Any]) -> str:
            return str(records.create(session, LOCAL, COLLECTIONS[collection], given).id)

        if organisation is None:
            known["partner"] = made("organisations", {"name": "Partner of everybody", "org_type": "ngo"})
            given = {"name": f"Umbrella {province}", "sector": "civil_society", "province": province}
            known["organisations"] = made("organisations", given)
        known["persons"] = made("persons", {"full_name": "Naledi Mokoena"})
        for collection in ("sites", "departments", "services", "service_sites", "posts", "focal_points", *BODIES):
            if not known.get(collection):
                known[collection] = made(collection, one.body(collection))
    return one


def neighbour(client: FlaskClient, domain: Domain) -> Domain:
    """Another unit of the same organisation."""
    shared = {name: domain.ids[name] for name in ("partner", "organisations", "sites")}
    return settle(client, domain.province, shared)
