"""A network small enough to see at once."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from directory.permissions import LOCAL
from directory.services import records
from directory.services.catalogue import COLLECTIONS

Make = Callable[..., Any]

MUSINA = {"address": "7 Baobab Lane", "lat": -22.35, "lon": 30.04}
MUSINA_TOO = {"address": "9 Marula Lane", "lat": -22.37, "lon": 30.05}
POLOKWANE = {"address": "1 Acacia Street", "lat": -23.9, "lon": 29.45}


@pytest.fixture
def make(session: Session) -> Make:
    """Creates a record of a collection as a coordinator would."""
    return lambda collection, /, **given: records.create(session, LOCAL, COLLECTIONS[collection], given)


@pytest.fixture
def haven(make: Make) -> Any:
    """A shelter with one confidential site, and a service there with two free beds."""
    organisation = make("organisations", name="Haven", org_type="shelter", npo_number="1-2", province="ZA-LP")
    site = make("sites", organisation_id=organisation.id, confidential=True, location=MUSINA)
    service = make("services", organisation_id=organisation.id, name="Beds", codes=["shelter_emergency"])
    make(
        "service_sites",
        service_id=service.id,
        site_id=site.id,
        capacity={"unit": "bed", "total": 8, "available": 2},
    )
    return organisation
