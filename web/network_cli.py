"""What a person types about the network's dependence on single contacts: `flask network …`."""

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from web import fragility
from web.console import KEEPER
from web.report_cli import report

network = AppGroup("network", help="What hangs on single contacts.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    network.add_command(report)
    app.cli.add_command(network)


@network.command("run")
@with_appcontext
def run() -> None:
    """Measure the network now: bring the tasks up to date, and keep the day's figures."""
    done = fragility.run(KEEPER)
    click.echo(
        f"Tasks: {done.opened} opened, {done.reopened} opened again, {done.cleared} cleared, "
        f"{done.escalated} escalated."
    )
