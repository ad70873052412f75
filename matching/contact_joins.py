"""Registry records joined, and joined again where some of them changed.

There is one way for both: what is joined first changes from nothing. A change goes on to whoever it concerns and no
further: a line to its owner and to whoever has the same number, an office to the posts in it, a person to all records
that are the same person, or no longer. Names are compared only among people who share a number (`matching.people`)."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from matching.contact_offices import Changed, Step
from matching.contact_records import ContactRecords, Record, Seat, institutional, is_active
from matching.contacts import Member, Thresholds
from matching.layered import Lists, layered
from matching.people import plain_name, together
from matching.references import References
from matching.rows import ById

FIRST = ("channels", "posts", "persons", "focal_points", "service_sites")
"""What is joined to others at first: that offices open concerns nobody who was not joined before."""


def joined(
    records: ById, now: datetime, thresholds: Thresholds, references: References | None = None
) -> ContactRecords:
    """All of them."""
    nothing = ContactRecords(now, thresholds)
    everything = {name: records.get(name, {}).keys() for name in FIRST}
    return _step(nothing, records, everything, references or References.of_all(records)).now


def rejoined(
    was: ContactRecords, records: ById, changed: Changed, references: References
) -> tuple[ContactRecords, set[str]]:
    """The records after some changed, and the candidates that may be reached otherwise."""
    joining = _step(was, records, changed, references)
    return joining.now, joining.concerned()


def _step(was: ContactRecords, records: ById, changed: Changed, references: References) -> "Joining":
    joining = Joining(was, records, references)
    joining.lines(changed.get("channels", ()))
    joining.offices(changed)
    joining.people(changed.get("persons", ()))
    joining.holders(changed.get("focal_points", ()))
    joining.candidates(changed)
    return joining


class Joining(Step):
    """A step with the people in it. `held`: whether somebody holds a post, by the focal point."""

    def __init__(self, was: ContactRecords, records: ById, references: References) -> None:
        super().__init__(was, records, references)
        self.held: dict[str, bool] = {}

    # --- people ----------------------------------------------------------------------------------------------

    def people(self, ids: Iterable[str]) -> None:
        """Which records are one person. Only those can come together or apart who share a number with one that changed,
        or were one person with one of them."""
        self.persons.update(ids)
        was, now, there = self.was, self.now, self.now.by_id["persons"]
        if not self.first:
            self._widen()
        found = {key: key for key in self.persons if key in there}
        groups = together(self._sharing(found))
        of: dict[str, list[str]] = {}
        for key in found:
            found[key] = groups.find(key)
            of.setdefault(found[key], []).append(key)
        several = {root: those for root, those in of.items() if len(those) > 1}
        alone = [key for key in self.persons if key in was.together and key not in several]
        now.people = layered(was.people, found, [k for k in self.persons if k in was.people and k not in found])
        now.together = layered(was.together, several, alone)

    def _widen(self) -> None:
        """All who share, or shared, a number with one that changed, and all who were one person with one of them."""
        was, now = self.was, self.now
        values = {value for key in self.persons for records in (was, now) for value in records.values_of(key)}
        for value in values:
            self.persons.update(key for records in (was, now) for key in _having(records, value))
        for key in list(self.persons):
            self.persons.update(was.together.get(was.people.get(key, key), ()))

    def _sharing(self, persons: Iterable[str]) -> Iterable[list[tuple[str, str]]]:
        """The names and ids of all who share a value, for each value of some people that is shared."""
        now, there = self.now, self.now.by_id["persons"]
        for value in sorted({value for key in persons for value in now.values_of(key)}):
            if len(now.at_value[value]) > 1:
                having = {key for key in _having(now, value) if key in there}
                if len(having) > 1:
                    yield [(plain_name(str(there[key].get("full_name") or "")), key) for key in having]

    # --- who has which post ----------------------------------------------------------------------------------

    def holders(self, ids: Iterable[str]) -> None:
        """Seats everybody; whoever is in a post is also reached on the personal numbers that belong to it."""
        was, now, refer = self.was, self.now, self.references
        listed = set(ids)
        if not self.first:
            for focal_point in self._versions(listed):
                self.post(str(focal_point["post_id"]))
            listed.update(one for post in self.posts for one in refer.of("focal_points", "posts", post))
            listed.update(one for person in self.persons for one in refer.of("focal_points", "persons", person))
        sitting = (str(focal_point["person_id"]) for focal_point in self._versions(listed))
        known = {now.people[key] for key in (*self.persons, *sitting) if key in now.people}
        numbers = {}
        for person in known:
            found = self._numbers(person)
            if found != was.numbers.get(person):
                numbers[person] = found
                for one in now.together.get(person, (person,)):
                    listed.update(refer.of("focal_points", "persons", one))
        gone = [key for key in self.persons if key in was.numbers and now.people.get(key) != key]
        now.numbers = layered(was.numbers, numbers, gone)
        self._sit(listed)

    def _versions(self, ids: Iterable[str]) -> Iterator[Record]:
        """Some focal points as they were and as they are."""
        for key in ids:
            for records in (self.was, self.now):
                focal_point = records.by_id["focal_points"].get(key)
                if focal_point is not None:
                    yield focal_point

    def _numbers(self, person: str) -> frozenset[str]:
        """What reaches a person: the own numbers, and those of the posts that the person holds."""
        now = self.now
        found: set[str] = set()
        for one in now.together.get(person, (person,)):
            found.update(now.values_of(one))
            for key in self.references.of("focal_points", "persons", one):
                focal_point = now.by_id["focal_points"].get(key)
                if focal_point is None or not is_active(focal_point) or str(focal_point["person_id"]) != one:
                    continue
                post = now.by_id["posts"].get(str(focal_point["post_id"]))
                if post is not None and self._holds(focal_point, post):
                    office = now.channels_of.get(("post", str(post["id"])), ())
                    found.update(now.plain[str(line["id"])] for line in office if not institutional(line))
        return frozenset(found)

    def _holds(self, focal_point: Record, post: Record) -> bool:
        key = str(focal_point["id"])
        found = self.held.get(key)
        if found is None:
            found = self.held[key] = self.now.holds(focal_point, post)
        return found

    def _sit(self, ids: Iterable[str]) -> None:
        was, now = self.was, self.now
        at: Lists[str, Seat] = Lists(was.seats_at)
        seats, gone = {}, []
        for key in ids:
            before, after = was.seats.get(key), self._seat(now.by_id["focal_points"].get(key))
            moved = was.by_id["focal_points"].get(key), now.by_id["focal_points"].get(key)
            posts = [str(one["post_id"]) if one is not None else "" for one in moved]
            if before == after and posts[0] == posts[1]:
                continue
            if before is not None:
                of = at.of(posts[0])
                of[:] = [one for one in of if one.id != key]
                self.post(posts[0])
                gone.append(key)
            if after is not None:
                at.of(posts[1]).append(after)
                self.post(posts[1])
                seats[key] = after
        now.seats_at = at.finished()
        now.seats = layered(was.seats, seats, (key for key in gone if key not in seats))

    def _seat(self, focal_point: Record | None) -> Seat | None:
        """A seat, None where nobody that is known has a known post."""
        if focal_point is None or not is_active(focal_point):
            return None
        now = self.now
        post = now.by_id["posts"].get(str(focal_point["post_id"]))
        person = now.people.get(str(focal_point["person_id"]))
        if post is None or person is None:
            return None
        role, since = post.get("contact_role"), focal_point.get("verified_at")
        member = Member(person, now.numbers[person], role, self._holds(focal_point, post), since)
        key, primary = str(focal_point["id"]), bool(focal_point.get("primary"))
        return Seat(key, str(focal_point["person_id"]), primary, member)


def _having(records: ContactRecords, value: str) -> Iterable[str]:
    """The persons whose own a value is."""
    channels = (records.by_id["channels"][key] for key in records.at_value.get(value, ()))
    return (str(one["owner"]["id"]) for one in channels if one["owner"]["type"] == "person")
