"""People listed as focal points."""

from directory.collection import Collection
from directory.fields import Code, Field, Language, Listing, Text
from directory.models.person import Person

STATUSES = ("active", "on_leave", "closed")

FIELDS: dict[str, Field] = {
    "full_name": Text(required=True),
    "languages": Listing(of=Language(), doc="ISO 639-3."),
    "status": Code(among=STATUSES, doc="active, on_leave or closed."),
}

COLLECTION = Collection(
    name="persons",
    model=Person,
    fields=FIELDS,
    named_by="full_name",
    filters=frozenset({"organisation_id", "department_id", "person_id"}),
    statuses=STATUSES,
)
