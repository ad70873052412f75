"""Who may what, read off the code: the operations as declared, and the permission table.

Nothing is decided here. web.matrix_page writes it down for an auditor, and the tests ask every route whether it is so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from flask import Flask

from directory.collection import Collection
from directory.permissions import ACTIONS, CLEARED, MASKED, OTHERS, READERS, WRITERS, Form, Role
from directory.services.catalogue import COLLECTIONS
from directory.services.links import SHOWN as GRADES
from web.page import Page
from web.smorest import HOLDER, PUBLIC, Operation

ROLES: tuple[Role, ...] = get_args(Role)

Grant = Literal["open", "all", "province", "organisation", "unit", "own", "unauthenticated", "denied"]
"""What a role gets: open to everybody; the records it reaches (`all` also where there are none); 401; 403."""

REFUSED: Mapping[str, int] = {"unauthenticated": 401, "denied": 403}

WRITING = {"registry.write": WRITERS, "registry.read": READERS}
BY_PATH = {collection.path: collection.name for collection in COLLECTIONS.values()}


class Undeclared(Exception):
    """Routes that say of nobody whether they may use them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One operation and what each role gets of it."""

    operation: Operation
    grants: Mapping[Role, Grant]

    @property
    def collection(self) -> str | None:
        """The collection whose records decide, if any do."""
        return collection_of(self.operation)


@dataclass(frozen=True, slots=True)
class PageRule:
    """One page and what each role gets of it: `unauthenticated` is led to sign in."""

    page: Page
    grants: Mapping[Role, Grant]


def require_declared(app: Flask) -> None:
    """Raise Undeclared unless every route is an operation or page, which has a policy, or one of the open ones."""
    known = {*app.extensions["operations"], *app.extensions["pages"], *app.extensions["open_routes"]}
    found = sorted(rule.rule for rule in app.url_map.iter_rules() if rule.endpoint not in known)
    if found:
        raise Undeclared(f"no policy is declared for: {', '.join(found)}")


def rules(app: Flask) -> list[Rule]:
    """All operations, in the order of the document."""
    operations: Mapping[str, Operation] = app.extensions["operations"]
    return [Rule(one, {role: granted(one, role) for role in ROLES}) for one in operations.values()]


def page_rules(app: Flask) -> list[PageRule]:
    """All pages, in the order of the navigation. Apps have keys, which pages do not read: they are asked to sign in."""
    pages: Mapping[str, Page] = app.extensions["pages"]
    return [PageRule(one, {role: _on_page(one, role) for role in ROLES}) for one in pages.values()]


def _on_page(asked: Page, role: Role) -> Grant:
    return granted(asked, "anonymous" if role == "app" else role)


def collection_of(operation: Operation | Page) -> str | None:
    """The collection whose records an operation reads or changes."""
    if operation.policy == "capacity.write":
        return "service_sites"
    return BY_PATH.get(operation.tag) if operation.policy in WRITING else None


def granted(operation: Operation | Page, role: Role) -> Grant:
    """What a role gets of an operation or page."""
    if operation.policy == PUBLIC:
        return "open"
    if role == "anonymous":
        return "unauthenticated"
    if operation.policy == HOLDER:
        return "all"
    if role not in ACTIONS[operation.policy]:
        return "denied"
    name = collection_of(operation)
    if name is None:
        return OTHERS.get(operation.policy, {}).get(role, "all")
    return WRITING.get(operation.policy, WRITERS)[name].get(role, "denied")


Shown = Literal["read", "graded", "cut", "absent"]
"""A field as a role reads it: whole; whole, and kept nowhere; cut for confidential organisations but one's own; not."""


def fields(collection: Collection) -> dict[str, dict[Role, Shown]]:
    """How each role reads each field of the records it reaches."""
    return {field: {role: shown(collection, field, role) for role in ROLES} for field in collection.readable}


def shown(collection: Collection, field: str, role: Role) -> Shown:
    """How a role reads a field."""
    if role not in READERS[collection.name] or role not in ACTIONS["registry.read"]:
        return "absent"
    if collection.name == "links" and field in GRADES:
        return "graded" if role in ACTIONS["grades.read"] else "absent"
    if masked(collection.name, field) is not None and role not in CLEARED:
        return "cut"
    return "read"


def masked(name: str, field: str) -> Form | None:
    """What is left of a field of a confidential organisation, for who is not cleared; null is all."""
    return MASKED.get(name, {}).get(field)
