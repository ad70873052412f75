"""Trainings."""

from directory.collection import Collection
from directory.fields import Boolean, Day, Field, Id, Listing, Shape, Text
from directory.models.training import Training

FIELDS: dict[str, Field] = {
    "course": Text(required=True),
    "provider": Text(),
    "unit_standard": Text(most=60),
    "accredited": Boolean(),
    "held_on": Day(),
    "expires": Day(),
    "attendees": Listing(
        of=Shape(
            fields={
                "person_id": Id(to="persons", required=True),
                "organisation_id": Id(to="organisations"),
                "department_id": Id(to="departments"),
            }
        ),
        most=1000,
    ),
}

COLLECTION = Collection(
    name="trainings",
    model=Training,
    fields=FIELDS,
    named_by="course",
    filters=frozenset({"organisation_id", "department_id", "person_id"}),
)
