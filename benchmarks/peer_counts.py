"""What the index knows besides the ten first, in SQL: how many in reach are excluded, and by which rule.

Of the questions of `benchmarks.postgis` no rule excludes for want of knowledge, so that a count is of those that said
no. Who is closed or suspended counts for that alone."""

from __future__ import annotations

from psycopg.sql import SQL, Composed, Identifier

from benchmarks.peer_sql import CIRCLES, KM, Asking, Places
from matching.asked import Asked
from matching.groups import RESIDENTIAL


def counted(asking: Asking, *, path: Places | None) -> Composed:
    """One row for each table: all excluded, then those of each rule of `rules`; of the closed how many there are."""
    found = rules(asking.asked)
    each = [f"count(*) FILTER (WHERE {said})" for said in (" OR ".join(found.values()), *found.values())]
    counts = SQL(", ".join(each))
    zeros = SQL(", ".join("0" for _ in found))
    near = SQL("SELECT *, {} AS km FROM {} WHERE {} OFFSET 0")
    circle = SQL("true" if path is None else CIRCLES[path])
    reach = SQL("true" if path is None else "km <= %(km)s")
    parts = [
        SQL("SELECT 0, {} FROM ({}) m WHERE {}").format(
            counts, near.format(SQL(KM), _table("near", asking), circle), reach
        ),
        SQL("SELECT 0, {} FROM {}").format(counts, _table("far", asking)),
        SQL("SELECT 1, count(*), {} FROM ({}) m WHERE {}").format(
            zeros, near.format(SQL(f"CASE WHEN far THEN 0 ELSE {KM} END"), _table("shut", asking), SQL("true")), reach
        ),
    ]
    return SQL(" UNION ALL ").join(parts)


def told(asking: Asking, rows: list[tuple[int, ...]]) -> tuple[int, dict[str, int]]:
    """How many are excluded in all, and by each rule that excluded somebody."""
    codes = list(rules(asking.asked))
    sums = [sum(row[2 + i] for row in rows) for i in range(len(codes))]
    shut = sum(row[1] for row in rows if row[0])
    found = {"active": shut, **dict(zip(codes, sums, strict=True))}
    return sum(row[1] for row in rows), {code: count for code, count in found.items() if count}


def _table(name: str, asking: Asking) -> Identifier:
    return Identifier(f"{name}_{asking.asked.code}")


def rules(asked: Asked) -> dict[str, str]:
    """When a service says no, by rule."""
    profile = asked.profile
    found = {"intake": "(intake >= 0 AND NOT intake = ANY(%(open)s))"}
    if profile.step_free:
        found["step_free"] = "(on_site AND step_free = 2)"
    if profile.has_id is False:
        found["identity_document"] = "identity_document = 1"
    if profile.language_required and profile.languages:
        found["language"] = "(NOT languages & %(languages)s <> 0 AND languages_known AND interpreter = 2)"
    if asked.code not in RESIDENTIAL:
        found["competent_area"] = (
            "(unit >= 0 AND scope <> 0 AND NOT (scope = 1 OR scope = 2 AND serves & %(province)s <> 0"
            " OR scope = 3 AND serves & %(district)s <> 0))"
        )
        return found
    found["party_size"] = (
        "(available >= 0 AND as_of >= %(counted)s AND available < CASE WHEN by_room THEN 1 ELSE %(size)s END"
        " AND NOT (banded AND available > 0))"
    )
    genders = {"female": 2, "male": 1}
    found["gender"] = _any([f"gender = {genders[p.gender]}" for p in asked.party.judged if p.gender in genders])
    found["age"] = _any([f"age_min > {p.high:d} OR age_max BETWEEN 0 AND {p.low - 1:d}" for p in asked.party.judged])
    caps = {"male": "boy_max", "female": "girl_max"}
    children = asked.party.accompanied
    if children:
        room = f"children BETWEEN 0 AND {len(children) - 1:d}"
        found["age_caps"] = _any([room, *(f"{caps[c.gender or '']} BETWEEN 0 AND {c.low - 1:d}" for c in children)])
    for name, column in (("pregnant", "pregnancy"), ("newborn", "newborn"), ("undocumented", "undocumented")):
        if getattr(profile, name):
            found[column] = f"{column} = 2"
    return found


def _any(parts: list[str]) -> str:
    return f"({' OR '.join(parts)})" if parts else "false"
