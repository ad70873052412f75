"""What every command of the console shares: who acts there, its transactions, and errors told as sentences."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from directory.errors import DomainError, Invalid
from directory.permissions import Actor
from web.settings import Unsafe
from web.transaction import registry

CONSOLE = Actor("admin", "console")
"""Who works on the server's own machine, with its files and database at hand."""
KEEPER = Actor("coordinator", "console")
"""The same person over what the network hangs on, which coordinators alone may ask."""


@contextmanager
def told() -> Iterator[None]:
    """Tell errors of the domain as sentences, and leave with a status that is not 0."""
    try:
        yield
    except Invalid as invalid:
        for path, said in invalid.errors.items():
            click.echo(f"{path}: {' '.join(said)}", err=True)
        raise click.ClickException("Nothing was written.") from None
    except (DomainError, Unsafe) as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def transaction(*, write: bool) -> Iterator[Session]:
    """One transaction of a command, on a database that has been migrated."""
    with told():
        try:
            with registry().within(write=write) as session:
                yield session
        except (OperationalError, ProgrammingError):
            message = "The database cannot be read or written; has it been migrated (flask db upgrade)?"
            raise click.ClickException(message) from None
