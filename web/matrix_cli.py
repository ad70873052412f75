"""`flask access matrix …`: the permission matrix as a committed page, and whether it is what the code says."""

import click
from flask import current_app
from flask.cli import AppGroup

from web import matrix_page

matrix = AppGroup("matrix", help="The page of who may what, docs/permissions.md.")


@matrix.command("write")
def write() -> None:
    """Write docs/permissions.md from the code."""
    matrix_page.COMMITTED.write_text(matrix_page.page(current_app), encoding="utf-8")


@matrix.command("check")
def check() -> None:
    """Fail unless docs/permissions.md is what the code says."""
    kept = matrix_page.COMMITTED
    if not kept.exists() or kept.read_text(encoding="utf-8") != matrix_page.page(current_app):
        raise click.ClickException("docs/permissions.md is not what the code says: flask access matrix write")
    click.echo("docs/permissions.md is what the code says.")
