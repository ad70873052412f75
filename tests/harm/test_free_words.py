"""Free words of a confidential organisation: what tells a place is read by itself and by cleared roles alone."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.free_words import tell_where
from tests.harm.asking import API, READING, get, listed, patch
from tests.harm.places import HIDEOUTS
from tests.harm.world import World
from tests.web.records import make, post

TOLD: dict[str, Any] = {
    "description": "A house for twelve women on the hill above Dendron.",
    "website": "https://dendronhouse.example.org",
    "alternate_names": ["House of Light", "Dendron House"],
    "funding": [{"source": "Dendron Lions Club", "kind": "grant"}, {"source": "Lottery", "kind": "grant"}],
    "source": "A visit to Dendron",
}
SECOND = ("Dendron", "dendron")


@pytest.mark.parametrize("reader", READING)
def test_words_that_tell_a_place_are_not_read(app: Flask, client: FlaskClient, world: World, reader: str) -> None:
    assert patch(client, f"organisations/{world['haven']}", **TOLD).status_code == 200
    there = world.client(app, reader)
    shown = get(there, f"organisations/{world['haven']}")

    assert not {"description", "website", "source", "parent_id"} & shown.keys()
    assert (shown["alternate_names"], [one["source"] for one in shown["funding"]]) == (["House of Light"], ["Lottery"])
    for path in ("organisations?page_size=200", "changes?limit=1000"):
        text = there.get(f"{API}/{path}").text
        assert [one for one in SECOND if one in text] == []


def test_itself_and_cleared_roles_read_them(app: Flask, client: FlaskClient, owner: FlaskClient, world: World) -> None:
    patch(client, f"organisations/{world['haven']}", **TOLD)
    for there in (owner, world.client(app, "disclosure")):
        assert TOLD.items() <= {**get(there, f"organisations/{world['haven']}"), "funding": TOLD["funding"]}.items()


def test_a_name_that_is_not_read_is_not_found(client: FlaskClient, world: World) -> None:
    found = "organisations?q=Quillonby+Lodge"
    patch(client, f"organisations/{world['haven']}", alternate_names=["Quillonby Lodge"])
    before = listed(client, found)
    patch(client, f"organisations/{world['haven']}", alternate_names=["Musina Quillonby Lodge"])

    assert world["haven"] in before
    assert world["haven"] not in listed(client, found)


def test_nor_is_it_found_by_who_stands_above_it(client: FlaskClient, world: World) -> None:
    """A parent may have a place of its own."""
    for child in ("haven", "ngo"):
        assert patch(client, f"organisations/{world[child]}", parent_id=world["health"]).status_code == 200

    below = set(listed(client, f"organisations?organisation_id={world['health']}"))
    assert below == {world["health"], world["ngo"]}


@pytest.mark.parametrize("name", ["posts", "persons", "focal_points", "channels", "links"])
def test_sources_of_what_belongs_to_it_are_not_read(
    app: Flask, client: FlaskClient, owner: FlaskClient, world: World, name: str
) -> None:
    ids = {"posts": "haven_post", "persons": "haven_worker", "focal_points": "haven_focal"}
    path = f"{name.replace('_', '-')}/{world[{**ids, 'channels': 'haven_line', 'links': 'ngo_haven'}[name]]}"
    given = {"source": "Staff list, Dendron", "external_ids": [{"scheme": "dendron", "value": "7"}]}
    assert patch(client, path, **given).status_code == 200

    for reader in ("caseworker", "coordinator", "admin"):
        answer = world.client(app, reader).get(f"{API}/{path}")
        assert [one for one in SECOND if one in answer.text] == []
    assert given.items() <= get(owner, path).items()
    assert patch(client, f"persons/{world['ngo_worker']}", **given).status_code == 200
    assert given.items() <= get(client, f"persons/{world['ngo_worker']}").items()


def test_units_posts_and_mailboxes_name_no_place(client: FlaskClient, world: World) -> None:
    haven = world["haven"]
    owner = {"type": "organisation", "id": haven}
    mailbox = {"channel_kind": "role_mailbox", "value": "intake.musina@example.org", "owner": owner}
    answers = [
        post(client, "departments", organisation_id=haven, name="Musina office"),
        patch(client, f"departments/{world['haven_unit']}", name="Musina office"),
        post(client, "posts", organisation_id=haven, title="House mother, Musina"),
        patch(client, f"posts/{world['haven_post']}", title="House mother, Musina"),
        post(client, "channels", **mailbox),
    ]
    assert [one.status_code for one in answers] == [422] * 5
    assert post(client, "channels", **{**mailbox, "value": "intake@example.org"}).status_code == 201
    person = {"channel_kind": "person_email", "value": "george@example.org"}
    assert post(client, "channels", **person, owner={"type": "person", "id": world["haven_worker"]}).status_code == 201


@pytest.mark.parametrize("unseen", ["\u200b", "\u00ad", "\u034f", "\ufeff"])
def test_what_is_not_seen_hides_no_place(client: FlaskClient, world: World, unseen: str) -> None:
    name = f"Mus{unseen}ina House"

    assert tell_where(name)
    assert post(client, "services", organisation_id=world["haven"], name=name).status_code == 422


@pytest.mark.parametrize("telling", ["departments", "posts", "channels"])
def test_who_goes_into_hiding_renames_them_first(client: FlaskClient, telling: str) -> None:
    new = make(client, "organisations", name="Late Refuge", org_type="ngo")["id"]
    line = {"channel_kind": "role_mailbox", "value": "musina@example.org", "owner": {"type": "organisation", "id": new}}
    given: dict[str, dict[str, Any]] = {
        "departments": {"organisation_id": new, "name": "Musina office"},
        "posts": {"organisation_id": new, "title": "House mother, Musina"},
        "channels": line,
    }
    make(client, telling, **given[telling])
    at = dict(HIDEOUTS["haven_north"].home.written())

    assert post(client, "sites", organisation_id=new, confidential=True, location=at).status_code == 422


@pytest.mark.parametrize(
    "words",
    [
        "near Musina",
        "Call 015 534 1234",
        "NPO 271-828",
        "at -23.341, 29.287",
        "17 Kingfisher Close",
        "12 Van der Merwe Straat",
        "Erf 204",
        "stand no 7",
    ],
)
def test_places_numbers_and_streets_tell(words: str) -> None:
    assert tell_where(words)


@pytest.mark.parametrize("words", ["Beds for 12 women and 4 children", "Open 24 hours, 7 days", "Since 2009", "5 km"])
def test_other_words_do_not(words: str) -> None:
    assert not tell_where(words)
