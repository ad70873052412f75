"""The comparison of what is found with the tasks there are: findings become tasks, clear by themselves, and come back.

Safe among several who run at once: whoever compares holds the one row of runs, and an older plan changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from directory import changes
from directory.changes import LOCAL
from directory.models.fragility import Action, ActionProvince, ActionStep, NetworkRun
from directory.models.organisation import Organisation
from directory.models.post import FocalPoint, Post
from directory.models.record import new_id
from directory.services import figures
from directory.services.moving import SUCCESSION
from directory.services.plans import Found, Plan
from directory.services.upserts import insert_missing

RUN_ID = 1
PAUSE = timedelta(hours=1)
"""On a day on which there was a run, the next reader who may starts another once facts changed and this has passed."""
NEVER = date(1970, 1, 1)
STANDING = ("open", "doing")
POST = "post"
"""The kind of a task about a post that nobody holds: made by a handover, and kept until somebody does."""


@dataclass(slots=True)
class Done:
    """How many tasks a run opened, reopened, cleared and escalated."""

    opened: int = 0
    reopened: int = 0
    cleared: int = 0
    escalated: int = 0


def is_due(session: Session) -> bool:
    """Whether nobody ran today (Johannesburg), or facts changed since and an hour has passed. Only reads."""
    now = changes.now(session)
    run = session.get(NetworkRun, RUN_ID)
    if run is None or run.day < now.astimezone(LOCAL).date():
        return True
    return run.revision < changes.revision(session) and run.at + PAUSE <= now


def apply(session: Session, plan: Plan) -> Done:
    """Make the tasks what the plan says. A plan older than the last run changes nothing."""
    now, done = changes.now(session), Done()
    insert_missing(session, NetworkRun, id=RUN_ID, day=NEVER, revision=0, at=now)
    run = session.scalars(select(NetworkRun).with_for_update().execution_options(populate_existing=True)).one()
    if (plan.day, plan.revision) < (run.day, run.revision):
        return done
    run.day, run.revision, run.at = plan.day, plan.revision, now
    known = {one.key: one for one in session.scalars(select(Action))}
    for found in plan.found:
        task = known.pop(found.key, None)
        if task is None:
            _open(session, found, plan.day)
            done.opened += 1
        else:
            done.reopened += _keep(session, task, found, plan.day)
            done.escalated += _escalate(session, task, plan.day)
    for task in known.values():
        settled = SETTLED.get(task.kind)
        if settled is not None and not settled(session, task.subject, plan.day):
            done.escalated += _escalate(session, task, plan.day)
        else:
            done.cleared += _clear(session, task)
    figures.keep(session, plan)
    session.flush()
    return done


def open_at_once(session: Session, found: Found) -> None:
    """Make a task that waits for no run, of a kind of SETTLED."""
    day = changes.today(session)
    task = session.scalar(select(Action).where(Action.key == found.key).with_for_update())
    if task is None:
        _open(session, found, day)
    else:
        _keep(session, task, found, day)


def _is_held(session: Session, post_id: str, day: date) -> bool:
    """Whether somebody holds the post on a day, or the post is no more."""
    post = session.get(Post, post_id)
    if post is None or post.status == "closed":
        return True
    over, starts = FocalPoint.ends, FocalPoint.starts
    holding = (FocalPoint.post_id == post_id, FocalPoint.status == "active", or_(over.is_(None), over > day))
    held = select(FocalPoint.id).where(*holding, or_(starts.is_(None), starts <= day))
    return session.scalar(held.limit(1)) is not None


def _is_confirmed(session: Session, organisation_id: str, _day: date) -> bool:
    """Whether somebody confirmed an organisation since it followed another, or it is no more."""
    found = session.get(Organisation, organisation_id)
    return found is None or found.status == "closed" or found.verified_at is not None


SETTLED: Mapping[str, Callable[[Session, str, date], bool]] = {POST: _is_held, SUCCESSION: _is_confirmed}
"""When a task is over that no run finds, by its kind."""


def _open(session: Session, found: Found, day: date) -> None:
    now = changes.now(session)
    task = Action(
        id=new_id(),
        key=found.key,
        kind=found.kind,
        subject=found.subject,
        state="open",
        due_on=day + timedelta(days=found.due_days),
        opened_at=now,
        updated_at=now,
    )
    _describe(task, found)
    session.add(task)
    session.flush()
    session.add_all(ActionProvince(action_id=task.id, province=one) for one in sorted(found.provinces))
    step(session, task, "found")


def _describe(task: Action, found: Found) -> None:
    """What may change while it is the same finding."""
    told = {name: getattr(found, name) for name in ("found", "action", "reason", "urgency", "priority", "size")}
    told["owner_type"], told["owner_id"] = found.owner or (None, None)
    for name, value in told.items():
        if getattr(task, name) != value:
            setattr(task, name, value)


def _keep(session: Session, task: Action, found: Found, day: date) -> bool:
    """Bring a task up to date; whether it was opened again. What was called done is open while it is still found, and
    what a coordinator dropped stays dropped until it has been gone."""
    _describe(task, found)
    _place(session, task, found.provinces)
    returned = task.cleared_at is not None
    if returned:
        task.cleared_at, task.escalated_at = None, None
        task.due_on, task.opened_at = day + timedelta(days=found.due_days), changes.now(session)
    elif task.state != "done":
        return False
    task.state = "open"
    step(session, task, "returned" if returned else "still_found")
    return True


def _place(session: Session, task: Action, provinces: Iterable[str]) -> None:
    there = set(session.scalars(select(ActionProvince.province).where(ActionProvince.action_id == task.id)))
    if there != set(provinces):
        session.execute(delete(ActionProvince).where(ActionProvince.action_id == task.id))
        session.add_all(ActionProvince(action_id=task.id, province=one) for one in sorted(provinces))


def _escalate(session: Session, task: Action, day: date) -> bool:
    """Hand what is overdue to the task team, once."""
    if task.state not in STANDING or task.due_on >= day or task.escalated_at is not None:
        return False
    task.escalated_at = changes.now(session)
    step(session, task, "escalated")
    return True


def _clear(session: Session, task: Action) -> bool:
    """The registry says that it is mended."""
    if task.cleared_at is not None:
        return False
    task.cleared_at = changes.now(session)
    task.state = "done" if task.state != "dropped" else task.state
    step(session, task, "cleared")
    return True


def step(session: Session, task: Action, cause: str) -> None:
    """Write a step of the history."""
    task.updated_at = changes.now(session)
    session.add(ActionStep(action_id=task.id, at=task.updated_at, state=task.state, cause=cause))
