"""What the network's pages ask first: of which province, and as of when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import request

from directory import geography
from directory.permissions import OTHERS
from web import transaction
from web.auth import actor
from web.pages.registry.ways import Way

NETWORK = "/network"
READ = "network.people"


def now() -> datetime:
    """The instant that is asked about."""
    return transaction.registry().clock()


def province() -> str | None:
    """The province of the address, if it is one; a provincial coordinator's own."""
    who = actor()
    if OTHERS[READ][who.role] == "province" and who.province is not None:
        return who.province
    asked = request.values.get("province")
    return asked if asked in geography.provinces() else None


def provinces() -> Mapping[str, str]:
    """The provinces that may be chosen."""
    who = actor()
    bound = OTHERS[READ][who.role] == "province" and who.province is not None
    return {} if bound else geography.provinces()


def ways() -> list[Way]:
    """The pages about the network, all of the same province."""
    of = {"province": request.values.get("province", "")} if province() and provinces() else {}
    rows = (
        ("Report", NETWORK, of),
        ("To do", f"{NETWORK}/actions", of),
        ("What if somebody leaves", f"{NETWORK}/what-if", of),
        ("How it goes", f"{NETWORK}/trend", of),
        ("What came of it", f"{NETWORK}/results", of),
        ("To share", f"{NETWORK}/shareable", of),
    )
    return [Way(label, f"{address}?{urlencode(query)}" if query else address) for label, address, query in rows]


def frame() -> dict[str, Any]:
    """What stands around every page of the network."""
    return {"ways": ways(), "provinces": provinces(), "province": province()}
