"""Passwords: argon2id, and a check that takes as long where there is nothing to check against."""

import secrets
import unicodedata
from base64 import b64encode
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher()
SHORTEST, LONGEST = 12, 200
MADE_BYTES = 18


def make() -> str:
    """A random password of 144 bits."""
    return secrets.token_urlsafe(MADE_BYTES)


def hashed(password: str) -> str:
    """What is kept of a password."""
    return HASHER.hash(_normal(password))


def verify(kept: str | None, password: str) -> bool:
    """Whether it is the password. With none kept, or one too long, the same work is done and the answer is no."""
    given = _normal(password[:LONGEST])
    try:
        HASHER.verify(kept or _nobody(), given)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None and len(password) <= LONGEST


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with other parameters than today's."""
    return HASHER.check_needs_rehash(kept)


def _normal(password: str) -> bytes:
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


@cache
def _nobody() -> str:
    """A hash of today's parameters that no password is known to have."""
    salt, output = (
        b64encode(secrets.token_bytes(size)).rstrip(b"=").decode() for size in (HASHER.salt_len, HASHER.hash_len)
    )
    costs = f"m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${output}"
