"""One session and one commit a request: the answer is dumped, then the commit, then the answer leaves.

Reads see one snapshot; writes begin as writers. Nothing else in the project makes a session.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import local

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory import database_roles, db
from directory.errors import Conflict
from directory.permissions import LOCAL
from directory.services import access, capacity, counts, erasure, quotas
from directory.services.keyring import Keyring
from web.errors import render

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(slots=True)
class Registry:
    """The database of this process and its clock; `published` is the capacity tick known to have been kept.

    `secret_engine` reads true locations, where the role of `engine` may not; `fit` once that is known to be so. `purse`
    is what this process has leased of allowances, `erasures` the list of who was erased, `snapshot` the file of what is
    derived of it, `tally` what it has counted of matches and not written, `keyring` whose keys it was shown.
    """

    engine: Engine
    clock: Callable[[], datetime]
    secret_engine: Engine | None = field(default=None)
    published: datetime | None = field(default=None)
    fit: bool = field(default=False)
    purse: quotas.Purse = field(default_factory=quotas.Purse)
    erasures: Path | None = field(default=None)
    snapshot: Path | None = field(default=None)
    tally: counts.Tally = field(default_factory=counts.Tally)
    keyring: Keyring = field(default_factory=Keyring)
    _thread: local = field(default_factory=local)

    @classmethod
    def at(cls, url: str, clock: Callable[[], datetime], secret_url: str | None = None) -> "Registry":
        """The registry that a database URL names, with another for true locations."""
        return cls(db.make_engine(url), clock, None if secret_url is None else db.make_engine(secret_url))

    def let_go(self) -> None:
        """Close all connections: a process that is to be forked hands on none."""
        for engine in (self.engine, self.secret_engine):
            if engine is not None:
                engine.dispose()

    def begin(self, *, write: bool) -> Session:
        """The session of a request, whose transaction has begun, or begins as it reads. A thread reads by one, emptied
        after each request."""
        if write:
            return self._begin(self.engine, write=True)
        kept: Session | None = getattr(self._thread, "reading", None)
        if kept is None:
            kept = self._thread.reading = self._begin(self.engine, write=False)
        kept.info = {"engine": self.engine, "clock": self.clock}
        return kept

    def look(self) -> access.Revisions:
        """What was last committed of the registry and of access: whatever is kept of that is right."""
        self.check()
        self.publish_due()
        return access.revisions(self.engine)

    def _begin(self, engine: Engine, *, write: bool) -> Session:
        session = db.begin(engine, write=write)
        session.info["clock"] = self.clock
        return session

    def within(self, *, write: bool) -> AbstractContextManager[Session]:
        """A session for what is no request: committed at the end, rolled back on an error."""
        return self._within(self.engine, write=write)

    def secrets(self) -> AbstractContextManager[Session]:
        """A reading session that may read true locations; they are read in no other."""
        return self._within(self.secret_engine or self.engine, write=False)

    @contextmanager
    def _within(self, engine: Engine, *, write: bool) -> Iterator[Session]:
        session = self._begin(engine, write=write)
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()

    def check(self) -> None:
        """Look, once a process, whether it is fit to serve: the roles of its database, and that nobody is in it who was
        erased (it may have been restored from a backup). Raises Unfit."""
        if self.fit:
            return
        with self.within(write=False) as session:
            database_roles.check_serving(session)
        with self.secrets() as session:
            database_roles.check_secret(session)
        self._erase_again()
        self.fit = True

    def _erase_again(self) -> None:
        if self.erasures is None or not self.erasures.exists():
            return
        try:
            with self.within(write=True) as session:
                again = erasure.reapply(session, LOCAL, self.erasures)
        except Conflict as error:
            raise database_roles.Unfit(f"It will not serve: {error}") from None
        if again:
            erasure.scrub(self.engine)

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

    def keep_counts(self) -> None:
        """Write what was counted of matches, in a transaction of its own. What cannot be written is lost."""
        counted = self.tally.take()
        if counted:
            with self.within(write=True) as session:
                counts.keep(session, counted, self.clock())


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
    declared: bool | None = g.get("writes")
    return request.method not in SAFE_METHODS if declared is None else declared


def session() -> Session:
    """This request's session, begun at first use."""
    begun: Session | None = g.get("session")
    if begun is None:
        here, seen = registry(), g.get("seen")
        if seen is None:
            here.check()
            here.publish_due()
        begun = g.session = here.begin(write=is_writing())
        if seen is not None:
            begun.info["seen"] = seen.registry
    return begun


def look() -> access.Revisions:
    """The revisions that this request saw before its session reads: for what only reads."""
    found: access.Revisions | None = g.get("seen")
    if found is None:
        found = g.seen = registry().look()
    return found


def restart() -> None:
    """Commit what this request has done, to stay done whatever follows; `session` then begins another transaction."""
    session().commit()
    _close()
    g.pop("seen", None)


def abandon() -> None:
    """Undo what this request has done; `session` then begins another transaction."""
    session().rollback()
    _close()
    g.pop("seen", None)


def _finish(answer: Response) -> Response:
    begun: Session | None = g.get("session")
    if begun is None:
        return answer
    try:
        if answer.status_code < 400 and is_writing():
            begun.commit()
        elif begun.in_transaction():
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
        g.read = begun.info.get("read", ())
        if begun.in_transaction() or begun.identity_map:
            begun.close()
