"""Make, change, confirm and close records, by forms over the same declarations and services as the API."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy.orm import Session

from directory import permissions
from directory.collection import Collection
from directory.errors import Conflict, Invalid, VersionConflict
from directory.fields import Field
from directory.permissions import MASKED, Actor
from directory.services import authority, catalogue, listing, records, suspensions
from directory.services.catalogue import COLLECTIONS
from web import browser, html, transaction
from web.auth import actor
from web.forms import controls, reading
from web.forms.controls import Choice, Shown
from web.pages.registry import browsing, naming, wording
from web.pages.registry.naming import Names

Errors = Mapping[str, Sequence[str]]
FEW = 200


def new(collection: Collection) -> Response:
    """An empty form, or one that knows whom the record is to belong to."""
    session, who = transaction.session(), actor()
    permissions.reach(who, "registry.write", collection.name)
    values = {name: request.args[name] for name in collection.writable if name.endswith("_id") and name in request.args}
    return _form(session, who, collection, values, {})


def create(collection: Collection) -> Response:
    """Make the record; or the form again, with what is wrong in it."""
    session, who = transaction.session(), actor()
    permissions.reach(who, "registry.write", collection.name)
    names = Names(session, who)
    values = reading.values(collection.writable, request.form, names.resolve)
    given = {name: value for name, value in values.items() if value is not None}
    try:
        names.require_clear()
        record = records.create(session, who, collection, given)
    except Invalid as invalid:
        session.rollback()
        return _form(session, who, collection, given, invalid.errors, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _to(collection, record.id, "made")


def edit(collection: Collection, record_id: UUID) -> Response:
    """The form of a record as it is."""
    session, who = transaction.session(), actor()
    record = _held(session, who, collection, record_id)
    shown = _whole(session, who, collection, record)
    return _form(session, who, collection, shown, {}, record=shown)


def change(collection: Collection, record_id: UUID) -> Response:
    """Change what was typed; or the form again: with what is wrong, or beside what somebody faster wrote."""
    session, who = transaction.session(), actor()
    record = _held(session, who, collection, record_id)
    shown = _whole(session, who, collection, record)
    names = Names(session, who)
    values = reading.values(_changeable(collection, shown), request.form, names.resolve)
    if values.get("location") is None:
        values.pop("location", None)
    version = request.form.get("version", type=int, default=0)
    try:
        names.require_clear()
        changed = catalogue.change(session, who, collection, record.id, version, values)
    except Invalid as invalid:
        session.rollback()
        kept = {**shown, **values, "version": version}
        return _form(session, who, collection, kept, invalid.errors, HTTPStatus.UNPROCESSABLE_ENTITY, record=shown)
    except VersionConflict:
        session.rollback()
        return _conflict(session, who, collection, shown, values)
    return _to(collection, changed.id, "changed")


def close(collection: Collection, record_id: UUID) -> Response:
    """Close a record."""
    session, who = transaction.session(), actor()
    version = request.form.get("version", type=int, default=0)
    _held(session, who, collection, record_id)
    records.close(session, who, collection, str(record_id), version)
    return _to(collection, str(record_id), "closed")


def verify(collection: Collection, record_id: UUID) -> Response:
    """Say what came of asking, in one press; back to where it was pressed."""
    session, who = transaction.session(), actor()
    _held(session, who, collection, record_id)
    given = {name: request.form.get(name, "") for name in ("method", "outcome")}
    records.verify(session, who, collection, str(record_id), given)
    return _back(collection, str(record_id), "verified")


def suspend(collection: Collection, record_id: UUID) -> Response:
    """Put an organisation or unit out of every list, or back into them."""
    session, who = transaction.session(), actor()
    given = {"code": request.form.get("code", "")}
    if request.form.get("lift"):
        suspensions.lift(session, who, collection.name, str(record_id), given)
        return _to(collection, str(record_id), "lifted")
    suspensions.suspend(session, who, collection.name, str(record_id), given)
    return _to(collection, str(record_id), "suspended")


def _form(
    session: Session,
    who: Actor,
    collection: Collection,
    values: Mapping[str, Any],
    errors: Errors,
    status: int = 200,
    *,
    record: Mapping[str, Any] | None = None,
) -> Response:
    fields = collection.writable if record is None else _changeable(collection, record)
    names = Names(session, who).of(naming.referred(fields, values))
    shown = Shown(values=values, errors=errors, names=names, options=_options(session, who, collection, values))
    drawn = controls.controls(fields, shown)
    known = {one.path for one in drawn}
    other = {path: said for path, said in errors.items() if path.partition(".")[0] not in known}
    return html.render(
        "registry/form.html",
        status,
        collection=collection,
        called=naming.CALLED,
        record=record,
        version=values.get("version"),
        title=naming.called(collection.name, record) if record else "",
        controls=drawn,
        errors=errors,
        other=other,
    )


def _conflict(
    session: Session, who: Actor, collection: Collection, theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> Response:
    """Both versions side by side, and the form with one's own, to be sent over the newer one."""
    fields = {name: field for name, field in _changeable(collection, theirs).items() if name in mine}
    names = Names(session, who).of(naming.referred(fields, theirs))
    names |= Names(session, who).of(naming.referred(fields, mine))
    rows = []
    for name, field in fields.items():
        sides = [wording.said({name: field}, side, names) for side in (theirs, mine)]
        texts = [side[0].text if side else "" for side in sides]
        if texts[0] != texts[1]:
            rows.append((controls.label(name), *texts))
    kept = {**theirs, **mine}
    shown = Shown(values=kept, errors={}, names=names, options=_options(session, who, collection, kept))
    return html.render(
        "registry/form.html",
        HTTPStatus.CONFLICT,
        collection=collection,
        called=naming.CALLED,
        record=theirs,
        version=theirs["version"],
        title=naming.called(collection.name, theirs),
        controls=controls.controls(_changeable(collection, theirs), shown),
        errors={},
        other={},
        differing=rows,
    )


