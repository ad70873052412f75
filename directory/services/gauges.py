"""What an operator watches of the registry: figures of the whole, of nobody and no place."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.models.oversight import AuditHead, Quota
from directory.permissions import Actor
from directory.services import quotas


@dataclass(frozen=True, slots=True)
class Gauges:
    """The registry's revision, how long the audit is, and how much of each allowance all have leased today."""

    revision: int
    audit_entries: int
    leased: Mapping[str, int]


def read(session: Session, actor: Actor) -> Gauges:
    """The figures now. Raises Denied."""
    permissions.require(actor, "metrics.read")
    today = quotas.day_of(changes.now(session))
    sums = select(Quota.kind, func.sum(Quota.leased)).where(Quota.day == today).group_by(Quota.kind)
    leased = {str(kind): int(total) for kind, total in session.execute(sums)}
    length = session.scalar(select(AuditHead.seq)) or 0
    return Gauges(changes.revision(session), length, {kind: leased.get(kind, 0) for kind in quotas.KINDS})
