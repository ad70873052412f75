"""A match as a page shows it: numbered cards, whom to call second, the map; and words for the codes in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from directory import vocabulary
from matching.types import Call, MatchResult, NeedResult, Package, Ranked
from web.match_words import FEATURES, RULES
from web.pages import outline_map

FRAGILE = frozenset({"dead", "single_contact", "single_channel"})
"""Grades after which one needs a second plan."""

WORDS = ("service", "channel_kind", "contact_role", "capacity_band", "contact_outcome", "org_type")


@dataclass(frozen=True, slots=True)
class Card:
    """A candidate with its number in the answer, and the candidate to call second where it hangs on one contact."""

    number: int
    candidate: Ranked
    fragile: bool
    second: Ranked | None

    @property
    def second_call(self) -> Call | None:
        """The first of the second's lines that is a telephone."""
        lines = self.second.contacts.call if self.second else ()
        return next((one for one in lines if "@" not in one.value), None)


@dataclass(frozen=True, slots=True)
class NeedShown:
    """One need: its cards in the order to call, and what there is besides."""

    result: NeedResult
    suitable: tuple[Card, ...]
    confirm: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer."""

    found: MatchResult
    needs: tuple[NeedShown, ...]
    packages: Sequence[Package]
    map: outline_map.Map | None


def shown(found: MatchResult, packages: Sequence[Package]) -> Answer:
    """The answer with its cards numbered through, so that the map can name them."""
    needs, number = [], 1
    for result in found.by_need:
        order = (*result.suitable, *result.confirm_by_phone)
        cards = [_card(number + at, one, order) for at, one in enumerate(order)]
        number += len(cards)
        needs.append(NeedShown(result, tuple(cards[: len(result.suitable)]), tuple(cards[len(result.suitable) :])))
    numbered = [(card.number, card.candidate) for need in needs for card in (*need.suitable, *need.confirm)]
    return Answer(found, tuple(needs), packages, outline_map.drawn(found.near, numbered))


def _card(number: int, one: Ranked, order: Sequence[Ranked]) -> Card:
    """Second is the next that is somebody else and can be called."""
    fragile = one.contacts.grade in FRAGILE
    others = [two for two in order if two.organisation.id != one.organisation.id and _has_telephone(two)]
    after = [two for two in others if order.index(two) > order.index(one)]
    return Card(number, one, fragile, next(iter(after or others), None) if fragile else None)


def _has_telephone(one: Ranked) -> bool:
    return any("@" not in call.value for call in one.contacts.call)


def words() -> Mapping[str, Any]:
    """Words for codes."""
    labels = {name: {code: term["label"] for code, term in vocabulary.terms(name).items()} for name in WORDS}
    return {**labels, "rule": RULES, "feature": FEATURES}
