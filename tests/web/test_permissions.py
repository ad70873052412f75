"""The permission matrix, asked of every route: each role gets the status, and reads the fields, that the page says."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.permissions import ACTIONS, READERS, Role
from directory.services import keys
from directory.services.catalogue import COLLECTIONS
from tests.conftest import SECRET_KEY
from tests.web.domains import LIMPOPO, PLACES, settle
from tests.web.people import enlist, key_of, with_key
from tests.web.records import API, answer_json, make, path
from web import matrix, matrix_page
from web.app import create_app
from web.matrix import REFUSED, ROLES
from web.settings import Settings
from web.smorest import HOLDER, PUBLIC, Gives, Operation

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Holder = Callable[..., FlaskClient]
NOBODY = "00000000-0000-4000-8000-000000000000"
PARTS = {"version": "2026.1", "kind": "contacts", "token": "of-nobody"}
"""What stands for the parts of a path that are no ids."""
BESIDE_ROUTES = frozenset({"registry.load", "grades.read"})
"""Actions that no route is about: a command's, and one that adds fields to what is read."""
KEPT = [one for one in ACTIONS if one not in BESIDE_ROUTES]
CHANGING = frozenset({"registry.write", "capacity.write", "outcomes.say", "organisations.join", "webhooks.manage"})
"""What is about a record to be read, and so needs registry.read as well."""


def address(rule: str) -> str:
    """A route's path, about nothing that is there."""
    return re.sub(r"<(\w+):(\w+)>", lambda part: NOBODY if part[1] == "uuid" else PARTS[part[2]], rule)


def ask(client: FlaskClient, operation: Operation, **headers: str) -> TestResponse:
    """Ask for an operation, with an empty body if it takes one."""
    body: dict[str, Any] | None = {} if operation.takes is not None else None
    return client.open(address(operation.rule), method=operation.method, headers=headers, json=body)


def person(client: FlaskClient, holder: Holder, role: Role) -> FlaskClient:
    """Somebody of a role, who acts for an organisation and unit where the role does."""
    if role in ("anonymous", "coordinator", "disclosure", "auditor", "admin"):
        return client.application.test_client() if role == "anonymous" else holder(role)
    unit = make(client, "departments")
    acts_for = {"organisation_id": unit["organisation_id"]}
    return holder(role, **acts_for, **({"department_id": unit["id"]} if role == "unit_manager" else {}))


def test_the_matrix_has_every_route_of_the_document(app: Flask, client: FlaskClient) -> None:
    paths = answer_json(client.get("/openapi.json"))["paths"]
    methods = ("get", "post", "put", "patch", "delete")
    documented = {(name.upper(), rule) for rule, some in paths.items() for name in some if name in methods}
    known = {(one.operation.method, re.sub(r"<\w+:(\w+)>", r"{\1}", one.operation.rule)) for one in matrix.rules(app)}

    assert known == documented
    assert len(known) > 90


@pytest.mark.parametrize("role", ROLES)
def test_every_route_answers_each_role_as_documented(
    app: Flask, client: FlaskClient, holder: Holder, role: Role
) -> None:
    asking = person(client, holder, role)
    wrong = []
    for rule in matrix.rules(app):
        status, grant = ask(asking, rule.operation).status_code, rule.grants[role]
        expected = REFUSED.get(grant)
        if status != expected if expected else status in (401, 403) or status >= 500:
            wrong.append((rule.operation.method, rule.operation.rule, grant, status))

    assert wrong == []


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_each_role_reads_the_fields_documented(client: FlaskClient, holder: Holder, collection: str) -> None:
    home = settle(client, LIMPOPO)
    acts_for = {"organisation_id": home.ids["organisations"], "department_id": home.ids["departments"]}
    documented, wrong = matrix.fields(COLLECTIONS[collection]), []
    for role in READERS[collection]:
        if role == "app" and collection == "channels":
            continue
        theirs = holder(role, **acts_for)
        read = answer_json(theirs.get(f"{path(collection)}/{home.ids[collection]}"))
        listed = next(
            one for one in answer_json(theirs.get(path(collection)))["items"] if one["id"] == home.ids[collection]
        )
        expected = {field for field, reads in documented.items() if reads[role] != "absent"}
        wrong += [(role, set(shown) ^ expected) for shown in (read, listed) if set(shown) != expected]

    assert wrong == []


