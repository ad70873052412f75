"""What a ruleset is: rules, weighted features, one penalty and every number, under a version."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import asdict, dataclass, field
from inspect import cleandoc
from typing import Any, cast

from matching.asked import Asked, Numbers
from matching.columns import Floats, Ints
from matching.features.reasons import Reason
from matching.features.scarcity import scarcity
from matching.features.view import View
from matching.offered import Offered
from matching.rules.rule import Rule
from matching.types import Confirm, Feature

MOST_KEPT = 4096
"""Features that are kept as they are answered: most have few values."""


@dataclass(frozen=True, slots=True, eq=False)
class WeightedFeature:
    """A feature with its weight and why it weighs as much. `of_case`: its value tells something of the case, so that no
    answer's is kept for the next. `reads`: the one answer of a case that decides it for a candidate, if it is one, so
    that its values are kept with those who offer a need, as what rules say is."""

    name: str
    measure: Callable[[View], Floats]
    reason: Reason
    weight: float
    argument: str
    of_case: bool = False
    reads: Callable[[Asked], Hashable] | None = None
    kept: dict[tuple[float, Hashable], Feature] = field(default_factory=dict, repr=False)

    def values(self, view: View) -> Floats:
        """What it is for the candidates of a view."""
        c = view.columns
        if self.reads is None or not isinstance(c, Offered):
            return self.measure(view)
        return c.keep((self.name, self.reads(view.asked)), lambda: self.measure(view))

    def shown(self, values: Floats, view: View, rows: Ints) -> list[Feature]:
        """Its values for some candidates of a view, as they are answered."""
        c = view.columns
        if self.reads is None or not isinstance(c, Offered):
            return self._shown(values, view, rows)
        every = c.keep((self.name, self.reads(view.asked), Feature), lambda: self._shown(values, view, slice(None)))
        return [every[at] for at in rows.tolist()]

    def _shown(self, every: Floats, view: View, rows: Ints | slice) -> list[Feature]:
        values, states = every[rows].tolist(), self.reason.state(view, rows)
        if self.of_case:
            return list(map(self._made, values, states))
        kept = self.kept
        if len(kept) >= MOST_KEPT:
            kept.clear()
        found = list(map(kept.get, zip(values, states, strict=True)))
        if not all(found):
            for at in [at for at, feature in enumerate(found) if feature is None]:
                key = values[at], states[at]
                found[at] = kept[key] = self._made(*key)
        return cast(list[Feature], found)

    def _made(self, value: float, state: Hashable) -> Feature:
        return Feature(self.name, value, self.weight, self.weight * value, self.reason.sentence(state))

    @property
    def doc(self) -> str:
        return cleandoc(self.measure.__doc__ or "").replace("\n", " ")


@dataclass(frozen=True, slots=True, eq=False)
class Ruleset:
    """Everything a score depends on besides the registry and the case. Published under its version for good."""

    version: str
    rules: tuple[Rule, ...]
    features: tuple[WeightedFeature, ...]
    numbers: Numbers
    arguments: Mapping[str, str]
    questions: tuple[Confirm, ...] = field(init=False)
    absolute: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        """What each rule asks on the phone, and where those stand after which nothing else is asked."""
        codes = [rule.code for rule in self.rules]
        object.__setattr__(self, "questions", tuple(Confirm(rule.code, rule.words.question) for rule in self.rules))
        object.__setattr__(self, "absolute", (codes.index("active"), codes.index("avoided")))

    def describe(self) -> dict[str, Any]:
        """As `GET /rulesets/{version}` publishes it: every rule and feature with its docstring, every number with
        its argument."""
        return {
            "version": self.version,
            "score": "sum of weight x feature - penalties; ties by distance, then BLAKE2b of the id",
            "rules": [_rule(rule) for rule in self.rules],
            "features": [
                {"name": f.name, "weight": f.weight, "formula": f.doc, "argument": f.argument} for f in self.features
            ],
            "penalties": [{"name": "scarcity", "formula": cleandoc(scarcity.__doc__ or "").replace("\n", " ")}],
            "thresholds": [
                {"name": name, "value": value, "argument": self.arguments[name]}
                for name, value in asdict(self.numbers).items()
            ],
        }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "rule": rule.code,
        "text": rule.doc,
        "groups": sorted(rule.governs),
        "on_fail": rule.on_fail,
        "on_unknown": rule.on_unknown,
        "on_silent": "confirm" if rule.words.silent else "no rule",
        "question": rule.words.question or None,
    }
