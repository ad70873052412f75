"""The document as served, a page to read it in, and the kinds of problem. All of it works offline."""

import json
from functools import cache, partial
from typing import Any

from flask import Flask, Response, current_app, render_template

from web import assets
from web.openapi import Api
from web.problems import KINDS
from web.settings import ROOT

COMMITTED = ROOT / "openapi" / "openapi.json"
OPEN_ROUTES = frozenset({"openapi", "docs", "problems", "asset"})
"""What is served here, to everybody."""


def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI document, generated from the code."""
    api: Api = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    return api.document()


def as_text(app: Flask) -> str:
    """The document as it is committed and served."""
    return json.dumps(document(app), indent=1, ensure_ascii=False) + "\n"


def init_app(app: Flask) -> None:
    """Serve document, page and assets."""
    text = cache(partial(COMMITTED.read_text, encoding="utf-8"))
    app.extensions["open_routes"] = OPEN_ROUTES

    @app.get("/openapi.json")
    def openapi() -> Response:
        """As it is committed, which is what the code says (`flask openapi check`): to make it takes a while."""
        return Response(text(), mimetype="application/json")

    @app.get("/docs")
    def docs() -> str:
        return render_template("docs.html")

    @app.get("/problems", defaults={"code": None})
    @app.get("/problems/<any({}):code>".format(", ".join(f'"{code}"' for code in KINDS)))
    def problems(code: str | None) -> str:
        kinds = KINDS.values() if code is None else [KINDS[code]]
        return render_template("problems.html", kinds=kinds)

    assets.init_app(app)


def current() -> str:
    """The document of the current application."""
    return as_text(current_app)
