"""Lines, posts and candidates put to their owners, and moved when some of them change."""

from collections.abc import Collection, Iterable, Mapping

from matching.contact_records import (
    JOINED,
    ContactRecords,
    Home,
    Record,
    end_home,
    institutional,
    is_active,
    record_home,
)
from matching.layered import Lists, layered
from matching.people import plain_value
from matching.references import References
from matching.rows import ById

WHOSE = ("status", "owner", "value", "channel_kind")
"""What says of a channel whose it is."""
OPEN = ("status", "suspended", "organisation_id")
"""What says of an office whether it is open, and whose it is."""

Changed = Mapping[str, Collection[str]]
"""Ids of records that may be others now, by collection."""


class Step:
    """A step from the records as they were to the records as they are. `homes` and `sites` may be reached otherwise;
    whoever has a post of `posts`, or is one of `persons`, may hold it otherwise."""

    def __init__(self, was: ContactRecords, records: ById, references: References) -> None:
        self.was, self.references = was, references
        self.now = was.at(was.now)
        self.now.by_id = {name: records.get(name, {}) for name in JOINED}
        self.first = not any(was.by_id.values())
        """Whether nothing was joined before: then nobody is concerned who is not joined anyway."""
        self.homes: set[Home] = set()
        self.sites: set[str] = set()
        self.posts: set[str] = set()
        self.persons: set[str] = set()

    # --- lines -----------------------------------------------------------------------------------------------

    def lines(self, ids: Iterable[str]) -> None:
        """Channels, and whose they are."""
        was, now = self.was, self.now
        owned: Lists[Home, Record] = Lists(was.channels_of)
        valued: Lists[str, str] = Lists(was.at_value)
        plain: dict[str, str] = {}
        values: set[str] = set()
        for key in ids:
            before, after = was.by_id["channels"].get(key), now.by_id["channels"].get(key)
            moved = before is None or after is None or not _same(before, after, WHOSE)
            if after is not None:
                plain[key] = plain_value(str(after["value"])) if moved else was.plain[key]
            if before is not None and is_active(before):
                self.touch(before, moved=moved)
                of = owned.of(end_home(before["owner"]))
                of[:] = [one for one in of if one["id"] != key]
                if moved:
                    values.add(was.plain[key])
                    valued.of(was.plain[key]).remove(key)
            if after is not None and is_active(after):
                self.touch(after, moved=moved)
                owned.of(end_home(after["owner"])).append(after)
                if moved:
                    values.add(plain[key])
                    valued.of(plain[key]).append(key)
        now.channels_of, now.at_value = owned.finished(), valued.finished()
        now.plain = layered(was.plain, plain, (key for key in ids if key in was.plain and key not in plain))
        self._own(values)

    def touch(self, channel: Record, *, moved: bool) -> None:
        """Whoever is reached on a line may be reached otherwise. `moved`: it is another's, or another line."""
        kind, key = end_home(channel["owner"])
        if kind == "service_site":
            self.sites.add(key)
        elif kind == "post":
            self.post(key)
            if moved and not institutional(channel):
                self.posts.add(key)
        elif kind != "person":
            self.homes.add((kind, key))
        elif moved:
            self.persons.add(key)

    def post(self, key: str) -> None:
        """Whoever has the post may be reached otherwise."""
        for records in () if self.first else (self.was, self.now):
            post = records.by_id["posts"].get(key)
            if post is not None:
                self.homes.add(record_home(post))

    def _own(self, values: Iterable[str]) -> None:
        """Which of some values are somebody's own; where that changes, so does what the lines of the value count."""
        was, now = self.was, self.now
        own, no_more = {}, []
        for value in values:
            channels = [now.by_id["channels"][key] for key in now.at_value.get(value, ())]
            is_own = any(one["owner"]["type"] == "person" or not institutional(one) for one in channels)
            if is_own != (value in was.own_values):
                if is_own:
                    own[value] = True
                else:
                    no_more.append(value)
                for channel in channels:
                    self.touch(channel, moved=False)
        now.own_values = layered(was.own_values, own, no_more)

    # --- offices ---------------------------------------------------------------------------------------------

    def offices(self, changed: Changed) -> None:
        """Posts where they belong; and all posts of offices that may have opened or closed."""
        was, now = self.was, self.now
        posts: Lists[Home, Record] = Lists(was.posts_at)
        for key in changed.get("posts", ()):
            before, after = was.by_id["posts"].get(key), now.by_id["posts"].get(key)
            if before is not None and is_active(before):
                of = posts.of(record_home(before))
                of[:] = [one for one in of if one["id"] != key]
            if after is not None and is_active(after):
                posts.of(record_home(after)).append(after)
            self.post(key)
            self.posts.add(key)
        now.posts_at = posts.finished()
        offices = {("department", key) for key in self._opened("departments", changed)}
        for key in self._opened("organisations", changed):
            offices.add(("organisation", key))
            offices.update(("department", one) for one in self.references.of("departments", "organisations", key))
        self.homes |= offices
        self.posts.update(str(post["id"]) for home in offices for post in now.posts_at.get(home, ()))

    def _opened(self, name: str, changed: Changed) -> Iterable[str]:
        """Those that may have opened or closed."""
        before, after = self.was.by_id[name], self.now.by_id[name]
        return (
            key
            for key in changed.get(name, ())
            if key not in before or key not in after or not _same(before[key], after[key], OPEN)
        )

    # --- candidates ------------------------------------------------------------------------------------------

    def candidates(self, changed: Changed) -> None:
        """Whose each candidate is."""
        was, now = self.was, self.now
        there = {key: now.by_id["service_sites"].get(key) for key in changed.get("service_sites", ())}
        put = {key: record for key, record in there.items() if record is not None and is_active(record)}
        now.service_sites = layered(
            was.service_sites, put, [k for k in there if k in was.service_sites and k not in put]
        )
        of: Lists[Home, str] = Lists(was.candidates_at)
        behind = {name: changed.get(name, ()) for name in ("departments", "services", "service_sites")}
        for key in self.references.candidates(behind):
            before, after = was.candidate_homes(key), now.candidate_homes(key)
            for home in before:
                if home not in after:
                    of.of(home).remove(key)
            for home in after:
                if home not in before:
                    of.of(home).append(key)
            self.sites.add(key)
        now.candidates_at = of.finished()

    def concerned(self) -> set[str]:
        """The candidates that may be reached otherwise."""
        now = self.now
        self.sites.update(
            key for home in self.homes for key in now.candidates_of(home) if now.candidate_homes(key)[0] == home
        )
        return self.sites


def _same(was: Record, now: Record, fields: Iterable[str]) -> bool:
    return all(was.get(field) == now.get(field) for field in fields)
