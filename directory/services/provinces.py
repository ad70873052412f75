"""Provincial coordinators act in their province alone: where a record is, by published columns."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory import geography
from directory.errors import Denied
from directory.permissions import Actor
from directory.queries.filters import FILTERS
from directory.services import references
from directory.services.catalogue import COLLECTIONS


def covers(session: Session, actor: Actor, name: str, record_id: str) -> bool:
    """Whether a record lies where the actor acts. A unit that serves a district of the province lies there too."""
    if actor.province is None:
        return True
    answered, model = FILTERS[name], references.MODELS[name]
    placed = [answered["province"](session, actor.province)] if "province" in answered else []
    if name == "departments":
        districts = (code for code, one in geography.districts().items() if one.province == actor.province)
        placed += [answered["district"](session, code) for code in districts]
    return session.scalar(select(model.id).where(model.id == record_id, or_(*placed))) is not None if placed else False


def require_covered(session: Session, actor: Actor, name: str, record_id: str) -> None:
    """Raise Denied for a record outside the actor's province."""
    if not covers(session, actor, name, record_id):
        raise Denied(f"this {COLLECTIONS[name].path} record lies outside {actor.province}")


def of_home(session: Session, kind: str, key: str) -> frozenset[str]:
    """The provinces of an organisation or department, by published columns."""
    name = f"{kind}s"
    model, here = references.MODELS[name], FILTERS[name]["province"]
    return frozenset(
        province
        for province in geography.provinces()
        if session.scalar(select(model.id).where(model.id == key, here(session, province))) is not None
    )
