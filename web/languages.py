"""The languages of pages: catalogues by gettext, chosen by a switch or by what the browser asks for.

Catalogues are read from their texts (`web/translations/*.po`) when a process first needs one, so that nothing compiled
can be older than what it was made of. A page is in the chosen language only if it says that it is translated.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.core import get_global
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, current_app, g, request

from web.browser import cookie_name

ENGLISH = "en"
LANGUAGES: Mapping[str, str] = {
    ENGLISH: "English",
    "zu": "isiZulu",
    "xh": "isiXhosa",
    "af": "Afrikaans",
    "st": "Sesotho",
    "pt": "Português",
}
"""By their codes, each by its own name."""
OWN_NAMES = frozenset({"afr", "nbl", "nso", "sot", "ssw", "tsn", "tso", "ven", "xho", "zul", "sfs"})
FOLDER = Path(__file__).resolve().parent / "translations"
COOKIE = "language"


def init_app(app: Flask) -> None:
    """Let templates translate."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, lambda one, more, count: gettext(one if count == 1 else more), newstyle=True
    )
    app.jinja_env.globals |= {"spoken": spoken, "languages": LANGUAGES}
    app.jinja_env.filters |= {"labelled": labelled, "language_name": language_name}


def labelled(codes: Iterable[str], terms: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    """Codes with their labels in the language of this page."""
    return [(code, gettext(terms[code]["label"])) for code in codes]


def language_name(term: Mapping[str, str]) -> str:
    """What a language is called in the language of this page: by the common list of locales where that has it. Those of
    the country go by their own names everywhere."""
    if term["code"] in OWN_NAMES or spoken() == ENGLISH:
        return term["label"]
    known = Locale.parse(spoken()).languages
    by_locale = get_global("language_aliases").get(term["code"], term["code"])
    return str(known.get(by_locale, term["label"]))


def gettext(text: str) -> str:
    """A text in the language of this page."""
    found: str = catalogue(spoken()).gettext(text)
    return found


def spoken() -> str:
    """The language of the page being made."""
    found: str = g.get("language", ENGLISH)
    return found


def speak() -> None:
    """Make this page in the language that its reader chose, or that the browser asks for."""
    g.language = chosen()


def chosen() -> str:
    """What the switch was set to, else what the browser would rather read."""
    kept = request.cookies.get(_cookie())
    if kept is not None and kept in LANGUAGES:
        return kept
    return request.accept_languages.best_match(list(LANGUAGES)) or ENGLISH


def keep(answer: Response, code: str) -> None:
    """Keep the choice for as long as the browser is open: a code, and nothing of who chose it."""
    secure = current_app.config["SETTINGS"].secure
    answer.set_cookie(_cookie(), code, secure=secure, httponly=True, samesite="Lax")


def _cookie() -> str:
    return cookie_name(current_app.config["SETTINGS"], COOKIE)


@cache
def catalogue(code: str) -> NullTranslations:
    """The texts of a language; of English none, since it is what the templates say."""
    if code == ENGLISH:
        return NullTranslations()
    with (FOLDER / f"{code}.po").open("rb") as file:
        texts = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, texts)
    compiled.seek(0)
    return Translations(compiled)
