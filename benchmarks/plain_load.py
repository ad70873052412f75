"""The published registry as tables of PostGIS, as somebody would lay them out who writes `/matches` without an index.

One row a candidate in `offer`, with readable values, and what is slow to find (who covers what, how many contacts there
are) written down beforehand; `shown` has the facts that an answer shows, as JSON, and `channel` the lines to call."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

from benchmarks.peer_columns import kept_of
from directory.db import begin, make_engine
from matching import encode, feed
from matching.index import Index
from matching.rows import Row
from matching.week import WEEK

GUARDED = "shelter_emergency"
"""The residential need of the mixed questions: the scarcity guard is written down for it alone."""
LIMITS = ("age_min", "age_max", "children_with_adult", "boy_child_max_age", "girl_child_max_age", "stay_max_days")
ANSWERS = (
    *("sex_gender", "trans_policy", "unaccompanied_minor", "pregnancy", "newborn", "step_free", "substance"),
    *("mental_acuity_max", "medical_acuity_max", "undocumented", "police_report_required", "recognition_required"),
    *("dsd_referral_required", "id_required", "interpreter_on_call"),
)
TABLES = f"""
CREATE TABLE offer (
 id uuid, tie int8, active bool, verified_at timestamptz, organisation_id uuid, department_id uuid,
 remote bool, on_site bool, lat float8, lon float8, codes text[], covers text[], scope text, serves text[],
 opens int4multirange, languages text[], available int, banded bool, by_room bool, as_of timestamptz,
 redundancy int, kept int,
 {", ".join(f"{name} int" for name in LIMITS)}, {", ".join(f"{name} text" for name in ANSWERS)});
CREATE TABLE shown (id uuid PRIMARY KEY, facts jsonb);
CREATE TABLE channel (
 id uuid, owner_id uuid, channel_kind text, value text, hours jsonb, visibility text, tested_at timestamptz);
"""
INDEXES = """
ALTER TABLE offer ADD place geography(Point, 4326);
UPDATE offer SET place = ST_MakePoint(lon, lat)::geography WHERE lat IS NOT NULL AND NOT remote;
CREATE TABLE stored AS SELECT * FROM offer ORDER BY place::geometry;
DROP TABLE offer;
ALTER TABLE stored RENAME TO offer;
CREATE UNIQUE INDEX ON offer (id);
CREATE INDEX ON offer USING gist (place);
CREATE INDEX ON offer USING gin (codes);
CREATE INDEX ON channel (owner_id);
"""


def load(address: str, registry: Path) -> int:
    """Write the registry of a SQLite file into a database; how many candidates there are."""
    engine = make_engine(f"sqlite:///{registry}")
    with begin(engine, write=False) as session:
        network = feed.network(session)
        world = network.world(datetime.now(UTC))
    engine.dispose()
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(TABLES)
        with cursor.copy("COPY offer FROM STDIN") as copy:
            for row in _offers(network.index, world.redundancy):
                copy.write_row(row)
        with cursor.copy("COPY shown FROM STDIN") as copy:
            for _, one in network.index.candidates():
                copy.write_row((one.id, json.dumps(_facts(one), default=str)))
        with cursor.copy("COPY channel FROM STDIN") as copy:
            for it in network.collections["channels"]:
                hours = None if it.get("hours") is None else json.dumps(it["hours"])
                line = (it["id"], it["owner"]["id"], it["channel_kind"], it["value"], hours, it["visibility"])
                copy.write_row((*line, it.get("tested_at")))
        cursor.execute(INDEXES)
        connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE")
    return len(network.index)


def _offers(index: Index, redundancy: NDArray[np.int64]) -> Iterator[tuple[Any, ...]]:
    names = {bit: code for code, bit in index.number.codes.place.items()}
    _, guarded = (one.tolist() for one in kept_of(index, GUARDED).values())
    kept = dict(zip(index.offer(GUARDED).row.tolist(), guarded, strict=True))
    for number, row in index.candidates():
        word = int(index.columns.covers[number, 0])
        yield (
            *_standing(row),
            [code for bit, code in names.items() if word >> bit & 1],
            (row.serves or {}).get("scope"),
            sorted(row.served),
            None if row.week is None else _ranges(row.week),
            sorted(row.languages),
            *_room(row),
            int(redundancy[number]),
            kept.get(number, 0),
            *(encode.limit(row.field(name)) for name in LIMITS),
            *(row.field(name) if isinstance(row.field(name), str) else None for name in ANSWERS),
        )


def _standing(row: Row) -> tuple[Any, ...]:
    site = row.site if row.placed and row.site else {}
    return (
        *(row.id, encode.tie(row.id), row.active, row.service_site.get("verified_at")),
        *(row.organisation_id, row.department_id, row.remote, row.on_site),
        *(site.get("lat"), site.get("lon"), list(row.codes)),
    )


def _room(row: Row) -> tuple[Any, ...]:
    room = encode.capacities([row])
    as_of = (row.service_site.get("capacity") or {}).get("as_of")
    return (room["available"][0], room["banded"][0], room["by_room"][0], as_of)


def _ranges(week: tuple[tuple[int, int], ...]) -> str:
    """Minutes of the week as a multirange; what passes Sunday's midnight begins again on Monday."""
    parts = []
    for start, length in week:
        parts.append((start, min(start + length, WEEK)))
        if start + length > WEEK:
            parts.append((0, start + length - WEEK))
    return "{" + ",".join(f"[{start},{end})" for start, end in parts) + "}"


def _facts(row: Row) -> dict[str, Any]:
    site = row.site
    point = {"lat": site["lat"], "lon": site["lon"]} if site is not None and row.placed else None
    shown = None if site is None else {"id": site["id"], "confidential": row.confidential, "area": site.get("area")}
    return {
        "service": {name: row.service.get(name) for name in ("id", "name", "codes", "delivery")},
        "organisation": {name: row.organisation.get(name) for name in ("id", "name", "org_type", "sector")},
        "site": None if shown is None else {**shown, "point": point},
        "capacity": row.service_site.get("capacity"),
    }
