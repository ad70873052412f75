"""What an answer says of a candidate whatever was asked: made of its records, once."""

from matching.rows import Row
from matching.types import (
    AreaFacts,
    BandCapacity,
    Facts,
    OpenCapacity,
    OrganisationFacts,
    Point,
    ServiceFacts,
    SiteFacts,
)


def facts_of(row: Row) -> Facts:
    """From the records behind a row."""
    point = Point(row.site["lat"], row.site["lon"]) if row.site is not None and row.placed else None
    return Facts(
        service_site_id=row.id,
        confidential=row.confidential,
        service=_service(row),
        organisation=_organisation(row),
        department_id=row.department_id,
        site=_site(row, point),
        point=point,
        capacity=_capacity(row),
        verified_at=row.service_site.get("verified_at"),
    )


def _service(row: Row) -> ServiceFacts:
    return ServiceFacts(
        str(row.service["id"]), row.service["name"], row.codes, row.service.get("delivery") or "on_site"
    )


def _organisation(row: Row) -> OrganisationFacts:
    facts = row.organisation
    return OrganisationFacts(row.organisation_id, facts["name"], facts.get("org_type"), facts.get("sector"))


def _site(row: Row, point: Point | None) -> SiteFacts | None:
    if row.site is None:
        return None
    area = None if row.site.get("area") is None else AreaFacts(**row.site["area"])
    return SiteFacts(str(row.site["id"]), row.confidential, area, point)


def _capacity(row: Row) -> OpenCapacity | BandCapacity | None:
    facts = row.service_site.get("capacity")
    if not facts:
        return None
    if "band" in facts:
        return BandCapacity(facts.get("unit") or "bed", facts["band"], facts.get("as_of"))
    return OpenCapacity(facts.get("unit") or "bed", facts.get("total"), facts.get("available"), facts.get("as_of"))
