"""addresses that are called when something changed

Revision: 0011
Follows: 0010
"""

import sqlalchemy as sa
from alembic import op

import directory.db

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; its rows go with the key."""
    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        *(_count("version"), _text("status")),
        sa.Column("key_id", sa.Uuid(as_uuid=False), nullable=False),
        _text("url"),
        sa.Column("collections", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("former_secret", sa.LargeBinary(), nullable=True),
        *(_moment("former_until", null=True), _moment("created_at"), _moment("updated_at")),
        _count("told_revision"),
        sa.Column("trial", sa.Boolean(), nullable=False),
        *(_moment("due_at"), _count("failures")),
        *(_moment(name, null=True) for name in ("failing_since", "given_up_at", "last_at")),
        _text("last_outcome", null=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_webhook_key_id_api_key"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    for column in ("key_id", "due_at"):
        op.create_index(op.f(f"ix_webhook_{column}"), "webhook", [column])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("webhook")


def _text(name: str, *, null: bool = False) -> sa.schema.SchemaItem:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=null)


def _moment(name: str, *, null: bool = False) -> sa.schema.SchemaItem:
    return sa.Column(name, directory.db.UtcDateTime(timezone=True), nullable=null)


def _count(name: str) -> sa.schema.SchemaItem:
    return sa.Column(name, sa.Integer(), nullable=False)
