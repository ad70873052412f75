"""The permission matrix as a page for an auditor: tables, and one line of reason for each rule."""

from collections.abc import Iterable, Mapping, Sequence

from flask import Flask

from directory import permissions
from directory.permissions import ACTIONS, MASKED, READERS, VISIBILITY, WRITERS
from directory.services.catalogue import COLLECTIONS
from web import matrix
from web.matrix import ROLES, Rule
from web.reasons import ACTION_REASONS, FORM_REASONS, READ_REASONS, ROLE_REASONS, WRITE_REASONS
from web.settings import ROOT

COMMITTED = ROOT / "docs" / "permissions.md"

HEAD = """\
# Who may what

Written by `flask access matrix write` from the code, and compared by `flask access matrix check`: do not edit it. The
rules stand in `directory/permissions.py`, the routes declare theirs in `web/api/`, the pages in `web/pages/`, and
`tests/web/test_permissions.py` and `tests/web/test_pages.py` ask every one of them, as every role, whether it is so.
"""

LEGEND = """\
- **open**: everybody, without a key.
- **all**: every record, or the call as such where it is about no record.
- **province**: what lies in the coordinator's or officer's province; the whole country for a national one.
- **organisation**: what belongs to the actor's own organisation (of links: either end), or unit where it has no other.
- **unit**: what belongs to the actor's own department unit.
- **own**: what the actor has made.
- **401**: a key is asked for. **403**: the role may not, and the try is written into the audit.

A record beyond the reach of a read is not there (404). One that may be read but not changed is refused (403)."""

OFFICE = "; ".join(f"{name}: {', '.join(sorted(fields))}" for name, fields in permissions.OFFICE.items())

NOTES = f"""\
- A key has at most what its role has, and only the actions among its scopes. To change a record, or to say how much
  room there is or what came of a call, it has to be able to read it (`registry.read`) as well.
- Apps, caseworkers and managers of an organisation of the sector government see no shelters but those of the area for
  which their own unit places people: no record of others is listed, read, matched, explained or told in the changes.
  What decides this is not changed by the office itself ({OFFICE}).
- A suspended organisation or unit is out of every list and match, and its keys are unknown (401), from the next
  request.
- A person belongs to the organisations and units whose posts they hold; who holds none belongs to nobody, and any
  manager may change the record. Somebody else's people are given another post by coordinators and administrators only.
- What is graded is a link, never a person: persons, posts and focal points carry no grade."""

PAGES = """\
For people who have signed in: pages read the session of a browser and no key, as the API reads keys and no cookies. The
words are those of the routes. **sign in**: whoever is not signed in is led there. What a form does is a row of its own;
it has to come from a page of ours."""

RECORDS = "Whose records of each collection a role reaches; what a record belongs to before and after a change counts."
FIELDS = """\
**yes**: as kept. **cut**: of a confidential organisation, all but its own readers get what the last column says.
**grade**: derived when it is read, kept nowhere. **-**: absent. A confidential site's `address` is absent for everybody
(a disclosure is the only way to it), and its `capacity` a band for everybody. Answers that are no record of a
collection have the same fields for everybody who may ask."""


def page(app: Flask) -> str:
    """The page of this application."""
    rules = matrix.rules(app)
    parts = [
        HEAD,
        section("Roles", _roles()),
        section("Actions", _actions(), "What each role may ask for at all."),
        section("Records", [*_records("read", READERS), "", *_records("changed", WRITERS)], RECORDS),
        section("Routes", [LEGEND, "", *_routes(rules), "", *_open(app)]),
        section("Pages", _pages(app), PAGES),
        section("Fields", _fields(), FIELDS),
        section(
            "Channels", _channels(), "Numbers and mailboxes are of a class; one's own are read whatever theirs is."
        ),
        section("What the tables do not say", [NOTES]),
    ]
    return "\n".join(parts)


def section(title: str, lines: Iterable[str], intro: str = "") -> str:
    """A titled part of the page."""
    head = [f"## {title}", *([intro, ""] if intro else [])]
    return "\n".join([*head, *lines, ""])


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table in Markdown."""
    return [_row(head), _row(["---"] * len(head)), *(_row(one) for one in rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _roles() -> list[str]:
    return table(("role", "who"), [(role, ROLE_REASONS[role]) for role in ROLES])


def _actions() -> list[str]:
    rows = [(f"`{action}`", _listed(ACTIONS[action]), ACTION_REASONS[action]) for action in ACTIONS]
    return table(("action", "roles", "why"), rows)


def _listed(roles: Iterable[str]) -> str:
    return ", ".join(role for role in ROLES if role in frozenset(roles))


def _records(verb: str, grants: Mapping[str, Mapping[permissions.Role, permissions.Reach]]) -> list[str]:
    reasons = READ_REASONS if verb == "read" else WRITE_REASONS
    shown = [role for role in ROLES if any(role in one for one in grants.values())]
    rows = [(f"`{name}`", *(one.get(role, "-") for role in shown), reasons[name]) for name, one in grants.items()]
    return table((f"{verb} by", *shown, "why"), rows)


def _routes(rules: Iterable[Rule]) -> list[str]:
    rows = [
        (
            f"`{rule.operation.method} {_path(rule.operation.rule)}`",
            f"`{rule.operation.policy}`",
            *(_status(rule.grants[role]) for role in ROLES),
        )
        for rule in rules
    ]
    return table(("route", "policy", *ROLES), rows)


def _pages(app: Flask) -> list[str]:
    rows = [
        (
            f"`{rule.page.method} {_path(rule.page.rule)}`",
            f"`{rule.page.policy}`",
            *("sign in" if grant == "unauthenticated" else _status(grant) for grant in rule.grants.values()),
        )
        for rule in matrix.page_rules(app)
    ]
    return table(("page", "policy", *ROLES), rows)


def _path(rule: str) -> str:
    """A route as the OpenAPI document writes it."""
    return "/".join(
        "{" + part.strip("<>").partition(":")[2] + "}" if part.startswith("<") else part for part in rule.split("/")
    )


def _status(grant: str) -> str:
    return str(matrix.REFUSED.get(grant, grant))


def _open(app: Flask) -> list[str]:
    found = sorted({rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in app.extensions["open_routes"]})
    said = ", ".join(f"`{_path(one)}`" for one in found)
    return [f"Pages that are no calls, and open to everybody: {said}."]


def _fields() -> list[str]:
    parts: list[str] = []
    for name, collection in COLLECTIONS.items():
        shown = [role for role in ROLES if role in READERS[name]]
        rows = [
            (f"`{field}`", *(_SHOWN[reads[role]] for role in shown), FORM_REASONS[MASKED.get(name, {}).get(field)])
            for field, reads in matrix.fields(collection).items()
        ]
        parts += [f"### {collection.path}", *table(("field", *shown, "of a confidential organisation"), rows), ""]
    return parts[:-1]


_SHOWN: Mapping[matrix.Shown, str] = {"read": "yes", "graded": "grade", "cut": "cut", "absent": "-"}


def _channels() -> list[str]:
    classes = ("public", "network", "restricted")
    rows = [(role, *("yes" if one in VISIBILITY[role] else "-" for one in classes)) for role in ROLES]
    return table(("role", *classes), rows)
