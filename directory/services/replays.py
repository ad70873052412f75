"""POSTs made with an Idempotency-Key: kept 24 hours, in the transaction that did the work, so none is done twice."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from directory import changes
from directory.errors import Invalid
from directory.models.upkeep import Replay
from directory.permissions import Actor

KEPT = timedelta(hours=24)


def recall(session: Session, actor: Actor, route: str, key: str, digest: str) -> Replay | None:
    """The earlier POST with this key, if any. Raises Invalid when its body was another."""
    earlier = session.get(Replay, (actor.name, route, key))
    if earlier is None or earlier.created_at <= changes.now(session) - KEPT:
        return None
    if earlier.body_hmac != digest:
        raise Invalid({"Idempotency-Key": ["This key was used with another body."]})
    return earlier


def remember(session: Session, actor: Actor, route: str, key: str, digest: str, outcome: tuple[int, str]) -> None:
    """Keep what a POST answered: its status and the id of what it made. Older ones are dropped."""
    moment = changes.now(session)
    session.execute(delete(Replay).where(Replay.created_at <= moment - KEPT))
    status, record_id = outcome
    session.add(
        Replay(
            actor=actor.name,
            route=route,
            key=key,
            body_hmac=digest,
            status=status,
            record_id=record_id,
            created_at=moment,
        )
    )
    session.flush()
