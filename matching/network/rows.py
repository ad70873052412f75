"""Cells and links of the measures as rows of the report."""

from __future__ import annotations

from matching.contact_reasons import advice, reason
from matching.network.coverage import Cell, Holder
from matching.network.loss import Measures
from matching.network.naming import Naming
from matching.network.picture import GradedEnd, GradedLink
from matching.network.report import CellRow, EndRow, Holding, LinkName, LinkRow

LEVELS = ("national", "provincial", "district", "station_site")
"""From the most central to the most local."""
NO_LEVEL = "organisation"


class Rows:
    """Rows of one set of measures. `links`: by the urgency of the stage, then the grade's redundancy, then the id."""

    def __init__(self, measures: Measures) -> None:
        self._measures = measures
        self.naming = Naming(measures.picture)
        self._urgency = {link.id: self._urgent(link) for link in measures.links}
        self.links = sorted(measures.links, key=lambda link: (self._urgency[link.id], -link.grade.m, link.id))

    def _urgent(self, link: GradedLink) -> int:
        picture, ruleset = self._measures.picture, self._measures.ruleset
        return min(ruleset.urgency(picture.functions(end.home)) for end in (link.a, link.b))

    def level(self, link: GradedLink) -> str:
        """The level of the more local end; an organisation of government stands at the level of its province."""
        levels = [level for level in (self._level(end) for end in (link.a, link.b)) if level in LEVELS]
        return max(levels, key=LEVELS.index, default=NO_LEVEL)

    def _level(self, end: GradedEnd) -> str | None:
        partner = self.naming.partner(end.home)
        if partner.type == "department" or partner.sector != "government":
            return partner.level
        return "provincial" if partner.provinces else "national"

    def name(self, link: GradedLink) -> LinkName:
        """Which link, between whom."""
        return LinkName(link.id, self.naming.partner(link.a.home), self.naming.partner(link.b.home))

    def link(self, link: GradedLink) -> LinkRow:
        """A link with both ends."""
        grade = link.grade
        return LinkRow(
            id=link.id,
            a=self._end(link.a),
            b=self._end(link.b),
            link_types=tuple(link.record.get("link_types") or ()),
            grade=grade.grade,
            redundancy=grade.redundancy,
            m=grade.m,
            m_s=grade.m_s,
            n_eff=grade.n_eff,
            band=grade.band,
            last_confirmed_at=link.record.get("last_confirmed_at"),
            trajectory=grade.trajectory,
            level=self.level(link),
            urgency=self._urgency[link.id],
        )

    def _end(self, end: GradedEnd) -> EndRow:
        return EndRow(
            partner=self.naming.partner(end.home),
            grade=end.reach.grade,
            redundancy=end.reach.redundancy,
            reason=reason(end.end, end.reach, linked=False),
            advice=advice(end.end, end.reach),
            hangs_on=None if end.hangs_on is None else self.naming.person(end.hangs_on),
        )

    def cell(self, cell: Cell) -> CellRow:
        """A required cell; what it hangs on where that is one thing."""
        return CellRow(
            department=cell.key.department,
            function=cell.key.function,
            province=cell.key.province,
            stage=cell.required.stage,
            urgency=cell.urgency,
            state=cell.state,
            persons=cell.persons,
            channels=cell.channels,
            partners=tuple(self.naming.partner(home) for home in cell.homes),
            held_by=tuple(self._holding(one) for one in cell.holders) if cell.state == "single" else (),
            required_because=cell.required.reason,
            source=cell.required.source,
        )

    def _holding(self, holder: Holder) -> Holding:
        channel = self._measures.picture.records.by_id["channels"].get(holder.channel_id or "", {})
        return Holding(
            partner=self.naming.partner(holder.home),
            post_id=holder.post_id,
            person=None if holder.person is None else self.naming.person(holder.person),
            channel_id=holder.channel_id,
            channel_kind=channel.get("channel_kind"),
        )
