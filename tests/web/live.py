"""A server as a person starts it: on a free loopback port, with a registry and an instance folder of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from web.settings import ROOT

PATIENCE_S = 60.0
PAUSE_S = 0.1


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens, and the environment of whoever runs commands beside it."""

    base: str
    environment: dict[str, str]
    process_group: int

    def workers(self) -> set[int]:
        """The processes that the first one has started and that have not ended."""
        return set(map(int, Path(f"/proc/{self.process_group}/task/{self.process_group}/children").read_text().split()))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a command needs to work in a folder of its own, and nothing else of this machine's environment."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LANG") if name in os.environ}
    return {**kept, "INSTANCE": str(folder / "instance"), "FLASK_APP": "wsgi.py", "DEMO": "0", **more}


def flask(folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command, run to its end."""
    return subprocess.run(
        [sys.executable, "-m", "flask", *command],
        cwd=ROOT,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


@contextmanager
def server(folder: Path, *, workers: int = 1, **more: str) -> Iterator[Server]:
    """A server that answers; it is stopped afterwards."""
    port = free_port()
    env = environment(folder, PORT=str(port), **more)
    command = [sys.executable, "-m", "flask", "start", "--workers", str(workers)]
    with (folder / "log").open("wb") as log:
        started = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        base = f"http://127.0.0.1:{port}"
        _wait(started, base, folder / "log")
        yield Server(base, env, started.pid)
    finally:
        started.terminate()
        started.wait(PATIENCE_S)


def _wait(started: subprocess.Popen[bytes], base: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and started.poll() is None:
        try:
            with urllib.request.urlopen(f"{base}/readyz"):  # noqa: S310
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(PAUSE_S)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace"))
