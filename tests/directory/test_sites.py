"""Confidential places: what is kept apart, what is refused, what closes and reopens."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import changes, geography
from directory.errors import Invalid
from directory.models.service import ServiceSite
from directory.models.site import Site, SiteSecret
from directory.permissions import LOCAL, Actor
from directory.services import catalogue, listing, records
from directory.services.catalogue import COLLECTIONS
from tests.directory.conftest import MUSINA, MUSINA_TOO, POLOKWANE, Make

SITES = COLLECTIONS["sites"]
ORGANISATIONS = COLLECTIONS["organisations"]
LINKS = COLLECTIONS["links"]


def site_of(session: Session, organisation: Any) -> Site:
    return session.scalars(select(Site).where(Site.organisation_id == organisation.id, Site.status == "active")).one()


def read(session: Session, name: str, record: Any, actor: Actor = LOCAL) -> dict[str, Any]:
    return records.publish(session, actor, COLLECTIONS[name], [record])[0]


def patch(session: Session, site: Site, **given: Any) -> Site:
    changed: Site = catalogue.change(session, LOCAL, SITES, site.id, site.version, given)
    return changed


def test_a_confidential_site_is_published_as_its_area(session: Session, haven: Any) -> None:
    site = site_of(session, haven)
    published = read(session, "sites", site)
    area = geography.areas()[site.area_id]
    assert published["point"] == {"lat": area.lat, "lon": area.lon}
    assert published["area"]["label"] == area.label
    assert (published["name"], site.address) == (None, None)
    assert "address" not in published
    assert "location" not in published


def test_an_open_site_is_published_as_it_is(session: Session, make: Make) -> None:
    clinic = make("organisations", name="Clinic", org_type="health_facility")
    site = make("sites", organisation_id=clinic.id, name="Musina Clinic", location=MUSINA)
    published = read(session, "sites", site)
    assert published["point"] == {"lat": MUSINA["lat"], "lon": MUSINA["lon"]}
    assert (published["address"], published["name"]) == (MUSINA["address"], "Musina Clinic")


def test_an_open_site_is_named_by_its_own_district(session: Session, make: Make) -> None:
    clinic = make("organisations", name="Clinic")
    giyani = {"lat": -23.30, "lon": 30.72}
    published = read(session, "sites", make("sites", organisation_id=clinic.id, location=giyani))
    assert (published["area"]["district"], published["area"]["label"]) == ("DC33", "Mopani, Limpopo")
    assert geography.areas()[published["area"]["id"]].district != "DC33"


def test_moving_inside_the_area_writes_the_secret_alone(session: Session, haven: Any) -> None:
    site = site_of(session, haven)
    session.commit()
    before = (read(session, "sites", site), changes.revision(session))
    assert patch(session, site, location=MUSINA_TOO).id == site.id
    session.commit()
    assert (read(session, "sites", site), changes.revision(session)) == before
    secret = session.get_one(SiteSecret, site.id, populate_existing=True)
    assert (secret.latitude, secret.address, secret.version) == (MUSINA_TOO["lat"], MUSINA_TOO["address"], 2)


def test_the_address_alone_can_be_corrected(session: Session, haven: Any) -> None:
    site = site_of(session, haven)
    patch(session, site, location={"address": "8 Baobab Lane"})
    secret = session.get_one(SiteSecret, site.id, populate_existing=True)
    assert (secret.address, secret.latitude, site.version) == ("8 Baobab Lane", MUSINA["lat"], 1)


def test_leaving_the_area_closes_the_site_and_opens_a_new_one(session: Session, haven: Any) -> None:
    site = site_of(session, haven)
    here = session.scalars(select(ServiceSite).where(ServiceSite.site_id == site.id)).one()
    opened = patch(session, site, location=POLOKWANE)
    assert (site.status, here.status, opened.confidential) == ("closed", "closed", True)
    assert (opened.id != site.id, opened.external_ids) == (True, [])
    there = session.scalars(select(ServiceSite).where(ServiceSite.site_id == opened.id)).one()
    assert (there.service_id, there.verified_at, there.id != here.id) == (here.service_id, None, True)
    assert read(session, "service_sites", there)["capacity"] is None


def test_becoming_open_or_confidential_closes_and_reopens(session: Session, make: Make) -> None:
    owner = make("organisations", name="Umoja")
    site = make("sites", organisation_id=owner.id, name="House", location=MUSINA)
    hidden = patch(session, site, confidential=True)
    assert (site.status, hidden.id != site.id, hidden.name, hidden.address) == ("closed", True, None, None)
    with pytest.raises(Invalid):
        patch(session, hidden, confidential=False)
    shown = patch(session, hidden, confidential=False, location=MUSINA)
    assert (hidden.status, shown.address, shown.confidential) == ("closed", MUSINA["address"], False)


def test_a_shelter_must_say_whether_a_place_is_confidential(make: Make) -> None:
    shelter = make("organisations", name="Haven", org_type="shelter")
    with pytest.raises(Invalid) as caught:
        make("sites", organisation_id=shelter.id, location=MUSINA)
    assert set(caught.value.errors) == {"confidential"}


@pytest.mark.parametrize(("lat", "lon"), [(-25.97, 32.58), (0.0, 0.0), (-29.31, 27.48), (51.5, -0.1)])
def test_a_place_outside_the_country_is_refused(make: Make, lat: float, lon: float) -> None:
    owner = make("organisations", name="Umoja")
    with pytest.raises(Invalid):
        make("sites", organisation_id=owner.id, location={"lat": lat, "lon": lon})


def test_a_confidential_organisation_shows_one_geography(session: Session, make: Make, haven: Any) -> None:
    records.update(
        session, LOCAL, ORGANISATIONS, haven.id, haven.version, {"accreditation": {"status": "valid", "number": "A-1"}}
    )
    published = read(session, "organisations", haven)
    assert not {"npo_number", "province", "district"} & published.keys()
    assert published["accreditation"] == {"status": "valid", "issued": None, "expires": None}
    own = read(session, "organisations", haven, Actor("partner_manager", "m", organisation_id=haven.id))
    assert (own["npo_number"], own["province"], own["accreditation"]["number"]) == ("1-2", "ZA-LP", "A-1")


def test_a_confidential_organisation_is_dated_by_month(session: Session, haven: Any) -> None:
    given = {"method": "visit", "outcome": "confirmed", "verified_at": "2026-01-20T10:00:00+02:00"}
    records.verify(session, LOCAL, ORGANISATIONS, haven.id, given)
    assert read(session, "organisations", haven)["verified_at"].isoformat() == "2026-01-01T00:00:00+00:00"


def test_a_confidential_organisation_is_found_by_its_area_not_by_its_own_word(session: Session, make: Make) -> None:
    owner = make("organisations", name="Haven", province="ZA-WC")
    make("sites", organisation_id=owner.id, confidential=True, location=MUSINA)
    found = {p: listing.page(session, LOCAL, ORGANISATIONS, {"province": p})[1] for p in ("ZA-WC", "ZA-LP")}
    assert found == {"ZA-WC": 0, "ZA-LP": 1}


def test_a_second_geography_is_refused(session: Session, make: Make, haven: Any) -> None:
    telling: list[tuple[str, dict[str, Any]]] = [
        ("services", {"organisation_id": haven.id, "name": "Musina Safe Beds"}),
        (
            "sites",
            {"organisation_id": haven.id, "confidential": False, "name": "Louis Trichardt shop", "location": POLOKWANE},
        ),
        ("sites", {"organisation_id": haven.id, "confidential": False, "location": {**MUSINA, "lat": -22.351}}),
        (
            "channels",
            {"owner": {"type": "organisation", "id": haven.id}, "channel_kind": "duty_line", "value": "015 534 0000"},
        ),
    ]
    for name, given in telling:
        with pytest.raises(Invalid), session.begin_nested():
            make(name, **given)


def test_becoming_confidential_is_refused_while_a_name_or_landline_tells(make: Make) -> None:
    owner = make("organisations", name="Umoja")
    make("channels", owner={"type": "organisation", "id": owner.id}, channel_kind="duty_line", value="015 534 1234")
    with pytest.raises(Invalid):
        make("sites", organisation_id=owner.id, confidential=True, location=MUSINA)
    other = make("organisations", name="Ubuntu")
    make("services", organisation_id=other.id, name="Tzaneen beds")
    with pytest.raises(Invalid):
        make("sites", organisation_id=other.id, confidential=True, location=MUSINA)


def test_links_to_stations_and_districts_are_hidden(session: Session, make: Make, haven: Any) -> None:
    police = make("organisations", name="Police")
    a = {"type": "organisation", "id": haven.id}
    for level in ("national", "provincial", "district", "station_site"):
        unit = make("departments", organisation_id=police.id, name=level, level=level)
        make("links", a=a, b={"type": "department", "id": unit.id})
    assert listing.page(session, LOCAL, LINKS, {})[1] == 2
    own = Actor("partner_manager", "m", organisation_id=haven.id)
    assert listing.page(session, own, LINKS, {})[1] == 4
