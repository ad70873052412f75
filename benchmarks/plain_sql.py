"""The SQL of the plain implementation: what each rule says of each candidate, the features, the lists and the counts.

Outcomes are those of `matching.rules.outcome`: 0 fits, 1 the case does not say, 2 case by case, 3 not known, 4 no. It
knows neither an avoided place nor a legal basis; the mixed questions have none."""

from __future__ import annotations

from typing import Any

from psycopg.sql import SQL, Composed

from matching.features.scarcity import PROFILES, present
from matching.groups import EMERGENCY, RESIDENTIAL
from matching.party import Party
from matching.rules.rule import ABSOLUTE
from matching.rules.table import RULES
from matching.rulesets.v2026_1 import FEATURES

ACCEPTED = "CASE {0} WHEN 'yes' THEN 0 WHEN 'no' THEN 4 WHEN 'case_by_case' THEN 2 ELSE 3 END"
LACKING = "CASE {0} WHEN 'yes' THEN 4 WHEN 'no' THEN 0 WHEN 'case_by_case' THEN 2 ELSE 3 END"
UNSAID = "CASE {0} WHEN 'no' THEN 0 ELSE 1 END"
LIMITED = "CASE WHEN {0} = -1 THEN 3 WHEN {0} = -2 THEN 2 {1} END"
LEVELS = ("low", "moderate", "high")
USES = ("none", "stable", "active", "detox_onsite")
PAPERS = {
    "police_report": ("has_police_report", "police_report_required"),
    "identity_document": ("has_id", "id_required"),
    "dsd_referral": ("has_dsd_referral", "dsd_referral_required"),
}
WEIGHTS = {feature.name: feature.weight for feature in FEATURES}
NEAR = """
WITH offered AS MATERIALIZED (
 SELECT *, ST_Distance(place, ST_MakePoint(%(lon)s, %(lat)s)::geography, false) / 1000 AS km FROM offer
 WHERE codes @> ARRAY[%(need)s] AND ST_DWithin(place, ST_MakePoint(%(lon)s, %(lat)s)::geography, %(metres)s, false)
 UNION ALL SELECT *, 'Infinity'::float8 AS km FROM offer WHERE codes @> ARRAY[%(need)s] AND place IS NULL
), judged AS MATERIALIZED (SELECT *, {rules} FROM offered),
sorted AS MATERIALIZED (SELECT *, {bucket} AS bucket FROM judged),
scored AS MATERIALIZED (SELECT *, {score} AS score FROM (SELECT *, {features} FROM sorted WHERE bucket < 2) f)
(SELECT 0 AS list, id, km, score, ARRAY[{names}] AS features, ARRAY[{codes}] AS outcomes, penalty
 FROM scored WHERE bucket = 0 ORDER BY {order} LIMIT %(limit)s)
UNION ALL
(SELECT 1, id, km, score, ARRAY[{names}], ARRAY[{codes}], penalty
 FROM scored WHERE bucket = 1 ORDER BY {order} LIMIT %(limit)s)
UNION ALL
(SELECT 2, id, km, 0, NULL, ARRAY[{codes}], 0 FROM (
  SELECT *, {score} AS score FROM (SELECT *, {features} FROM sorted WHERE bucket = 2) f
 ) s ORDER BY km, score DESC, tie LIMIT 5)
UNION ALL
SELECT 3, NULL, NULL, count(*) FILTER (WHERE bucket >= 2), NULL, ARRAY[{counts}], NULL FROM sorted
"""
RULE_CODES = tuple(rule.code for rule in RULES)


