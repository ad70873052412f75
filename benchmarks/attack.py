"""What an attacker with a key recovers of confidential places in the fictitious network.

`python -m benchmarks.attack` loads the network into a database of its own, runs every attack against some confidential
shelters and prints, in kilometres, how far the published point is from the true one and how far the best estimate is.
`--targets N` changes how many; `--fine KM` how far bisections go. It ends with 1 if any estimate beats the point.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text

from directory import geography, migrate
from directory.db import make_engine
from directory.permissions import LOCAL
from seed import load
from tests.conftest import admit
from tests.harm.attacks import ATTACKS, Probe
from tests.harm.places import Point, km
from web.app import create_app
from web.settings import Settings
from web.transaction import Registry

ARGUMENTS = ()
TARGETS = 8
FINE_KM = 0.01
NOISE_KM = 0.5
NEED = "shelter_emergency"
AVOIDED = 49
"""Organisations that a request may avoid, with one place left for a circle."""

AROUND_KM = 60.0
"""How much farther than its area reaches the attacker stands from a published point."""

CANDIDATES = """
SELECT ss.id AS room, s.id AS site, v.organisation_id AS organisation, s.area_id AS area, s.province AS province,
       s.lat AS lat, s.lon AS lon, s.confidential AS confidential, x.latitude AS true_lat, x.longitude AS true_lon
FROM service_site AS ss JOIN service AS v ON v.id = ss.service_id JOIN site AS s ON s.id = ss.site_id
LEFT JOIN site_secret AS x ON x.site_id = s.id
WHERE v.codes LIKE :need AND v.delivery = 'on_site'
AND ss.status = 'active' AND v.status = 'active' AND s.status = 'active' ORDER BY ss.id
"""


@dataclass(frozen=True, slots=True)
class Target:
    """A candidate: what is published of it, and where it is."""

    room: str
    site: str
    organisation: str
    area: str
    province: str
    published: Point
    truth: Point
    confidential: bool


def main() -> int:
    """Attack, print, and say whether the published point was beaten."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--targets", type=int, default=TARGETS)
    options.add_argument("--fine", type=float, default=FINE_KM)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, loaded(Path(folder)) as (app, engine):
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {admit(engine, 'coordinator')}"
        with engine.connect() as connection:
            targets = candidates(connection)
        world = Attacked(client, targets, given.fine)
        opened = world.visible([one for one in targets if not one.confidential], given.targets)
        hidden = world.visible(distinct([one for one in targets if one.confidential]), given.targets)
        print(f"{len(hidden)} confidential places, {len(targets)} candidates, bisections to {given.fine * 1000:g} m\n")
        print(
            f"{'attack':<28}{'published':>10}{'best':>9}{'median':>9}{'least gain':>12}{'open':>8}{'asked':>7}{'s':>7}"
        )
        beaten = [world.attack(name, hidden, opened) for name in ATTACKS]
    return int(any(beaten))


@contextlib.contextmanager
def loaded(folder: Path) -> Iterator[tuple[Flask, Engine]]:
    """The application on the fictitious network, without its log."""
    url = f"sqlite:///{folder / 'network.sqlite3'}"
    engine = make_engine(url)
    migrate.upgrade(engine)
    registry = Registry(engine, lambda: datetime.now(UTC))
    with registry.within(write=True) as session:
        load.load(session, LOCAL)
    app = create_app(Settings(database_url=url, secret_key=b"a secret of the benchmark, 32 b."))
    app.extensions["registry"] = registry
    with contextlib.redirect_stderr(io.StringIO()):
        yield app, engine
    engine.dispose()


def candidates(connection: Connection) -> list[Target]:
    """All shelters, with the truth that only the attacker's judge knows."""
    rows = connection.execute(text(CANDIDATES), {"need": f'%"{NEED}"%'}).mappings()
    return [_target(dict(row)) for row in rows]


