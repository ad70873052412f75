"""Loads the fictitious network into an empty registry, through the services, in the caller's transaction."""

from pathlib import Path

from sqlalchemy.orm import Session

from directory.exchange import jsonl
from directory.permissions import Actor
from directory.services import capacity

NETWORK = Path(__file__).resolve().parent / "network"


def load(
    session: Session, actor: Actor, path: Path = NETWORK, progress: jsonl.Progress | None = None
) -> dict[str, int]:
    """Load a network and publish its capacities at once: nobody could have watched an empty registry.

    Returns the number of records by collection. Raises jsonl.LoadFailed, Denied.
    """
    counts = jsonl.load(session, actor, path, progress)
    capacity.publish(session)
    return counts
