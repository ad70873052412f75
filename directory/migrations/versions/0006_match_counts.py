"""how often each need was asked for, by month and province

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    key = ("month", "need", "province")
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "match_count",
        *(sa.Column(name, text, nullable=False) for name in key),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_match_count")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("match_count")
