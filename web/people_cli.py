"""What an administrator types about people listed: `flask access erase-person`, and what every start does for them."""

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from directory.services import erasure, erasure_list
from web.access_cli import access
from web.console import CONSOLE, told, transaction
from web.settings import Settings
from web.transaction import registry

SAID: dict[erasure.Files, str] = {
    "cleaned": "The database file and its log hold nothing of it any more.",
    "at_next_start": "The database is in use: the next start takes it out of the file as well.",
    "by_vacuum": "PostgreSQL drops it from its files with the next VACUUM; archived WAL and dumps are yours to drop.",
}


def init_app(app: Flask) -> None:
    """Add the commands."""
    access.add_command(erase_person)


@click.command("erase-person")
@click.argument("person_id", metavar="ID")
@click.option("--reason", type=click.Choice(tuple(erasure.REASONS)), required=True)
@click.option("--account", "account_id", help="Id of the same person's account, to be erased too.")
@with_appcontext
def erase_person(person_id: str, reason: str, account_id: str | None) -> None:
    """Erase the person ID, once and for all, from this database and from every backup restored into it."""
    settings: Settings = current_app.config["SETTINGS"]
    given = {"reason": reason, **({} if account_id is None else {"account_id": account_id})}
    with transaction(write=True) as session:
        gone = erasure.erase(session, CONSOLE, person_id, given, settings.instance / erasure_list.FILE)
    click.echo(
        f"Erased, with {gone.focal_points} focal points and {gone.channels} channels; "
        f"taken out of {gone.links} links and {gone.trainings} trainings."
    )
    click.echo(SAID[erasure.scrub(registry().engine)])


def erase_loaded(session: Session) -> int:
    """Erase whom a dump brings back, in the transaction that loads it; how many."""
    settings: Settings = current_app.config["SETTINGS"]
    return erasure.reapply(session, CONSOLE, settings.instance / erasure_list.FILE)


def tell_erased(again: int) -> None:
    """Say that people were left out of what was loaded."""
    if again:
        click.echo(f"Of these, {again} had been erased, and are again, with what belongs to them.")
        erasure.scrub(registry().engine)


def reapply_erasures() -> None:
    """Erase again whoever the erasure list names: a restored backup, or one cut short, has them still."""
    settings: Settings = current_app.config["SETTINGS"]
    kept = settings.instance / erasure_list.FILE
    with told():
        if not erasure_list.read(kept):
            return
    with transaction(write=True) as session:
        again = erasure.reapply(session, CONSOLE, kept)
    if again:
        click.echo(f"Erased again after a backup was restored: {again}.")
    erasure.scrub(registry().engine)
