"""What is counted of the work beside matches. A counter is made when it first counts: by then it is decided where all
processes of a server count together (`web.metrics`), which is not yet so when modules are loaded."""

from functools import cache

from prometheus_client import Counter


@cache
def derived() -> Counter:
    """How often all was derived anew."""
    return Counter("directory_index_rebuilds", "How often the index was derived from the registry.")


@cache
def ordered() -> Counter:
    """How often the order of candidates was made."""
    return Counter("directory_index_orderings", "How often candidates were put in order beside the matches.")
