"""Which records have to be asked again: never confirmed, stale, soon stale, or numbers that led to somebody else."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import case, false, literal, or_, select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.collection import Collection
from directory.permissions import OTHERS, Actor
from directory.queries.filters import FILTERS
from directory.queries.standing import standing
from directory.queries.visibility import visible, within
from directory.services.catalogue import COLLECTIONS
from directory.services.listing import stale

ACTION = "queue.read"
QUEUED: Mapping[str, Collection] = {name: one for name, one in COLLECTIONS.items() if name != "trainings"}
"""What is asked again: a training is over, and asks for nothing."""
SOON_DAYS = 30
"""How many days ahead a record counts as soon stale: a month's round of calls."""

AGES: Mapping[str, str] = {
    "doubted": "The number led to somebody else when it was last called.",
    "never_verified": "Nobody has confirmed it, or somebody found it wrong, or it came to another organisation.",
    "stale": "Nobody confirmed it for more than 180 days.",
    "soon_stale": f"It turns stale within {SOON_DAYS} days.",
}
"""Why a record is asked again, the most pressing first."""
PLACED = ("province", "district", "organisation_id")


@dataclass(frozen=True, slots=True)
class Due:
    """A record to be asked again, and the code of AGES that says why."""

    collection: str
    id: str
    age: str


def due(session: Session, actor: Actor, filters: Mapping[str, Any]) -> list[Due]:
    """All of them that are the actor's to ask: coordinators' of their province, managers' own. Raises Denied."""
    permissions.require(actor, ACTION)
    only = filters.get("collection")
    return [one for name in QUEUED if only in (None, name) for one in _of(session, actor, name, filters)]


def _of(session: Session, actor: Actor, name: str, filters: Mapping[str, Any]) -> list[Due]:
    collection, model = QUEUED[name], QUEUED[name].model
    belongs = within(session, actor, name, OTHERS[ACTION][actor.role])
    conditions = [*visible(session, replace(actor, scopes=None), name), *standing(name), model.status != "closed"]
    conditions += [] if belongs is None else [belongs]
    answered = FILTERS[name]
    for asked in PLACED:
        if filters.get(asked) is not None:
            conditions.append(answered[asked](session, filters[asked]) if asked in answered else false())
    now = changes.now(session)
    late, soon = (stale(session, collection, at) for at in (now, now + timedelta(days=SOON_DAYS)))
    doubted = answered["doubted"](session, True) if "doubted" in answered else literal(False)
    wanted = {None: or_(soon, doubted), True: or_(late, doubted), False: soon & ~late & ~doubted}
    never = model.verified_at.is_(None)
    age = case((doubted, "doubted"), (never, "never_verified"), (late, "stale"), else_="soon_stale")
    chosen = select(model.id, age).where(*conditions, wanted[filters.get("stale")])
    return [Due(name, identifier, said) for identifier, said in session.execute(chosen)]
