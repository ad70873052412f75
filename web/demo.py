"""Accounts and keys to try the fictitious network with: one a role, with random secrets.

They are made on the first start and kept in a file that only its owner reads; what is lost is made anew.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from directory.errors import Conflict
from directory.exchange.jsonl import LOAD_SCHEME
from directory.permissions import Actor
from directory.services import accounts, keys, listing
from directory.services.catalogue import COLLECTIONS

FILE = "demo.json"
OWNER_ONLY = 0o600
MOST = 10_000

Entries = dict[str, dict[str, str | None]]
"""Secrets by role: username, password, totp_secret, api_key, and for whom the role acts."""


@dataclass(frozen=True, slots=True)
class Persona:
    """Who stands for a role, and for which organisation or unit of the network, by the key in its files."""

    role: str
    display_name: str
    organisation: str | None = None
    department: str | None = None


PERSONAS = (
    Persona("coordinator", "Demo coordinator"),
    Persona("caseworker", "Demo caseworker", organisation="org-quiet-bulbul-foundation"),
    Persona("partner_manager", "Demo house manager", organisation="org-saffron-swift-family-home"),
    Persona("unit_manager", "Demo unit manager", organisation="org-dsd-lp", department="dep-dsd-placement-dc35"),
    Persona("disclosure", "Demo disclosure officer"),
    Persona("auditor", "Demo auditor"),
    Persona("admin", "Demo administrator"),
)
"""All around Polokwane, where the first match in the README is: an organisation with links, a shelter with a
confidential site, a district unit that places children."""

APP = Persona("app", "Demo app", organisation="org-quiet-bulbul-foundation")


def make(session: Session, actor: Actor) -> Entries:
    """Make every demo account and key, or those there are anew. Raises Denied, Conflict (without the network)."""
    found = {name: _by_load_key(session, actor, name) for name in ("organisations", "departments")}
    wanted = [(one, _acts_for(one, found)) for one in (*PERSONAS, APP)]
    former = {account.username: account for account in accounts.page(session, actor, page_size=MOST)[0]}
    for key in keys.page(session, actor, page_size=MOST)[0]:
        if key.name in {_key_name(one) for one, _ in wanted} and key.revoked_at is None:
            keys.revoke(session, actor, key.id)
    made: Entries = {}
    for one, acts_for in wanted:
        entry: dict[str, str | None] = {}
        owner: dict[str, Any] = dict(acts_for)
        if one is not APP:
            told = _account(session, actor, one, acts_for, former.get(_username(one)))
            entry = {"username": told.account.username, "password": told.password, "totp_secret": told.totp_secret}
            owner = {"account_id": told.account.id}
        entry["api_key"] = keys.create(session, actor, {"name": _key_name(one), **owner}).token
        made[one.role] = {**entry, **acts_for}
    return made


def keep(path: Path, entries: Mapping[str, Any]) -> None:
    """Write the secrets where only the owner reads, whole or not at all."""
    mine = path.with_name(f"{path.name}.{os.getpid()}")
    mine.unlink(missing_ok=True)
    with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w", encoding="utf-8") as file:
        json.dump(entries, file, indent=2)
        file.write("\n")
    mine.replace(path)


def described(entries: Entries, path: Path) -> str:
    """The secrets as a person reads them, once."""
    lines = ["Demo accounts, told this once:"]
    for role, entry in entries.items():
        lines.append(f"  {role}")
        lines += [
            f"    {name:<12} {entry[name]}"
            for name in ("username", "password", "totp_secret", "api_key")
            if entry.get(name)
        ]
    return "\n".join([*lines, f"They are kept in {path}, which only you can read. If it is lost: flask access demo"])


def _account(
    session: Session, actor: Actor, one: Persona, acts_for: Mapping[str, str], former: Any
) -> accounts.Credentials:
    if former is not None:
        return accounts.reset(session, actor, former.id)
    given = {"username": _username(one), "display_name": one.display_name, "role": one.role}
    return accounts.create(session, actor, {**given, **acts_for})


def _acts_for(one: Persona, found: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    asked = (("organisations", "organisation_id", one.organisation), ("departments", "department_id", one.department))
    try:
        return {field: found[name][key] for name, field, key in asked if key is not None}
    except KeyError as missing:
        raise Conflict(f"the fictitious network is not here: it has no {missing}") from None


def _by_load_key(session: Session, actor: Actor, name: str) -> dict[str, str]:
    """Ids of a collection's records by the key they were loaded with."""
    rows, _ = listing.page(session, actor, COLLECTIONS[name], {}, page_size=MOST)
    return {one["value"]: row.id for row in rows for one in row.external_ids if one["scheme"] == LOAD_SCHEME}


def _username(one: Persona) -> str:
    return f"demo-{one.role.replace('_', '-')}"


def _key_name(one: Persona) -> str:
    return f"Demo key, {one.role}"
