"""Random tokens: shown once, kept as SHA-256. With 256 random bits there is nothing to guess or to salt."""

import hmac
import secrets
from hashlib import sha256

TOKEN_BYTES = 32
KEY_PREFIX = "pd_"
LONGEST = 200
"""A longer token is hashed no further than this, so that a long one costs no more than a short one."""


def new(prefix: str = "") -> str:
    """A token of 256 random bits in URL-safe characters."""
    return prefix + secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """What is kept of a token."""
    return sha256(token[:LONGEST].encode("utf-8", "surrogatepass")).hexdigest()


def matches(token: str, kept: str) -> bool:
    """Whether a token is the one kept, in a time that does not tell how nearly."""
    return hmac.compare_digest(digest(token), kept)
