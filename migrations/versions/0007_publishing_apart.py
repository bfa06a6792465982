"""0007 publishing apart: a round is published by a job, and what its pages say of everybody is worked out by one"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def columns() -> tuple[sa.Column, ...]:
    """What a round tells of its publication."""
    return (
        sa.Column(
            "publishing_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="it is being published; the draft is closed",
        ),
        sa.Column(
            "publishing_beat_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="last sign of life of who publishes it",
        ),
        sa.Column(
            "without_changed",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="publish without pairs that a rule forbids by now",
        ),
        sa.Column(
            "publish_fault",
            sa.String(length=20),
            server_default="",
            nullable=False,
            comment="why the last try to publish came to nothing",
        ),
    )


def upgrade() -> None:
    """Add the columns and the table."""
    for column in columns():
        op.add_column("round", column)
    op.create_table(
        "round_sheet",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False, comment="cover: the cover map; check: pairs that changed"),
        sa.Column("stamp", sa.String(length=64), nullable=False, comment="digest of what it was worked out from"),
        sa.Column("body", JSON, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True, comment="none: never yet"),
        sa.Column(
            "asked_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="a job is to make it anew; none: nothing is under way",
        ),
        sa.CheckConstraint("kind IN ('cover', 'check')", name=op.f("ck_round_sheet_kind")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_sheet_round_id")),
        sa.PrimaryKeyConstraint("round_id", "kind", name=op.f("pk_round_sheet")),
    )


def downgrade() -> None:
    """Take both away."""
    op.drop_table("round_sheet")
    for column in columns():
        op.drop_column("round", column.name)
