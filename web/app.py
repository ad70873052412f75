"""The composition root: everything is put together here and nowhere else."""

from collections.abc import Callable
from functools import cache
from typing import Any

import werkzeug.routing
from flask import Flask

from directory.services import erasure_list
from web import (
    auth,
    browser,
    cli,
    docs,
    document,
    errors,
    headers,
    html,
    languages,
    log,
    matrix,
    metrics,
    page,
    provider,
    rates,
    snapshots,
    transaction,
    webhooks,
)
from web.api import (
    access,
    collections,
    disclosures,
    duplicates,
    exports,
    handovers,
    hsds,
    imports,
    joining,
    listed,
    matches,
    network,
    oversight,
    packages,
    people,
    reference,
    root,
    safeguarding,
    statistics,
    tasks,
    upkeep,
    users,
    verification,
)
from web.api import webhooks as webhooks_api
from web.json import OrjsonProvider
from web.pages import find_help, front, guide, hand_over, language, listing, own_account, provided, signing_in
from web.pages.network import board, circle, handing_over, leaving, messages, reporting
from web.pages.office import oversight as oversight_pages
from web.pages.office import people as office_people
from web.pages.office import upkeep as office_upkeep
from web.pages.registry import routes as registry_pages
from web.settings import Settings, from_environment
from web.transaction import Registry

ROOMS = (
    root,
    matches,
    packages,
    collections,
    upkeep,
    exports,
    imports,
    webhooks_api,
    network,
    tasks,
    handovers,
    joining,
    verification,
    duplicates,
    reference,
    users,
    access,
    safeguarding,
    disclosures,
    oversight,
    people,
    listed,
    statistics,
    hsds,
)
"""Every module with routes, in the order of the document."""

PAGES = (
    front,
    find_help,
    registry_pages,
    reporting,
    leaving,
    board,
    circle,
    messages,
    handing_over,
    oversight_pages,
    office_people,
    office_upkeep,
    listing,
    hand_over,
    guide,
    signing_in,
    provided,
    own_account,
    language,
)
"""Every module with pages, in the order of the navigation."""


class Rule(werkzeug.routing.Rule):
    """A route. What writes its address is code that is compiled when it is first written: most never are."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        @cache
        def compiled() -> Callable[..., tuple[str, str]]:
            return super(Rule, self)._compile_builder(append_unknown)

        def build(rule: "Rule", /, **values: Any) -> tuple[str, str]:
            return compiled()(rule, **values)

        return build


class Application(Flask):
    """Flask with this service's JSON."""

    json_provider_class = OrjsonProvider
    url_rule_class = Rule

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is: nothing here is a coroutine, and Flask would ask so of each function of each request."""
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Raises Unsafe when the settings are, Undeclared when a route does not say who may."""
    settings = settings or from_environment()
    app = Application(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.config["REPLAY_KEY"] = settings.secret_key
    app.config["SETTINGS"] = settings
    log.init_app(app)
    headers.init_app(app, settings.cors_origins)
    errors.init_app(app)
    metrics.init_app(app)
    rates.init_app(app, settings)
    page.init_app(app)
    html.init_app(app)
    languages.init_app(app)
    browser.init_app(app, settings)
    provider.init_app(app, settings)
    auth.init_app(app, settings)
    transaction.init_app(app, registry_of(settings))
    webhooks.init_app(app, settings)
    api = document.init_app(app)
    app.extensions["operations"] = {}
    for room in ROOMS:
        blueprint = room.blueprint()
        api.register_blueprint(blueprint)
        app.extensions["operations"] |= blueprint.operations
    for family in PAGES:
        page.register(app, family.ROUTES)
    front.init_app(app)
    docs.init_app(app)
    cli.init_app(app)
    matrix.require_declared(app)
    return app


def registry_of(settings: Settings) -> Registry:
    """The registry that the settings name, with what this machine keeps of it."""
    registry = Registry.at(settings.database_url, settings.clock, settings.secret_database_url)
    registry.erasures = settings.instance / erasure_list.FILE
    registry.snapshot = settings.instance / snapshots.FILE
    return registry
