"""Links of an organisation that has become another's: what tied the two to each other ends, what doubles is joined."""

from collections.abc import Set
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models.department import Department
from directory.models.link import Link
from directory.queries.belonging import ends

FLIPPED = {"a": "b", "b": "a"}
MOST_FACTS = 200


def links_of(session: Session, organisation_id: str) -> frozenset[str]:
    """Ids of the links with an end at an organisation or one of its units."""
    units = select(Department.id).where(Department.organisation_id == organisation_id)
    tied = ends("organisation", [organisation_id]) | ends("department", units)
    return frozenset(session.scalars(select(Link.id).where(tied)))


def settle(session: Session, organisation_id: str, came: Set[str]) -> None:
    """Settle the links that came to an organisation: those to itself or its own units close, and one to a partner that
    it is linked with already is joined with that link, and closes."""
    units = set(session.scalars(select(Department.id).where(Department.organisation_id == organisation_id)))
    here = ("organisation", organisation_id)
    own = {here, *(("department", one) for one in units)}
    found = select(Link).where(ends("organisation", [organisation_id]), Link.status == "active").with_for_update()
    kept: dict[tuple[str, str], Link] = {}
    for link in sorted(session.scalars(found), key=lambda one: (one.id in came, one.created_at, one.id)):
        far = (link.b_type, link.b_id) if (link.a_type, link.a_id) == here else (link.a_type, link.a_id)
        if link.id in came and (far in own or far in kept):
            if far not in own:
                _join(kept[far], link, flipped=(kept[far].a_type, kept[far].a_id) != (link.a_type, link.a_id))
            link.status = "closed"
        else:
            kept.setdefault(far, link)
    session.flush()


def _join(kept: Link, doubled: Link, *, flipped: bool) -> None:
    """What the doubled link says is said of the one that stays: confirmed as late as either, verified as early."""
    kept.link_types = [*kept.link_types, *(one for one in doubled.link_types if one not in kept.link_types)]
    kept.carriers = _carriers(kept.carriers, _turned(doubled.carriers, flipped))
    known = [(one["end"], one["channel_id"]) for one in kept.channels]
    added = [one for one in _turned(doubled.channels, flipped) if (one["end"], one["channel_id"]) not in known]
    kept.channels = [*kept.channels, *added]
    kept.facts = sorted([*kept.facts, *doubled.facts], key=lambda one: str(one["on"]))[-MOST_FACTS:]
    kept.memorandum = kept.memorandum or doubled.memorandum
    said = [one for one in (kept.last_confirmed_at, doubled.last_confirmed_at) if one is not None]
    kept.last_confirmed_at = max(said, default=None)
    if kept.verified_at is not None:
        kept.verified_at = doubled.verified_at and min(kept.verified_at, doubled.verified_at)


def _turned(items: list[Any], flipped: bool) -> list[dict[str, Any]]:
    return [{**one, "end": FLIPPED[one["end"]] if flipped else one["end"]} for one in items]


def _carriers(kept: list[Any], added: list[dict[str, Any]]) -> list[dict[str, Any]]:
    joined = {(one["end"], one["focal_point_id"]): dict(one) for one in kept}
    for one in added:
        there = joined.setdefault((one["end"], one["focal_point_id"]), {**one, "link_types": []})
        types = [*(there.get("link_types") or ()), *(one.get("link_types") or ())]
        there["link_types"] = list(dict.fromkeys(types))
    return list(joined.values())
