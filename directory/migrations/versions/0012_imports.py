"""what came of spreadsheets

Revision: 0012
Follows: 0011
"""

import sqlalchemy as sa
from alembic import op

import directory.db

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; nothing that is there changes."""
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "spreadsheet_import",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("holder", text, nullable=False),
        sa.Column("province", text, nullable=True),
        sa.Column("status", text, nullable=False),
        sa.Column("media_type", text, nullable=False),
        sa.Column("told", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", directory.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spreadsheet_import")),
    )
    op.create_index(op.f("ix_spreadsheet_import_created_at"), "spreadsheet_import", ["created_at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("spreadsheet_import")
