"""The only way to a confidential address: a purpose, a fresh second factor, a budget, the audit before the address.

`authorise` is committed before `reveal` reads, in another session; on PostgreSQL that session's role is the only one
that may. `reveal` looks for the audit's entry, which a transaction writes as it commits: no commit, no address.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.errors import Conflict, Denied, NotFound
from directory.fields import Code, Field, Wrong, checked, clean_id
from directory.models.access import Account
from directory.models.department import Department
from directory.models.organisation import Organisation
from directory.models.oversight import AuditEntry, Disclosure
from directory.models.site import Site, SiteSecret
from directory.permissions import Actor
from directory.services import audit, factors, quotas

PURPOSES: dict[str, str] = {
    "transport": "Bringing somebody there whom it has agreed to take.",
    "emergency_response": "Police, fire or ambulance are going there now.",
    "inspection": "A visit under section 24 of Act 7 of 2013.",
    "court_order": "A court has ordered it.",
    "safety_check": "Nobody there answers, and somebody goes to look.",
    "delivery": "Bringing what the place has asked for.",
}

FIELDS: dict[str, Field] = {"purpose": Code(among=tuple(PURPOSES), required=True)}

BUDGET = 10
"""Addresses one person may be told in a day (Johannesburg)."""
ANSWERED_WITHIN = timedelta(minutes=5)
"""How long an authorisation can be followed by reading the address."""


def authorise(session: Session, actor: Actor, site_id: str, given: Mapping[str, Any]) -> Disclosure:
    """Write down who asks for which address, and why. Commit it before `reveal`.

    Raises Denied, SecondFactorNeeded, NotFound, Invalid, Conflict (the place is open or closed), Exhausted.
    """
    permissions.require(actor, "disclosures.make")
    if actor.account_id is None:
        raise Denied("only a person is told an address")
    factors.require_recent(session, actor)
    values = checked(FIELDS, dict(given))
    site = _site(session, actor, site_id)
    _spend(session, actor, actor.account_id)
    made = Disclosure(
        site_id=site.id,
        organisation_id=site.organisation_id,
        account_id=actor.account_id,
        purpose=values["purpose"],
        at=changes.now(session),
    )
    session.add(made)
    session.flush()
    codes = (f"purpose:{made.purpose}", f"site:{site.id}")
    audit.note(session, actor, "disclosure.authorised", audit.About("disclosures", made.id, codes))
    return made


def reveal(secret_session: Session, actor: Actor, disclosure_id: str) -> dict[str, Any]:
    """The address and point, for who was authorised, once that is in the audit. Raises Denied, NotFound."""
    permissions.require(actor, "disclosures.make")
    try:
        made = secret_session.get(Disclosure, clean_id(disclosure_id))
    except Wrong:
        made = None
    if made is None:
        raise Denied("no disclosure was authorised")
    age = changes.now(secret_session) - made.at
    if actor.account_id is None or made.account_id != actor.account_id or age > ANSWERED_WITHIN:
        raise Denied("no disclosure was authorised, or it has passed")
    written = select(AuditEntry.seq).where(AuditEntry.action == "disclosure.authorised", AuditEntry.record == made.id)
    if secret_session.scalar(written) is None:
        raise Denied("the disclosure is not in the audit")
    secret = secret_session.get(SiteSecret, made.site_id)
    if secret is None:
        raise NotFound("sites", made.site_id)
    return {"address": secret.address, "lat": secret.latitude, "lon": secret.longitude}


def page(session: Session, actor: Actor, *, page: int = 1, page_size: int = 50) -> tuple[list[dict[str, Any]], int]:
    """Who asked for whose address, newest first: partners see their own places', auditors all. Raises Denied.

    `asked_by` is null where the person has been erased.
    """
    permissions.require(actor, "disclosures.read")
    conditions = _own(actor)
    total = session.scalar(select(func.count()).select_from(Disclosure).where(*conditions)) or 0
    chosen = (
        select(Disclosure, Account, Organisation.name)
        .outerjoin(Account, Account.id == Disclosure.account_id)
        .outerjoin(Organisation, Organisation.id == Account.organisation_id)
        .where(*conditions)
        .order_by(Disclosure.at.desc(), Disclosure.id)
    )
    rows = session.execute(chosen.offset((page - 1) * page_size).limit(page_size))
    return [_shown(*row) for row in rows], total


def _shown(made: Disclosure, account: Account | None, organisation: str | None) -> dict[str, Any]:
    asker = None
    if account is not None:
        asker = {"display_name": account.display_name, "role": account.role, "organisation": organisation}
    shown = {name: getattr(made, name) for name in ("id", "site_id", "organisation_id", "purpose", "at")}
    return shown | {"asked_by": asker}


def _own(actor: Actor) -> list[ColumnElement[bool]]:
    if actor.role == "auditor":
        return []
    if actor.role == "unit_manager":
        unit = select(Department).where(Department.id == actor.department_id).subquery()
        there = Disclosure.site_id.in_(select(unit.c.site_id))
        return [there, Disclosure.organisation_id.in_(select(unit.c.organisation_id))]
    return [Disclosure.organisation_id == actor.organisation_id]


def _site(session: Session, actor: Actor, site_id: str) -> Site:
    try:
        site = session.get(Site, clean_id(site_id))
    except Wrong:
        site = None
    if site is None:
        raise NotFound("sites", site_id)
    if actor.province not in (None, site.province):
        raise Denied(f"this site lies outside {actor.province}")
    if not site.confidential:
        raise Conflict("the address of an open place is published")
    if site.status == "closed":
        raise Conflict("this place is closed")
    return site


def _spend(session: Session, actor: Actor, account_id: str) -> None:
    """Take one from the person's budget and one from the organisation's allowance. Raises Exhausted."""
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    today = quotas.day_of(changes.now(session))
    begins, ends = quotas.day_begins(today), quotas.day_begins(today + timedelta(days=1))
    made = select(func.count()).where(Disclosure.account_id == account_id, Disclosure.at >= begins)
    if (session.scalar(made) or 0) >= BUDGET:
        raise quotas.Exhausted("disclosures", ends)
    quotas.spend_one(session, actor, "disclosures")
