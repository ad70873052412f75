"""A network to attack: masked organisations with confidential sites, open ones, government desks, links and people.

It is made through the API, as its managers would make it, and is read again by id under the names given here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from directory.permissions import Role
from tests.conftest import admit
from tests.harm.places import HIDEOUTS, Point
from tests.web.records import make

NPO_NUMBERS = {"haven": "NPO 271-828", "refuge": "NPO 314-159", "nest": "NPO 161-803"}
CERTIFICATES = {"haven": "FIC/577/215", "refuge": "FIC/693/147", "nest": "FIC/141/421"}

OFFICE: Point = (-23.8984, 29.4461)
SHELTER: Point = (-23.9126, 29.4903)
CLINIC: Point = (-23.0471, 29.9082)
REST: Point = (-22.9533, 30.4794)
BORDER: Point = (-22.3411, 30.0377)
OPEN_POINTS: Mapping[str, Point] = {
    "office": OFFICE,
    "shelter": SHELTER,
    "clinic": CLINIC,
    "rest": REST,
    "border": BORDER,
}
"""Open sites, which stand where they say."""

BEDS = {
    "sex_gender": "any",
    "age_min": 18,
    "children_with_adult": 4,
    "boy_child_max_age": 15,
    "unaccompanied_minor": "no",
    "step_free": "no",
}


READERS: Mapping[str, tuple[Role, Mapping[str, str]]] = {
    "admin": ("admin", {}),
    "caseworker": ("caseworker", {"organisation_id": "ngo"}),
    "app": ("app", {"organisation_id": "ngo"}),
    "coordinator": ("coordinator", {}),
    "provincial coordinator": ("coordinator", {"province": "ZA-LP"}),
    "manager of another shelter": ("partner_manager", {"organisation_id": "hostel"}),
    "manager of a guest": ("partner_manager", {"organisation_id": "guest"}),
    "police desk": ("unit_manager", {"organisation_id": "saps", "department_id": "desk"}),
    "social worker": ("caseworker", {"organisation_id": "dsd", "department_id": "dsd_unit"}),
    "disclosure": ("disclosure", {}),
    "auditor": ("auditor", {}),
}
"""Everybody who has a key and is no owner of a confidential place: the role, and for whom it acts."""

ORGANISATIONS = ("haven", "refuge", "nest", "guest", "hostel", "health", "ngo", "saps", "dsd")
OWNER = "owner"
OWNERS: Mapping[str, tuple[Role, Mapping[str, str]]] = {OWNER: ("partner_manager", {"organisation_id": "haven"})}
STRANGER = "somebody without a key"


@dataclass(frozen=True, slots=True)
class World:
    """Ids by the names of this module, and everybody's key."""

    ids: Mapping[str, str]
    keys: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.ids[name]

    @property
    def readers(self) -> list[str]:
        """Everybody who is no owner of a confidential place."""
        return [*READERS, STRANGER]

    def client(self, app: Flask, reader: str) -> FlaskClient:
        """Somebody, with the key that is theirs."""
        client = app.test_client()
        if reader != STRANGER:
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.keys[reader]}"
        return client


