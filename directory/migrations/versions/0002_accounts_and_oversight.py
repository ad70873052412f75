"""accounts, keys, the audit and what is watched

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

import directory.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GENESIS = "0" * 64

REFUSE_SQLITE = """
CREATE TRIGGER audit_entry_no_{event} BEFORE {event} ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
"""
REFUSE_POSTGRESQL = """
CREATE FUNCTION audit_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$
"""
REFUSE_POSTGRESQL_ON = """
CREATE TRIGGER audit_entry_is_kept BEFORE UPDATE OR DELETE ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_entry_is_kept()
"""


def upgrade() -> None:
    """Make the tables, the first link of the chain, and the triggers that keep its rows as they are."""
    _make_access()
    _make_audit()
    _make_watch()
    _make_safeguards()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(REFUSE_POSTGRESQL)
        op.execute(REFUSE_POSTGRESQL_ON)
    else:
        for event in ("update", "delete"):
            op.execute(REFUSE_SQLITE.format(event=event))


def downgrade() -> None:
    """Take it back."""
    for table in (
        *("disclosure", "concern", "suspension", "alert", "quota_limit", "quota"),
        *("audit_entry", "audit_head", "subject_key"),
        *("api_key", "login_session", "guard", "known_address", "device", "account", "access_state"),
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_is_kept()")


def _make_access() -> None:
    state = op.create_table("access_state", _count("id"), _count("revision"), _pk("access_state", "id"))
    op.bulk_insert(state, [{"id": 1, "revision": 0}])
    op.create_table(
        "account",
        _uuid("id"),
        _count("version"),
        *(_text("username"), _text("display_name"), _text("role")),
        *(_uuid("organisation_id", null=True), _uuid("department_id", null=True), _text("province", null=True)),
        sa.Column("active", sa.Boolean(), nullable=False),
        *(_text("password_hash"), _text("totp_secret", null=True), sa.Column("totp_step", sa.Integer())),
        *(_moment("created_at"), _moment("updated_at"), _moment("signed_in_at", null=True)),
        _fk("account", "department_id", "department"),
        _fk("account", "organisation_id", "organisation"),
        _pk("account", "id"),
        _unique("account", "username"),
    )
    _index("account", "department_id", "organisation_id", "role")
    op.create_table(
        "device",
        *(_uuid("id"), _uuid("account_id"), _text("token_hash"), _moment("enrolled_at"), _moment("seen_at")),
        _fk("device", "account_id", "account", ondelete="CASCADE"),
        _pk("device", "id"),
        _unique("device", "token_hash"),
    )
    _index("device", "account_id")
    op.create_table(
        "known_address",
        *(_uuid("account_id"), _text("reference"), _moment("seen_at")),
        _fk("known_address", "account_id", "account", ondelete="CASCADE"),
        _pk("known_address", "account_id", "reference"),
    )
    op.create_table(
        "guard",
        *(_text("name_hash"), _text("source"), _count("tries"), _moment("last_at")),
        _pk("guard", "name_hash", "source"),
    )
    _index("guard", "last_at")
    op.create_table(
        "login_session",
        *(_uuid("id"), _uuid("account_id"), _text("token_hash"), _moment("created_at"), _moment("seen_at")),
        *(_moment("expires_at"), _moment("second_factor_at", null=True), _moment("revoked_at", null=True)),
        _fk("login_session", "account_id", "account", ondelete="CASCADE"),
        _pk("login_session", "id"),
        _unique("login_session", "token_hash"),
    )
    _index("login_session", "account_id", "expires_at")
    op.create_table(
        "api_key",
        *(_uuid("id"), _text("name"), _text("prefix"), _text("token_hash")),
        *(_uuid("account_id", null=True), _uuid("organisation_id", null=True), _codes("scopes")),
        *(_moment("created_at"), _moment("expires_at"), _moment("last_used_at", null=True)),
        *(_moment("second_factor_at", null=True), _moment("revoked_at", null=True)),
        _uuid("rotated_to_id", null=True),
        _fk("api_key", "account_id", "account", ondelete="CASCADE"),
        _fk("api_key", "organisation_id", "organisation"),
        _fk("api_key", "rotated_to_id", "api_key"),
        _pk("api_key", "id"),
        _unique("api_key", "token_hash"),
    )
    _index("api_key", "account_id", "organisation_id", "rotated_to_id")


def _make_audit() -> None:
    op.create_table(
        "subject_key",
        *(_uuid("subject_id"), _text("key"), _text("reference")),
        _pk("subject_key", "subject_id"),
        _unique("subject_key", "reference"),
    )
    head = op.create_table("audit_head", _count("id"), _count("seq"), _text("hash"), _pk("audit_head", "id"))
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": GENESIS}])
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        *(_moment("at"), _text("actor"), _text("role"), _text("end_user", null=True), _text("action")),
        *(_text("collection", null=True), _text("record", null=True), _codes("details")),
        *(_text("prev_hash"), _text("hash")),
        _pk("audit_entry", "seq"),
    )
    _index("audit_entry", "action", "actor", "at", "record")


def _make_watch() -> None:
    op.create_table(
        "quota",
        *(_uuid("holder_id"), sa.Column("day", sa.Date(), nullable=False), _text("kind"), _count("leased")),
        _pk("quota", "holder_id", "day", "kind"),
    )
    op.create_table(
        "quota_limit",
        *(_uuid("holder_id"), _text("kind"), _count("daily")),
        _pk("quota_limit", "holder_id", "kind"),
    )
    op.create_table(
        "alert",
        *(_uuid("id"), _uuid("holder_id"), sa.Column("day", sa.Date(), nullable=False), _text("kind"), _moment("at")),
        _pk("alert", "id"),
    )
    op.create_index(op.f("ix_alert_holder_id"), "alert", ["holder_id", "day", "kind"], unique=True)


def _make_safeguards() -> None:
    op.create_table(
        "suspension",
        *(_uuid("id"), _text("collection"), _uuid("record_id"), _text("code"), _moment("at")),
        *(_moment("lifted_at", null=True), _text("lifted_code", null=True)),
        _pk("suspension", "id"),
    )
    _index("suspension", "record_id")
    op.create_table(
        "concern",
        *(_uuid("id"), _text("collection"), _uuid("record_id"), _text("code"), _moment("at")),
        *(_uuid("raised_by_id", null=True), _uuid("raised_for_id", null=True)),
        *(_moment("settled_at", null=True), _text("outcome", null=True)),
        _fk("concern", "raised_by_id", "account", ondelete="SET NULL"),
        _fk("concern", "raised_for_id", "organisation"),
        _pk("concern", "id"),
    )
    _index("concern", "at", "raised_by_id", "raised_for_id", "record_id")
    op.create_table(
        "disclosure",
        *(_uuid("id"), _uuid("site_id"), _uuid("organisation_id"), _uuid("account_id", null=True)),
        *(_text("purpose"), _moment("at")),
        _fk("disclosure", "account_id", "account", ondelete="SET NULL"),
        _fk("disclosure", "organisation_id", "organisation"),
        _fk("disclosure", "site_id", "site"),
        _pk("disclosure", "id"),
    )
    _index("disclosure", "account_id", "at", "organisation_id", "site_id")


def _text(name: str, *, null: bool = False) -> sa.schema.SchemaItem:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=null)


def _uuid(name: str, *, null: bool = False) -> sa.schema.SchemaItem:
    return sa.Column(name, sa.Uuid(as_uuid=False), nullable=null)


def _moment(name: str, *, null: bool = False) -> sa.schema.SchemaItem:
    return sa.Column(name, directory.db.UtcDateTime(timezone=True), nullable=null)


def _count(name: str) -> sa.schema.SchemaItem:
    return sa.Column(name, sa.Integer(), nullable=False)


def _codes(name: str) -> sa.schema.SchemaItem:
    return sa.Column(name, sa.JSON(none_as_null=True), nullable=False)


def _pk(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _unique(table: str, column: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(column, name=op.f(f"uq_{table}_{column}"))


def _fk(table: str, column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete=ondelete)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
