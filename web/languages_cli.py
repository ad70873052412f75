"""`flask languages`: catalogues brought to the texts of the pages, and compared with them."""

import click
from flask import Flask
from flask.cli import AppGroup

from web import texts
from web.languages import ENGLISH, LANGUAGES

group = AppGroup("languages", help="The catalogues of the pages' texts.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("write")
def write() -> None:
    """Bring every catalogue to the texts there are; what is new stands in it untranslated."""
    texts.update()


@group.command("check")
def check() -> None:
    """Fail if a text of the pages is in no catalogue, or a catalogue has one that no page says."""
    wrong = []
    for code in LANGUAGES:
        if code != ENGLISH:
            wrong += [f"{code} lacks: {text}" for text in texts.missing(code)]
            wrong += [f"{code} has still: {text}" for text in texts.forgotten(code)]
    for line in wrong:
        click.echo(line, err=True)
    if wrong:
        raise click.ClickException("Catalogues are not what pages say: flask languages write, then translate.")
    click.echo("Catalogues are what pages say.")