class Builder:
    """Makes the world, record by record."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.ids: dict[str, str] = {}

    def add(self, name: str, collection: str, /, **given: Any) -> str:
        """Make a record and remember its id under a name."""
        self.ids[name] = str(make(self.client, collection, **given)["id"])
        return self.ids[name]

    def hideout(self, name: str, organisation: str) -> str:
        """A confidential site."""
        location = dict(HIDEOUTS[name].home.written())
        owner = self.ids[organisation]
        return self.add(name, "sites", organisation_id=owner, confidential=True, location=location)

    def open_site(self, name: str, organisation: str, called: str) -> str:
        """An open site."""
        lat, lon = OPEN_POINTS[name]
        location = {"address": f"{called}, Main Road", "lat": lat, "lon": lon}
        given = {"name": called, "confidential": False, "location": location}
        return self.add(name, "sites", organisation_id=self.ids[organisation], **given)

    def offered(self, name: str, service: str, site: str | None, free: int | None = None) -> str:
        """A service at a site, with room if it has beds."""
        room = None if free is None else {"unit": "bed", "total": 24, "available": free}
        at = None if site is None else self.ids[site]
        return self.add(name, "service_sites", service_id=self.ids[service], site_id=at, capacity=room)

    def reached(self, name: str, kind: str, owner: str, channel_kind: str, value: str, visibility: str) -> str:
        """A channel of a record made here."""
        given = {"channel_kind": channel_kind, "value": value, "visibility": visibility, "hours": "24h"}
        return self.add(name, "channels", owner={"type": kind, "id": self.ids[owner]}, **given)

    def linked(self, name: str, a: tuple[str, str], b: tuple[str, str]) -> str:
        """A link between two records made here."""
        ends = {end: {"type": kind, "id": self.ids[one]} for end, (kind, one) in (("a", a), ("b", b))}
        return self.add(name, "links", link_types=["referral_sent", "info_sharing"], **ends)

    def unlimited(self) -> None:
        """As many people named by matches as there are: how a match is cut over the allowance is tested elsewhere."""
        for name in ORGANISATIONS:
            path = f"/api/v1/organisations/{self.ids[name]}/quotas/contacts"
            answer = self.client.put(path, json={"daily": 1_000_000})
            assert answer.status_code == 200, answer.text

    def verified(self) -> None:
        """Somebody rang up all the services."""
        said = {"method": "phone", "outcome": "confirmed"}
        for name in ("haven", "haven_north_beds", "haven_east_beds", "refuge_beds", "shelter_beds"):
            path = "organisations" if name == "haven" else "service-sites"
            answer = self.client.post(f"/api/v1/{path}/{self.ids[name]}/verifications", json=said)
            assert answer.status_code == 201, answer.text


def build(app: Flask, engine: Engine) -> World:
    """Make the world in an empty registry."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {admit(engine, 'admin')}"
    builder = Builder(client)
    _organisations(builder)
    _units(builder)
    _sites(builder)
    _services(builder)
    _people(builder)
    _links(builder)
    builder.unlimited()
    builder.verified()
    keys = {
        name: admit(engine, role, **{field: builder.ids.get(one, one) for field, one in acts_for.items()})
        for name, (role, acts_for) in {**READERS, **OWNERS}.items()
    }
    return World(builder.ids, keys)


def _organisations(builder: Builder) -> None:
    for name, called, org_type in (
        ("haven", "Umusa Haven", "shelter"),
        ("refuge", "Ithemba Refuge", "shelter"),
        ("nest", "Sparrow Nest", "child_youth_care_centre"),
    ):
        builder.add(
            name,
            "organisations",
            name=called,
            org_type=org_type,
            sector="civil_society",
            province="ZA-LP",
            district="DC35",
            npo_number=NPO_NUMBERS[name],
            accreditation={
                "status": "valid",
                "number": CERTIFICATES[name],
                "issued": "2024-01-02",
                "expires": "2028-01-01",
            },
            external_ids=[{"scheme": "npo_register", "value": NPO_NUMBERS[name]}],
            source=f"NPO register, {NPO_NUMBERS[name]}",
        )
    for name, called, org_type, sector in (
        ("guest", "Open Hands Counselling", "ngo", "civil_society"),
        ("hostel", "Marula Hostel", "shelter", "civil_society"),
        ("health", "Limpopo Health", "health_facility", "government"),
        ("ngo", "Night Line", "ngo", "civil_society"),
        ("saps", "Police Service", "law_enforcement", "government"),
        ("dsd", "Social Development", "government_department", "government"),
    ):
        given = {"org_type": org_type, "sector": sector, "province": "ZA-LP", "district": "DC35"}
        builder.add(name, "organisations", name=called, **given)


def _units(builder: Builder) -> None:
    for name, level, scope, codes in (
        ("station", "station_site", "district", ["DC34"]),
        ("desk", "district", "district", ["DC34", "DC35"]),
        ("hawks", "provincial", "province", ["ZA-LP"]),
        ("saps_hq", "national", "national", []),
    ):
        serves = {"scope": scope, "codes": codes}
        given = {"name": f"Police {level}", "level": level, "serves": serves, "functions": ["police_report"]}
        builder.add(name, "departments", organisation_id=builder.ids["saps"], **given)
    serves = {"scope": "province", "codes": ["ZA-LP"]}
    given = {"name": "Victim services", "level": "provincial", "serves": serves}
    functions = ["case_management", "child_temporary_safe_care"]
    builder.add("dsd_unit", "departments", organisation_id=builder.ids["dsd"], functions=functions, **given)


