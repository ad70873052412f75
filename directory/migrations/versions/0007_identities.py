"""who an account is for an outside provider

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

import directory.db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; its rows go with the account."""
    op.create_table(
        "identity",
        _text("issuer"),
        _text("subject"),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("bound_at", directory.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_identity_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_identity")),
        sa.UniqueConstraint("issuer", "account_id", name=op.f("uq_identity_issuer")),
    )
    op.create_index(op.f("ix_identity_account_id"), "identity", ["account_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("identity")


def _text(name: str) -> sa.schema.SchemaItem:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False)
