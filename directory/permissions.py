"""May this actor do that? One table an auditor can read."""

from dataclasses import dataclass
from typing import Literal

from directory.errors import Denied

Role = Literal[
    "anonymous",
    "app",
    "caseworker",
    "partner_manager",
    "unit_manager",
    "coordinator",
    "disclosure",
    "auditor",
    "admin",
]

ACTIONS: dict[str, frozenset[Role]] = {
    "registry.read": frozenset(
        {"app", "caseworker", "partner_manager", "unit_manager", "coordinator", "disclosure", "admin"}
    ),
    "registry.write": frozenset({"coordinator", "admin"}),
    "registry.load": frozenset({"admin"}),
    "capacity.write": frozenset({"partner_manager", "coordinator", "admin"}),
    "match": frozenset({"app", "caseworker", "partner_manager", "unit_manager", "coordinator", "admin"}),
    "grades.read": frozenset({"coordinator", "admin"}),
}

VISIBILITY: dict[Role, frozenset[str]] = {
    "anonymous": frozenset(),
    "app": frozenset({"public"}),
    "caseworker": frozenset({"public", "network"}),
    "partner_manager": frozenset({"public", "network"}),
    "unit_manager": frozenset({"public", "network"}),
    "coordinator": frozenset({"public", "network", "restricted"}),
    "disclosure": frozenset({"public", "network"}),
    "auditor": frozenset(),
    "admin": frozenset({"public", "network", "restricted"}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a role and, for managers and caseworkers, the organisation or department unit they act for (ids)."""

    role: Role
    name: str
    organisation_id: str | None = None
    department_id: str | None = None

    @property
    def visibility(self) -> frozenset[str]:
        """Classes of channels (vocabulary `visibility`) that this actor may see."""
        return VISIBILITY[self.role]


LOCAL = Actor("admin", "local")
"""Everybody who reaches the loopback address, until accounts exist."""


def require(actor: Actor, action: str) -> None:
    """Raise Denied unless the actor's role is granted the action."""
    if actor.role not in ACTIONS[action]:
        raise Denied(f"the role {actor.role} may not: {action}")


def is_cleared(actor: Actor, organisation_id: str | None) -> bool:
    """Whether a confidential organisation's masked facts are shown: to itself and to the disclosure role only."""
    return actor.role == "disclosure" or (organisation_id is not None and actor.organisation_id == organisation_id)
