"""Registry records joined: who sits in which post, which channels reach them, which lines belong to an office."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from matching.contacts import End, Line, Member, Thresholds, in_post, stale_from
from matching.rows import ById
from matching.week import LOCAL

Record = Mapping[str, Any]
Home = tuple[str, str]
"""("department", id) or ("organisation", id): whose posts and lines they are, and what a link joins."""

INSTITUTIONAL = frozenset({"role_mailbox", "duty_line", "on_call_roster"})
"""Kinds of channel that outlive a person (vocabulary, `channel_kind`)."""


JOINED = (
    *("organisations", "departments", "persons", "posts", "focal_points"),
    *("services", "service_sites", "channels", "links"),
)
"""The collections that are joined."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A focal point with what is counted of it."""

    id: str
    person_id: str
    primary: bool
    member: Member


def end_home(end: Mapping[str, Any]) -> Home:
    return (str(end["type"]), str(end["id"]))


def record_home(record: Record) -> Home:
    """Whose a post or a service is: the unit's, else the organisation's outside its units."""
    unit = record.get("department_id")
    return ("department", str(unit)) if unit else ("organisation", str(record.get("organisation_id")))


def is_active(record: Record | None) -> bool:
    return record is not None and record.get("status", "active") == "active"


class ContactRecords:
    """The joined records at one instant (cut to the minute, as ages are): `matching.contact_joins` joins them, and they
    stay as they are."""

    def __init__(self, now: datetime, thresholds: Thresholds) -> None:
        self.now = now.replace(second=0, microsecond=0)
        self.today = self.now.astimezone(LOCAL).date()
        self.thresholds = thresholds
        self.by_id: ById = {name: {} for name in JOINED}
        self.service_sites: Mapping[str, Record] = {}
        """Those in use."""
        self.channels_of: Mapping[Home, list[Record]] = {}
        """Channels in use of an owner, who may also be a person, a post or a service at a site."""
        self.plain: Mapping[str, str] = {}
        """The comparable value of each channel."""
        self.at_value: Mapping[str, list[str]] = {}
        """The channels in use of each value."""
        self.own_values: Mapping[str, bool] = {}
        """Everything that is some person's own: owned by a person, or of a personal kind. An office line of the same
        value never counts."""
        self.people: Mapping[str, str] = {}
        """The lowest id of all records that are one person, for each."""
        self.together: Mapping[str, list[str]] = {}
        """All records of a person of whom there are several."""
        self.numbers: Mapping[str, frozenset[str]] = {}
        """What reaches each person."""
        self.posts_at: Mapping[Home, list[Record]] = {}
        self.seats: Mapping[str, Seat] = {}
        self.seats_at: Mapping[str, list[Seat]] = {}
        self.candidates_at: Mapping[Home, list[str]] = {}

    def at(self, now: datetime) -> ContactRecords:
        """The same to be joined at another instant."""
        later = copy.copy(self)
        later.now, later.today = now, now.astimezone(LOCAL).date()
        return later

    def next_turn(self) -> datetime | None:
        """When a grade changes next though nobody writes anything."""
        collections = {name: of.values() for name, of in self.by_id.items()}
        return earliest_after(self.now, turning_points(collections, self.thresholds))

    # --- whose ---------------------------------------------------------------------------------------------

    def organisation_of(self, home: Home) -> Record | None:
        if home[0] == "department":
            unit = self.by_id["departments"].get(home[1], {})
            return self.by_id["organisations"].get(str(unit.get("organisation_id")))
        return self.by_id["organisations"].get(home[1])

    def name_of(self, person_id: str) -> str | None:
        return self.by_id["persons"][person_id].get("full_name")

    def role_of(self, channel: Record) -> str | None:
        """The contact role of the post that owns a line; None for a line of a whole office."""
        kind, key = end_home(channel["owner"])
        return self.by_id["posts"].get(key, {}).get("contact_role") if kind == "post" else None

    def seats_of(self, home: Home) -> list[Seat]:
        """Everybody listed in the posts of a unit, or of an organisation outside its units."""
        posts = self.posts_at.get(home, ())
        return [seat for post in posts for seat in self.seats_at.get(str(post["id"]), ())]

    def sector(self, home: Home) -> str | None:
        organisation = self.organisation_of(home)
        return organisation.get("sector") if organisation else None

    def is_open(self, home: Home) -> bool:
        """Active and not suspended, and so its organisation: in a closed unit nobody answers."""
        owners = [self.organisation_of(home)]
        if home[0] == "department":
            owners.append(self.by_id["departments"].get(home[1]))
        return all(is_active(owner) and not (owner or {}).get("suspended") for owner in owners)

    def unit_homes(self, department_id: str) -> tuple[Home, ...]:
        """The unit, then its organisation: what a link to this partner may name, the nearer first."""
        unit = self.by_id["departments"].get(department_id)
        homes: tuple[Home, ...] = (("department", department_id),)
        return (*homes, ("organisation", str(unit["organisation_id"]))) if unit else homes

    def candidate_homes(self, service_site_id: str) -> tuple[Home, ...]:
        """The same for the service of a candidate; empty when it is not known."""
        site = self.service_sites.get(service_site_id)
        service = self.by_id["services"].get(str(site["service_id"])) if site else None
        if service is None:
            return ()
        home = record_home(service)
        if home[0] != "department":
            return (home,)
        own = service.get("organisation_id")
        return (home, ("organisation", str(own))) if own else self.unit_homes(home[1])

    def candidates_of(self, home: Home) -> Sequence[str]:
        return self.candidates_at.get(home, ())

    def values_of(self, person_id: str) -> frozenset[str]:
        """The numbers and addresses that a person's record has by itself."""
        return frozenset(self.plain[str(one["id"])] for one in self.channels_of.get(("person", person_id), ()))

    def holds(self, focal_point: Record, post: Record) -> bool:
        """Whether the person may be asked in this post today. An acting holder may; a vacant post has none."""
        return (
            in_post(focal_point.get("starts"), focal_point.get("ends"), self.today)
            and is_active(self.by_id["persons"].get(str(focal_point["person_id"])))
            and is_active(post)
            and post.get("state") != "vacant"
            and self.is_open(record_home(post))
        )

    # --- what counts ---------------------------------------------------------------------------------------

    def home_end(self, home: Home, service_site_id: str | None) -> End:
        """A partner by itself: the people in its posts, its lines, its posts' and the service-site's."""
        lines = [self.line(channel) for channel in self.office_channels(home) if institutional(channel)]
        extra = self.site_lines(service_site_id) if service_site_id else ()
        return End(tuple(seat.member for seat in self.seats_of(home)), (*lines, *extra), self.is_open(home))

    def site_lines(self, service_site_id: str) -> tuple[Line, ...]:
        channels = self.channels_of.get(("service_site", service_site_id), ())
        return tuple(self.line(channel) for channel in channels if institutional(channel))

    def link_end(self, link: Record, end: str) -> End:
        """One end of a link: only its carriers and its listed channels."""
        members = [
            Member(
                seat.member.person,
                seat.member.numbers,
                seat.member.role,
                seat.member.in_post,
                seat.member.confirmed_at,
                frozenset(carrier.get("link_types") or ()),
            )
            for carrier, seat in self.carriers(link, end)
        ]
        lines = [self.line(channel) for channel in self.listed(link, end) if institutional(channel)]
        return End(tuple(members), tuple(lines), self.is_open(end_home(link[end])))

    def carriers(self, link: Record, end: str) -> Iterator[tuple[Record, Seat]]:
        for carrier in link.get("carriers") or ():
            seat = self.seats.get(str(carrier["focal_point_id"]))
            if carrier["end"] == end and seat is not None:
                yield carrier, seat

    def listed(self, link: Record, end: str) -> Iterator[Record]:
        for listed in link.get("channels") or ():
            channel = self.by_id["channels"].get(str(listed["channel_id"]))
            if listed["end"] == end and channel is not None and self._answers(channel):
                yield channel

    def _answers(self, channel: Record) -> bool:
        """Whether an office's channel is in use: neither it nor its office is closed. A person's own is reached
        through the person, never by itself."""
        kind, key = end_home(channel["owner"])
        if not is_active(channel) or kind == "person":
            return False
        if kind == "service_site":
            homes = self.candidate_homes(key)
            return bool(homes) and self.is_open(homes[0])
        if kind == "post":
            post = self.by_id["posts"].get(key)
            return post is not None and is_active(post) and self.is_open(record_home(post))
        return self.is_open((kind, key))

    def office_channels(self, home: Home) -> Iterator[Record]:
        yield from self.channels_of.get(home, ())
        for post in self.posts_at.get(home, ()):
            yield from self.channels_of.get(("post", str(post["id"])), ())

    def line(self, channel: Record) -> Line:
        """An office's channel as it is counted."""
        value = self.plain[str(channel["id"])]
        return Line(str(channel["channel_kind"]), value, value in self.own_values, channel.get("tested_at"))


