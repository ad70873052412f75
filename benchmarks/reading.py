"""A session as a request has it that only reads, for benchmarks that ask without HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.db import begin
from directory.services import access


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Both revisions are read first, then what has to be read."""
    seen = access.revisions(engine)
    session = begin(engine, write=False)
    session.info["seen"] = seen.registry
    try:
        yield session
    finally:
        session.close()
