"""Which records are likely one, without comparing each with each: those are compared that share something rare.

Pure: what is known of a record is given, and nothing is looked up.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from rapidfuzz import fuzz

from directory.trigrams import Ints, trigrams

RARE = 40
"""A run of three letters that more names have than this says nothing of who they are ("shelter", "police station")."""
SHARED = 0.4
"""The least share that two names to be compared have in common of the rare runs of the one with fewer: a typing error
takes three runs away."""
CROWD = 20
"""A value, or a whole name, of more records than this is a switchboard or a usual name, and nobody's sign."""
FLOOR = 80.0
"""Names less alike than this (rapidfuzz token_sort_ratio, 0 to 100) are two names."""
SAME_NAME = 0.7
"""What two equal names weigh by themselves; from FLOOR up in proportion."""
ELSEWHERE = 0.6
"""What is left of a score where both places are known and are others: branches are called alike."""
LISTED = 0.5
"""The least score of a pair that is worth a look: as likely one as two."""

WEIGHTS: Mapping[str, float] = {
    "same_npo_number": 0.9,
    "same_value": 0.6,
    "same_email": 0.6,
    "same_website": 0.6,
    "same_telephone": 0.5,
    "same_point": 0.5,
    "same_address": 0.4,
    "same_codes": 0.2,
}
"""What each shared value weighs: registers give a number once, an office shares its telephone and its house."""
ALONG = 0.2
"""What the same place, owner or organisation weighs beside another reason; alone it is no reason."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is published of a record that could be another's too. `names` are normalised; `values` are kinds of WEIGHTS
    with a value each; `places` are where, or whose, it is; `within`: compared only with records of the same."""

    id: str
    names: tuple[str, ...] = ()
    values: frozenset[tuple[str, str]] = frozenset()
    places: frozenset[str] = frozenset()
    within: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that are likely one, the lesser id first. `score` from 0 to 1."""

    first: str
    second: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sort:
    """How records of one collection are compared. `place`: the code of what their places are; `elsewhere`: what is left
    of a score where they differ; `named`: whether they are one only where their names are alike."""

    place: str
    elsewhere: float = ELSEWHERE
    named: bool = False


def pairs(known: Sequence[Facts], sort: Sort) -> list[Pair]:
    """All likely pairs, the likeliest first, then by ids."""
    alike = _by_name(known)
    found = []
    for one, other in {*alike, *(() if sort.named else _by_value(known))}:
        a, b = sorted((known[one], known[other]), key=lambda facts: facts.id)
        pair = _scored(a, b, alike.get((one, other), 0.0), sort)
        if a.within == b.within and pair.score >= LISTED:
            found.append(pair)
    return sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second))


def _scored(a: Facts, b: Facts, likeness: float, sort: Sort) -> Pair:
    shared = sorted({kind for kind, _ in a.values & b.values})
    weights = {"name_alike": SAME_NAME * max(0.0, likeness - FLOOR) / (100 - FLOOR)} if likeness > FLOOR else {}
    weights |= {kind: WEIGHTS[kind] for kind in shared}
    if weights and a.places & b.places:
        weights[sort.place] = ALONG
    apart = bool(a.places and b.places) and not a.places & b.places
    unlikely = float(np.prod([1 - weight for weight in weights.values()]))
    score = (1 - unlikely) * (sort.elsewhere if apart and "same_npo_number" not in weights else 1)
    return Pair(a.id, b.id, round(score, 4), tuple(weights))


def _by_value(known: Sequence[Facts]) -> Iterator[tuple[int, int]]:
    """Pairs of records that share a value, the lesser position first."""
    having: dict[tuple[str, tuple[str, str]], list[int]] = defaultdict(list)
    for at, facts in enumerate(known):
        for value in facts.values:
            having[facts.within, value].append(at)
    for those in having.values():
        if len(those) <= CROWD:
            yield from combinations(those, 2)


def _by_name(known: Sequence[Facts]) -> dict[tuple[int, int], float]:
    """The likeness of the best names of each two records whose names are nearly the same."""
    named = [(at, name) for at, facts in enumerate(known) for name in facts.names]
    names = [name for _, name in named]
    found: dict[tuple[int, int], float] = {}
    for one, other in {*_equal(names), *_near(names)}:
        pair = (named[one][0], named[other][0])
        if pair[0] == pair[1] or known[pair[0]].within != known[pair[1]].within:
            continue
        likeness = fuzz.token_sort_ratio(names[one], names[other], score_cutoff=FLOOR)
        if likeness > found.get(pair, 0.0):
            found[pair] = likeness
    return found


def _equal(names: Sequence[str]) -> Iterator[tuple[int, int]]:
    same: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, name in enumerate(names):
        same[tuple(sorted(name.split()))].append(at)
    for those in same.values():
        if len(those) <= CROWD:
            yield from combinations(those, 2)


def _near(names: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Pairs of names that share enough of their rare runs of three letters."""
    keys, owner = trigrams(names)
    both = np.unique((keys.astype(np.int64) << 32) | owner)
    _, which, counts = np.unique(both >> 32, return_inverse=True, return_counts=True)
    both = both[counts[which] <= RARE]
    kept, rows = both >> 32, both & 0xFFFFFFFF
    sizes = np.bincount(rows, minlength=len(names))
    codes: list[Ints] = [np.empty(0, dtype=np.int64)]
    for step in range(1, RARE):
        same = kept[:-step] == kept[step:]
        codes.append((rows[:-step][same] << 32) | rows[step:][same])
    found, shared = np.unique(np.concatenate(codes), return_counts=True)
    one, other = found >> 32, found & 0xFFFFFFFF
    enough = shared >= np.maximum(2, SHARED * np.minimum(sizes[one], sizes[other]))
    return zip(one[enough].tolist(), other[enough].tolist(), strict=True)