def _changeable(collection: Collection, shown: Mapping[str, Any]) -> dict[str, Field]:
    """The fields that may be changed by who reads this much of the record: what is not read is not sent back."""
    return {name: field for name, field in collection.changeable.items() if name in shown or name in collection.hidden}


def _whole(session: Session, who: Actor, collection: Collection, record: Any) -> dict[str, Any]:
    """A record as its reader sees it, without lists that are read in part: sent back, they would lose the rest."""
    shown = browsing.published(session, who, collection, [record])[0]
    cut = [name for name, form in MASKED.get(collection.name, {}).items() if form == "no place" and name in shown]
    in_part = {name for name in cut if shown[name] != getattr(record, name)}
    return {name: value for name, value in shown.items() if name not in in_part}


def _options(
    session: Session, who: Actor, collection: Collection, values: Mapping[str, Any]
) -> dict[str, tuple[Choice, ...]]:
    """The people and channels of a link's ends, to choose its carriers from."""
    if collection.name != "links":
        return {}
    ends = [values[end] for end in ("a", "b") if isinstance(values.get(end), Mapping) and values[end].get("id")]
    return {name: _of_ends(session, who, COLLECTIONS[name], ends) for name in ("focal_points", "channels")}


def _of_ends(
    session: Session, who: Actor, collection: Collection, ends: Sequence[Mapping[str, Any]]
) -> tuple[Choice, ...]:
    found: dict[str, Choice] = {}
    for end in ends:
        asked = {f"{end['type']}_id": end["id"]}
        rows, _total = listing.page(session, who, collection, asked, page_size=FEW)
        for one in records.publish(session, who, collection, rows):
            found[one["id"]] = Choice(code=one["id"], label=naming.called(collection.name, one))
    return tuple(found.values())


def _held(session: Session, who: Actor, collection: Collection, record_id: UUID) -> Any:
    """A record that the actor may change. Raises Denied, NotFound."""
    permissions.reach(who, "registry.write", collection.name)
    record = records.get(session, who, collection, str(record_id))
    authority.require_write(session, who, collection, record)
    return record


def _to(collection: Collection, record_id: str, said: str) -> Response:
    address = f"{browsing.REGISTRY}/{collection.path}/{record_id}?said={said}"
    return browser.go_to(address)


def _back(collection: Collection, record_id: str, said: str) -> Response:
    """To the page of the record that the form named, if it is one; else to this record's."""
    kind, _, identifier = request.form.get("back", "").partition("/")
    there = next((one for one in COLLECTIONS.values() if one.path == kind), None)
    try:
        return _to(there, str(UUID(identifier)), said) if there else _to(collection, record_id, said)
    except ValueError:
        raise Conflict("there is no way back") from None
