"""Generated requests by every role: nothing may answer 5xx, or what the document does not say.

`python -m benchmarks.fuzz` asks every operation of the document as each role of the matrix, on a copy of the fictitious
network of its own, with bodies and parameters that follow the schema and such as break it; half of the ids exist.
`--cases N` is how many in all, `--seed S` repeats a run, `--role R` asks as one. Statuses, content types, schemas and
headers are held to the document, and a role that the matrix denies gets nothing. It ends with 1 if anything was found.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import hypothesis
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.failures import Failure, FailureGroup

from benchmarks.attack import loaded
from benchmarks.known_ids import KnownIds
from directory.db import make_engine
from directory.permissions import Role
from tests.conftest import admit
from tests.web.test_schema import CHECKS
from web.matrix import REFUSED, Rule, rules
from web.transaction import Registry

CASES = 20_000
SEED = 1
ARGUMENTS = ("--cases", str(CASES))

MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
MENDED = ("negative_data_rejection",)
"""Some of what is broken is mended on its way (an id that exists is put in); test_bad_input has what is refused."""

PLAIN = {"Accept-Encoding": "identity"}
"""Asked in process, nothing would unpack an answer before its schema is checked."""

FEWEST = 2
"""Cases of an operation in each mode, however few there are to share."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a role, and for whom it acts."""

    name: str
    role: Role
    acts_for: dict[str, str | None]


@dataclass(slots=True)
class Found:
    """What a run came upon."""

    asked: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, asker: Asker, label: str, said: str) -> None:
        """Keep the first of each kind."""
        kind = said.split("\n\n", 1)[0][:300]
        if (label, kind) not in self.faults:
            self.faults[label, kind] = said
            print(f"\n--- {asker.name}: {label}\n{said[:3000]}\n", flush=True)


def main() -> int:
    """Ask, print, and say whether anything was found."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=CASES)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--role", help="one asker alone")
    given = options.parse_args()
    found, started = Found(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, loaded(Path(folder)) as (app, _):
        everybody = [one for one in askers(KnownIds(app)) if given.role in (None, one.name)]
        for index, asker in enumerate(everybody):
            before = found.asked
            with copied(app, Path(folder)):
                ask_all(app, asker, Run(found, given.cases * (index + 1) // len(everybody), given.seed))
            print(
                f"{asker.name:<24}{found.asked - before:>8} cases {time.perf_counter() - started:>8.0f} s", flush=True
            )
    told = ", ".join(f"{status}: {count}" for status, count in sorted(found.statuses.items()))
    print(f"\n{found.asked} cases, seed {given.seed}; {told}; {len(found.faults)} kinds of fault")
    return int(bool(found.faults))


def askers(known: KnownIds) -> list[Asker]:
    """One of each role, a coordinator of the country and one of a province."""
    partner, unit = known.ids["organisations"][0], known.ids["departments"][0]
    own: dict[str, str | None] = {"organisation_id": partner}
    return [
        Asker("anonymous", "anonymous", {}),
        Asker("app", "app", own),
        Asker("caseworker", "caseworker", own),
        Asker("partner_manager", "partner_manager", own),
        Asker("unit_manager", "unit_manager", {"organisation_id": known.owner_of(unit), "department_id": unit}),
        Asker("coordinator", "coordinator", {}),
        Asker("provincial coordinator", "coordinator", {"province": "ZA-LP"}),
        Asker("disclosure", "disclosure", {}),
        Asker("auditor", "auditor", {}),
        Asker("admin", "admin", {}),
    ]


@contextlib.contextmanager
def copied(app: Flask, folder: Path) -> Iterator[None]:
    """A copy of the network for a while: what one role breaks the next finds whole."""
    first: Registry = app.extensions["registry"]
    with first.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(str(first.engine.url.database), folder / "copy.sqlite3")
    engine = make_engine(f"sqlite:///{folder / 'copy.sqlite3'}")
    app.extensions["registry"] = Registry(engine, lambda: datetime.now(UTC))
    try:
        yield
    finally:
        app.extensions["registry"] = first
        engine.dispose()
        for path in folder.glob("copy.sqlite3*"):
            path.unlink()


@dataclass(frozen=True, slots=True)
class Run:
    """What was found so far, up to how many cases to go, and the seed."""

    found: Found
    until: int
    seed: int


def ask_all(app: Flask, asker: Asker, run: Run) -> None:
    """Ask every operation in both modes, round after round, until there were enough cases."""
    known = KnownIds(app)
    engine = app.extensions["registry"].engine
    key = None if asker.role == "anonymous" else admit(engine, asker.role, **asker.acts_for)
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    granted = {(one.operation.method, one.operation.id): one for one in rules(app)}
    operations = [one.ok() for one in schema.get_all_operations()]
    turn = 0
    while run.found.asked < run.until:
        left = run.until - run.found.asked
        count = max(FEWEST, left // (len(operations) * len(MODES)))
        for number, operation in enumerate(operations):
            rule = granted[operation.method.upper(), operation.definition.raw["operationId"]]
            for mode in MODES:
                if run.found.asked < run.until:
                    seed = hash((run.seed, turn, number, mode is MODES[0]))
                    Asking(asker, key, known, rule, run.found).ask(operation, mode, count, seed)
        turn += 1


@dataclass(frozen=True, slots=True)
class Asking:
    """One operation, asked by one asker."""

    asker: Asker
    key: str | None
    known: KnownIds
    rule: Rule
    found: Found

    def ask(self, operation: Any, mode: GenerationMode, count: int, seed: int) -> None:
        """Ask with so many generated cases."""

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=count,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode), luck=st.integers(0, 2**32))
        def once(case: Any, luck: int) -> None:
            self.send(case, Random(luck))

        with contextlib.suppress(hypothesis.errors.Unsatisfiable):
            once()

    def send(self, case: Any, random: Random) -> None:
        """Send one case and note what is wrong with its answer."""
        self.known.put_into(case, random)
        headers = PLAIN if self.key is None else {"Authorization": f"Bearer {self.key}", **PLAIN}
        try:
            with contextlib.redirect_stderr(io.StringIO()) as log:
                answer = case.call(headers=headers)
        except Exception as error:
            self.found.add(self.asker, case.operation.label, f"{type(error).__name__}: {error}")
            return
        self.found.asked += 1
        self.found.statuses[answer.status_code] += 1
        refusal = REFUSED.get(self.rule.grants[self.asker.role])
        if refusal is not None and answer.status_code < 400:
            self.found.add(self.asker, case.operation.label, f"let in\n\n{case.as_curl_command()}")
        try:
            case.validate_response(answer, checks=CHOSEN)
        except (FailureGroup, Failure) as fault:
            told = "\n".join(str(one) for one in getattr(fault, "exceptions", [fault]))
            logged = log.getvalue() if answer.status_code >= 500 else ""
            self.found.add(self.asker, case.operation.label, f"{told}\n\n{case.as_curl_command()}\n{logged}")


CHOSEN: Sequence[Any] = [check for check in CHECKS if check.__name__ not in MENDED]


if __name__ == "__main__":
    sys.exit(main())
