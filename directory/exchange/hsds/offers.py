"""Services, and services at locations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from directory.exchange.hsds import asked_for, lines, organisations, places, times
from directory.exchange.hsds.lines import Lines
from directory.exchange.hsds.parts import Json, Published, derived, labelled, moment, said
from directory.exchange.hsds.taxonomies import classified, label

LEAST = {"none": 0, "1-2": 1, "3+": 3}
"""What is at least free in a band: of a confidential place nobody reads more."""
INTERPRETERS = {
    "yes": "An interpreter can be called.",
    "no": "No interpreter can be called.",
    "case_by_case": "Whether an interpreter can be called depends on the case.",
}


@dataclass(frozen=True, slots=True)
class Around:
    """What an actor reads around a page of services."""

    organisations: Mapping[str, Published]
    units: Mapping[str, Published]
    service_sites: Mapping[str, Sequence[Published]] = field(default_factory=dict)
    sites: Mapping[str, Published] = field(default_factory=dict)
    posts: Mapping[str, Sequence[Published]] = field(default_factory=dict)
    lines: Mapping[str, Lines] = field(default_factory=dict)

    def of(self, owner: str) -> Lines:
        """The channels of an owner."""
        return self.lines.get(owner, Lines())

    def unit(self, service: Published) -> Published | None:
        """The unit that gives a service, where the actor reads it."""
        return self.units.get(service["department_id"] or "")


def brief(service: Published, around: Around) -> Json:
    """The fields of a service of which there is one each, with its organisation and program in short."""
    owner, unit = around.organisations.get(service["organisation_id"]), around.unit(service)
    return {
        **_fields(service, owner),
        **said(
            organization=None if owner is None else organisations.brief(owner, around.of(owner["id"])),
            program=None if unit is None else organisations.program(unit),
        ),
    }


def whole(service: Published, around: Around, *, at: Published | None = None, owned: bool = False) -> Json:
    """A service with all that belongs to it: `at` one place only, or `owned` by what it stands in, does not say so."""
    owner, unit = around.organisations.get(service["organisation_id"]), around.unit(service)
    identifier, answers = service["id"], service["eligibility"] or {}
    given = around.service_sites.get(identifier, ()) if at is None else (at,)
    called = (around.of(unit["id"]) if unit else None) or around.of(service["organisation_id"])
    return {
        **_fields(service, owner),
        **said(
            email=called.email,
            phones=called.phones,
            contacts=_contacts(service, around),
            schedules=times.schedules(identifier, service["intake"] or answers.get("intake")),
            service_areas=places.service_areas(identifier, _serves(service, unit)),
            service_at_locations=[_at(one, around) for one in given] if at is None else None,
            languages=asked_for.languages(identifier, service["languages"] or answers.get("languages_spoken")),
            organization=organisations.nested(owner, around.of(owner["id"])) if owner and not owned else None,
            cost_options=asked_for.costs(identifier, service["cost"] or answers.get("cost")),
            program=None if unit is None else organisations.program(unit),
            required_documents=asked_for.documents(identifier, answers),
            capacities=[room for one in given if (room := _capacity(one, around)) is not None],
            attributes=_attributes(service, answers),
        ),
    }


def brief_at(one: Published, service: Published | None, around: Around) -> Json:
    """A service at a location, with both in short."""
    site = around.sites.get(one["site_id"] or "")
    where = places.from_afar(one["id"]) if one["site_id"] is None else None if site is None else places.location(site)
    return said(id=one["id"], location=where, service=None if service is None else brief(service, around))


def whole_at(one: Published, service: Published | None, around: Around) -> Json:
    """A service at a location, with all that belongs to it."""
    own = None if service is None else whole(service, around, at=one)
    return {**_at(one, around), **said(service=own)}


def _at(one: Published, around: Around) -> Json:
    called, site = around.of(one["id"]), around.sites.get(one["site_id"] or "")
    where = places.from_afar(one["id"]) if one["site_id"] is None else None
    mailbox = [] if called.email is None else [{"id": derived(one["id"], "contact"), "email": called.email}]
    return said(
        id=one["id"],
        location=where if site is None else places.whole_location(site),
        phones=called.phones,
        contacts=mailbox + called.others,
    )


def _fields(service: Published, owner: Published | None) -> Json:
    answers, verified = service["eligibility"] or {}, service["verified_at"]
    cost = service["cost"] or answers.get("cost")
    return said(
        id=service["id"],
        name=service["name"],
        description="; ".join(label("service", code) for code in service["codes"]) or None,
        status="active",
        interpretation_services=INTERPRETERS.get(
            service["interpreter_on_call"] or answers.get("interpreter_on_call") or ""
        ),
        fees_description=None if cost in (None, asked_for.UNKNOWN) else label("cost", cost),
        accreditations=None if owner is None else organisations.accreditation(owner),
        eligibility_description=asked_for.in_words(answers),
        minimum_age=asked_for.limit(answers, "age_min"),
        maximum_age=asked_for.limit(answers, "age_max"),
        assured_date=None if verified is None else verified.date().isoformat(),
        last_modified=moment(service["updated_at"]),
    )


def _serves(service: Published, unit: Published | None) -> Mapping[str, Any] | None:
    """The service's own area, else its unit's; none where its own may not be read."""
    if "serves" not in service:
        return None
    own: Mapping[str, Any] | None = service["serves"]
    return own if own is not None or unit is None else unit.get("serves")


def _contacts(service: Published, around: Around) -> list[Json]:
    unit = around.unit(service)
    if unit is None:
        return []
    found = around.of(unit["id"]).others
    for post in around.posts.get(unit["id"], ()):
        found += lines.of_post(post, unit, around.of(post["id"]))
    return found


def _capacity(one: Published, around: Around) -> Json | None:
    """How much room there is at a place: of a confidential one the least of its published band."""
    room = one["capacity"]
    if room is None:
        return None
    band = room.get("band")
    available = room.get("available") if band is None else LEAST[band]
    if available is None:
        return None
    words = None if band is None else f"{label('capacity_band', band)}: the least of the published band."
    unit = room["unit"]
    return said(
        id=derived(one["id"], "capacity"),
        unit={"id": derived("unit", unit), "name": label("capacity_unit", unit), "identifier": unit},
        available=available,
        maximum=room.get("total"),
        description=words,
        updated=moment(room["as_of"]),
        service_at_location_id=one["id"],
    )


def _attributes(service: Published, answers: Mapping[str, Any]) -> list[Json]:
    identifier = service["id"]
    found = classified(identifier, "service", service["codes"])
    found += classified(identifier, "delivery", [service["delivery"]])
    told = {name: service[name] for name in ("setting", "transport", "stay_max_days") if service[name] is not None}
    found += asked_for.attributes(identifier, {**answers, **told})
    wait = service["typical_wait_days"]
    if wait is not None:
        found.append(labelled(identifier, "typical_wait_days", wait, "Usual wait in days", link_type="wait"))
    return found
