"""Calls from this server to somebody else's, past everything by which an address could lead back inside.

The name is resolved once for a call, every address it has must be public, and the connection goes to one that was
looked at, so that no second answer of the name's server counts. The certificate must be for the name. Redirections are
not followed, no proxy of the environment is used, and whatever is answered beyond the status is thrown away.
"""

import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException, HTTPSConnection
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Timer
from urllib.parse import urlsplit

from directory.services.webhook_calls import ACCEPTED, Said

CONNECT_S = 3.0
DEADLINE_S = 8.0
"""For all that comes after the connection, however slowly it drips."""
MOST_ADDRESSES = 3
MOST_READ = 4096
"""Bytes of an answer's body: no more is read, and none kept."""
AGENT = "partner-directory"
HTTPS_PORT = 443

UNICAST = ip_network("2000::/3")
NEVER = tuple(
    ip_network(one)
    for one in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "2001::/23", "2001:db8::/32", "2002::/16")
)
"""What the library takes for public, in this version or another, and leads elsewhere: protocol assignments, relays to
IPv4 (6to4, Teredo), documentation, and the address under which a large cloud serves each machine its own metadata."""


def is_public(address: str) -> bool:
    """Whether an address is one of the public Internet, and leads to no other inside it."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and (found.scope_id is not None or found not in UNICAST):
        return False
    if found.is_multicast or found.is_reserved or not found.is_global:
        return False
    return not any(found.version == one.version and found in one for one in NEVER)


def resolved(host: str, port: int) -> list[str]:
    """Every address that a name has. Raises OSError, UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@cache
def _trusting() -> ssl.SSLContext:
    """TLS as this machine trusts it."""
    return ssl.create_default_context()


Connect = Callable[[tuple[str, int], float], socket.socket]


@dataclass(frozen=True, slots=True)
class Outward:
    """How this server calls others: what resolves names, what connects, and whom TLS trusts."""

    resolve: Callable[[str, int], Sequence[str]] = resolved
    connect: Connect = socket.create_connection
    trust: Callable[[], ssl.SSLContext] = _trusting
    deadline_s: float = DEADLINE_S

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Said:
        """Call, and say what came of it. Never raises for what the other side does."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or HTTPS_PORT
        try:
            addresses = self.resolve(host, port)
        except (OSError, UnicodeError):
            return Said("unresolved")
        if not addresses or not all(map(is_public, addresses)):
            return Said("address_refused")
        for address in addresses[:MOST_ADDRESSES]:
            try:
                connected = self.connect((address, port), CONNECT_S)
            except OSError:
                continue
            return self._ask(connected, HTTPSConnection(host, port, context=self.trust()), url, headers, body)
        return Said("unreachable")

    def _ask(
        self, connected: socket.socket, http: HTTPSConnection, url: str, headers: Mapping[str, str], body: bytes
    ) -> Said:
        """One request over a connection that is there. A timer ends it, since a limit on each read ends no dripping."""
        parts, ends = urlsplit(url), time.monotonic() + self.deadline_s
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connected.settimeout(self.deadline_s)
        timer: Timer | None = None
        try:
            tls = self.trust().wrap_socket(connected, server_hostname=http.host, do_handshake_on_connect=False)
            http.sock = tls
            timer = Timer(self.deadline_s, _cut, (tls,))
            timer.daemon = True
            timer.start()
            tls.do_handshake()
            http.request("POST", target, body, {**headers, "user-agent": AGENT})
            return _read(http)
        except (OSError, HTTPException) as error:
            if time.monotonic() >= ends or isinstance(error, TimeoutError):
                return Said("timed_out")
            return Said("tls_failed" if isinstance(error, ssl.SSLError) else "broken_off")
        finally:
            if timer is not None:
                timer.cancel()
            http.close()
            connected.close()


def _read(http: HTTPSConnection) -> Said:
    answer = http.getresponse()
    with suppress(OSError, HTTPException):
        answer.read(MOST_READ)
    answer.close()
    if 200 <= answer.status < 300:
        return Said(ACCEPTED, answer.status)
    return Said("redirected" if 300 <= answer.status < 400 else "refused", answer.status)


def _cut(tls: ssl.SSLSocket) -> None:
    """End whatever waits on it. Of the socket itself: TLS would say good-bye first, and wait."""
    with suppress(OSError):
        socket.socket.shutdown(tls, socket.SHUT_RDWR)
