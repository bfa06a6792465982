"""0015 wrong codes of gatherings, and devices that are told"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rows of wrong codes and of devices; for each group of notices whether devices are told."""
    op.create_table(
        "gathering_code_try",
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, comment="wrong ones since the last wait"),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name="fk_gathering_code_try_gathering_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_gathering_code_try_person_id"),
        sa.PrimaryKeyConstraint("gathering_id", "person_id", name="pk_gathering_code_try"),
    )
    op.create_index("ix_gathering_code_try_person_id", "gathering_code_try", ["person_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("gathering_code_try")
