"""Organisations."""

from typing import Any

from sqlalchemy.orm import Session

from directory import geography
from directory.collection import Collection, Given
from directory.errors import Invalid
from directory.fields import Boolean, Code, Day, District, Field, Id, Listing, Province, Shape, Text, Url
from directory.models.organisation import Organisation

ACCREDITATION_STATUSES = (
    "valid",
    "pending",
    "lapsed",
    "expired",
    "suspended",
    "withdrawn",
    "refused",
    "none",
    "unknown",
)

ACCREDITATION = Shape(
    fields={
        "status": Code(among=ACCREDITATION_STATUSES, required=True),
        "number": Text(most=60),
        "issued": Day(),
        "expires": Day(),
    },
    doc="Accreditation under section 24 of Act 7 of 2013. The number of a confidential organisation is absent.",
)

FUNDING = Shape(fields={"source": Text(required=True), "kind": Text(most=60), "starts": Day(), "ends": Day()})

FIELDS: dict[str, Field] = {
    "name": Text(required=True, example="Thandeka Women's Haven"),
    "alternate_names": Listing(of=Text(), most=20),
    "org_type": Code(of="org_type"),
    "sector": Code(of="sector"),
    "department_code": Code(of="department"),
    "parent_id": Id(to="organisations"),
    "description": Text(most=4000),
    "website": Url(),
    "npo_number": Text(most=30, doc="Absent for a confidential organisation: public registers list addresses."),
    "accreditation": ACCREDITATION,
    "province": Province(doc="Absent for a confidential organisation."),
    "district": District(doc="Absent for a confidential organisation."),
    "funding": Listing(of=FUNDING, most=40, distinct=False),
}


def _place(session: Session, record: Any, given: Given) -> None:
    if record.district is not None:
        province = geography.districts()[record.district].province
        if record.province is None:
            record.province = province
        elif record.province != province:
            raise Invalid({"district": [f"{record.district} lies in {province}."]})


def _rules(session: Session, record: Any, given: Given) -> None:
    if record.parent_id is not None and record.parent_id == record.id:
        raise Invalid({"parent_id": ["An organisation is not its own parent."]})


COLLECTION = Collection(
    name="organisations",
    model=Organisation,
    fields=FIELDS,
    shown={
        "suspended": Boolean(required=True),
        "merged_into": Id(to="organisations", doc="The record that is the same organisation; null for most."),
    },
    named_by="name",
    filters=frozenset({"province", "district", "service", "org_type", "sector", "organisation_id", "near"}),
    place=_place,
    rules=_rules,
)
