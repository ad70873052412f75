"""How many people an answer names: what a match takes from the contact allowance. Office lines cost nothing."""

from collections.abc import Iterable, Iterator

from matching.types import Contacts, MatchResult, PackagesResult, StepContact


def people(found: MatchResult) -> int:
    """Distinct numbers and addresses of named people, each counted once however often the answer gives it."""
    return _distinct(_all(found))


def packaged(found: PackagesResult) -> int:
    """The same of packages."""
    members = [member.candidate.contacts for package in found.packages for member in package.members]
    return _distinct([*members, *_of_steps([step.contact for step in found.first])])


def _distinct(contacts: Iterable[Contacts]) -> int:
    return len({value for one in contacts for value in _people(one)})


def _people(contacts: Contacts) -> tuple[str, ...]:
    """Numbers and addresses of named people among them, kept beside them."""
    try:
        return contacts.named
    except AttributeError:
        object.__setattr__(contacts, "named", tuple(call.value for call in contacts.call if call.name is not None))
        return contacts.named


def _all(found: MatchResult) -> Iterator[Contacts]:
    steps = [one.contact for one in found.first]
    yield from (duty.who.contacts for duty in found.duties if duty.who is not None)
    for need in found.by_need:
        apart = [group.candidate for one in need.alternatives for group in one.groups]
        yield from (one.contacts for one in (*need.suitable, *need.confirm_by_phone, *apart))
        steps += [one.contact for one in need.alternatives]
    yield from _of_steps(steps)


def _of_steps(steps: Iterable[StepContact | None]) -> Iterator[Contacts]:
    return (step.contacts for step in steps if step is not None and step.contacts is not None)
