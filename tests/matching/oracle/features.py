"""The six features, their weights and the scarcity guard, as matching.md and readings.md state them."""

from dataclasses import dataclass

from tests.matching.oracle import clock
from tests.matching.oracle.case import Case
from tests.matching.oracle.gazetteer import Spot, distance_km
from tests.matching.oracle.registry import RESIDENTIAL, Candidate
from tests.matching.oracle.rules import Question, language_standing

WEIGHTS = {
    "service_fit": 0.30,
    "proximity": 0.20,
    "capacity_freshness": 0.15,
    "language": 0.15,
    "stay": 0.10,
    "contact_robustness": 0.10,
}
LANGUAGE = {"shared": 1.0, "interpreter": 0.6, "unknown": 0.3, "none": 0.0}
NEIGHBOURS_KM = 25.0


@dataclass(frozen=True)
class Field:
    """All candidates of the registry beside the one at hand, and the case's needs as read and as asked."""

    candidates: list[Candidate]
    avoided: set[str]
    needs: list[str]
    asked: list[str]


def distance(candidate: Candidate, near: Spot) -> float | None:
    """Kilometres from the asked point to the published point; None for remote."""
    if candidate.remote or candidate.where is None:
        return None
    return distance_km(near.point, candidate.where.point)


def _beside(one: Candidate, other: Candidate) -> bool:
    """Within the same published area, or within 25 km when both sites are open."""
    if one.remote or one.where is None or other.where is None:
        return False
    if one.where.confidential or other.where.confidential:
        return one.where.area.id == other.where.area.id
    return distance_km(one.where.point, other.where.point) <= NEIGHBOURS_KM


def also_covers(candidate: Candidate, position: int, field: Field) -> list[str]:
    """The other needs, as asked, that the same organisation covers beside this site or remotely."""
    helpers = [
        c
        for c in field.candidates
        if c.service["organisation"] == candidate.service["organisation"]
        and c.active
        and c.key not in field.avoided
        and (c.remote or _beside(candidate, c))
    ]
    others = [place for place in range(len(field.needs)) if place != position]
    return [field.asked[place] for place in others if any(c.offers(field.needs[place]) for c in helpers)]


def values(q: Question, covered: list[str], others: int, redundancy: int) -> dict[str, float]:
    """Every feature in [0, 1]."""
    away = distance(q.candidate, q.near)
    return {
        "service_fit": len(covered) / others if others else 1.0,
        "proximity": 0.5 if away is None else 1 / (1 + away / 100),
        "capacity_freshness": _capacity_freshness(q),
        "language": LANGUAGE[language_standing(q)],
        "stay": _stay(q),
        "contact_robustness": min(1.0, redundancy / 2),
    }


def _capacity_freshness(q: Question) -> float:
    if q.need not in RESIDENTIAL:
        return 0.5
    capacity = q.candidate.capacity
    if capacity is None or capacity.as_of is None:
        return 0.0
    return float(0.5 ** (clock.hours_between(capacity.as_of, q.now) / 24))


def _stay(q: Question) -> float:
    if q.need not in RESIDENTIAL or q.case.stay_days is None:
        return 1.0
    offered = q.answer("stay_max_days")
    return 0.5 if isinstance(offered, str) else min(1.0, offered / q.case.stay_days)


def total(features: dict[str, float], penalty: float) -> float:
    """Weighted sum, less the penalty, added up in the order of the weights."""
    score = 0.0
    for name, weight in WEIGHTS.items():
        score += weight * features[name]
    return score - penalty


def _is_number(answer: object) -> bool:
    return isinstance(answer, int) and not isinstance(answer, bool)


def accepts_explicitly(candidate: Candidate) -> set[str]:
    """The scarce profiles that a service says yes to."""
    answer = candidate.answer
    found = set()
    if answer("sex_gender") in ("male", "any"):
        found.add("men")
    children, boys = answer("children_with_adult"), answer("boy_child_max_age")
    if (
        answer("sex_gender") in ("female", "any")
        and _is_number(children)
        and children >= 1
        and _is_number(boys)
        and boys > 12
    ):
        found.add("mother with a boy over 12")
    if answer("step_free") == "yes":
        found.add("wheelchair")
    if answer("substance") in ("active", "detox_onsite"):
        found.add("active substance use")
    return found


def profiles_of(case: Case) -> set[str]:
    """The scarce profiles that the case has; what it does not say it lacks."""
    found = set()
    if any(m.gender == "male" for m in case.judged):
        found.add("men")
    boys = [m for m in case.accompanied_children if m.gender == "male"]
    if any(m.gender == "female" for m in case.judged) and any(b.ages and b.ages[1] > 12 for b in boys):
        found.add("mother with a boy over 12")
    if case.says("step_free"):
        found.add("wheelchair")
    if case.says("substance") in ("active", "detox_onsite"):
        found.add("active substance use")
    return found


def scarcity(q: Question, field: Field) -> float:
    """0.10 for the only organisation of the province that takes a scarce profile, 0.05 for one of two."""
    where = q.candidate.where
    if q.need not in RESIDENTIAL or where is None:
        return 0.0
    acceptors: dict[str, set[str]] = {}
    for other in field.candidates:
        here = other.where is not None and other.where.province == where.province
        on_site = other.service.get("delivery", "on_site") == "on_site"
        if other.active and other.offers(q.need) and here and on_site:
            for profile in accepts_explicitly(other):
                acceptors.setdefault(profile, set()).add(other.service["organisation"])
    lacking = [
        owners
        for profile, owners in acceptors.items()
        if profile not in profiles_of(q.case) and q.candidate.service["organisation"] in owners
    ]
    return max(({1: 0.10, 2: 0.05}.get(len(owners), 0.0) for owners in lacking), default=0.0)