def _target(row: Mapping[str, object]) -> Target:
    lat, lon = float(str(row["lat"])), float(str(row["lon"]))
    truth = (float(str(row["true_lat"])), float(str(row["true_lon"]))) if row["confidential"] else (lat, lon)
    area = next(one for one in geography.areas() if one.replace("-", "") == str(row["area"]).replace("-", ""))
    room, site, organisation = (_id(row[name]) for name in ("room", "site", "organisation"))
    return Target(room, site, organisation, area, str(row["province"]), (lat, lon), truth, bool(row["confidential"]))


def _id(kept: object) -> str:
    """A UUID as the API writes it; SQLite keeps it without hyphens."""
    plain = str(kept).replace("-", "")
    return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))


def distinct(targets: Sequence[Target]) -> list[Target]:
    """One of each published area."""
    return list({one.area: one for one in targets}.values())


@dataclass(frozen=True, slots=True)
class Attacked:
    """What is attacked: all candidates of the need, by whom, and how finely."""

    client: FlaskClient
    everybody: Sequence[Target]
    fine_km: float

    def visible(self, targets: Sequence[Target], most: int) -> list[Target]:
        """Those that a match shows from all anchors, with a rival: the others are full or closed tonight."""
        found: list[Target] = []
        for target in targets:
            probe = self.probe(target) if len(found) < most else None
            if probe is not None and all(probe.shown(one) for one in anchors(target, probe.reach_km)):
                found.append(target)
        return found

    def attack(self, name: str, hidden: Sequence[Target], opened: Sequence[Target]) -> bool:
        """Run one attack against all places and one open one; print what came of it; True if the point was beaten."""
        started, asked = time.perf_counter(), 0
        errors, gains = [], []
        for target in (*hidden, opened[0]):
            probe = self.probe(target)
            assert probe is not None
            estimate = ATTACKS[name](probe, anchors(target, probe.reach_km))
            asked += probe.asked
            errors.append(km(estimate, target.truth))
            gains.append(errors[-1] - km(target.published, target.truth))
        control, _ = errors.pop(), gains.pop()
        known = statistics.median(km(one.published, one.truth) for one in hidden)
        print(
            f"{name:<28}{known:>10.2f}{min(errors):>9.2f}{statistics.median(errors):>9.2f}{min(gains):>12.3f}"
            f"{control:>8.3f}{asked:>7}{time.perf_counter() - started:>7.1f}",
            flush=True,
        )
        return min(gains) < -NOISE_KM

    def probe(self, target: Target) -> Probe | None:
        """Questions about a target beside the nearest rival that a match shows in the same bucket, if there is one."""
        reach_km = geography.areas()[target.area].reach_km if target.confidential else 0.0
        near = sorted(self.everybody, key=lambda one: km(one.published, target.published))
        for rival in (one for one in near if self.is_rival(one, target)):
            known = {target.organisation, rival.organisation}
            crowd = [one for one in dict.fromkeys(each.organisation for each in near) if one not in known][:AVOIDED]
            other = (rival.site, rival.room, rival.published)
            made = Probe(self.client, target.site, target.room, other, reach_km, self.fine_km, NEED)
            probe = replace(made, others=crowd, province=target.province)
            shown = {one["service_site_id"]: bool(one["confirm"]) for one in probe.matched(target.published)}
            if rival.room in shown and shown.get(target.room) == shown[rival.room]:
                return replace(probe, asked=0)
        return None

    def is_rival(self, one: Target, target: Target) -> bool:
        """Whether it is an open candidate of another organisation of the province, at another point."""
        apart = one.organisation != target.organisation and km(one.published, target.published) > 1
        return apart and not one.confidential and one.province == target.province


def anchors(target: Target, reach_km: float) -> list[Point]:
    """Four points around a published point, beyond the reach of its area."""
    away = (reach_km + AROUND_KM) / 111.195
    lat, lon = target.published
    turns = ((0.9, 0.5), (-0.4, 1.1), (-1.1, -0.3), (0.3, -1.2))
    return [(lat + away * north, lon + away * east) for north, east in turns]


if __name__ == "__main__":
    sys.exit(main())
