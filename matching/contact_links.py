"""Who is linked with whom."""

from collections.abc import Mapping, Sequence

from matching.contact_records import Home, end_home, is_active
from matching.layered import layered
from matching.rows import Record

Far = Mapping[Home, Mapping[Home, Sequence[tuple[Record, str]]]]
"""The links of each home with each other one, and which end of the link the other is."""


def linked(far: Far, was: Mapping[str, Record], now: Mapping[str, Record]) -> Far:
    """Who is linked with whom, after links came, changed or went."""
    between: dict[tuple[Home, Home], list[tuple[Record, str]]] = {}
    for links in (was, now):
        for link in links.values():
            a, b = end_home(link["a"]), end_home(link["b"])
            if is_active(link) and a != b:
                for near, home in ((a, b), (b, a)):
                    known = far.get(near, {}).get(home, ())
                    between.setdefault((near, home), [one for one in known if str(one[0]["id"]) not in was])
                if links is now:
                    between[a, b].append((link, "b"))
                    between[b, a].append((link, "a"))
    of: dict[Home, dict[Home, Sequence[tuple[Record, str]]]] = {}
    for (near, home), found in between.items():
        of.setdefault(near, dict(far.get(near, {})))[home] = found
    left = {near: {home: found for home, found in those.items() if found} for near, those in of.items()}
    return layered(far, {near: those for near, those in left.items() if those}, [n for n in left if not left[n]])
