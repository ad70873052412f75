"""What if this person leaves: read off the measures, for many people at once.

Equal to taking the person out and measuring again (`matching.network.simulation`), which a test compares.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from matching.contact_records import Home
from matching.network.coverage import post_functions
from matching.network.loss import Measures, PersonLoss
from matching.network.naming import Naming
from matching.network.replacements import Replacement, Replacements, Silent
from matching.network.report import CellName, CutOffRow, LinkName, PersonRow, Suggestion


class Leaving:
    """The losses of people in one network. Who is cut off is counted over all links of the country: a call across
    the border of a province is a call."""

    def __init__(self, measures: Measures, naming: Naming) -> None:
        self._measures = measures
        self._picture = measures.picture
        self._naming = naming
        self._search = Replacements(self._picture, measures.ruleset.numbers.replacements)
        self._links = {link.id: link for link in measures.links}
        self._cells = {cell.key: cell for cell in measures.cells}
        self._own = {self._picture.organisation_id(end.home) for link in measures.links for end in (link.a, link.b)}
        self._ways: Counter[tuple[str, str]] = Counter()
        self._through: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        self._count_ways()

    def _count_ways(self) -> None:
        """How many links lead each organisation to each function, and how many of them hang on each person."""
        picture = self._picture
        for link in picture.links:
            for near, far in link.ends():
                if far.reach.redundancy:
                    caller = picture.organisation_id(near.home)
                    ways = [(caller, function) for function in picture.functions(far.home)]
                    self._ways.update(ways)
                    if far.hangs_on is not None:
                        self._through[far.hangs_on].update(ways)
        self._doing = {
            (picture.organisation_id(home), function)
            for home in picture.offices
            for function in picture.functions(home)
        }
        self._open = {picture.organisation_id(home) for home in picture.offices}

    def row(self, loss: PersonLoss) -> PersonRow:
        """All that a person's leaving costs, and who could step in where most hangs."""
        naming = self._naming
        links = [self._links[key] for key in loss.links]
        return PersonRow(
            person=naming.person(loss.person),
            cells_lost=tuple(CellName(key.department, key.function, key.province) for key in loss.cells),
            links_lost=tuple(LinkName(one.id, naming.partner(one.a.home), naming.partner(one.b.home)) for one in links),
            delta_f=loss.delta_f,
            cut_off=tuple(
                CutOffRow(naming.organisation(one), function) for one, function in self._cut_off(loss.person)
            ),
            replacements=tuple(suggestion(naming, one) for one in self._replacements(loss)),
        )

    def _cut_off(self, person: str) -> Iterator[tuple[str, str]]:
        for way, count in sorted(self._through[person].items()):
            if count == self._ways[way] and way not in self._doing and way[0] in self._open and way[0] in self._own:
                yield way

    def _replacements(self, loss: PersonLoss) -> tuple[Replacement, ...]:
        """For the partner where most hangs on the person."""
        ends = [pair for key in loss.links for pair in self._links[key].ends() if pair[0].hangs_on == loss.person]
        held = [holder.home for key in loss.cells for holder in self._cells[key].holders]
        homes = Counter([*(near.home for near, _ in ends), *held])
        if not homes:
            return ()
        home = min(homes, key=lambda one: (-homes[one], one))
        opposite = (far.people for near, far in ends if near.home == home)
        silent = Silent(home, self._missed(home, loss.person), frozenset({loss.person}), frozenset().union(*opposite))
        return self._search.of(silent)

    def _missed(self, home: Home, person: str) -> frozenset[str]:
        """What the person's posts there answer for."""
        records, own = self._picture.records, self._picture.functions(home)
        held = [
            post_functions(post, own)
            for post in records.posts_at.get(home, ())
            if any(seat.member.person == person for seat in records.seats_at.get(str(post["id"]), ()))
        ]
        return frozenset().union(*held) or own


def suggestion(naming: Naming, one: Replacement) -> Suggestion:
    """A replacement with names."""
    return Suggestion(
        kind=one.kind,
        partner=naming.partner(one.home),
        reason=one.reason,
        person=None if one.person is None else naming.person(one.person),
        post_id=one.post_id,
        channel_id=one.channel_id,
        distance_band=one.distance_band,
        distance_km=one.distance_km,
    )
