"""The outside provider that people may sign in with (OpenID Connect, through Authlib), where settings name one.

Authorisation code with PKCE, state and nonce. What it says is believed only if it is signed by a key of its own with an
asymmetric algorithm, for us, from the issuer that the settings name, and in time.
"""

from typing import Any

import flask
from flask import Flask, Response, current_app

from directory.services.identities import LONGEST, Vouched
from web import browser
from web.settings import Provider, Settings, is_origin

NAME = "provider"
CALLBACK = "/sign-in/provider/callback"
STARTED = f"_state_{NAME}_"
"""How Authlib names what it keeps of a sign-in that has begun."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
TIMEOUT_S = 10
LEEWAY_S = 60


class Unbelievable(Exception):
    """The provider cannot be reached, or what came back is not to be believed."""


def init_app(app: Flask, settings: Settings) -> None:
    """Know the provider, if there is one."""
    app.jinja_env.globals["provider"] = None if settings.provider is None else settings.provider.label
    if settings.provider is None:
        return
    from authlib.integrations.flask_client import OAuth

    OAuth(app).register(
        NAME,
        client_id=settings.provider.client_id,
        client_secret=settings.provider.client_secret,
        server_metadata_url=f"{settings.provider.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": settings.provider.scope, "code_challenge_method": "S256", "default_timeout": TIMEOUT_S},
    )


def named() -> Provider | None:
    """The provider, if the settings name one."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.provider


def lead() -> Response:
    """The way to the provider; one sign-in at a time is under way in a browser. Raises Unbelievable."""
    for key in [one for one in flask.session if one.startswith(STARTED)]:
        flask.session.pop(key)
    try:
        led: Response = current_app.make_response(_client().authorize_redirect(f"{browser.origin()}{CALLBACK}"))
    except _failures() as error:
        raise Unbelievable(type(error).__name__) from None
    return led


def is_under_way() -> bool:
    """Whether this browser has a sign-in under way, of the state that came back."""
    return f"{STARTED}{flask.request.args.get('state', '')}" in flask.session


def told(provider: Provider) -> tuple[Vouched, bool]:
    """Who the provider says came back, and whether it asked for a second factor. Raises Unbelievable."""
    expected = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "sub": {"essential": True},
    }
    try:
        token = _client().authorize_access_token(claims_options=expected, leeway=LEEWAY_S)
    except _failures() as error:
        raise Unbelievable(type(error).__name__) from None
    claims = token.get("userinfo")
    subject = None if claims is None else claims.get("sub")
    if not isinstance(subject, str) or not 1 <= len(subject) <= LONGEST:
        raise Unbelievable("no subject")
    return Vouched(provider.issuer, subject, provider.username(claims)), provider.had_second_factor(claims)


def _failures() -> tuple[type[Exception], ...]:
    """What Authlib raises, and what it works with. They are loaded where a provider is named, and nowhere else."""
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError
    from requests import RequestException

    return AuthlibBaseError, JoseError, RequestException, RuntimeError, ValueError, KeyError, TypeError


def _client() -> Any:
    """Authlib's client, once what the provider says of itself is checked. Raises ValueError."""
    oauth = current_app.extensions["authlib.integrations.flask_client"]
    client = oauth.create_client(NAME)
    about: dict[str, Any] = client.load_server_metadata()
    if about.get("issuer") != named_issuer():
        about.pop("_loaded_at", None)
        raise ValueError("the provider is another one than the settings name")
    for endpoint in ENDPOINTS:
        if not is_origin("/".join(str(about.get(endpoint)).split("/")[:3])):
            raise ValueError(f"{endpoint} is not reached by TLS")
    about["id_token_signing_alg_values_supported"] = list(ALGORITHMS)
    return client


def named_issuer() -> str:
    """The issuer that the settings name."""
    provider = named()
    return "" if provider is None else provider.issuer
