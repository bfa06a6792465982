"""0009 what two people do together, in depth"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("text_state", "meeting_afterthought", "meeting_note_change")


def upgrade() -> None:
    """Notes that two write at once, what each says of a meeting afterwards, states of shared texts."""
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


def downgrade() -> None:
    """Take them away again."""
    for table in TABLES:
        op.drop_table(table)
    with op.batch_alter_table("meeting_notes") as batch_op:
        batch_op.drop_column("began_at")
        batch_op.drop_column("author_ids")
