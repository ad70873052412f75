"""Random small networks of contacts, on the edges of what counts: 180 and 181 days, shared numbers, closed units."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from matching.network.loss import Measures, measures
from matching.network.picture import Ground, Picture
from matching.rulesets.coverage import CoverageRuleset, RequiredFunction
from tests.matching.choosing import Chooser, Drawn, Rolled
from tests.matching.contact_network import NOW, Network, ago, carrier, listed
from tests.matching.network_cases import ruleset

GROUND = Ground(("ZA-GP", "ZA-LP"), {"TSH": "ZA-GP", "DC34": "ZA-LP", "DC35": "ZA-LP"})
RULESET: CoverageRuleset = ruleset(
    (
        RequiredFunction("police_report", "SAPS", "identification", "", ""),
        RequiredFunction("investigation", "SAPS", "investigation", "", ""),
        RequiredFunction("case_management", "DSD", "assessment_recognition", "", ""),
    )
)
FUNCTIONS = ("police_report", "investigation", "case_management", "counselling")
TYPES = ("referral_sent", "joint_case", "info_sharing")
AGO = (5, 5, 5, 180, 181, None)
NAMES = ("Thandi Nkosi", "Thandi Nkhosi", "Johan Botha", "Lerato Mokoena", "Sipho Dube")
"""The first two are spellings of one name."""
NUMBERS = ("+27820000001", "082 000 0001", "+27820000002", "+27820000003", "+27820000004")
"""The first two are one number."""
OFFICE_NUMBERS = (*NUMBERS, "010 000 0001", "010 000 0002", "010 000 0003", "010 000 0004")
SERVES: tuple[dict[str, Any] | None, ...] = (
    {"scope": "province", "codes": ["ZA-LP"]},
    {"scope": "province", "codes": ["ZA-GP", "ZA-LP"]},
    {"scope": "district", "codes": ["DC34", "DC35"]},
    {"scope": "national", "codes": []},
    None,
)
OPEN = ("active",) * 15 + ("closed",)
Home = tuple[str, str]


@st.composite
def networks(draw: st.DrawFn, size: int = 5) -> Network:
    """A network that shrinks."""
    return build(Drawn(draw), size)


def rolled(seed: int, size: int = 5) -> Network:
    """The network of a seed."""
    return build(Rolled(seed), size)


def measured(net: Network) -> Measures:
    """All measures of a network, by the ruleset of these tests."""
    return measures(Picture(net.collections, NOW, GROUND), RULESET)


def build(choose: Chooser, size: int) -> Network:
    """Everything at most `size` times, links and seats twice that."""
    net = Network()
    homes = [_organisation(net, choose, f"o{n}") for n in range(choose.count(2, size))]
    homes += [_unit(net, choose, f"u{n}", homes) for n in range(choose.count(0, size))]
    for n in range(choose.count(0, 2)):
        _service(net, choose, f"s{n}", homes)
    people = [net.person(f"p{n}", full_name=choose.one(NAMES), status=_at_work(choose)) for n in range(size + 1)]
    posts = [_post(net, choose, f"q{n}", homes) for n in range(choose.count(1, size + 1))]
    seats = [_seat(net, choose, f"f{n}", people, posts) for n in range(choose.count(size, 2 * size))]
    owners = [*(("person", p) for p in people), *homes, *(("post", q) for q in posts)]
    owners += [("service_site", str(site["id"])) for site in net.collections.get("service_sites", ())]
    lines = [_channel(net, choose, f"c{n}", owners) for n in range(choose.count(0, 2 * size))]
    for n in range(choose.count(size, 2 * size)):
        _link(net, choose, f"l{n}", (homes, seats, lines))
    return net


def _at_work(choose: Chooser) -> str:
    return str(choose.one(("active",) * 10 + ("on_leave", "closed")))


def _organisation(net: Network, choose: Chooser, key: str) -> Home:
    department = choose.one(("SAPS", "DSD", "SAPS", None))
    net.organisation(
        key,
        "government" if department else "civil_society",
        department_code=department,
        province=choose.one(("ZA-LP", "ZA-GP", None)),
        status=choose.one(OPEN),
        suspended=choose.one((False,) * 9 + (True,)),
    )
    return ("organisation", key)


def _unit(net: Network, choose: Chooser, key: str, homes: list[Home]) -> Home:
    net.unit(
        key,
        choose.one(homes)[1],
        level=choose.one(("district", "provincial", "national")),
        serves=choose.one(SERVES),
        functions=choose.some(FUNCTIONS, 1, 3),
        status=choose.one(OPEN),
    )
    return ("department", key)


def _owned(net: Network, home: Home) -> dict[str, str | None]:
    """The two references by which a record belongs to a partner."""
    if home[0] == "organisation":
        return {"organisation_id": home[1], "department_id": None}
    unit = next(unit for unit in net.collections["departments"] if unit["id"] == home[1])
    return {"organisation_id": unit["organisation_id"], "department_id": home[1]}


def _service(net: Network, choose: Chooser, key: str, homes: list[Home]) -> None:
    owned = _owned(net, choose.one(homes))
    net.add("services", key, codes=choose.some(FUNCTIONS, 1, 2), **owned, status=choose.one(OPEN))
    net.add("service_sites", f"{key}-site", service_id=key, site_id=None, status=choose.one(OPEN))


def _post(net: Network, choose: Chooser, key: str, homes: list[Home]) -> str:
    owned = _owned(net, choose.one(homes))
    state = choose.one(("filled", "filled", "filled", "filled", "acting", "vacant"))
    functions = choose.some(FUNCTIONS, 0, 1) if choose.one((False, False, True)) else []
    return net.post(key, owned["organisation_id"], owned["department_id"], state=state, functions=functions)


def _seat(net: Network, choose: Chooser, key: str, people: list[str], posts: list[str]) -> str:
    ends = choose.one((None,) * 9 + (-1, 0, 1))
    return net.sits(
        choose.one(people),
        choose.one(posts),
        choose.one(AGO),
        key,
        ends=None if ends is None else (NOW + timedelta(days=ends)).date(),
        status=choose.one(OPEN),
    )


def _channel(net: Network, choose: Chooser, key: str, owners: list[Home]) -> str:
    owner, days = choose.one(owners), choose.one(AGO)
    kinds = ("person_phone", "person_phone", "duty_line") if owner[0] == "person" else ("duty_line", "person_phone")
    tested = None if days is None else ago(days)
    value = choose.one(NUMBERS)
    return net.channel(
        key, owner[0], owner[1], value, kind=choose.one(kinds), tested_at=tested, status=choose.one(OPEN)
    )


def _link(net: Network, choose: Chooser, key: str, among: tuple[list[Home], list[str], list[str]]) -> None:
    homes, seats, lines = among
    types = choose.some(TYPES, 1, 3)
    net.link(
        key,
        choose.one(homes),
        choose.one(homes),
        link_types=types,
        carriers=[
            carrier(choose.one("ab"), seat, *choose.some(types, 1, len(types)))
            for seat in (choose.some(seats, 0, 4) if seats else ())
        ],
        channels=[listed(choose.one("ab"), line) for line in (choose.some(lines, 0, 2) if lines else ())],
        memorandum=choose.one((None, {"signed": ago(9).date(), "expires": None})),
        last_confirmed_at=ago(choose.one((5, 91, 181))),
        status=choose.one(OPEN),
    )
