"""Findings: what is weak, what to do about it, who owns it, and how soon. A service makes tasks of them.

A finding is worked out anew from the registry each time; its key stays the same as long as it is the same finding, so
that it clears when the registry changes and reopens when it comes back. Sentences name posts and offices, never people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from matching.contact_reasons import Advice, advice, reason
from matching.contact_records import Home
from matching.contactbook import memorandum_days
from matching.contacts import is_signed, survival
from matching.network.coverage import Cell
from matching.network.loss import Measures, PersonLoss
from matching.network.owners import Owners
from matching.network.picture import GradedLink

Kind = Literal["cell", "person", "link_end", "link_multiplex", "link_stale"]
KINDS: tuple[Kind, ...] = ("cell", "person", "link_end", "link_multiplex", "link_stale")
"""In the order of the list, within a priority."""

LAST = 5
"""The last priority."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `subject` is the id of a link or person, or `department/function/province` of a cell; `found` the
    grade or state; `size` how many cells and links it concerns. `owner` is None only when the registry has neither
    the department nor a coordinating body of the province."""

    key: str
    kind: Kind
    subject: str
    found: str
    action: Advice
    owner: Home | None
    urgency: int
    priority: int
    due_days: int
    size: int
    reason: str


def findings(measures: Measures) -> tuple[Finding, ...]:
    """Every finding, the first to act on first: by priority, then cells, people and links, then size, then key."""
    maker = _Maker(measures)
    found = [*maker.cells(), *maker.people(), *maker.links()]
    return tuple(sorted(found, key=lambda one: (one.priority, KINDS.index(one.kind), -one.size, one.key)))


@dataclass(frozen=True, slots=True)
class _About:
    kind: Kind
    subject: str
    found: str
    urgency: int
    size: int = 1
    part: str = ""


class _Maker:
    def __init__(self, measures: Measures) -> None:
        self._measures = measures
        self._picture = measures.picture
        self._numbers = measures.ruleset.numbers
        self._owners = Owners(measures.picture)
        self._cells = {cell.key: cell for cell in measures.cells}
        self._links = {link.id: link for link in measures.links}
        self._told = {loss.person: loss for loss in measures.people if self._is_told(loss)}

    def _finding(self, about: _About, action: Advice, owner: Home | None, why: str) -> Finding:
        behind = self._numbers.behind["person" if about.kind == "person" else about.found]
        priority = min(LAST, about.urgency + behind)
        return Finding(
            key=":".join(filter(None, (about.kind, about.subject, about.part))),
            kind=about.kind,
            subject=about.subject,
            found=about.found,
            action=action,
            owner=owner,
            urgency=about.urgency,
            priority=priority,
            due_days=self._numbers.due_days[priority],
            size=about.size,
            reason=why,
        )

    # --- cells ---------------------------------------------------------------------------------------------

    def cells(self) -> Iterator[Finding]:
        """Gaps and single cells, with the advice of the one contact or of nobody."""
        for cell in self._measures.cells:
            action = advice(cell.end, cell.reach) if cell.state != "backed" else None
            if action is not None:
                subject = "/".join((cell.key.department, cell.key.function, cell.key.province))
                about = _About("cell", subject, cell.state, cell.urgency)
                yield self._finding(about, action, self._owners.of_cell(cell), self._why_cell(cell))

    def _why_cell(self, cell: Cell) -> str:
        names, key = self._picture.ground.names, cell.key
        department, province = (names.get(code, code) for code in (key.department, key.province))
        what = f"{department}, {key.function.replace('_', ' ')}, {province}"
        if not cell.homes:
            return f"{what}: no unit of the registry does this there."
        return f"{what}: {reason(cell.end, cell.reach, linked=False)}"

    # --- people --------------------------------------------------------------------------------------------

    def people(self) -> Iterator[Finding]:
        """Whoever holds a required cell alone, or several links."""
        for loss in self._told.values():
            homes = self._hanging(loss)
            urgency = min(
                *(self._cells[key].urgency for key in loss.cells),
                *(self._urgency(home) for home in homes),
                self._numbers.urgency_unknown,
            )
            owner = min(homes, key=lambda home: (-homes[home], home))
            about = _About("person", loss.person, "single_contact", urgency, len(loss.cells) + len(loss.links))
            yield self._finding(about, "nominate_deputy", owner, self._why_person(loss, owner))

    def _is_told(self, loss: PersonLoss) -> bool:
        return bool(loss.cells) or len(loss.links) >= self._numbers.links_on_one

    def _hanging(self, loss: PersonLoss) -> Counter[Home]:
        """The partners at which the person is the only one, and for how many cells and links."""
        ends = (end for key in loss.links for end in (self._links[key].a, self._links[key].b))
        holders = (holder for key in loss.cells for holder in self._cells[key].holders)
        return Counter(
            [
                *(end.home for end in ends if end.hangs_on == loss.person),
                *(holder.home for holder in holders if holder.person == loss.person),
            ]
        )

    def _why_person(self, loss: PersonLoss, owner: Home) -> str:
        cells, links = len(loss.cells), len(loss.links)
        parts = [_counted(cells, "required function"), _counted(links, "link")]
        what = " and ".join(part for part in parts if part)
        return f"{self._picture.name(owner)}: {what} would have nobody when the holder of one post leaves."

    # --- links ---------------------------------------------------------------------------------------------

    def links(self) -> Iterator[Finding]:
        """Each weak end, but for those that hang on somebody who is told of as a person; many uses on one person; a
        link that nobody confirmed lately and that is not told already. A link between two closed partners is nobody's
        to mend."""
        for link in self._measures.links:
            if self._owners.of_end(link.a, link.b) is None:
                continue
            told = list(self._ends(link))
            yield from told
            if link.grade.grade == "backed":
                yield from self._multiplex(link)
            if link.grade.band == "stale" and all(one.action != "reverify" for one in told):
                yield from self._stale(link)

    def _ends(self, link: GradedLink) -> Iterator[Finding]:
        for side, (end, far) in zip("ab", link.ends(), strict=True):
            action = advice(end.end, end.reach, self._lapsed(link))
            if action is not None and end.hangs_on not in self._told:
                about = _About("link_end", link.id, end.reach.grade, self._urgency(end.home), part=side)
                names = f"{self._picture.name(end.home)}, on the link with {self._picture.name(far.home)}"
                why = f"{names}: {reason(end.end, end.reach, linked=False)}"
                yield self._finding(about, action, self._owners.of_end(end, far), why)

    def _multiplex(self, link: GradedLink) -> Iterator[Finding]:
        """m high and m_s = 0: two answer, and one of them alone carries every use."""
        if link.grade.m < self._numbers.multiplexity_high or link.grade.m_s:
            return
        types = frozenset(link.record.get("link_types") or ())
        end, far = next(pair for pair in link.ends() if survival(pair[0].reach, types) == 0)
        why = (
            f"{self._picture.name(end.home)} with {self._picture.name(far.home)}: the link has {link.grade.m} uses, "
            "and one person carries all of them."
        )
        about = _About("link_multiplex", link.id, "multiplex", self._urgency(end.home))
        yield self._finding(about, "joint_introduction", self._owners.of_end(end, far), why)

    def _stale(self, link: GradedLink) -> Iterator[Finding]:
        names = f"{self._picture.name(link.a.home)} and {self._picture.name(link.b.home)}"
        why = f"Nobody has confirmed lately that the link between {names} is in use."
        urgency = min(self._urgency(link.a.home), self._urgency(link.b.home))
        owner = self._owners.of_end(link.a, link.b)
        yield self._finding(_About("link_stale", link.id, "stale", urgency), "reverify", owner, why)

    def _lapsed(self, link: GradedLink) -> bool:
        signed, expires = memorandum_days(link.record)
        today = self._picture.records.today
        return signed is not None and signed <= today and not is_signed(signed, expires, today)

    def _urgency(self, home: Home) -> int:
        return self._measures.ruleset.urgency(self._picture.functions(home))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count > 1 else ''}" if count else ""
