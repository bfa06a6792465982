"""0029 what the stages ask, by version"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Add the versions of the stages, and which one a mentorship began with."""
    op.create_table(
        "stage_rule",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="mentorships that begin on this day or later"),
        sa.Column("gates", JSON, nullable=False, comment="as data/stages.json has them"),
        sa.Column("words", JSON, nullable=False, comment="as data/stages.json has them; lists need none"),
        sa.Column("note", sa.Text(), server_default="", nullable=False, comment="why this version; read by everyone"),
        sa.Column("made_by_id", sa.Integer(), nullable=True, comment="none: shipped"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_stage_rule_made_by_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_stage_rule")),
    )
    with op.batch_alter_table("mentorship") as table:
        table.add_column(
            sa.Column(
                "stage_rule_number", sa.Integer(), nullable=True, comment="version of the stages it began with; none: as shipped"
            )
        )
        table.create_foreign_key(op.f("fk_mentorship_stage_rule_number"), "stage_rule", ["stage_rule_number"], ["number"])


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("mentorship") as table:
        table.drop_constraint(op.f("fk_mentorship_stage_rule_number"), type_="foreignkey")
        table.drop_column("stage_rule_number")
    op.drop_table("stage_rule")
