"""0013 quotas: how many pairs of a group there must or may be in a round"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "round_quota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False, comment="whose group it is"),
        sa.Column("kind", sa.String(length=5), nullable=False, comment="what makes the group"),
        sa.Column(
            "key",
            sa.String(length=120),
            nullable=False,
            comment="id of the unit (and all below it) or tier, or the place",
        ),
        sa.Column("at_least", sa.Integer(), nullable=True, comment="so many pairs at least"),
        sa.Column("at_most", sa.Integer(), nullable=True, comment="so many pairs at most"),
        sa.CheckConstraint("kind IN ('unit', 'tier', 'place')", name=op.f("ck_round_quota_kind")),
        sa.CheckConstraint("side IN ('mentee', 'mentor')", name=op.f("ck_round_quota_side")),
        sa.CheckConstraint("at_least IS NOT NULL OR at_most IS NOT NULL", name=op.f("ck_round_quota_says_something")),
        sa.CheckConstraint("at_least >= 0 AND at_most >= 0 AND at_least <= at_most", name=op.f("ck_round_quota_in_order")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_quota_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_quota")),
        sa.UniqueConstraint("round_id", "side", "kind", "key", name=op.f("uq_round_quota_round_id_side_kind_key")),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("round_quota")
