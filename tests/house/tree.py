"""The tree as it lies on disk: its rooms, its Python files and its texts."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("directory", "matching", "seed", "web")
NOT_OURS = ("instance", "__pycache__")
HIDDEN_BUT_OURS = (".ci", ".gitignore", ".gitattributes")


def files(top: Path = ROOT) -> Iterator[Path]:
    """Every file of the tree but what tools and runs leave behind."""
    for path in sorted(top.iterdir()):
        if path.name in NOT_OURS or (path.name.startswith(".") and path.name not in HIDDEN_BUT_OURS):
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield path


def texts() -> Iterator[tuple[str, str]]:
    """Every text file: its path from the root, and what it says."""
    for path in files():
        content = path.read_bytes()
        if b"\0" not in content:
            yield path.relative_to(ROOT).as_posix(), content.decode("utf-8")


def modules() -> Iterator[Path]:
    """Every Python file of the rooms."""
    for room in ROOMS:
        yield from (path for path in files(ROOT / room) if path.suffix == ".py")
