"""Every measure of the network again, slowly and from the raw records: recount, remove, recount.

Shares no code with `matching` except the names of things. Two names are spellings of one when they are equal without
the letter h, which is enough for the names of these tests.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

Record = dict[str, Any]
Node = tuple[str, str]
PERSONAL = ("person_phone", "person_email")


@dataclass(frozen=True)
class Required:
    department: str
    function: str
    province: str


class Slow:
    """The raw records, less the people who have left."""

    def __init__(self, collections: dict[str, list[Record]], now: datetime, left: frozenset[str] = frozenset()) -> None:
        self.collections, self.now, self.left = collections, now, left
        self.rows = {name: {row["id"]: row for row in rows} for name, rows in collections.items()}

    def without(self, *people: str) -> Slow:
        return Slow(self.collections, self.now, self.left | set(people))

    def all(self, name: str) -> list[Record]:
        return [row for row in self.collections.get(name, []) if row["status"] == "active"]

    # --- who is who ----------------------------------------------------------------------------------------

    def number(self, channel: Record) -> str:
        digits = "".join(c for c in channel["value"] if c.isdigit())
        return "27" + digits[1:] if digits.startswith("0") else digits

    def personal(self, channel: Record) -> bool:
        return channel["channel_kind"] in PERSONAL or channel["owner"]["type"] == "person"

    def numbers_of(self, owner: Node) -> set[str]:
        return {self.number(c) for c in self.all("channels") if (c["owner"]["type"], c["owner"]["id"]) == owner}

    def records_of(self, person: str) -> set[str]:
        """All records that are this person: alike by name and sharing a number, however far that leads."""
        found = {person}
        while True:
            more = {
                other["id"]
                for other in self.collections["persons"]
                for one in found
                if self.rows["persons"][one]["full_name"].replace("h", "") == other["full_name"].replace("h", "")
                and self.numbers_of(("person", one)) & self.numbers_of(("person", other["id"]))
            }
            if more <= found:
                return found
            found |= more

    def person(self, record: str) -> str:
        return min(self.records_of(record))

    def open(self, home: Node) -> bool:
        records = [self.rows[f"{home[0]}s"][home[1]]]
        if home[0] == "department":
            records.append(self.rows["organisations"][records[0]["organisation_id"]])
        return all(one["status"] == "active" and not one.get("suspended") for one in records)

    def home(self, record: Record) -> Node:
        unit = record.get("department_id")
        return ("department", unit) if unit else ("organisation", record["organisation_id"])

    def holds(self, seat: Record) -> bool:
        post, today = self.rows["posts"][seat["post_id"]], self.now.astimezone(ZoneInfo("Africa/Johannesburg")).date()
        return (
            seat["status"] == post["status"] == self.rows["persons"][seat["person_id"]]["status"] == "active"
            and post["state"] != "vacant"
            and self.open(self.home(post))
            and (seat.get("ends") is None or today < seat["ends"])
            and self.person(seat["person_id"]) not in self.left
        )

    def fresh(self, since: datetime | None) -> bool:
        return since is not None and self.now - since < timedelta(days=181)

    def counts(self, seat: Record) -> bool:
        return self.holds(seat) and self.fresh(seat["verified_at"])

    def reached_at(self, person: str) -> set[str]:
        numbers: set[str] = set()
        for record in self.records_of(person):
            numbers |= self.numbers_of(("person", record))
        for seat in self.all("focal_points"):
            if self.person(seat["person_id"]) == person and self.holds(seat):
                numbers |= {
                    self.number(c)
                    for c in self.all("channels")
                    if c["owner"] == {"type": "post", "id": seat["post_id"]} and self.personal(c)
                }
        return numbers

    # --- how many ------------------------------------------------------------------------------------------

    def contacts(self, seats: Iterable[Record]) -> int:
        piles: list[set[str]] = []
        for person in {self.person(seat["person_id"]) for seat in seats if self.counts(seat)}:
            reach = {person, *self.reached_at(person)}
            touching = [pile for pile in piles if pile & reach]
            piles = [pile for pile in piles if not pile & reach] + [reach.union(*touching)]
        return len(piles)

    def lines(self, channels: Iterable[Record]) -> int:
        own = {self.number(c) for c in self.all("channels") if self.personal(c)}
        return len({self.number(c) for c in channels if not self.personal(c) and self.fresh(c["tested_at"])} - own)

    # --- cells ---------------------------------------------------------------------------------------------

    def functions(self, home: Node) -> set[str]:
        declared = set(self.rows["departments"][home[1]]["functions"]) if home[0] == "department" else set()
        return declared.union(*(s["codes"] for s in self.all("services") if self.home(s) == home))

    def provinces(self, home: Node, province_of: dict[str, str]) -> set[str]:
        if home[0] == "organisation":
            return {self.rows["organisations"][home[1]]["province"]} - {None}
        unit = self.rows["departments"][home[1]]
        serves = unit["serves"] or {"scope": "national"}
        if serves["scope"] == "district":
            return {province_of[code] for code in serves["codes"]}
        if serves["scope"] == "province":
            return set(serves["codes"])
        return set() if unit["level"] == "national" else self.provinces(("organisation", unit["organisation_id"]), {})

    def homes(self) -> list[Node]:
        every = [("organisation", o["id"]) for o in self.all("organisations")]
        every += [("department", d["id"]) for d in self.all("departments")]
        return [home for home in every if self.open(home)]

    def cell(self, wanted: Required, province_of: dict[str, str]) -> tuple[int, int]:
        """Distinct people and lines of a required cell."""
        seats, channels = [], []
        for home in self.homes():
            organisation = home[1]
            if home[0] == "department":
                organisation = self.rows["departments"][home[1]]["organisation_id"]
            if self.rows["organisations"][organisation]["department_code"] != wanted.department:
                continue
            if wanted.province in self.provinces(home, province_of):
                own = self.functions(home)
                if wanted.function in own:
                    channels += self.owned(home)
                for post in self.all("posts"):
                    if self.home(post) == home and wanted.function in (post["functions"] or own):
                        seats += [f for f in self.all("focal_points") if f["post_id"] == post["id"]]
                        channels += self.owned(("post", post["id"]))
                for service in self.all("services"):
                    if self.home(service) == home and wanted.function in service["codes"]:
                        sites = [s["id"] for s in self.all("service_sites") if s["service_id"] == service["id"]]
                        channels += [c for site in sites for c in self.owned(("service_site", site))]
        return self.contacts(seats), self.lines(channels)

    def owned(self, owner: Node) -> list[Record]:
        return [c for c in self.all("channels") if (c["owner"]["type"], c["owner"]["id"]) == owner]

    # --- links ---------------------------------------------------------------------------------------------

    def links(self) -> list[Record]:
        return [link for link in self.all("links") if link["a"] != link["b"]]

    def seats_at(self, link: Record, end: str) -> list[Record]:
        if not self.open((link[end]["type"], link[end]["id"])):
            return []
        carriers = [self.rows["focal_points"][c["focal_point_id"]] for c in link["carriers"] if c["end"] == end]
        return [seat for seat in carriers if seat["status"] == "active"]

    def end(self, link: Record, end: str) -> tuple[int, int]:
        """Distinct people and lines at one end of a link."""
        if not self.open((link[end]["type"], link[end]["id"])):
            return 0, 0
        channels = [self.rows["channels"][c["channel_id"]] for c in link["channels"] if c["end"] == end]
        return self.contacts(self.seats_at(link, end)), self.lines(c for c in channels if self.answers(c))

    def answers(self, channel: Record) -> bool:
        kind, key = channel["owner"]["type"], channel["owner"]["id"]
        if channel["status"] != "active" or kind == "person":
            return False
        if kind == "service_site":
            site = self.rows["service_sites"][key]
            return site["status"] == "active" and self.open(self.home(self.rows["services"][site["service_id"]]))
        if kind == "post":
            return self.rows["posts"][key]["status"] == "active" and self.open(self.home(self.rows["posts"][key]))
        return self.open((kind, key))

    # --- the graph -----------------------------------------------------------------------------------------

    def graph(self) -> tuple[set[Node], set[frozenset[Node]]]:
        links = self.links()
        tied = {(link[end]["type"], link[end]["id"]) for link in links for end in "ab"}
        tied |= {self.home(post) for post in self.all("posts")}
        nodes: set[Node] = {home for home in self.homes() if home in tied}
        ties: set[frozenset[Node]] = set()
        for seat in filter(self.counts, self.all("focal_points")):
            person = ("person", self.person(seat["person_id"]))
            nodes.add(person)
            ties.add(frozenset((person, self.home(self.rows["posts"][seat["post_id"]]))))
        for link in links:
            homes = [home for end in "ab" if (home := (link[end]["type"], link[end]["id"])) in nodes]
            for seat in (seat for end in "ab" for seat in self.seats_at(link, end) if self.counts(seat)):
                ties |= {frozenset((("person", self.person(seat["person_id"])), home)) for home in homes}
            if len(homes) == 2 and (self.end(link, "a")[1] or self.end(link, "b")[1]):
                ties.add(frozenset(homes))
        return nodes, ties


def parts(nodes: set[Node], ties: set[frozenset[Node]]) -> list[set[Node]]:
    """The connected parts, by joining piles."""
    piles = [{node} for node in nodes]
    for tie in ties:
        if tie <= nodes:
            touching = [pile for pile in piles if pile & tie]
            piles = [pile for pile in piles if not pile & tie] + [set().union(*touching)]
    return piles


def fragmentation(nodes: set[Node], ties: set[frozenset[Node]]) -> float:
    """The share of pairs that cannot reach each other, pair by pair."""
    piles = parts(nodes, ties)
    pairs = list(combinations(sorted(nodes), 2))
    together = sum(any(one in pile and other in pile for pile in piles) for one, other in pairs)
    return 1 - together / len(pairs) if pairs else 0.0


def joined(one: Node, other: Node, nodes: set[Node], ties: set[frozenset[Node]]) -> bool:
    return any(one in pile and other in pile for pile in parts(nodes, ties))


def two_paths(one: Node, other: Node, nodes: set[Node], ties: set[frozenset[Node]]) -> bool:
    """Whether two paths exist without a common node between: no single node, nor the tie itself, is on every path
    (Menger's theorem)."""
    direct = frozenset((one, other))
    if not joined(one, other, nodes, ties - {direct}):
        return False
    return direct in ties or all(joined(one, other, nodes - {node}, ties) for node in nodes - direct)
