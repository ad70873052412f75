"""Opening hours as offices keep them (local time, Africa/Johannesburg)."""

from seed.generate.draw import Draw
from seed.generate.kinds import LATE, OFFICE
from seed.generate.world import Record

WEEK = ["mon", "tue", "wed", "thu", "fri"]
WEEKEND = ["sat", "sun"]

Hours = str | list[Record]


def span(days: list[str], opens: str, closes: str) -> Record:
    return {"days": days, "opens": opens, "closes": closes}


def office(draw: Draw) -> Hours:
    """Weekdays; a few offices add a Saturday morning or close early on Fridays."""
    opens, closes = draw.pick([("07:30", "16:00"), ("08:00", "16:30"), ("07:45", "16:15"), ("08:30", "15:30")])
    if draw.chance(0.08):
        return [span(WEEK, opens, closes), span(["sat"], "08:30", "12:00")]
    if draw.chance(0.07):
        return [span(WEEK[:4], opens, closes), span(["fri"], opens, "13:00")]
    return [span(WEEK, opens, closes)]


def late(draw: Draw) -> Hours:
    """Every day, well into the evening; some of them through the night."""
    if draw.chance(0.4):
        return [span(WEEK, "07:00", "22:00"), span(WEEKEND, "09:00", "18:00")]
    return [span(WEEK + WEEKEND, draw.pick(["06:00", "07:00", "12:00"]), draw.pick(["23:00", "01:00", "02:00"]))]


def overnight(draw: Draw) -> Hours:
    """Intake in the evening and at night only: `closes` lies on the next morning."""
    return [span(WEEK + WEEKEND, draw.pick(["17:00", "18:00", "19:30"]), draw.pick(["05:30", "06:00", "07:00"]))]


def after_hours(draw: Draw) -> Hours:
    """A duty line that takes over when the office shuts."""
    return [span(WEEK, "16:00", "07:30"), span(WEEKEND, "07:30", "07:30")] if draw.chance(0.5) else overnight(draw)


def opening(kind: str, draw: Draw) -> Hours:
    if kind == OFFICE:
        return office(draw)
    return late(draw) if kind == LATE else "24h"
