"""What the server does around requests: a worker derives the index before its first one, so nobody waits for it."""

import logging
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
    worker.log.error_log.addFilter(without_values)


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
