"""A start: one process prepares, loads what a start needs, and serves; its signals do what they do to gunicorn."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from iso639 import Language
from prometheus_client import values

from directory import languages, migrate, vocabulary
from tests.conftest import SECRET_KEY
from tests.web.live import PATIENCE_S, Server, environment, free_port, server
from web import metrics
from web.app import create_app
from web.serving import Server as Serving
from web.settings import ROOT, Settings

RARE = (
    "alembic",
    "authlib",
    "email_validator",
    "iso639",
    "networkx",
    "openpyxl",
    "phonenumbers",
    "reportlab",
    "shapely",
)
"""What only some requests and commands need, and takes long to load."""


def test_it_loads_nothing_that_is_rare(tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    told = f"import json, sys, wsgi; print(json.dumps([one for one in {(*RARE, 'flask')} if one in sys.modules]))"
    ran = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=True
    )
    assert json.loads(ran.stdout) == ["flask"]


def test_the_newest_migration_is_known_without_alembic() -> None:
    assert ScriptDirectory(str(migrate.MIGRATIONS)).get_heads() == [migrate.newest()]


def test_languages_of_the_vocabulary_are_of_the_standard() -> None:
    spoken = vocabulary.codes("language")
    assert [languages.name(code) for code in spoken] == [Language.from_part3(code).name for code in spoken]
    assert set(languages.OTHERWISE) <= set(spoken)
    assert [languages.exists(code) for code in ("zul", "tlh", "qqq")] == [True, True, False]
    assert languages.name("tlh") == "Klingon"


def test_what_it_was_asked_for_is_what_gunicorn_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = list[Serving]()
    monkeypatch.setattr(Serving, "run", lambda self: served.append(self))
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)
    monkeypatch.setenv(metrics.FOLDER, "")
    url, port = f"sqlite:///{tmp_path / 'registry.sqlite3'}", free_port()
    app = create_app(
        Settings(database_url=url, secret_key=SECRET_KEY, instance=tmp_path, demo=False, rate_per_key=10, port=port)
    )
    with app.app_context():
        ran = app.test_cli_runner().invoke(args=["start", "--workers", "4"])

    assert ran.exit_code == 0, ran.output
    (one,) = served
    told = one.cfg
    assert (told.workers, told.address, told.preload_app) == (4, [("127.0.0.1", port)], True)
    assert one.wsgi() is app
    assert app.extensions["rates"].keys.limit == 3
    assert os.environ[metrics.FOLDER] == str(tmp_path / "metrics")
    app.extensions["registry"].engine.dispose()


@pytest.fixture
def folder(tmp_path: Path, empty_sqlite: Path) -> Path:
    """An instance folder with a migrated registry."""
    (tmp_path / "instance").mkdir()
    shutil.copy(empty_sqlite, tmp_path / "instance" / "directory.sqlite3")
    return tmp_path


def others(started: Server, before: frozenset[int]) -> frozenset[int]:
    """Both workers, once there are two that are none of those before. Raises AssertionError."""
    end = time.monotonic() + PATIENCE_S
    while len(now := started.workers()) != 2 or now & before:
        assert time.monotonic() < end
        time.sleep(0.05)
    return frozenset(now)


def answers(started: Server) -> bool:
    """Whether it does."""
    with urllib.request.urlopen(f"{started.base}/readyz") as answer:  # noqa: S310
        return bool(answer.status == 200)


@pytest.mark.long
def test_a_hang_up_starts_new_workers(folder: Path) -> None:
    with server(folder, workers=2) as started:
        workers = others(started, frozenset())
        for _ in range(2):
            os.kill(started.process_group, signal.SIGHUP)
            workers = others(started, workers)
            assert answers(started)
    assert "Traceback" not in (folder / "log").read_text(encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_told_to(folder: Path, sent: signal.Signals) -> None:
    with server(folder, workers=2) as started:
        workers = others(started, frozenset())
        os.kill(started.process_group, sent)
        ended = os.waitid(os.P_PID, started.process_group, os.WEXITED | os.WNOWAIT)
        assert [one for one in workers if Path(f"/proc/{one}").exists()] == []
    assert ended is not None
    assert (ended.si_code, ended.si_status) == (os.CLD_EXITED, 0)
    assert "Traceback" not in (folder / "log").read_text(encoding="utf-8")
