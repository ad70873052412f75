"""Organisations, with their units as programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from directory import geography
from directory.exchange.hsds import lines
from directory.exchange.hsds.lines import Lines
from directory.exchange.hsds.parts import Json, Published, derived, labelled, said
from directory.exchange.hsds.places import whole_location
from directory.exchange.hsds.taxonomies import classified, label

NPO = ("ZA-NPO", "Number in the national register of non-profit organisations")
LOADED = "load"
"""The scheme of the loader's own keys, which are nobody else's."""
SAFE = ":/?#[]@!$&'()*+,;=%-._~"


@dataclass(frozen=True, slots=True)
class Around:
    """What an actor reads around an organisation."""

    sites: Sequence[Published] = ()
    units: Sequence[Published] = ()
    posts: Sequence[Published] = ()
    lines: Mapping[str, Lines] = field(default_factory=dict)
    services: Sequence[Json] | None = None

    def of(self, owner: str) -> Lines:
        """The channels of an owner."""
        return self.lines.get(owner, Lines())


def brief(one: Published, own: Lines) -> Json:
    """The fields of an organisation of which there is one each."""
    website = one.get("website")
    return said(
        id=one["id"],
        name=one["name"],
        alternate_name="; ".join(one["alternate_names"]) or None,
        description=one.get("description") or _kind(one),
        email=own.email,
        website=None if website is None else quote(website, safe=SAFE),
        parent_organization_id=one.get("parent_id"),
    )


def nested(one: Published, own: Lines) -> Json:
    """An organisation as it stands in a service: its units, places and contacts are at its own address."""
    return {
        **brief(one, own),
        **said(
            funding=[_grant(one["id"], at, given) for at, given in enumerate(one["funding"])],
            phones=own.phones,
            organization_identifiers=_identifiers(one),
            attributes=_attributes(one),
        ),
    }


def whole(one: Published, around: Around) -> Json:
    """An organisation with all that belongs to it."""
    own = around.of(one["id"])
    units = {unit["id"]: unit for unit in around.units}
    contacts = [*own.others]
    for unit in around.units:
        contacts += lines.of_unit(unit, around.of(unit["id"]))
    for post in around.posts:
        contacts += lines.of_post(post, units.get(post["department_id"] or ""), around.of(post["id"]))
    return {
        **nested(one, own),
        **said(
            locations=[whole_location(site) for site in around.sites],
            programs=[{**program(unit), **said(attributes=_of_unit(unit))} for unit in around.units],
            contacts=contacts,
        ),
        **({} if around.services is None else {"services": list(around.services)}),
    }


def program(unit: Published) -> Json:
    """A unit. HSDS wants a description: what the unit answers for."""
    level = "" if unit["level"] is None else f" ({label('level', unit['level'])})"
    duties = "; ".join(label("service", code) for code in unit["functions"]) or "no functions are named"
    return {"id": unit["id"], "name": unit["name"], "description": f"Unit{level}: {duties}"}


def accreditation(one: Published) -> str | None:
    """The accreditation of an organisation, as its services have it."""
    held = one.get("accreditation")
    if held is None:
        return None
    words = [f"Section 24 of Act 7 of 2013: {label('accreditation_status', held['status'])}"]
    words += [f"number {held['number']}"] if held.get("number") else []
    words += [f"{name} {held[name]}" for name in ("issued", "expires") if held.get(name)]
    return ", ".join(words)


def _kind(one: Published) -> str:
    named = [label(name, one[name]) for name in ("org_type", "sector") if one[name] is not None]
    return ", ".join(named) or "Nothing more is published of it."


def _identifiers(one: Published) -> list[Json]:
    number = one.get("npo_number")
    known = [] if number is None else [(*NPO, number)]
    known += [
        (each["scheme"], each["scheme"], each["value"]) for each in one["external_ids"] if each["scheme"] != LOADED
    ]
    return [
        {
            "id": derived(one["id"], "identifier", at),
            "identifier_scheme": scheme,
            "identifier_type": kind,
            "identifier": value,
        }
        for at, (scheme, kind, value) in enumerate(known)
    ]


def _grant(owner: str, at: int, given: Mapping[str, Any]) -> Json:
    identifier = derived(owner, "funding", at)
    more = [
        labelled(identifier, name, given[name], name)
        for name in ("kind", "starts", "ends")
        if given.get(name) is not None
    ]
    return said(id=identifier, source=given["source"], attributes=more)


def _attributes(one: Published) -> list[Json]:
    found = classified(one["id"], "org_type", [one["org_type"]])
    found += classified(one["id"], "sector", [one["sector"]])
    found += classified(one["id"], "department", [one["department_code"]])
    held = accreditation(one)
    if held is not None:
        found.append(labelled(one["id"], "accreditation", held, "Accreditation", link_type="accreditation"))
    names: Mapping[str, Any] = {"province": geography.provinces(), "district": geography.districts()}
    for name in names:
        if one.get(name) is not None:
            found.append(labelled(one["id"], name, one[name], name, link_type=name))
    return found


def _of_unit(unit: Published) -> list[Json]:
    found = classified(unit["id"], "level", [unit["level"]]) + classified(unit["id"], "service", unit["functions"])
    serves = unit.get("serves")
    if serves is not None:
        codes = serves["codes"] or [serves["scope"]]
        found.append(labelled(unit["id"], "serves", list(codes), "Area it is competent for", link_type="serves"))
    return found
