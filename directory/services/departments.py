"""Department units."""

from typing import Any

from sqlalchemy.orm import Session

from directory.collection import SERVES, Collection, Given
from directory.fields import Boolean, Code, Field, Id, Integer, Listing, Text
from directory.models.department import Department
from directory.services.competence import check_serves
from directory.services.one_geography import check_host, check_lines, check_name

FIELDS: dict[str, Field] = {
    "organisation_id": Id(to="organisations", required=True),
    "name": Text(required=True, doc="Names no place where the organisation is confidential."),
    "level": Code(of="level"),
    "serves": SERVES,
    "functions": Listing(of=Code(of="service"), doc="Service codes the unit answers for."),
    "site_id": Id(to="sites", doc="Where it is: not at another organisation's confidential place."),
    "typical_wait_days": Integer(most=3650),
}


def _rules(session: Session, record: Any, given: Given) -> None:
    check_serves(record.serves)
    check_name(session, record.organisation_id, record.name)
    check_host(session, record.site_id, record.organisation_id)
    check_lines(session, record.organisation_id, "organisation_id")


COLLECTION = Collection(
    name="departments",
    model=Department,
    fields=FIELDS,
    shown={"suspended": Boolean(required=True)},
    named_by="name",
    filters=frozenset({"province", "district", "service", "org_type", "sector", "organisation_id", "near"}),
    rules=_rules,
)
