"""The switch of languages."""

from flask import Response, request

from directory.errors import Invalid
from web import browser, languages
from web.page import Page, Routes
from web.smorest import PUBLIC

BACK = ("/help", "/cards")
"""Pages that are translated, and so have the switch."""


def switch() -> Response:
    """Keep the choice, and return to the page."""
    code, back = request.form.get("language", ""), request.form.get("back", "")
    if code not in languages.LANGUAGES or back not in BACK:
        raise Invalid({"language": ["There is no such language, or no such page."]})
    answer = browser.go_to(back)
    languages.keep(answer, code)
    return answer


ROUTES: Routes = ((Page(rule="/language", id="switch_language", policy=PUBLIC, method="POST"), switch),)
