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

KNOWN: frozenset[Role] = frozenset(
    {"app", "caseworker", "partner_manager", "unit_manager", "coordinator", "disclosure", "auditor", "admin"}
)
"""Everybody who has said who they are."""

ACTIONS: dict[str, frozenset[Role]] = {
    "registry.read": frozenset(
        {"app", "caseworker", "partner_manager", "unit_manager", "coordinator", "disclosure", "admin"}
    ),
    "registry.write": frozenset({"coordinator", "admin"}),
    "registry.load": frozenset({"admin"}),
    "capacity.write": frozenset({"partner_manager", "coordinator", "admin"}),
    "match": frozenset({"app", "caseworker", "partner_manager", "unit_manager", "coordinator", "admin"}),
    "grades.read": frozenset({"coordinator", "admin"}),
    "accounts.manage": frozenset({"admin"}),
    "keys.manage": frozenset({"admin"}),
    "quotas.manage": frozenset({"admin"}),
    "alerts.read": frozenset({"coordinator", "admin"}),
    "audit.read": frozenset({"auditor", "admin"}),
    "suspensions.write": frozenset({"coordinator"}),
    "concerns.raise": KNOWN,
    "concerns.read": frozenset({"coordinator"}),
    "disclosures.make": frozenset({"disclosure"}),
    "disclosures.read": frozenset({"partner_manager", "unit_manager", "auditor"}),
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
    """Who acts: a role and, for managers and caseworkers, the organisation or department unit they act for (ids).

    `province`: nowhere else; null is the whole country. `scopes`: what the key in use is limited to. `account_id`,
    `session_id` and `key_id` say whose credential it is; `end_user` is an app's own word for whom it asks.
    """

    role: Role
    name: str
    organisation_id: str | None = None
    department_id: str | None = None
    province: str | None = None
    scopes: frozenset[str] | None = None
    account_id: str | None = None
    session_id: str | None = None
    key_id: str | None = None
    end_user: str | None = None

    @property
    def visibility(self) -> frozenset[str]:
        """Classes of channels (vocabulary `visibility`) that this actor may see."""
        return VISIBILITY[self.role]


LOCAL = Actor("admin", "local")
"""Everybody who reaches the loopback address, until accounts exist."""


def require(actor: Actor, action: str) -> None:
    """Raise Denied unless the actor's role is granted the action, and the key in use is not kept from it."""
    if actor.role not in ACTIONS[action]:
        raise Denied(f"the role {actor.role} may not: {action}")
    if actor.scopes is not None and action not in actor.scopes:
        raise Denied(f"this key has no scope: {action}")


def is_cleared(actor: Actor, organisation_id: str | None) -> bool:
    """Whether a confidential organisation's masked facts are shown: to itself and to the disclosure role only."""
    return actor.role == "disclosure" or (organisation_id is not None and actor.organisation_id == organisation_id)
