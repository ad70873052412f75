"""A spreadsheet's rows as partners: which heads there are, and what a cell under each says. No database is asked."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from directory import geography, vocabulary
from directory.exchange.sheets import Line, head_of, letter
from directory.exchange.unpacking import Unreadable
from directory.fields import Code, Email, Field, Language, Text, Url, Wrong
from directory.geography import AmbiguousPlace, Place
from directory.services.organisations import FIELDS as ORGANISATION
from directory.services.reach import clean_phone
from directory.services.sites import USUALLY_CONFIDENTIAL

RESIDENTIAL = "residential"
SAME, OTHERS = "spreadsheet", re.compile(r"[;\n|]")
SEVERAL = re.compile(r"[;,\n|]| / ")
MOST_VALUES = 20
YES, NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0"})
CONFIDENTIAL = (
    "Confidential places are not imported: their addresses would travel in files. Leave the row out, and add the place "
    "by hand."
)
SAY = "Say `no` if this place of shelter is not confidential; one that is, is added by hand."


@dataclass(frozen=True, slots=True)
class Head:
    """A column: what else it may be called, and what stands under it."""

    doc: str
    called: tuple[str, ...] = ()


HEADS: Mapping[str, Head] = {
    "name": Head("The partner's name. Required.", ("organisation", "organization", "partner")),
    "alternate_names": Head("Other names.", ("other_names", "also_known_as", "aka")),
    "org_type": Head("A code or label of the vocabulary `org_type`.", ("type", "organisation_type")),
    "sector": Head("A code or label of the vocabulary `sector`."),
    "town": Head("A place of the gazetteer; it stands for the address.", ("place", "city", "town_or_city")),
    "district": Head("Code or name of a district or metro; without a town, its seat is taken.", ("municipality",)),
    "province": Head("Code or name: tells towns of one name apart."),
    "phones": Head("Office lines.", ("phone", "telephone", "tel", "telephones", "phone_number", "phone_numbers")),
    "emails": Head("Office mailboxes.", ("email", "e_mail", "e_mails", "mail")),
    "services": Head("Codes or labels of the vocabulary `service`.", ("service", "codes")),
    "languages": Head("Codes of ISO 639-3.", ("language",)),
    "website": Head("An http or https address.", ("web", "url")),
    "npo_number": Head("The number of registration as a non-profit organisation.", ("npo", "npo_no")),
    "external_id": Head("An identifier elsewhere, as `scheme:value`.", ("external_ids", "id")),
    "confidential": Head("`no` for a shelter whose place may be known; others are not imported."),
    "source": Head("Where the facts come from."),
}
"""All columns, in the order of the documents. Cells that hold several values have semicolons between them."""

BY_HEAD = {one: name for name, head in HEADS.items() for one in (name, *head.called)}


@dataclass(slots=True)
class Told:
    """What is wrong in a row: the column, a sentence, and places to choose from."""

    row: int
    column: str
    message: str
    candidates: list[dict[str, object]] | None = None


@dataclass(slots=True)
class Partner:
    """What a row says: fields of the organisation, its place, its lines and mailboxes, what it offers."""

    row: int
    fields: dict[str, Any] = field(default_factory=dict)
    place: Place | None = None
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)


def partners(lines: Sequence[Line], services: Sequence[str]) -> Iterator[tuple[Partner, list[Told]]]:
    """Each row with what is wrong in it; `services` are those of rows that name none. Raises Unreadable."""
    heads = _heads(lines[0])
    columns = {index: name for name, index in heads.items()}
    for line in lines[1:]:
        told = [Told(line.number, columns.get(index, letter(index)), said) for index, said in line.wrong.items()]
        cells = {name: line.cells[index] for name, index in heads.items() if index < len(line.cells)}
        yield _partner(line.number, {name: cell for name, cell in cells.items() if cell}, services, told), told


def _heads(line: Line) -> dict[str, int]:
    heads = [head_of(cell) for cell in line.cells]
    strange = [cell for cell, head in zip(line.cells, heads, strict=True) if cell and head not in BY_HEAD]
    if line.wrong or strange:
        said, known = ", ".join(strange)[:200], ", ".join(HEADS)
        raise Unreadable(f"No column is called: {said}. There are: {known}. Addresses are not taken.")
    named = [BY_HEAD.get(head, "") for head in heads]
    twice = sorted({name for name in named if name and named.count(name) > 1})
    if twice:
        raise Unreadable(f"Two columns say the same: {', '.join(twice)}.")
    if "name" not in named:
        raise Unreadable("The first row has to name the columns, one of them `name`.")
    return {name: index for index, name in enumerate(named) if name}


def _partner(row: int, cells: Mapping[str, str], services: Sequence[str], told: list[Told]) -> Partner:
    partner = Partner(row)

    def reading(column: str, read: Callable[[str], Any]) -> Any:
        """What a cell says, or nothing and what is wrong with it."""
        if column not in cells:
            return None
        try:
            return read(cells[column])
        except Wrong as wrong:
            told.extend(Told(row, column, said) for texts in wrong.errors.values() for said in texts)
        except AmbiguousPlace as unclear:
            said = "No place, or several, are called so."
            told.append(Told(row, column, said, [geography.describe(one) for one in unclear.candidates]))
        return None

    if "name" not in cells:
        told.append(Told(row, "name", "Missing data for required field."))
    for column, read in READ.items():
        kept = reading(column, read)
        if kept is not None:
            partner.fields[column] = kept
    external = reading("external_id", _external)
    if external:
        partner.fields["external_ids"] = external
    partner.phones = reading("phones", _each(clean_phone)) or []
    partner.emails = reading("emails", _each(Email().clean)) or []
    partner.languages = reading("languages", _each(lambda text: Language().clean(text.casefold()))) or []
    partner.services = reading("services", _each(_term("service"))) or list(services)
    partner.place = _place(row, cells, reading, told)
    _refuse_confidential(partner, cells, told)
    return partner


def codes_of(text: str) -> list[str]:
    """Services for all rows that name none. Raises Wrong."""
    return _each(_term("service"))(text)


def _each(clean: Callable[[str], str]) -> Callable[[str], list[str]]:
    """Several values in one cell."""

    def read(cell: str) -> list[str]:
        written = dict.fromkeys(one.strip() for one in SEVERAL.split(cell) if one.strip())
        if len(written) > MOST_VALUES:
            raise Wrong(f"Must have at most {MOST_VALUES} values.")
        return list(dict.fromkeys(clean(one) for one in written))

    return read


def _term(name: str) -> Callable[[str], str]:
    """A code of the vocabulary, or its label, however it is spelt."""

    def read(text: str) -> str:
        wanted = head_of(text)
        for term in vocabulary.terms(name).values():
            if wanted in (term["code"], head_of(term["label"])):
                return str(term["code"])
        return str(Code(of=name).clean(text))

    return read


def _names(cell: str) -> list[str]:
    named: list[str] = ORGANISATION["alternate_names"].clean([one.strip() for one in OTHERS.split(cell) if one.strip()])
    return named


def _external(cell: str) -> list[dict[str, str]]:
    scheme, colon, value = cell.partition(":")
    made = {"scheme": scheme.strip() if colon else SAME, "value": (value if colon else scheme).strip()}
    return [{name: Text(most=most).clean(made[name]) for name, most in (("scheme", 60), ("value", 200))}]


def _cleaned(field: Field) -> Callable[[str], Any]:
    return field.clean


READ: Mapping[str, Callable[[str], Any]] = {
    "name": _cleaned(ORGANISATION["name"]),
    "alternate_names": _names,
    "org_type": _term("org_type"),
    "sector": _term("sector"),
    "website": _cleaned(Url()),
    "npo_number": _cleaned(ORGANISATION["npo_number"]),
    "source": _cleaned(Text(most=300)),
}
"""Cells that are fields of the organisation as they stand."""


def _place(row: int, cells: Mapping[str, str], reading: Callable[..., Any], told: list[Told]) -> Place | None:
    province = reading("province", _province)
    district = reading("district", _district)
    if ("province" in cells and province is None) or ("district" in cells and district is None):
        return None
    if "town" in cells:
        found: Place | None = reading("town", lambda name: _town(name, province, district))
    elif district is not None:
        found = geography.places_by_id()[geography.districts()[district].seat_place_id]
    else:
        told.append(Told(row, "town", "Say the town or the district."))
        return None
    if found is not None and province not in (None, found.province):
        told.append(Told(row, "province", "The place lies in another province."))
    return found


def _town(name: str, province: str | None, district: str | None) -> Place:
    """Raises AmbiguousPlace. A district tells apart places of one name."""
    try:
        return _within(geography.resolve_place(name, province), district)
    except AmbiguousPlace as unclear:
        same = [one for one in unclear.candidates if geography.normalise(name) == geography.normalise(one.name)]
        here = [one for one in same if one.district == district]
        if len(here) != 1:
            raise
        return here[0]


def _within(place: Place, district: str | None) -> Place:
    if district not in (None, place.district):
        raise Wrong("The place lies in another district.")
    return place


def _province(text: str) -> str:
    wanted = geography.normalise(text)
    for code, name in geography.provinces().items():
        if wanted in (code.casefold(), code.partition("-")[2].casefold(), geography.normalise(name)):
            return code
    raise Wrong("Must be a province, by code or name.")


def _district(text: str) -> str:
    wanted = geography.normalise(text)
    for code, one in geography.districts().items():
        if wanted in (code.casefold(), geography.normalise(one.name)):
            return code
    raise Wrong("Must be a district or metro, by code or name.")


def _refuse_confidential(partner: Partner, cells: Mapping[str, str], told: list[Told]) -> None:
    said = cells.get("confidential", "").casefold()
    groups = {vocabulary.terms("service")[code]["group"] for code in partner.services}
    if said in YES:
        told.append(Told(partner.row, "confidential", CONFIDENTIAL))
    elif said and said not in NO:
        told.append(Told(partner.row, "confidential", "Must be yes or no."))
    elif not said and (partner.fields.get("org_type") in USUALLY_CONFIDENTIAL or RESIDENTIAL in groups):
        told.append(Told(partner.row, "confidential", SAY))
