"""Rules about where a service is and for which place it is competent."""

import numpy as np

from matching.asked import Asked
from matching.bits import shares
from matching.columns import DISTRICTS, NATIONAL, PROVINCES, Columns, Flags
from matching.rules.outcome import ACCEPTED, FAIL, PASS, UNKNOWN, Outcomes, everywhere
from matching.sphere import haversine


def competent_area(asked: Asked, c: Columns) -> Outcomes:
    """A department's service is asked only where it is competent: the nearest office is not always the one that
    may act. The service's own `serves` stands before that of its unit; nothing said is a question."""
    serves = (
        (c.scope == NATIONAL)
        | ((c.scope == PROVINCES) & shares(c.serves, asked.province))
        | ((c.scope == DISTRICTS) & shares(c.serves, asked.district))
    )
    return np.where(serves, PASS, np.where(c.scope == 0, UNKNOWN, FAIL))


def avoided(asked: Asked, c: Columns) -> Outcomes:
    """What must be avoided is left out and never relaxed: any part of a confidential site's published area in the
    avoided district or circle, an open site's own point or district, an organisation with its units, a unit.
    A service that visits or has a site of unknown place is left out too when a place is to be avoided."""
    avoid = asked.avoid
    if not avoid.anything:
        return everywhere(c.row, PASS)
    hit = np.isin(c.organisation, avoid.organisations) | np.isin(c.unit, avoid.units)
    hit |= np.isin(c.unit_organisation, avoid.organisations)
    hit |= shares(c.districts, avoid.districts) | _within(asked, c)
    unknown = np.zeros(len(c), dtype=np.bool_)
    if avoid.circles or avoid.any_district:
        unknown |= ~c.remote & ~c.placed
    if avoid.any_district:
        unknown |= ~c.remote & ~c.districts.any(axis=1)
    return np.where(hit, FAIL, np.where(unknown, UNKNOWN, PASS))


def _within(asked: Asked, c: Columns) -> Flags:
    found = np.zeros(len(c), dtype=np.bool_)
    placed = c.placed
    for circle in asked.avoid.circles:
        km = haversine(circle.lat, circle.lon, c.lat[placed], c.lon[placed])
        found[placed] |= km <= circle.radius_km + c.reach[placed]
    return found


def step_free(asked: Asked, c: Columns) -> Outcomes:
    """Somebody who needs step-free access is not sent to stairs. It concerns services on site only."""
    if not asked.profile.step_free:
        return everywhere(c.row, PASS)
    return np.where(c.on_site, ACCEPTED[c.step_free], PASS)
