"""Names by trigrams: what is found is what comparing all of them finds."""

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from directory.queries.names import LIKENESS_FLOOR, Names
from directory.trigrams import Postings, trigrams
from tests.directory import misspelt

COUNT = 10_000


@pytest.fixture(scope="module")
def kept() -> Names:
    return Names.of(1, [(str(at), name) for at, name in enumerate(misspelt.names(COUNT))])


def fully(query: str, names: tuple[str, ...]) -> list[float]:
    found = process.extract(query, names, scorer=fuzz.WRatio, score_cutoff=LIKENESS_FLOOR, limit=10)
    return [round(100.0 - score, 6) for _, score, _ in found]


def quickly(query: str, kept: Names) -> list[float]:
    everybody = set(kept.ids)
    return [round(one, 6) for one in sorted(kept.likeness(query, lambda ids: set(ids or everybody)).values())[:10]]


def test_the_first_are_as_alike_as_the_first_of_all(kept: Names) -> None:
    """Of the committed queries: the first on 99 of 100, each of the first ten on 95 of 100."""
    asked = [query for _, query in misspelt.queries(list(kept.names), 30)]
    pairs = [(quickly(query, kept), fully(query, kept.names)) for query in asked]

    assert np.mean([found[:1] == full[:1] for found, full in pairs]) >= 0.99
    shares = [np.mean([one == other for one, other in zip(found, full, strict=False)]) for found, full in pairs if full]
    assert np.mean(shares) >= 0.95


def test_what_may_not_be_seen_changes_nothing(kept: Names) -> None:
    """Names that somebody may not see take nobody's place: the answer is that of a registry without them."""
    hidden = {one for one in kept.ids if int(one) % 3}
    rest = Names.of(1, [(one, name) for one, name in zip(kept.ids, kept.names, strict=True) if one not in hidden])
    everybody = set(kept.ids)

    for _, query in misspelt.queries(list(kept.names), 5):
        seen = kept.likeness(query, lambda ids: set(ids or everybody) - hidden)
        assert seen == rest.likeness(query, lambda ids: set(ids or everybody))


@pytest.mark.parametrize("query", ["", "\u00b4", "x", "ngo", "a" * 200, "北京 safe house"])
def test_any_query_is_answered(kept: Names, query: str) -> None:
    assert all(0 <= one <= 100 for one in kept.likeness(query, lambda ids: set(ids or kept.ids)).values())


def test_no_names_at_all() -> None:
    assert Names.of(1, []).likeness("house", lambda ids: set(ids or ())) == {}


def test_each_name_shares_all_with_itself() -> None:
    names = misspelt.names(50)
    postings, everybody = Postings.of(names), np.arange(50, dtype=np.int32)

    for at, name in enumerate(names):
        shared = postings.shared(name).values(everybody)
        assert shared[at] == shared.max()


@pytest.mark.parametrize("count", [1, 7, 200, 2000, COUNT, COUNT + 5])
def test_the_best_are_those_of_looking_at_all(kept: Names, count: int) -> None:
    """Short names and ties included, and trigrams that nearly all have."""
    some = list(kept.names[:4000])
    for names in (kept.names, [name.split()[0] for name in some], ["safe house"] * 3000 + some, some[:3]):
        postings = Postings.of(names)
        everybody = np.arange(len(names), dtype=np.int32)
        for query in (*(query for _, query in misspelt.queries(some, 2)), "safe house", "ho", "x", ""):
            shared = postings.shared(query)
            values = shared.values(everybody)
            expected = np.lexsort((everybody, -values))[:count].tolist()
            assert shared.best(count) == expected, (query, count)


def test_what_is_shared_is_counted_in_either_way() -> None:
    """By lists of rare trigrams, and by the bits of common ones."""
    names = [*["safe haven"] * 40, *misspelt.names(600)]
    postings = Postings.of(names)
    assert len(postings.common)
    assert len(postings.rows)
    for query in ("safe haven", names[70], names[500]):
        own = set(trigrams([query])[0].tolist())
        counted = [len(own & set(trigrams([name])[0].tolist())) for name in names]
        assert postings.shared(query).counts.tolist() == counted
