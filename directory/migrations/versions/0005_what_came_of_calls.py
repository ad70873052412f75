"""what came of calls, by month, and numbers in doubt

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa
from alembic import op

import directory.db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "contact_count",
        sa.Column("service_site_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        *(_text(name) for name in ("outcome", "reason_code")),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_site_id"], ["service_site.id"], name=op.f("fk_contact_count_service_site_id_service_site")
        ),
        sa.PrimaryKeyConstraint("service_site_id", "month", "outcome", "reason_code", name=op.f("pk_contact_count")),
    )
    op.create_table(
        "channel_doubt",
        sa.Column("channel_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("at", directory.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_channel_doubt_channel_id_channel"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_channel_doubt")),
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_table("channel_doubt")
    op.drop_table("contact_count")


def _text(name: str) -> sa.schema.SchemaItem:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False)
