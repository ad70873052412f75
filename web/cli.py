"""What a person types: `flask start`, `flask db`, `flask registry`, `flask openapi`; web.access_cli has the rest."""

import socket
import sys
from dataclasses import replace
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from directory import changes, database_roles, migrate
from directory.database_roles import USUAL, Roles
from directory.exchange import dump, jsonl
from directory.permissions import LOCAL
from directory.services import capacity
from seed import load as seed
from web import (
    access_cli,
    demo,
    docs,
    guide_cli,
    languages_cli,
    metrics,
    network_cli,
    people_cli,
    rates,
    serving,
    snapshots,
    webhooks_cli,
)
from web.console import CONSOLE, told
from web.settings import Settings
from web.transaction import Registry

NOT_PERMITTED = "42501"
"""PostgreSQL: insufficient privilege."""

TRY = """\
  curl -s {base}/api/v1/matches -H "Authorization: Bearer {key}" -H 'Content-Type: application/json' -d '{{
    "near": {{"place": "Polokwane"}}, "needs": ["shelter_emergency", "medical_general"],
    "party": [{{"age": 29, "gender": "female"}}, {{"age": 9, "gender": "male", "relation": "child"}}]}}'"""

db = AppGroup("db", help="The database's shape.")
registry = AppGroup("registry", help="The registry as files.")
openapi = AppGroup("openapi", help="The committed OpenAPI document.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    for command in (start, db, registry, openapi):
        app.cli.add_command(command)
    registry.add_command(guide_cli.command)
    languages_cli.init_app(app)
    access_cli.init_app(app)
    people_cli.init_app(app)
    network_cli.init_app(app)
    webhooks_cli.init_app(app)


def _registry() -> Registry:
    found: Registry = current_app.extensions["registry"]
    return found


@click.command("start")
@click.option("--port", type=click.IntRange(1, 65535), help="Instead of PORT.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
def start(port: int | None, workers: int) -> None:
    """Migrate, load the fictitious network on the first start, and serve on this machine only."""
    settings: Settings = current_app.config["SETTINGS"]
    settings = replace(settings, port=port or settings.port)
    _check_free(settings)
    _upgrade()
    people_cli.reapply_erasures()
    with told():
        _registry().check()
        _greet(settings, _fill(settings))
    _serve(settings, workers)


def _upgrade() -> None:
    """Migrate up, if this role may: the one that serves PostgreSQL owns nothing."""
    try:
        migrate.upgrade(_registry().engine)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != NOT_PERMITTED:
            raise
        message = "This role may not migrate the database. Let its owner's do it: DATABASE_URL=… flask db secure"
        raise click.ClickException(message) from None


def _check_free(settings: Settings) -> None:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            message = f"Cannot listen on {settings.host}:{settings.port} ({error.strerror}). Choose another PORT."
            raise click.ClickException(message) from None


def _fill(settings: Settings) -> demo.Entries | None:
    """Load the network into an empty registry and make its accounts, in one transaction; it may stay empty.

    The secrets are written before the commit: what is lost then is a file that opens nothing.
    """
    with _registry().within(write=True) as session:
        if changes.revision(session) > 0:
            return None
        if not settings.demo:
            capacity.publish_due(session)
            return None
        with click.progressbar(length=_lines(seed.NETWORK), label="Loading the fictitious network") as bar:
            seed.load(session, LOCAL, progress=lambda _name, count: bar.update(count))
        made = demo.make(session, CONSOLE)
        demo.keep(settings.instance / demo.FILE, made)
    return made


def _greet(settings: Settings, made: demo.Entries | None) -> None:
    base = f"http://{settings.host}:{settings.port}"
    with _registry().within(write=False) as session:
        empty, has_admin = changes.revision(session) == 0, access_cli.has_admin(session)
    if made is not None:
        click.echo(demo.described(made, settings.instance / demo.FILE))
    click.echo(f"Listening on {base}. Documents: {base}/docs")
    if not has_admin:
        click.echo(access_cli.FIRST_ADMIN)
        if settings.demo:
            click.echo("Or, to try the fictitious network: .venv/bin/flask access demo")
    if empty:
        click.echo("The registry is empty. Load one with: flask registry load PATH")
        return
    key = "$KEY" if made is None else made["caseworker"]["api_key"]
    click.echo("Try, in another terminal" + (", with a key as KEY" if made is None else "") + ":")
    click.echo(TRY.format(base=base, key=key))


def _serve(settings: Settings, workers: int) -> None:
    """Serve from this process: everything that two workers could race for has happened, and all is loaded."""
    sys.stdout.flush()
    metrics.count_in(settings.instance)
    rates.init_app(current_app, replace(settings, workers=workers))
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    serving.Server(app, f"{settings.host}:{settings.port}", workers).run()


@db.command("upgrade")
@click.argument("revision", default=migrate.HEAD)
def upgrade(revision: str) -> None:
    """Migrate up, and erase again whoever a restored backup brought back."""
    migrate.upgrade(_registry().engine, revision)
    if revision == migrate.HEAD:
        people_cli.reapply_erasures()


@db.command("secure")
@click.option("--serving", default=USUAL.serving, show_default=True, help="The role that is to serve.")
@click.option("--secret", default=USUAL.secret, show_default=True, help="The role that reads true locations.")
def secure(serving: str, secret: str) -> None:
    """Migrate up and let two roles of PostgreSQL do what they must: run it as the owner, after each update."""
    engine = _registry().engine
    if engine.dialect.name != "postgresql":
        raise click.ClickException("Only PostgreSQL has roles. SQLite's file is guarded by its permissions.")
    migrate.upgrade(engine)
    with told():
        made = database_roles.secure(engine, Roles(serving, secret))
    for name in made:
        click.echo(f"Made the role {name}. Give it a password, as in psql with: \\password {name}")
    click.echo(f"Serve with DATABASE_URL of {serving} and SECRET_DATABASE_URL of {secret}.")


@db.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Migrate down to REVISION, such as -1 or base."""
    migrate.downgrade(_registry().engine, revision)


@db.command("check")
def check_migrations() -> None:
    """Say what the migrations lack of the models, on a database made for the purpose."""
    differences = migrate.drift()
    for difference in differences:
        click.echo(difference, err=True)
    if differences:
        raise click.ClickException("The migrations are not what the models are.")
    click.echo("The migrations are what the models are.")


@registry.command("load")
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
def load_registry(path: Path) -> None:
    """Load one .jsonl file a collection from the folder PATH, all or nothing."""
    _upgrade()
    with (
        told(),
        click.progressbar(length=_lines(path), label="Loading") as bar,
        _registry().within(write=True) as session,
    ):
        counts = jsonl.load(session, LOCAL, path, lambda _name, count: bar.update(count))
        again = people_cli.erase_loaded(session)
    _count(counts, "loaded")
    people_cli.tell_erased(again)
    click.echo("Deriving what matches need, so that the server starts with it")
    snapshots.keep_now(_registry())


@registry.command("dump")
@click.argument("path", type=click.Path(file_okay=False, path_type=Path))
def dump_registry(path: Path) -> None:
    """Write the registry into the folder PATH. True addresses go along: keep it secret."""
    with told(), _registry().within(write=True) as session, _registry().secrets() as secrets:
        try:
            counts = dump.dump(session, LOCAL, path, secrets)
        except SQLAlchemyError:
            raise click.ClickException(
                "The database cannot be read; has it been migrated (flask db upgrade)?"
            ) from None
    _count(counts, "written")


def _lines(folder: Path) -> int:
    """How much there is to read, for the progress bar."""
    texts = (file.read_bytes() for file in folder.glob("*.jsonl"))
    return sum(1 for text in texts for line in text.split(b"\n") if line.strip())


def _count(counts: dict[str, int], done: str) -> None:
    for name, count in counts.items():
        click.echo(f"{count:>7} {name.replace('_', ' ')} {done}")


@openapi.command("write")
def write_document() -> None:
    """Write openapi/openapi.json from the code."""
    docs.COMMITTED.parent.mkdir(exist_ok=True)
    docs.COMMITTED.write_text(docs.current(), encoding="utf-8")


@openapi.command("check")
def check_document() -> None:
    """Fail unless openapi/openapi.json is what the code says."""
    if not docs.COMMITTED.exists() or docs.COMMITTED.read_text(encoding="utf-8") != docs.current():
        raise click.ClickException("openapi/openapi.json is not what the code says: flask openapi write")
    click.echo("openapi/openapi.json is what the code says.")
