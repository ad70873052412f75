"""Large mappings that change a little at a time; each version stands for good: what changed lies over the rest."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar, cast

Value = TypeVar("Value")

GONE: Any = object()
LEAST, SHARE = 512, 16
"""What lies over is laid into the rest when it is more than so many, and than one in so many."""


class Layered(Mapping[str, Value], Generic[Value]):
    """One version: `over` before `base`, neither of which changes."""

    __slots__ = ("base", "over")

    def __init__(self, base: Mapping[str, Value], over: dict[str, Value]) -> None:
        self.base, self.over = base, over

    def __getitem__(self, key: str) -> Value:
        found = self.over.get(key)
        if found is None:
            return self.base[key]
        if found is GONE:
            raise KeyError(key)
        return found

    def get(self, key: str, default: Any = None) -> Any:
        """As of any mapping; no value is None."""
        found = self.over.get(key)
        if found is None:
            return self.base.get(key, default)
        return default if found is GONE else found

    def __contains__(self, key: object) -> bool:
        return self.get(cast(str, key)) is not None

    def __iter__(self) -> Iterator[str]:
        yield from (key for key in self.base if key not in self.over)
        yield from (key for key, value in self.over.items() if value is not GONE)

    def __len__(self) -> int:
        return len(self.base) + sum((value is not GONE) - (key in self.base) for key, value in self.over.items())


def layered(mapping: Mapping[str, Value], put: Mapping[str, Value], gone: Iterable[str] = ()) -> Mapping[str, Value]:
    """The mapping with some values put and some keys gone. The one before stays as it is."""
    without = dict.fromkeys(gone, GONE)
    if not put and not without:
        return mapping
    base, over = (mapping.base, mapping.over) if isinstance(mapping, Layered) else (mapping, {})
    later = Layered(base, {**over, **without, **put})
    if len(later.over) <= max(LEAST, len(base) // SHARE):
        return later
    return dict(later.items())
