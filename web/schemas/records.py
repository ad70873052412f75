"""What the API shows and takes of each collection: made once, from the declarations in directory, by one function."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema as AnySchema
from marshmallow.fields import Field as AnyField

from directory.collection import Collection
from directory.fields import Field, Instant, Integer, Number, Text
from directory.services.catalogue import COLLECTIONS
from directory.services.records import VERIFICATION
from web.smorest import Answer, Body, Declared, page_of, schema_of


@dataclass(frozen=True, slots=True)
class Surface:
    """The schemas of one collection; `name` is that of one record, as schemas and operations write it."""

    name: str
    record: type[AnySchema]
    page: type[AnySchema]
    writing: type[AnySchema]
    changing: type[AnySchema]


def surface(collection: Collection) -> Surface:
    """The schemas of a collection."""
    name = "".join(part.capitalize() for part in collection.name.removesuffix("s").split("_"))
    record = schema_of(name, collection.readable, Answer)
    patch: dict[str, AnyField[Any]] = {
        one: Declared(declared, patch=True) for one, declared in collection.changeable.items()
    }
    return Surface(
        name=name,
        record=record,
        page=page_of(record),
        writing=schema_of(f"{name}Write", collection.writable, Body),
        changing=Body.from_dict(patch, name=f"{name}Change"),
    )


SURFACES: Mapping[str, Surface] = {name: surface(collection) for name, collection in COLLECTIONS.items()}

VERIFICATION_WRITE = schema_of("VerificationWrite", VERIFICATION, Body)

VERIFICATION_FIELDS: Mapping[str, Field] = {
    "method": VERIFICATION["method"],
    "outcome": VERIFICATION["outcome"],
    "verified_at": Instant(required=True, doc="When it was asked."),
    "collection": Text(required=True, doc="Path of the collection of the record."),
    "record_id": Text(required=True),
}

VERIFICATION_READ = schema_of("Verification", VERIFICATION_FIELDS, Answer)

REVISION = Integer(most=2**53, required=True, doc="Rises with every published change of the registry.")
DISTANCE_KM = Number(least=0, most=20_100.0, doc="Kilometres on a sphere of radius 6371.0088 km.")
