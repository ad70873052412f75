"""The network at one instant: who counts where, every link graded at both ends, and which partner does what.

Grades are those of `matching.contacts`, read from the same joined records as the contact book; none is defined here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from matching import collector
from matching.contact_joins import joined
from matching.contact_records import Home, Record, Seat, end_home, is_active, record_home
from matching.contactbook import DEFAULT, memorandum_days
from matching.contacts import (
    End,
    LinkFacts,
    LinkGrade,
    Reach,
    Thresholds,
    counts,
    grade_link,
    is_signed,
    reach,
)
from matching.network.graph import PERSON, Node
from matching.rows import by_id

if TYPE_CHECKING:
    import networkx as nx

Collections = Mapping[str, Sequence[Record]]
SIDES = ("a", "b")


@dataclass(frozen=True, slots=True)
class Ground:
    """The country: its provinces, the province of each district, and what codes of provinces and departments are
    called."""

    provinces: tuple[str, ...]
    province_of: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GradedEnd:
    """One end of a link: whose it is, who is listed and what of it counts."""

    home: Home
    end: End
    reach: Reach

    @property
    def people(self) -> frozenset[str]:
        return people_of(self.reach)

    @property
    def hangs_on(self) -> str | None:
        return hangs_on(self.reach)


@dataclass(frozen=True, slots=True)
class GradedLink:
    """An active link between two different partners."""

    record: Record
    a: GradedEnd
    b: GradedEnd
    grade: LinkGrade

    @property
    def id(self) -> str:
        return str(self.record["id"])

    def ends(self) -> tuple[tuple[GradedEnd, GradedEnd], ...]:
        """Each end with the one opposite."""
        return ((self.a, self.b), (self.b, self.a))


def people_of(counted: Reach) -> frozenset[str]:
    """Everybody who counts, also those who share a number and are one contact."""
    return frozenset().union(*(contact.people for contact in counted.contacts))


def hangs_on(counted: Reach) -> str | None:
    """The one person without whom nobody answers: no line, and nobody else. Two people who share a number are one
    contact, but when one of them leaves the other still answers."""
    people = people_of(counted)
    return next(iter(people)) if len(people) == 1 and not counted.lines else None


class Picture:
    """Joined records with what is counted of them, built in time linear in the records.

    People are named by the lowest id of all records that are one person (`matching.people`). Links that are closed,
    or whose two ends are the same partner, are no links.
    """

    @collector.paused()
    def __init__(
        self, collections: Collections, now: datetime, ground: Ground, thresholds: Thresholds = DEFAULT
    ) -> None:
        self.collections = collections
        self.ground = ground
        self.thresholds = thresholds
        self.records = joined(by_id(collections), now, thresholds)
        self.now = self.records.now
        self._functions: dict[Home, frozenset[str]] = {}
        self.services_at: dict[Home, list[Record]] = defaultdict(list)
        for service in self.records.by_id["services"].values():
            if is_active(service):
                self.services_at[record_home(service)].append(service)
        self.sites = {str(site["id"]): site for site in collections.get("sites", ()) if is_active(site)}
        self.sites_of_service: dict[str, list[Record]] = defaultdict(list)
        for service_site in self.records.service_sites.values():
            self.sites_of_service[str(service_site["service_id"])].append(service_site)
        self.links = tuple(self._graded(link) for link in collections.get("links", ()) if _is_tie(link))
        self.offices = tuple(home for home in self._homes() if self.records.is_open(home))
        self.seated: dict[Home, list[Seat]] = {home: list(self._seated(home)) for home in self.offices}
        self.person_of = self.records.people

    def _homes(self) -> Iterator[Home]:
        """Every organisation and unit."""
        for kind in ("organisation", "department"):
            yield from ((kind, key) for key in sorted(self.records.by_id[f"{kind}s"]))

    def _seated(self, home: Home) -> Iterator[Seat]:
        return (seat for seat in self.records.seats_of(home) if counts(seat.member, self.now, self.thresholds))

    # --- links ---------------------------------------------------------------------------------------------

    def _graded(self, link: Record) -> GradedLink:
        signed, expires = memorandum_days(link)
        standing = is_signed(signed, expires, self.records.today)
        a, b = (self._graded_end(link, side, standing) for side in SIDES)
        facts = LinkFacts(
            frozenset(link.get("link_types") or ()),
            link.get("last_confirmed_at"),
            self.records.sector(a.home),
            self.records.sector(b.home),
        )
        return GradedLink(link, a, b, grade_link(a.reach, b.reach, facts, self.now, self.thresholds))

    def _graded_end(self, link: Record, side: str, memorandum: bool) -> GradedEnd:
        there = self.records.link_end(link, side)
        return GradedEnd(end_home(link[side]), there, self.reach(there, memorandum))

    def reach(self, end: End, memorandum: bool = False) -> Reach:
        """What counts of an end now."""
        return reach(end, self.now, self.thresholds, memorandum)

    # --- partners ------------------------------------------------------------------------------------------

    def functions(self, home: Home) -> frozenset[str]:
        """What a partner does: the functions declared for a unit, and the codes of its services."""
        if home not in self._functions:
            self._functions[home] = self._read_functions(home)
        return self._functions[home]

    def _read_functions(self, home: Home) -> frozenset[str]:
        unit = self.records.by_id["departments"].get(home[1]) if home[0] == "department" else None
        declared: Iterable[str] = (unit or {}).get("functions") or ()
        offered = (code for service in self.services_at.get(home, ()) for code in service.get("codes") or ())
        return frozenset((*declared, *offered))

    def department(self, home: Home) -> str | None:
        """The code of the department that a partner belongs to; None outside government departments."""
        return (self.records.organisation_of(home) or {}).get("department_code")

    def organisation_id(self, home: Home) -> str:
        """The organisation of a partner, by itself or by its unit."""
        return str((self.records.organisation_of(home) or {}).get("id", home[1]))

    def name(self, home: Home) -> str:
        """The partner's name; a unit's with that of its organisation, since many units are called alike."""
        organisation = str((self.records.organisation_of(home) or {}).get("name") or "")
        if home[0] == "organisation":
            return organisation
        unit = str(self.records.by_id["departments"].get(home[1], {}).get("name") or "")
        return f"{unit}, {organisation}" if organisation else unit

    def provinces(self, home: Home) -> frozenset[str]:
        """The provinces whose partner this is: those it serves. One that serves the country, or of which this is not
        known, counts where its office stands, and a national office for no province: a desk in the capital is not
        the provincial counterpart."""
        if home[0] == "organisation":
            own = self.records.by_id["organisations"].get(home[1], {}).get("province")
            return frozenset({own} if own else ())
        unit = self.records.by_id["departments"].get(home[1], {})
        serves: Mapping[str, Sequence[str]] = unit.get("serves") or {}
        scope, codes = str(serves.get("scope")), serves.get("codes") or ()
        if scope == "province":
            return frozenset(codes)
        if scope == "district":
            return frozenset(self.ground.province_of[code] for code in codes if code in self.ground.province_of)
        if unit.get("level") == "national":
            return frozenset()
        return self._standing(unit)

    def _standing(self, unit: Record) -> frozenset[str]:
        found = self.sites.get(str(unit.get("site_id")), {}).get("province")
        return frozenset({found}) if found else self.provinces(("organisation", str(unit.get("organisation_id"))))

    # --- the graph -----------------------------------------------------------------------------------------

    def graph(self, links: Sequence[GradedLink] | None = None, offices: Iterable[Home] | None = None) -> nx.Graph[Node]:
        """Organisations, units and people; of a part of the country, by its links and open partners. Partners are
        those that have a post, and whoever is linked; people all who count. A person is tied to the partner of the
        post, and to both ends of every link that she carries; a line that counts on a link ties its two ends to each
        other, since it outlives everybody. Nothing else ties: an organisation holds its units together only through
        people and lines."""
        import networkx as nx

        links = self.links if links is None else links
        there = frozenset(self.offices if offices is None else offices)
        tied = {end.home for link in links for end in (link.a, link.b)}
        partners = [
            home for home in self.offices if home in tied or (home in there and self.records.posts_at.get(home))
        ]
        graph: nx.Graph[Node] = nx.Graph()
        graph.add_nodes_from(partners)
        for home in partners:
            graph.add_edges_from(((PERSON, seat.member.person), home) for seat in self.seated[home])
        for link in links:
            ends = [end.home for end in (link.a, link.b) if end.home in graph]
            for person in link.a.people | link.b.people:
                graph.add_edges_from(((PERSON, person), home) for home in ends)
            if len(ends) > 1 and (link.a.reach.lines or link.b.reach.lines):
                graph.add_edge(link.a.home, link.b.home)
        return graph


def _is_tie(link: Record) -> bool:
    return is_active(link) and end_home(link["a"]) != end_home(link["b"])
