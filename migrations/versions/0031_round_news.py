"""0031 since when somebody takes part in a round, and when they last ranked"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both instants; of what was before, nothing is known."""
    with op.batch_alter_table("round_member") as batch:
        batch.add_column(
            sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True, comment="when they last came in or went out")
        )
        batch.add_column(
            sa.Column("wished_at", sa.DateTime(timezone=True), nullable=True, comment="when they last ranked, or took that back")
        )


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("round_member") as batch:
        batch.drop_column("wished_at")
        batch.drop_column("moved_at")
