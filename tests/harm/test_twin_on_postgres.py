"""The twin test on PostgreSQL, as the role that serves: it may write a true location and cannot read one."""

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.conftest import Clock, app, engine
from tests.harm.asking import API
from tests.harm.conftest import ASKED, BUILT
from tests.harm.dumping import changed, dump, everything, shared, told
from tests.harm.moving import move_all
from tests.harm.world import build

__all__ = ["app", "engine"]

pytestmark = pytest.mark.long


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """The registry of this module."""
    return postgres_url


def test_a_move_inside_the_area_changes_no_answer(app: Flask, engine: Engine, clock: Clock) -> None:
    clock.now = BUILT
    world = build(app, engine)
    clock.now = ASKED
    client = world.client(app, "admin")
    for reader in world.keys:
        assert world.client(app, reader).get(f"{API}/me").status_code == 200
    asked = shared(world, everything(client, world, 2, 3))
    before = dump(app, world, asked)
    move_all(client, world, lambda hideout: hideout.twin)

    assert changed(before, dump(app, world, asked)) == []
    assert told(before, ["disclosure"]) == []
