"""one-time links of people listed, and what they say of it

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa
from alembic import op

import directory.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables; their rows go with the person."""
    op.create_table(
        "listed_link",
        *(_uuid("id"), _uuid("person_id"), _text("token_hash")),
        *(_moment("created_at"), _moment("expires_at"), _moment("opened_at", null=True)),
        _of_person("listed_link", "person_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_listed_link_token_hash")),
    )
    op.create_table(
        "listed_statement",
        *(_uuid("id"), _uuid("person_id"), _text("kind"), _text("code", null=True), _uuid("deputy_id", null=True)),
        *(_moment("at"), _moment("settled_at", null=True), _text("outcome", null=True)),
        _of_person("listed_statement", "person_id"),
        _of_person("listed_statement", "deputy_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_statement")),
    )
    for table, columns in (("listed_link", ("person_id",)), ("listed_statement", ("at", "deputy_id", "person_id"))):
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("listed_statement")
    op.drop_table("listed_link")


def _text(name: str, *, null: bool = False) -> sa.schema.SchemaItem:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=null)


def _uuid(name: str, *, null: bool = False) -> sa.schema.SchemaItem:
    return sa.Column(name, sa.Uuid(as_uuid=False), nullable=null)


def _moment(name: str, *, null: bool = False) -> sa.schema.SchemaItem:
    return sa.Column(name, directory.db.UtcDateTime(timezone=True), nullable=null)


def _of_person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["person.id"], name=op.f(f"fk_{table}_{column}_person"), ondelete="CASCADE"
    )
