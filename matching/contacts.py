"""How much one end of a link, or one partner, hangs on a single contact.

Source: the fourth recommendation of the national study (partnerships must not rely on individuals), made
countable. Pure: what is at an end comes in as `Member` and `Line`, the clock as `now`, the numbers as `Thresholds`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal

from matching.people import Groups

Grade = Literal["dead", "single_contact", "single_channel", "person_only", "backed"]
GRADES: tuple[Grade, ...] = ("dead", "single_contact", "single_channel", "person_only", "backed")
"""From the worst to the best."""

Band = Literal["fresh", "ageing", "stale"]
Trajectory = Literal["government_government", "civil_society_civil_society", "government_civil_society"]

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Configuration, in days. Half a year, since the study's focal points move about once a year; a fact of exactly
    `fresh_days` still counts. `band_fresh_days` is where a link starts to age, `half_life_days` halves its weight."""

    fresh_days: int = 180
    band_fresh_days: int = 90
    half_life_days: float = 180.0


@dataclass(frozen=True, slots=True)
class Member:
    """A focal point listed at an end. `person` is the same for all records of one person, `numbers` are the plain
    numbers and addresses that reach that person, `in_post` says whether the person may be asked today."""

    person: str
    numbers: frozenset[str]
    role: str | None
    in_post: bool
    confirmed_at: datetime | None
    link_types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """An institutional channel listed at an end: it outlives a person. `own` says that its value is some person's
    own number, so that it never counts."""

    kind: str
    value: str
    own: bool
    tested_at: datetime | None


@dataclass(frozen=True, slots=True)
class End:
    """One end of a link, or a partner by itself. `open` is false for a closed or suspended unit: nobody is there."""

    members: tuple[Member, ...] = ()
    lines: tuple[Line, ...] = ()
    open: bool = True


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach somebody: a person, or several who can only be reached together."""

    people: frozenset[str]
    roles: tuple[str, ...]
    link_types: frozenset[str]


@dataclass(frozen=True)
class Reach:
    """What counts at one end: C (`contacts`), I (`lines`, kinds by plain value), and a signed memorandum."""

    contacts: tuple[Contact, ...]
    lines: tuple[tuple[str, str], ...]
    memorandum: bool = False

    @property
    def redundancy(self) -> int:
        """r = |C| + |I|: how many ways remain open."""
        return len(self.contacts) + len(self.lines)

    @cached_property
    def grade(self) -> Grade:
        """dead r = 0; single_contact |C| = 1 and I empty; single_channel C empty and |I| = 1; person_only |C| >= 2
        and I empty; backed r >= 2 with an institutional channel. A signed memorandum lifts person_only to backed and
        nothing else: it cannot be phoned."""
        if not self.redundancy:
            return "dead"
        if self.lines:
            return "backed" if self.redundancy > 1 else "single_channel"
        if len(self.contacts) == 1:
            return "single_contact"
        return "backed" if self.memorandum else "person_only"


def age_days(since: datetime | None, now: datetime) -> int | None:
    """Age of a fact in whole elapsed days, rounded down; None when it was never confirmed. What is dated later than
    now (a clock that runs ahead) is zero days old."""
    return None if since is None else max(0, (now - since) // DAY)


def is_fresh(since: datetime | None, now: datetime, thresholds: Thresholds) -> bool:
    """Confirmed at most `fresh_days` ago. Never confirmed is stale."""
    age = age_days(since, now)
    return age is not None and age <= thresholds.fresh_days


def stale_from(since: datetime, days: int) -> datetime:
    """The instant at which a fact becomes older than so many whole days."""
    return since + (days + 1) * DAY


def in_post(starts: date | None, ends: date | None, today: date) -> bool:
    """Whether today lies in the time in post. `ends` is the first day out; a missing date sets no limit."""
    return (starts is None or starts <= today) and (ends is None or today < ends)


def is_signed(signed: date | None, expires: date | None, today: date) -> bool:
    """Whether a memorandum stands: signed by today and valid up to and including its last day. One without a last
    day does not run out."""
    return signed is not None and signed <= today and (expires is None or today <= expires)


def distinct_contacts(members: Iterable[Member]) -> tuple[Contact, ...]:
    """The connected components over persons and their numbers. Two people are distinct only if they differ as
    persons AND in how they are reached; somebody without any channel is still a person."""
    listed = sorted(members, key=lambda member: (member.person, member.role or ""))
    groups = Groups()
    for member in listed:
        for number in member.numbers:
            groups.join(f"person {member.person}", f"value {number}")
    together: dict[str, list[Member]] = {}
    for member in listed:
        together.setdefault(groups.find(f"person {member.person}"), []).append(member)
    return tuple(_contact(group) for group in together.values())


def _contact(group: list[Member]) -> Contact:
    return Contact(
        people=frozenset(member.person for member in group),
        roles=tuple(dict.fromkeys(member.role for member in group if member.role)),
        link_types=frozenset().union(*(member.link_types for member in group)),
    )


def counts(member: Member, now: datetime, thresholds: Thresholds) -> bool:
    """Whether a person belongs to C: in post, active and fresh."""
    return member.in_post and is_fresh(member.confirmed_at, now, thresholds)


def tested(line: Line, now: datetime, thresholds: Thresholds) -> bool:
    """Whether a channel belongs to I: tested in time, and nobody's own."""
    return not line.own and is_fresh(line.tested_at, now, thresholds)


