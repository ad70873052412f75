"""Services, and the sites they are given at."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.answers import ELIGIBILITY, Eligibility, YesNo, hours
from directory.collection import SERVES, Collection, Given
from directory.errors import Denied, Invalid
from directory.fields import Code, Field, Id, Integer, Language, Listing, Shape, Text
from directory.models.department import Department
from directory.models.organisation import Organisation
from directory.models.service import Service, ServiceSite
from directory.models.site import Site
from directory.permissions import Actor
from directory.services import capacity
from directory.services.competence import check_serves
from directory.services.one_geography import check_lines, check_name, mask

SERVICE_FIELDS: dict[str, Field] = {
    "organisation_id": Id(to="organisations", doc="Its unit's organisation if left out."),
    "department_id": Id(to="departments"),
    "name": Text(required=True, doc="Names no place where the organisation is confidential."),
    "codes": Listing(of=Code(of="service")),
    "delivery": Code(of="delivery", doc="on_site if left out."),
    "serves": SERVES,
    "eligibility": Eligibility(fields=ELIGIBILITY, whole=False, doc="Whom it takes; a missing answer was never asked."),
    "languages": Listing(of=Language(), doc="ISO 639-3."),
    "interpreter_on_call": YesNo(),
    "intake": hours("When it takes people in; null is not known."),
    "stay_max_days": Integer(most=36_500),
    "cost": Code(among=("free", "sliding", "fee", "unknown")),
    "setting": Code(among=("open", "semi_open", "closed", "unknown")),
    "transport": YesNo(),
    "typical_wait_days": Integer(most=3650),
}

SERVICE_SITE_FIELDS: dict[str, Field] = {
    "service_id": Id(to="services", required=True, create_only=True),
    "site_id": Id(to="sites", create_only=True, doc="Null where the service is given from afar."),
    "capacity": Shape(fields=capacity.FIELDS, create_only=True, doc="Changed by PUT /service-sites/{id}/capacity."),
}


def _place_service(session: Session, record: Any, given: Given) -> None:
    if record.department_id is not None:
        unit = session.get_one(Department, record.department_id)
        if record.organisation_id is None:
            record.organisation_id = unit.organisation_id
        elif record.organisation_id != unit.organisation_id:
            raise Invalid({"department_id": ["The unit is of another organisation."]})
    if record.organisation_id is None:
        raise Invalid({"organisation_id": ["A service belongs to an organisation or to one of its units."]})


def _service_rules(session: Session, record: Any, given: Given) -> None:
    check_serves(record.serves)
    check_name(session, record.organisation_id, record.name)
    check_lines(session, record.organisation_id, "organisation_id")
    if record.version is not None and "organisation_id" in given:
        at = select(ServiceSite.id).join(Site).where(ServiceSite.service_id == record.id, Site.confidential)
        if session.scalar(at.limit(1)) is not None:
            _hide(session, record.organisation_id)


def _hide(session: Session, organisation_id: str) -> None:
    """Who gives a service at a confidential place is as confidential as its host."""
    if not session.get_one(Organisation, organisation_id).kept_confidential:
        mask(session, organisation_id)


def _vet_service_site(session: Session, actor: Actor, record: Any) -> None:
    """A guest is listed at a confidential place by a coordinator, who has asked the host: people are sent to a guest's
    numbers, and the guest becomes as confidential as its host."""
    site = None if record.site_id is None else session.get_one(Site, record.site_id)
    if site is None or not site.confidential or actor.role not in ("partner_manager", "unit_manager"):
        return
    if session.get_one(Service, record.service_id).organisation_id != site.organisation_id:
        raise Denied("a service at another organisation's confidential place is listed by a coordinator")


def _place_service_site(session: Session, record: Any, given: Given) -> None:
    if given.get("capacity") is not None:
        capacity.check(given["capacity"])


def _settle_service_site(session: Session, record: Any, given: Given) -> None:
    site = None if record.site_id is None else session.get_one(Site, record.site_id)
    if site is not None and site.confidential:
        _hide(session, session.get_one(Service, record.service_id).organisation_id)
    if given.get("capacity") is not None:
        capacity.begin(session, record.id, given["capacity"])


SERVICES = Collection(
    name="services",
    model=Service,
    fields=SERVICE_FIELDS,
    named_by="name",
    filters=frozenset(
        {"province", "district", "service", "org_type", "sector", "organisation_id", "department_id", "near"}
    ),
    place=_place_service,
    rules=_service_rules,
)

SERVICE_SITES = Collection(
    name="service_sites",
    model=ServiceSite,
    fields=SERVICE_SITE_FIELDS,
    shown={"capacity": capacity.SHOWN},
    filters=frozenset({"province", "district", "service", "organisation_id", "department_id"}),
    place=_place_service_site,
    settle=_settle_service_site,
    vetting=_vet_service_site,
)
