"""One random match: a network, its ids, a request, who asks, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hypothesis import strategies as st

from matching.blocks import Size
from tests.matching import asks
from tests.matching.choosing import Chooser, Drawn
from tests.matching.comparison import differences
from tests.matching.oracle.answer import answer
from tests.matching.product import run_product
from tests.matching.worlds import Record, World, ids_of, network


@dataclass(frozen=True)
class Asked:
    """A network and what is asked of it."""

    world: World
    ids: dict[str, dict[str, str]]
    request: Record
    asker: Record | None
    now: datetime

    def differences(self, size: Size | None = None) -> list[str]:
        """Where the product does not say what the oracle says. `size`: how its index is cut into blocks."""
        return self.differences_of([size])[0]

    def differences_of(self, sizes: Sequence[Size | None]) -> list[list[str]]:
        """The same of several sizes."""
        expected = answer(self.world, self.request, self.now, asker=self.asker, ids=self.ids)
        asked = (self.world, self.request, self.now, self.ids)
        return [differences(run_product(*asked, asker=self.asker, size=size), expected) for size in sizes]


def anything(choose: Chooser, services: int) -> Asked:
    """A random match in a network of at most so many services."""
    world = network(choose, services)
    ids = ids_of(world, choose.count(0, 2**32))
    return Asked(world, ids, asks.request(choose, ids), asks.asker(choose, world), asks.clock(choose))


@st.composite
def matches(draw: st.DrawFn, services: int) -> Asked:
    """The same by hypothesis, which looks for the smallest network that still fails."""
    return anything(Drawn(draw), services)
