"""All collections, in an order in which each refers only to those before it, and the one way to change any of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from directory.collection import Collection
from directory.permissions import Actor
from directory.services import (
    channels,
    departments,
    links,
    organisations,
    persons,
    posts,
    records,
    references,
    services,
    sites,
    trainings,
)

COLLECTIONS: dict[str, Collection] = {
    collection.name: collection
    for collection in (
        organisations.COLLECTION,
        sites.COLLECTION,
        departments.COLLECTION,
        services.SERVICES,
        services.SERVICE_SITES,
        persons.COLLECTION,
        posts.POSTS,
        posts.FOCAL_POINTS,
        channels.COLLECTION,
        links.COLLECTION,
        trainings.COLLECTION,
    )
}

references.MODELS.update({name: collection.model for name, collection in COLLECTIONS.items()})


def change(
    session: Session, actor: Actor, collection: Collection, record_id: str, version: int, given: Mapping[str, Any]
) -> Any:
    """Change a record of any collection; sites have a way of their own. Raises as records.update."""
    if collection.name == "sites":
        return sites.change(session, actor, record_id, version, given)
    return records.update(session, actor, collection, record_id, version, given)
