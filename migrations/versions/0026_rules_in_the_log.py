"""0026 a room's log tells when a lock or the pace of talk changes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

OLD_KINDS = "kind IN ('posted', 'edited', 'deleted', 'changed', 'topic', 'renamed', 'settled', 'moved', 'joined', 'left')"
KINDS = "kind IN ('posted', 'edited', 'deleted', 'changed', 'topic', 'renamed', 'settled', 'moved', 'ruled', 'joined', 'left')"

KIND = "changed: what a message shows beside its words; settled: how a topic stands; moved: messages came to the topic"
WITH_RULED = f"{KIND}; ruled: who may write there, and how fast"


def upgrade() -> None:
    """Another kind of entry."""
    _comment(WITH_RULED)
    with op.batch_alter_table("room_event") as batch:
        if op.get_bind().dialect.name == "postgresql":  # SQLite's copy of the table leaves the old one behind
            batch.drop_constraint(op.f("ck_room_event_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_room_event_kind"), KINDS)


def downgrade() -> None:
    """No number of a log may be missing: such an entry tells of what changes nothing that is shown."""
    _comment(KIND)
    op.execute("UPDATE room_event SET kind = 'renamed' WHERE kind = 'ruled' AND topic_id IS NOT NULL")
    op.execute("UPDATE room_event SET kind = 'joined' WHERE kind = 'ruled'")
    with op.batch_alter_table("room_event") as batch:
        if op.get_bind().dialect.name == "postgresql":  # SQLite's copy of the table leaves the old one behind
            batch.drop_constraint(op.f("ck_room_event_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_room_event_kind"), OLD_KINDS)


def _comment(text: str) -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments
        op.alter_column("room_event", "kind", comment=text, existing_type=sa.String(10), existing_nullable=False)
