"""What a feature looks at: the candidates for one need, with what was already measured of them."""

from dataclasses import dataclass

from matching.asked import Asked
from matching.columns import Columns, Flags, Floats, Ints


@dataclass(slots=True)
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
