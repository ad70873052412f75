"""The contact book: registry records joined into the ends of links and into partners, and graded.

Built for a revision and a clock, in time linear in the number of records; disposable. Records are the published ones
(plain dicts), so nothing here knows a database.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from matching.calls import Asked, Entry, call_order, same_days, same_hours
from matching.contact_entries import home_entries, link_entries, once
from matching.contact_joins import joined
from matching.contact_links import Far, linked
from matching.contact_reasons import advice, reason
from matching.contact_records import Home, Record, end_home
from matching.contacts import (
    End,
    LinkFacts,
    LinkGrade,
    Reach,
    Thresholds,
    grade_link,
    is_signed,
    reach,
)
from matching.references import References
from matching.rows import ById
from matching.types import Asker, Contacts
from matching.week import minute_of_week

DEFAULT = Thresholds()
OwnContacts = tuple[End, Reach, Sequence[Entry]]
MOST_REMEMBERED = 20_000
"""Partners whose own contacts a book remembers, a few kilobytes each."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A link of the asker's, seen from the asker: `end` names its far end, `far` and `reach` are what is there."""

    link: Record
    end: str
    far: End
    reach: Reach

    @property
    def id(self) -> str:
        return str(self.link["id"])


Place = tuple[str, str]
"""Whose contacts: a service at a site, a unit or an organisation, by its id."""
Stance = tuple[frozenset[str], bool, tuple[Home, ...]]
"""What decides what an asker is told: classes of lines, whether over the quota, own ends of links."""


@dataclass(frozen=True, slots=True)
class Told:
    """Contacts, and as long as they are the same: between two moments (a line becomes a day older) and between two
    minutes of the week (one begins or ends to answer)."""

    contacts: Contacts
    days: tuple[datetime, datetime]
    hours: tuple[int, int]

    def holds(self, now: datetime, minute: int) -> bool:
        """Whether they are what would be told now, of somebody asking for this minute."""
        return self.days[0] <= now < self.days[1] and self.hours[0] <= minute < self.hours[1]


