"""Whom a service takes and what it asks for: fields where HSDS has them, attributes for every answer."""

from collections.abc import Mapping
from typing import Any

from directory import vocabulary
from directory.answers import NO_LIMIT
from directory.exchange.hsds.parts import Json, derived, labelled, said
from directory.exchange.hsds.taxonomies import label, term
from directory.languages import name as language_name

Answers = Mapping[str, Any]

DOCUMENTS = {
    "police_report_required": "A police report",
    "id_required": "An identity document",
    "recognition_required": "The letter of recognition",
    "dsd_referral_required": "A referral by Social Development",
}
ELSEWHERE = frozenset({"intake", "languages_spoken"})
"""Answers that are schedules and languages."""
UNKNOWN = "unknown"


def limit(answers: Answers, name: str) -> int | None:
    """An age, where it is a number that leaves somebody out."""
    value = answers.get(name)
    return value if isinstance(value, int) and value < NO_LIMIT else None


def in_words(answers: Answers) -> str | None:
    """What was answered, for people to read."""
    told = [
        f"{label('eligibility', name)}: {_words(name, value)}"
        for name, value in _told(answers).items()
        if value != UNKNOWN
    ]
    return "; ".join(told) or None


def attributes(owner: str, answers: Answers) -> list[Json]:
    """Every answer, by its question of the vocabulary; what was never asked is not there."""
    return [
        labelled(
            owner,
            f"eligibility/{name}",
            value,
            label("eligibility", name),
            link_type="eligibility",
            term=term("eligibility", name),
        )
        for name, value in _told(answers).items()
    ]


def documents(owner: str, answers: Answers) -> list[Json]:
    """What one has to bring."""
    return [
        {"id": derived(owner, "document", name), "document": words}
        for name, words in DOCUMENTS.items()
        if answers.get(name) == "yes"
    ]


def languages(owner: str, codes: Any) -> list[Json]:
    """Languages by ISO 639-3 code and name."""
    spoken = codes if isinstance(codes, list) else []
    return [{"id": derived(owner, "language", one), "code": one, "name": language_name(one)} for one in spoken]


def costs(owner: str, cost: str | None) -> list[Json]:
    """What it costs: no amounts are kept."""
    if cost is None or cost == UNKNOWN:
        return []
    free = {"amount": 0, "currency": "ZAR"} if cost == "free" else {}
    return [said(id=derived(owner, "cost"), option=cost, amount_description=label("cost", cost), **free)]


def _told(answers: Answers) -> dict[str, Any]:
    questions = vocabulary.terms("eligibility")
    return {name: answers[name] for name in questions if name not in ELSEWHERE and answers.get(name) is not None}


def _words(name: str, value: Any) -> str:
    values = vocabulary.terms("eligibility")[name]["value"]
    known = vocabulary.document()["sets"].get(values)
    if known is not None and isinstance(value, str) and value in vocabulary.terms(values):
        return label(values, value)
    return label("answer", value) if isinstance(value, str) else str(value)
