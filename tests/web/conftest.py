"""What the tests of the web need beyond what all tests have."""

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Collecting the thorough schema test takes ten seconds: leave it out where it would be deselected anyway."""
    unwanted = config.option.markexpr == "not long" and collection_path.name == "test_schema_thoroughly.py"
    return True if unwanted else None
