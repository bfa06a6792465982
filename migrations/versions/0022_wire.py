"""0022 what is unread is counted in an index"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the index of a topic's messages by what counting asks for."""
    op.drop_index("ix_message_topic_id_seq", "message")
    op.create_index("ix_message_topic", "message", ["topic_id", "seq", "author_id", "deleted_at"])


def downgrade() -> None:
    """Back to the two columns."""
    op.drop_index("ix_message_topic", "message")
    op.create_index("ix_message_topic_id_seq", "message", ["topic_id", "seq"])
