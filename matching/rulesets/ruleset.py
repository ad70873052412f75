"""What a ruleset is: rules, weighted features, one penalty and every number, under a version."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from inspect import cleandoc
from typing import Any

from matching.asked import Numbers
from matching.columns import Floats
from matching.features.scarcity import scarcity
from matching.features.view import View
from matching.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class WeightedFeature:
    """A feature with its weight and why it weighs as much."""

    name: str
    measure: Callable[[View], Floats]
    reason: Callable[[View, int], str]
    weight: float
    argument: str

    @property
    def doc(self) -> str:
        return cleandoc(self.measure.__doc__ or "").replace("\n", " ")


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Everything a score depends on besides the registry and the case. Published under its version for good."""

    version: str
    rules: tuple[Rule, ...]
    features: tuple[WeightedFeature, ...]
    numbers: Numbers
    arguments: Mapping[str, str]

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
