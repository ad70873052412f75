"""An OpenID provider for the tests: discovery, keys and tokens over HTTP on this machine, with faults on demand."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "directory", "a secret of the client"
POLL_S = 0.01


@cache
def _key(number: int) -> RSAKey:
    """One of the keys of a test process: a new one takes a tenth of a second. They go by the same name."""
    return RSAKey.generate_key(2048, {"kid": "one"})


@dataclass
class Issuer:
    """What it knows: its keys, what was asked, and what its next token is to say instead of the truth."""

    base: str = ""
    key: RSAKey = field(default_factory=lambda: _key(0))
    foreign: RSAKey = field(default_factory=lambda: _key(1))
    asked: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    fault: str = ""

    def forget(self) -> None:
        """Be as new."""
        self.asked, self.codes, self.about, self.fault = {}, {}, {}, ""

    def sign_in(self, location: str, **claims: Any) -> str:
        """Somebody signs in here, as asked for by that address; where the browser is led back to."""
        self.asked = dict(parse_qsl(urlsplit(location).query))
        code = f"code-{len(self.codes)}"
        self.codes[code] = {"sub": "s-1", **claims}
        return f"{self.asked['redirect_uri']}?code={code}&state={self.asked['state']}"

    def metadata(self) -> dict[str, Any]:
        """What discovery says."""
        told = {"issuer": self.base, "authorization_endpoint": f"{self.base}/authorize"}
        told |= {"token_endpoint": f"{self.base}/token", "jwks_uri": f"{self.base}/jwks"}
        return {**told, "id_token_signing_alg_values_supported": ["RS256", "none", "HS256"], **self.about}

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """What a code is exchanged for, once, by who began."""
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        claims = self.codes.pop(form.get("code", ""), None)
        if claims is None or challenge != self.asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        said = {"iss": self.base, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": self.asked["nonce"], **claims}
        said = {name: value for name, value in said.items() if value is not None}
        answer = {"access_token": "x", "token_type": "Bearer", "id_token": self.signed(said)}
        return 200, {name: value for name, value in answer.items() if (name, self.fault) != ("id_token", "no token")}

    def signed(self, claims: dict[str, Any]) -> str:
        """The claims as a token, signed as they should be or not."""
        if self.fault == "alg none":
            return f"{_part({'alg': 'none'})}.{_part(claims)}."
        if self.fault == "public key as secret":
            secret = OctKey.import_key(self.key.as_pem(private=False))
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, secret, algorithms=["HS256"])
        key = self.foreign if self.fault == "foreign key" else self.key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@contextmanager
def issuer() -> Iterator[Issuer]:
    """A provider that answers; it is stopped afterwards."""
    made = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = {
                "/.well-known/openid-configuration": made.metadata(),
                "/jwks": {"keys": [made.key.as_dict(private=False)]},
            }
            self._answer(200, told[self.path])

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(*made.token({name: values[0] for name, values in parse_qs(body).items()}))

        def _answer(self, status: int, told: dict[str, Any]) -> None:
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(POLL_S,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
