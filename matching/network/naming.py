"""Names for what the measures know by id: partners, and people with the posts they hold."""

from __future__ import annotations

from collections import defaultdict

from matching.contact_records import Home, Record
from matching.network.picture import Picture
from matching.network.report import Partner, Seat, Somebody


class Naming:
    """Names from one picture, each made once."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._partners: dict[Home, Partner] = {}
        self._people: dict[str, Somebody] = {}
        self._held: dict[str, list[tuple[Record, Home]]] = defaultdict(list)
        records = picture.records
        for home, posts in records.posts_at.items():
            for post in posts:
                for seat in records.seats_at.get(str(post["id"]), ()):
                    if seat.member.in_post:
                        self._held[seat.member.person].append((post, home))

    def partner(self, home: Home) -> Partner:
        """An organisation or unit; its provinces by what is published."""
        if home not in self._partners:
            self._partners[home] = self._partner(home)
        return self._partners[home]

    def _partner(self, home: Home) -> Partner:
        unit = self._picture.records.by_id["departments"].get(home[1], {}) if home[0] == "department" else {}
        return Partner(
            type=home[0],
            id=home[1],
            name=self._picture.name(home),
            organisation_id=self._picture.organisation_id(home),
            sector=self._picture.records.sector(home),
            level=unit.get("level"),
            provinces=tuple(sorted(self._picture.provinces(home))),
        )

    def organisation(self, organisation_id: str) -> Partner:
        """An organisation by its id."""
        return self.partner(("organisation", organisation_id))

    def person(self, person_id: str) -> Somebody:
        """Whoever is behind any record of a person, with all posts held under any of them."""
        person = self._picture.person_of.get(person_id, person_id)
        if person not in self._people:
            held = {str(post["id"]): (post, home) for post, home in self._held.get(person, ())}
            posts = sorted((self._seat(post, home) for post, home in held.values()), key=lambda seat: seat.id)
            self._people[person] = Somebody(person, self._picture.records.name_of(person) or "", tuple(posts))
        return self._people[person]

    def _seat(self, post: Record, home: Home) -> Seat:
        role = post.get("contact_role")
        title = str(post.get("title") or role or "post").replace("_", " ")
        return Seat(str(post["id"]), title, role, self.partner(home))
