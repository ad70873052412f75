"""Accounts of people and keys of programs: made, changed, ended. A secret is shown once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request

from directory.errors import Invalid
from directory.services import accounts, keys
from web import browser, html, transaction
from web.auth import actor
from web.page import Page, Routes
from web.pages.office import sheets
from web.pages.office.sheets import Asked, Button, Row, Sheet

USERS, KEYS = "/users", "/keys"
USER, KEY = f"{USERS}/<uuid:record_id>", f"{KEYS}/<uuid:record_id>"
MANAGE_USERS, MANAGE_KEYS = "accounts.manage", "keys.manage"


def users() -> Response:
    """All accounts."""
    session, who = transaction.session(), actor()
    found, total = accounts.page(session, who, page=sheets.number(), page_size=sheets.A_PAGE)
    shown = [accounts.publish(one) for one in found]
    named = sheets.organisations(session, who, {one["organisation_id"] for one in shown if one["organisation_id"]})
    rows = [_user(one, named.get(one["organisation_id"] or "", one["province"] or "")) for one in shown]
    columns = ("Name", "Signs in as", "Role", "For", "Last signed in")
    return sheets.show(Sheet(title="People", columns=columns, rows=rows, total=total, add=f"{USERS}/new"))


def _user(one: Mapping[str, Any], whom: str) -> Row:
    name = one["display_name"] if one["active"] else f"{one['display_name']} (shut out)"
    role = one["role"].replace("_", " ")
    where = f"{USERS}/{one['id']}"
    ending = Button(
        label="Shut out",
        address=f"{where}/deactivate",
        fields={"version": str(one["version"])},
        asks="They are signed out everywhere and cannot sign in again.",
    )
    buttons = (
        Button(label="Change", address=where, link=True),
        Button(label="New secrets", address=f"{where}/reset", asks="The old ones end, and so does every session."),
        *([ending] if one["active"] else []),
    )
    return Row(cells=(name, one["username"], role, whom, html.local_time(one["signed_in_at"])), buttons=buttons)


def user_form() -> Response:
    """A new account."""
    return sheets.ask(_new_user({}))


def create_user() -> Response:
    """Make it and tell its secrets."""
    given, names = sheets.sent(accounts.FIELDS)
    try:
        names.require_clear()
        said = {name: value for name, value in given.items() if value is not None}
        made = accounts.create(transaction.session(), actor(), said)
    except Invalid as invalid:
        transaction.session().rollback()
        return sheets.ask(_new_user(given), invalid.errors)
    return _credentials(made)


def edit_user(record_id: UUID) -> Response:
    """An account as it is."""
    account = accounts.get(transaction.session(), actor(), str(record_id))
    return sheets.ask(_old_user(account, accounts.publish(account)))


def change_user(record_id: UUID) -> Response:
    """Change role, name, or for whom."""
    session, who = transaction.session(), actor()
    account = accounts.get(session, who, str(record_id))
    given, names = sheets.sent(accounts.CHANGEABLE)
    version = request.form.get("version", type=int, default=0)
    try:
        names.require_clear()
        accounts.change(session, who, str(record_id), version, given)
    except Invalid as invalid:
        session.rollback()
        return sheets.ask(_old_user(account, given), invalid.errors)
    return browser.go_to(USERS)


def reset_user(record_id: UUID) -> Response:
    """New secrets; sessions and devices end."""
    session, who = transaction.session(), actor()
    had = bool(accounts.publish(accounts.get(session, who, str(record_id)))["second_factor"])
    return _credentials(accounts.reset(session, who, str(record_id), second_factor=had))


def deactivate_user(record_id: UUID) -> Response:
    """Shut an account out, with the next request."""
    version = request.form.get("version", type=int, default=0)
    accounts.deactivate(transaction.session(), actor(), str(record_id), version)
    return browser.go_to(USERS)


def app_keys() -> Response:
    """All keys."""
    session, who = transaction.session(), actor()
    found, total = keys.page(session, who, page=sheets.number(), page_size=sheets.A_PAGE)
    shown = [keys.publish(one) for one in found]
    named = sheets.organisations(session, who, {one["organisation_id"] for one in shown if one["organisation_id"]})
    rows = [_key(one, named.get(one["organisation_id"] or "", "a person's")) for one in shown]
    columns = ("Program", "Begins with", "For", "Holds until", "Last used")
    return sheets.show(Sheet(title="Keys of programs", columns=columns, rows=rows, total=total, add=f"{KEYS}/new"))


def _key(one: Mapping[str, Any], whom: str) -> Row:
    ends = "revoked" if one["revoked_at"] else html.local_day(one["expires_at"])
    where = f"{KEYS}/{one['id']}"
    buttons = [
        Button(label="Rotate", address=f"{where}/rotate", asks="A new key is made; this one holds for another day."),
        Button(label="Revoke", address=f"{where}/revoke", asks="Its program is locked out with the next request."),
    ]
    used = html.local_time(one["last_used_at"])
    cells = (one["name"], one["prefix"], whom, ends, used)
    return Row(cells=cells, buttons=[] if one["revoked_at"] or one["rotated_to_id"] else buttons)


def key_form() -> Response:
    """A new key."""
    return sheets.ask(_new_key({}))


def create_key() -> Response:
    """Make it and tell its token."""
    given, names = sheets.sent(keys.FIELDS)
    try:
        names.require_clear()
        said = {name: value for name, value in given.items() if value not in (None, [])}
        made = keys.create(transaction.session(), actor(), said)
    except Invalid as invalid:
        transaction.session().rollback()
        return sheets.ask(_new_key(given), invalid.errors)
    return sheets.tell(f"The key of {made.key.name}", {"Key": made.token}, KEYS)


def rotate_key(record_id: UUID) -> Response:
    """A key that takes this one's place; the old one holds for a day."""
    made = keys.rotate(transaction.session(), actor(), str(record_id))
    return sheets.tell(f"The new key of {made.key.name}", {"Key": made.token}, KEYS)


