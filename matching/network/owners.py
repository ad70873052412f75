"""Who owns a finding: the organisation or unit that can do something about it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from matching.contact_records import Home
from matching.network.coverage import Cell
from matching.network.picture import GradedEnd, Picture

COORDINATING = "coordinating_body"


class Owners:
    """Open organisations by what they answer for."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._organisations = [
            (home[1], picture.records.by_id["organisations"][home[1]])
            for home in picture.offices
            if home[0] == "organisation"
        ]

    def of_end(self, end: GradedEnd, far: GradedEnd) -> Home | None:
        """The partner where nobody or only one answers; the one opposite when that is closed."""
        return next((one.home for one in (end, far) if self._picture.records.is_open(one.home)), None)

    def of_cell(self, cell: Cell) -> Home | None:
        """Where a single cell is held. A gap: the unit there that lists somebody, else the first that does the function
        there, else the department in the province, else the department, else the coordinating body of the
        province."""
        if cell.holders:
            return cell.holders[0].home
        departments, bodies = self._departments(cell), self._bodies(cell.key.province)
        return next(chain(self._listing(cell), sorted(cell.homes), departments, bodies), None)

    def _listing(self, cell: Cell) -> Iterator[Home]:
        for home in sorted(cell.homes):
            if any(seat.member.in_post for seat in self._picture.records.seats_of(home)):
                yield home

    def _departments(self, cell: Cell) -> Iterator[Home]:
        for province in (cell.key.province, None):
            for key, organisation in self._organisations:
                if (organisation.get("department_code"), organisation.get("province")) == (
                    cell.key.department,
                    province,
                ):
                    yield ("organisation", key)

    def _bodies(self, province: str) -> Iterator[Home]:
        for key, organisation in self._organisations:
            if organisation.get("org_type") == COORDINATING and organisation.get("province") == province:
                yield ("organisation", key)
