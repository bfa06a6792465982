"""0028 a room's log tells that administrators opened it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

OLD_KINDS = (
    "kind IN ('posted', 'edited', 'deleted', 'changed', 'topic', 'renamed', 'settled', 'moved', 'ruled', 'joined', 'left')"
)
KINDS = (
    "kind IN ('posted', 'edited', 'deleted', 'changed', 'topic', 'renamed', 'settled', 'moved', 'ruled', 'glass', "
    "'joined', 'left')"
)

KIND = (
    "changed: what a message shows beside its words; settled: how a topic stands; moved: messages came to the topic; "
    "ruled: who may write there, and how fast"
)
WITH_GLASS = f"{KIND}; glass: administrators opened the room"


def upgrade() -> None:
    """Another kind of entry, and which glass it tells of."""
    _kinds(KINDS, WITH_GLASS)
    op.create_table(
        "glass_line",
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False, comment="the entry of the room's log"),
        sa.Column("glass_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["glass_id"], ["break_glass.id"], name=op.f("fk_glass_line_glass_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_glass_line_room_id")),
        sa.PrimaryKeyConstraint("room_id", "seq", name=op.f("pk_glass_line")),
    )
    op.create_index(op.f("ix_glass_line_glass_id"), "glass_line", ["glass_id"])


def downgrade() -> None:
    """No number of a log may be missing: such an entry tells of what changes nothing that is shown."""
    op.drop_table("glass_line")
    op.execute("UPDATE room_event SET kind = 'ruled' WHERE kind = 'glass'")
    _kinds(OLD_KINDS, KIND)


def _kinds(kinds: str, comment: str) -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments
        op.alter_column("room_event", "kind", comment=comment, existing_type=sa.String(10), existing_nullable=False)
    with op.batch_alter_table("room_event") as batch:
        if op.get_bind().dialect.name == "postgresql":  # SQLite's copy of the table leaves the old one behind
            batch.drop_constraint(op.f("ck_room_event_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_room_event_kind"), kinds)
