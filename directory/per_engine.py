"""What is kept of a registry by a process: for its engine, and gone with it."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

Kept = TypeVar("Kept")


class PerEngine(Generic[Kept]):
    """One of something for each engine, made when it is first asked for, and once."""

    def __init__(self, make: Callable[[], Kept]) -> None:
        self._make, self._lock = make, Lock()
        self._kept: WeakKeyDictionary[Engine, Kept] = WeakKeyDictionary()

    def of(self, engine: Engine) -> Kept:
        """That of an engine."""
        found = self._kept.get(engine)
        if found is None:
            with self._lock:
                found = self._kept.setdefault(engine, self._make())
        return found
