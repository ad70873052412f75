"""What a match is paid for with and counted as: the people it names, its needs and province."""

from collections.abc import Callable
from typing import TypeVar

from directory.permissions import Actor
from directory.services import quotas
from matching import service
from matching.service import MatchAndPackages
from matching.types import MatchResult, Need, PackagesResult
from web import transaction
from web.auth import actor
from web.transaction import Registry

Answer = TypeVar("Answer", MatchResult, PackagesResult, MatchAndPackages)
CONTACTS = "contacts"


def matched(need: Need) -> MatchResult:
    """The match of whoever asks, by program or by page: paid for and counted. Raises Denied, Invalid."""
    return _asked(need, service.match, service.people_told)


def matched_and_packaged(need: Need) -> MatchAndPackages:
    """The match, and with it the packages, which are shown without numbers and so cost none."""
    return _asked(need, service.match_and_packages, lambda found: service.people_told(found.match))


def packaged(need: Need) -> PackagesResult:
    """The packages of whoever asks, paid for and counted. Raises Denied, Invalid."""
    return _asked(need, service.package, service.people_packaged)


def _asked(need: Need, ask: Callable[..., Answer], told: Callable[[Answer], int]) -> Answer:
    """Needs and province are counted for the statistics, and nothing else; most answers write nothing."""
    registry, who = transaction.registry(), actor()
    now = registry.clock()

    def find(limited: bool) -> Answer:
        return ask(transaction.session(), who, need, now, limited=limited)

    found = _within_contacts(registry, who, find, told)
    if registry.tally.add(need.needs, found.near.province, registry.clock()):
        registry.keep_counts()
    return found


def _within_contacts(
    registry: Registry, who: Actor, find: Callable[[bool], Answer], told: Callable[[Answer], int]
) -> Answer:
    """What `find` answers, paid for with the people it names; else what it answers when limited, which names none.

    A worker leases a block of the organisation's day at a time, so that most answers cost no write.
    """
    now = registry.clock()
    if registry.purse.is_dry(who, CONTACTS, now):
        return find(True)
    found = find(False)
    return found if registry.purse.spend(who, CONTACTS, told(found), now, _lease) else find(True)


def _lease(wanted: int) -> int:
    with transaction.registry().within(write=True) as session:
        return quotas.lease_block(session, actor(), CONTACTS, wanted)
