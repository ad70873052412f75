"""Idempotency-Key: a POST that is repeated is answered again and not done again."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, request
from sqlalchemy.orm import Session

from directory.errors import Invalid
from directory.permissions import Actor
from directory.services import replays

HEADER = "Idempotency-Key"
REPLAYED = {"Idempotency-Replayed": "true"}


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the first POST with this key made, and when."""

    record_id: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """A POST with its key, if it has one. The body is kept as a keyed digest alone."""

    session: Session
    actor: Actor
    key: str | None
    digest: str

    def earlier(self) -> Earlier | None:
        """The first POST with this key within 24 hours. Raises Invalid when its body was another."""
        if self.key is None:
            return None
        found = replays.recall(self.session, self.actor, request.path, self.key, self.digest)
        return None if found is None else Earlier(found.record_id, found.created_at)

    def keep(self, record_id: str) -> None:
        """Remember what this POST made, in its own transaction."""
        if self.key is not None:
            outcome = (201, record_id)
            replays.remember(self.session, self.actor, request.path, self.key, self.digest, outcome)


def attempt(session: Session, actor: Actor) -> Attempt:
    """This request as an attempt, its query a part of the body. Raises Invalid for a key that is none."""
    key = request.headers.get(HEADER)
    if key is not None and not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
        raise Invalid({HEADER: ["Must have 1 to 255 printable characters without spaces."]})
    secret: bytes = current_app.config["REPLAY_KEY"]
    asked = b"?" + request.query_string + b"\n" if request.query_string else b""
    digest = hmac.new(secret, asked + request.get_data(cache=True), hashlib.sha256).hexdigest()
    return Attempt(session, actor, key, digest)
