"""0027 what jobs ask and how well one fits: kept as it was before each change"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the limits of the job-person match, and every change of a standard."""
    op.create_table(
        "match_limits",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("optimal", sa.Integer(), nullable=False, comment="percent"),
        sa.Column("fair", sa.Integer(), nullable=False, comment="percent"),
        sa.CheckConstraint("0 < fair AND fair < optimal AND optimal <= 100", name=op.f("ck_match_limits_order")),
        sa.PrimaryKeyConstraint("valid_from", name=op.f("pk_match_limits")),
    )
    op.create_table(
        "standard_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("tier_id", sa.Integer(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("was", sa.Integer(), nullable=True, comment="none: there was no figure of its own"),
        sa.Column("required", sa.Integer(), nullable=True, comment="none: there is none any more"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(tier_id IS NULL) <> (job_id IS NULL)", name=op.f("ck_standard_change_tier_or_job")),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_standard_change_competency_id")),
        sa.ForeignKeyConstraint(["job_id"], ["position.id"], name=op.f("fk_standard_change_job_id")),
        sa.ForeignKeyConstraint(["tier_id"], ["tier.id"], name=op.f("fk_standard_change_tier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_change")),
    )
    op.create_index("ix_standard_change_tier_id_id", "standard_change", ["tier_id", "id"])
    op.create_index("ix_standard_change_job_id_id", "standard_change", ["job_id", "id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("standard_change")
    op.drop_table("match_limits")
