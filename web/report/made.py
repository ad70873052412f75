"""The report in each of its forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from sqlalchemy.orm import Session

from directory.changes import LOCAL
from directory.permissions import Actor
from matching import service
from matching.service import NetworkMap, NetworkReport, TrendQuery
from web.report.content import Asked, document
from web.report.drawn import Trend, trend_of
from web.report.html import html
from web.report.shared import shared
from web.schemas.match_answer import wire

BACK = timedelta(days=183)
"""How far back the trend goes."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the report says."""

    report: NetworkReport
    drawn: NetworkMap
    trend: Trend


def facts(session: Session, actor: Actor, province: str | None, now: datetime) -> Facts:
    """What there is to report. Raises Denied."""
    report = service.network_report(session, actor, province, now)
    today = now.astimezone(LOCAL).date()
    kept = service.network_trend(session, actor, TrendQuery(today - BACK, today, report.province))
    return Facts(report, service.network_map(session, actor, province, now), trend_of(kept))


def as_html(found: Facts, shareable: bool) -> bytes:
    """One file that needs no other."""
    return html(document(found.report, found.drawn, found.trend, Asked(shareable))).encode()


def as_pdf(found: Facts, shareable: bool) -> bytes:
    """For the printer."""
    from web.report.print import pdf

    return pdf(document(found.report, found.drawn, found.trend, Asked(shareable)))


def as_workbook(found: Facts, shareable: bool) -> bytes:
    """With all rows that the report has."""
    from web.report.workbook import workbook

    return workbook(document(found.report, found.drawn, found.trend, Asked(shareable, most=None)))


def as_json(found: Facts, shareable: bool) -> bytes:
    """What the API answers."""
    told = wire(found.report)
    return orjson.dumps(shared(told) if shareable else told, option=orjson.OPT_INDENT_2)


FORMATS: Mapping[str, Callable[[Facts, bool], bytes]] = {
    "html": as_html,
    "pdf": as_pdf,
    "xlsx": as_workbook,
    "json": as_json,
}
