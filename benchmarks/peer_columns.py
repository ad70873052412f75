"""The columns of a world as tables of PostGIS: the same facts, laid out as its best plan wants them.

`candidate` has every row, with an index of places for each need. Beside it stand three tables a need, what an owner of
PostGIS would keep for speed: `near_<need>` has those that are active and have a place, in the order of a Hilbert curve,
`far_<need>` those without a distance, and `shut_<need>` the others. Facts that only change with a record (the degrees
of a place in radians, which profiles a partner is kept for, who covers what) are columns, so that no question has to
find them out."""

from __future__ import annotations

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.sql import SQL, Identifier, Literal

from benchmarks.worlds import Made
from matching.features.scarcity import FEW, PROFILES
from matching.index import Index

TYPES = {"i8": "int8", "u8": "int8", "f8": "float8", "i4": "int4", "i2": "int2", "i1": "int2", "b1": "bool"}
CHUNK = 50_000
LEFT_OUT = ("row", "districts")
TRAITS = (
    ("female", "gender IN (1, 3)"),
    ("male", "gender IN (2, 3)"),
    ("pregnant", "pregnancy = 1"),
    ("newborn", "newborn = 1"),
    ("step_free", "(NOT on_site OR step_free = 1)"),
    ("undocumented", "undocumented = 1"),
    ("no_police_report", "police_report = 2"),
    ("no_identity_document", "identity_document = 2"),
    ("no_recognition", "recognition = 2"),
    ("no_dsd_referral", "dsd_referral = 2"),
    ("mental", "mental = 3"),
    ("medical", "medical = 3"),
    ("substance", "substance IN (3, 4)"),
)
"""What a case may want of a service, as a condition on its columns: also a bit of `traits` and a number in `words`."""


def load(connection: psycopg.Connection, made: Made, needs: tuple[str, ...]) -> None:
    """All candidates, and the tables of some needs."""
    index = made.index
    _copy(connection, "candidate", _fields(index, made.redundancy))
    connection.execute(
        "ALTER TABLE candidate ADD place geometry(Point, 4326), ADD phi float8, ADD cos_phi float8,"
        " ADD far bool, ADD traits int4, ADD words int2[]"
    )
    bits = SQL(" | ").join(SQL("(({})::int << {})").format(SQL(c), Literal(i)) for i, (_, c) in enumerate(TRAITS))
    listed = SQL(", ").join(
        SQL("CASE WHEN {} THEN {} END").format(SQL(c), Literal(i)) for i, (_, c) in enumerate(TRAITS)
    )
    connection.execute(
        SQL(
            "UPDATE candidate SET far = remote OR lat = 'NaN', phi = radians(lat), cos_phi = cos(radians(lat)),"
            " place = CASE WHEN remote OR lat = 'NaN' THEN NULL ELSE ST_SetSRID(ST_MakePoint(lon, lat), 4326) END,"
            " traits = {}, words = array_remove(ARRAY[{}]::int2[], NULL)"
        ).format(bits, listed)
    )
    connection.execute("CREATE TABLE one AS SELECT * FROM candidate ORDER BY place")
    for need in needs:
        _need(connection, index, need)
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")
    connection.autocommit = False


