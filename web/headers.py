"""Headers that every answer has."""

from flask import Flask, Response, current_app, request

from web.paths import API, HSDS
from web.settings import Settings

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Strict-Transport-Security": "max-age=31536000",
}
"""The last is heeded only where TLS has been put before this service, and browsers reached it that way."""
CONTENT_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
CONTENT_POLICY += "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
USUAL = {**SAFE, "Content-Security-Policy": CONTENT_POLICY, "Cache-Control": "no-store"}
EXPOSED = "ETag, Location, Content-Location, Idempotency-Replayed, Retry-After, "
EXPOSED += "Registry-Revision, Content-Disposition"
ALLOWED = "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-End-User"
METHODS = "GET, POST, PUT, PATCH, DELETE"


def is_preflight() -> bool:
    """Whether a browser asks, as it does without the key, if a page of a named origin may call the API."""
    if request.method != "OPTIONS" or "Access-Control-Request-Method" not in request.headers:
        return False
    settings: Settings = current_app.config["SETTINGS"]
    return request.path.startswith((f"{API}/", f"{HSDS}/")) and request.headers.get("Origin") in settings.cors_origins


def init_app(app: Flask, cors_origins: tuple[str, ...]) -> None:
    """Add the headers; answer other origins only where a setting names them."""

    @app.after_request
    def add(answer: Response) -> Response:
        given = {name.lower() for name, _ in answer.headers}
        for name, value in USUAL.items():
            if name.lower() not in given:
                answer.headers.add(name, value)
        origin = request.headers.get("Origin")
        if origin in cors_origins and request.path.startswith((API, HSDS)):
            answer.headers["Access-Control-Allow-Origin"] = str(origin)
            answer.headers["Access-Control-Expose-Headers"] = EXPOSED
            answer.vary.add("Origin")
            if request.method == "OPTIONS":
                answer.headers["Access-Control-Allow-Headers"] = ALLOWED
                answer.headers["Access-Control-Allow-Methods"] = METHODS
        return answer
