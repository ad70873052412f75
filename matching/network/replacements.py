"""Who could answer instead, and why: the same unit, the nearest unit with the function, people of the same training.

Reasons name posts, offices and courses, never a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from matching.contact_records import Home, Record, Seat, institutional
from matching.contacts import Reach, tested
from matching.network.coverage import post_functions
from matching.network.distances import Apart, Distances
from matching.network.picture import Picture, people_of

LINES = {"duty_line": "a duty line", "role_mailbox": "a role mailbox", "on_call_roster": "an on-call roster"}

Kind = Literal["same_unit", "nearest_unit", "same_training"]


@dataclass(frozen=True, slots=True)
class Silent:
    """A place where nobody answers any more: whose it is, for what, who left, and who still stands at the other end
    of the link (nobody, for a cell)."""

    home: Home
    functions: frozenset[str]
    left: frozenset[str]
    opposite: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Replacement:
    """A suggestion. A person in a post, or a channel, or a partner as a whole; distances as they may be shown."""

    kind: Kind
    home: Home
    reason: str
    person: str | None = None
    post_id: str | None = None
    channel_id: str | None = None
    distance_band: str | None = None
    distance_km: float | None = None


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Somebody who counts, and how far behind the best."""

    rank: tuple[bool, bool, bool, float, str]
    home: Home
    post: Record
    seat: Seat


_rank = attrgetter("rank")


