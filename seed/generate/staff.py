"""Posts, the people in them, and the telephones they answer."""

from dataclasses import dataclass

from seed.generate import hours
from seed.generate.draw import Draw
from seed.generate.kinds import Lines
from seed.generate.numbers import Numbers, address
from seed.generate.people_names import full_name, spoken_by, tongue
from seed.generate.world import Office, Record, World, ago, slug, verified

REUSED = 0.045
"""Share of posts that go to somebody who already holds another one nearby."""


@dataclass(frozen=True)
class Person:
    key: str
    name: str
    masked: bool


@dataclass(frozen=True)
class Desk:
    """What an office has: its posts (title and role), its institutional lines, the services it is asked for."""

    posts: tuple[tuple[str, str], ...]
    lines: Lines
    more: float = 0.42
    """Share of the posts after the first that exist."""


class Staff:
    """Fills offices with people; each step is separately random, so offices are unlike each other."""

    def __init__(self, world: World, numbers: Numbers) -> None:
        self._world = world
        self._numbers = numbers
        self._draw = Draw("staff")
        self._nearby: dict[str | None, list[Person]] = {}

    def add(self, office: Office, desk: Desk) -> None:
        for number, (title, role) in enumerate(desk.posts):
            if number == 0 or self._draw.chance(desk.more):
                self._post(office, title, role, number == 0)
        self._lines(office, desk.lines)

    def person(self, office: Office) -> Person:
        """Somebody new, with a mobile number, an e-mail address, both, or (rarely) neither."""
        language = tongue(self._draw, office.province)
        name = self._name(language)
        checked = verified(self._draw)
        key = self._world.free_key("persons", f"per-{slug(name)}")
        self._world.add(
            "persons",
            key,
            full_name=name,
            languages=spoken_by(self._draw, language, office.province) if self._draw.chance(0.5) else None,
            verified_at=checked,
            status="on_leave" if self._draw.chance(0.035) else None,
        )
        person = Person(key, name, office.masked)
        self._reach(person, office, checked)
        self._nearby.setdefault(office.province, []).append(person)
        return person

    def _name(self, language: str) -> str:
        """A name that nobody has yet; now and then a namesake, whom only the number tells apart."""
        for _ in range(30):
            name = full_name(self._draw, language)
            if f"per-{slug(name)}" not in self._world.records["persons"] or self._draw.chance(0.02):
                break
        return name

    def hold(self, office: Office, person: str, post: str, **fields: object) -> str:
        """Puts a person in a post (`starts`, `ends`, `primary`, `acting`, `verified_at`)."""
        key = self._world.free_key("focal-points", f"fp-{person.removeprefix('per-')}")
        self._world.add("focal-points", key, person=person, post=post, **fields)
        ends = fields.get("ends")
        gone = isinstance(ends, dict) and ends["days_ago"] >= 0
        (office.former if gone else office.carriers).append(key)
        if not gone:
            office.people.append(person)
        return key

    def post(self, office: Office, title: str, role: str, state: str) -> str:
        key = self._world.free_key("posts", f"post-{office.key.removeprefix('dep-').removeprefix('org-')}-{slug(role)}")
        functions = self._draw.some(office.functions, self._draw.between(1, 2)) if office.functions else None
        self._world.add(
            "posts",
            key,
            organisation=office.key if office.type == "organisation" else None,
            department=office.key if office.type == "department" else None,
            title=title,
            contact_role=role,
            functions=functions,
            state=state,
            verified_at=verified(self._draw),
        )
        return key

    def channel(self, owner: Record, kind: str, value: str, **fields: object) -> str:
        """A way to reach the owner."""
        key = self._world.free_key("channels", f"ch-{str(owner['id']).split('-', 1)[1]}-{kind.split('_')[1]}")
        return self._world.add("channels", key, owner=owner, channel_kind=kind, value=value, **fields)

    def _post(self, office: Office, title: str, role: str, first: bool) -> None:
        state = self._draw.weighted({"filled": 0.82, "acting": 0.07, "vacant": 0.11})
        post = self.post(office, title, role, state)
        if state == "vacant":
            if self._draw.chance(0.5):
                self._left(office, post, self._draw.between(1, 300), first)
            return
        if self._draw.chance(0.1):
            self._left(office, post, self._draw.between(200, 900), first)
        self.hold(
            office,
            self._somebody(office).key,
            post,
            starts=ago(self._draw.between(20, 2600)),
            ends=ago(-self._draw.between(10, 200)) if state == "acting" and self._draw.chance(0.4) else None,
            primary=first or None,
            acting=state == "acting" or None,
            verified_at=verified(self._draw),
        )

    def _left(self, office: Office, post: str, days: int, first: bool) -> None:
        """Somebody who used to sit there and is still remembered by those who have the old list."""
        person = self.person(office)
        if self._draw.chance(0.3):
            self._world.records["persons"][person.key]["status"] = "closed"
        starts = ago(days + self._draw.between(100, 2000))
        self.hold(
            office, person.key, post, starts=starts, ends=ago(days), primary=first or None, verified_at=ago(days + 30)
        )

    def _somebody(self, office: Office) -> Person:
        known = [
            person
            for person in self._nearby.get(office.province, [])[-40:]
            if person.key not in office.people and not (person.masked or office.masked)
        ]
        if known and self._draw.chance(REUSED):
            return self._draw.pick(known)
        return self.person(office)

    def _reach(self, person: Person, office: Office, checked: Record | None) -> None:
        owner: Record = {"type": "person", "id": person.key}
        open_landline = office.district and not office.masked and self._draw.chance(0.1)
        if self._draw.chance(0.8):
            self.channel(
                owner,
                "person_phone",
                self._numbers.landline(str(office.district)) if open_landline else self._numbers.mobile(),
                whatsapp=True if not open_landline and self._draw.chance(0.6) else None,
                visibility=self._draw.weighted({"restricted": 0.6, "network": 0.4}),
                verified_at=checked,
            )
        if self._draw.chance(0.3):
            self.channel(
                owner, "person_email", address(person.name, office.domain), visibility="network", verified_at=checked
            )

    def _lines(self, office: Office, lines: Lines) -> None:
        for kind, share in (
            ("duty_line", lines.duty),
            ("role_mailbox", lines.mailbox),
            ("on_call_roster", lines.roster),
        ):
            if self._draw.chance(share):
                self.line(office, kind)

    def line(self, office: Office, kind: str) -> str:
        """An institutional channel of the office, tested lately, long ago or never."""
        tested = self._draw.weighted({"fresh": 0.55, "ageing": 0.22, "limit": 0.03, "old": 0.1, "never": 0.1})
        days = {"fresh": self._draw.between(1, 80), "ageing": self._draw.between(81, 179), "limit": 180,
                "old": self._draw.between(181, 700)}  # fmt: skip
        moment = ago(days[tested]) if tested in days else None
        mail = kind == "role_mailbox"
        key = self.channel(
            office.reference,
            kind,
            address(self._mailbox(office), office.domain) if mail else self._number(office),
            hours=None if mail or self._draw.chance(0.2) else self._hours(kind),
            visibility=self._draw.weighted({"network": 0.65, "public": 0.35}),
            tested_at=moment,
        )
        office.lines.append(key)
        return key

    def _mailbox(self, office: Office) -> str:
        return "intake" if office.type == "organisation" else office.key.removeprefix("dep-")

    def _hours(self, kind: str) -> hours.Hours:
        if kind == "on_call_roster":
            return hours.after_hours(self._draw)
        return "24h" if self._draw.chance(0.55) else hours.office(self._draw)

    def _number(self, office: Office) -> str:
        if office.masked or office.district is None or self._draw.chance(0.25):
            return self._numbers.toll_free() if self._draw.chance(0.4) else self._numbers.mobile()
        return self._numbers.landline(office.district)
