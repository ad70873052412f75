"""The composition root: everything is put together here and nowhere else."""

from flask import Flask

from directory.db import make_engine
from web import auth, cli, docs, document, errors, headers, log, transaction
from web.api import collections, matches, reference, root, upkeep
from web.json import OrjsonProvider
from web.settings import Settings, from_environment
from web.transaction import Registry


class Application(Flask):
    """Flask with this service's JSON."""

    json_provider_class = OrjsonProvider


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Raises Unsafe when the settings are."""
    settings = settings or from_environment()
    app = Application(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.config["REPLAY_KEY"] = settings.secret_key
    app.config["SETTINGS"] = settings
    log.init_app(app)
    headers.init_app(app, settings.cors_origins)
    errors.init_app(app)
    transaction.init_app(app, Registry(make_engine(settings.database_url), settings.clock))
    auth.init_app(app)
    api = document.init_app(app)
    for room in (root, matches, collections, upkeep, reference):
        api.register_blueprint(room.blueprint())
    docs.init_app(app)
    cli.init_app(app)
    return app
