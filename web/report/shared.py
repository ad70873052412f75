"""The report's JSON without people: whoever holds a post is named by the post alone."""

from typing import Any

PEOPLE = frozenset({"person", "hangs_on"})
"""Fields that hold a person with name, id and posts."""


def shared(wire: Any) -> Any:
    """A copy of what is answered, in which no person has a name or an id. A finding about a person is told by what is
    found; its key and subject would lead to the person."""
    if isinstance(wire, list | tuple):
        return [shared(one) for one in wire]
    if not isinstance(wire, dict):
        return wire
    kept = {name: shared(_posts(one) if name in PEOPLE else one) for name, one in wire.items()}
    if kept.get("kind") == "person":
        del kept["key"], kept["subject"]
    return kept


def _posts(person: Any) -> Any:
    return None if person is None else {"posts": person["posts"]}
