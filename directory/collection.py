"""What a collection of the registry is: one declaration, from which verbs, loader, schemas and documents follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from directory.fields import Code, Field, Id, Instant, Integer, Listing, Shape, Text
from directory.models.record import Record
from directory.permissions import Actor

EXTERNAL_ID = Shape(fields={"scheme": Text(most=60, required=True), "value": Text(most=200, required=True)})

WRITABLE_BY_ALL: Mapping[str, Field] = {
    "source": Text(most=300, doc="Where the facts come from."),
    "external_ids": Listing(of=EXTERNAL_ID, most=20, doc="Identifiers of this record elsewhere."),
}

READ_BY_ALL: Mapping[str, Field] = {
    "id": Id(to="", required=True),
    "version": Integer(least=1, most=2**31, required=True, doc="Rises with every change of what is published."),
    "status": Code(among=("active", "closed"), required=True),
    "created_at": Instant(required=True),
    "updated_at": Instant(required=True),
    "verified_at": Instant(doc="When somebody last confirmed the record; null is stale."),
}

Given = Mapping[str, Any]


def _nothing(session: Session, record: Any, given: Given) -> None:
    """No rule beyond the fields' own."""


def _everybody(session: Session, actor: Actor, record: Any) -> None:
    """Nothing but what the grants say."""


def _no_more(session: Session, record: Any) -> None:
    """Nothing but that it is closed."""


@dataclass(frozen=True, kw_only=True)
class Collection:
    """One kind of record.

    `fields` are what a caller may write; those that are no column of the model are put in place by `place`. `shown` are
    read beside them (or instead of them, by the same name). `rules` sees a record before it is kept and raises Invalid.
    `settle` adds what refers to a new record, once that is written.
    `vetting` sees a new record with who makes it, once the grants have let them, and raises Denied or Invalid.
    `closing` is done to a record as it closes.
    `named_by` is the column of names for order and fuzzy search; `filters` are the list filters it answers.
    """

    name: str
    model: type[Record]
    fields: Mapping[str, Field]
    shown: Mapping[str, Field] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    named_by: str | None = None
    filters: frozenset[str] = frozenset()
    statuses: tuple[str, ...] = ("active", "closed")
    place: Callable[[Session, Any, Given], None] = _nothing
    rules: Callable[[Session, Any, Given], None] = _nothing
    settle: Callable[[Session, Any, Given], None] = _nothing
    vetting: Callable[[Session, Actor, Any], None] = _everybody
    closing: Callable[[Session, Any], None] = _no_more

    @property
    def path(self) -> str:
        """The name as paths and file names write it."""
        return self.name.replace("_", "-")

    @property
    def writable(self) -> dict[str, Field]:
        """Fields of POST."""
        return {**self.fields, **WRITABLE_BY_ALL}

    @property
    def changeable(self) -> dict[str, Field]:
        """Fields of PATCH."""
        return {name: one for name, one in self.writable.items() if not one.create_only}

    @property
    def readable(self) -> dict[str, Field]:
        """Fields of a record as read; any may be absent where the reader may not see it."""
        status = Code(among=self.statuses, required=True)
        written = {name: one for name, one in self.writable.items() if name not in self.hidden}
        return {**READ_BY_ALL, "status": status, **written, **self.shown}


def typed_reference(*types: str, doc: str = "") -> Shape:
    """A reference to a record of one of several collections."""
    return Shape(
        fields={"type": Code(among=types, required=True), "id": Id(to="", required=True)}, required=True, doc=doc
    )


SERVES = Shape(
    fields={
        "scope": Code(among=("national", "province", "district"), required=True),
        "codes": Listing(of=Text(most=10), most=60),
    },
    doc="The competent area: the country, provinces or districts by code.",
)
