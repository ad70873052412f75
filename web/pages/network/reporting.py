"""The network report as a page, to print and to share, and how the figures go."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, abort, request

from directory.changes import LOCAL
from directory.services import audit, figures
from directory.services.plans import GONE
from matching import service
from matching.service import LinkQuery, TrendQuery
from web import fragility, html, transaction
from web.auth import actor
from web.forms import reading
from web.page import Page, Routes
from web.pages.network import asking
from web.pages.network.asking import NETWORK, READ
from web.pages.network.board import PERIOD, period
from web.report import made
from web.report.content import Asked, document
from web.report.drawn import trend_drawn, trend_of
from web.report.html import drawn
from web.report.wording import GRADES, PROVINCES

FILES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_CHANGED = 200


@dataclass(frozen=True, slots=True)
class Changed:
    """A link whose grade is another than it was."""

    id: str
    title: str
    before: str
    after: str


def report() -> Response:
    """What hangs on single contacts, and what to do about it first. It grades people: who reads it is audited."""
    fragility.run_if_due(actor())
    found = _facts()
    audit.grading(transaction.session())
    people = [f"{NETWORK}/people/{one.person.id}" for one in found.report.people.items]
    return _page(found, Asked(), leading={"leaving": people})


def shareable() -> Response:
    """The same without people: posts are named alone."""
    return _page(_facts(), Asked(shareable=True), leading={})


def file(form: str) -> Response:
    """The report as a file, with people or without."""
    if form not in FILES:
        abort(HTTPStatus.NOT_FOUND)
    share = request.args.get("shareable") == "yes"
    found = _facts()
    if not share:
        audit.grading(transaction.session())
    answer = Response(made.FORMATS[form](found, share), mimetype=FILES[form])
    name = "-".join(("network", found.report.province or "ZA", *(["to-share"] if share else [])))
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def trend() -> Response:
    """The figures day by day, and which links changed between two days."""
    fragility.run_if_due(actor())
    session, who = transaction.session(), actor()
    where, today = asking.province(), asking.now().astimezone(LOCAL).date()
    days = {name: request.args[name] for name in ("from", "to") if request.args.get(name)}
    first, last = period(reading.sensible(PERIOD, days), today)
    kept = service.network_trend(session, who, TrendQuery(first, last, where))
    became = sorted(figures.counted(kept).items())
    return html.render(
        "network_pages/trend.html",
        picture=trend_drawn(trend_of(kept)) if kept.days else None,
        drawn=drawn,
        first=first,
        last=last,
        where=PROVINCES.get(where or "", "South Africa"),
        became=[f"{count} {'link is' if count == 1 else 'links are'} now: {_said(code)}" for code, count in became],
        changed=_changed(where, kept.changed),
        total=len(kept.changed),
        **asking.frame(),
    )


def _changed(where: str | None, changed: Mapping[str, tuple[str | None, str | None]]) -> list[Changed]:
    """The links by name, those that got worse first."""
    rows = service.network_links(transaction.session(), actor(), LinkQuery(province=where), asking.now()).rows
    names = {row.id: f"{row.a.partner.name} and {row.b.partner.name}" for row in rows}
    worst = list(GRADES)
    found = [
        (worst.index(after) if after in worst else len(worst), names.get(key, "A link that is no more"), key, pair)
        for key, pair in changed.items()
        for after in [pair[1] or ""]
    ]
    return [
        Changed(key, name, _said(before or "new"), _said(after or GONE))
        for _worst, name, key, (before, after) in sorted(found)[:MOST_CHANGED]
    ]


def _said(grade: str) -> str:
    return GRADES.get(grade, {GONE: "no link any more", "new": "no link yet"}.get(grade, grade))


def _facts() -> made.Facts:
    return made.facts(transaction.session(), actor(), asking.province(), asking.now())


def _page(found: made.Facts, asked: Asked, *, leading: Mapping[str, list[str]]) -> Response:
    return html.render(
        "network_pages/report.html",
        document=document(found.report, found.drawn, found.trend, asked),
        drawn=drawn,
        leading=leading,
        shareable=asked.shareable,
        files={form: _file(form, asked.shareable) for form in FILES},
        **asking.frame(),
    )


def _file(form: str, share: bool) -> str:
    of = f"&province={asking.province()}" if asking.province() else ""
    return f"{NETWORK}/report/{form}?shareable={'yes' if share else 'no'}{of}"


ROUTES: Routes = (
    (
        Page(
            rule=NETWORK,
            id="network",
            policy=READ,
            menu="Network",
            about="What hangs on one person, and what to do about it first.",
        ),
        report,
    ),
    (Page(rule=f"{NETWORK}/shareable", id="network_shareable", policy=READ), shareable),
    (Page(rule=f"{NETWORK}/report/<form>", id="network_file", policy=READ), file),
    (Page(rule=f"{NETWORK}/trend", id="network_trend", policy=READ), trend),
)
