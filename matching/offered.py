"""Those who offer a need, kept for all questions until one of them changes, with what is the same in many questions."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.columns import Columns
from matching.sphere import Points

Made = TypeVar("Made")

MOST_KEPT = 128
"""Things remembered of those who offer one need, a byte or so each for every candidate."""


class Offered(Columns):
    """`keep` remembers what is made of these rows and of one answer of a case (such as what a rule says for a low
    acuity): never anything of a person, who is told by several answers together."""

    def __init__(self, table: NDArray[np.void]) -> None:
        super().__init__(np.ascontiguousarray(table))
        self.kept: dict[Hashable, Any] = {}
        self.points = Points.of(self.lat, self.lon)

    def keep(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made for this key, or is made now."""
        try:
            found: Made = self.kept[key]
        except KeyError:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            found = self.kept[key] = make()
        return found
