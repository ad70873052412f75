"""A question in SQL, in several ways: what a candidate must be to be suitable, its score, its distance, the first ten.

The rules are those of `matching.rules` for a case without legal basis and without anything to avoid; the score is that
of the ruleset, term by term in its order, in float64, on the same sphere. Only what is asked becomes a condition."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from psycopg.sql import SQL, Composable, Composed, Identifier
from psycopg.sql import Literal as Written

from benchmarks.peer_columns import TRAITS
from matching.asked import Asked
from matching.columns import ACUITIES, MICROSECONDS_A_DAY, MICROSECONDS_AN_HOUR, SUBSTANCES
from matching.features.scarcity import PROFILES, lacking
from matching.groups import RESIDENTIAL
from matching.ranking import Question
from matching.sphere import KM_PER_DEGREE_OF_LATITUDE, RADIUS_KM
from matching.types import Sort

Wanted = Literal["columns", "mask", "array"]
Places = Literal["place", "globe", "ball"]
FIRST = 10
SLACK = 1 + 1e-6
"""By how much boxes are wider than the circle, against rounding."""
BIT = {name: number for number, (name, _) in enumerate(TRAITS)}
CONDITION = dict(TRAITS)
UNDERFLOW = 700
"""Half lives (or tens of them) beyond which PostgreSQL would raise an error instead of saying 0."""

KM = f"""2 * {RADIUS_KM} * asin(sqrt(least(power(sin((phi - %(phi)s) / 2), 2)
 + %(cos_phi)s * cos_phi * power(sin(radians(lon - %(lon)s) / 2), 2), 1.0)))"""
PLACE = "place && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)"
GLOBE = "ST_DWithin(globe, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography, %(metres)s, false)"
BALL = """ball &&& ST_3DMakeBox(ST_MakePoint(%(x)s - %(chord)s, %(y)s - %(chord)s, %(z)s - %(chord)s),
 ST_MakePoint(%(x)s + %(chord)s, %(y)s + %(chord)s, %(z)s + %(chord)s))"""
CIRCLES: dict[Places, str] = {"place": PLACE, "globe": GLOBE, "ball": BALL}
ORDERS: dict[Places, str] = {
    "globe": "globe <-> ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography",
    "ball": "ball <<->> ST_MakePoint(%(x)s, %(y)s, %(z)s)",
}


@dataclass(frozen=True, slots=True)
class Asking:
    """One need of a question, ready for SQL."""

    asked: Asked
    conditions: tuple[str, ...]
    traits: frozenset[str]
    score: str
    values: dict[str, Any]

    @classmethod
    def of(cls, question: Question) -> Asking:
        """The most urgent need of a question."""
        need = question.needs[0]
        asked = question.reading.asking(need)
        conditions, traits = _conditions(asked)
        places = question.world.index.number.codes.place
        others = [places[question.reading.code(other)] for other in question.others(need)]
        return cls(asked, conditions, traits, _score(asked, others), _values(question, asked))

    def wanted(self, way: Wanted) -> Composed:
        """The conditions, those on answers of the service written in one of three ways."""
        numbers = sorted(BIT[trait] for trait in self.traits)
        if way == "mask":
            mask = Written(sum(1 << one for one in numbers))
            answers: list[Composable] = [SQL("traits & {mask} = {mask}").format(mask=mask)]
        elif way == "array":
            answers = [SQL("words @> {}::int2[]").format(Written(numbers))]
        else:
            answers = [SQL(CONDITION[trait]) for trait in sorted(self.traits)]
        return SQL(" AND ").join([*(SQL(one) for one in self.conditions), *answers])

    def within(self, km: float | None) -> dict[str, Any]:
        """The values for SQL, with a circle of so many km around the asked place."""
        if km is None:
            return self.values
        degrees = km / KM_PER_DEGREE_OF_LATITUDE * SLACK
        lat, lon = self.values["lat"], self.values["lon"]
        wide = math.degrees(math.asin(min(1.0, math.sin(math.radians(degrees)) / math.cos(math.radians(lat)))))
        box = {"south": lat - degrees, "north": lat + degrees, "west": lon - wide, "east": lon + wide}
        chord = 2 * math.sin(km / RADIUS_KM / 2) * SLACK
        return {**self.values, **box, "km": km, "metres": km * 1000 * SLACK, "chord": chord}


@dataclass(frozen=True, slots=True)
class Table:
    """Where the candidates of a need stand: its own tables, or one for all needs with an index for each."""

    need: str
    bit: int | None = None

    def local(self, wanted: Composable) -> Composed:
        """Those with a place."""
        return self._rows(wanted, far=False)

    def far(self, wanted: Composable) -> Composed:
        """Those without a distance."""
        return self._rows(wanted, far=True)

    def _rows(self, wanted: Composable, *, far: bool) -> Composed:
        if self.bit is None:
            return SQL("{} WHERE {}").format(Identifier(f"{'far' if far else 'near'}_{self.need}"), wanted)
        which = SQL("far") if far else SQL("NOT far")
        rows = SQL("(SELECT *, {} AS kept FROM one) o WHERE codes & {} <> 0 AND active AND {} AND {}")
        return rows.format(Identifier(f"kept_{self.need}"), Written(1 << self.bit), which, wanted)


def measured(asking: Asking, rows: Composable, km: str = KM) -> Composed:
    """The rows with their distance and score, each found once."""
    return SQL("SELECT id, tie, km, {} AS score FROM (SELECT *, {} AS km FROM {} OFFSET 0) m").format(
        SQL(asking.score), SQL(km), rows
    )


def first(found: Composable, sort: Sort, *, bounded: bool) -> Composed:
    """The first ten of what was measured."""
    order = "score DESC, km, tie" if sort == "score" else "km, score DESC, tie"
    limit = SQL("WHERE km <= %(km)s OR km = 'Infinity'") if bounded else SQL("")
    return SQL("SELECT id, score, km, tie FROM ({}) f {} ORDER BY {} LIMIT {}").format(
        found, limit, SQL(order), Written(FIRST)
    )


def circle(asking: Asking, table: Table, way: Wanted, path: Places | None) -> Composed:
    """Everyone suitable with a place, in a circle if a path says how it is found."""
    wanted = asking.wanted(way)
    if path is not None:
        wanted = SQL("{} AND {}").format(SQL(CIRCLES[path]), wanted)
    return measured(asking, table.local(wanted))


def nearest(asking: Asking, table: Table, way: Wanted, path: Places) -> Composed:
    """The ten nearest with a place, and whoever stands as far as the last."""
    rows = SQL("(SELECT * FROM {} ORDER BY {} FETCH FIRST {} ROWS WITH TIES) k").format(
        table.local(asking.wanted(way)), SQL(ORDERS[path]), Written(FIRST)
    )
    return measured(asking, rows)


def far(asking: Asking, table: Table, way: Wanted) -> Composed:
    """Everyone suitable without a distance."""
    return measured(asking, table.far(asking.wanted(way)), "'Infinity'::float8")


def _conditions(asked: Asked) -> tuple[tuple[str, ...], frozenset[str]]:
    """What a suitable service must be: conditions of their own, and traits."""
    found = ["verified > %(fresh)s", "intake = ANY(%(open)s)"]
    traits = {"no_police_report", "no_identity_document", "no_recognition", "no_dsd_referral"}
    profile = asked.profile
    if profile.step_free:
        traits.add("step_free")
    if profile.language_required and profile.languages:
        found.append("(languages & %(languages)s <> 0 OR interpreter = 1)")
    if asked.code not in RESIDENTIAL:
        found.append(
            "(unit < 0 OR scope = 1 OR scope = 2 AND serves & %(province)s <> 0"
            " OR scope = 3 AND serves & %(district)s <> 0)"
        )
        return tuple(found), frozenset(traits)
    traits |= {name for name in ("pregnant", "newborn", "undocumented") if getattr(profile, name)}
    traits |= {name for name in ("mental", "medical") if getattr(profile, f"{name}_acuity") is None}
    traits |= {"substance"} if profile.substance is None else set()
    assert profile.mental_acuity in (None, *list(ACUITIES)[:1]), "a case that is not asked here"
    assert profile.medical_acuity in (None, *list(ACUITIES)[:1]), "a case that is not asked here"
    assert profile.substance in (None, *list(SUBSTANCES)[:1]), "a case that is not asked here"
    traits |= {person.gender for person in asked.party.judged if person.gender is not None}
    found.append("as_of >= %(counted)s AND available >= CASE WHEN by_room THEN 1 ELSE %(size)s END")
    for person in asked.party.judged:
        found.append(f"age_min BETWEEN 0 AND {person.low:d} AND age_max >= {person.high:d}")
    if asked.party.accompanied:
        found.append(f"children >= {len(asked.party.accompanied):d}")
    for child in asked.party.accompanied:
        found.append(f"{'boy' if child.gender == 'male' else 'girl'}_max >= {child.high:d}")
    return tuple(found), frozenset(traits)


def _score(asked: Asked, others: list[int]) -> str:
    """The sum of the weighted features, in the order of the ruleset."""
    residential = asked.code in RESIDENTIAL
    covered = " + ".join(f"((covers >> {bit}) & 1)" for bit in others)
    fit = f"({covered})::float8 / {len(others)}" if others else "1.0"
    fresh = f"CASE WHEN available >= 0 THEN power(0.5::float8, least({UNDERFLOW}, (greatest(%(now)s - as_of, 0)"
    fresh += f"::float8 / {MICROSECONDS_AN_HOUR}) / 24.0::float8)) ELSE 0 END"
    language = "CASE WHEN languages & %(languages)s <> 0 THEN 1.0 WHEN interpreter = 1 THEN 0.6"
    language += " WHEN languages_known AND interpreter = 2 THEN 0.0 ELSE 0.3 END::float8"
    stay = "CASE WHEN stay >= 0 THEN least(1.0, stay::float8 / %(stay)s) ELSE 0.5 END"
    score = (
        f"0.30::float8 * {fit} + 0.20::float8 * CASE WHEN remote THEN 0.5 ELSE 1.0 / (1.0 + km / 100.0) END"
        f" + 0.15::float8 * {fresh if residential else '0.5'}"
        f" + 0.15::float8 * {language if asked.profile.languages else '1.0'}"
        f" + 0.10::float8 * {stay if residential and asked.stay_days else '1.0'}"
        " + 0.10::float8 * least(1.0, redundancy::float8 / 2)"
    )
    bits = sum(1 << PROFILES.index(profile) for profile in lacking(asked))
    if not bits:
        return score
    return f"{score} - CASE WHEN kept & {bits} <> 0 THEN 0.10 WHEN kept & {bits << 4} <> 0 THEN 0.05 ELSE 0 END::float8"


def _values(question: Question, asked: Asked) -> dict[str, Any]:
    near = question.case.near
    phi, theta = math.radians(near.lat), math.radians(near.lon)
    open_weeks = [week for week, is_open in enumerate(asked.open_weeks.tolist()) if is_open]
    return {
        "lat": near.lat,
        "lon": near.lon,
        "phi": phi,
        "cos_phi": math.cos(phi),
        "x": math.cos(phi) * math.cos(theta),
        "y": math.cos(phi) * math.sin(theta),
        "z": math.sin(phi),
        "now": asked.now_us,
        "fresh": asked.now_us - (asked.numbers.fresh_days + 1) * MICROSECONDS_A_DAY,
        "counted": asked.now_us - int(asked.numbers.capacity_hours * MICROSECONDS_AN_HOUR),
        "open": open_weeks,
        "size": asked.party.size,
        "stay": asked.stay_days,
        "languages": _signed(int(asked.languages[0])),
        "province": _signed(int(asked.province[0])),
        "district": _signed(int(asked.district[0])),
    }


def _signed(word: int) -> int:
    """As PostgreSQL keeps a word."""
    return word - (1 << 64) if word >> 63 else word
