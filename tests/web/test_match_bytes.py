"""What is sent is what the wire form says, to the byte: over random networks, for every role and type of answer."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from directory.permissions import Actor
from matching import service, types
from matching.explaining import explain
from matching.feed import Network
from matching.ranking import Ranker
from matching.rows import by_id
from matching.types import Duty, Excluded, Feature, Near, NeedResult, Package, PackageMember, Penalty, Ranked
from tests.matching.choosing import Rolled
from tests.matching.product import asker_of, need_of, snapshot
from tests.matching.random_matches import anything
from web.schemas.match_answer import wire
from web.schemas.match_bytes import FORMS, dumped

PARTS = ("alternatives", "groups", "penalties", "packages", "rules")
ROLES = ("app", "caseworker", "partner_manager", "unit_manager", "coordinator", "admin")
NETWORKS = 12
RESHAPED = (Ranked, Near, Feature, Penalty, Package, PackageMember, NeedResult, Excluded, Duty)
"""What `wire` does not show field by field, or is made at once."""


@pytest.mark.parametrize("role", ROLES)
def test_what_is_sent_is_the_wire_form(role: Any) -> None:
    seen: set[str] = set()
    for seed in range(NETWORKS):
        one = anything(Rolled(seed), 20)
        network = Network(1, by_id(snapshot(one.world, one.ids, one.now)))
        case = service.resolve(need_of(one.request), one.now)
        asker = replace(asker_of(one.asker, one.ids), visibility=Actor(role, role).visibility)
        ranker = Ranker(network.world(case.now), asker)
        answers = [
            service.answer(network, case, asker, one.now),
            service.packaged(network, case, asker, one.now),
            *(explain(ranker.read(case), each) for each in list(one.ids["service_sites"].values())[:3]),
        ]
        for found in answers:
            sent = dumped(found)
            assert sent == orjson.dumps(wire(found))
            seen |= {name for name in PARTS if f'"{name}":[{{'.encode() in sent}
    assert seen == set(PARTS)


def test_whatever_is_reshaped_has_a_form() -> None:
    assert set(FORMS) == set(RESHAPED)


def test_what_is_kept_is_no_part_of_its_value() -> None:
    one, other = (types.Confirm("age", "From which age?") for _ in range(2))
    assert dumped(one) == dumped(one) == orjson.dumps(wire(other))
    assert one == other
    assert one.form == dumped(other)
