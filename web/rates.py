"""How often one may ask: each key for itself, and who has none by the network address it comes from.

Counted in fixed minutes, in the memory of each worker, which gives out its share of the limit: a write to the database
for each request would cost more than the request. Where a key is asked for, who shows one that holds is counted by that
alone, so nobody behind the same address can shut it out. Addresses are told apart only where a setting says how many
proxies name them: to count all as one would let one shut out all.
"""

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from threading import Lock

from flask import Flask, current_app, request

from directory.permissions import Actor
from web import transaction
from web.errors import Refused
from web.settings import Settings

COSTS = {
    "match": 3,
    "explainMatch": 3,
    "packages": 3,
    "discloseLocation": 100,
    "importPartners": 5000,
    "exportCsv": 5000,
    "exportWorkbook": 5000,
    "exportHsds": 5000,
}
"""Operations that take longer, or that nobody has cause to repeat, by how much; every other is one."""
MINUTE_S = 60
UNCOUNTED = ("/healthz", "/readyz")
IPV6_NETWORK = 64
"""Bits of an address that one subscriber is given: the rest is theirs to vary."""


@dataclass(slots=True)
class Window:
    """What each has taken in the current minute, of as much as this worker gives one; 0 is no limit."""

    limit: int
    _minute: int = 0
    _taken: dict[str, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, who: str, cost: int, now: datetime) -> int:
        """Take so much. 0, or the seconds to wait: what is refused is not counted."""
        if not self.limit:
            return 0
        minute, second = divmod(int(now.timestamp()), MINUTE_S)
        with self._lock:
            if minute != self._minute:
                self._minute, self._taken = minute, {}
            taken = self._taken.get(who, 0)
            if taken + cost > max(self.limit, cost):
                return MINUTE_S - second
            self._taken[who] = taken + cost
            return 0


@dataclass(frozen=True, slots=True)
class Rates:
    """This worker's windows, and how many proxies stand before it."""

    keys: Window
    addresses: Window
    proxies: int


def init_app(app: Flask, settings: Settings) -> None:
    """Give this worker its share of what one may ask a minute."""
    keys, addresses = (
        Window(ceil(rate / settings.workers)) for rate in (settings.rate_per_key, settings.rate_per_address)
    )
    app.extensions["rates"] = Rates(keys, addresses, settings.trusted_proxies)


def spend_key(actor: Actor, operation_id: str, cost: int = 1) -> None:
    """Count a request of somebody known. Raises Refused."""
    _spend(_rates().keys, actor.key_id or actor.session_id or actor.name, COSTS.get(operation_id, cost))


def spend_address(cost: int = 1) -> None:
    """Count a request of somebody unknown, where addresses can be told apart. Raises Refused."""
    rates = _rates()
    if rates.proxies and request.path not in UNCOUNTED:
        _spend(rates.addresses, client_network(rates.proxies), cost)


def client_address() -> str | None:
    """Where a request comes from, or None where addresses cannot be told apart."""
    proxies = _rates().proxies
    return _client(proxies) if proxies else None


def client_network(proxies: int) -> str:
    """The network of one subscriber that a request comes from."""
    try:
        address = ipaddress.ip_address(_client(proxies))
    except ValueError:
        return request.remote_addr or "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))


def _client(proxies: int) -> str:
    """As the outermost trusted proxy saw it; what lies further out anybody can write."""
    named = [one.strip() for one in ",".join(request.headers.getlist("X-Forwarded-For")).split(",")]
    return named[-proxies] if len(named) >= proxies else request.remote_addr or "unknown"


def _rates() -> Rates:
    found: Rates = current_app.extensions["rates"]
    return found


def _spend(window: Window, who: str, cost: int) -> None:
    wait = window.take(who, cost, transaction.registry().clock())
    if wait:
        raise Refused("too-many-requests", headers={"Retry-After": str(wait)})
