"""What a rule can say of a candidate, as numbers whose maximum is the worst."""

import numpy as np
from numpy.typing import NDArray

PASS, SILENT, ASK, UNKNOWN, FAIL = (np.int8(i) for i in range(5))
"""In this order: it fits; the case does not say; the service decides case by case, or a band spans its limit;
the registry does not know; it said no."""

OUTCOMES = np.arange(5, dtype=np.int8)
"""All of them."""

Outcomes = NDArray[np.int8]

NOT_KNOWN, YES, NO, CASE_BY_CASE = (np.int8(i) for i in range(4))
"""How a column holds an answer of a service."""

ANSWERS = {"yes": YES, "no": NO, "case_by_case": CASE_BY_CASE}

LIMIT_NOT_KNOWN, LIMIT_CASE_BY_CASE = -1, -2
"""How a column of limits (years, children, days) holds what is no number."""

ACCEPTED = np.array([UNKNOWN, PASS, FAIL, ASK], dtype=np.int8)
"""What an answer means for a party that has the trait."""

LACKING = np.array([UNKNOWN, FAIL, PASS, ASK], dtype=np.int8)
"""What "required?" means for a case that lacks the paper."""

UNSAID = np.array([SILENT, SILENT, PASS, SILENT], dtype=np.int8)
"""What "required?" means for a case that does not say whether it has the paper."""


def everywhere(like: NDArray[np.generic], outcome: np.int8) -> Outcomes:
    """The same outcome for every row."""
    return np.full(len(like), outcome, dtype=np.int8)
