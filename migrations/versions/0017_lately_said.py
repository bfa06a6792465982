"""0017 what somebody said lately is found without reading a room"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Messages by author and time."""
    op.create_index("ix_message_author_id_created_at", "message", ["author_id", "created_at"])


def downgrade() -> None:
    """Without it."""
    op.drop_index("ix_message_author_id_created_at", "message")
