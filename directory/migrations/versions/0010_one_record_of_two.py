"""records that are one, pairs that are not, and who followed whom

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op

import directory.db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

REFERENCE = "fk_organisation_merged_into_organisation"


def upgrade() -> None:
    """Make the tables, and add two columns: nobody was merged, nor stays confidential for it."""
    op.add_column(
        "organisation", sa.Column("kept_confidential", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"ALTER TABLE organisation ADD merged_into CHAR(32) CONSTRAINT {REFERENCE} REFERENCES organisation (id)"
        )
    else:
        op.add_column("organisation", sa.Column("merged_into", sa.Uuid(as_uuid=False), nullable=True))
        op.create_foreign_key(op.f(REFERENCE), "organisation", "organisation", ["merged_into"], ["id"])
    op.create_index(op.f("ix_organisation_merged_into"), "organisation", ["merged_into"])
    op.create_table(
        "succession",
        *(_uuid("id"), _uuid("predecessor_id"), _uuid("successor_id", null=True), _text("kind")),
        *(sa.Column("on", sa.Date(), nullable=False), _moment("at")),
        *(_organisation("predecessor_id"), _organisation("successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_succession")),
    )
    for column in ("predecessor_id", "successor_id"):
        op.create_index(op.f(f"ix_succession_{column}"), "succession", [column])
    op.create_table(
        "not_same",
        *(_uuid("id"), _text("collection"), _uuid("first_id"), _uuid("second_id"), _moment("at")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_same")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_not_same_first_id")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("not_same")
    op.drop_table("succession")
    op.drop_index(op.f("ix_organisation_merged_into"), "organisation")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(REFERENCE), "organisation", type_="foreignkey")
    for column in ("kept_confidential", "merged_into"):
        op.drop_column("organisation", column)


def _text(name: str) -> sa.schema.SchemaItem:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False)


def _uuid(name: str, *, null: bool = False) -> sa.schema.SchemaItem:
    return sa.Column(name, sa.Uuid(as_uuid=False), nullable=null)


def _moment(name: str) -> sa.schema.SchemaItem:
    return sa.Column(name, directory.db.UtcDateTime(timezone=True), nullable=False)


def _organisation(column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_succession_{column}_organisation")
    return sa.ForeignKeyConstraint([column], ["organisation.id"], name=name)
