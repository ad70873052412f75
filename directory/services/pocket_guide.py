"""What may be printed and carried about: public office lines of departments and open organisations, in one province.

Nothing of an organisation with a confidential site, no shelter whatever it is, no person and no number of a person:
paper lies in cars, and whoever finds it must learn no door and nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory import permissions
from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.organisation import Organisation
from directory.permissions import Actor
from directory.queries.filters import FILTERS
from directory.queries.masking import masked_organisations
from directory.queries.standing import standing
from directory.queries.visibility import SHELTERS

OFFICE = ("duty_line", "on_call_roster", "role_mailbox")
"""Kinds of channel that are no person's."""
LEVELS = ("national", "provincial", "district", "station_site", None)


@dataclass(frozen=True, slots=True)
class Line:
    """A number or mailbox, and when it is answered: hours, "24h" or None for not known."""

    kind: str
    value: str
    hours: Any
    tested_at: datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An office or organisation; `of` is the organisation that an office belongs to, `level` an office's own."""

    name: str
    of: str
    level: str | None
    lines: tuple[Line, ...]


def public_contacts(session: Session, actor: Actor, province: str) -> list[Entry]:
    """Everything printable of a province: national offices, then the province's by level and name, then others.

    The same for whoever asks: what is public does not depend on who reads it. Raises Denied.
    """
    permissions.require(actor, "registry.read")
    owners = _owners(session)
    units = [unit for unit in _units(session, province) if unit.organisation_id in owners]
    lines = _lines(session, [unit.id for unit in units], list(owners))
    offices = [_entry(one, owners[one.organisation_id], lines, one.level) for one in units]
    offices.sort(key=lambda one: (LEVELS.index(one.level), one.of, one.name))
    here = FILTERS["organisations"]["province"](session, province)
    ids = set(session.scalars(select(Organisation.id).where(here)))
    others = [_entry(one, one, lines, None) for one in owners.values() if one.id in ids]
    return [one for one in (*offices, *sorted(others, key=lambda one: one.name)) if one.lines]


def _owners(session: Session) -> dict[str, Organisation]:
    """Organisations of which something may be printed at all."""
    chosen = select(Organisation).where(
        Organisation.status == "active",
        Organisation.id.not_in(masked_organisations(session)),
        or_(Organisation.org_type.is_(None), Organisation.org_type.not_in(SHELTERS)),
        *standing("organisations"),
    )
    return {one.id: one for one in session.scalars(chosen)}


def _units(session: Session, province: str) -> Sequence[Department]:
    here = or_(FILTERS["departments"]["province"](session, province), Department.level == "national")
    chosen = select(Department).where(Department.status == "active", here, *standing("departments"))
    return session.scalars(chosen).all()


def _lines(session: Session, units: Sequence[str], organisations: Sequence[str]) -> dict[str, list[Line]]:
    """Lines by their owner, without any that is somebody's own number."""
    personal = set(session.scalars(select(Channel.value).where(Channel.channel_kind.not_in(OFFICE))))
    chosen = select(Channel).where(
        Channel.status == "active",
        Channel.visibility == "public",
        Channel.channel_kind.in_(OFFICE),
        Channel.owner_type.in_(("department", "organisation")),
    )
    wanted, found = {*units, *organisations}, dict[str, list[Line]]()
    for one in session.scalars(chosen.order_by(Channel.channel_kind, Channel.value)):
        if one.owner_id in wanted and one.value not in personal:
            line = Line(one.channel_kind, one.value, one.hours, one.tested_at)
            found.setdefault(one.owner_id, []).append(line)
    return found


def _entry(
    one: Department | Organisation, owner: Organisation, lines: dict[str, list[Line]], level: str | None
) -> Entry:
    return Entry(one.name, owner.name, level, tuple(lines.get(one.id, ())))