class ContactBook:
    """How reachable every partner is, at one instant.

    Answers stay right until `valid_until`, when some fact becomes stale or somebody's time in a post begins or ends;
    `at` gives the same book a later clock until then.
    """

    def __init__(
        self,
        records: ById,
        now: datetime,
        thresholds: Thresholds = DEFAULT,
        references: References | None = None,
    ) -> None:
        self.records = joined(records, now, thresholds, references)
        self.now = self.records.now
        self.limited = False
        self.valid_until = self.records.next_turn()
        self.far: Far = linked({}, {}, self.records.by_id["links"])
        self.own: Mapping[str, int] = self.own_redundancies(self.records.service_sites)
        self.forget()

    def forget(self) -> None:
        """Read anew what was read of partners: their records changed."""
        self.remembered: dict[tuple[tuple[Home, ...], str | None], OwnContacts] = {}
        self.told: dict[Stance, dict[Place, Told]] = {}
        self._asked: tuple[Asker, datetime, dict[Place, Told], int] | None = None
        self.linked: dict[tuple[Home, ...], Mapping[str, int]] = {}

    def at(self, now: datetime, *, limited: bool = False) -> ContactBook:
        """The same book read at another instant before `valid_until`: ages in the call order move on. `limited`: for
        somebody over the contact quota, who is named institutional lines alone."""
        later = copy.copy(self)
        later.now, later.limited = now.replace(second=0, microsecond=0), limited
        later._asked = None
        return later

    def redundancy(self, service_site_id: str) -> int:
        """The partner's own number of distinct contacts and tested lines; 0 for a candidate it does not know."""
        return self.own.get(service_site_id, 0)

    def home_redundancy(self, home: Home) -> int:
        """The same of a unit, or of an organisation's posts and lines outside its units."""
        return self._own_contacts((home,), None)[1].redundancy

    def contacts(self, service_site_id: str, asker: Asker, when: datetime) -> Contacts:
        """Whom to call at a candidate, with the grade of the asker's link or else of the partner itself."""
        return self._told(("service_site", service_site_id), asker, when)

    def unit_contacts(self, department_id: str, asker: Asker, when: datetime) -> Contacts:
        """The same for a department unit."""
        return self._told(("department", department_id), asker, when)

    def organisation_contacts(self, organisation_id: str, asker: Asker, when: datetime) -> Contacts:
        """The same for an organisation's posts outside its units."""
        return self._told(("organisation", organisation_id), asker, when)

    def _told(self, place: Place, asker: Asker, when: datetime) -> Contacts:
        """What was told somebody with these rights and links before, as long as it is still the same."""
        asked = self._asked
        if asked is None or asked[0] is not asker or asked[1] is not when:
            stance = asker.visibility, self.limited, self._linked_homes(asker)
            asked = self._asked = asker, when, self.told.setdefault(stance, {}), minute_of_week(when)
        kept, minute = asked[2:]
        told = kept.get(place)
        if told is None or not told.holds(self.now, minute):
            if sum(map(len, self.told.values())) >= MOST_REMEMBERED:
                self.told.clear()
            told = kept[place] = self._told_anew(place, asker, when)
        return told.contacts

    def _told_anew(self, place: Place, asker: Asker, when: datetime) -> Told:
        kind, key = place
        if kind == "service_site":
            return self._contacts(self.records.candidate_homes(key), key, asker, when)
        homes = self.records.unit_homes(key) if kind == "department" else (place,)
        return self._contacts(homes, None, asker, when)

    def asker_link(self, asker: Asker, service_site_id: str) -> str | None:
        """The id of the link whose far end a match shows, if the asker has one to this candidate."""
        best = self._best_link(asker, self.records.candidate_homes(service_site_id))
        return best.id if best else None

    def asker_redundancies(self, asker: Asker) -> Mapping[str, int]:
        """Redundancy of the far end of the asker's link, for every candidate of a linked partner."""
        homes = self._linked_homes(asker)
        if not homes:
            return {}
        if homes not in self.linked:
            found = ((key, self._best_link(asker, self.records.candidate_homes(key))) for key in self._partners(homes))
            self.linked[homes] = {key: best.reach.redundancy for key, best in found if best is not None}
        return self.linked[homes]

    def grade_link(self, link: Record) -> LinkGrade:
        """Both ends of a link as it is recorded, the worse of them, and its figures."""
        a, b = (self._link_reach(link, end)[1] for end in ("a", "b"))
        sectors = [self.records.sector(end_home(link[end])) for end in ("a", "b")]
        facts = LinkFacts(
            frozenset(link.get("link_types") or ()), link.get("last_confirmed_at"), sectors[0], sectors[1]
        )
        return grade_link(a, b, facts, self.now, self.records.thresholds)

    def own_redundancies(self, service_sites: Iterable[str]) -> dict[str, int]:
        """The partners' own contacts, for some candidates; each unit's people are counted once, however many services
        it has."""
        own: dict[str, int] = {}
        bases: dict[Home, Reach] = {}
        for site_id in service_sites:
            homes = self.records.candidate_homes(site_id)
            if not homes:
                continue
            if homes[0] not in bases:
                bases[homes[0]] = self._reach(self.records.home_end(homes[0], None))
            base = bases[homes[0]]
            extra = self.records.site_lines(site_id)
            if extra and self.records.is_open(homes[0]):
                lines = self._reach(End(lines=extra)).lines
                values = {value for _, value in (*base.lines, *lines)}
                own[site_id] = len(base.contacts) + len(values)
            else:
                own[site_id] = base.redundancy
        return own

    def _reach(self, end: End, memorandum: bool = False) -> Reach:
        return reach(end, self.now, self.records.thresholds, memorandum)

    def _link_reach(self, link: Record, end: str) -> tuple[End, Reach]:
        there = self.records.link_end(link, end)
        signed, expires = memorandum_days(link)
        return there, self._reach(there, is_signed(signed, expires, self.records.today))

    def _asker_homes(self, asker: Asker) -> tuple[Home, ...]:
        """The asker's unit before the asker's organisation."""
        homes = self.records.unit_homes(asker.department_id) if asker.department_id else ()
        if asker.organisation_id:
            homes = (*homes, ("organisation", asker.organisation_id))
        return tuple(dict.fromkeys(homes))

    def _best_link(self, asker: Asker, homes: Sequence[Home]) -> Linked | None:
        """The link to the partner's unit before that to its organisation, then that of the asker's unit before that
        of the asker's organisation, then the highest redundancy of the far end, then the lowest id. A link of an
        organisation with itself is nobody's link to a partner."""
        found = []
        for near_rank, near in enumerate(self._asker_homes(asker)):
            for far_rank, home in enumerate(homes):
                for link, end in self.far.get(near, {}).get(home, ()):
                    linked = Linked(link, end, *self._link_reach(link, end))
                    found.append(((far_rank, near_rank, -linked.reach.redundancy, linked.id), linked))
        return min(found, key=lambda ranked: ranked[0])[1] if found else None

    def _linked_homes(self, asker: Asker) -> tuple[Home, ...]:
        """The asker's own ends of links."""
        return tuple(near for near in self._asker_homes(asker) if near in self.far)

    def _partners(self, homes: Sequence[Home]) -> list[str]:
        """The candidates of whoever is linked with one of these."""
        partners = {home for near in homes for home in self.far.get(near, ())}
        return sorted({key for home in partners for key in self.records.candidates_of(home)})

    def _contacts(
        self,
        homes: Sequence[Home],
        service_site_id: str | None,
        asker: Asker,
        when: datetime,
    ) -> Told:
        (end, graded, entries), lapsed = self._own_contacts(homes, service_site_id), False
        best = self._best_link(asker, homes)
        if best is not None:
            end, graded, lapsed = best.far, best.reach, self._lapsed(best.link)
            entries = [*entries, *link_entries(self.records, best.link, best.end)]
        listed = once(entries)
        contacts = Contacts(
            grade=graded.grade,
            redundancy=graded.redundancy,
            link_id=best.id if best else None,
            reason=reason(end, graded, linked=best is not None),
            advice=advice(end, graded, lapsed),
            limited=self.limited,
            call=call_order(listed, Asked(when, self.now, asker.visibility, self.limited)),
        )
        return Told(contacts, same_days(listed, self.now), same_hours(listed, when))

    def _own_contacts(self, homes: Sequence[Home], service_site_id: str | None) -> OwnContacts:
        """What a partner has by itself: the same for every asker as long as the book holds."""
        key = (tuple(homes), service_site_id)
        found = self.remembered.get(key)
        if found is None:
            found = self._read_own(homes, service_site_id)
            if len(self.remembered) >= MOST_REMEMBERED:
                self.remembered.clear()
            self.remembered[key] = found
        return found

    def _read_own(self, homes: Sequence[Home], service_site_id: str | None) -> OwnContacts:
        records = self.records
        end = records.home_end(homes[0], service_site_id) if homes else End(open=False)
        entries = list(home_entries(records, homes[0], service_site_id)) if homes else []
        if not entries and len(homes) > 1:
            entries = list(home_entries(records, homes[1], None))
        return end, self._reach(end), entries

    def _lapsed(self, link: Record) -> bool:
        signed, expires = memorandum_days(link)
        today = self.records.today
        return signed is not None and signed <= today and not is_signed(signed, expires, today)


def memorandum_days(link: Record) -> tuple[date | None, date | None]:
    memorandum: Mapping[str, Any] = link.get("memorandum") or {}
    return memorandum.get("signed"), memorandum.get("expires")