def statement(need: str, others: list[str], case: dict[str, Any], party: Party) -> Composed:
    """The answer for one need: rows of the suitable, of those to ask, of the nearest excluded, and the counts."""
    rules = {**dict.fromkeys(RULE_CODES, "0"), **_rules(need, case, party)}
    excluding = {code: _excluding(need, code) for code in RULE_CODES}
    out = " OR ".join(f"r_{code} IN {values}" for code, values in excluding.items() if values and code != "active")
    worst = ", ".join(f"r_{code}" for code in RULE_CODES)
    bucket = f"CASE WHEN r_active = 4 THEN 3 {f'WHEN {out} THEN 2' if out else ''}"
    bucket += f" WHEN greatest({worst}) > 0 THEN 1 ELSE 0 END"
    features = {**_features(need, others, case), "penalty": _penalty(need, case, party)}
    counts = []
    for code, values in excluding.items():
        among = "bucket = 3" if code == "active" else "bucket = 2"
        for outcome in (4, 3):
            there = f"{among} AND r_{code} = {outcome}" if str(outcome) in values else "false"
            counts.append(f"count(*) FILTER (WHERE {there})")
    by_score = case.get("sort", "score") == "score"
    parts = {
        "rules": ", ".join(f"({text})::int AS r_{code}" for code, text in rules.items()),
        "bucket": bucket,
        "features": ", ".join(f"({text})::float8 AS {name}" for name, text in features.items()),
        "score": " + ".join(f"{weight}::float8 * {name}" for name, weight in WEIGHTS.items()) + " - penalty",
        "names": ", ".join(WEIGHTS),
        "codes": worst,
        "counts": ", ".join(counts),
        "order": "score DESC, km, tie" if by_score else "km, score DESC, tie",
    }
    return SQL(NEAR).format(**{name: SQL(text) for name, text in parts.items()})


def _excluding(need: str, code: str) -> str:
    """The outcomes of a rule that exclude, as a list of SQL."""
    rule = next(one for one in RULES if one.code == code)
    if need in EMERGENCY and code not in ABSOLUTE:
        return ""
    found = ["4"] * (rule.on_fail == "excluded") + ["3"] * (rule.on_unknown == "excluded")
    return f"({', '.join(found)})" if found else ""


def _rules(need: str, case: dict[str, Any], party: Party) -> dict[str, str]:
    """What the rules that govern a need say, but for those that always fit."""
    profile = case.get("profile", {})
    found = {
        "active": "CASE WHEN active THEN 0 ELSE 4 END",
        "intake": "CASE WHEN opens IS NULL THEN 3 WHEN opens @> %(minute)s::int THEN 0 ELSE 4 END",
        "stale": "CASE WHEN %(now)s - verified_at < interval '181 days' THEN 0"
        " WHEN verified_at IS NULL THEN 3 ELSE 4 END",
    }
    if profile.get("step_free"):
        found["step_free"] = f"CASE WHEN on_site THEN {ACCEPTED.format('step_free')} ELSE 0 END"
    if profile.get("language_required") and profile.get("languages"):
        found["language"] = (
            "CASE WHEN languages && %(languages)s::text[] OR interpreter_on_call = 'yes' THEN 0"
            " WHEN languages <> '{}' AND interpreter_on_call = 'no' THEN 4 ELSE 3 END"
        )
    if need not in EMERGENCY:
        found |= _papers(profile)
        if need not in RESIDENTIAL:
            found["competent_area"] = (
                "CASE WHEN department_id IS NULL OR scope = 'national' THEN 0"
                " WHEN scope = 'province' AND %(province)s = ANY(serves) THEN 0"
                " WHEN scope = 'district' AND %(district)s = ANY(serves) THEN 0"
                " WHEN scope IS NULL THEN 3 ELSE 4 END"
            )
    return {**found, **_people(need, profile, party)} if need in RESIDENTIAL else found


def _papers(profile: dict[str, Any]) -> dict[str, str]:
    given = {code: (profile.get(field), column) for code, (field, column) in PAPERS.items()}
    stage = profile.get("recognition")
    given["recognition"] = (None if stage is None else stage == "letter_issued", "recognition_required")
    texts = {code: (UNSAID if has is None else LACKING).format(column) for code, (has, column) in given.items()}
    return {code: text for code, text in texts.items() if not given[code][0]}


def _people(need: str, profile: dict[str, Any], party: Party) -> dict[str, str]:
    """The rules about who may stay."""
    found = {
        "unaccompanied_child": "1" if party.unaccompanied is None else "4" if party.unaccompanied else "0",
        "gender": _worst([_gender(person.gender) for person in party.judged]),
        "age": _worst([part for person in party.judged for part in _ages(person.low, person.high, person.age_known)]),
        "party_size": (
            "CASE WHEN available < 0 OR as_of IS NULL THEN 3 WHEN %(now)s - as_of > interval '24 hours' THEN 2"
            f" WHEN available >= CASE WHEN by_room THEN 1 ELSE {party.size} END THEN 0"
            " WHEN banded AND available > 0 THEN 2 ELSE 4 END"
        ),
        "mental_acuity": _level(profile.get("mental_acuity"), "mental_acuity_max", LEVELS, ("high",)),
        "medical_acuity": _level(profile.get("medical_acuity"), "medical_acuity_max", LEVELS, ("high",)),
        "substance": _level(profile.get("substance"), "substance", USES, ("active", "detox_onsite")),
    }
    for name, asked in (("pregnancy", "pregnant"), ("newborn", "newborn"), ("undocumented", "undocumented")):
        if profile.get(asked):
            found[name] = ACCEPTED.format(name)
    if party.accompanied:
        caps = [
            LIMITED.format("children_with_adult", f"WHEN children_with_adult >= {len(party.accompanied)} THEN 0 ELSE 4")
        ]
        for child in party.accompanied:
            column = {"male": "boy_child_max_age", "female": "girl_child_max_age"}.get(child.gender or "")
            caps.append(
                "1" if child.gender is None else "2" if column is None else _most(column, child.low, child.high)
            )
        found["age_caps"] = _worst(caps)
    return found


