"""`flask registry pocket-guide`: public lines of a province, to print before the power goes."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from directory import geography
from web import pocket_guide
from web.console import CONSOLE, transaction
from web.transaction import registry


@click.command("pocket-guide")
@click.option("--province", required=True, type=click.Choice(tuple(geography.provinces())))
@click.option("--format", "kind", type=click.Choice(("html", "pdf")), default="pdf", show_default=True)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="pocket-guide-PROVINCE.FORMAT if left out."
)
@with_appcontext
def command(province: str, kind: str, output: Path | None) -> None:
    """Write a printable guide to public contacts, departments and duty lines: nothing of confidential places."""
    with transaction(write=False) as session:
        guide = pocket_guide.make(session, CONSOLE, province, registry().clock())
    path = output or Path(f"pocket-guide-{province}.{kind}")
    path.write_bytes(pocket_guide.pdf(guide) if kind == "pdf" else pocket_guide.page(guide, alone=True).encode())
    click.echo(f"{path}: {len(guide.entries)} offices and organisations, to be thrown away after {guide.expires}.")