def _need(connection: psycopg.Connection, index: Index, need: str) -> None:
    """The tables of one need, and the index of all candidates for it."""
    bit = index.number.codes.place[need]
    _copy(connection, "kept", kept_of(index, need))
    offered = SQL("codes & {} <> 0 AND active").format(Literal(1 << bit))
    connection.execute(SQL("ALTER TABLE one ADD {} int2").format(Identifier(f"kept_{need}")))
    connection.execute(
        SQL("UPDATE one SET {} = kept.kept FROM kept WHERE kept.id = one.id").format(Identifier(f"kept_{need}"))
    )
    for table, which in (("near", "NOT far"), ("far", "far")):
        connection.execute(
            SQL(
                "CREATE TABLE {table} AS SELECT candidate.*, kept.kept, geography(place) AS globe,"
                " ST_MakePoint(cos_phi * cos(radians(lon)), cos_phi * sin(radians(lon)), sin(phi)) AS ball"
                " FROM candidate JOIN kept USING (id) WHERE {offered} AND {which} ORDER BY place"
            ).format(table=Identifier(f"{table}_{need}"), offered=offered, which=SQL(which))
        )
    closed = SQL("CREATE TABLE {} AS SELECT * FROM candidate WHERE codes & {} <> 0 AND NOT active ORDER BY place")
    connection.execute(closed.format(Identifier(f"shut_{need}"), Literal(1 << bit)))
    near = Identifier(f"near_{need}")
    for using in ("gist (place)", "gist (globe)", "gist (ball gist_geometry_ops_nd)", "gin (words)"):
        connection.execute(SQL("CREATE INDEX ON {} USING {}").format(near, SQL(using)))
    connection.execute(SQL("CREATE INDEX ON {} USING gin (words)").format(Identifier(f"far_{need}")))
    for which, using in (("NOT far", "gist (place)"), ("far", "btree (as_of)")):
        partial = SQL("CREATE INDEX ON one USING {} WHERE {} AND {}")
        connection.execute(partial.format(SQL(using), offered, SQL(which)))
    connection.execute("DROP TABLE kept")


def _fields(index: Index, redundancy: NDArray[np.int64]) -> dict[str, NDArray[np.generic]]:
    c = index.columns
    rows = np.arange(len(c))
    names = [name for name in c.table.dtype.names or () if name not in LEFT_OUT]
    found = {("as_of" if name == "capacity_as_of" else name): c.table[name][: len(rows)] for name in names}
    flat = {name: one[:, 0] if one.ndim == 2 else one for name, one in found.items()}
    assert all(one.ndim == 1 or one.shape[1] == 1 for one in found.values()), "a set of more than one word"
    return {"id": rows.astype(np.int32), **flat, "redundancy": redundancy[: len(rows)]}


def kept_of(index: Index, need: str) -> dict[str, NDArray[np.generic]]:
    """For which scarce profiles a candidate's partner is the only one (a bit each), or one of two (four bits on)."""
    offered = index.offer(need)
    kept = np.zeros(len(offered), dtype=np.int16)
    for bit, profile in enumerate(PROFILES):
        partners = index.keepers(need)[profile].partners(offered)
        for count in range(1, FEW + 1):
            kept |= np.where(partners.among & (partners.count == count), 1 << (bit + 4 * (count - 1)), 0).astype(
                np.int16
            )
    return {"id": offered.row.astype(np.int32), "kept": kept}


def _copy(connection: psycopg.Connection, table: str, fields: dict[str, NDArray[np.generic]]) -> None:
    """A new table of these columns, by PostgreSQL's binary format: each row is as long as any other."""
    kinds = {name: "i2" if one.dtype.str[1:] == "i1" else one.dtype.str[1:] for name, one in fields.items()}
    columns = SQL(", ").join(SQL("{} {}").format(Identifier(n), SQL(TYPES[kind])) for n, kind in kinds.items())
    connection.execute(SQL("CREATE UNLOGGED TABLE {} ({})").format(Identifier(table), columns))
    parts = [("fields", ">i2")]
    for name, kind in kinds.items():
        parts += [(f"{name} long", ">i4"), (name, f">{kind}".replace(">b1", "?"))]
    count = len(next(iter(fields.values())))
    with connection.cursor() as cursor, cursor.copy(SQL("COPY {} FROM STDIN BINARY").format(Identifier(table))) as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        for start in range(0, count, CHUNK):
            rows = np.zeros(min(CHUNK, count - start), dtype=parts)
            rows["fields"] = len(kinds)
            for name, one in fields.items():
                rows[f"{name} long"] = rows[name].dtype.itemsize
                rows[name] = one[start : start + CHUNK]
            copy.write(rows.tobytes())
        copy.write(b"\xff\xff")
