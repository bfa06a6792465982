"""0005 coaching: engagements, goals and numbers, sessions by GROW, commitments with check-ins, reviews"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    "coaching_check_in", "coaching_commitment", "coaching_sheet", "coaching_question", "coaching_review", "coaching_scale",
    "coaching_goal", "engagement_end", "engagement",
)  # fmt: skip


def upgrade() -> None:
    """Add the tables, and give every coaching that runs its engagement."""
    op.create_table(
        "engagement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("coachee_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "coach_yes_at", sa.DateTime(timezone=True), nullable=True, comment="the coach wants to go on after the first talk"
        ),
        sa.Column("coachee_yes_at", sa.DateTime(timezone=True), nullable=True, comment="the coachee wants to go on"),
        sa.Column("engaged_at", sa.DateTime(timezone=True), nullable=True, comment="both said yes"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="declined, closed or ended early"),
        sa.Column("goal_number", sa.Integer(), nullable=False, comment="number of the newest version of the goal"),
        sa.CheckConstraint(
            "state IN ('conversation', 'engaged', 'declined', 'closed', 'ended_early')", name=op.f("ck_engagement_state")
        ),
        sa.CheckConstraint("coach_id <> coachee_id", name=op.f("ck_engagement_two_people")),
        sa.CheckConstraint(
            "state NOT IN ('engaged', 'closed', 'ended_early') "
            "OR (coach_yes_at IS NOT NULL AND coachee_yes_at IS NOT NULL AND engaged_at IS NOT NULL)",
            name=op.f("ck_engagement_engaged_by_both"),
        ),
        sa.CheckConstraint(
            "(state IN ('conversation', 'engaged')) = (ended_at IS NULL)", name=op.f("ck_engagement_ended_or_open")
        ),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_engagement_coach_id")),
        sa.ForeignKeyConstraint(["coachee_id"], ["person.id"], name=op.f("fk_engagement_coachee_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_engagement_programme_id")),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name=op.f("fk_engagement_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
        sa.UniqueConstraint("series_id", name=op.f("uq_engagement_series_id")),
    )
    for column in ("coach_id", "coachee_id", "programme_id", "state"):
        op.create_index(op.f(f"ix_engagement_{column}"), "engagement", [column])
    op.create_index(
        "uq_engagement_open_pair",
        "engagement",
        ["coach_id", "coachee_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('conversation', 'engaged')"),
        postgresql_where=sa.text("state IN ('conversation', 'engaged')"),
    )

    op.create_table(
        "engagement_end",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.LargeBinary(), nullable=False, comment="one of inputs.END_REASONS; the writer only"),
        sa.Column("text", sa.LargeBinary(), nullable=True, comment="the writer only"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_engagement_end_by_id")),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_end_engagement_id")),
        sa.PrimaryKeyConstraint("engagement_id", name=op.f("pk_engagement_end")),
    )

    op.create_table(
        "coaching_goal",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False, comment="the two only"),
        sa.Column("why", sa.LargeBinary(), nullable=False, comment="why it matters; the two only"),
        sa.Column("sign", sa.LargeBinary(), nullable=False, comment="how one will notice; the two only"),
        sa.Column("now", sa.Integer(), nullable=False, comment="where the coachee stands when writing, 1 to 10; the two only"),
        sa.Column("wanted", sa.Integer(), nullable=False, comment="where they want to be, 1 to 10; the two only"),
        sa.Column("by_on", sa.Date(), nullable=False, comment="by when"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("now BETWEEN 1 AND 10 AND wanted BETWEEN 1 AND 10", name=op.f("ck_coaching_goal_scale")),
        sa.CheckConstraint("wanted > now", name=op.f("ck_coaching_goal_upward")),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_coaching_goal_engagement_id")),
        sa.PrimaryKeyConstraint("engagement_id", "number", name=op.f("pk_coaching_goal")),
    )

    op.create_table(
        "coaching_scale",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("moment", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False, comment="1 to 10; read by the two once both said theirs"),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("moment IN ('before', 'midway', 'after')", name=op.f("ck_coaching_scale_moment")),
        sa.CheckConstraint("value BETWEEN 1 AND 10", name=op.f("ck_coaching_scale_value")),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_coaching_scale_engagement_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_coaching_scale_person_id")),
        sa.PrimaryKeyConstraint("engagement_id", "moment", "person_id", name=op.f("pk_coaching_scale")),
    )

    op.create_table(
        "coaching_review",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="question code → answer; the two only, after both wrote"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_coaching_review_engagement_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_coaching_review_person_id")),
        sa.PrimaryKeyConstraint("engagement_id", "person_id", name=op.f("pk_coaching_review")),
    )

    op.create_table(
        "coaching_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("superior_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False, comment="in the coachee's words; the two and this superior"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "withdrawn_at", sa.DateTime(timezone=True), nullable=True, comment="from then on it does not exist for the superior"
        ),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_coaching_question_engagement_id")),
        sa.ForeignKeyConstraint(["superior_id"], ["person.id"], name=op.f("fk_coaching_question_superior_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_question")),
    )
    op.create_index(op.f("ix_coaching_question_engagement_id"), "coaching_question", ["engagement_id"])
    op.create_index(op.f("ix_coaching_question_superior_id"), "coaching_question", ["superior_id"])
    op.create_index(
        "uq_coaching_question_open",
        "coaching_question",
        ["engagement_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "coaching_sheet",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("goal", sa.LargeBinary(), nullable=False, comment="of this session; the two only"),
        sa.Column("reality", sa.LargeBinary(), nullable=False, comment="the two only"),
        sa.Column("options", sa.LargeBinary(), nullable=False, comment="the two only"),
        sa.Column("barriers", sa.LargeBinary(), nullable=False, comment="codes and own words; the two only"),
        sa.Column("opportunities", sa.LargeBinary(), nullable=False, comment="codes and own words; the two only"),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_coaching_sheet_engagement_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_coaching_sheet_meeting_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_coaching_sheet_written_by_id")),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_coaching_sheet")),
    )
    op.create_index(op.f("ix_coaching_sheet_engagement_id"), "coaching_sheet", ["engagement_id"])

    op.create_table(
        "coaching_commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False, comment="the session it was made in"),
        sa.Column("text", sa.LargeBinary(), nullable=False, comment="the two only"),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False, comment="open, done or dropped"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f("ck_coaching_commitment_state")),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_coaching_commitment_engagement_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_coaching_commitment_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_commitment")),
    )
    op.create_index(op.f("ix_coaching_commitment_engagement_id"), "coaching_commitment", ["engagement_id"])
    op.create_index(op.f("ix_coaching_commitment_meeting_id"), "coaching_commitment", ["meeting_id"])
    op.create_index("ix_coaching_commitment_state", "coaching_commitment", ["engagement_id", "state"])

    op.create_table(
        "coaching_check_in",
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=True, comment="the two only"),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("answer IN ('done', 'partly', 'not_yet')", name=op.f("ck_coaching_check_in_answer")),
        sa.ForeignKeyConstraint(["commitment_id"], ["coaching_commitment.id"], name=op.f("fk_coaching_check_in_commitment_id")),
        sa.PrimaryKeyConstraint("commitment_id", "day", name=op.f("pk_coaching_check_in")),
    )

    # one statement that both databases speak: a batch would copy the table, and its checks would be lost on the way
    op.execute(
        "ALTER TABLE request ADD COLUMN engagement_id INTEGER CONSTRAINT fk_request_engagement_id REFERENCES engagement (id)"
    )
    op.create_index(op.f("ix_request_engagement_id"), "request", ["engagement_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("COMMENT ON COLUMN request.engagement_id IS 'what came of it, where it was about coaching'")
    _give_engagements()


def _give_engagements() -> None:
    """Coaching that was accepted before stands at its first talk, so that its place can be given back."""
    bind = op.get_bind()
    running = bind.execute(
        sa.text(
            "SELECT request.id, request.person_id, request.programme_id, request.closed_at, offer.person_id AS coach_id "
            "FROM request JOIN offer ON offer.id = request.offer_id "
            "WHERE offer.kind = 'coach' AND request.state = 'accepted' AND request.ended_at IS NULL ORDER BY request.id"
        )
    ).mappings()
    paired = set()
    for row in running.all():
        pair = row["coach_id"], row["person_id"]
        if pair in paired:  # asked twice: one engagement, and the later request's place returns with it
            continue
        paired.add(pair)
        series_id = bind.execute(
            sa.text("INSERT INTO meeting_series (state, created_at) VALUES ('open', :at) RETURNING id"), {"at": row["closed_at"]}
        ).scalar_one()
        for person_id in pair:
            bind.execute(
                sa.text("INSERT INTO meeting_series_member (series_id, person_id) VALUES (:series, :person)"),
                {"series": series_id, "person": person_id},
            )
        engagement_id = bind.execute(
            sa.text(
                "INSERT INTO engagement (coach_id, coachee_id, programme_id, series_id, state, started_at, goal_number) "
                "VALUES (:coach, :coachee, :programme, :series, 'conversation', :at, 0) RETURNING id"
            ),
            {"coach": pair[0], "coachee": pair[1], "programme": row["programme_id"], "series": series_id, "at": row["closed_at"]},
        ).scalar_one()
        bind.execute(
            sa.text(
                "UPDATE request SET engagement_id = :engagement WHERE person_id = :coachee AND state = 'accepted' "
                "AND ended_at IS NULL AND offer_id IN (SELECT id FROM offer WHERE kind = 'coach' AND person_id = :coach)"
            ),
            {"engagement": engagement_id, "coach": pair[0], "coachee": pair[1]},
        )


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f("ix_request_engagement_id"), "request")
    op.execute("ALTER TABLE request DROP COLUMN engagement_id")
    for table in TABLES:
        op.drop_table(table)
