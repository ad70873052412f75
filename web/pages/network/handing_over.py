"""A post changes hands: who follows, from which day, which numbers stay; and what that did."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy.orm import Session

from directory import permissions
from directory.errors import Conflict, Invalid, NotFound
from directory.fields import Field
from directory.permissions import Actor
from directory.services import authority, handovers, listing, outbox, records
from directory.services.catalogue import COLLECTIONS
from directory.services.handovers import FIELDS, INSTITUTIONAL
from web import browser, html, transaction
from web.auth import actor
from web.forms import controls
from web.forms.controls import Choice, Shown
from web.page import Page, Routes
from web.pages.office import sheets
from web.pages.registry import browsing, naming
from web.pages.registry.naming import MARK, Names

POSTS = COLLECTIONS["posts"]
HANDOVER = "/registry/posts/<uuid:record_id>/handover"
MANY = 200


def ask(record_id: UUID) -> Response:
    """The form: the office's lines stay unless somebody says otherwise."""
    session, who = transaction.session(), actor()
    post = _post(session, who, record_id)
    if post.status == "closed":
        raise Conflict("a closed post cannot be handed over")
    numbers = _numbers(session, who, post)
    kept = [one["id"] for one in numbers if one["channel_kind"] in INSTITUTIONAL]
    return _form(session, who, post, {"keep_channels": kept}, {})


def hand_over(record_id: UUID) -> Response:
    """Hand it over; or the form again, with what is wrong in it."""
    session, who = transaction.session(), actor()
    given, names = sheets.sent(FIELDS)
    try:
        names.require_clear()
        said = {name: value for name, value in given.items() if value is not None}
        done = handovers.hand_over(session, who, str(record_id), said)
    except Invalid as invalid:
        session.rollback()
        return _form(session, who, _post(session, who, record_id), given, invalid.errors)
    return browser.go_to(f"/registry/posts/{done.post_id}/handover/{done.effective_on.isoformat()}")


def done(record_id: UUID, day: str) -> Response:
    """What a handover of a day did: who goes and comes, which links it touches, whom a message tells."""
    session, who = transaction.session(), actor()
    post = _post(session, who, record_id)
    try:
        found = handovers.summary(session, who, post, date.fromisoformat(day))
    except ValueError:
        raise NotFound("posts", day) from None
    links = _read(session, who, "links", found.links)
    wanted: dict[str, set[str]] = {}
    for link in links:
        for end in (link["a"], link["b"]):
            wanted.setdefault(f"{end['type']}s", set()).add(end["id"])
    names = Names(session, who).of(wanted)
    return html.render(
        "network_pages/handed_over.html",
        post=records.publish(session, who, POSTS, [post])[0],
        day=found.effective_on,
        ended=_called(session, who, found.ended),
        started=_called(session, who, [found.started] if found.started else []),
        links=[_link(one, names) for one in links],
        told=[MARK.sub("", names[one]) for one in _told(session, found) if one in names],
        task=found.started is None and permissions.may(who, "actions.read"),
    )


def _told(session: Session, found: handovers.Handover) -> list[str]:
    return [key for _kind, key in outbox.told(session, found.links, found.effective_on)]


def _link(link: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    ends = (MARK.sub("", names.get(link[end]["id"], "a partner you may not read")) for end in "ab")
    grade = link.get("grade") or ""
    return {"id": link["id"], "title": " and ".join(ends), "grade": grade, "said": browsing.GRADES.get(grade, "")}


def _called(session: Session, who: Actor, ids: Sequence[str]) -> list[str]:
    return [naming.called("focal_points", one) for one in _read(session, who, "focal_points", ids)]


def _read(session: Session, who: Actor, name: str, ids: Sequence[str]) -> list[dict[str, Any]]:
    collection = COLLECTIONS[name]
    if not ids:
        return []
    asked = {"ids": list(ids)[:MANY], "status": "any"}
    found, _total = listing.page(session, who, collection, asked, page_size=MANY)
    return browsing.published(session, who, collection, found)


def _post(session: Session, who: Actor, record_id: UUID) -> Any:
    """The post, if the actor may change it. Raises Denied, NotFound."""
    permissions.reach(who, "registry.write", POSTS.name)
    post = records.get(session, who, POSTS, str(record_id))
    authority.require_write(session, who, POSTS, post)
    return post


def _numbers(session: Session, who: Actor, post: Any) -> Sequence[Mapping[str, Any]]:
    return _read(session, who, "channels", handovers.numbers(session, post))


def _form(
    session: Session, who: Actor, post: Any, values: Mapping[str, Any], wrong: Mapping[str, Sequence[str]]
) -> Response:
    numbers = _numbers(session, who, post)
    fields: dict[str, Field] = {name: one for name, one in FIELDS.items() if numbers or name != "keep_channels"}
    options = tuple(Choice(code=one["id"], label=naming.called("channels", one)) for one in numbers)
    names = Names(session, who).of(naming.referred({"successor_id": FIELDS["successor_id"]}, values))
    shown = Shown(values=values, errors=wrong, names=names, options={"channels": options})
    return html.render(
        "network_pages/handover.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        post=records.publish(session, who, POSTS, [post])[0],
        address=request.path,
        controls=[replace(one, label=LABELS[one.path]) for one in controls.controls(fields, shown)],
        errors=wrong,
    )


LABELS: Mapping[str, str] = {
    "successor_id": "Who follows",
    "effective_on": "From which day",
    "acting": "Only acting",
    "keep_channels": "Numbers that stay with the post",
}
ROUTES: Routes = (
    (Page(rule=HANDOVER, id="handover_form", policy="registry.write", tag="posts"), ask),
    (Page(rule=HANDOVER, id="hand_over", policy="registry.write", method="POST", tag="posts"), hand_over),
    (Page(rule=f"{HANDOVER}/<day>", id="handed_over", policy="registry.write", tag="posts"), done),
)
