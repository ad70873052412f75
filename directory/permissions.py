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

Reach = Literal["all", "province", "organisation", "unit", "own"]
"""How far a grant goes: everywhere, in the actor's province (a national coordinator's is the country), in what belongs
to the actor's own organisation or department unit, or to what the actor has made."""

ACTIONS: dict[str, frozenset[Role]] = {
    "registry.read": frozenset(
        {"app", "caseworker", "partner_manager", "unit_manager", "coordinator", "disclosure", "admin"}
    ),
    "registry.write": frozenset({"partner_manager", "unit_manager", "coordinator", "admin"}),
    "registry.load": frozenset({"admin"}),
    "capacity.write": frozenset({"partner_manager", "coordinator", "admin"}),
    "match": frozenset({"app", "caseworker", "partner_manager", "unit_manager", "coordinator", "admin"}),
    "outcomes.say": frozenset({"app", "caseworker", "partner_manager", "unit_manager", "coordinator", "admin"}),
    "grades.read": frozenset({"partner_manager", "unit_manager", "caseworker", "coordinator", "admin"}),
    "accounts.manage": frozenset({"admin"}),
    "keys.manage": frozenset({"admin"}),
    "webhooks.manage": frozenset({"app", "coordinator", "admin"}),
    "quotas.manage": frozenset({"admin"}),
    "alerts.read": frozenset({"coordinator", "admin"}),
    "audit.read": frozenset({"auditor", "admin"}),
    "metrics.read": frozenset({"admin"}),
    "suspensions.write": frozenset({"coordinator"}),
    "concerns.raise": KNOWN,
    "concerns.read": frozenset({"coordinator"}),
    "disclosures.make": frozenset({"disclosure"}),
    "disclosures.read": frozenset({"partner_manager", "unit_manager", "auditor"}),
    "persons.erase": frozenset({"coordinator", "admin"}),
    "persons.invite": frozenset({"partner_manager", "unit_manager", "coordinator", "admin"}),
    "statements.read": frozenset({"coordinator"}),
    "network.read": frozenset({"coordinator", "admin"}),
    "network.people": frozenset({"coordinator"}),
    "actions.read": frozenset({"partner_manager", "unit_manager", "coordinator", "admin"}),
    "actions.write": frozenset({"partner_manager", "unit_manager", "coordinator", "admin"}),
    "messages.read": frozenset({"partner_manager", "unit_manager", "coordinator", "admin"}),
    "messages.mark": frozenset({"partner_manager", "unit_manager"}),
    "network.links": frozenset({"partner_manager", "unit_manager", "coordinator", "admin"}),
    "statistics.read": frozenset({"coordinator", "auditor", "admin"}),
    "organisations.join": frozenset({"coordinator", "admin"}),
    "queue.read": frozenset({"partner_manager", "unit_manager", "coordinator", "admin"}),
    "duplicates.settle": frozenset({"coordinator", "admin"}),
    "imports.write": frozenset({"coordinator", "admin"}),
}
"""What each role may ask for at all; READERS, WRITERS and OTHERS say of which records."""

_MANAGED: dict[Role, Reach] = {
    "partner_manager": "organisation",
    "unit_manager": "unit",
    "coordinator": "province",
    "admin": "all",
}
_PARTNERS: dict[Role, Reach] = {"partner_manager": "organisation", "coordinator": "province", "admin": "all"}
_PUBLISHED: dict[Role, Reach] = {
    "app": "all",
    "caseworker": "all",
    "partner_manager": "all",
    "unit_manager": "all",
    "coordinator": "all",
    "disclosure": "all",
    "admin": "all",
}
_PEOPLE: dict[Role, Reach] = {role: reach for role, reach in _PUBLISHED.items() if role != "app"}

READERS: dict[str, dict[Role, Reach]] = {
    "organisations": _PUBLISHED,
    "sites": _PUBLISHED,
    "departments": _PUBLISHED,
    "services": _PUBLISHED,
    "service_sites": _PUBLISHED,
    "persons": _PEOPLE,
    "posts": _PUBLISHED,
    "focal_points": _PEOPLE,
    "channels": _PUBLISHED,
    "links": {"caseworker": "organisation", **_MANAGED},
    "trainings": {"coordinator": "all", "admin": "all"},
}
"""Who reads which records of a collection. Channels are cut further by VISIBILITY."""

