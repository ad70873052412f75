"""The grade of a contact in a sentence, and what to do about it.

A sentence names roles and lines, never a person: a colleague reads it out on the phone.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal

from matching.contacts import Contact, End, Reach

Advice = Literal[
    "nominate_deputy", "get_duty_line", "sign_mou", "joint_introduction", "reverify", "task_team_escalation"
]

LINES = {"duty_line": "the duty line", "role_mailbox": "the role mailbox", "on_call_roster": "the on-call roster"}
ROLES = {"after_hours_duty": "after-hours officer", "health_focal": "health focal point"}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def advice(end: End, reach: Reach, lapsed_memorandum: bool = False) -> Advice | None:
    """The one next step that lifts the grade, None when backed.

    single_contact: nominate_deputy. single_channel: joint_introduction, since a line is known and no person.
    person_only: get_duty_line, or sign_mou where the memorandum has lapsed and only needs renewing. dead: reverify
    when somebody in post or a line is on record, who may still answer; task_team_escalation when nobody is left.
    """
    match reach.grade:
        case "single_contact":
            return "nominate_deputy"
        case "single_channel":
            return "joint_introduction"
        case "person_only":
            return "sign_mou" if lapsed_memorandum else "get_duty_line"
        case "dead":
            return "reverify" if _somebody_listed(end) else "task_team_escalation"
        case _:
            return None


def reason(end: End, reach: Reach, *, linked: bool) -> str:
    """Why the grade is what it is. `linked`: the end belongs to a link of the one who asks."""
    place = "on your link" if linked else "here"
    match reach.grade:
        case "dead":
            return _why_dead(end, linked)
        case "single_contact":
            return _why_single(reach.contacts[0], place)
        case "single_channel":
            return (
                f"Only one line, {_kind(reach.lines[0][0])}, answers {place}; "
                "no person in post has been confirmed lately."
            )
        case "person_only":
            return (
                f"{_people(reach)} answer {place}, but every number is a person's own: "
                "no office line that was tested lately outlives them."
            )
        case _:
            return _why_backed(reach, place)


def _somebody_listed(end: End) -> bool:
    return end.open and (any(m.in_post for m in end.members) or any(not line.own for line in end.lines))


def _why_dead(end: End, linked: bool) -> str:
    if not end.open:
        return "This office is closed or suspended: nobody answers here."
    if _somebody_listed(end):
        return "Nobody here has been confirmed lately: who is listed may have left, so confirm by phone."
    if end.members:
        return "Who was listed here has left or is on leave, or the post is vacant: nobody answers."
    return f"No person in post and no office line is on record {'on your link' if linked else 'here'}."


def _why_single(contact: Contact, place: str) -> str:
    roles = _list([_role(role) for role in contact.roles])
    if len(contact.people) > 1:
        who = f", {roles}," if roles else ""
        return f"{_number(len(contact.people)).capitalize()} people{who} share one number {place}: one contact."
    who = f", {roles}," if roles else ""
    return f"Only one person{who} answers {place}; no office line has been tested lately."


def _why_backed(reach: Reach, place: str) -> str:
    if not reach.lines:
        return f"{_people(reach)} answer {place} under a signed agreement, though no office line outlives them."
    kinds = Counter(kind for kind, _ in reach.lines)
    lines = [_kinds(kind, count) for kind, count in kinds.items()]
    if not reach.contacts:
        return f"No person in post is confirmed, but {_list(lines)} answer {place}."
    return f"{_list([_people(reach), *lines])} answer {place}."


def _people(reach: Reach) -> str:
    count = len(reach.contacts)
    return "One person" if count == 1 else f"{_number(count).capitalize()} people"


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def _role(code: str) -> str:
    return f"the {ROLES.get(code, code.replace('_', ' '))}"


def _kind(code: str) -> str:
    return LINES.get(code, code.replace("_", " "))


def _kinds(code: str, count: int) -> str:
    return _kind(code) if count == 1 else f"{_number(count)} {_kind(code).removeprefix('the ')}s"


def _list(parts: list[str]) -> str:
    """Joined as one says it; several of a kind are named once."""
    named = list(dict.fromkeys(parts))
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}" if named else ""
