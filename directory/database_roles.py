"""Roles of PostgreSQL: the one that serves cannot read where a confidential place is, whatever runs in its name.

The owner of the tables migrates and grants. The serving role writes true locations blindly; the secret role reads
them, and what it needs to know that it may: disclosures and the audit. SQLite has no roles, and nothing of this.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.orm import Session

from directory.errors import DomainError
from directory.models.registry import Base

SECRET = "site_secret"  # noqa: S105
MAY_SEE = "site_id, version"
MAY_CHANGE = "version, address, latitude, longitude"
APPENDED = "audit_entry"
READ_TO_DISCLOSE = (SECRET, "disclosure", APPENDED)
VERSIONS = "alembic_version"
NEIGHBOURS = "open_site_beside_secret(uuid)"

REMEDY = (
    "Make the two roles with the owner's connection (DATABASE_URL=… flask db secure), then serve with DATABASE_URL of "
    "the serving role and SECRET_DATABASE_URL of the secret role."
)


class Unfit(DomainError):
    """A role may do more than it should, or less than it must."""


@dataclass(frozen=True, slots=True)
class Roles:
    """Names of the role that serves and of the one that reads true locations."""

    serving: str = "directory_serving"
    secret: str = "directory_secret"  # noqa: S105


USUAL = Roles()


def secure(engine: Engine, roles: Roles) -> list[str]:
    """Make the roles that are missing, without a password, and grant both what they need: after every migration.

    Needs a connection of the tables' owner, who may make roles where one is missing. Answers with the roles made.
    Raises Unfit where a role that was there can read true locations all the same.
    """
    with engine.connect() as connection, connection.begin():
        made = [name for name in (roles.serving, roles.secret) if _make(connection, name)]
        _grant(connection, roles)
        fault = _excess(connection, roles.serving)
        if fault:
            raise Unfit(fault)
    return made


def check_serving(session: Session) -> None:
    """Raise Unfit where this session's role could read a true location. SQLite's has no role."""
    if session.get_bind().dialect.name == "postgresql":
        connection = session.connection()
        fault = _excess(connection, str(connection.scalar(select(func.current_user()))))
        if fault:
            raise Unfit(f"It will not serve: {fault} {REMEDY}")


def check_secret(session: Session) -> None:
    """Raise Unfit where this session's role cannot read the true locations it is there for."""
    if session.get_bind().dialect.name == "postgresql":
        can = func.has_table_privilege(SECRET, "SELECT")
        if not session.scalar(select(can)):
            raise Unfit(f"It will not serve: the role of SECRET_DATABASE_URL cannot disclose an address. {REMEDY}")


def _make(connection: Connection, name: str) -> bool:
    if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name}):
        return False
    connection.exec_driver_sql(f"CREATE ROLE {_quoted(name)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION")
    return True


def _grant(connection: Connection, roles: Roles) -> None:
    serving, secret = _quoted(roles.serving), _quoted(roles.secret)
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    usual = ", ".join(sorted(set(Base.metadata.tables) - {SECRET, APPENDED}))
    for statement in (
        f"GRANT USAGE ON SCHEMA {schema} TO {serving}, {secret}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {serving}, {secret}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {usual} TO {serving}",
        f"GRANT SELECT, INSERT ON {APPENDED} TO {serving}",
        f"GRANT SELECT ON {VERSIONS} TO {serving}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {serving}",
        f"GRANT INSERT, SELECT ({MAY_SEE}), UPDATE ({MAY_CHANGE}) ON {SECRET} TO {serving}",
        f"GRANT EXECUTE ON FUNCTION {NEIGHBOURS} TO {serving}",
        f"GRANT SELECT ON {', '.join(READ_TO_DISCLOSE)} TO {secret}",
    ):
        connection.exec_driver_sql(statement)


def _excess(connection: Connection, role: str) -> str | None:
    """How this role could read true locations, as a sentence."""
    asked = text(
        "SELECT rolsuper, rolcreaterole,"
        " has_column_privilege(CAST(:role AS name), c.oid, 'address', 'SELECT')"
        " OR has_column_privilege(CAST(:role AS name), c.oid, 'latitude', 'SELECT')"
        " OR has_column_privilege(CAST(:role AS name), c.oid, 'longitude', 'SELECT'),"
        " pg_has_role(CAST(:role AS name), c.relowner, 'MEMBER')"
        " FROM pg_roles, pg_class c WHERE rolname = CAST(:role AS name) AND c.oid = to_regclass(:secret)"
    )
    found = connection.execute(asked, {"role": role, "secret": SECRET}).one_or_none()
    if found is None:
        return f"the database has no table {SECRET}, or no role {role}."
    superuser, makes_roles, reads, owns = found
    if superuser:
        return f"{role} is a superuser of PostgreSQL, who reads everything."
    if owns:
        return f"{role} owns the tables, or may act as who does."
    if makes_roles:
        return f"{role} may make roles, and so give itself what it lacks."
    return f"{role} may read where confidential places are." if reads else None


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))
