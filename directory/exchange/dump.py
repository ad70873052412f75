"""The registry written as the files that `jsonl.load` reads. True locations go along: the folder is a secret."""

import os
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import permissions
from directory.collection import Collection
from directory.exchange.jsonl import FLAGS, LOAD_SCHEME, TYPED
from directory.fields import Field, Id, Listing, Shape
from directory.models.service import Capacity
from directory.models.site import Site, SiteSecret
from directory.permissions import Actor
from directory.services import audit
from directory.services.catalogue import COLLECTIONS
from directory.services.erasure_list import ORIGIN

OWNER_ONLY = 0o600
Sessions = tuple[Session, Session]
"""One of what is published, one of true locations."""


def dump(session: Session, actor: Actor, path: Path, secrets: Session | None = None) -> dict[str, int]:
    """Write every record; the number of each collection's. Raises Denied.

    `secrets`: the session that reads true locations, where this one may not.
    """
    permissions.require(actor, "registry.load")
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    rows = {
        name: list(session.scalars(select(collection.model).order_by(collection.model.id)))
        for name, collection in COLLECTIONS.items()
    }
    keys = {(name, row.id): key for name, those in rows.items() for row, key in _keyed(those)}
    for name, collection in COLLECTIONS.items():
        lines = [_line((session, secrets or session), collection, row, keys) for row in rows[name]]
        target = os.open(path / f"{collection.path}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
        with os.fdopen(target, "wb") as file:
            file.writelines(orjson.dumps(line) + b"\n" for line in lines)
    audit.note(session, actor, "registry.dumped")
    return {name: len(those) for name, those in rows.items()}


def _keyed(rows: list[Any]) -> list[tuple[Any, str]]:
    """Each row with the key it was loaded by, where only one has it, else its id."""
    by_key: dict[str, int] = {}
    for row in rows:
        by_key[_key(row)] = by_key.get(_key(row), 0) + 1
    return [(row, _key(row) if by_key[_key(row)] == 1 else row.id) for row in rows]


def _key(row: Any) -> str:
    return str(next((one["value"] for one in row.external_ids if one["scheme"] == LOAD_SCHEME), row.id))


def _line(sessions: Sessions, collection: Collection, row: Any, keys: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    written = {name: _read(sessions, row, name) for name in collection.writable}
    line = {"key": keys[collection.name, row.id], **_with_keys(collection.writable, written, keys)}
    line |= {"status": row.status, "verified_at": row.verified_at}
    line["external_ids"] = [one for one in row.external_ids if one["scheme"] != LOAD_SCHEME]
    if collection.name == "persons" and all(one["scheme"] != ORIGIN for one in line["external_ids"]):
        line["external_ids"].append({"scheme": ORIGIN, "value": row.id})
    line |= {name: True for name in FLAGS if getattr(row, name, False)}
    return {name: value for name, value in line.items() if value is not None}


def _read(sessions: Sessions, row: Any, name: str) -> Any:
    session, secrets = sessions
    if name == "location":
        return _location(secrets, row)
    if name == "capacity":
        kept = session.get(Capacity, row.id)
        return kept and {"unit": kept.unit, "total": kept.total, "available": kept.available, "as_of": kept.as_of}
    if name in ("owner", "a", "b"):
        return {"type": getattr(row, f"{name}_type"), "id": getattr(row, f"{name}_id")}
    return getattr(row, name)


def _location(secrets: Session, site: Site) -> dict[str, Any]:
    if not site.confidential:
        return {"address": site.address, "lat": site.lat, "lon": site.lon}
    secret = secrets.get_one(SiteSecret, site.id)
    return {"address": secret.address, "lat": secret.latitude, "lon": secret.longitude}


def _with_keys(fields: Mapping[str, Field], value: Mapping[str, Any], keys: Mapping[Any, str]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, given in value.items():
        one = fields.get(name)
        if isinstance(one, Id) and name.endswith("_id"):
            out[name.removesuffix("_id")] = None if given is None else keys[one.to, given]
        else:
            out[name] = _keyed_value(one, given, keys)
    return out


def _keyed_value(one: Field | None, given: Any, keys: Mapping[Any, str]) -> Any:
    if isinstance(one, Listing) and isinstance(given, list):
        return [_keyed_value(one.of, item, keys) for item in given]
    if isinstance(one, Shape) and isinstance(given, dict):
        if given.get("type") in TYPED and "id" in given:
            return {**given, "id": keys[f"{given['type']}s", given["id"]]}
        return _with_keys(one.fields, given, keys)
    return given.isoformat() if isinstance(given, date | datetime) else given
