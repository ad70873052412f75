"""Coverage: for every function that a province must be able to call on, how many ways lead to the department.

Source: Act 7 of 2013 gives functions to departments; the national study found that each is reached through one
committed person. The required cells are `matching.rulesets.coverage_2026_1`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from matching.contact_records import Home, Record, Seat, institutional
from matching.contacts import End, Line, Reach, counts, tested
from matching.network.picture import Picture, hangs_on, people_of
from matching.rulesets.coverage import CellKey, CoverageRuleset, RequiredFunction

State = Literal["gap", "single", "backed"]


@dataclass(frozen=True, slots=True)
class Holder:
    """Something that counts in a cell: a person in a post, or a channel of a post or a partner."""

    home: Home
    post_id: str | None
    person: str | None
    channel_id: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One required cell. `homes` are the open partners that do the function there, whether anybody answers or not;
    `holders` all that counts, in a single cell the one thing it hangs on."""

    key: CellKey
    required: RequiredFunction
    urgency: int
    homes: tuple[Home, ...]
    end: End
    reach: Reach
    holders: tuple[Holder, ...]

    @property
    def persons(self) -> int:
        return len(self.reach.contacts)

    @property
    def channels(self) -> int:
        return len(self.reach.lines)

    @property
    def state(self) -> State:
        """backed from two (distinct persons and channels together), single one, gap none."""
        return "gap" if not self.reach.redundancy else "single" if self.reach.redundancy == 1 else "backed"

    @property
    def people(self) -> frozenset[str]:
        return people_of(self.reach)

    @property
    def hangs_on(self) -> str | None:
        return hangs_on(self.reach)


@dataclass(frozen=True, slots=True)
class Share:
    """B = backed / required over some cells; 1 where nothing is required."""

    required: int
    backed: int
    single: int
    gap: int

    @property
    def b(self) -> float:
        return self.backed / self.required if self.required else 1.0


def share(cells: Iterable[Cell]) -> Share:
    """How many cells are backed, single and gaps."""
    states = [cell.state for cell in cells]
    return Share(len(states), states.count("backed"), states.count("single"), states.count("gap"))


def share_by_urgency(cells: Iterable[Cell]) -> dict[int, Share]:
    """B for each urgency of a stage, the most urgent first."""
    sorted_out: dict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        sorted_out[cell.urgency].append(cell)
    return {urgency: share(sorted_out[urgency]) for urgency in sorted(sorted_out)}


@dataclass(slots=True)
class _Gathered:
    """Everybody and every line that may count in a cell, with where each was found."""

    homes: dict[Home, None] = field(default_factory=dict)
    seats: list[tuple[Home, str, Seat]] = field(default_factory=list)
    lines: list[tuple[Home, str | None, str, Line]] = field(default_factory=list)


def coverage(picture: Picture, ruleset: CoverageRuleset) -> tuple[Cell, ...]:
    """All required cells, in the order of the ruleset within each province.

    A unit counts in each province it serves. Its people count for the functions of their post, or for all that the
    unit does when the post names none; a line of a post likewise, a line of the office for all that the office does,
    a line at a service's site for that service. Two people who share a number are one, wherever they sit.
    """
    gathered: dict[CellKey, _Gathered] = defaultdict(_Gathered)
    for home in picture.offices:
        department = picture.department(home)
        wanted = ruleset.functions_of(department)
        if department and wanted:
            provinces = sorted(picture.provinces(home))
            for functions, found in _found(picture, home):
                for function in functions & wanted:
                    for province in provinces:
                        _put(gathered[CellKey(department, function, province)], home, found)
    return tuple(
        _cell(picture, key, required, ruleset, gathered.get(key, _Gathered()))
        for key, required in ruleset.required(picture.ground.provinces)
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What one post, one office or one service adds to a cell."""

    post_id: str | None = None
    seats: Sequence[Seat] = ()
    lines: Sequence[tuple[str, Line]] = ()


def _found(picture: Picture, home: Home) -> Iterator[tuple[frozenset[str], _Found]]:
    records, own = picture.records, picture.functions(home)
    yield own, _Found(lines=_lines(picture, records.channels_of.get(home, ())))
    for post in records.posts_at.get(home, ()):
        key = str(post["id"])
        lines = _lines(picture, records.channels_of.get(("post", key), ()))
        yield post_functions(post, own), _Found(key, records.seats_at.get(key, ()), lines)
    for service in picture.services_at.get(home, ()):
        channels = [
            channel
            for site in picture.sites_of_service.get(str(service["id"]), ())
            for channel in records.channels_of.get(("service_site", str(site["id"])), ())
        ]
        yield frozenset(service.get("codes") or ()), _Found(lines=_lines(picture, channels))


def post_functions(post: Record, of_home: frozenset[str]) -> frozenset[str]:
    """What a post answers for: its own functions, or all of its partner's when it names none."""
    return frozenset(post.get("functions") or ()) or of_home


def _lines(picture: Picture, channels: Iterable[Record]) -> list[tuple[str, Line]]:
    return [(str(channel["id"]), picture.records.line(channel)) for channel in channels if institutional(channel)]


def _put(cell: _Gathered, home: Home, found: _Found) -> None:
    cell.homes[home] = None
    cell.seats += [(home, str(found.post_id), seat) for seat in found.seats]
    cell.lines += [(home, found.post_id, key, line) for key, line in found.lines]


def _cell(
    picture: Picture, key: CellKey, required: RequiredFunction, ruleset: CoverageRuleset, gathered: _Gathered
) -> Cell:
    end = End(
        tuple(seat.member for _, _, seat in gathered.seats),
        tuple(line for _, _, _, line in gathered.lines),
    )
    return Cell(
        key=key,
        required=required,
        urgency=ruleset.stage_urgency(required.stage),
        homes=tuple(gathered.homes),
        end=end,
        reach=picture.reach(end),
        holders=tuple(_holders(picture, gathered)),
    )


def _holders(picture: Picture, gathered: _Gathered) -> Iterator[Holder]:
    now, thresholds = picture.now, picture.thresholds
    for home, post_id, seat in gathered.seats:
        if counts(seat.member, now, thresholds):
            yield Holder(home, post_id, seat.member.person, None)
    for home, owner, channel_id, line in gathered.lines:
        if tested(line, now, thresholds):
            yield Holder(home, owner, None, channel_id)
