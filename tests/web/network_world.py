"""A network worked out on paper, settled in the registry behind a client."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask.testing import FlaskClient

from directory.services import records
from directory.services.catalogue import COLLECTIONS
from tests.matching.network_cases import Case, read
from tests.web.records import API

CASE = read("twelve_organisations")
GAUTENG = "ZA-GP"
NETWORK = f"{API}/network"

ORDER = (
    "organisations",
    "sites",
    "departments",
    "persons",
    "posts",
    "focal_points",
    "services",
    "channels",
    "links",
    "trainings",
)
NAMED = ("departments", "organisations", "services", "sites")
TO = {
    "organisation_id": "organisations",
    "department_id": "departments",
    "site_id": "sites",
    "person_id": "persons",
    "post_id": "posts",
    "focal_point_id": "focal_points",
    "channel_id": "channels",
}
Ids = dict[str, str]


def settle_case(client: FlaskClient, case: Case) -> Ids:
    """Make every record of a case, nobody suspended; the answer says which id each of its keys got."""
    ids: Ids = {}
    with client.application.extensions["registry"].within(write=True) as session:
        for name in ORDER:
            collection = COLLECTIONS[name]
            for record in case.collections[name]:
                given = _given(name, record, ids)
                values = {key: value for key, value in given.items() if key in collection.writable}
                made = records.make(session, collection, values, verified_at=record.get("verified_at"))
                made.status = record["status"]
                ids[record["id"]] = made.id
    return ids


def suspend(client: FlaskClient, case: Case, ids: Ids) -> None:
    """Suspend the organisations that the case has suspended."""
    for record in case.collections["organisations"]:
        if record["suspended"]:
            where = f"/api/v1/organisations/{ids[record['id']]}/suspensions"
            assert client.post(where, json={"code": "safeguarding"}).status_code == 201


def _given(name: str, record: Mapping[str, Any], ids: Ids) -> dict[str, Any]:
    given = {key: _value(key, value, ids) for key, value in record.items() if key not in ("id", "status")}
    if name in NAMED:
        given["name"] = record["id"]
    if name == "sites":
        given |= {"organisation_id": next(iter(ids.values())), "location": _location(record)}
    if name == "links":
        given |= {side: _typed(record[side], ids) for side in "ab"}
    if name == "channels":
        given |= {"owner": _typed(record["owner"], ids), "value": _number(record["value"])}
    return given


def _typed(reference: Mapping[str, str], ids: Ids) -> dict[str, str]:
    return {"type": reference["type"], "id": ids[reference["id"]]}


def _location(record: Mapping[str, Any]) -> dict[str, Any]:
    return {"address": "1 Acacia Street", "lat": record["lat"], "lon": record["lon"]}


def _number(value: str) -> str:
    return value if "@" in value else "+27" + value.replace(" ", "").removeprefix("+27").removeprefix("0")


def _value(key: str, value: Any, ids: Ids) -> Any:
    if key in TO and value is not None:
        return ids[value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {one: _value(one, part, ids) for one, part in value.items()}
    if isinstance(value, list):
        return [_value(key, one, ids) for one in value]
    return value
