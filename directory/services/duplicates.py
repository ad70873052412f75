"""Pairs of records that are likely one, and those of which somebody said that they are not, for good."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.alike import Pair
from directory.errors import Denied, Invalid
from directory.fields import Code, Field, Id, Listing, checked
from directory.models.organisation import NotSame
from directory.permissions import OTHERS, Actor, may
from directory.queries import lookup
from directory.queries.belonging import Condition
from directory.queries.filters import FILTERS
from directory.queries.standing import standing
from directory.queries.visibility import visible, within
from directory.services import audit, likely_one
from directory.services.catalogue import COLLECTIONS

ACTION = "duplicates.settle"
OF_PEOPLE = ("persons",)
"""Coordinators alone compare people."""
PLACED = ("province", "organisation_id")
PATHS = tuple(COLLECTIONS[name].path for name in likely_one.READ)
FIELDS: dict[str, Field] = {
    "collection": Code(among=PATHS, required=True),
    "ids": Listing(of=Id(to=""), most=2, required=True, doc="The two records, in any order."),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A likely pair of a collection; `dismissal_id` where somebody said that it is none."""

    collection: str
    pair: Pair
    dismissal_id: str | None


def page(
    session: Session, actor: Actor, filters: Mapping[str, Any], *, page: int = 1, page_size: int = 50
) -> tuple[list[Found], int]:
    """Likely pairs, the likeliest first, then by collection and ids. Raises Denied."""
    permissions.require(actor, ACTION)
    if filters.get("collection") in OF_PEOPLE and not may(actor, "network.people"):
        raise Denied("people are compared by coordinators alone")
    names = [name for name in _names(actor) if filters.get("collection") in (None, name)]
    put_aside = filters.get("dismissed") or False
    least = filters.get("min_score") or 0.0
    found = []
    for place, name in enumerate(names):
        dismissed = _dismissed(session, name)
        listed = [*standing(name), COLLECTIONS[name].model.status == "active"]
        asked = [FILTERS[name][one](session, filters[one]) for one in PLACED if filters.get(one) is not None]
        seen, mine = _seen(session, actor, name, *listed), _own(session, actor, name, *listed, *asked)
        for pair in likely_one.likely(session, name):
            known = {pair.first, pair.second}
            said = dismissed.get((pair.first, pair.second))
            if known <= seen and known & mine and pair.score >= least and (said is not None) == put_aside:
                found.append((-pair.score, place, pair.first, pair.second, Found(name, pair, said)))
    found.sort(key=lambda entry: entry[:4])
    start = (page - 1) * page_size
    return [entry[4] for entry in found[start : start + page_size]], len(found)


def publish(session: Session, found: list[Found]) -> list[dict[str, Any]]:
    """Pairs with what their records are called."""
    told = []
    for one in found:
        ids = (one.pair.first, one.pair.second)
        model, column = COLLECTIONS[one.collection].model, likely_one.NAMES[one.collection]
        called = {row[0]: row[1] for row in session.execute(select(model.id, column).where(model.id.in_(ids)))}
        told.append(
            {
                "collection": COLLECTIONS[one.collection].path,
                "records": [{"id": key, "name": called.get(key)} for key in ids],
                "score": one.pair.score,
                "reasons": list(one.pair.reasons),
                "dismissal_id": one.dismissal_id,
            }
        )
    return told


def dismiss(session: Session, actor: Actor, given: Mapping[str, Any]) -> NotSame:
    """Say that two records are not one; said again, it is as it was. Raises Denied, Invalid."""
    permissions.require(actor, ACTION)
    values = checked(FIELDS, dict(given))
    name, ids = values["collection"].replace("-", "_"), sorted(set(values["ids"]))
    if name not in _names(actor):
        raise Denied("people are compared by coordinators alone")
    if len(ids) != 2:
        raise Invalid({"ids": ["Two records, and not the same."]})
    there = _seen(session, actor, name)
    wrong = {f"ids.{at}": [f"No record of {name} has this id."] for at, one in enumerate(ids) if one not in there}
    if wrong:
        raise Invalid(wrong)
    if not set(ids) & _own(session, actor, name):
        raise Denied(f"neither of the two lies in {actor.province}")
    pair = (NotSame.first_id == ids[0], NotSame.second_id == ids[1])
    kept = session.scalar(select(NotSame).where(*pair))
    if kept is None:
        kept = NotSame(collection=name, first_id=ids[0], second_id=ids[1], at=changes.now(session))
        session.add(kept)
        session.flush()
        audit.note(session, actor, "duplicate.dismissed", audit.About(name, ids[0]))
    return kept


def get(session: Session, actor: Actor, dismissal_id: str) -> NotSame:
    """What was said of a pair. Raises Denied, NotFound."""
    permissions.require(actor, ACTION)
    seen = select(NotSame).where(NotSame.collection.in_(_names(actor)))
    return lookup.one(session, seen, "duplicates/dismissals", dismissal_id)


def take_back(session: Session, actor: Actor, dismissal_id: str) -> None:
    """Let a pair be likely again. Raises Denied, NotFound."""
    kept = get(session, actor, dismissal_id)
    if not {kept.first_id, kept.second_id} & _own(session, actor, kept.collection):
        raise Denied(f"neither of the two lies in {actor.province}")
    audit.note(session, actor, "duplicate.returned", audit.About(kept.collection, kept.first_id))
    session.delete(kept)
    session.flush()


def _names(actor: Actor) -> list[str]:
    return [name for name in likely_one.READ if name not in OF_PEOPLE or may(actor, "network.people")]


def _dismissed(session: Session, name: str) -> dict[tuple[str, str], str]:
    rows = session.scalars(select(NotSame).where(NotSame.collection == name))
    return {(one.first_id, one.second_id): one.id for one in rows}


def _seen(session: Session, actor: Actor, name: str, *where: Condition) -> Set[str]:
    """Records of a collection that the actor may know of, under some more conditions."""
    key = COLLECTIONS[name].model.id
    return set(session.scalars(select(key).where(*visible(session, replace(actor, scopes=None), name), *where)))


def _own(session: Session, actor: Actor, name: str, *where: Condition) -> Set[str]:
    """Those of them that are the actor's to judge: a coordinator's of the province."""
    belongs = within(session, actor, name, OTHERS[ACTION][actor.role])
    return _seen(session, actor, name, *([] if belongs is None else [belongs]), *where)
