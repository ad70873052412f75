"""What the pages of an office are made of: a sheet of rows, a form over declared fields, secrets told once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session

from directory.fields import Field
from directory.permissions import Actor
from web import html, transaction
from web.auth import actor
from web.forms import controls, reading
from web.forms.controls import Shown
from web.pages.registry import naming
from web.pages.registry.naming import MARK, Names

A_PAGE = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """What may be done with a row: a link, a form of one press, or of two where `asks` says what it would do."""

    label: str
    address: str
    fields: Mapping[str, str] = field(default_factory=dict)
    link: bool = False
    asks: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line: cells in the order of the columns, and what may be done."""

    cells: Sequence[str]
    buttons: Sequence[Button] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A page of rows; `ways` lead to other views of it."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Row]
    total: int
    about: str = ""
    add: str = ""
    ways: Sequence[Button] = ()
    filters: tuple[controls.Control, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A form over declared fields, and where it is sent."""

    title: str
    address: str
    fields: Mapping[str, Field]
    send: str = "Keep"
    about: str = ""
    version: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def number() -> int:
    """Which page of a sheet is asked for."""
    return max(1, min(request.args.get("page", 1, type=int), 10_000))


def show(sheet: Sheet, status: int = 200) -> Response:
    """A sheet, with the way to its other pages."""
    last = max(1, -(-sheet.total // A_PAGE))
    return html.render(
        "office/sheet.html", status, sheet=sheet, number=number(), last=last, args=request.args.to_dict()
    )


def ask(asked: Asked, errors: Mapping[str, Sequence[str]] | None = None) -> Response:
    """A form; with what is wrong in it, if something is."""
    wrong = errors or {}
    names = Names(transaction.session(), actor()).of(naming.referred(asked.fields, asked.values))
    shown = Shown(values=asked.values, errors=wrong, names=names, options={})
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return html.render(
        "office/form.html", status, asked=asked, controls=controls.controls(asked.fields, shown), errors=wrong
    )


def sent(fields: Mapping[str, Field]) -> tuple[dict[str, Any], Names]:
    """What a form of these fields says, and the names that were not clear."""
    names = Names(transaction.session(), actor())
    return reading.values(fields, request.form, names.resolve), names


def tell(title: str, secrets: Mapping[str, str], back: str) -> Response:
    """Secrets, shown this once."""
    return html.render("office/told.html", HTTPStatus.CREATED, title=title, secrets=secrets, back=back)


def organisations(session: Session, who: Actor, ids: set[str]) -> dict[str, str]:
    """What organisations are called."""
    return {one: MARK.sub("", name) for one, name in Names(session, who).of({"organisations": ids}).items()}
