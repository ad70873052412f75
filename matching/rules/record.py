"""What a service said, in words, for the reasons of a rule. Published facts only, and nothing of the case."""

from matching.columns import Columns
from matching.party import OLDEST
from matching.rules.outcome import LIMIT_CASE_BY_CASE, LIMIT_NOT_KNOWN

TAKES = ("", "On record: women.", "On record: men.", "On record: women and men.", "")
UP_TO = ("", "On record: up to low.", "On record: up to moderate.", "", "")
USE = ("", "On record: none.", "On record: stable use.", "On record: active use.", "On record: detox on site.", "")


def _years(limit: int) -> str:
    if limit == LIMIT_NOT_KNOWN:
        return "not known"
    if limit == LIMIT_CASE_BY_CASE:
        return "case by case"
    return "none" if limit in (0, OLDEST) else str(limit)


def takes(c: Columns, row: int) -> str:
    """Women, men or both."""
    return TAKES[c.gender[row]]


def ages(c: Columns, row: int) -> str:
    """The age limits."""
    return f"On record: lower limit {_years(int(c.age_min[row]))}, upper limit {_years(int(c.age_max[row]))}."


def children(c: Columns, row: int) -> str:
    """How many children, and up to which age."""
    count = int(c.children[row])
    if count == 0:
        return "On record: no children."
    many = {LIMIT_NOT_KNOWN: "not known", LIMIT_CASE_BY_CASE: "case by case"}.get(count, str(count))
    boys, girls = _years(int(c.boy_max[row])), _years(int(c.girl_max[row]))
    return f"On record: number of children {many}, age limit for boys {boys}, for girls {girls}."


def mental(c: Columns, row: int) -> str:
    """What the house carries."""
    return UP_TO[c.mental[row]]


def medical(c: Columns, row: int) -> str:
    """What the house carries."""
    return UP_TO[c.medical[row]]


def use(c: Columns, row: int) -> str:
    """Which substance use the house carries."""
    return USE[c.substance[row]]
