"""Posts and the people in them."""

from typing import Any

from sqlalchemy.orm import Session

from directory.collection import Collection, Given
from directory.errors import Invalid
from directory.fields import Boolean, Code, Day, Field, Id, Listing, Shape, Text
from directory.models.department import Department
from directory.models.post import FocalPoint, Post
from directory.services.one_geography import check_lines, check_name

POST_FIELDS: dict[str, Field] = {
    "organisation_id": Id(to="organisations", doc="Its unit's organisation if left out."),
    "department_id": Id(to="departments"),
    "title": Text(doc="Names no place where the organisation is confidential."),
    "contact_role": Code(of="contact_role"),
    "functions": Listing(of=Code(of="service"), doc="Service codes the post is the focal point for."),
    "state": Code(among=("filled", "acting", "vacant"), doc="filled if left out."),
}

FOCAL_POINT_FIELDS: dict[str, Field] = {
    "person_id": Id(to="persons", required=True),
    "post_id": Id(to="posts", required=True),
    "starts": Day(),
    "ends": Day(doc="The first day out of the post."),
    "primary": Boolean(),
    "acting": Boolean(),
}

_NAMED = Shape(fields={"id": Id(to=""), "name": Text()})


def _place(session: Session, record: Any, given: Given) -> None:
    if record.department_id is None:
        if record.organisation_id is None:
            raise Invalid({"organisation_id": ["A post belongs to an organisation or to one of its units."]})
        return
    unit = session.get_one(Department, record.department_id)
    if record.organisation_id is None:
        record.organisation_id = unit.organisation_id
    elif record.organisation_id != unit.organisation_id:
        raise Invalid({"department_id": ["The unit is of another organisation."]})


def _post_rules(session: Session, record: Any, given: Given) -> None:
    check_name(session, record.organisation_id, record.title, "title")
    check_lines(session, record.organisation_id, "organisation_id")


def _rules(session: Session, record: Any, given: Given) -> None:
    check_lines(session, session.get_one(Post, record.post_id).organisation_id, "person_id")
    if record.starts is not None and record.ends is not None and record.ends < record.starts:
        raise Invalid({"ends": ["Must not be before starts."]})


POSTS = Collection(
    name="posts",
    model=Post,
    fields=POST_FIELDS,
    named_by="title",
    filters=frozenset({"province", "district", "service", "organisation_id", "department_id", "person_id"}),
    place=_place,
    rules=_post_rules,
)

FOCAL_POINTS = Collection(
    name="focal_points",
    model=FocalPoint,
    fields=FOCAL_POINT_FIELDS,
    shown={
        "person": _NAMED,
        "post": Shape(fields={"id": Id(to=""), "title": Text()}),
        "organisation": _NAMED,
        "department": _NAMED,
    },
    filters=frozenset({"organisation_id", "department_id", "person_id"}),
    rules=_rules,
)
