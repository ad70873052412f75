"""The registry's pages: those of every collection, declared once, and those of room and suspension."""

from collections.abc import Callable
from functools import partial
from typing import Any

from directory.collection import Collection
from directory.services.catalogue import COLLECTIONS
from directory.services.suspensions import TARGETS
from web.page import Page, Routes, View
from web.pages.registry import browsing, capacity, editing
from web.pages.registry.browsing import REGISTRY

READ, WRITE = "registry.read", "registry.write"


def _page(collection: Collection, verb: str, path: str, policy: str, method: str = "GET") -> Page:
    return Page(
        rule=f"{REGISTRY}/{collection.path}{path}",
        id=f"{verb}_{collection.name}",
        policy=policy,
        method=method,
        tag=collection.path,
        only_asks=method == "POST" and policy == READ,
    )


def _of(collection: Collection) -> list[tuple[Page, View]]:
    one = "/<uuid:record_id>"
    table: list[tuple[str, str, str, str, Callable[..., Any]]] = [
        ("browse", "", READ, "GET", browsing.browse),
        ("search", "/search", READ, "POST", browsing.search),
        ("names", "/names", READ, "POST", browsing.names),
        ("new", "/new", WRITE, "GET", editing.new),
        ("create", "", WRITE, "POST", editing.create),
        ("read", one, READ, "GET", browsing.one),
        ("edit", f"{one}/edit", WRITE, "GET", editing.edit),
        ("change", f"{one}/edit", WRITE, "POST", editing.change),
        ("close", f"{one}/close", WRITE, "POST", editing.close),
        ("verify", f"{one}/verify", WRITE, "POST", editing.verify),
    ]
    if collection.name in TARGETS:
        table.append(("suspend", f"{one}/suspend", "suspensions.write", "POST", editing.suspend))
    return [
        (_page(collection, verb, path, policy, method), partial(view, collection))
        for verb, path, policy, method, view in table
    ]


ROUTES: Routes = (
    (
        Page(
            rule=REGISTRY, id="registry", policy=READ, menu="Registry", about="Who is who: look up, correct, confirm."
        ),
        browsing.index,
    ),
    *(route for collection in COLLECTIONS.values() for route in _of(collection)),
    (
        Page(
            rule=capacity.CAPACITY,
            id="capacity",
            policy="capacity.write",
            menu="Room",
            about="Say how many beds are free, in two taps.",
        ),
        capacity.overview,
    ),
    (
        Page(
            rule=f"{capacity.CAPACITY}/<uuid:record_id>",
            id="say_capacity",
            policy="capacity.write",
            method="POST",
            tag="service-sites",
        ),
        capacity.say,
    ),
)
