"""0025 gatherings stand in calendars: how often one was moved, and when"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

REASON, WITH_CLOSING = "why it was cancelled", "why it was cancelled; empty: the community closed"


def upgrade() -> None:
    """Add both."""
    rises = "rises with every other time or place, for calendar programs"
    revision_of = sa.Column("revision", sa.Integer(), nullable=False, server_default="0", comment=rises)
    changed = sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True, comment="when it was last moved or called off")
    with op.batch_alter_table("gathering") as batch_op:
        batch_op.add_column(revision_of)
        batch_op.add_column(changed)
        batch_op.alter_column("reason", existing_type=sa.String(400), comment=WITH_CLOSING, existing_comment=REASON)
    with op.batch_alter_table("gathering") as batch_op:
        batch_op.alter_column("revision", server_default=None)


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("gathering") as batch_op:
        batch_op.alter_column("reason", existing_type=sa.String(400), comment=REASON, existing_comment=WITH_CLOSING)
        batch_op.drop_column("changed_at")
        batch_op.drop_column("revision")