WRITERS: dict[str, dict[Role, Reach]] = {
    "organisations": _PARTNERS,
    "sites": _PARTNERS,
    "departments": _MANAGED,
    "services": _MANAGED,
    "service_sites": _MANAGED,
    "persons": _MANAGED,
    "posts": _MANAGED,
    "focal_points": _MANAGED,
    "channels": _MANAGED,
    "links": _MANAGED,
    "trainings": {"coordinator": "province", "admin": "all"},
}
"""Who changes which records of a collection: what the record belongs to before and after the change counts."""

OTHERS: dict[str, dict[Role, Reach]] = {
    "webhooks.manage": {"app": "own", "coordinator": "own", "admin": "all"},
    "alerts.read": {"coordinator": "province", "admin": "all"},
    "suspensions.write": {"coordinator": "province"},
    "concerns.read": {"coordinator": "province"},
    "disclosures.make": {"disclosure": "province"},
    "disclosures.read": {"partner_manager": "organisation", "unit_manager": "unit", "auditor": "all"},
    "persons.erase": {"coordinator": "province", "admin": "all"},
    "persons.invite": _MANAGED,
    "statements.read": {"coordinator": "province"},
    "network.read": {"coordinator": "province", "admin": "all"},
    "network.people": {"coordinator": "province"},
    "network.links": _MANAGED,
    "statistics.read": {"coordinator": "province", "auditor": "all", "admin": "all"},
    "imports.write": {"coordinator": "province", "admin": "all"},
    "actions.read": _MANAGED,
    "actions.write": _MANAGED,
    "messages.read": _MANAGED,
    "messages.mark": {"partner_manager": "organisation", "unit_manager": "unit"},
    "organisations.join": {"coordinator": "province", "admin": "all"},
    "queue.read": _MANAGED,
    "duplicates.settle": {"coordinator": "province", "admin": "all"},
}
"""How far the actions go that are about records without being reads or changes of a collection."""

OFFICE: dict[str, frozenset[str]] = {
    "organisations": frozenset({"sector"}),
    "departments": frozenset({"organisation_id", "functions", "serves"}),
}
"""Fields that say what a government office's duty is, and so which shelters it sees: none changes its own."""

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

CLEARED: frozenset[Role] = frozenset({"disclosure"})
"""Who reads confidential organisations unmasked, besides each organisation itself."""

Form = Literal["absent", "no district", "no number", "no place", "load only", "month"]
"""What is left of a masked field: nothing; nothing if it names a district; all but its number; only free words in which
no place, street or number is found; the loader's own identifiers; the first of its month."""

_UNSOURCED: dict[str, Form] = {"source": "absent", "external_ids": "load only"}
_KEPT: dict[str, Form] = {**_UNSOURCED, "verified_at": "month"}

MASKED: dict[str, dict[str, Form]] = {
    "organisations": {
        **_KEPT,
        "npo_number": "absent",
        "province": "absent",
        "district": "absent",
        "accreditation": "no number",
        "parent_id": "absent",
        "website": "absent",
        "description": "no place",
        "alternate_names": "no place",
        "funding": "no place",
    },
    "sites": _KEPT,
    "departments": {**_KEPT, "serves": "no district"},
    "services": {**_KEPT, "serves": "no district"},
    "service_sites": _KEPT,
    "persons": _UNSOURCED,
    "posts": _UNSOURCED,
    "focal_points": _UNSOURCED,
    "channels": _UNSOURCED,
    "links": _UNSOURCED,
}
"""Fields of a confidential organisation that show less, or nothing, to who is not cleared."""


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
"""Who works at the console of the machine: the loader, and tests."""


def require(actor: Actor, action: str) -> None:
    """Raise Denied unless the actor's role is granted the action, and the key in use is not kept from it."""
    if actor.role not in ACTIONS[action]:
        raise Denied(f"the role {actor.role} may not: {action}")
    if actor.scopes is not None and action not in actor.scopes:
        raise Denied(f"this key has no scope: {action}")


def may(actor: Actor, action: str) -> bool:
    """Whether `require` would let the actor pass."""
    return actor.role in ACTIONS[action] and (actor.scopes is None or action in actor.scopes)


def reach(actor: Actor, action: str, name: str) -> Reach:
    """How far the actor's grant goes in a collection: `action` is registry.read or registry.write. Raises Denied."""
    require(actor, action)
    granted = (READERS if action == "registry.read" else WRITERS)[name].get(actor.role)
    if granted is None:
        raise Denied(f"the role {actor.role} may not: {action} of {name}")
    return granted


def is_cleared(actor: Actor, organisation_id: str | None) -> bool:
    """Whether a confidential organisation's masked facts are shown: to itself and to the disclosure role only."""
    return actor.role in CLEARED or (organisation_id is not None and actor.organisation_id == organisation_id)
