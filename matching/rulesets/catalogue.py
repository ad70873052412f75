"""All rulesets ever published, and the one in force. A version never changes; a new number is a new version."""

from matching.errors import UnknownRuleset
from matching.rulesets import v2026_1
from matching.rulesets.ruleset import Ruleset

PUBLISHED: tuple[Ruleset, ...] = (v2026_1.RULESET,)
"""Oldest first; the last is in force."""


def get(version: str) -> Ruleset:
    """The ruleset of a version; raises UnknownRuleset."""
    for ruleset in PUBLISHED:
        if ruleset.version == version:
            return ruleset
    raise UnknownRuleset(version)


def current() -> Ruleset:
    """The ruleset in force."""
    return PUBLISHED[-1]
