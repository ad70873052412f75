"""Whether an XLSX file may be opened at all: a small file can stand for one that fills the memory, or read others.

Every part is read through once, in pieces, before anything is made of it. A ZIP part gives no more than it declares, so
what it declares bounds what it can unpack to.
"""

import zlib
from typing import IO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from directory.errors import Invalid

MOST_PARTS = 200
MOST_UNPACKED = 16 * 1024 * 1024
MOST_ELEMENTS = 400_000
LONGEST_TAG = 64 * 1024
"""Bytes of one tag: more is thousands of attributes, which are held at once."""
PIECE = 16 * 1024
ENCRYPTED = 0x1
NO_WORKBOOK = "This is no XLSX file, or it is broken."


class Unreadable(Invalid):
    """The file as a whole cannot be read as a spreadsheet: why."""

    def __init__(self, said: str) -> None:
        super().__init__({"": [said]})


def check(file: IO[bytes]) -> None:
    """Raise Unreadable unless an XLSX file is a plain one of bounded size, whatever it says of itself."""
    try:
        with ZipFile(file) as archive:
            parts = archive.infolist()
            _check_sizes(parts)
            elements = 0
            for part in parts:
                elements += _scan(archive, part)
                if elements > MOST_ELEMENTS:
                    raise Unreadable("It has too many cells.")
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise Unreadable(NO_WORKBOOK) from None


def _check_sizes(parts: list[ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or len({part.filename for part in parts}) != len(parts):
        raise Unreadable("It has too many parts, or two of one name.")
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise Unreadable("It is locked with a password.")
    if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
        raise Unreadable(NO_WORKBOOK)
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(f"It unpacks to more than {MOST_UNPACKED // 1024**2} MiB.")


def _scan(archive: ZipFile, part: ZipInfo) -> int:
    """How many elements a part has, whatever it is called: a sheet may be called a picture. Raises Unreadable for what
    no spreadsheet needs: a document type, and with it entities; and for a tag that is too long."""
    seen = _Seen()
    with archive.open(part) as source:
        fed, broken = 0, False
        while piece := source.read(PIECE):
            if broken:
                continue
            fed += len(piece)
            try:
                seen.parser.Parse(piece, False)
            except expat.ExpatError:
                broken = True
            if fed - max(seen.parser.CurrentByteIndex, 0) > LONGEST_TAG and not broken:
                raise Unreadable("A tag in it is too long.")
            if seen.elements > MOST_ELEMENTS:
                break
    return seen.elements


class _Seen:
    """What a parser has come by."""

    def __init__(self) -> None:
        self.elements = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._element
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _element(self, _name: str, _attributes: object) -> None:
        self.elements += 1

    def _refuse(self, *_about: object) -> None:
        raise Unreadable("It declares a document type, which no spreadsheet needs.")
