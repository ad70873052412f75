"""Rules about health: what a house can carry, read from what one sees."""

import numpy as np

from matching.asked import Asked
from matching.columns import ACUITIES, SUBSTANCES, Columns, Small
from matching.rules.outcome import ACCEPTED, ASK, FAIL, PASS, SILENT, UNKNOWN, Outcomes, everywhere


def mental_acuity(asked: Asked, c: Columns) -> Outcomes:
    """The house carries what one sees of her mental state; a house that set a limit is asked when nobody looked."""
    return _within(asked.profile.mental_acuity, c.mental)


def medical_acuity(asked: Asked, c: Columns) -> Outcomes:
    """The house carries what one sees of her medical state; a house that set a limit is asked when nobody looked."""
    return _within(asked.profile.medical_acuity, c.medical)


def _within(level: str | None, limit: Small) -> Outcomes:
    if level == "low":
        return everywhere(limit, PASS)
    if level is None:
        return np.where(limit == ACUITIES["high"], PASS, SILENT)
    table = [UNKNOWN, *(PASS if at >= ACUITIES[level] else FAIL for at in (1, 2, 3)), ASK]
    return np.array(table, dtype=np.int8)[limit]


def substance(asked: Asked, c: Columns) -> Outcomes:
    """The house carries the substance use that the case states, from none over stable and active to detox on site;
    a house that takes no active use is asked when the case does not say."""
    use = asked.profile.substance
    if use == "none":
        return everywhere(c.row, PASS)
    if use is None:
        unlimited = (c.substance == SUBSTANCES["active"]) | (c.substance == SUBSTANCES["detox_onsite"])
        return np.where(unlimited, PASS, SILENT)
    table = [UNKNOWN, *(PASS if taken >= SUBSTANCES[use] else FAIL for taken in (1, 2, 3, 4)), ASK]
    return np.array(table, dtype=np.int8)[c.substance]


def pregnancy(asked: Asked, c: Columns) -> Outcomes:
    """A pregnant woman goes where the house takes her, as the service answers."""
    return ACCEPTED[c.pregnancy] if asked.profile.pregnant else everywhere(c.row, PASS)


def newborn(asked: Asked, c: Columns) -> Outcomes:
    """A newborn goes where the house takes one, as the service answers."""
    return ACCEPTED[c.newborn] if asked.profile.newborn else everywhere(c.row, PASS)