def test_a_confidential_organisation_is_read_cut_as_documented(client: FlaskClient, holder: Holder) -> None:
    told = _haven(client)
    readers: Mapping[str, FlaskClient] = {role: holder(role) for role in READERS["organisations"]}
    own = holder("partner_manager", organisation_id=told["organisations"])
    for name in ("organisations", "sites", "services", "service_sites"):
        where = f"{path(name)}/{told[name]}"
        whole = answer_json(own.get(where))
        documented = matrix.fields(COLLECTIONS[name])
        for role, theirs in readers.items():
            read = answer_json(theirs.get(where))
            differs = {field for field in whole if read.get(field, "absent") != whole[field]}
            cut = {field for field, reads in documented.items() if reads[role] == "cut"}  # type: ignore[index]
            assert (role, name, differs) == (role, name, cut)


def _haven(client: FlaskClient) -> dict[str, str]:
    """A confidential shelter all of whose fields say something."""
    known = {"external_ids": [{"scheme": "npo", "value": "271-828"}]}
    accreditation = {"status": "valid", "number": "FIC/577", "issued": "2024-01-02", "expires": "2028-01-01"}
    where = {"province": LIMPOPO, "district": "DC35", "npo_number": "271-828", "accreditation": accreditation}
    words = {"description": "Near Musina", "alternate_names": ["Musina House"], "funding": [{"source": "Musina Lions"}]}
    given = {"name": "Haven", "org_type": "shelter", **where, **words, **known}
    told = {"organisations": make(client, "organisations", **given)["id"]}
    owner = {"organisation_id": told["organisations"], **known}
    told["sites"] = make(client, "sites", confidential=True, location=PLACES[LIMPOPO], **owner)["id"]
    serves = {"scope": "district", "codes": ["DC35"]}
    told["services"] = make(client, "services", name="Beds", codes=["shelter_emergency"], serves=serves, **owner)["id"]
    at = {"service_id": told["services"], "site_id": told["sites"]}
    told["service_sites"] = make(client, "service_sites", **at, **known)["id"]
    for name, record_id in told.items():
        said = {"method": "phone", "outcome": "confirmed", "verified_at": "2026-03-11T09:20:00+02:00"}
        assert client.post(f"{path(name)}/{record_id}/verifications", json=said).status_code == 201
    return told


def test_no_record_of_people_carries_a_grade(client: FlaskClient) -> None:
    home = settle(client, LIMPOPO)
    for name in ("persons", "posts", "focal_points", "channels"):
        text = client.get(f"{path(name)}/{home.ids[name]}").text
        assert re.findall(r"grade|redundancy|n_eff|score", text) == [], name


def _holder_of(client: FlaskClient, action: str) -> tuple[Role, str]:
    """A role that is granted the action, and the account of somebody who has it."""
    roles: tuple[Role, ...] = ("coordinator", "admin", "disclosure", "auditor", "partner_manager")
    role = next(one for one in roles if one in ACTIONS[action])
    acts_for = {"organisation_id": make(client, "organisations")["id"]} if role == "partner_manager" else {}
    return role, enlist(client, role, role.replace("_", "-"), **acts_for)["id"]


@pytest.mark.parametrize("action", KEPT)
def test_a_key_without_the_scope_is_refused_whatever_the_role(app: Flask, client: FlaskClient, action: str) -> None:
    role, account = _holder_of(client, action)
    others = [one for one in keys.SCOPES if role in ACTIONS[one] and one != action]
    narrow = with_key(app, key_of(client, account_id=account, scopes=others)["token"])
    needed = [rule.operation for rule in matrix.rules(app) if rule.operation.policy == action]

    assert [one.id for one in needed if ask(narrow, one).status_code != 403] == []