class Replacements:
    """Finds replacements in the network as it is after a loss; of each kind at most `most`, the best first."""

    def __init__(self, after: Picture, most: int) -> None:
        self._after = after
        self._most = most
        self._distances = Distances(after)
        self._answering: dict[Home, Reach] = {}
        self._doing: dict[str, list[Home]] = defaultdict(list)
        for home in after.offices:
            for function in after.functions(home):
                self._doing[function].append(home)
        self._courses = courses(after)

    def of(self, silent: Silent) -> tuple[Replacement, ...]:
        """The same unit first: whoever sits there knows the case. Then the nearest partner that does the same, of the
        same department where there is one. Then people elsewhere who sat in a training with somebody concerned: they
        have met."""
        elsewhere = [home for home in self._alike(silent) if home != silent.home and self._answers(home, silent.left)]
        apart = {home: self._distances.between(silent.home, home) for home in elsewhere}
        nearest = sorted(elsewhere, key=lambda home: (apart[home].km, self._farther(silent.home, home), home))
        found = [
            [*self._colleagues(silent), *self._lines(silent)],
            [self._unit(silent, home, apart[home]) for home in nearest[: self._most]],
            self._trained(silent, nearest),
        ]
        return tuple(one for kind in found for one in kind[: self._most])

    def _alike(self, silent: Silent) -> set[Home]:
        """Open partners that do one of the functions, of the same department where there is one."""
        department = self._after.department(silent.home)
        doing = {home for function in silent.functions for home in self._doing.get(function, ())}
        return {home for home in doing if department is None or self._after.department(home) == department}

    def _answers(self, home: Home, left: frozenset[str]) -> bool:
        """Whether anybody but those who left answers there: they may sit in several places."""
        if home not in self._answering:
            end = self._after.records.home_end(home, None)
            self._answering[home] = self._after.reach(end)
        reach = self._answering[home]
        return bool(reach.lines or people_of(reach) - left)

    def _farther(self, one: Home, other: Home) -> bool:
        """Where a place is not known: whether the two share no province."""
        return not (self._after.provinces(one) & self._after.provinces(other))

    # --- people and lines ----------------------------------------------------------------------------------

    def _seats(self, home: Home, silent: Silent) -> Iterator[tuple[Record, Seat]]:
        """Everybody who counts at a partner, in each post, without those who left."""
        seated = {seat.id for seat in self._after.seated.get(home, ())}
        for post in self._after.records.posts_at.get(home, ()):
            for seat in self._after.records.seats_at.get(str(post["id"]), ()):
                if seat.id in seated and seat.member.person not in silent.left:
                    yield post, seat

    def _ranked(self, homes: Iterable[Home], silent: Silent) -> list[_Ranked]:
        """Everybody at some partners, each person once: whose post has the function, then whoever sat in a training
        with somebody concerned, then the primary, then the lately confirmed."""
        ranked: dict[str, _Ranked] = {}
        for home in homes:
            own = self._after.functions(home)
            for post, seat in self._seats(home, silent):
                person, since = seat.member.person, seat.member.confirmed_at
                age = (self._after.now - since).total_seconds() if since else 0.0
                other = not post_functions(post, own) & silent.functions
                rank = (other, self._course(person, silent) is None, not seat.primary, age, seat.id)
                found = _Ranked(rank, home, post, seat)
                ranked[person] = min(found, ranked.get(person, found), key=_rank)
        return sorted(ranked.values(), key=_rank)

    def _colleagues(self, silent: Silent) -> list[Replacement]:
        ranked = self._ranked([silent.home], silent)
        return [self._colleague(silent, one.post, one.seat) for one in ranked[: self._most]]

    def _colleague(self, silent: Silent, post: Record, seat: Seat) -> Replacement:
        course = self._course(seat.member.person, silent)
        reason = f"{_title(post)} sits in the same unit and has been confirmed lately"
        reason += f"; has met {_whom(silent)} at a training, {_named(course)}." if course else "."
        return Replacement("same_unit", silent.home, reason, seat.member.person, str(post["id"]))

    def _lines(self, silent: Silent) -> list[Replacement]:
        if not self._after.records.is_open(silent.home):
            return []
        channels = [c for c in self._after.records.office_channels(silent.home) if institutional(c)]
        return [
            Replacement(
                "same_unit",
                silent.home,
                f"The unit has {LINES.get(str(channel['channel_kind']), 'a line')} that was tested lately: list it.",
                channel_id=str(channel["id"]),
            )
            for channel in channels
            if tested(self._after.records.line(channel), self._after.now, self._after.thresholds)
        ]

    def _unit(self, silent: Silent, home: Home, apart: Apart) -> Replacement:
        shared = sorted(self._after.functions(home) & silent.functions)
        where = f"{apart.band} km away" if apart.band else "at a distance that is not known"
        doing = ", ".join(code.replace("_", " ") for code in shared)
        reason = f"{self._after.name(home)}, {where}, also does {doing} and has a contact that was confirmed lately."
        return Replacement("nearest_unit", home, reason, distance_band=apart.band, distance_km=apart.shown_km)

    def _trained(self, silent: Silent, alike: Iterable[Home]) -> list[Replacement]:
        """People of the same organisation, or of a partner that does the same."""
        organisation = self._after.organisation_id(silent.home)
        own = (home for home in self._after.offices if self._after.organisation_id(home) == organisation)
        homes = [home for home in dict.fromkeys((*own, *alike)) if home != silent.home]
        met = [
            (one, course)
            for one in self._ranked(homes, silent)
            for course in [self._course(one.seat.member.person, silent)]
            if course is not None
        ]
        return [
            Replacement(
                "same_training",
                one.home,
                f"{_title(one.post)}, {self._after.name(one.home)}, has met {_whom(silent)} at a training, "
                f"{_named(course)}.",
                one.seat.member.person,
                str(one.post["id"]),
            )
            for one, course in met[: self._most]
        ]

    def _course(self, person: str, silent: Silent) -> Record | None:
        """The latest training in which the person sat with somebody who left or who stands at the other end."""
        attended = self._courses.get(person, {})
        shared = {
            key: course
            for other in silent.left | silent.opposite
            if other != person
            for key, course in self._courses.get(other, {}).items()
            if key in attended
        }
        return max(shared.values(), key=lambda c: (str(c.get("held_on") or ""), str(c["id"])), default=None)


def courses(picture: Picture) -> dict[str, dict[str, Record]]:
    """The trainings of each person, by id."""
    found: dict[str, dict[str, Record]] = defaultdict(dict)
    for training in picture.collections.get("trainings", ()):
        for attendee in training.get("attendees") or ():
            key = str(attendee.get("person_id"))
            found[picture.person_of.get(key, key)][str(training["id"])] = training
    return found


def _title(post: Record) -> str:
    return str(post.get("title") or post.get("contact_role") or "Somebody").replace("_", " ")


def _whom(silent: Silent) -> str:
    return "those concerned" if silent.opposite else "whoever leaves"


def _named(course: Record) -> str:
    held = course.get("held_on")
    return f"{course.get('course')} ({held:%B %Y})" if held else str(course.get("course"))
