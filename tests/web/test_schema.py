"""The whole document against the whole application: what is sent follows the schema, or breaks it on purpose.

Nothing may answer 5xx, and nothing may answer what the document does not say. Generated references rarely exist, so
that valid data is accepted is tested by examples (test_examples) and not here.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from directory.db import make_engine
from tests.conftest import SECRET_KEY, Clock, admit
from web.app import create_app
from web.settings import Settings
from web.transaction import Registry

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
)


APP = create_app(Settings(database_url="sqlite://", secret_key=SECRET_KEY))
quick = schemathesis.openapi.from_wsgi("/openapi.json", APP)
quick.config.phases.coverage.enabled = False


PLAIN = {"Accept-Encoding": "identity"}
"""The transport of these tests does not decompress."""
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


@quick.parametrize()
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_answer_is_documented(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(checks=list(CHECKS), headers={**ADMIN, **PLAIN})
