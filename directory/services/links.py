"""Links."""

from typing import Any

from sqlalchemy.orm import Session

from directory.collection import Collection, Given, typed_reference
from directory.fields import Code, Day, Field, Id, Instant, Integer, Listing, Number, Shape
from directory.models.link import Link

ENDS = ("organisation", "department")
END = Code(among=("a", "b"), required=True)
LINK_TYPES = Listing(of=Code(of="link_type"))

FIELDS: dict[str, Field] = {
    "a": typed_reference(*ENDS),
    "b": typed_reference(*ENDS),
    "link_types": LINK_TYPES,
    "carriers": Listing(
        of=Shape(fields={"end": END, "focal_point_id": Id(to="focal_points", required=True), "link_types": LINK_TYPES}),
        most=100,
        doc="The people at either end by whom the link is used, and for what.",
    ),
    "channels": Listing(
        of=Shape(fields={"end": END, "channel_id": Id(to="channels", required=True)}),
        most=100,
        doc="The institutional channels of either end.",
    ),
    "memorandum": Shape(fields={"signed": Day(), "expires": Day()}),
    "facts": Listing(
        of=Shape(
            fields={
                "on": Day(required=True),
                "frequency": Code(of="frequency"),
                "support_level": Code(of="support_level"),
                "response": Code(of="response"),
            }
        ),
        most=200,
        distinct=False,
    ),
    "last_confirmed_at": Instant(),
}

GRADES = ("dead", "single_contact", "single_channel", "person_only", "backed")
BANDS = ("fresh", "ageing", "stale")
TRAJECTORIES = ("government_government", "civil_society_civil_society", "government_civil_society")

SHOWN: dict[str, Field] = {
    "grade_a": Code(among=GRADES),
    "grade_b": Code(among=GRADES),
    "grade": Code(among=GRADES, doc="The worse end's."),
    "redundancy": Integer(doc="r = |C| + |I| at the worse end."),
    "m": Integer(doc="Multiplexity: link types in use."),
    "m_s": Integer(doc="Survival multiplexity: link types that outlive the loss of any one person."),
    "n_eff": Number(least=0, most=1_000_000, doc="Effective contacts, 1 / sum of squared shares."),
    "band": Code(among=BANDS),
    "trajectory": Code(among=TRAJECTORIES),
}


def _place(session: Session, record: Any, given: Given) -> None:
    for end in ("a", "b"):
        if given.get(end) is not None:
            setattr(record, f"{end}_type", given[end]["type"])
            setattr(record, f"{end}_id", given[end]["id"])


COLLECTION = Collection(
    name="links",
    model=Link,
    fields=FIELDS,
    shown=SHOWN,
    filters=frozenset({"province", "district", "organisation_id", "department_id", "person_id", "grade"}),
    place=_place,
)
