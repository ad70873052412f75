"""As test_schema, with every boundary that the document names. Too long to be even collected in the default run.

What is broken on purpose is not held to be refused here: on its way some of it is mended (a key is added, a text is
trimmed, an empty parameter is left out). test_bad_input has a table of what must be refused.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection

from directory.db import make_engine
from tests.conftest import SECRET_KEY, Clock, admit
from tests.web.test_schema import CHECKS
from web.app import create_app
from web.settings import Settings
from web.transaction import Registry

APP = create_app(Settings(database_url="sqlite://", secret_key=SECRET_KEY))
thorough = schemathesis.openapi.from_wsgi("/openapi.json", APP)


ADMIN: dict[str, str] = {"Accept-Encoding": "identity"}
"""The key of an administrator of the module's registry; answers come unpacked, as nothing here would do it."""


@pytest.fixture(scope="module", autouse=True)
def registry(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A registry that fills with what the document's examples and the generated bodies make."""
    path = tmp_path_factory.mktemp("schema") / "registry.sqlite3"
    shutil.copy(empty_sqlite, path)
    engine = make_engine(f"sqlite:///{path}")
    APP.extensions["registry"] = Registry(engine, Clock())
    ADMIN["Authorization"] = f"Bearer {admit(engine, 'admin')}"
    yield
    engine.dispose()


@pytest.mark.long
@thorough.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_answer_to_every_boundary_is_documented(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(checks=[check for check in CHECKS if check is not negative_data_rejection], headers=ADMIN)
