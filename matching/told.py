"""How many people an answer names: what a match takes from the contact allowance. Office lines cost nothing."""

from collections.abc import Iterator

from matching.types import Contacts, MatchResult


def people(found: MatchResult) -> int:
    """Distinct numbers and addresses of named people, each counted once however often the answer gives it."""
    return len({call.value for contacts in _all(found) for call in contacts.call if call.name is not None})


def _all(found: MatchResult) -> Iterator[Contacts]:
    steps = [one.contact for one in found.first]
    yield from (duty.who.contacts for duty in found.duties if duty.who is not None)
    for need in found.by_need:
        apart = [group.candidate for one in need.alternatives for group in one.groups]
        yield from (one.contacts for one in (*need.suitable, *need.confirm_by_phone, *apart))
        steps += [one.contact for one in need.alternatives]
    yield from (step.contacts for step in steps if step is not None and step.contacts is not None)
