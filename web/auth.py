"""Who asks. Until accounts exist: whoever reaches the loopback address, and nobody else.

The server listens on a loopback address only (web.settings). Two checks a request stand behind that, in case something
else runs the application: the peer must be this machine, and the host named must be one of its own names, so that a
web page elsewhere cannot reach the registry by pointing its own name at 127.0.0.1.
"""

from flask import Flask, g, request

from directory.permissions import LOCAL, Actor
from web.errors import Refused
from web.settings import LOOPBACK_NAMES, is_loopback


def init_app(app: Flask) -> None:
    """Refuse whoever is not on this machine; name the actor of everybody else."""
    app.config["TRUSTED_HOSTS"] = list(LOOPBACK_NAMES)

    @app.before_request
    def identify() -> None:
        if not is_loopback(request.remote_addr or "localhost"):
            raise Refused("denied", "Until accounts exist this service answers its own machine only.")
        g.actor = LOCAL


def actor() -> Actor:
    """Who makes this request. Keys are read once accounts exist; until then one that is sent changes nothing."""
    found: Actor = g.actor
    return found
