"""0009 what two people do together, in depth"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = (
    "coach_credential", "coaching_share", "content_opening", "concern", "safe_person", "thanks", "superior_word",
    "mentorship_silence", "text_state", "meeting_afterthought", "meeting_note_change",
)  # fmt: skip


def upgrade() -> None:
    """Notes that two write at once, what each says afterwards, states of texts; care, superiors, what coachees share."""
    op.add_column(
        "meeting_notes",
        sa.Column(
            "author_ids",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            server_default="[]",
            comment="ids of everybody who wrote in it",
        ),
    )
    op.add_column("meeting_notes", sa.Column("began_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE meeting_notes SET began_at = saved_at")
    with op.batch_alter_table("meeting_notes") as batch_op:
        batch_op.alter_column("author_ids", server_default=None)
        batch_op.alter_column("began_at", nullable=False)
        batch_op.alter_column("author_id", existing_type=sa.Integer(), comment="who wrote last in it")
    op.create_table(
        "meeting_note_change",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, comment="1, 2, 3 … within the meeting, given under the meeting's lock"),
        sa.Column(
            "client_id",
            sa.String(length=40),
            nullable=False,
            comment="the writer's own id of the change: sent twice, stands once",
        ),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("change", sa.LargeBinary(), nullable=False, comment="what was kept, taken out and put in; the pair only"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_meeting_note_change_author_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_note_change_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "seq", name=op.f("pk_meeting_note_change")),
        sa.UniqueConstraint("meeting_id", "client_id", name=op.f("uq_meeting_note_change_meeting_id_client_id")),
    )
    op.create_index(op.f("ix_meeting_note_change_at"), "meeting_note_change", ["at"])
    op.create_table(
        "meeting_afterthought",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "answers",
            sa.LargeBinary(),
            nullable=False,
            comment="question → answer (agenda, proposed, decided: me, other, both; useful: 1 to 5); the members only",
        ),
        sa.Column("complete", sa.Boolean(), nullable=False, comment="every question is answered"),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_afterthought_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_afterthought_person_id")),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name=op.f("pk_meeting_afterthought")),
    )
    op.create_table(
        "text_state",
        sa.Column("about", sa.String(length=20), nullable=False, comment="what sort of text: summary, direction, step"),
        sa.Column("about_id", sa.Integer(), nullable=False, comment="the row that holds the text"),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, 3 …; the newest is what stands"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="those who share the text only"),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("about IN ('summary', 'direction', 'step')", name=op.f("ck_text_state_about")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_text_state_author_id")),
        sa.PrimaryKeyConstraint("about", "about_id", "number", name=op.f("pk_text_state")),
    )
    op.create_index("ix_mentorship_state_touched", "mentorship", ["state", "touched_at"])
    op.add_column(
        "engagement",
        sa.Column("paused_until", sa.Date(), nullable=True, comment="the day of return while it rests; none: it runs or is over"),
    )
    op.create_table(
        "mentorship_silence",
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False, comment="the last sign of life it counts from"),
        sa.Column("step", sa.Integer(), nullable=False, comment="reminders sent since then; 4: closing was announced"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True, comment="when to look again; none: it rests or is over"),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True, comment="when it ends, as announced"),
        sa.CheckConstraint("step BETWEEN 0 AND 4", name=op.f("ck_mentorship_silence_step")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_mentorship_silence_mentorship_id")),
        sa.PrimaryKeyConstraint("mentorship_id", name=op.f("pk_mentorship_silence")),
    )
    op.create_index(op.f("ix_mentorship_silence_due_at"), "mentorship_silence", ["due_at"])
    op.create_table(
        "superior_word",
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("superior_id", sa.Integer(), nullable=False, comment="who was asked"),
        sa.Column("agreed", sa.Boolean(), nullable=True, comment="none: not answered yet"),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_superior_word_mentorship_id")),
        sa.ForeignKeyConstraint(["superior_id"], ["person.id"], name=op.f("fk_superior_word_superior_id")),
        sa.PrimaryKeyConstraint("mentorship_id", name=op.f("pk_superior_word")),
    )
    op.create_index(op.f("ix_superior_word_superior_id"), "superior_word", ["superior_id"])
    op.create_table(
        "thanks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False, comment="the two; the superior once it was passed on"),
        sa.Column(
            "may_pass_on", sa.Boolean(), nullable=False, comment="the writer consents that the receiver's superior reads it"
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed_to_id", sa.Integer(), nullable=True, comment="the superior who reads it"),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_thanks_two_people")),
        sa.CheckConstraint("passed_to_id IS NULL OR may_pass_on", name=op.f("ck_thanks_passed_with_consent")),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"], name=op.f("fk_thanks_from_id")),
        sa.ForeignKeyConstraint(["passed_to_id"], ["person.id"], name=op.f("fk_thanks_passed_to_id")),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name=op.f("fk_thanks_series_id")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_thanks_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thanks")),
        sa.UniqueConstraint("series_id", "from_id", "to_id", name=op.f("uq_thanks_series_id_from_id_to_id")),
    )
    op.create_index(op.f("ix_thanks_to_id"), "thanks", ["to_id"])
    op.create_index(op.f("ix_thanks_passed_to_id"), "thanks", ["passed_to_id"])
    op.create_table(
        "safe_person",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=True),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["named_by_id"], ["person.id"], name=op.f("fk_safe_person_named_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_safe_person_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_safe_person")),
    )
    op.create_table(
        "concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False, comment="whose pair it is about"),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False, comment="who wrote it and the safe person"),
        sa.Column("state", sa.String(length=10), nullable=False, comment="open, heard (the safe person answered) or closed"),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True, comment="who wrote it and the safe person"),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'heard', 'closed')", name=op.f("ck_concern_state")),
        sa.ForeignKeyConstraint(["raised_by_id"], ["person.id"], name=op.f("fk_concern_raised_by_id")),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name=op.f("fk_concern_series_id")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_concern_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
    )
    op.create_index(op.f("ix_concern_raised_by_id"), "concern", ["raised_by_id"])
    op.create_index(op.f("ix_concern_to_id"), "concern", ["to_id"])
    op.create_table(
        "content_opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False, comment="who asks, who decides, and the pair"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False, comment="asked, agreed or refused"),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True, comment="the content is closed again from then on"),
        sa.CheckConstraint("state IN ('asked', 'agreed', 'refused')", name=op.f("ck_content_opening_state")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> asked_by_id", name=op.f("ck_content_opening_second_person")
        ),
        sa.CheckConstraint("(until IS NULL) = (state <> 'agreed')", name=op.f("ck_content_opening_until_when_open")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_content_opening_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_content_opening_decided_by_id")),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name=op.f("fk_content_opening_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_opening")),
    )
    op.create_index(op.f("ix_content_opening_series_id"), "content_opening", ["series_id"])
    op.create_index(
        "uq_content_opening_asked", "content_opening", ["series_id", "asked_by_id"], unique=True,
        sqlite_where=sa.text("state = 'asked'"), postgresql_where=sa.text("state = 'asked'"),
    )  # fmt: skip
    op.create_table(
        "coaching_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=12), nullable=False, comment="one of stages.SHARED"),
        sa.Column("superior_id", sa.Integer(), nullable=False, comment="who sees it, while they are the superior"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "withdrawn_at", sa.DateTime(timezone=True), nullable=True, comment="from then on it does not exist for the superior"
        ),
        sa.CheckConstraint(
            "item IN ('coached', 'goal', 'numbers', 'sessions', 'commitments', 'review')", name=op.f("ck_coaching_share_item")
        ),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_coaching_share_engagement_id")),
        sa.ForeignKeyConstraint(["superior_id"], ["person.id"], name=op.f("fk_coaching_share_superior_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_share")),
    )
    op.create_index(
        "uq_coaching_share_open", "coaching_share", ["engagement_id", "item"], unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"), postgresql_where=sa.text("withdrawn_at IS NULL"),
    )  # fmt: skip
    op.create_index("ix_coaching_share_superior", "coaching_share", ["superior_id", "withdrawn_at"])
    op.create_table(
        "coach_credential",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("issuer", sa.String(length=160), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True, comment="none: without end"),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_coach_credential_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coach_credential")),
    )
    op.create_index(op.f("ix_coach_credential_person_id"), "coach_credential", ["person_id"])


def downgrade() -> None:
    """Take them away again."""
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_mentorship_state_touched", "mentorship")
    with op.batch_alter_table("engagement") as batch_op:
        batch_op.drop_column("paused_until")
    with op.batch_alter_table("meeting_notes") as batch_op:
        batch_op.drop_column("began_at")
        batch_op.drop_column("author_ids")
