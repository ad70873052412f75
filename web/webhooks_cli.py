"""What a timer of the machine runs where no server does: `flask webhooks deliver`."""

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from web import webhooks
from web.console import told
from web.transaction import registry

group = AppGroup("webhooks", help="Who is called when something changed.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("deliver")
@with_appcontext
def deliver() -> None:
    """Make every call that is due now. A server with WEBHOOK_HOSTS does so by itself; both may."""
    kept = webhooks.hooks()
    if not kept.terms.hosts:
        click.echo("WEBHOOK_HOSTS names no host: nobody is called.")
        return
    with told():
        done = webhooks.deliver(registry(), kept)
    click.echo(f"Calls: {done.accepted} accepted, {done.failed} failed.")
