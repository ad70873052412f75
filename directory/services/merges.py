"""Two records are one organisation: what refers to the one that is absorbed refers to the one that stays."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from directory import permissions
from directory.collection import WRITABLE_BY_ALL
from directory.errors import Invalid
from directory.fields import Field, Id, Integer, Listing, checked
from directory.models.organisation import Organisation
from directory.permissions import Actor
from directory.services import access, audit, doubled, moving, records, references
from directory.services.organisations import COLLECTION
from directory.services.provinces import require_covered

ACTION = "organisations.join"

FIELDS: dict[str, Field] = {
    "organisation_id": Id(to="organisations", required=True, doc="The record that is absorbed."),
    "version": Integer(least=1, most=2**31, required=True, doc="The version of it that you saw; another is 412."),
}
GAPS = ("org_type", "sector", "department_code", "description", "website", "npo_number", "accreditation", "parent_id")
"""Fields that the absorbed record fills where the survivor says nothing; what both say is the survivor's."""


def merge(session: Session, actor: Actor, survivor_id: str, version: int, given: Mapping[str, Any]) -> Organisation:
    """Absorb a record into another, in one transaction. The survivor. Raises Denied, NotFound, Invalid,
    VersionConflict, Conflict (one is closed or suspended)."""
    permissions.require(actor, ACTION)
    values = checked(FIELDS, dict(given))
    references.check(session, FIELDS, values, actor)
    survivor, absorbed = _both(session, survivor_id, values["organisation_id"])
    for one in (survivor, absorbed):
        require_covered(session, actor, "organisations", one.id)
    records.expect(survivor, version)
    records.expect(absorbed, values["version"])
    moving.refuse_unsettled(survivor, absorbed)
    cleared = moving.newly_cleared(session, absorbed.id, [survivor.id])
    moving.meet(session, absorbed, survivor)
    came = doubled.links_of(session, absorbed.id)
    moving.lock_out(session, cleared)
    _fill(survivor, absorbed)
    _keep_above(session, survivor, absorbed)
    moved = moving.move_all(session, absorbed.id, survivor.id)
    doubled.settle(session, survivor.id, came)
    absorbed.status, absorbed.merged_into = "closed", survivor.id
    session.flush()
    moving.distrust(session)
    details = (f"absorbed:{absorbed.id}", *(f"{name}:{count}" for name, count in sorted(moved.items())))
    audit.note(session, actor, "organisation.merged", audit.About("organisations", survivor.id, details))
    access.changed(session)
    return survivor


def _both(session: Session, survivor_id: str, absorbed_id: str) -> tuple[Organisation, Organisation]:
    """Both rows, locked in the order of their ids, lest two merges wait for each other."""
    survivor: Organisation = records.find(session, COLLECTION, survivor_id)
    if survivor.id == absorbed_id:
        raise Invalid({"organisation_id": ["It is this record."]})
    held = {one: records.find(session, COLLECTION, one, lock=True) for one in sorted((survivor.id, absorbed_id))}
    return held[survivor.id], held[absorbed_id]


def _fill(survivor: Organisation, absorbed: Organisation) -> None:
    for name in GAPS:
        if getattr(survivor, name) is None:
            setattr(survivor, name, getattr(absorbed, name))
    if survivor.province is None:
        survivor.province, survivor.district = absorbed.province, absorbed.district
    names = [absorbed.name, *absorbed.alternate_names]
    new = [one for one in dict.fromkeys(names) if one != survivor.name]
    fields = {**COLLECTION.fields, **WRITABLE_BY_ALL}
    for name, added in (
        ("alternate_names", new),
        ("external_ids", absorbed.external_ids),
        ("funding", absorbed.funding),
    ):
        kept, field = list(getattr(survivor, name)), fields[name]
        joined = [*kept, *(one for one in added if one not in kept)]
        setattr(survivor, name, joined[: field.most] if isinstance(field, Listing) else joined)


def _keep_above(session: Session, survivor: Organisation, absorbed: Organisation) -> None:
    """Nobody stands below themselves: where the survivor stands below the absorbed one, it stands where that stood."""
    above, seen = survivor.parent_id, {survivor.id}
    while above is not None and above not in seen and above != absorbed.id:
        seen.add(above)
        above = session.get_one(Organisation, above).parent_id
    if above == absorbed.id:
        survivor.parent_id = absorbed.parent_id
    elif above is not None:
        survivor.parent_id = None
    session.flush()