@pytest.mark.parametrize("action", KEPT)
def test_a_key_with_the_scope_alone_opens_what_it_says(app: Flask, client: FlaskClient, action: str) -> None:
    role, account = _holder_of(client, action)
    scopes = sorted({action, *(("registry.read",) if action in CHANGING else ())})
    theirs = with_key(app, key_of(client, account_id=account, scopes=scopes)["token"])
    rules = [rule for rule in matrix.rules(app) if rule.operation.policy == action and rule.grants[role] != "denied"]

    assert [rule.operation.id for rule in rules if ask(theirs, rule.operation).status_code in (401, 403)] == []
    assert theirs.get(f"{API}/me").status_code == 200


def test_gradings_of_links_need_their_scope(app: Flask, client: FlaskClient) -> None:
    home = settle(client, LIMPOPO)
    account = enlist(client, "caseworker", organisation_id=home.ids["organisations"])
    scoped = {
        scopes: with_key(app, key_of(client, account_id=account["id"], scopes=list(scopes))["token"])
        for scopes in (("registry.read",), ("registry.read", "grades.read"))
    }
    where = f"{path('links')}/{home.ids['links']}"

    assert ["grade" in answer_json(theirs.get(where)) for theirs in scoped.values()] == [False, True]
    assert [theirs.get(f"{path('links')}?grade=dead").status_code for theirs in scoped.values()] == [403, 200]


def test_a_suspended_organisations_keys_are_unknown_on_the_next_request(client: FlaskClient, holder: Holder) -> None:
    home = settle(client, LIMPOPO)
    owner, unit = home.ids["organisations"], home.ids["departments"]
    theirs = [
        holder("app", organisation_id=owner),
        holder("partner_manager", organisation_id=owner),
        holder("unit_manager", organisation_id=owner, department_id=unit),
        holder("unit_manager", department_id=unit),
    ]
    coordinator = holder("coordinator")
    before = [one.get(path("organisations")).status_code for one in theirs]
    suspended = coordinator.post(f"{path('organisations')}/{owner}/suspensions", json={"code": "safeguarding"})
    after = [one.get(path("organisations")).status_code for one in theirs]

    assert (before, suspended.status_code, after) == ([200] * 4, 201, [401] * 4)


@pytest.mark.parametrize("role", [one for one in ROLES if one != "anonymous"])
def test_a_denied_try_is_in_the_audit(app: Flask, client: FlaskClient, holder: Holder, role: Role) -> None:
    auditor, theirs = holder("auditor"), person(client, holder, role)
    denied = [one.operation for one in matrix.rules(app) if one.grants[role] == "denied"]
    for operation in denied:
        assert ask(theirs, operation).status_code == 403

    query = f"{API}/audit?action=denied&page_size=200"
    entries = answer_json(auditor.get(query))
    told = [one["details"][0] for one in entries["items"] if one["role"] == role]
    assert entries["total"] == len(denied)
    assert sorted(told) == sorted(f"action:{one.policy}" for one in denied)


def test_a_route_without_a_policy_is_no_operation(database_url: str) -> None:
    given: dict[str, Any] = {"method": "GET", "rule": "/x", "id": "x", "tag": "x", "summary": "x", "gives": (Gives(),)}
    with pytest.raises(TypeError):
        Operation(**given)
    with pytest.raises(ValueError, match="no policy"):
        Operation(**given, policy="whatever")


def test_a_route_that_declares_nothing_stops_the_server_from_starting(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    def with_a_back_door(app: Flask) -> None:
        app.extensions["open_routes"] = frozenset({"openapi", "docs", "problems", "asset"})
        app.add_url_rule("/back-door", "back_door", lambda: "come in")

    monkeypatch.setattr("web.docs.init_app", with_a_back_door)
    with pytest.raises(matrix.Undeclared, match="/back-door"):
        create_app(Settings(database_url=database_url, secret_key=SECRET_KEY))


def test_the_committed_page_is_what_the_code_says(app: Flask) -> None:
    with app.app_context():
        assert matrix_page.COMMITTED.read_text(encoding="utf-8") == matrix_page.page(app)


def test_every_policy_is_an_action_of_the_page(app: Flask) -> None:
    used = {rule.operation.policy for rule in matrix.rules(app)}

    assert used - set(ACTIONS) == {HOLDER, PUBLIC}
    assert BESIDE_ROUTES.isdisjoint(used)
