"""The network while it is being made: records by collection, and the offices that people and links hang on."""

import json
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seed.generate.draw import Draw
from seed.generate.geography import Geography, Place

Record = dict[str, Any]

COLLECTIONS = (
    "organisations",
    "departments",
    "persons",
    "posts",
    "focal-points",
    "channels",
    "sites",
    "services",
    "service-sites",
    "links",
    "trainings",
)
MONTH = 30


def slug(text: str) -> str:
    """`Nḓila Ntswa, Trust` becomes `ndila-ntswa-trust`."""
    plain = unicodedata.normalize("NFKD", text.replace("'", "")).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split())


def ago(days: float) -> Record:
    """A moment before the load, in days; negative lies ahead."""
    return {"days_ago": int(days) if days == int(days) else round(days, 2)}


@dataclass
class Office:
    """An organisation or a department unit, as staff and links see it."""

    type: str
    key: str
    organisation: str
    name: str
    code: str
    domain: str
    sector: str = "government"
    level: str = ""
    province: str | None = None
    district: str | None = None
    place: Place | None = None
    masked: bool = False
    functions: list[str] = field(default_factory=list)
    closed: bool = False
    carriers: list[str] = field(default_factory=list)
    former: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)

    @property
    def reference(self) -> Record:
        return {"type": self.type, "id": self.key}


class World:
    """Records in the order in which they were made; keys are unique within a collection."""

    def __init__(self, geography: Geography) -> None:
        self.geography = geography
        self.records: dict[str, dict[str, Record]] = {name: {} for name in COLLECTIONS}
        self.offices: dict[str, Office] = {}

    def add(self, collection: str, key: str, **fields: Any) -> str:
        """Keeps the record (a field that is None is left out) and gives its key back."""
        if key in self.records[collection]:
            raise ValueError(f"{collection}: {key} twice")
        self.records[collection][key] = {
            "key": key,
            **{name: value for name, value in fields.items() if value is not None},
        }
        return key

    def free_key(self, collection: str, wanted: str) -> str:
        """`wanted`, or `wanted-2`, `wanted-3`, ... if it is taken."""
        taken = self.records[collection]
        number = 1
        key = wanted
        while key in taken:
            number += 1
            key = f"{wanted}-{number}"
        return key

    def write(self, folder: Path) -> None:
        """One `<collection>.jsonl` per collection, the same bytes on every run."""
        folder.mkdir(parents=True, exist_ok=True)
        for collection, records in self.records.items():
            lines = [json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records.values()]
            (folder / f"{collection}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def verified(draw: Draw) -> Record | None:
    """When a record was last confirmed: half lately, some exactly on the limit of 180 days, some never."""
    kind = draw.weighted({"fresh": 0.52, "ageing": 0.24, "limit": 0.02, "over": 0.02, "stale": 0.14, "never": 0.06})
    days = {
        "fresh": draw.between(1, 90),
        "ageing": draw.between(91, 179),
        "limit": 180,
        "over": 181,
        "stale": draw.between(182, 900),
    }
    return ago(days[kind]) if kind in days else None
