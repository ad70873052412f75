"""Where random choices come from: hypothesis, which shrinks what fails, or a seed, many times as fast."""

from collections.abc import Sequence
from random import Random
from typing import Any, Protocol

from hypothesis import strategies as st


class Chooser(Protocol):
    """A source of choices."""

    def one(self, values: Sequence[Any]) -> Any:
        """One of some values; the first is the simplest."""

    def count(self, least: int, most: int) -> int:
        """A whole number between two, both included."""

    def some(self, values: Sequence[Any], least: int, most: int) -> list[Any]:
        """Several different values."""


class Drawn:
    """Choices by hypothesis."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def one(self, values: Sequence[Any]) -> Any:
        """Shrinks towards the first."""
        return self.draw(st.sampled_from(values))

    def count(self, least: int, most: int) -> int:
        """Shrinks towards the least."""
        return self.draw(st.integers(least, most))

    def some(self, values: Sequence[Any], least: int, most: int) -> list[Any]:
        """Shrinks towards fewer."""
        return self.draw(st.lists(st.sampled_from(values), min_size=least, max_size=most, unique=True))


class Rolled:
    """Choices by a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def one(self, values: Sequence[Any]) -> Any:
        """All alike."""
        return self.random.choice(values)

    def count(self, least: int, most: int) -> int:
        """All alike."""
        return self.random.randint(least, most)

    def some(self, values: Sequence[Any], least: int, most: int) -> list[Any]:
        """All alike."""
        return self.random.sample(values, self.random.randint(least, min(most, len(values))))
