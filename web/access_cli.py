"""What an administrator types: `flask access …` for accounts and keys, `flask audit …` for the record of who did what.

Secrets are printed once, to who types the command, and are kept nowhere as they are.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from directory.errors import NotFound
from directory.services import accounts, auditing, identities, keys
from directory.services.audit import record_readings
from directory.services.identities import Vouched
from web import demo, matrix_cli
from web.console import CONSOLE, transaction
from web.settings import Settings

MOST = 1_000_000
FIRST_ADMIN = """\
There is no administrator yet. In another terminal, in this folder, make the first:
  .venv/bin/flask access create-user admin --role admin --display-name "Your name" --key
It prints a password, a TOTP secret and a key, once."""

access = AppGroup("access", help="Accounts of people, and keys.")
audit = AppGroup("audit", help="The record of who did what.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    access.add_command(matrix_cli.matrix)
    app.cli.add_command(access)
    app.cli.add_command(audit)


def has_admin(session: Session) -> bool:
    """Whether anybody can administer this service."""
    return any(one.active and one.role == "admin" for one in _accounts(session))


@access.command("create-user")
@click.argument("username")
@click.option("--role", type=click.Choice(accounts.ROLES), required=True)
@click.option("--display-name", help="Shown to partners whose address this person is told; the user name if left out.")
@click.option("--organisation", "organisation_id", help="Id of the organisation to act for.")
@click.option("--department", "department_id", help="Id of the unit to act for.")
@click.option("--province", help="Code such as ZA-LP; the whole country if left out.")
@click.option(
    "--second-factor", is_flag=True, default=None, help="Ask for codes though the role does not require them."
)
@click.option("--key", is_flag=True, help="Make a key for the account as well.")
def create_user(username: str, display_name: str | None, key: bool, **given: Any) -> None:
    """Make an account and print its secrets."""
    body = {"username": username, "display_name": display_name or username, **given}
    with transaction(write=True) as session:
        made = accounts.create(session, CONSOLE, {name: one for name, one in body.items() if one is not None})
        of_account = {"name": f"Key of {made.account.username}", "account_id": made.account.id}
        token = keys.create(session, CONSOLE, of_account).token if key else None
    _tell(made, token)


@access.command("reset-user")
@click.argument("username")
@click.option("--second-factor", is_flag=True, help="Give it a second factor though its role requires none.")
def reset_user(username: str, second_factor: bool) -> None:
    """New secrets for USERNAME, who is active and unlocked again."""
    with transaction(write=True) as session:
        made = accounts.reset(session, CONSOLE, _named(session, username).id, second_factor=second_factor)
    _tell(made)


@access.command("deactivate-user")
@click.argument("username")
def deactivate_user(username: str) -> None:
    """Shut USERNAME out, from the next request."""
    with transaction(write=True) as session:
        account = _named(session, username)
        accounts.deactivate(session, CONSOLE, account.id, account.version)
    click.echo(f"{account.username} is deactivated; its sessions have ended and its keys are revoked.")


@access.command("bind-user")
@click.argument("username")
@click.argument("subject")
def bind_user(username: str, subject: str) -> None:
    """Let USERNAME sign in as SUBJECT of the provider that OIDC_ISSUER names."""
    provider = current_app.config["SETTINGS"].provider
    if provider is None:
        raise click.ClickException("OIDC_ISSUER names no provider.")
    with transaction(write=True) as session:
        identities.bind(session, CONSOLE, username, Vouched(provider.issuer, subject))
    click.echo(f"{username} signs in as {subject} of {provider.issuer}.")


@access.command("create-key")
@click.argument("name")
@click.option("--user", "username", help="The account it acts for; or:")
@click.option("--organisation", "organisation_id", help="Id of the organisation whose app it is.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(tuple(keys.SCOPES)), help="All if left out.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="Day (UTC); a year from now if left out.")
def create_key(
    name: str,
    username: str | None,
    organisation_id: str | None,
    scopes: tuple[str, ...],
    expires: datetime | None,
) -> None:
    """Make a key called NAME and print its token."""
    with transaction(write=True) as session:
        given = {
            "name": name,
            "account_id": None if username is None else _named(session, username).id,
            "organisation_id": organisation_id,
            "scopes": list(scopes) or None,
            "expires_at": None if expires is None else expires.replace(tzinfo=UTC).isoformat(),
        }
        made = keys.create(session, CONSOLE, given)
    click.echo(f"id     {made.key.id}\ntoken  {made.token}")
    click.echo("The token is told this once.", err=True)


@access.command("revoke-key")
@click.argument("key_id", metavar="ID")
def revoke_key(key_id: str) -> None:
    """End the key ID, from the next request."""
    with transaction(write=True) as session:
        keys.revoke(session, CONSOLE, key_id)
    click.echo("The key is revoked.")


@access.command("list")
def list_all() -> None:
    """Accounts and keys, without secrets."""
    with transaction(write=False) as session:
        people, tokens = _accounts(session), keys.page(session, CONSOLE, page_size=MOST)[0]
    for one in people:
        click.echo(f"{one.username:<24} {one.role:<16} {'active' if one.active else 'inactive':<9} {one.id}")
    for key in tokens:
        ends = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else f"ends {key.expires_at:%Y-%m-%d}"
        click.echo(f"{key.prefix}… {key.name:<30} {ends:<20} {key.id}")


@access.command("demo")
def remake_demo() -> None:
    """Make the demo accounts and keys, or their secrets anew, and print them."""
    settings: Settings = current_app.config["SETTINGS"]
    path = settings.instance / demo.FILE
    with transaction(write=True) as session:
        made = demo.make(session, CONSOLE)
        demo.keep(path, made)
    click.echo(demo.described(made, path))


@audit.command("verify")
@click.option(
    "--anchor",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file kept elsewhere; its last line counts.",
)
def verify(anchor: Path | None) -> None:
    """Say whether the chain is whole; with an anchor, also whether its end was cut off or written anew."""
    kept = None if anchor is None else _last_line(anchor)
    with transaction(write=False) as session:
        verdict = auditing.verify(session, CONSOLE, kept)
    if not verdict.sound:
        raise click.ClickException(f"The chain is {verdict.fault} at entry {verdict.seq}.")
    click.echo(f"The chain of {verdict.entries} entries is whole.")


@audit.command("anchor")
def print_anchor() -> None:
    """Print the chain's end, to be kept where whoever writes the database cannot write."""
    with transaction(write=False) as session:
        click.echo(auditing.anchor(session, CONSOLE))