def institutional(channel: Record) -> bool:
    return channel["channel_kind"] in INSTITUTIONAL


def midnight(day: date) -> datetime:
    """The instant at which a day begins in Johannesburg."""
    return datetime.combine(day, time(), LOCAL)


def earliest_after(now: datetime, instants: Iterable[datetime]) -> datetime | None:
    """The first of the instants after now, raised to the full minute: clocks here are cut to the minute."""
    first = min((instant for instant in instants if instant > now), default=None)
    if first is None or not (first.second or first.microsecond):
        return first
    return first.replace(second=0, microsecond=0) + timedelta(minutes=1)


def turning_points(collections: Mapping[str, Iterable[Record]], thresholds: Thresholds) -> Iterator[datetime]:
    """Every instant at which a grade or a band can change though nobody writes anything."""
    fresh, early = thresholds.fresh_days, thresholds.band_fresh_days
    for focal_point in collections.get("focal_points", ()):
        if focal_point.get("verified_at"):
            yield stale_from(focal_point["verified_at"], fresh)
        yield from (midnight(focal_point[k]) for k in ("starts", "ends") if focal_point.get(k))
    for channel in collections.get("channels", ()):
        if channel.get("tested_at"):
            yield stale_from(channel["tested_at"], fresh)
    for link in collections.get("links", ()):
        if link.get("last_confirmed_at"):
            yield stale_from(link["last_confirmed_at"], fresh)
            yield stale_from(link["last_confirmed_at"], early)
        memorandum = link.get("memorandum") or {}
        if memorandum.get("signed"):
            yield midnight(memorandum["signed"])
        if memorandum.get("expires"):
            yield midnight(memorandum["expires"] + timedelta(days=1))
