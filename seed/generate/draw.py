"""Chance that repeats itself on every machine and Python version.

Only `random.Random.random()` is promised to give the same series for the same seed in every version of
Python; `choice`, `sample` and `shuffle` are not. Everything here is therefore made from `random()` alone.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")
SEED = "counter-trafficking network 2026.1"


class Draw:
    """A named stream of chance: drawing more in one part of the network leaves the others as they were."""

    def __init__(self, stream: str) -> None:
        self._random = random.Random(f"{SEED}/{stream}")

    def share(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()

    def chance(self, probability: float) -> bool:
        return self.share() < probability

    def below(self, limit: int) -> int:
        return int(self.share() * limit)

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return least + self.below(most - least + 1)

    def real(self, least: float, most: float) -> float:
        return least + self.share() * (most - least)

    def pick(self, items: Sequence[T]) -> T:
        return items[self.below(len(items))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One key, in proportion to its weight."""
        mark = self.share() * sum(weights.values())
        for item, weight in weights.items():
            mark -= weight
            if mark < 0:
                return item
        return next(reversed(list(weights)))

    def some(self, items: Iterable[T], count: int) -> list[T]:
        """`count` different items in random order (all of them if there are fewer)."""
        rest = list(items)
        taken: list[T] = []
        while rest and len(taken) < count:
            taken.append(rest.pop(self.below(len(rest))))
        return taken
