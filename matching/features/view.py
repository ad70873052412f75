"""What a feature looks at: the candidates for one need, with what was already measured of them."""

from dataclasses import dataclass

from matching.asked import Asked
from matching.columns import Columns, Flags, Floats, Ints


@dataclass(frozen=True, slots=True)
class View:
    """`km`: published distance, infinite for a remote service and where no place is known. `covered`: one row for each
    other need, which candidates' organisations cover it. `redundancy`: distinct contacts at the asker's link to the
    partner where there is one (`linked`), else the partner's own."""

    asked: Asked
    columns: Columns
    km: Floats
    covered: Flags
    redundancy: Ints
    linked: Flags

    def take(self, rows: Ints) -> "View":
        """The same of some candidates, in the given order."""
        return View(
            self.asked,
            self.columns.take(rows),
            self.km[rows],
            self.covered[:, rows],
            self.redundancy[rows],
            self.linked[rows],
        )
