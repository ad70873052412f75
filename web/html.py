"""How a page is answered: its frame, its headers, its errors in words.

Nothing inline runs or styles; a page is kept by nobody. What is dynamic is compressed only where the browser says that
a page of ours asked for it: what an outsider makes a browser ask for tells its length to no one.
"""

import re
from datetime import date, datetime
from typing import Any

from flask import Flask, Response, g, render_template, request

from directory import permissions
from directory.changes import LOCAL
from web import page
from web.assets import packed
from web.auth import ANONYMOUS
from web.page import Page
from web.paths import API
from web.problems import MEDIA_TYPE
from web.smorest import HOLDER, PUBLIC

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
HTML = "text/html"
OURS = frozenset({"same-origin", "none"})
"""Values of Sec-Fetch-Site: a page of ours, or the person by themselves."""


def init_app(app: Flask) -> None:
    """Let templates know who reads them, and finish every page."""
    app.jinja_env.globals |= {"menu": menu, "reader": reader, "on_page": on_page}
    app.jinja_env.filters |= {
        "local_time": local_time,
        "local_day": local_day,
        "day": day,
        "for_input": for_input,
        "telephone": telephone,
    }
    app.jinja_env.tests["mailbox"] = lambda value: "@" in value
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.after_request(_finish)


def render(template: str, status: int = 200, **values: Any) -> Response:
    """A page from its template."""
    return Response(render_template(template, **values), status=status, mimetype=HTML)


def wanted() -> bool:
    """Whether whoever asks would rather read HTML than JSON."""
    return request.accept_mimetypes.best_match(["application/json", HTML]) == HTML


def reader() -> permissions.Actor | None:
    """Who reads this page, if somebody is signed in."""
    found: permissions.Actor = g.get("actor", ANONYMOUS)
    return None if found == ANONYMOUS else found


def menu() -> list[Page]:
    """The pages that the navigation offers to who reads."""
    return [one for one in page.pages().values() if one.menu and offered(one)]


def offered(one: Page) -> bool:
    """Whether who reads may see a page."""
    who = reader()
    if one.policy == PUBLIC:
        return True
    return who is not None and (one.policy == HOLDER or permissions.may(who, one.policy))


def on_page(one: Page) -> bool:
    """Whether this is the page being read."""
    return request.endpoint == one.endpoint


def local_time(moment: datetime | None) -> str:
    """An instant as people in South Africa read it."""
    return "" if moment is None else f"{moment.astimezone(LOCAL):%d %B %Y, %H:%M}"


def local_day(moment: datetime | None) -> str:
    """The day of an instant in South Africa."""
    return "" if moment is None else f"{moment.astimezone(LOCAL):%d %B %Y}"


def day(text: str) -> str:
    """A day of the reference data as people read it."""
    return f"{date.fromisoformat(text):%d %B %Y}"


def for_input(moment: datetime | str | None) -> str:
    """An instant as a control of a form takes it, in local time; what is no instant stays as it was typed."""
    if isinstance(moment, datetime):
        return f"{moment.astimezone(LOCAL):%Y-%m-%dT%H:%M}"
    return moment or ""


def telephone(number: str) -> str:
    """A number as it is dialled in the country, in groups that can be read out: 0800 and 0860 are known as such."""
    found = re.fullmatch(r"\+27(8[06][0-9](?=[0-9]{6}$)|[0-9]{2})([0-9]{3})([0-9]{3,4})", number)
    return f"0{found[1]} {found[2]} {found[3]}" if found else number


def _finish(answer: Response) -> Response:
    """Errors in words, and the headers of a page."""
    if answer.mimetype not in (MEDIA_TYPE, HTML):
        return answer
    is_page = page.asked() is not None
    if answer.mimetype == MEDIA_TYPE and (is_page or _for_people()):
        answer, is_page = _worded(answer), True
    if not is_page or answer.mimetype != HTML:
        return answer
    answer.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    answer.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(self), microphone=()")
    answer.vary.update(("Cookie", "Accept-Encoding"))
    return _compressed(answer)


def _for_people() -> bool:
    """Whether somebody asked by hand for what is no page."""
    return not f"{request.path}/".startswith(f"{API}/") and wanted()


def _worded(answer: Response) -> Response:
    """A problem as a page: the same status and headers, the same words."""
    told = answer.get_json(force=True)
    said = render("problem.html", answer.status_code, problem=told)
    for name, value in answer.headers:
        if name.lower() not in ("content-type", "content-length", "www-authenticate"):
            said.headers.add(name, value)
    return said


def _compressed(answer: Response) -> Response:
    ours = request.headers.get("Sec-Fetch-Site") in OURS
    if not ours or not request.accept_encodings["gzip"] or answer.headers.get("Content-Encoding"):
        return answer
    shorter = packed(answer.get_data())
    if shorter is not None:
        answer.set_data(shorter)
        answer.headers["Content-Encoding"] = "gzip"
    return answer
