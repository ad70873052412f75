"""What the form of Find help says, and the request of a match that it makes.

Fields that stand once for each person come as parallel lists. Whatever is not said is left out: nothing is guessed.
What the match takes is checked by its own schema (web.schemas.match), so that pages and API cannot differ.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, time, timedelta
from itertools import zip_longest
from typing import Any

from werkzeug.datastructures import MultiDict

from directory.changes import LOCAL
from web.schemas.match import MOST_NEEDS, MOST_PEOPLE, PROFILE

USUAL_LIMIT = 4
"""How many a phone shows of each kind: as many as somebody calls before reading on."""
LONGEST = 120
USUAL_KM = "50"
YES_OR_NO = tuple(
    name
    for name in PROFILE
    if name not in ("languages", "substance", "mental_acuity", "medical_acuity")
    and name not in ("legal_basis", "recognition")
)
CHOICES = ("substance", "mental_acuity", "medical_acuity", "legal_basis", "recognition")
ANSWERS: Mapping[str, bool] = {"yes": True, "no": False}
AVOIDED = re.compile(r"(district|organisation|department):([0-9A-Za-z-]{1,40})|place:([0-9A-Za-z-]{1,20}):([0-9]{1,4})")
COMPANIONS = ("child", "sibling", "other")
EVENING, MORNING = time(20), time(8)
"""What "tonight" and "tomorrow" mean, in local time."""
DISTRICT = "district:"
DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9])?")
"""A place of the phone, to a tenth of a degree: what is finer is not taken."""


@dataclass(frozen=True, slots=True)
class Person:
    """One of the party as the form has them; empty is not said."""

    relation: str = ""
    age_band: str = ""
    gender: str = ""
    age: str = ""
    age_disputed: str = ""
    trans: str = ""

    @property
    def has_more(self) -> bool:
        """Whether one of the folded questions about them was answered."""
        return bool(self.age or self.age_disputed or self.trans)


@dataclass(frozen=True, slots=True)
class Asked:
    """The form as it was filled in."""

    place: str = ""
    place_id: str = ""
    lat: str = ""
    lon: str = ""
    needs: tuple[str, ...] = ()
    people: tuple[Person, ...] = (Person(),)
    avoid: tuple[str, ...] = ()
    avoid_place: str = ""
    avoid_km: str = USUAL_KM
    avoid_name: str = ""
    profile: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    when: str = ""
    when_at: str = ""
    stay_days: str = ""
    max_km: str = ""
    sort: str = ""

    @classmethod
    def of(cls, form: "MultiDict[str, str]") -> "Asked":
        """What was sent. A place chosen from a list holds while the name it was listed for stands there."""
        text = {name: form.get(name, "").strip()[:LONGEST] for name in TEXTS}
        chosen = form.get("place_id", "") if form.get("listed_for", text["place"]) == text["place"] else ""
        columns = (form.getlist(one.name)[:MOST_PEOPLE] for one in fields(Person))
        text["avoid_km"] = text["avoid_km"] or USUAL_KM
        return cls(
            **text,
            place_id=chosen[:LONGEST],
            needs=tuple(form.getlist("needs"))[:MOST_NEEDS],
            people=tuple(
                Person(*(part.strip()[:LONGEST] for part in one)) for one in zip_longest(*columns, fillvalue="")
            )
            or (Person(),),
            avoid=tuple(dict.fromkeys(one for one in form.getlist("avoid") if AVOIDED.fullmatch(one))),
            profile={name: form.get(name, "") for name in (*YES_OR_NO, *CHOICES) if form.get(name)},
            languages=tuple(form.getlist("languages")),
        )

    def with_one_more(self, relation: str) -> "Asked":
        """With somebody who comes along."""
        if relation not in COMPANIONS or len(self.people) >= MOST_PEOPLE:
            return self
        return replace(self, people=(*self.people, Person(relation)))

    def with_one_less(self, position: str) -> "Asked":
        """Without one of those who come along; the first is the one helped and stays."""
        kept = tuple(one for at, one in enumerate(self.people) if not at or str(at) != position)
        return replace(self, people=kept)

    def with_avoided(self, place_id: str) -> "Asked":
        """With the town that was typed among what is avoided, so that another can be typed."""
        code = f"place:{place_id}:{self.avoid_km}"
        return replace(self, avoid=tuple(dict.fromkeys((*self.avoid, code))), avoid_place="")

    @property
    def has_more(self) -> bool:
        """Whether one of the folded questions was answered."""
        return bool(self.profile or self.languages)

    @property
    def has_terms(self) -> bool:
        """Whether it was said when, how long, how far, or in which order."""
        return bool(self.when or self.when_at or self.stay_days or self.max_km or self.sort)

    def body(self, now: datetime) -> dict[str, Any]:
        """The request of a match, as a program would send it."""
        said: dict[str, Any] = {
            "near": self._near(),
            "needs": list(self.needs),
            "party": [_member(one) for one in self.people],
            "profile": self._profile(),
            "avoid": [*(_avoided(one) for one in self.avoid), *self._avoided_place()],
            "limit": USUAL_LIMIT,
        }
        when = self._when(now.astimezone(LOCAL))
        if when:
            said["when"] = when
        if self.stay_days:
            said["stay_days"] = _number(self.stay_days)
        if self.max_km:
            said["max_km"] = None if self.max_km == "any" else _number(self.max_km)
        return said | ({"sort": self.sort} if self.sort else {})

    def _when(self, now: datetime) -> str:
        """The instant; nothing is now. Tonight is this evening, or now when it is night already."""
        if self.when_at:
            return _instant(self.when_at)
        if self.when == "tonight" and MORNING <= now.time() < EVENING:
            return datetime.combine(now.date(), EVENING, LOCAL).isoformat()
        if self.when == "tomorrow":
            return datetime.combine(now.date() + timedelta(days=1), MORNING, LOCAL).isoformat()
        return ""

    def _near(self) -> dict[str, Any]:
        if self.place_id.startswith(DISTRICT):
            return {"district": self.place_id.removeprefix(DISTRICT)}
        if self.place_id:
            return {"place_id": self.place_id}
        located = DEGREES.fullmatch(self.lat) and DEGREES.fullmatch(self.lon)
        if not self.place and located:
            return {"point": {"lat": float(self.lat), "lon": float(self.lon)}}
        return {"place": self.place}

    def _profile(self) -> dict[str, Any]:
        said: dict[str, Any] = {name: ANSWERS.get(self.profile.get(name, "")) for name in YES_OR_NO}
        said |= {name: self.profile.get(name) for name in CHOICES}
        if self.languages:
            said["languages"] = list(self.languages)
        return {name: value for name, value in said.items() if value is not None}

    def _avoided_place(self) -> list[dict[str, Any]]:
        return [{"place": self.avoid_place, "radius_km": _number(self.avoid_km)}] if self.avoid_place else []


TEXTS = (
    "place",
    "lat",
    "lon",
    "avoid_place",
    "avoid_km",
    "avoid_name",
    "when",
    "when_at",
    "stay_days",
    "max_km",
    "sort",
)


def _member(one: Person) -> dict[str, Any]:
    said: dict[str, Any] = {"relation": one.relation, "age_band": one.age_band, "gender": one.gender}
    said |= {"age": _number(one.age)} if one.age else {}
    said |= {name: ANSWERS[given] for name in ("age_disputed", "trans") if (given := getattr(one, name)) in ANSWERS}
    return {name: value for name, value in said.items() if value != ""}


def _instant(text: str) -> str:
    """Typed in local time; what is no time is left for the schema to refuse."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=LOCAL).isoformat()
    except ValueError:
        return text


def _avoided(one: str) -> dict[str, Any]:
    kind, *rest = one.split(":")
    if kind == "place":
        return {"place_id": rest[0], "radius_km": int(rest[1])}
    return {"district" if kind == "district" else f"{kind}_id": rest[0]}


def _number(text: str) -> int | str:
    """The number, or the text for the schema to refuse."""
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else text
