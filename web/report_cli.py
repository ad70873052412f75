"""`flask network report`: the network report as a page, a print, a workbook or JSON."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from directory import geography
from directory.services import audit
from web.console import CONSOLE, KEEPER, transaction
from web.report import made
from web.transaction import registry

MODE = 0o600


@click.command("report")
@click.option("--province", type=click.Choice(tuple(geography.provinces())), help="The country if left out.")
@click.option("--format", "form", type=click.Choice(tuple(made.FORMATS)), default="html", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file only you can read; or printed.")
@click.option("--shareable", is_flag=True, help="Name posts, never people.")
@with_appcontext
def report(province: str | None, form: str, output: Path | None, shareable: bool) -> None:
    """Say what hangs on single contacts, and what to do about it first.

    It is a list of weak points, and who makes it is in the audit. With --shareable it names posts alone."""
    with transaction(write=True) as session:
        if not shareable:
            audit.note(session, CONSOLE, "network.reported", audit.About("persons", None, (f"format:{form}",)))
        found = made.facts(session, KEEPER, province, registry().clock())
    written = made.FORMATS[form](found, shareable)
    if output is None:
        sys.stdout.buffer.write(written)
        return
    output.touch(mode=MODE)
    output.chmod(MODE)
    output.write_bytes(written)
    click.echo(f"Written to {output}, {len(written):,} bytes.", err=True)
