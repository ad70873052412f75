"""The registry as Open Referral's HSDS has it: same readers, same fields left out, other names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from flask import Response

from directory.errors import Invalid, NotFound
from directory.exchange.hsds import reading, taxonomies
from directory.exchange.hsds.parts import VERSION
from directory.exchange.hsds.reading import Asked
from directory.fields import Field, as_instant
from directory.geography import normalise
from directory.services.catalogue import COLLECTIONS
from web import transaction
from web.auth import actor
from web.browser import origin
from web.json import answer, sent
from web.paths import HSDS
from web.schemas import hsds as schemas
from web.schemas.filters import LARGEST_PAGE, USUAL_PAGE
from web.schemas.hsds_examples import BRIEF, WHOLE
from web.smorest import PUBLIC, Blueprint, Gives, Json, Operation

TAG = "hsds"
Query = Mapping[str, Any]


def show_root(query: Query) -> Response:
    """Which specification this is, and where its profile and document are."""
    here = origin()
    links = {"profile": f"{here}{HSDS}/profile", "openapi_url": f"{here}/openapi.json"}
    return answer({"version": VERSION, **links})


def show_profile(query: Query) -> Response:
    """What of the specification is used, added and left out."""
    return answer(schemas.PROFILE)


def list_services(query: Query) -> Response:
    """Services."""
    asked = _asked("services", query, schemas.MOST_IDS if query.get("minimal") else USUAL_PAGE)
    if query.get("minimal"):
        return _page(asked, reading.service_ids(transaction.session(), actor(), asked))
    if asked.per_page > LARGEST_PAGE:
        raise Invalid({"per_page": [f"At most {LARGEST_PAGE}, unless only ids are asked for (minimal=true)."]})
    return _page(asked, reading.services(transaction.session(), actor(), asked))


def list_at_locations(query: Query) -> Response:
    """Services at locations."""
    asked = _asked("service_sites", query)
    return _page(asked, reading.services_at_locations(transaction.session(), actor(), asked))


def list_organizations(query: Query) -> Response:
    """Organisations."""
    asked = _asked("organisations", query)
    return _page(asked, reading.organizations(transaction.session(), actor(), asked))


def show_service(query: Query, record_id: UUID) -> Response:
    """One service."""
    asked = reading.by_id(str(record_id))
    return _one("services", reading.services(transaction.session(), actor(), asked), record_id)


def show_at_location(query: Query, record_id: UUID) -> Response:
    """One service at one place."""
    asked = reading.by_id(str(record_id))
    found = reading.services_at_locations(transaction.session(), actor(), asked)
    return _one("service_at_locations", found, record_id)


def show_organization(query: Query, record_id: UUID) -> Response:
    """One organisation."""
    asked, offered = reading.by_id(str(record_id)), bool(query.get("full_service"))
    found = reading.organizations(transaction.session(), actor(), asked, with_services=offered)
    return _one("organizations", found, record_id)


def list_taxonomies(query: Query) -> Response:
    """Taxonomies."""
    return _some(query, taxonomies.taxonomies())


def list_terms(query: Query) -> Response:
    """Terms."""
    wanted = query.get("taxonomy_id")
    those = [one for one in taxonomies.terms() if wanted in (None, one["taxonomy_detail"]["id"])]
    return _some(query, those)


def show_taxonomy(query: Query, record_id: UUID) -> Response:
    """One taxonomy."""
    return _one("taxonomies", _with_id(taxonomies.taxonomies(), record_id), record_id)


def show_term(query: Query, record_id: UUID) -> Response:
    """One term."""
    return _one("taxonomy_terms", _with_id(taxonomies.terms(), record_id), record_id)


def _asked(name: str, query: Query, usual: int = USUAL_PAGE) -> Asked:
    """A page of a collection. Raises Invalid."""
    filters = {"q": query.get("search"), "organisation_id": query.get("organization_id")}
    filters["updated_since"] = as_instant(query.get("modified_after"))
    term = query.get("taxonomy_term_id")
    if term is not None:
        found = taxonomies.found_by().get(term)
        if found is None or found[0] not in COLLECTIONS[name].filters:
            raise Invalid({"taxonomy_term_id": ["Nothing here is found by this term."]})
        filters[found[0]] = found[1]
    given = {one: value for one, value in filters.items() if value is not None}
    page, size = query.get("page") or 1, query.get("per_page") or usual
    return Asked(filters=given, page=page, per_page=size, full=bool(query.get("full")))


def _some(query: Query, those: Sequence[Json]) -> Response:
    """A page of what the vocabulary has."""
    words = normalise(query.get("search") or "")
    found = [one for one in those if words in normalise(f"{one['name']} {one['description']}")]
    asked = Asked(page=query.get("page") or 1, per_page=query.get("per_page") or USUAL_PAGE)
    start = (asked.page - 1) * asked.per_page
    return _page(asked, (found[start : start + asked.per_page], len(found)))


def _with_id(those: Sequence[Json], record_id: UUID) -> reading.Page:
    found = [one for one in those if one["id"] == str(record_id)]
    return found, len(found)


def _one(path: str, page: reading.Page, record_id: UUID) -> Response:
    """The one that was asked for by its id. Raises NotFound."""
    if not page[0]:
        raise NotFound(path, str(record_id))
    return sent(orjson.dumps(page[0][0]))


def _page(asked: Asked, page: reading.Page) -> Response:
    return sent(orjson.dumps(_enveloped(asked, page)))


def _enveloped(asked: Asked, page: reading.Page) -> Json:
    contents, total = page
    pages = -(-total // asked.per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": asked.page,
        "size": len(contents),
        "first_page": asked.page == 1,
        "last_page": asked.page >= pages,
        "empty": not contents,
        "contents": contents,
    }


OPEN = frozenset({"taxonomies", "taxonomy_terms"})
"""What is open to all, as the vocabulary is."""


@dataclass(frozen=True, slots=True)
class Face:
    """A kind of object: the last part of its address, its name in the profile, what it is called, and its queries."""

    path: str
    name: str
    words: str
    of_list: Mapping[str, Field]
    of_one: Mapping[str, Field] = field(default_factory=dict)

    @property
    def policy(self) -> str:
        """Who may ask for it."""
        return PUBLIC if self.path in OPEN else "registry.read"

    def listing(self) -> Operation:
        """The list."""
        items = [schemas.reference(self.name), *([schemas.CHANGED] if "minimal" in self.of_list else [])]
        return Operation(
            method="GET",
            rule=f"{HSDS}/{self.path}",
            id=f"list{schemas.component(self.path)}",
            policy=self.policy,
            tag=TAG,
            summary=f"List {self.words}",
            query=self.of_list,
            gives=(Gives(schema=schemas.page_of(*items), example=_enveloped(Asked(), ([BRIEF[self.path]], 1))),),
        )

    def one(self) -> Operation:
        """One of them."""
        return Operation(
            method="GET",
            rule=f"{HSDS}/{self.path}/<uuid:record_id>",
            id=f"get{schemas.component(self.name)}",
            policy=self.policy,
            tag=TAG,
            summary=f"Read one of the {self.words}, with all that belongs to it",
            query=self.of_one,
            gives=(Gives(schema=schemas.reference(self.name), example=WHOLE[self.path], description="As it is."),),
            problems=("not-found",),
        )


FACES: Sequence[tuple[Face, Callable[[Query], Response], Callable[..., Response]]] = (
    (Face("services", "service", "services", schemas.SERVICES), list_services, show_service),
    (
        Face("service_at_locations", "service_at_location", "services at locations", schemas.AT_LOCATIONS),
        list_at_locations,
        show_at_location,
    ),
    (
        Face("organizations", "organization", "organisations", schemas.ORGANIZATIONS, schemas.ORGANIZATION),
        list_organizations,
        show_organization,
    ),
    (Face("taxonomies", "taxonomy", "taxonomies", schemas.TAXONOMIES), list_taxonomies, show_taxonomy),
    (Face("taxonomy_terms", "taxonomy_term", "terms", schemas.TERMS), list_terms, show_term),
)


def _about() -> list[tuple[Operation, Any]]:
    address: Json = {"type": "string", "format": "uri"}
    names = ("version", "profile", "openapi_url")
    root: Json = {
        "type": "object",
        "properties": {"version": {"type": "string"}, "profile": address, "openapi_url": address},
        "required": list(names),
    }
    here = "https://directory.example"
    shown = dict(zip(names, (VERSION, f"{here}{HSDS}/profile", f"{here}/openapi.json"), strict=True))
    first = Operation(
        method="GET",
        rule=f"{HSDS}/",
        id="getHsds",
        policy=PUBLIC,
        tag=TAG,
        summary="Which version of HSDS this is",
        gives=(Gives(schema=root, example=shown),),
    )
    profile = Operation(
        method="GET",
        rule=f"{HSDS}/profile",
        id="getHsdsProfile",
        policy=PUBLIC,
        tag=TAG,
        summary="What of HSDS is used, added and left out, with the schemas of what is answered",
        gives=(Gives(schema={"type": "object"}, example={"specification": schemas.PROFILE["specification"]}),),
    )
    return [(first, show_root), (profile, show_profile)]


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("hsds", __name__)
    for operation, view in _about():
        made.operation(operation, view)
    for face, listed, shown in FACES:
        made.operation(face.listing(), listed)
        made.operation(face.one(), shown)
    return made
