"""What a match is paid for with and counted as: the people it names, its needs and province."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from directory.services import quotas
from web import transaction
from web.auth import actor

T = TypeVar("T")
CONTACTS = "contacts"


def within_contacts(find: Callable[[bool], T], told: Callable[[T], int]) -> T:
    """What `find` answers, paid for with the people it names; else what it answers when limited, which names none.

    A worker leases a block of the organisation's day at a time, so that most answers cost no write.
    """
    registry, who = transaction.registry(), actor()
    now = registry.clock()
    if registry.purse.is_dry(who, CONTACTS, now):
        return find(True)
    found = find(False)
    return found if registry.purse.spend(who, CONTACTS, told(found), now, _lease) else find(True)


def _lease(wanted: int) -> int:
    with transaction.registry().within(write=True) as session:
        return quotas.lease(session, actor(), CONTACTS, wanted)


def counted(needs: Iterable[str], province: str | None) -> None:
    """Count a match for the statistics: its needs and province, and nothing else. Most write nothing."""
    registry = transaction.registry()
    if registry.tally.add(needs, province, registry.clock()):
        registry.keep_counts()
