"""One session and one commit a request: the answer is dumped, then the commit, then the answer leaves.

Reads see one snapshot; writes begin as writers. Nothing else in the project makes a session.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory import db
from directory.services import capacity
from web.errors import render

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(slots=True)
class Registry:
    """The database of this process and its clock; `published` is the capacity tick known to have been kept."""

    engine: Engine
    clock: Callable[[], datetime]
    published: datetime | None = field(default=None)

    @classmethod
    def at(cls, url: str, clock: Callable[[], datetime]) -> "Registry":
        """The registry that a database URL names."""
        return cls(db.make_engine(url), clock)

    def begin(self, *, write: bool) -> Session:
        """A session whose transaction has begun."""
        session = db.begin(self.engine, write=write)
        session.info["clock"] = self.clock
        return session

    @contextmanager
    def within(self, *, write: bool) -> Iterator[Session]:
        """A session for what is no request: committed at the end, rolled back on an error."""
        session = self.begin(write=write)
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()

    def publish_due(self) -> None:
        """Publish the bands of confidential places if a publishing time has passed since this process last looked."""
        tick = capacity.latest_tick(self.clock())
        if self.published == tick:
            return
        with self.within(write=False) as session:
            due = capacity.is_due(session)
        if due:
            with self.within(write=True) as session:
                capacity.publish_due(session)
        self.published = tick


def init_app(app: Flask, registry: Registry) -> None:
    """Give every request of the application its transaction."""
    app.extensions["registry"] = registry
    app.after_request(_finish)
    app.teardown_request(_close)


def registry() -> Registry:
    """The registry of the current application."""
    found: Registry = current_app.extensions["registry"]
    return found


def is_writing() -> bool:
    """Whether this request may write: what its operation declares, else what its method promises."""
    return bool(g.get("writes", request.method not in SAFE_METHODS))


def session() -> Session:
    """This request's session, begun at first use."""
    if "session" not in g:
        registry().publish_due()
        g.session = registry().begin(write=is_writing())
    begun: Session = g.session
    return begun


def restart() -> None:
    """Commit what this request has done, to stay done whatever follows; `session` then begins another transaction."""
    session().commit()
    _close()


def _finish(answer: Response) -> Response:
    begun: Session | None = g.get("session")
    if begun is None:
        return answer
    try:
        if answer.status_code < 400 and is_writing():
            begun.commit()
        else:
            begun.rollback()
    except Exception as error:
        begun.rollback()
        return render(error)
    finally:
        _close()
    return answer


def _close(_error: BaseException | None = None) -> None:
    begun: Session | None = g.pop("session", None)
    if begun is not None:
        begun.close()