def _sites(builder: Builder) -> None:
    for name in HIDEOUTS:
        builder.hideout(name, name.partition("_")[0])
    builder.open_site("office", "haven", "Welcome office")
    builder.open_site("shelter", "hostel", "Marula Hostel")
    builder.open_site("clinic", "health", "Clinic")
    builder.open_site("rest", "ngo", "Drop-in centre")
    builder.open_site("border", "saps", "Community service centre")
    house = builder.ids["haven_north"]
    builder.add("haven_unit", "departments", organisation_id=builder.ids["haven"], name="Intake", site_id=house)


def _services(builder: Builder) -> None:
    for name, owner, called, codes in (
        ("haven_shelter", "haven", "Safe beds", ["shelter_emergency", "shelter_second_stage"]),
        ("haven_talk", "haven", "Counselling", ["counselling"]),
        ("refuge_shelter", "refuge", "A room for now", ["shelter_emergency", "shelter_long_term"]),
        ("nest_care", "nest", "Children's home", ["child_temporary_safe_care", "child_youth_care_centre"]),
        ("guest_talk", "guest", "Talks at the house", ["counselling", "legal_advice"]),
        ("hostel_shelter", "hostel", "Hostel beds", ["shelter_emergency"]),
        ("clinic_doctor", "health", "Doctor", ["medical_general", "medical_emergency", "forensic_exam"]),
        ("ngo_line", "ngo", "Night line", ["counselling", "transport"]),
        ("police_case", "saps", "Reports", ["police_report"]),
    ):
        beds = {"eligibility": BEDS, "stay_max_days": 90} if any("shelter" in code for code in codes) else {}
        given = {"name": called, "codes": codes, "languages": ["eng", "ven"], "intake": "24h"}
        builder.add(name, "services", organisation_id=builder.ids[owner], **given, **beds)
    for name, service, site, free in (
        ("haven_north_beds", "haven_shelter", "haven_north", 5),
        ("haven_east_beds", "haven_shelter", "haven_east", 2),
        ("haven_office_talk", "haven_talk", "office", None),
        ("refuge_beds", "refuge_shelter", "refuge_house", 0),
        ("farm_beds", "refuge_shelter", "refuge_farm", 9),
        ("nest_beds", "nest_care", "nest_house", 4),
        ("guest_house_talk", "guest_talk", "haven_east", None),
        ("shelter_beds", "hostel_shelter", "shelter", 3),
        ("clinic_care", "clinic_doctor", "clinic", None),
        ("rest_talk", "ngo_line", "rest", None),
        ("far_talk", "ngo_line", None, None),
        ("border_case", "police_case", "border", None),
    ):
        builder.offered(name, service, site, free)


def _people(builder: Builder) -> None:
    for index, owner in enumerate(("haven", "refuge", "nest", "hostel", "ngo", "saps")):
        builder.add(f"{owner}_post", "posts", organisation_id=builder.ids[owner], title="Intake", functions=[])
        builder.add(f"{owner}_worker", "persons", full_name=f"Example Worker{index}", languages=["eng"])
        holds = {"person_id": builder.ids[f"{owner}_worker"], "post_id": builder.ids[f"{owner}_post"]}
        builder.add(f"{owner}_focal", "focal_points", primary=True, **holds)
        builder.reached(f"{owner}_line", "organisation", owner, "duty_line", f"08255501{index}0", "public")
        builder.reached(f"{owner}_cell", "person", f"{owner}_worker", "person_phone", f"08255502{index}0", "network")
    builder.reached("house_line", "service_site", "haven_north_beds", "duty_line", "0825550300", "restricted")


def _links(builder: Builder) -> None:
    haven, station, unit = ("organisation", "haven"), ("department", "station"), ("department", "dsd_unit")
    builder.linked("haven_station", haven, station)
    builder.linked("haven_desk", ("department", "desk"), haven)
    builder.linked("haven_unit_station", ("department", "haven_unit"), station)
    builder.linked("haven_dsd", haven, unit)
    builder.linked("ngo_haven", ("organisation", "ngo"), haven)
    builder.linked("ngo_hostel", ("organisation", "ngo"), ("organisation", "hostel"))
    builder.add("course", "trainings", attendees=[{"person_id": builder.ids["haven_worker"]}])
