"""What calls are signed with: 32 random bytes, told once, kept sealed.

They have to be read again to sign, so no hash will do. The key that seals them is derived from the server's own secret,
which is not in the database: whoever has a copy of that alone signs nothing. The form of secret, headers and signature
is that of Standard Webhooks, so that receivers find a library for it.
"""

import hmac
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PREFIX = "whsec_"
SECRET_BYTES = 32
NONCE = 12
PURPOSE = b"secrets of webhooks"


class Unopened(Exception):
    """A secret was sealed by a server with another secret of its own."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Closes secrets for the database and opens them; each is bound to its webhook."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, server_secret: bytes) -> "Seal":
        """The seal of a server."""
        return cls(HKDF(SHA256(), length=32, salt=None, info=PURPOSE).derive(server_secret))

    def close(self, secret: bytes, webhook_id: str) -> bytes:
        """What is kept of a secret."""
        nonce = token_bytes(NONCE)
        return nonce + AESGCM(self.key).encrypt(nonce, secret, webhook_id.encode())

    def open(self, kept: bytes, webhook_id: str) -> bytes:
        """The secret. Raises Unopened."""
        try:
            return AESGCM(self.key).decrypt(kept[:NONCE], kept[NONCE:], webhook_id.encode())
        except (InvalidTag, ValueError):
            raise Unopened from None


def new() -> bytes:
    """A secret."""
    return token_bytes(SECRET_BYTES)


def told(secret: bytes) -> str:
    """A secret as its holder is told it."""
    return PREFIX + b64encode(secret).decode()


def signature(secret: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over id, time and body of a call, as the header carries it."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.new(secret, signed, sha256).digest()).decode()
