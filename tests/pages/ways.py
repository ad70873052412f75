"""The permission matrix as somebody with a browser walks it: which page is whose, and where one of its kind is."""

import re
from dataclasses import dataclass

from tests.house.tree import ROOT
from tests.pages.talking import Talk

ROLES = ("caseworker", "partner_manager", "unit_manager", "coordinator", "disclosure", "auditor", "admin")
FIRST = ("coordinator", "admin", "auditor", "partner_manager")
"""Of those who may read a page, whose account is taken: who has most to read there."""
ROW = re.compile(r"\| `(GET|POST) (/[^`]*)` \| `[a-z._]+` \|(.*)\|$")
OTHER_WAYS = frozenset({"/network/report/{}", "/guide/worker.js", "/metrics", "/healthz", "/readyz", "/"})
"""Addresses that answer with a file or with data."""
PROVIDED = ("/sign-in/provider", "/sign-in/provider/callback", "/sign-in/provider/code")
"""Pages of an outside provider of accounts, which the fictitious network has none of."""


@dataclass(frozen=True, slots=True)
class Way:
    """A page of the matrix and who may read it."""

    method: str
    rule: str
    roles: tuple[str, ...]

    @property
    def role(self) -> str | None:
        """Whose account to read it with; nobody's where it is open."""
        if len(self.roles) == len(ROLES) and self.rule.startswith(("/sign-in", "/listed", "/cards/")):
            return None
        return next((one for one in FIRST if one in self.roles), self.roles[0])


def matrix() -> list[Way]:
    """The pages of the committed matrix."""
    text = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
    found = []
    for line in text[text.index("## Pages") :].splitlines():
        row = ROW.match(line)
        if row:
            grants = [one.strip() for one in row[3].split("|")][-len(ROLES) :]
            may = tuple(role for role, grant in zip(ROLES, grants, strict=True) if grant not in ("403", "sign in"))
            found.append(Way(row[1], row[2], may))
    return found


def read() -> list[Way]:
    """The pages that are read by their address."""
    return [one for one in matrix() if one.method == "GET" and one.rule not in (*OTHER_WAYS, *PROVIDED)]


def sent() -> set[str]:
    """The rules of what forms send."""
    return {one.rule for one in matrix() if one.method == "POST"}


KINDS = {"network/organisations": "organisations", "network/people": "persons", "keys": "api-keys"}


def address(way: Way, talk: Talk) -> str:
    """An address of the page, with a record that is there. Raises LookupError for a kind that has no way here."""
    rule = way.rule.replace("{province}", "ZA-LP").replace("{token}", "A" * 43)
    if "{record_id}" in rule:
        kind = rule.removeprefix("/registry/").lstrip("/").split("/{record_id}")[0]
        rule = rule.replace("{record_id}", talk.first(KINDS.get(kind, kind))["id"])
    rule = rule.replace("/handover/{}", "/handover/2026-01-01")
    if "{" in rule:
        raise LookupError(f"no way is known to {way.rule}")
    return rule
