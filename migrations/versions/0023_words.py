"""0023 the pools of all processes read texts by the same words"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the words; the first edition is learnt by the job of the day."""
    op.create_table(
        "pool_words",
        sa.Column("edition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False,
                  comment="vocabulary, rarity of words, bridge of the two languages; packed, no text that somebody wrote"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, comment="how far the log had come when they were learnt"),
        sa.PrimaryKeyConstraint("edition", name=op.f("pk_pool_words")),
    )  # fmt: skip
    edition = sa.Column("edition", sa.Integer(), server_default="0", nullable=False,
                        comment="of the words that all processes read texts by; 0: none yet")  # fmt: skip
    with op.batch_alter_table("pool_state") as batch_op:
        batch_op.add_column(edition)


def downgrade() -> None:
    """Take them out."""
    with op.batch_alter_table("pool_state") as batch_op:
        batch_op.drop_column("edition")
    op.drop_table("pool_words")
