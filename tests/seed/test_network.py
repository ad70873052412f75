"""The fictitious network: large enough, sound, honest about being fiction, and irregular in every way that matters."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import phonenumbers
import pytest

from directory import geography
from seed.generate.build import build
from seed.generate.geography import kilometres
from tests.seed.network_files import COLLECTIONS, INSTITUTIONAL, NETWORK, REFERENCE, Network, read

LEAST = {
    "organisations": 250,
    "departments": 600,
    "persons": 900,
    "posts": 900,
    "services": 500,
    "service-sites": 500,
    "sites": 450,
    "links": 1200,
    "trainings": 30,
}
MOST_BYTES = 3 * 2**20
PROVINCES = {"ZA-EC", "ZA-FS", "ZA-GP", "ZA-KZN", "ZA-LP", "ZA-MP", "ZA-NC", "ZA-NW", "ZA-WC"}
REFERENCES = {
    "organisation": "organisations",
    "parent": "organisations",
    "department": "departments",
    "person": "persons",
    "post": "posts",
    "site": "sites",
    "service": "services",
    "focal_point": "focal-points",
    "channel": "channels",
}
TYPED = {
    "organisation": "organisations",
    "department": "departments",
    "person": "persons",
    "post": "posts",
    "service_site": "service-sites",
}
CODED = {
    "org_type": "org_type",
    "sector": "sector",
    "department_code": "department",
    "level": "level",
    "functions": "service",
    "codes": "service",
    "contact_role": "contact_role",
    "state": "post_state",
    "channel_kind": "channel_kind",
    "visibility": "visibility",
    "link_types": "link_type",
    "delivery": "delivery",
    "cost": "cost",
    "setting": "setting",
    "sex_gender": "sex_gender",
    "trans_policy": "trans_policy",
    "frequency": "frequency",
    "support_level": "support_level",
    "response": "response",
    "status": "record_status",
}
MUST_HAVE = (
    "case_management",
    "child_temporary_safe_care",
    "police_report",
    "investigation",
    "medical_emergency",
    "medical_general",
    "forensic_exam",
    "pep_srh",
    "documentation",
    "immigration_status",
    "labour_claim",
    "legal_advice",
    "protection_order",
    "prosecution_liaison",
)


@pytest.fixture(scope="module")
def network() -> Network:
    return read()


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within a record, the record first."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(part)


def test_generating_again_gives_the_same_bytes(tmp_path: Path) -> None:
    build(REFERENCE).write(tmp_path)
    for collection in COLLECTIONS:
        name = f"{collection}.jsonl"
        assert (tmp_path / name).read_bytes() == (NETWORK / name).read_bytes(), name


def test_it_is_as_large_as_promised_and_no_larger(network: Network) -> None:
    counts = {collection: len(network.all(collection)) for collection in LEAST}
    assert {name: count for name, count in counts.items() if count < LEAST[name]} == {}
    holders = {one["person"] for key, one in network.records["focal-points"].items() if network.in_post(key)}
    assert len(holders) >= 900
    assert len({one["site"] for one in network.all("service-sites") if one.get("site")}) >= 450
    assert sum((NETWORK / f"{collection}.jsonl").stat().st_size for collection in COLLECTIONS) < MOST_BYTES


def test_every_reference_resolves(network: Network) -> None:
    for collection in COLLECTIONS:
        for record in network.all(collection):
            for one in objects(record):
                for name, target in REFERENCES.items():
                    if name in one:
                        assert one[name] in network.records[target], (record["key"], name, one[name])
                if {"type", "id"} <= one.keys():
                    assert one["id"] in network.records[TYPED[one["type"]]], (record["key"], one)


def test_parents_come_before_their_children(network: Network) -> None:
    seen: set[str] = set()
    for record in network.all("organisations"):
        assert record.get("parent") is None or record["parent"] in seen, record["key"]
        seen.add(record["key"])


def test_every_code_is_in_the_vocabulary(network: Network) -> None:
    sets = json.loads((REFERENCE / "vocabulary.json").read_text(encoding="utf-8"))["sets"]
    codes = {name: {entry["code"] for entry in entries} | {"unknown"} for name, entries in sets.items()}
    for record in (record for collection in COLLECTIONS for record in network.all(collection)):
        for one in objects(record):
            for name in CODED.keys() & one.keys() - ({"codes"} if "scope" in one else set()):
                given = one[name] if isinstance(one[name], list) else [one[name]]
                assert set(given) <= codes[_set_of(name, one)], (record["key"], name, given)
    questions = {question for one in network.all("services") for question in one.get("eligibility", {})}
    assert questions - {"verified_on"} <= codes["eligibility"]


def _set_of(name: str, holder: dict[str, Any]) -> str:
    """The code list of a field: a certificate's status is another than a record's."""
    return "accreditation_status" if name == "status" and "key" not in holder else CODED[name]


def test_every_area_served_exists(network: Network) -> None:
    known = {"national": set(), "province": PROVINCES, "district": set(geography.districts())}
    for collection in ("departments", "services"):
        for serves in (one["serves"] for one in network.all(collection) if "serves" in one):
            assert set(serves["codes"]) <= known[serves["scope"]]
            assert bool(serves["codes"]) == (serves["scope"] != "national")


def test_carriers_and_channels_sit_at_their_end_of_the_link(network: Network) -> None:
    for link in network.all("links"):
        for one in link.get("carriers", []):
            post = network.get("posts", network.get("focal-points", one["focal_point"])["post"])
            assert link[one["end"]]["id"] in (post.get("department"), network.organisation_of(post)), link["key"]
            assert set(one["link_types"]) <= set(link["link_types"]), link["key"]
        for one in link.get("channels", []):
            channel = network.get("channels", one["channel"])
            assert channel["owner"] == link[one["end"]], link["key"]
            assert channel["channel_kind"] in INSTITUTIONAL, link["key"]


def test_every_province_has_every_statutory_function(network: Network) -> None:
    offered: dict[str, set[str]] = {}
    for service in network.all("services"):
        serves = service.get("serves")
        if serves is None or "department" not in service:
            continue
        for code in serves["codes"]:
            province = code if serves["scope"] == "province" else geography.districts()[code].province
            offered.setdefault(province, set()).update(service["codes"])
    assert set(offered) == PROVINCES
    assert {province: set(MUST_HAVE) - codes for province, codes in offered.items() if set(MUST_HAVE) - codes} == {}


def test_all_levels_and_trajectories_are_there(network: Network) -> None:
    levels = Counter(unit["level"] for unit in network.all("departments"))
    assert len(levels) == 4
    assert min(levels.values()) >= 20
    trajectories = Counter(tuple(sorted(network.sectors(link))) for link in network.all("links"))
    assert len(trajectories) == 3
    assert min(trajectories.values()) >= 200


def test_sites_stand_in_the_province_of_their_nearest_place(network: Network) -> None:
    for site in network.all("sites"):
        lat, lon = site["location"]["lat"], site["location"]["lon"]
        assert geography.province_at(lat, lon) == geography.nearest_place(lat, lon)[0].province, site["key"]


# --- fiction, and what must stay hidden


def test_telephone_numbers_are_valid_and_from_the_blocks_chosen_for_fiction(network: Network) -> None:
    values = [one["value"] for one in network.all("channels") if "@" not in one["value"]]
    for value in values:
        national = value.removeprefix("+27")
        assert len(national) == 9, value
        assert phonenumbers.is_valid_number(phonenumbers.parse(value)), value
        assert national.startswith(("850", "80500")) or national[2:5] == "000", value


def test_addresses_on_the_net_are_reserved_for_examples(network: Network) -> None:
    mails = [one["value"] for one in network.all("channels") if "@" in one["value"]]
    assert mails
    assert all(mail.endswith(".example") for mail in mails)
    assert all(one["website"].endswith(".example/") for one in network.all("organisations") if "website" in one)


def test_a_third_of_the_shelters_is_confidential(network: Network) -> None:
    shelters = [one["key"] for one in network.all("organisations") if one["org_type"] == "shelter"]
    masked = network.masked()
    assert masked <= set(shelters)
    assert 0.28 <= len(masked) / len(shelters) <= 0.40
    beds = {service["key"] for service in network.shelters()}
    sites = [network.get("sites", one["site"]) for one in network.all("service-sites") if one["service"] in beds]
    assert 0.28 <= sum(site["confidential"] for site in sites) / len(sites) <= 0.40


def test_no_shelter_tells_a_town(network: Network) -> None:
    """Neither by its name or key, nor by the names of its sites and services."""
    givers = {network.organisation_of(one) for one in network.shelters()}
    texts = [text for key in givers for text in (key, network.get("organisations", key)["name"])]
    for collection in ("sites", "services"):
        for one in network.all(collection):
            if network.organisation_of(one) in givers:
                texts += [one["key"], one.get("name") or ""]
    assert [text for text in texts if geography.names_a_place(text.replace("-", " "))] == []
    assert all("name" not in site for site in network.all("sites") if site["confidential"])


def test_masked_organisations_have_no_landline(network: Network) -> None:
    masked = network.masked()
    posts = {post["key"] for post in network.all("posts") if network.organisation_of(post) in masked}
    people = {one["person"] for one in network.all("focal-points") if one["post"] in posts}
    for channel in network.all("channels"):
        if channel["owner"]["id"] in masked | posts | people:
            assert channel["value"].startswith(("+2785", "+2780")) or "@" in channel["value"], channel["key"]


def test_open_sites_of_masked_organisations_stand_away_from_the_hidden_one(network: Network) -> None:
    masked = network.masked()
    open_sites = 0
    for site in network.all("sites"):
        if site["organisation"] not in masked or site["confidential"]:
            continue
        open_sites += 1
        for other in network.all("sites"):
            if other["confidential"] and other["organisation"] == site["organisation"]:
                here, there = ((one["location"]["lat"], one["location"]["lon"]) for one in (site, other))
                assert kilometres(here, there) > 1.0, site["key"]
    assert open_sites > 5
