"""The twin test for people: where a confidential place stands in its area changes no page that anybody reads."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.harm.dumping import EXPLANATIONS, MATCHES, PACKAGES, SIMULATIONS, Dump, changed, everything, restarted, told
from tests.harm.moving import move_all
from tests.harm.reading import WITHOUT_ACCOUNT, somebody
from tests.harm.replay import EXEMPT, Request
from tests.harm.visits import VARIABLE, forms, gist, pages, visit, visits
from tests.harm.world import World
from tests.web.browsing import Browser

PARTS = 2


def matches(rule: str, path: str) -> bool:
    """Whether a path is one of a rule."""
    return re.fullmatch(re.sub(r"<[^>]+>|\{[^}]+\}", "[^/]+", rule), path.partition("?")[0]) is not None


def seen(browsers: Mapping[str, Browser], asked: Mapping[str, list[Request]]) -> Dump:
    """What everybody reads on the pages asked for."""
    sent = {name: browser.token("/account") for name, browser in browsers.items()}
    return {(name, one): visit(browsers[name], one, sent[name]) for name, requests in asked.items() for one in requests}


def asked_of(app: Flask, world: World) -> dict[str, list[Request]]:
    """Every page is asked by one reader, the gist by all who sign in."""
    whole = visits(app, world)
    readers = [name for name in world.readers if name not in WITHOUT_ACCOUNT]
    common = gist(whole)
    return {name: list(dict.fromkeys([*common, *whole[i :: len(readers)]])) for i, name in enumerate(readers)}


@pytest.mark.parametrize("part", range(PARTS))
def test_a_move_inside_the_area_changes_no_page(
    app: Flask, client: FlaskClient, database: Path, clock: Clock, world: World, part: int
) -> None:
    whole = asked_of(app, world)
    asked = {reader: whole[reader] for reader in list(whole)[part::PARTS]}
    browsers = {reader: somebody(app, world, clock, reader) for reader in asked}
    before = seen(browsers, asked)
    move_all(client, world, lambda hideout: hideout.twin)

    with restarted(app, database, clock):
        assert changed(before, seen(browsers, asked)) == []
    assert told(before, ["disclosure"]) == []
    assert {one.status for one in before.values()} >= {200, 403}


def test_a_move_to_another_area_is_seen_on_pages(app: Flask, client: FlaskClient, world: World, clock: Clock) -> None:
    """The control: the test above can fail."""
    browsers = {"coordinator": somebody(app, world, clock, "coordinator")}
    asked = {
        "coordinator": [Request("GET", "/registry/sites"), Request("GET", f"/registry/sites/{world['haven_north']}")]
    }
    before = seen(browsers, asked)
    move_all(client, world, lambda hideout: hideout.away)

    assert len(changed(before, seen(browsers, asked))) == 2


def test_every_page_that_reads_is_asked(app: Flask, world: World) -> None:
    asked = visits(app, world)
    by_form = {one.id for one in pages(app) if one.method != "GET"}

    missing = [one.rule for one in pages(app) if not any(matches(one.rule, each.path) for each in asked)]
    assert missing == []
    assert by_form == set(forms(world))
    nowhere = [one.path for one in asked if VARIABLE.search(one.path)]
    assert nowhere == []


def test_every_operation_that_reads_is_asked(app: Flask, client: FlaskClient, world: World) -> None:
    """Every GET of the document but those exempt, and every operation that asks by POST."""
    asked = [(one.method, one.path) for one in everything(client, world, 1, 1)]
    operations = [one for one in app.extensions["operations"].values() if not one.writes]
    missing = [
        (one.method, one.rule)
        for one in operations
        if not one.rule.startswith(EXEMPT)
        and not any(one.method == method and matches(one.rule, path) for method, path in asked)
    ]

    assert missing == []
    assert {one.rule for one in operations if one.method != "GET"} == {MATCHES, EXPLANATIONS, PACKAGES, SIMULATIONS}
