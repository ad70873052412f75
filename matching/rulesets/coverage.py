"""What a coverage ruleset is: the functions that every province must be able to call on, and numbers for findings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the process. `urgency` from 1 (tonight) to 5 (within months), with why."""

    code: str
    urgency: int
    argument: str


@dataclass(frozen=True, slots=True)
class RequiredFunction:
    """A function that a department must be reachable for in every province, with the reason and its source."""

    function: str
    department: str
    stage: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True, order=True)
class CellKey:
    """One cell of the coverage: a function of a department in a province."""

    department: str
    function: str
    province: str


@dataclass(frozen=True, slots=True)
class NetworkNumbers:
    """Thresholds of the network's findings. A finding's priority, from 1 (first) to 5, is the urgency of the stage plus
    what is in `behind` for its kind; `due_days` by priority."""

    multiplexity_high: int
    links_on_one: int
    replacements: int
    urgency_unknown: int
    behind: Mapping[str, int]
    due_days: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class CoverageRuleset:
    """Required cells, urgencies and thresholds, published under a version for good."""

    version: str
    functions: tuple[RequiredFunction, ...]
    stages: tuple[Stage, ...]
    stage_of: Mapping[str, str]
    numbers: NetworkNumbers
    arguments: Mapping[str, str]

    def required(self, provinces: Iterable[str]) -> Iterator[tuple[CellKey, RequiredFunction]]:
        """Every required cell with the function that it asks for."""
        for province in provinces:
            for one in self.functions:
                yield CellKey(one.department, one.function, province), one

    def functions_of(self, department: str | None) -> frozenset[str]:
        """The functions that a department is required for."""
        return frozenset(one.function for one in self.functions if one.department == department)

    def stage_urgency(self, stage: str) -> int:
        """Raises StopIteration for a stage unknown to this version."""
        return next(one.urgency for one in self.stages if one.code == stage)

    def urgency(self, functions: Iterable[str]) -> int:
        """The urgency of the most urgent stage that these functions serve."""
        stages = {self.stage_of[function] for function in functions if function in self.stage_of}
        return min(map(self.stage_urgency, stages), default=self.numbers.urgency_unknown)
