"""What a hard rule is: one pure function with the groups it governs and what its outcomes lead to."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import cleandoc
from typing import Literal

import numpy as np

from matching.asked import Asked, Group
from matching.columns import Columns
from matching.rules.outcome import ASK, FAIL, PASS, SILENT, UNKNOWN, Outcomes
from matching.types import Verdict

Effect = Literal["excluded", "confirm"]
Judge = Callable[[Asked, Columns], Outcomes]
Record = Callable[[Columns, int], str]

ALL: frozenset[Group] = frozenset({"residential", "emergency", "statutory", "support"})
RESIDENTIAL: frozenset[Group] = frozenset({"residential"})
STATUTORY: frozenset[Group] = frozenset({"statutory"})
NOT_EMERGENCY: frozenset[Group] = ALL - {"emergency"}

ABSOLUTE = frozenset({"active", "avoided"})
"""The rules that exclude an emergency service too, and whose candidates are counted without being shown."""

VERDICTS: dict[int, Verdict] = {
    int(PASS): "pass",
    int(SILENT): "unknown",
    int(ASK): "unknown",
    int(UNKNOWN): "unknown",
    int(FAIL): "fail",
}


RECORDED = (int(FAIL), int(ASK))
"""The outcomes at which it helps to say what stands on record."""


def nothing_on_record(c: Columns, row: int) -> str:
    """For rules whose sentence says it all."""
    return ""


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of a rule: for the caseworker what it found, for the partner a question that does not give the
    person away."""

    passed: str
    failed: str
    unknown: str
    silent: str = ""
    ask: str = "The service decides case by case."
    question: str = ""

    def reason(self, outcome: int) -> str:
        """The sentence of an outcome."""
        return (self.passed, self.silent or self.unknown, self.ask, self.unknown, self.failed)[outcome]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """`judge` answers for all rows at once. `on_fail` and `on_unknown` say where a candidate goes; a case that is
    silent and a service that decides case by case always go to confirm."""

    code: str
    judge: Judge
    governs: frozenset[Group]
    words: Words
    on_fail: Effect = "excluded"
    on_unknown: Effect = "confirm"
    record: Record = nothing_on_record

    @property
    def doc(self) -> str:
        """The published sentence of the rule: the docstring of its function."""
        return cleandoc(self.judge.__doc__ or "").replace("\n", " ")

    def excludes(self, outcomes: Outcomes, group: Group) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Which outcomes exclude a candidate of the group. Nothing but an absolute rule excludes an emergency
        service."""
        excluding = np.zeros(len(outcomes), dtype=np.bool_)
        if group == "emergency" and self.code not in ABSOLUTE:
            return excluding
        if self.on_fail == "excluded":
            excluding |= outcomes == FAIL
        if self.on_unknown == "excluded":
            excluding |= outcomes == UNKNOWN
        return excluding

    def reason(self, outcome: int, c: Columns, row: int) -> str:
        """The sentence for one row, with what stands on record where that helps."""
        said = self.record(c, row) if outcome in RECORDED else ""
        return f"{self.words.reason(outcome)} {said}".strip()
