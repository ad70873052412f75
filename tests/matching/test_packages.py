"""Packages: random networks against every set of what the lists say, and cases worked out by hand."""

from dataclasses import replace
from itertools import combinations
from math import fsum
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from matching import service
from matching.feed import Network
from matching.index import tie_break
from matching.ranking import Question, Ranker
from matching.rows import by_id
from matching.sphere import band, haversine
from matching.types import Bucket, Near, Package, PackageMember, PackagesResult, Ranked
from tests.matching import cases
from tests.matching.choosing import Rolled
from tests.matching.product import asker_of, need_of, snapshot
from tests.matching.random_matches import Asked, anything, matches
from tests.matching.worlds import NEEDS

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
FOLDER = cases.FOLDER / "packages"
EVERYBODY = 10**6


def packaged(one: Any) -> tuple[PackagesResult, Question]:
    """The packages of a request, and the question that gives its lists."""
    network = Network(1, by_id(snapshot(one.world, one.ids, one.now)))
    case = service.resolve(need_of(one.request), one.now)
    asker = asker_of(one.asker, one.ids)
    return service.packaged(network, case, asker, one.now), Ranker(network.world(case.now), asker).read(case)


def slowly(question: Question) -> list[tuple[set[str], str | None, float]]:
    """The ids of the members, the band and the score of the best three, by trying every set."""
    lists = {need: _those(question, need) for need in question.needs}
    covered = {need: those for need, those in lists.items() if those}
    shown: dict[str, Ranked] = {}
    covers: dict[str, set[str]] = {}
    for need, those in covered.items():
        for one in those:
            shown.setdefault(one.service_site_id, one)
            covers.setdefault(one.service_site_id, set()).add(need)
    for size in range(1, len(covered) + 1):
        sets = [one for one in combinations(shown, size) if set().union(*(covers[i] for i in one)) == set(covered)]
        if sets:
            keyed = sorted((_key([shown[i] for i in one], question.case.near), one) for one in sets)
            return [_described([shown[i] for i in one], question.case.near) for _, one in keyed[:3]]
    return []


def _those(question: Question, need: str) -> tuple[Ranked, ...]:
    suitable = question.ranked(need, "suitable", EVERYBODY)
    return suitable or question.ranked(need, "confirm_by_phone", EVERYBODY)


def _key(members: list[Ranked], near: Near) -> tuple[int, float, int, list[bytes]]:
    organisations = {one.organisation.id for one in members}
    hashes = sorted(tie_break(one.service_site_id) for one in members)
    return len(organisations), _worst(members, near), -sum(round(one.score * 1e12) for one in members), hashes


def _worst(members: list[Ranked], near: Near) -> float:
    return max(_km(one, near) for one in members)


def _km(one: Ranked, near: Near) -> float:
    if one.service.delivery == "remote":
        return 0.0
    point = one.site and one.site.point
    return (
        float(haversine(near.lat, near.lon, np.array([point.lat]), np.array([point.lon]))[0]) if point else float("inf")
    )


def _described(members: list[Ranked], near: Near) -> tuple[set[str], str | None, float]:
    worst = _worst(members, near)
    far = worst < float("inf") and any(one.service.delivery != "remote" for one in members)
    return {one.service_site_id for one in members}, band(worst) if far else None, fsum(one.score for one in members)


def _told(package: Package) -> tuple[set[str], str | None, float]:
    ids = {one.candidate.service_site_id for one in package.members}
    return ids, package.worst_distance_band, package.score


def differences(one: Asked) -> list[Any]:
    """Where the packages are not those of the slow way, or a member is not in the list of what it covers."""
    found, question = packaged(one)
    expected, given_ones = slowly(question), [_told(package) for package in found.packages]
    members = [member for package in found.packages for member in package.members]
    wrong = [member for member in members if not _holds(question, member)]
    return ([] if given_ones == expected else [given_ones, expected]) + wrong


def _holds(question: Question, member: PackageMember) -> bool:
    if not member.covers or not set(member.to_confirm) <= set(member.covers):
        return False
    buckets: dict[str, Bucket] = {
        n: "confirm_by_phone" if n in member.to_confirm else "suitable" for n in member.covers
    }
    ids = {need: {one.service_site_id for one in question.ranked(need, buckets[need], EVERYBODY)} for need in buckets}
    return all(member.candidate.service_site_id in those for those in ids.values())


@settings(PATIENT, max_examples=60)
@given(matches(services=6))
def test_packages_are_the_best_of_all_sets(one: Asked) -> None:
    assert differences(one) == []


def _asking_more(seed: int, services: int) -> Asked:
    chooser = Rolled(seed)
    one = anything(chooser, services)
    return replace(one, request={**one.request, "needs": chooser.some(NEEDS, 3, len(NEEDS))})


@pytest.mark.parametrize("seed", range(10))
def test_packages_for_many_needs(seed: int) -> None:
    """Seeds are fast: ten networks each."""
    found = {number: differences(_asking_more(1000 * seed + number, 12)) for number in range(10)}
    assert {number: those for number, those in found.items() if those} == {}


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 140))
def test_packages_for_many_needs_at_length(seed: int) -> None:
    """Forty times forty networks."""
    found = {number: differences(_asking_more(1000 * seed + number, 18)) for number in range(40)}
    assert {number: those for number, those in found.items() if those} == {}


def names() -> list[str]:
    """Every case file about packages."""
    return sorted(f"packages/{path.stem}" for path in FOLDER.glob("*.yml"))


def test_there_are_cases() -> None:
    assert len(names()) >= 6


@pytest.mark.parametrize("name", names())
def test_packages_are_as_worked_out_by_hand(name: str) -> None:
    case = cases.load(name)
    found, _ = packaged(case)
    keys = {identifier: key for key, identifier in case.ids["service_sites"].items()}

    shown = [_shown(package, keys) for package in found.packages]

    expected = case.expect["packages"]
    assert [
        {field: value for field, value in one.items() if field in told}
        for one, told in zip(shown, expected, strict=False)
    ] == expected
    assert len(shown) == len(expected)
    assert list(found.uncovered) == case.expect.get("uncovered", [])


def _shown(package: Package, keys: dict[str, str]) -> dict[str, Any]:
    members = {keys[one.candidate.service_site_id]: one for one in package.members}
    return {
        "members": {key: list(one.covers) for key, one in members.items()},
        "to_confirm": {key: list(one.to_confirm) for key, one in members.items() if one.to_confirm},
        "ask": {key: [each.rule for each in one.candidate.confirm] for key, one in members.items()},
        "farthest": package.worst_distance_band,
        "score": round(package.score, 4),
        "rests_on_one": list(package.single_contact_needs),
        "uncovered": list(package.uncovered),
    }
