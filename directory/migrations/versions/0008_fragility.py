"""tasks made of findings, figures by day, and messages to partners

Revision: 0008
Follows: 0007
"""

import sqlalchemy as sa
from alembic import op

import directory.db

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = (
    "outbox_message",
    "network_link_grade",
    "network_figures",
    "network_action_step",
    "network_action_province",
    "network_action",
    "network_run",
)


def upgrade() -> None:
    """Make the tables; nothing that is there changes."""
    op.create_table(
        "network_run", _count("id"), _day("day"), _count("revision"), _moment("at"), _pk("network_run", "id")
    )
    op.create_table(
        "network_action",
        *(_uuid("id"), _count("version"), _text("key"), _text("kind"), _text("subject"), _text("found")),
        *(_text("action"), _text("reason"), _text("owner_type", null=True), _uuid("owner_id", null=True)),
        *(_count("urgency"), _count("priority"), _count("size"), _text("state"), _day("due_on")),
        *(_moment("opened_at"), _moment("updated_at"), _moment("cleared_at", null=True)),
        _moment("escalated_at", null=True),
        _pk("network_action", "id"),
        sa.UniqueConstraint("key", name=op.f("uq_network_action_key")),
    )
    op.create_table(
        "network_action_province",
        *(_uuid("action_id"), _text("province")),
        _of_action("network_action_province"),
        _pk("network_action_province", "action_id", "province"),
    )
    op.create_table(
        "network_action_step",
        *(_uuid("id"), _uuid("action_id"), _moment("at"), _text("state"), _text("cause")),
        _of_action("network_action_step"),
        _pk("network_action_step", "id"),
    )
    op.create_table(
        "network_figures",
        *(_day("day"), _text("province"), sa.Column("figures", sa.JSON(none_as_null=True), nullable=False)),
        _pk("network_figures", "day", "province"),
    )
    op.create_table(
        "network_link_grade",
        *(_uuid("link_id"), _day("day"), _text("grade")),
        _pk("network_link_grade", "link_id", "day"),
    )
    op.create_table(
        "outbox_message",
        *(_uuid("id"), _text("to_type"), _uuid("to_id"), _text("kind"), _text("about_type"), _uuid("about_id")),
        *(_text("text"), _moment("created_at"), _day("due_on")),
        *(_moment("read_at", null=True), _moment("delivered_at", null=True)),
        _pk("outbox_message", "id"),
    )
    _index("network_action", "owner_id", "state")
    _index("network_action_province", "province")
    _index("network_action_step", "action_id", "at")
    _index("network_link_grade", "day")
    _index("outbox_message", "to_id", "created_at", "due_on", "delivered_at")


def downgrade() -> None:
    """Take it back."""
    for table in TABLES:
        op.drop_table(table)


def _text(name: str, *, null: bool = False) -> sa.schema.SchemaItem:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=null)


def _uuid(name: str, *, null: bool = False) -> sa.schema.SchemaItem:
    return sa.Column(name, sa.Uuid(as_uuid=False), nullable=null)


def _moment(name: str, *, null: bool = False) -> sa.schema.SchemaItem:
    return sa.Column(name, directory.db.UtcDateTime(timezone=True), nullable=null)


def _day(name: str) -> sa.schema.SchemaItem:
    return sa.Column(name, sa.Date(), nullable=False)


def _count(name: str) -> sa.schema.SchemaItem:
    return sa.Column(name, sa.Integer(), nullable=False, autoincrement=False)


def _pk(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _of_action(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_action_id_network_action")
    return sa.ForeignKeyConstraint(["action_id"], ["network_action.id"], name=name, ondelete="CASCADE")


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
