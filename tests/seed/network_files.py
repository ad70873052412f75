"""The committed network as the tests read it, and the questions that several tests ask of it."""

import json
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NETWORK = ROOT / "seed" / "network"
REFERENCE = ROOT / "seed" / "reference"
COLLECTIONS = (
    "organisations",
    "departments",
    "persons",
    "posts",
    "focal-points",
    "channels",
    "sites",
    "services",
    "service-sites",
    "links",
    "trainings",
)
FRESH_DAYS = 180
INSTITUTIONAL = ("duty_line", "role_mailbox", "on_call_roster")

Record = dict[str, Any]


def age(moment: Record | None) -> float:
    """Days ago; never is longer ago than anything."""
    return float("inf") if moment is None else float(moment["days_ago"])


@dataclass
class Network:
    records: dict[str, dict[str, Record]]

    def all(self, collection: str) -> list[Record]:
        return list(self.records[collection].values())

    def get(self, collection: str, key: str) -> Record:
        return self.records[collection][key]

    def organisation_of(self, record: Record) -> str:
        """The organisation of a post or service: its own or, where it belongs to a unit, the unit's."""
        return str(record.get("organisation") or self.get("departments", record["department"])["organisation"])

    def masked(self) -> set[str]:
        """Organisations with a confidential site."""
        return {site["organisation"] for site in self.all("sites") if site["confidential"]}

    def shelters(self) -> list[Record]:
        """Services that give an adult a bed."""
        return [one for one in self.all("services") if any(code.startswith("shelter_") for code in one["codes"])]

    def answers(self, question: str) -> Counter[Any]:
        """What shelters say to a question of eligibility; None where nobody asked."""
        return Counter(str(one.get("eligibility", {}).get(question)) for one in self.shelters())

    def in_post(self, focal_point: str) -> bool:
        """Whether the person holds the post today and is at work."""
        record = self.get("focal-points", focal_point)
        out = record.get("ends") is not None and age(record["ends"]) >= 0
        return not out and self.get("persons", record["person"]).get("status", "active") == "active"

    def unit_of(self, focal_point: Record) -> str:
        """The unit (or organisation) of somebody's post."""
        post = self.get("posts", focal_point["post"])
        return str(post.get("department") or post["organisation"])

    def fresh(self, focal_point: str) -> bool:
        return self.in_post(focal_point) and age(self.get("focal-points", focal_point).get("verified_at")) <= FRESH_DAYS

    @cached_property
    def phones(self) -> dict[str, set[str]]:
        """Numbers of each person."""
        found: dict[str, set[str]] = {}
        for channel in self.all("channels"):
            if channel["channel_kind"] == "person_phone":
                found.setdefault(channel["owner"]["id"], set()).add(channel["value"])
        return found

    def contacts_of(self, link: Record) -> tuple[Counter[str], Counter[str]]:
        """Fresh people and tested institutional lines at each end of a link."""
        people: Counter[str] = Counter()
        for carrier in link.get("carriers", []):
            people[carrier["end"]] += self.fresh(carrier["focal_point"])
        lines: Counter[str] = Counter()
        for one in link.get("channels", []):
            lines[one["end"]] += age(self.get("channels", one["channel"]).get("tested_at")) <= FRESH_DAYS
        return people, lines

    def sectors(self, link: Record) -> tuple[bool, bool]:
        """Whether each end is of government."""
        return self._government(link["a"]), self._government(link["b"])

    def _government(self, end: Record) -> bool:
        return end["type"] == "department" or bool(self.get("organisations", end["id"])["sector"] == "government")


def read() -> Network:
    records: dict[str, dict[str, Record]] = {}
    for collection in COLLECTIONS:
        lines = (NETWORK / f"{collection}.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        records[collection] = {row["key"]: row for row in rows}
        assert len(records[collection]) == len(rows), f"{collection}: a key stands twice"
    return Network(records)
