"""A picture as SVG: presentation attributes alone, so that a page whose policy allows no styles may hold it."""

from __future__ import annotations

import re
from xml.etree import ElementTree as Xml

from web.pictures.scene import Box, Disc, Group, Mark, Paint, Picture, Route, Words

NAMESPACE = "http://www.w3.org/2000/svg"
FONT = "Arial, Helvetica, sans-serif"
NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg(picture: Picture, *, alone: bool = False) -> str:
    """The picture as one element. `alone`: a document by itself, whose description holds the table too; in a page the
    table stands beside it."""
    name = picture.name
    root = Xml.Element(
        "svg",
        {
            "xmlns": NAMESPACE,
            "viewBox": f"0 0 {_number(picture.width)} {_number(picture.height)}",
            "width": _number(picture.width),
            "height": _number(picture.height),
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-told",
            "font-family": FONT,
        },
    )
    _worded(root, "title", picture.title, id=f"{name}-title")
    _worded(root, "desc", _described(picture) if alone else picture.told, id=f"{name}-told")
    Xml.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    for mark in picture.marks:
        _draw(root, mark)
    return Xml.tostring(root, encoding="unicode")


def _described(picture: Picture) -> str:
    rows = (
        "; ".join(f"{column}: {value}" for column, value in zip(picture.table.columns, row, strict=True) if value)
        for row in picture.table.rows
    )
    return "\n".join((picture.told, *rows))


def _draw(parent: Xml.Element, mark: Mark) -> None:
    if isinstance(mark, Group):
        group = Xml.SubElement(parent, "g")
        _worded(group, "title", mark.told)
        for inner in mark.marks:
            _draw(group, inner)
    elif isinstance(mark, Disc):
        where = {"cx": _number(mark.x), "cy": _number(mark.y), "r": _number(mark.radius)}
        Xml.SubElement(parent, "circle", where | _painted(mark.paint))
    elif isinstance(mark, Box):
        where = {name: _number(getattr(mark, name)) for name in ("x", "y", "width", "height")}
        Xml.SubElement(parent, "rect", where | _painted(mark.paint))
    elif isinstance(mark, Route):
        points = " ".join(f"{_number(x)},{_number(y)}" for x, y in mark.points)
        Xml.SubElement(parent, "polyline", {"points": points} | _painted(mark.paint))
    else:
        _write(parent, mark)


def _write(parent: Xml.Element, words: Words) -> None:
    looks = {"x": _number(words.x), "y": _number(words.y), "font-size": _number(words.size), "fill": words.colour}
    if words.anchor != "start":
        looks["text-anchor"] = words.anchor
    if words.bold:
        looks["font-weight"] = "bold"
    _worded(parent, "text", words.text, **looks)


def _worded(parent: Xml.Element, tag: str, text: str, **looks: str) -> None:
    Xml.SubElement(parent, tag, looks).text = NOT_IN_XML.sub("", text)


def _painted(paint: Paint) -> dict[str, str]:
    looks = {"fill": paint.fill or "none"}
    if paint.stroke:
        looks |= {"stroke": paint.stroke, "stroke-width": _number(paint.width)}
    if paint.stroke and paint.dash:
        looks["stroke-dasharray"] = " ".join(map(_number, paint.dash))
    return looks


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
