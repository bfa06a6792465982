"""0030 what the levels are called, by version"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Add the versions."""
    op.create_table(
        "level_scale",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="the highest holds; earlier ones stay"),
        sa.Column("words", JSON, nullable=False, comment="five of name and meaning in both languages, ascending"),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_level_scale_made_by_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_level_scale")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("level_scale")
