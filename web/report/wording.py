"""Codes of the report in words."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from directory import geography
from web.pictures import ego

PROVINCES: Mapping[str, str] = geography.provinces()

ACTIONS: Mapping[str, str] = {
    "nominate_deputy": "Nominate a deputy",
    "get_duty_line": "Get a duty line",
    "sign_mou": "Sign a memorandum",
    "joint_introduction": "Introduce a second person together",
    "reverify": "Confirm by phone",
    "task_team_escalation": "Take to the task team",
}
GRADES: Mapping[str, str] = dict(reversed(ego.GRADES.items()))
"""The grades in words, the worst first."""
URGENCIES: Mapping[int, str] = {
    1: "1 tonight",
    2: "2 within days",
    3: "3 within weeks",
    4: "4 within a month",
    5: "5 within months",
}
TRAJECTORIES: Mapping[str, str] = {
    "government_government": "government to government",
    "government_civil_society": "government to civil society",
    "civil_society_civil_society": "civil society to civil society",
    "unknown": "sector not recorded",
}
LEVELS: Mapping[str, str] = {
    "national": "national",
    "provincial": "provincial",
    "district": "district",
    "station_site": "station",
    "organisation": "between organisations",
}


class Named(Protocol):
    """An organisation or unit."""

    @property
    def name(self) -> str: ...


class Counted(Protocol):
    """How many of a code."""

    @property
    def code(self) -> str: ...

    @property
    def count(self) -> int: ...


class Post(Protocol):
    """A post and where it is."""

    @property
    def title(self) -> str: ...

    @property
    def partner(self) -> Named: ...


class Person(Protocol):
    """A person with posts."""

    @property
    def name(self) -> str: ...

    @property
    def posts(self) -> "Iterable[Post]": ...


def plain(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ")


def partner(one: Named) -> str:
    """An organisation or unit by name."""
    return one.name


def whose(person: Person, shareable: bool) -> str:
    """A person by posts and, unless it is to be shared, by name."""
    posts = "; ".join(f"{post.title}, {post.partner.name}" for post in person.posts) or "somebody without a post"
    return posts if shareable else f"{person.name} ({posts})"


def cell_name(department: str, function: str, province: str) -> str:
    """A required cell."""
    return f"{department}, {plain(function)}, {PROVINCES.get(province, province)}"


def counted(counts: Iterable[Counted], names: Mapping[str, str]) -> str:
    """`name count`, one after the other."""
    return ", ".join(f"{names.get(one.code, plain(one.code))} {one.count}" for one in counts) or "none"