def reach(end: End, now: datetime, thresholds: Thresholds, memorandum: bool = False) -> Reach:
    """What counts at this end now. Two channels of one number are one channel."""
    if not end.open or not (end.members or end.lines):
        return Reach((), (), memorandum)
    lines = {line.value: line.kind for line in sorted(end.lines, key=lambda line: line.kind)}
    working = {line.value for line in end.lines if tested(line, now, thresholds)}
    return Reach(
        distinct_contacts(member for member in end.members if counts(member, now, thresholds)),
        tuple(sorted((kind, value) for value, kind in lines.items() if value in working)),
        memorandum,
    )


@dataclass(frozen=True, slots=True)
class LinkGrade:
    """One link: both ends graded, and each figure that of the weaker end."""

    grade_a: Grade
    grade_b: Grade
    grade: Grade
    redundancy: int
    m: int
    m_s: int
    n_eff: float
    band: Band
    trajectory: Trajectory | None


def worse(one: Grade, other: Grade) -> Grade:
    return min(one, other, key=GRADES.index)


def survival(end: Reach, link_types: frozenset[str]) -> int:
    """m_s at one end = min over contacts p of the link types that somebody other than p, or a channel, also carries.

    A channel carries every type of the link (channels are listed on a link without types). The others are those of
    the same end: when the only carrier here leaves, the colleague at the far end cannot answer for her. Nobody and no
    channel: nothing survives.
    """
    if end.lines:
        return len(link_types)
    carried = Counter(kind for contact in end.contacts for kind in contact.link_types & link_types)
    left = (sum(times > (kind in contact.link_types) for kind, times in carried.items()) for contact in end.contacts)
    return min(left, default=0)


def effective_contacts(end: Reach, link_types: frozenset[str]) -> float:
    """N_eff = 1 / sum s_p^2, s_p the share of link types carried by contact p (inverse Simpson index: two who share
    the work evenly are 2, one who does nearly all of it is little more than 1). 0 when nobody carries anything."""
    loads = [len(contact.link_types & link_types) for contact in end.contacts]
    total = sum(loads)
    return total**2 / sum(load**2 for load in loads) if total else 0.0


def decay(since: datetime | None, now: datetime, thresholds: Thresholds) -> float:
    """Weight 0.5^(days since confirmed / 180) of a tie; 0 when it was never confirmed."""
    age = age_days(since, now)
    return 0.0 if age is None else float(0.5 ** (age / thresholds.half_life_days))


def band(since: datetime | None, now: datetime, thresholds: Thresholds) -> Band:
    """fresh up to 90 days, ageing up to 180, then (or never confirmed) stale."""
    age = age_days(since, now)
    if age is None or age > thresholds.fresh_days:
        return "stale"
    return "fresh" if age <= thresholds.band_fresh_days else "ageing"


def trajectory(sector_a: str | None, sector_b: str | None) -> Trajectory | None:
    """Which of the study's three trajectories a link is. What is not government (civil society, international
    organisations, private partners) stands on the civil society's side; None when a sector is not recorded."""
    if sector_a is None or sector_b is None:
        return None
    governments = (sector_a == "government") + (sector_b == "government")
    return ("civil_society_civil_society", "government_civil_society", "government_government")[governments]


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What is recorded on the link itself, apart from its ends."""

    link_types: frozenset[str]
    last_confirmed_at: datetime | None
    sector_a: str | None
    sector_b: str | None


def grade_link(a: Reach, b: Reach, facts: LinkFacts, now: datetime, thresholds: Thresholds) -> LinkGrade:
    """Both ends and the worse of them, with m = the number of link types in use."""
    return LinkGrade(
        grade_a=a.grade,
        grade_b=b.grade,
        grade=worse(a.grade, b.grade),
        redundancy=min(a.redundancy, b.redundancy),
        m=len(facts.link_types),
        m_s=min(survival(a, facts.link_types), survival(b, facts.link_types)),
        n_eff=min(effective_contacts(a, facts.link_types), effective_contacts(b, facts.link_types)),
        band=band(facts.last_confirmed_at, now, thresholds),
        trajectory=trajectory(facts.sector_a, facts.sector_b),
    )
