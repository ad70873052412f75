"""Lists: filters, order, names nearly right, places near."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from directory import changes
from directory.permissions import LOCAL
from directory.services import listing, records
from directory.services.catalogue import COLLECTIONS
from tests.directory.conftest import MUSINA, POLOKWANE, Make


def names(session: Session, collection: str, **options: Any) -> list[str]:
    sort = options.pop("sort", None)
    found, total = listing.page(session, LOCAL, COLLECTIONS[collection], options, page_size=200, sort=sort)
    assert total == len(found)
    return [getattr(record, COLLECTIONS[collection].named_by or "id") for record in found]


@pytest.fixture
def network(make: Make) -> dict[str, Any]:
    """Two NGOs, a police unit, and what they offer where."""
    umoja = make(
        "organisations", name="Umoja Legal Clinic", org_type="legal_clinic", sector="civil_society", province="ZA-LP"
    )
    zola = make("organisations", name="Élan Health", alternate_names=["Zola Centre"], org_type="ngo", province="ZA-WC")
    police = make("organisations", name="Police Service", org_type="law_enforcement", sector="government")
    office = make("sites", organisation_id=umoja.id, name="Umoja Office", location=MUSINA)
    far = make("sites", organisation_id=zola.id, name="Zola House", location=POLOKWANE)
    desk = make("departments", organisation_id=police.id, name="Desk", functions=["police_report"], site_id=office.id)
    advice = make("services", organisation_id=umoja.id, name="Advice", codes=["legal_advice"])
    care = make("services", organisation_id=zola.id, name="Care", codes=["medical_general", "counselling"])
    make("service_sites", service_id=advice.id, site_id=office.id)
    make("service_sites", service_id=care.id, site_id=far.id)
    person = make("persons", full_name="Ann Example")
    post = make("posts", department_id=desk.id, title="Desk officer", functions=["police_report"])
    holder = make("focal_points", person_id=person.id, post_id=post.id)
    ends = {"a": {"type": "organisation", "id": umoja.id}, "b": {"type": "department", "id": desk.id}}
    make("links", **ends, carriers=[{"end": "b", "focal_point_id": holder.id, "link_types": []}])
    make("channels", owner={"type": "person", "id": person.id}, channel_kind="person_phone", value="0821234567")
    make("trainings", course="Basics", attendees=[{"person_id": person.id}])
    return {"umoja": umoja, "zola": zola, "police": police, "desk": desk, "person": person}


def test_lists_are_ordered_by_name_by_code_point(session: Session, network: Any) -> None:
    assert names(session, "organisations") == ["Police Service", "Umoja Legal Clinic", "Élan Health"]
    assert names(session, "organisations", sort="-name") == ["Élan Health", "Umoja Legal Clinic", "Police Service"]


def test_pages_cover_all_once(session: Session, make: Make) -> None:
    for _ in range(7):
        make("organisations", name="Same")
    pages = [listing.page(session, LOCAL, COLLECTIONS["organisations"], {}, page=n, page_size=3)[0] for n in (1, 2, 3)]
    ids = [record.id for page in pages for record in page]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert ids == sorted(set(ids))


def test_closed_records_are_hidden_unless_asked_for(session: Session, make: Make) -> None:
    record = make("organisations", name="Gone")
    records.close(session, LOCAL, COLLECTIONS["organisations"], record.id, 1)
    assert names(session, "organisations") == []
    assert names(session, "organisations", status="any") == names(session, "organisations", status="closed") == ["Gone"]


@pytest.mark.parametrize(
    ("collection", "filters", "found"),
    [
        ("organisations", {"province": "ZA-LP"}, ["Umoja Legal Clinic"]),
        ("organisations", {"service": "counselling"}, ["Élan Health"]),
        ("organisations", {"service": "police_report"}, ["Police Service"]),
        ("organisations", {"org_type": "ngo"}, ["Élan Health"]),
        ("organisations", {"sector": "government"}, ["Police Service"]),
        ("departments", {"service": "police_report"}, ["Desk"]),
        ("departments", {"district": "DC34"}, ["Desk"]),
        ("departments", {"province": "ZA-WC"}, []),
        ("departments", {"org_type": "law_enforcement"}, ["Desk"]),
        ("sites", {"province": "ZA-LP"}, ["Umoja Office", "Zola House"]),
        ("sites", {"district": "DC35"}, ["Zola House"]),
        ("services", {"service": "legal_advice"}, ["Advice"]),
        ("services", {"district": "DC34"}, ["Advice"]),
        ("services", {"sector": "civil_society"}, ["Advice"]),
        ("posts", {"service": "police_report"}, ["Desk officer"]),
        ("posts", {"service": "legal_advice"}, []),
    ],
)
def test_filters(session: Session, network: Any, collection: str, filters: dict[str, str], found: list[str]) -> None:
    assert names(session, collection, **filters) == found


@pytest.mark.parametrize("collection", ["posts", "focal_points", "channels", "links", "trainings", "persons"])
def test_filters_by_person(session: Session, make: Make, network: Any, collection: str) -> None:
    stranger = make("persons", full_name="Bea Example")
    assert len(names(session, collection, person_id=network["person"].id)) == 1
    expected = 1 if collection == "persons" else 0
    assert len(names(session, collection, person_id=stranger.id)) == expected


@pytest.mark.parametrize("collection", ["posts", "focal_points", "channels", "links", "persons"])
def test_filters_by_unit(session: Session, network: Any, collection: str) -> None:
    assert len(names(session, collection, department_id=network["desk"].id)) == 1


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("umoja legal", "Umoja Legal Clinic"),
        ("umjoa leagl clinic", "Umoja Legal Clinic"),
        ("ELAN  health", "Élan Health"),
        ("zola centre", "Élan Health"),
    ],
)
def test_names_nearly_right_are_found(session: Session, network: Any, query: str, first: str) -> None:
    assert names(session, "organisations", q=query)[0] == first


def test_a_name_like_no_other_finds_nothing(session: Session, network: Any) -> None:
    assert names(session, "organisations", q="xqzw") == []


@pytest.mark.parametrize(
    ("collection", "nearest"),
    [
        ("sites", "Umoja Office"),
        ("organisations", "Umoja Legal Clinic"),
        ("services", "Advice"),
        ("departments", "Desk"),
    ],
)
def test_near_orders_by_distance_and_max_km_cuts(session: Session, network: Any, collection: str, nearest: str) -> None:
    here = (MUSINA["lat"], MUSINA["lon"])
    assert names(session, collection, near=here)[0] == nearest
    assert names(session, collection, near=here, max_km=50.0) == [nearest]
    assert names(session, collection, near=here, max_km=0.0) == [nearest]
    assert names(session, collection, near=here, sort="name") == sorted(names(session, collection, near=here))


def test_stale_is_more_than_180_whole_days_or_never(session: Session, make: Make) -> None:
    moment = changes.now(session)
    for days in (180, 181, None):
        record = make("persons", full_name=f"{days}")
        record.verified_at = None if days is None else moment - timedelta(days=days)
    session.flush()
    assert names(session, "persons", stale=True) == ["181", "None"]
    assert names(session, "persons", stale=False) == ["180"]


def test_a_masked_record_is_stale_by_the_month_it_publishes(session: Session, haven: Any) -> None:
    session.info["now"] = haven.created_at.replace(year=2026, month=11, day=20)
    verdicts = {}
    for day in (23, 24):
        haven.verified_at = haven.created_at.replace(year=2026, month=5, day=day, hour=0)
        session.flush()
        verdicts[day] = names(session, "organisations", stale=True)
    assert verdicts[23] == verdicts[24] == ["Haven"]


def test_updated_since(session: Session, make: Make) -> None:
    record = make("persons", full_name="A")
    assert names(session, "persons", updated_since=record.updated_at) == ["A"]
    assert names(session, "persons", updated_since=record.updated_at + timedelta(seconds=1)) == []
