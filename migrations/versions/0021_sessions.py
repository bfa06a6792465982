"""0021 sessions: a yes belongs to a time in a stage, held sessions can be taken back, coaching may fall silent too"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BEFORE = ("summary", "direction", "step", "issue", "outcome")
NOW = (*BEFORE, "agenda", "reflection", "sheet")


def upgrade() -> None:
    """Add them; a yes to goals that is there counts for the time in which it was said."""
    period = sa.Column(
        "period_id", sa.Integer(), nullable=True, comment="the time in a stage in which it was said, or said again"
    )
    with op.batch_alter_table("goals_acceptance") as batch_op:
        batch_op.add_column(period)
        batch_op.create_foreign_key(op.f("fk_goals_acceptance_period_id"), "stage_period", ["period_id"], ["id"])
        batch_op.create_index(op.f("ix_goals_acceptance_period_id"), ["period_id"])
    op.execute(
        "UPDATE goals_acceptance SET period_id = (SELECT max(p.id) FROM stage_period p"
        " JOIN goals_revision r ON r.mentorship_id = p.mentorship_id WHERE r.id = goals_acceptance.revision_id"
        " AND p.entered_at <= goals_acceptance.accepted_at)"
    )
    undone = sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True,
                       comment="noted as held, and taken back then; it is cancelled")  # fmt: skip
    op.add_column("meeting", undone)
    takes = sa.Column("takes_actions", sa.Boolean(), server_default=sa.true(), nullable=False,
                      comment="false: what is taken on in its meetings is written down elsewhere")  # fmt: skip
    op.add_column("meeting_series", takes)
    op.execute("UPDATE meeting_series SET takes_actions = false WHERE id IN (SELECT series_id FROM engagement)")
    _may_be_about(NOW)
    touched = sa.Column("touched_at", sa.DateTime(timezone=True), nullable=True,
                        comment="when one of the two last did something here; none: not since it began")  # fmt: skip
    op.add_column("engagement", touched)
    op.create_index("ix_engagement_state_touched", "engagement", ["state", "touched_at"])
    op.create_table(
        "engagement_silence",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False, comment="the last sign of life it counts from"),
        sa.Column("step", sa.Integer(), nullable=False, comment="reminders sent since then; 4: closing was announced"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True, comment="when to look again; none: it rests or is over"),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True, comment="when it ends, as announced"),
        sa.CheckConstraint("step BETWEEN 0 AND 4", name=op.f("ck_engagement_silence_step")),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_silence_engagement_id")),
        sa.PrimaryKeyConstraint("engagement_id", name=op.f("pk_engagement_silence")),
    )
    with op.batch_alter_table("engagement_silence") as batch_op:
        batch_op.create_index(op.f("ix_engagement_silence_due_at"), ["due_at"])
    version = sa.Column("version", sa.Integer(), server_default="1", nullable=False,
                        comment="1, 2, 3 …: what is saved on an older one is refused and shown")  # fmt: skip
    op.add_column("private_note", version)
    with op.batch_alter_table("private_note") as batch_op:
        batch_op.alter_column("version", server_default=None)
    asked = sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("superior_word", asked)
    op.execute("UPDATE superior_word SET asked_at = (SELECT m.started_at FROM mentorship m WHERE m.id = mentorship_id)")
    with op.batch_alter_table("superior_word") as batch_op:
        batch_op.alter_column("asked_at", nullable=False)


def downgrade() -> None:
    """Take them away."""
    op.drop_column("superior_word", "asked_at")
    op.drop_column("private_note", "version")
    op.drop_table("engagement_silence")
    op.drop_index("ix_engagement_state_touched", "engagement")
    op.drop_column("engagement", "touched_at")
    op.execute("DELETE FROM text_state WHERE about IN ('agenda', 'reflection', 'sheet')")
    _may_be_about(BEFORE)
    op.drop_column("meeting_series", "takes_actions")
    op.drop_column("meeting", "undone_at")
    with op.batch_alter_table("goals_acceptance") as batch_op:
        batch_op.drop_index(op.f("ix_goals_acceptance_period_id"))
        batch_op.drop_constraint(op.f("fk_goals_acceptance_period_id"), type_="foreignkey")
        batch_op.drop_column("period_id")


def _may_be_about(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("text_state") as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # SQLite copies the table, and the condition stays behind
            batch_op.drop_constraint(op.f("ck_text_state_about"), type_="check")
        listed = ", ".join(f"'{kind}'" for kind in kinds)
        batch_op.create_check_constraint(op.f("ck_text_state_about"), f"about IN ({listed})")
        batch_op.alter_column("about", existing_type=sa.String(length=20), existing_nullable=False,
                              comment=f"what sort of text: {', '.join(kinds)}")  # fmt: skip
