"""Every page that reads, made from the pages that are served, and what people read there, byte by byte.

A page that the service gains is asked without being named here; one that asks by a form needs its forms in `forms`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Flask

from directory.services.catalogue import COLLECTIONS
from tests.harm.asks import at, points
from tests.harm.dumping import API
from tests.harm.replay import Answer, Request, ids
from tests.harm.world import World
from tests.web.browsing import Browser
from web.page import Page

Form = Mapping[str, Any]

EXEMPT = ("audit", "disclosures", "factor_form")
"""As in the API: who asked for an address, and what was written; and a secret that is a new one each time."""
WITH_PLACES = ("organisations", "sites", "services", "service-sites", "links")
FEW = 2
"""Of collections without places so many records are read."""
TOKEN = re.compile(rb'(name="csrf_token" value="|"X-CSRFToken": ")[^"]+')
VARYING = frozenset({"Date", "Set-Cookie", "Content-Length"})
VARIABLE = re.compile(r"<(?:(\w+):)?(\w+)>")
NOBODY = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a01"


def pages(app: Flask) -> list[Page]:
    """The pages that read."""
    found: Mapping[str, Page] = app.extensions["pages"]
    return [one for one in found.values() if (one.method == "GET" or one.only_asks) and one.id not in EXEMPT]


def forms(world: World) -> Mapping[str, Sequence[Form]]:
    """What is sent to the pages that ask by a form, by the page's id."""
    helped: list[Form] = []
    for point in points(5):
        lat, lon = (f"{value:.1f}" for value in at(point)["point"].values())
        helped += [{"lat": lat, "lon": lon, "needs": need} for need in ("shelter_emergency", "counselling")]
    helped += [
        {"place": "Polokwane", "needs": ["shelter_emergency", "counselling"], "sort": "nearest", "max_km": "any"},
        {"place": "Musina", "needs": "shelter_emergency", "avoid": f"organisation:{world['haven']}"},
        {"place": "Musina", "needs": "shelter_emergency", "avoid": "district:DC34"},
    ]
    searched = [{"q": "umusa"}, {"q": "e", "province": "ZA-LP", "page": "2"}]
    named = [{"parent_id": "umusa"}]
    return {
        **{f"search_{name}": searched for name in COLLECTIONS},
        **{f"names_{name}": named for name in COLLECTIONS},
        "find_network_actions": [{"show": "open", "organisation_id": "Umusa"}],
        "ask_for_help": helped,
        "help_places": [{"place": "Polo"}],
        "help_people": [{"add": "child"}],
        "help_names": [{"avoid_name": "Umusa"}, {"avoid_name": "Example Worker0"}],
        "card": [{"stage": stage, "district": "DC34"} for stage in ("screening", "shelter_admission")],
    }


def visits(app: Flask, world: World) -> list[Request]:
    """Every page that reads, of the records that are there."""
    client, found = world.client(app, "admin"), list[Request]()
    sent = forms(world)
    for page in pages(app):
        for path in _paths(client, page.rule):
            bodies = [""] if page.method == "GET" else [urlencode(form, doseq=True) for form in sent[page.id]]
            found += [Request(page.method, path, body) for body in bodies]
    lists = [f"/registry/{one.path}" for one in COLLECTIONS.values()]
    asked = ("province=ZA-LP", "stale=true", "service=shelter_emergency", "page=2")
    return [*found, *(Request("GET", f"{path}?{query}") for path in lists for query in asked)]


def _paths(client: Any, rule: str) -> list[str]:
    variable = VARIABLE.search(rule)
    if variable is None:
        return [rule]
    if variable[2] == "province":
        return [VARIABLE.sub("ZA-LP", rule)]
    path = rule[: variable.start()].rstrip("/").removeprefix("/registry/").lstrip("/")
    there = ids(client, f"{API}/{path}") if variable[1] == "uuid" else []
    return [VARIABLE.sub(one, rule) for one in (there if path in WITH_PLACES else there[:FEW]) or [NOBODY]]


def gist(requests: Sequence[Request]) -> list[Request]:
    """What everybody asks: the lists, and a few answers to forms."""
    lists = [one for one in requests if one.path.count("/") < 3 and "?" not in one.path and not one.body]
    helped = [one for one in requests if one.path == "/help" and one.body]
    return [*lists, *helped[:: max(1, len(helped) // 2)]]


def visit(browser: Browser, request: Request, token: str) -> Answer:
    """What a person reads, who sends forms with a token: without those of the page, which are new each time."""
    if request.method == "GET":
        answer = browser.read(request.path)
    else:
        form: dict[str, Any] = {"csrf_token": token}
        for name, value in parse_qsl(request.body, keep_blank_values=True):
            form.setdefault(name, []).append(value)
        answer = browser.post(request.path, form)
    said = sorted((name, value) for name, value in answer.headers if name not in VARYING)
    return Answer(answer.status_code, tuple(said), TOKEN.sub(rb"\1", answer.data))
