"""The network side of the registry: measures and reports, kept until the registry or a grade changes.

Nothing here is built for a match, and nothing waits for it: it has a lock of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from threading import Lock
from typing import TypeVar

from sqlalchemy.orm import Session

from directory import geography, vocabulary
from directory.per_engine import PerEngine
from directory.permissions import Actor
from matching import feed
from matching.network.loss import Measures, measures, part
from matching.network.picture import Collections, Ground, Picture
from matching.network.report import NetworkReport
from matching.network.reporting import network_report
from matching.rulesets import coverage_2026_1
from matching.week import LOCAL

RULESET = coverage_2026_1.RULESET
COORDINATOR = Actor("coordinator", "network")
"""The network is measured over the links that a coordinator may read: what a confidential place is tied to nearby is
its own to know, and neither named nor counted."""


@dataclass(slots=True)
class State:
    """The measures at one revision and for a while: until a grade changes by itself, or the day does."""

    revision: int
    until: datetime
    whole: Measures
    collections: Collections
    parts: dict[str, Measures] = field(default_factory=dict)
    reports: dict[str | None, NetworkReport] = field(default_factory=dict)
    all_links: Picture | None = None

    @property
    def now(self) -> datetime:
        """The instant measured at, cut to the minute."""
        return self.whole.picture.now

    def holds(self, revision: int, now: datetime) -> bool:
        """Whether this is still true."""
        return self.revision == revision and self.now <= now < self.until

    def measures(self, session: Session, province: str | None) -> Measures:
        """The measures of the country or of a province."""
        if province is None:
            return self.whole
        return _once(
            self.parts, province, lambda: part(self.whole, province, feed.links_seen(session, COORDINATOR, province))
        )

    def report(self, session: Session, province: str | None) -> NetworkReport:
        """The report on the country or on a province."""
        measured = self.measures(session, province)
        return _once(self.reports, province, lambda: network_report(measured, province, self.revision, self.now))

    def own(self, session: Session, actor: Actor, province: str | None) -> Measures:
        """The links of somebody who reads only their own: all of them, also those that nobody else may know of."""
        if self.all_links is None:
            every = len(self.whole.picture.collections["links"]) == len(self.collections["links"])
            self.all_links = self.whole.picture if every else _picture(self.collections, self.now)
        seen = feed.links_seen(session, replace(actor, scopes=None), province)
        links = tuple(link for link in self.all_links.links if link.id in seen)
        return replace(self.whole, picture=self.all_links, links=links)


Key = TypeVar("Key")
Value = TypeVar("Value")


def _once(kept: dict[Key, Value], key: Key, make: Callable[[], Value]) -> Value:
    if key not in kept:
        kept[key] = make()
    return kept[key]


@dataclass(slots=True)
class _Kept:
    lock: Lock = field(default_factory=Lock)
    state: State | None = None


_KEPT = PerEngine(_Kept)


def state(session: Session, now: datetime) -> State:
    """The network as this session sees it. Kept only when its revision is the one that the session reads, since the
    links that may be seen are read in the session's own snapshot."""
    network = feed.network(session)
    kept = _KEPT.of(feed.home(session))
    with kept.lock:
        if kept.state is not None and kept.state.holds(network.revision, now):
            return kept.state
        made = _made(session, network, now)
        if feed.revision(session) == network.revision:
            kept.state = made
        return made


def _made(session: Session, network: feed.Network, now: datetime) -> State:
    collections = {**network.collections, "trainings": feed.trainings(session)}
    seen = feed.links_seen(session, COORDINATOR, None)
    readable = {**collections, "links": [link for link in collections["links"] if link["id"] in seen]}
    picture = _picture(readable, now)
    turns = picture.records.next_turn()
    midnight = datetime.combine(picture.records.today + timedelta(days=1), time(), LOCAL)
    return State(
        revision=network.revision,
        until=midnight if turns is None else min(turns, midnight),
        whole=measures(picture, RULESET),
        collections=collections,
    )


def _picture(collections: Collections, now: datetime) -> Picture:
    districts = {code: district.province for code, district in geography.districts().items()}
    departments = {one["code"]: one["name"] for one in vocabulary.reference("departments")}
    provinces = geography.provinces()
    return Picture(collections, now, Ground(tuple(provinces), districts, {**departments, **provinces}))
