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
MOST_ELEMENTS, MOST_OTHERS = 400_000, 30_000
CELLS = frozenset({"row", "c", "v", "f", "is", "t", "si", "r"})
"""Elements that are cells and their texts; what else there is, such as styles, takes much longer to read."""
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
            seen = _Seen()
            for part in parts:
                _scan(archive, part, seen)
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


def _scan(archive: ZipFile, part: ZipInfo, seen: "_Seen") -> None:
    """Look through a part, whatever it is called: a sheet may be called a picture. Raises Unreadable for what no
    spreadsheet needs: a document type, and with it entities; a tag that is too long; too many of them."""
    parser = seen.parser()
    with archive.open(part) as source:
        fed, broken = 0, False
        while piece := source.read(PIECE):
            if broken:
                continue
            fed += len(piece)
            try:
                parser.Parse(piece, False)
            except expat.ExpatError:
                broken = True
            if fed - max(parser.CurrentByteIndex, 0) > LONGEST_TAG and not broken:
                raise Unreadable("A tag in it is too long.")
            if seen.cells > MOST_ELEMENTS or seen.others > MOST_OTHERS:
                raise Unreadable("It has too many cells, or styles.")


class _Seen:
    """What parsers have come by in all parts."""

    def __init__(self) -> None:
        self.cells = self.others = 0

    def parser(self) -> expat.XMLParserType:
        """One for a part: it is of no use after an error."""
        made = expat.ParserCreate()
        made.StartElementHandler = self._element
        made.StartDoctypeDeclHandler = self._refuse
        return made

    def _element(self, name: str, _attributes: object) -> None:
        if name.rpartition(":")[2] in CELLS:
            self.cells += 1
        else:
            self.others += 1

    def _refuse(self, *_about: object) -> None:
        raise Unreadable("It declares a document type, which no spreadsheet needs.")
