"""What a report is made of, before it is a page, a print or a workbook."""

from __future__ import annotations

from dataclasses import dataclass

from web.pictures.scene import Picture, Table


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline figure with what it means."""

    value: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: a sentence or two, then a table, a picture or both. `name` is short, and unique."""

    name: str
    heading: str
    words: tuple[str, ...] = ()
    table: Table | None = None
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report."""

    title: str
    lead: tuple[str, ...]
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    warning: str
