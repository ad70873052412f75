"""Large mappings that change a little at a time; each version stands for good: what changed lies over the rest."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar, cast

Key = TypeVar("Key")
Value = TypeVar("Value")

GONE: Any = object()
LEAST, SHARE = 512, 16
"""What lies over is laid into the rest when it is more than so many, and than one in so many."""


class Layered(Mapping[Key, Value], Generic[Key, Value]):
    """One version: `over` before `base`, neither of which changes. `count`: how many keys both have together."""

    __slots__ = ("base", "count", "over")

    def __init__(self, base: Mapping[Key, Value], over: dict[Key, Value], count: int) -> None:
        self.base, self.over, self.count = base, over, count

    def __getitem__(self, key: Key) -> Value:
        found = self.over.get(key)
        if found is None:
            return self.base[key]
        if found is GONE:
            raise KeyError(key)
        return found

    def get(self, key: Key, default: Any = None) -> Any:
        """As of any mapping; no value is None."""
        found = self.over.get(key)
        if found is None:
            return self.base.get(key, default)
        return default if found is GONE else found

    def __contains__(self, key: object) -> bool:
        return self.get(cast(Key, key)) is not None

    def __iter__(self) -> Iterator[Key]:
        yield from (key for key in self.base if key not in self.over)
        yield from (key for key, value in self.over.items() if value is not GONE)

    def laid(self) -> Iterator[tuple[Key, Value]]:
        """What lies over the rest."""
        return ((key, value) for key, value in self.over.items() if value is not GONE)

    def __len__(self) -> int:
        return self.count


def layered(mapping: Mapping[Key, Value], put: Mapping[Key, Value], gone: Iterable[Key] = ()) -> Mapping[Key, Value]:
    """The mapping with some values put and some keys gone. The one before stays as it is."""
    without = dict.fromkeys(gone, GONE)
    if not put and not without:
        return mapping
    count = len(mapping) + sum(key not in mapping for key in put) - sum(key in mapping for key in without.keys() - put)
    base, over = (mapping.base, mapping.over) if isinstance(mapping, Layered) else (mapping, {})
    over = {**over, **without, **put}
    return Layered(base, over, count) if len(over) <= max(LEAST, len(base) // SHARE) else _laid(base, over, count)


def _laid(base: Mapping[Key, Value], over: dict[Key, Value], count: int) -> Mapping[Key, Value]:
    """Both as one; where the rest is in a file, as one layer between it and what comes."""
    if isinstance(base, Layered):
        over = {**base.over, **over}
        base = base.base
    if not isinstance(base, dict):
        return Layered(Layered(base, over, count), {}, count)
    whole = {**base, **over} if base else dict(over)
    for key, value in over.items():
        if value is GONE:
            del whole[key]
    return whole


class Lists(Generic[Key, Value]):
    """A mapping to lists in the making: those that change are copied first."""

    def __init__(self, before: Mapping[Key, list[Value]]) -> None:
        self.before = before
        self.changed: dict[Key, list[Value]] = {}

    def of(self, key: Key) -> list[Value]:
        """One of them, to be changed."""
        found = self.changed.get(key)
        if found is None:
            found = self.changed[key] = list(self.before.get(key, ()))
        return found

    def finished(self) -> Mapping[Key, list[Value]]:
        """The mapping with what changed; what is empty is left out."""
        put = {key: those for key, those in self.changed.items() if those}
        return layered(self.before, put, self.changed.keys() - put.keys())
