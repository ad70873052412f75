"""What is kept of rules is what they say."""

import numpy as np
import pytest

from benchmarks.worlds import NOW, make
from matching.blocks import Blocks, Size
from matching.judged import PARTIES, PROFILES, WORDS, said
from matching.ranking import Question, Ranker
from matching.rules.outcome import PASS
from matching.rules.table import BY_CODE
from matching.types import Asker, Case, Member, Near, Profile

CANDIDATES = 400
RANKER = Ranker(make(CANDIDATES, seed=3, size=Size(least=1)).world(), Asker())
NEAR = Near("Musina", -22.34, 30.04, "ZA-LP", "DC34", None)
CODES = ("shelter_emergency", "child_temporary_safe_care", "counselling", "medical_emergency")
MORE = (
    (Member(age=30), Member(age=9, gender="other")),
    (Member(age=16), Member(age=9)),
    (Member(age_band="18-24"), Member(age_band="60+", age_disputed=True), Member(age_band="6-11")),
    (Member(age_disputed=True), Member()),
    (Member(age=30), Member(age_band="12-15", gender="male"), Member(age=4, gender="female"), Member(age=17)),
    (Member(age=30), *(Member(age=one, gender="male") for one in range(6))),
    (Member(age=40, gender="male"), Member(age_band="18-24", age_disputed=True, gender="female")),
)


def blocks() -> Blocks:
    found = RANKER.world.index.blocks
    assert found is not None
    return found


def question(profile: Profile, party: tuple[Member, ...]) -> Question:
    return RANKER.read(Case(NEAR, CODES, NOW, NOW, party=party, profile=profile))


@pytest.mark.parametrize("code", sorted({*WORDS, "age", "age_caps"}))
def test_a_rule_bars_whom_it_does_not_pass(code: str) -> None:
    """Row by row, whatever the case says, also where it was said for another case before."""
    rule, at = BY_CODE[code], np.arange(blocks().layout.blocks)
    columns = RANKER.world.index.columns
    for profile in PROFILES:
        for party in (*PARTIES, *MORE):
            for need in CODES:
                asked = question(profile, party).reading.asking(need)
                if code == "accreditation" or (code == "language" and asked.languages.any()):
                    continue
                barred = said(rule, asked, blocks()).barred.rows(blocks(), at)
                expected = np.flatnonzero(rule.judge(asked, columns) != PASS)
                found = np.zeros(0) if barred is None else blocks().layout.unpack(at, barred)
                assert found[found < CANDIDATES].tolist() == expected.tolist(), (profile, party, need)
