"""Engines of one kind of database share what they have compiled: each test has its own engine, and asks the same."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, create_engine, event

STATEMENTS = 5_000
"""More than the suite has: none is compiled twice."""


def sharing() -> Callable[..., Engine]:
    """A create_engine whose engines share a dialect, and so its compiled statements, once one has connected."""
    first: dict[str, Engine] = {}

    def create(url: Any, **options: Any) -> Engine:
        engine = create_engine(url, query_cache_size=STATEMENTS, **options)
        name = engine.dialect.name
        if name in first:
            engine.dialect, engine._compiled_cache = first[name].dialect, first[name]._compiled_cache
        else:
            event.listen(engine, "first_connect", lambda *_: first.setdefault(name, engine))
        return engine

    return create
