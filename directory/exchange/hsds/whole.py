"""All that there is in one JSON document, written a batch at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import IO

import orjson
from sqlalchemy.orm import Session

from directory.exchange.hsds import reading, taxonomies
from directory.exchange.hsds.parts import VERSION, Json, Published
from directory.permissions import Actor
from directory.services import exports
from directory.services.catalogue import COLLECTIONS

BATCH = 200
"""Records of which all that belongs to them is in memory at once."""

Mapped = Callable[[Session, Actor, Sequence[Published]], list[Json]]


def write(session: Session, actor: Actor, target: IO[bytes], revision: int) -> int:
    """Write what this actor may list, each organisation and service in full; how many. Raises Denied."""
    reader = exports.reader(actor)
    target.write(b'{"version":%b,"revision":%d' % (orjson.dumps(VERSION), revision))
    counted = _write(target, "organizations", _mapped(session, reader, "organisations", reading.whole_organizations))
    counted += _write(target, "services", _mapped(session, reader, "services", reading.whole_services))
    _write(target, "taxonomies", taxonomies.taxonomies())
    _write(target, "taxonomy_terms", taxonomies.terms())
    target.write(b"}\n")
    return counted


def _mapped(session: Session, reader: Actor, name: str, mapped: Mapped) -> Iterator[Json]:
    found = exports.records(session, reader, COLLECTIONS[name])
    while some := list(islice(found, BATCH)):
        yield from mapped(session, reader, some)


def _write(target: IO[bytes], name: str, those: Iterable[Json]) -> int:
    target.write(b",\n%b:[" % orjson.dumps(name))
    counted = 0
    for one in those:
        target.write((b",\n" if counted else b"\n") + orjson.dumps(one))
        counted += 1
    target.write(b"]")
    return counted
