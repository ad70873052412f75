"""What the server does around requests: a worker derives the index before its first one, so nobody waits for it."""

from typing import Any

from prometheus_client import multiprocess

from matching import service
from web.transaction import Registry


def post_worker_init(worker: Any) -> None:
    """Called by gunicorn in a worker that has loaded the application."""
    registry: Registry = worker.app.callable.extensions["registry"]
    registry.check()
    registry.publish_due()
    with registry.within(write=False) as session:
        service.prepare(session, registry.clock())


def child_exit(_server: Any, worker: Any) -> None:
    """Called by gunicorn when a worker has ended: what it counted stays, what it was is forgotten."""
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def worker_exit(_server: Any, worker: Any) -> None:
    """Called by gunicorn when a worker ends: what it counted and has not written is written."""
    registry: Registry = worker.app.callable.extensions["registry"]
    registry.keep_counts()