def revoke_key(record_id: UUID) -> Response:
    """End a key, with the next request."""
    keys.revoke(transaction.session(), actor(), str(record_id))
    return browser.go_to(KEYS)


def _new_user(values: Mapping[str, Any]) -> Asked:
    return Asked(title="Add a person", address=USERS, fields=accounts.FIELDS, values=values, send="Make the account")


def _old_user(account: Any, values: Mapping[str, Any]) -> Asked:
    title = f"Change {account.username}"
    where = f"{USERS}/{account.id}"
    return Asked(title=title, address=where, fields=accounts.CHANGEABLE, values=values, version=account.version)


def _new_key(values: Mapping[str, Any]) -> Asked:
    return Asked(title="Add a key", address=KEYS, fields=keys.FIELDS, values=values, send="Make the key")


def _credentials(made: accounts.Credentials) -> Response:
    secrets = {"Name to sign in": made.account.username, "Password": made.password}
    if made.totp_secret is not None:
        secrets["Key for the authenticator"] = made.totp_secret
    return sheets.tell(f"Secrets of {made.account.display_name}", secrets, USERS)


ROUTES: Routes = (
    (
        Page(rule=USERS, id="users", policy=MANAGE_USERS, menu="People", about="Accounts: made, changed, shut out."),
        users,
    ),
    (Page(rule=f"{USERS}/new", id="user_form", policy=MANAGE_USERS), user_form),
    (Page(rule=USERS, id="create_user", policy=MANAGE_USERS, method="POST"), create_user),
    (Page(rule=USER, id="edit_user", policy=MANAGE_USERS), edit_user),
    (Page(rule=USER, id="change_user", policy=MANAGE_USERS, method="POST"), change_user),
    (Page(rule=f"{USER}/reset", id="reset_user", policy=MANAGE_USERS, method="POST"), reset_user),
    (Page(rule=f"{USER}/deactivate", id="deactivate_user", policy=MANAGE_USERS, method="POST"), deactivate_user),
    (
        Page(rule=KEYS, id="keys", policy=MANAGE_KEYS, menu="Keys", about="Keys of programs: made, rotated, revoked."),
        app_keys,
    ),
    (Page(rule=f"{KEYS}/new", id="key_form", policy=MANAGE_KEYS), key_form),
    (Page(rule=KEYS, id="create_key", policy=MANAGE_KEYS, method="POST"), create_key),
    (Page(rule=f"{KEY}/rotate", id="rotate_key", policy=MANAGE_KEYS, method="POST"), rotate_key),
    (Page(rule=f"{KEY}/revoke", id="revoke_key", policy=MANAGE_KEYS, method="POST"), revoke_key),
)
