"""Take each control of the threat model out, and see its test fail.

`python -m benchmarks.mutations` copies the tree, runs all tests of the table in `mutations.yml` once as things are,
then makes one mutation after the other and runs its test. A test that passes all the same survives: it shows nothing,
or the control stands in two places. `--only TEXT …` chooses those with a text in abuse, file or test. Ends with 1 if
any survived.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Literal

import yaml

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
ARGUMENTS = ()
TABLE = Path(__file__).with_suffix(".yml")
ROOMS = ("directory", "matching", "seed", "web")

Verdict = Literal["killed", "survived", "broken"]
"""Its test failed, passed, or could not even be run."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """A control taken out of a file: what stood there once, and what then stands; `also` comes at the file's end."""

    abuse: str
    removes: str
    file: str
    old: str
    new: str
    test: str
    also: str = ""

    def __str__(self) -> str:
        return f"{self.abuse}: {self.removes}"


def mutations() -> list[Mutation]:
    """The table."""
    return [Mutation(**one) for one in yaml.safe_load(TABLE.read_text(encoding="utf-8"))]


def main() -> int:
    """Run, print, and say whether any survived."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", nargs="+", default=("",), help="texts, one of which is in abuse, file or test")
    given = options.parse_args()
    chosen = [one for one in mutations() if any(text in f"{one} {one.file} {one.test}" for text in given.only)]
    with tempfile.TemporaryDirectory() as folder, postgres.server() as url:
        tree = Tree(copied(Path(folder) / "tree"), url)
        status, said = tree.run(sorted({one.test for one in chosen}), compiles=True)
        if status:
            print(f"As things are, tests fail:\n{said[-3000:]}")
            return 1
        verdicts = [told(tree, one) for one in chosen]
    print(f"\n{len(chosen)} mutations, {verdicts.count('killed')} killed")
    return int(set(verdicts) != {"killed"})


@dataclass(frozen=True, slots=True)
class Tree:
    """A copy in which tests are run, against one PostgreSQL for all of them."""

    path: Path
    postgres_url: str

    def run(self, tests: Sequence[str], *, compiles: bool = False) -> tuple[int, str]:
        """Run tests, and keep byte code or not. Kept is that of the tests alone, and of the product by its hash: two
        versions of a file may have the same second and size."""
        said = {} if compiles else {"PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-rf", "-n", "0", *tests],
            cwd=self.path,
            env={**os.environ, "TEST_DATABASE_URL": self.postgres_url, **said},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


def told(tree: Tree, mutation: Mutation) -> Verdict:
    """Make one mutation, run its test, print what came of it."""
    started = time.perf_counter()
    with mutated(tree.path, mutation):
        status, said = tree.run([mutation.test])
    verdict: Verdict = "survived" if status == 0 else "killed" if status == 1 and "\nFAILED " in said else "broken"
    print(f"{verdict:<9}{time.perf_counter() - started:>5.0f} s  {mutation}", flush=True)
    if verdict != "killed":
        print(f"  {mutation.test}\n{said[-1500:] if verdict == 'broken' else ''}", flush=True)
    return verdict


def copied(tree: Path) -> Path:
    """A copy of what is under version control, as it stands, with the same virtual environment."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True)
    for name in listed.stdout.decode().splitlines():
        if (ROOT / name).is_file() and not (ROOT / name).is_symlink():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tree / name)
    for room in ROOMS:
        compileall.compile_dir(tree / room, quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
    (tree / ".venv").symlink_to((ROOT / ".venv").resolve())
    return tree


@contextmanager
def mutated(tree: Path, mutation: Mutation) -> Iterator[None]:
    """The tree with one mutation, for a while."""
    path = tree / mutation.file
    whole = path.read_text(encoding="utf-8")
    if whole.count(mutation.old) != 1:
        raise LookupError(f"{mutation.file} does not have this once: {mutation.old}")
    path.write_text(whole.replace(mutation.old, mutation.new) + mutation.also, encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(whole, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
