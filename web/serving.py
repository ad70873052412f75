"""What the server does around requests. The index is derived before the first one, so nobody waits for it, and before
there are workers: each is a fork that has it, also one that takes the place of another."""

import logging
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from prometheus_client import multiprocess

from matching import service
from web import snapshots, webhooks
from web.transaction import Registry

preload_app = True
"""Gunicorn's setting: the application is loaded once, and what is kept beside it is every worker's."""
THREADS = 4
TIMEOUT_S = 60
LONGEST_LINE = 8190
"""Bytes of a request's first line, the most that the server takes: it answers a longer one itself, by no problem."""


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn in the process that has loaded the application already, with the hooks below."""

    def __init__(self, app: Flask, address: str, workers: int) -> None:
        self.app = app
        self.given: dict[str, Any] = {"bind": address, "workers": workers}
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn, again before it starts new workers on SIGHUP."""
        for name, value in (SETTINGS | self.given).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Called by gunicorn for what it is to serve."""
        return self.app


def on_starting(server: Any) -> None:
    """Called by gunicorn before it listens and before it has workers."""
    registry: Registry = server.app.wsgi().extensions["registry"]
    _prepare(registry)
    _hand_on(registry)


def pre_fork(server: Any, _worker: Any) -> None:
    """Called by gunicorn before each worker, which is to begin with what is known by now. Where that cannot be read the
    server stays, and the worker tries."""
    registry: Registry = server.app.wsgi().extensions["registry"]
    try:
        _prepare(registry)
    except Exception as error:
        server.log.error("What changed was not read before a worker began: %s", type(error).__qualname__)
    finally:
        _hand_on(registry)


def post_worker_init(worker: Any) -> None:
    """Called by gunicorn in a new worker, which reads what changed since."""
    registry: Registry = worker.app.callable.extensions["registry"]
    _prepare(registry)
    snapshots.keep_on(registry)
    webhooks.keep_on(worker.app.callable)
    worker.log.error_log.addFilter(without_values)


def _prepare(registry: Registry) -> None:
    registry.check()
    registry.publish_due()
    with registry.within(write=False) as session:
        if registry.snapshot is not None:
            service.restore(session, registry.snapshot)
        service.prepare(session, registry.clock())


def _hand_on(registry: Registry) -> None:
    """Nothing that is forked has a connection, or a thread at work, which would not be there."""
    service.come_to_rest(registry.engine)
    registry.let_go()


def without_values(record: logging.LogRecord) -> bool:
    """Leave of what the server below says of a request only what went wrong: it would repeat lines that it cannot read,
    and addresses with their queries. What it says before it serves stays whole."""
    said = type(record.msg).__name__ if isinstance(record.msg, Exception) else str(record.msg).partition(":")[0]
    kind = record.exc_info[0] if record.exc_info else None
    record.msg = said.replace("%s", "…") + ("" if kind is None else f" {kind.__qualname__}")
    record.args, record.exc_info, record.exc_text, record.stack_info = (), None, None, None
    return True


def child_exit(_server: Any, worker: Any) -> None:
    """Called by gunicorn when a worker has ended: what it counted stays, what it was is forgotten."""
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def worker_exit(_server: Any, worker: Any) -> None:
    """Called by gunicorn when a worker ends: what it counted and has not written is written."""
    registry: Registry = worker.app.callable.extensions["registry"]
    registry.keep_counts()


SETTINGS: dict[str, Any] = {
    "preload_app": preload_app,
    "worker_class": "gthread",
    "threads": THREADS,
    "limit_request_line": LONGEST_LINE,
    "timeout": TIMEOUT_S,
    "loglevel": "warning",
    "control_socket_disable": True,
    **{hook.__name__: hook for hook in (on_starting, pre_fork, post_worker_init, child_exit, worker_exit)},
}
"""What `flask start` tells gunicorn, which other ways to start it may tell otherwise."""
