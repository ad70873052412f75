"""A registry of any size: the fictitious network, and copies of its partners with open places moved about.

`python -m benchmarks.multiplied FOLDER COPIES` makes FOLDER/directory.sqlite3 with so many times the network's 1,101
candidates. Copies have services, sites, units, capacities and lines, and no people: persons' posts and links would make
the registry larger and a match not slower. Rows are written past the services, to save time.
"""

import sys
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, insert, select

from directory import migrate
from directory.db import Base, begin, make_engine
from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.organisation import Organisation
from directory.models.service import Capacity, Service, ServiceSite
from directory.models.site import Site
from directory.permissions import LOCAL
from seed import load

COPIED: tuple[type[Base], ...] = (Organisation, Site, Department, Service, ServiceSite, Capacity, Channel)
REFERENCES = (
    *("id", "organisation_id", "parent_id", "site_id", "department_id", "service_id", "service_site_id", "owner_id"),
)
OWNERS = ("organisation", "department", "service_site")
SPREAD_DEGREES = 0.3
"""How far copies of an open place stand from it, one standard deviation: about 30 km."""
FOLDER_NAME = "directory.sqlite3"


def registry(folder: Path, copies: int, seed: int = 1) -> str:
    """The URL of a registry with so many times the network; made if it is not there yet."""
    path = folder / FOLDER_NAME
    url = f"sqlite:///{path}"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        engine = make_engine(url)
        migrate.upgrade(engine)
        with begin(engine, write=True) as session:
            load.load(session, LOCAL)
            session.commit()
        multiply(engine, copies - 1, seed)
        engine.dispose()
    return url


def multiply(engine: Engine, copies: int, seed: int) -> None:
    """Write so many copies."""
    with engine.connect() as connection:
        rows = {model: [dict(row) for row in connection.execute(select(model)).mappings()] for model in COPIED}
    rows[Channel] = [row for row in rows[Channel] if row["owner_type"] in OWNERS]
    random = Random(seed)
    for number in range(copies):
        ids: dict[str, str] = {}
        with engine.connect().execution_options(registry_write=True) as connection, connection.begin():
            for model, those in rows.items():
                connection.execute(insert(model), [_copy(row, ids, random, number) for row in those])


def _copy(row: dict[str, Any], ids: dict[str, str], random: Random, number: int) -> dict[str, Any]:
    made = dict(row)
    for name in REFERENCES:
        if made.get(name) is not None:
            if made[name] not in ids:
                ids[made[name]] = str(UUID(int=random.getrandbits(128), version=4))
            made[name] = ids[made[name]]
    if "external_ids" in made:
        made["external_ids"] = []
    if "name" in made and made["name"] is not None:
        made["name"] = f"{made['name']} {number}"
    if "lat" in made and not made["confidential"]:
        made["lat"] += random.gauss(0, SPREAD_DEGREES)
        made["lon"] += random.gauss(0, SPREAD_DEGREES)
    return made


if __name__ == "__main__":
    print(registry(Path(sys.argv[1]), int(sys.argv[2])))
