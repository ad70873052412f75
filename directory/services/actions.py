"""Tasks made of findings: whose they are, by when, and what came of them. Sentences name posts and offices."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.changes import LOCAL
from directory.errors import Denied, VersionConflict
from directory.fields import Code, Field, checked
from directory.models.department import Department
from directory.models.fragility import Action, ActionProvince, ActionStep
from directory.models.organisation import Organisation
from directory.permissions import OTHERS, Actor
from directory.queries import lookup
from directory.queries.belonging import of_actor
from directory.queries.visibility import links_seen
from directory.services import audit
from directory.services.runs import STANDING, step

ACTION = "actions.read"
RESULTS_READ = "network.read"
WRITE = "actions.write"
STATES = ("open", "doing", "done", "dropped")
ADVICE = ("nominate_deputy", "get_duty_line", "sign_mou", "joint_introduction", "reverify", "task_team_escalation")
ESCALATED = "task_team_escalation"
CAUSES: dict[str, str] = {
    "found": "It was found for the first time.",
    "said": "Somebody said so.",
    "cleared": "The registry shows that it is mended.",
    "returned": "It was mended, and is found again.",
    "still_found": "It was called done, and is still found.",
    "escalated": "It is overdue, and the task team's.",
}
FIELDS: dict[str, Field] = {"state": Code(among=STATES, required=True, doc="Coordinators alone drop a task.")}
OWN = ("organisation", "unit")
LINK = "link_"
"""How the kinds of tasks begin whose reason names both partners of a link."""


def page(
    session: Session, actor: Actor, filters: Mapping[str, Any], *, page: int = 1, page_size: int = 50
) -> tuple[list[Action], int]:
    """Tasks that the actor may read, the first to be done first. Raises Denied."""
    conditions = [*_readable(session, actor, ACTION), *_asked(session, filters)]
    total = session.scalar(select(func.count()).select_from(Action).where(*conditions)) or 0
    chosen = select(Action).where(*conditions).order_by(Action.due_on, Action.priority, Action.id)
    return list(session.scalars(chosen.offset((page - 1) * page_size).limit(page_size))), total


def get(session: Session, actor: Actor, action_id: str, action: str = ACTION) -> Action:
    """One task, to be read or changed. Raises Denied, NotFound."""
    return _find(session, actor, action_id, action)


def change(session: Session, actor: Actor, action_id: str, version: int, given: Mapping[str, Any]) -> Action:
    """Say how far a task is. Raises Denied, NotFound, Invalid, VersionConflict."""
    task = _find(session, actor, action_id, WRITE, lock=True)
    values = checked(FIELDS, dict(given))
    if task.version != version:
        raise VersionConflict(task.version)
    if values["state"] == "dropped" and OTHERS[WRITE][actor.role] in OWN:
        raise Denied("a coordinator says whether a task is dropped")
    if values["state"] != task.state:
        task.state = values["state"]
        step(session, task, "said")
        session.flush()
        about = audit.About("actions", task.id, (f"state:{task.state}",))
        audit.note(session, actor, "action.changed", about)
    return task


def publish(session: Session, actor: Actor, tasks: Sequence[Action]) -> list[dict[str, Any]]:
    """Tasks as an actor reads them. Who somebody is on whom much hangs is told to coordinators alone."""
    owners = _names(session, tasks)
    provinces = _provinces(session, tasks)
    today = changes.today(session)
    return [_published(actor, one, owners, provinces.get(one.id, []), today) for one in tasks]


def history(session: Session, task: Action) -> list[dict[str, Any]]:
    """The steps of a task, oldest first."""
    steps = session.scalars(select(ActionStep).where(ActionStep.action_id == task.id))
    ordered = sorted(steps, key=lambda one: (one.at, one.cause != "found"))
    return [{"at": one.at, "state": one.state, "cause": one.cause} for one in ordered]


def results(session: Session, actor: Actor, first: date, last: date, province: str | None) -> list[dict[str, Any]]:
    """For each owner: what came up and what came of it from the first day to the last, and what stands now. Raises
    Denied."""
    conditions = [*_readable(session, actor, RESULTS_READ), *_asked(session, {"province": province})]
    tasks = {one.id: one for one in session.scalars(select(Action).where(*conditions))}
    since, until = (datetime.combine(day, time(), LOCAL) for day in (first, last + timedelta(days=1)))
    steps = session.scalars(select(ActionStep).where(ActionStep.at >= since, ActionStep.at < until)).all()
    today = changes.today(session)
    told: dict[Any, dict[str, int]] = {}
    for task in tasks.values():
        mine = told.setdefault((task.owner_type, task.owner_id), dict.fromkeys(RESULTS, 0))
        mine["standing"] += task.state in STANDING
        mine["overdue"] += _overdue(task, today)
    for one in steps:
        if one.action_id in tasks:
            task = tasks[one.action_id]
            name = BY_CAUSE.get(one.cause) or ("dropped" if one.state == "dropped" else "")
            if name:
                told[task.owner_type, task.owner_id][name] += 1
    names = _names(session, list(tasks.values()))
    rows = [{"owner": _owner(kind, key, names), **counts} for (kind, key), counts in told.items()]
    return sorted(rows, key=lambda row: (-row["overdue"], -row["standing"], str(row["owner"])))


RESULTS = ("opened", "returned", "cleared", "escalated", "dropped", "standing", "overdue")
BY_CAUSE = {"found": "opened", "returned": "returned", "cleared": "cleared", "escalated": "escalated"}


def _published(
    actor: Actor, task: Action, owners: Mapping[str, str], provinces: Sequence[str], today: date
) -> dict[str, Any]:
    told = {name: getattr(task, name) for name in ("id", "version", "kind", "subject", "found")}
    if task.kind == "person" and OTHERS[ACTION][actor.role] in OWN:
        del told["subject"]
    return {
        **told,
        "action": task.action if task.escalated_at is None else ESCALATED,
        "advice": task.action,
        "reason": task.reason,
        "owner": _owner(task.owner_type, task.owner_id, owners),
        "provinces": list(provinces),
        **{name: getattr(task, name) for name in ("urgency", "priority", "size", "state", "due_on")},
        "overdue": _overdue(task, today),
        **{name: getattr(task, name) for name in ("opened_at", "updated_at", "cleared_at", "escalated_at")},
    }


def _overdue(task: Action, today: date) -> bool:
    return task.state in STANDING and task.due_on < today


def _owner(kind: str | None, key: str | None, names: Mapping[str, str]) -> dict[str, Any] | None:
    return None if kind is None or key is None else {"type": kind, "id": key, "name": names.get(key)}


def _names(session: Session, tasks: Sequence[Action]) -> dict[str, str]:
    names: dict[str, str] = {}
    for kind, model in (("organisation", Organisation), ("department", Department)):
        ids = sorted({one.owner_id for one in tasks if one.owner_type == kind and one.owner_id is not None})
        rows: Any = select(model.id, model.name).where(model.id.in_(ids))
        names |= {row.id: row.name for row in session.execute(rows)}
    return names


def _provinces(session: Session, tasks: Sequence[Action]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    chosen = select(ActionProvince).where(ActionProvince.action_id.in_([one.id for one in tasks]))
    for row in session.scalars(chosen.order_by(ActionProvince.province)):
        found.setdefault(row.action_id, []).append(row.province)
    return found


def _find(session: Session, actor: Actor, action_id: str, action: str, *, lock: bool = False) -> Action:
    seen = select(Action).where(*_readable(session, actor, action))
    return lookup.one(session, seen.with_for_update() if lock else seen, "network/actions", action_id)


def _readable(session: Session, actor: Actor, action: str) -> list[ColumnElement[bool]]:
    """Coordinators those of their province, everybody else their own; about a link, if they may know of it."""
    permissions.require(actor, action)
    granted = OTHERS[action][actor.role]
    conditions = []
    if granted in OWN:
        conditions.append(of_actor(Action.owner_type, Action.owner_id, actor))
    elif granted == "province" and actor.province is not None:
        conditions.append(_in(actor.province))
    linked = select(Action.subject).where(Action.kind.startswith(LINK), *conditions)
    unknown = set(session.scalars(linked)) - links_seen(session, replace(actor, scopes=None), None)
    return [*conditions, Action.subject.not_in(unknown)] if unknown else conditions


def _in(province: str) -> ColumnElement[bool]:
    return Action.id.in_(select(ActionProvince.action_id).where(ActionProvince.province == province))


def _asked(session: Session, filters: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    today = changes.today(session)
    wanted: list[ColumnElement[bool]] = []
    if filters.get("state") is not None:
        wanted.append(Action.state == filters["state"])
    if filters.get("province") is not None:
        wanted.append(_in(filters["province"]))
    for kind in ("organisation", "department"):
        if filters.get(f"{kind}_id") is not None:
            wanted += [Action.owner_type == kind, Action.owner_id == filters[f"{kind}_id"]]
    if filters.get("overdue") is not None:
        late = and_(Action.state.in_(STANDING), Action.due_on < today)
        wanted.append(late if filters["overdue"] else ~late)
    if filters.get("escalated") is not None:
        handed = Action.escalated_at.is_not(None)
        wanted.append(handed if filters["escalated"] else ~handed)
    return wanted