def _worst(parts: list[str]) -> str:
    return f"greatest({', '.join(parts)})" if parts else "0"


def _gender(gender: str | None) -> str:
    if gender is None:
        return "1"
    return f"CASE WHEN sex_gender IN ('any', '{gender}') THEN 0 WHEN sex_gender = 'case_by_case' THEN 2" + (
        " WHEN sex_gender IN ('female', 'male') THEN 4 ELSE 3 END"
    )


def _ages(low: int, high: int, known: bool) -> list[str]:
    if not known:
        return ["1"]
    least = LIMITED.format("age_min", f"WHEN age_min <= {low} THEN 0 WHEN age_min > {high} THEN 4 ELSE 2")
    return [least, _most("age_max", low, high)]


def _most(column: str, low: int, high: int) -> str:
    return LIMITED.format(column, f"WHEN {column} >= {high} THEN 0 WHEN {column} < {low} THEN 4 ELSE 2")


def _level(level: str | None, column: str, levels: tuple[str, ...], free: tuple[str, ...]) -> str:
    """A scale: the lowest always fits; what is not said fits where there is no limit."""
    if level == levels[0]:
        return "0"
    if level is None:
        listed = ", ".join(f"'{one}'" for one in free)
        return f"CASE WHEN {column} IN ({listed}) THEN 0 ELSE 1 END"
    at = levels.index(level)
    enough, less = (", ".join(f"'{one}'" for one in part) for part in (levels[at:], levels[:at]))
    said = f"WHEN {column} IN ({enough}) THEN 0 WHEN {column} IN ({less}) THEN 4"
    return f"CASE {said} WHEN {column} = 'case_by_case' THEN 2 ELSE 3 END"


def _features(need: str, others: list[str], case: dict[str, Any]) -> dict[str, str]:
    covered = " + ".join(f"('{other}' = ANY(covers))::int" for other in others)
    residential = need in RESIDENTIAL
    fresh = "CASE WHEN available >= 0 AND as_of IS NOT NULL THEN power(0.5::float8, least(700, greatest(0,"
    fresh += " extract(epoch FROM %(now)s - as_of)::float8 / 3600) / 24)) ELSE 0 END"
    language = "CASE WHEN languages && %(languages)s::text[] THEN 1 WHEN interpreter_on_call = 'yes' THEN 0.6"
    language += " WHEN languages <> '{}' AND interpreter_on_call = 'no' THEN 0 ELSE 0.3 END"
    days = case.get("stay_days")
    stay = f"CASE WHEN stay_max_days >= 0 THEN least(1, stay_max_days::float8 / {days}) ELSE 0.5 END"
    return {
        "service_fit": f"({covered})::float8 / {len(others)}" if others else "1",
        "proximity": "CASE WHEN remote THEN 0.5 ELSE 1 / (1 + km / 100) END",
        "capacity_freshness": fresh if residential else "0.5",
        "language": language if case.get("profile", {}).get("languages") else "1",
        "stay": stay if residential and days else "1",
        "contact_robustness": "least(1, redundancy::float8 / 2)",
    }


def _penalty(need: str, case: dict[str, Any], party: Party) -> str:
    """The scarcity guard, by the bits of `offer.kept`."""
    if need not in RESIDENTIAL:
        return "0"
    profile = case.get("profile", {})
    lacked = set(PROFILES) - present(party, profile.get("step_free"), profile.get("substance"))
    bits = sum(1 << PROFILES.index(one) for one in lacked)
    return f"CASE WHEN kept & {bits} <> 0 THEN 0.10 WHEN kept & {bits << 4} <> 0 THEN 0.05 ELSE 0 END"
