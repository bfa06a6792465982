"""0027 from which match on a job is held optimally, as the agency says"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the limits of the job-person match."""
    op.create_table(
        "match_limits",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("optimal", sa.Integer(), nullable=False, comment="percent"),
        sa.Column("fair", sa.Integer(), nullable=False, comment="percent"),
        sa.CheckConstraint("0 < fair AND fair < optimal AND optimal <= 100", name=op.f("ck_match_limits_order")),
        sa.PrimaryKeyConstraint("valid_from", name=op.f("pk_match_limits")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("match_limits")