@audit.command("export")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="First day (UTC).")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The day (UTC) before which to stop.")
@click.option("--action", help="Such as disclosure.authorised or denied.")
def export(since: datetime | None, until: datetime | None, action: str | None) -> None:
    """Print entries as kept, oldest first, a JSON line each. All of them together can be verified by anybody."""
    begins, ends = (None if day is None else day.replace(tzinfo=UTC) for day in (since, until))
    search = auditing.Search(action=action, since=begins, until=ends)
    with transaction(write=False) as session:
        for line in auditing.export(session, CONSOLE, search):
            click.echo(line)
    with transaction(write=True) as session:
        record_readings(session, CONSOLE, [("audit", None, "audit")])


def _last_line(path: Path) -> str:
    """The newest of the anchors kept in a file: it vouches for all before it."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "")


def _accounts(session: Session) -> list[Any]:
    return accounts.page(session, CONSOLE, page_size=MOST)[0]


def _named(session: Session, username: str) -> Any:
    found = next((one for one in _accounts(session) if one.username == username), None)
    if found is None:
        raise NotFound("users", username)
    return found


def _tell(made: accounts.Credentials, token: str | None = None) -> None:
    told = {"id": made.account.id, "username": made.account.username, "password": made.password}
    for name, value in {**told, "totp_secret": made.totp_secret, "api_key": token}.items():
        if value is not None:
            click.echo(f"{name:<12} {value}")
    click.echo("These secrets are told this once.", err=True)
