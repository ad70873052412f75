"""Every abuse of the threat model has its control taken out by a mutation, and no mutation has rotted."""

from benchmarks.mutations import mutations
from tests.house.test_threat_model import NAMED, rows
from tests.house.tree import ROOT

MUTATIONS = mutations()


def test_every_abuse_has_a_mutation_that_one_of_its_tests_must_notice() -> None:
    noticed = {row[1]: {f"{path}::{name}" for path, name in NAMED.findall(row[3])} for row in rows()}
    tried = {abuse: {one.test for one in MUTATIONS if one.abuse == abuse} for abuse in noticed}

    assert [abuse for abuse in noticed if not noticed[abuse] & tried[abuse]] == []
    assert [str(one) for one in MUTATIONS if one.abuse not in noticed] == []


def test_every_mutation_still_has_something_to_take_out() -> None:
    texts = {one.file: (ROOT / one.file).read_text(encoding="utf-8") for one in MUTATIONS}

    assert [str(one) for one in MUTATIONS if not one.old or texts[one.file].count(one.old) != 1] == []
    assert [str(one) for one in MUTATIONS if one.old == one.new] == []
