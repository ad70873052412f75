"""A field of the registry as a control of a form.

What may be written is declared once, in `directory`; a form shows the declaration and adds nothing to it. A control
carries all that its template needs: its path (dotted, the one errors are told by), its label, its value as text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Any

from directory import geography, vocabulary
from directory.answers import UNSURE, Clock, YesNo
from directory.fields import (
    Boolean,
    Code,
    Day,
    District,
    Field,
    Id,
    Instant,
    Integer,
    Language,
    Listing,
    Number,
    OneOf,
    Province,
    Shape,
    Text,
)

CALLED = {
    "org_type": "Kind of organisation",
    "npo_number": "NPO number",
    "codes": "What is offered",
    "external_ids": "Numbers elsewhere",
    "verified_at": "Confirmed",
    "created_at": "Made",
    "updated_at": "Changed",
    "stay_max_days": "Longest stay, in days",
    "typical_wait_days": "Usual wait, in days",
    "serves": "For which area",
    "serves.codes": "Codes of the provinces or districts",
    "id": "Which one",
    "lat": "Latitude",
    "lon": "Longitude",
    "whatsapp": "WhatsApp",
}
"""What people call a field where its name is a program's."""
TYPED = {"null or left out": "empty", "if left out": "if empty", "Left out:": "If empty:", "null is": "empty is"}
LONG = 250
"""Texts that may be longer than this get a box of several lines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One value that may be chosen, and what people call it."""

    code: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Control:
    """One control, or a group of them. `kind` names the macro that draws it."""

    kind: str
    path: str
    label: str
    hint: str = ""
    required: bool = False
    value: Any = ""
    choices: tuple[Choice, ...] = ()
    parts: tuple["Control", ...] = ()
    most: int = 0
    to: str = ""
    said: tuple[str, ...] = ()

    @property
    def marked(self) -> bool:
        """Whether it, or a control in it, is told to be wrong."""
        return bool(self.said) or any(part.marked for part in self.parts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What a form shows: the values it has, what was wrong with them, what ids are called, and which records of a
    collection may be chosen where they are few."""

    values: Mapping[str, Any]
    errors: Mapping[str, Sequence[str]]
    names: Mapping[str, str]
    options: Mapping[str, tuple[Choice, ...]]


def controls(fields: Mapping[str, Field], shown: Shown) -> tuple[Control, ...]:
    """The controls of a form over these fields."""
    return tuple(_at(field, name, shown.values.get(name), shown) for name, field in fields.items())


def label(path: str) -> str:
    """What people call a field."""
    word = path.rpartition(".")[2]
    if path in CALLED or word in CALLED:
        return CALLED.get(path) or CALLED[word]
    words = word.removesuffix("_id").replace("_", " ")
    return words[:1].upper() + words[1:]


def hint(doc: str) -> str:
    """What a form says of a field: its description in the words of somebody who types, or nothing where it speaks to
    programs alone."""
    for said, meant in TYPED.items():
        doc = doc.replace(said, meant)
    return "" if "{" in doc or "`" in doc else doc


def choices(field: Code) -> tuple[Choice, ...]:
    """The values of a field, with the vocabulary's words."""
    named = _names(field)
    return tuple(Choice(code=code, label=named.get(code, code.replace("_", " "))) for code in field.choices())


def _names(field: Code) -> Mapping[str, str]:
    if isinstance(field, Province):
        return geography.provinces()
    if isinstance(field, District):
        return {code: f"{found.name} ({code})" for code, found in geography.districts().items()}
    return {code: term["label"] for code, term in vocabulary.terms(field.of).items()} if field.of else {}


def _at(field: Field, path: str, value: Any, shown: Shown) -> Control:
    base = Control(
        kind="text",
        path=path,
        label=label(path),
        hint=hint(field.doc),
        required=field.required,
        said=tuple(shown.errors.get(path, ())),
    )
    return _control(field, base, value, shown)


@singledispatch
def _control(field: Field, base: Control, value: Any, shown: Shown) -> Control:
    raise TypeError(f"no control for {type(field).__name__}")


@_control.register
def _text(field: Text, base: Control, value: Any, shown: Shown) -> Control:
    return replace(base, kind="lines" if field.most > LONG else "text", value=_plain(value), most=field.most)


@_control.register
def _language(field: Language, base: Control, value: Any, shown: Shown) -> Control:
    return replace(base, value=_plain(value), most=3)


@_control.register
def _code(field: Code, base: Control, value: Any, shown: Shown) -> Control:
    return replace(base, kind="choice", value=_plain(value), choices=choices(field))


@_control.register
def _clock(field: Clock, base: Control, value: Any, shown: Shown) -> Control:
    return replace(base, kind="time", value=_plain(value))


@_control.register
def _yes_no(field: YesNo, base: Control, value: Any, shown: Shown) -> Control:
    said = tuple(Choice(code=code, label=code.replace("_", " ")) for code in ("yes", "no", *UNSURE))
    return replace(base, kind="choice", value=_plain(value), choices=said)


@_control.register
def _boolean(field: Boolean, base: Control, value: Any, shown: Shown) -> Control:
    said = {True: "true", False: "false"}.get(value, "") if isinstance(value, bool) else _plain(value)
    return replace(
        base, kind="choice", value=said, choices=(Choice(code="true", label="yes"), Choice(code="false", label="no"))
    )


@_control.register
def _id(field: Id, base: Control, value: Any, shown: Shown) -> Control:
    if field.to in shown.options:
        return replace(base, kind="choice", value=_plain(value), choices=shown.options[field.to])
    return replace(base, kind="reference", value=shown.names.get(_plain(value), _plain(value)), to=field.to)


@_control.register
def _integer(field: Integer, base: Control, value: Any, shown: Shown) -> Control:
    return replace(base, kind="number", value=_plain(value))


@_control.register
def _number(field: Number, base: Control, value: Any, shown: Shown) -> Control:
    return replace(base, kind="decimal", value=_plain(value))


@_control.register
def _day(field: Day, base: Control, value: Any, shown: Shown) -> Control:
    return replace(base, kind="day", value=_plain(value))


@_control.register
def _instant(field: Instant, base: Control, value: Any, shown: Shown) -> Control:
    return replace(base, kind="moment", value=value)


@_control.register
def _shape(field: Shape, base: Control, value: Any, shown: Shown) -> Control:
    """A part that the reader may not see is not on the form, or it would be sent back empty."""
    inner = value if isinstance(value, Mapping) else {}
    seen = inner if inner and field.whole else field.fields
    parts = [
        _at(_target(field) if name == "id" else part, f"{base.path}.{name}", inner.get(name), shown)
        for name, part in field.fields.items()
        if name in seen
    ]
    return replace(base, kind="group", parts=tuple(parts))


def _target(field: Shape) -> Field:
    """What `id` refers to beside a `type`: a record of one of several collections."""
    kinds, identifier = field.fields.get("type"), field.fields["id"]
    if not isinstance(kinds, Code):
        return identifier
    return Id(to=",".join(f"{kind}s" for kind in kinds.choices()), required=identifier.required)


@_control.register
def _listing(field: Listing, base: Control, value: Any, shown: Shown) -> Control:
    items = value if isinstance(value, list) else [value] if value else []
    if isinstance(field.of, Code):
        return replace(base, kind="choices", value=items, choices=choices(field.of))
    if isinstance(field.of, Id) and field.of.to in shown.options:
        return replace(base, kind="choices", value=items, choices=shown.options[field.of.to])
    if isinstance(field.of, Shape):
        rows = [_at(field.of, f"{base.path}.{index}", item, shown) for index, item in enumerate([*items, None])]
        return replace(base, kind="rows", parts=tuple(rows))
    several = [text for path, texts in shown.errors.items() if path.startswith(f"{base.path}.") for text in texts]
    hint = f"{base.hint} One on each line.".strip()
    return replace(
        base, kind="lines", value="\n".join(_plain(item) for item in items), hint=hint, said=(*base.said, *several)
    )


@_control.register
def _one_of(field: OneOf, base: Control, value: Any, shown: Shown) -> Control:
    """A code, or something else: the code is chosen, the other is written below it."""
    code = next(kind for kind in field.kinds if isinstance(kind, Code))
    other = next(kind for kind in field.kinds if kind is not code)
    chosen = value if isinstance(value, str) and value in code.choices() else ""
    picked = replace(
        base,
        kind="choice",
        path=f"{base.path}.code",
        label=base.label,
        value=chosen,
        choices=choices(code),
        said=(),
        hint="",
    )
    return replace(base, kind="either", parts=(picked, _at(other, base.path, None if chosen else value, shown)))


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
