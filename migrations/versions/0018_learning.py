"""0018 learning: what communities count is in the rule, settings of certificates and evaluation, tests of a programme, clocks"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
GIVING = {
    "gathering_attended": {"path": "community", "minutes": None},
    "page_written": {"path": "community", "minutes": 90},
    "page_reviewed": {"path": "community", "minutes": 45},
    "answer_accepted": {"path": "community", "minutes": 45},
}


def upgrade() -> None:
    """Columns and a table; versions of the rule that are there keep what they counted."""
    _giving()
    op.create_table(
        "learning_setting",
        sa.Column("number", sa.Integer(), nullable=False, comment="the highest holds; earlier ones stay"),
        sa.Column("content", JSON, nullable=False, comment="as learning.rules.settings reads it"),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_learning_setting_made_by_id_person")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_learning_setting")),
    )
    with op.batch_alter_table("test_form") as batch:
        batch.add_column(sa.Column("programme_id", sa.Integer(), nullable=True, comment="whose people sit it; none: everybody"))
        batch.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True, comment="closed before its day"))
        batch.create_foreign_key(op.f("fk_test_form_programme_id_programme"), "programme", ["programme_id"], ["id"])
        batch.create_index(op.f("ix_test_form_programme_id"), ["programme_id"])
    with op.batch_alter_table("data_request") as batch:
        batch.add_column(
            sa.Column(
                "warned", sa.Integer(), nullable=False, server_default=sa.text("0"),
                comment="HR was told: 1 that it is due soon, 2 that it is overdue",
            )
        )  # fmt: skip
        batch.add_column(
            sa.Column(
                "erased", JSON, nullable=False, server_default=sa.text("'[]'"),
                comment="parts of the record that were erased, codes of ERASABLE",
            )
        )  # fmt: skip
        batch.create_check_constraint(op.f("ck_data_request_warned"), "warned BETWEEN 0 AND 2")
    op.create_index(op.f("ix_meeting_state_time"), "meeting", ["state", "starts_at", "series_id"])


def _giving() -> None:
    op.add_column(
        "hours_rule",
        sa.Column("giving", JSON, nullable=True, comment="deed in a community → path and minutes"),
    )
    rule = sa.table("hours_rule", sa.column("giving", JSON))
    op.execute(sa.update(rule).values(giving=GIVING))
    with op.batch_alter_table("hours_rule") as batch:
        batch.alter_column("giving", existing_type=JSON, nullable=False)


def downgrade() -> None:
    """What was set goes with it."""
    op.drop_index(op.f("ix_meeting_state_time"), table_name="meeting")
    with op.batch_alter_table("data_request") as batch:
        batch.drop_constraint(op.f("ck_data_request_warned"), type_="check")
        batch.drop_column("erased")
        batch.drop_column("warned")
    with op.batch_alter_table("test_form") as batch:
        batch.drop_constraint(op.f("fk_test_form_programme_id_programme"), type_="foreignkey")
        batch.drop_index(op.f("ix_test_form_programme_id"))
        batch.drop_column("closed_at")
        batch.drop_column("programme_id")
    op.drop_table("learning_setting")
    with op.batch_alter_table("hours_rule") as batch:
        batch.drop_column("giving")
