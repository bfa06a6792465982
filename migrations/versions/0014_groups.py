"""0014 groups: one mentor with several mentees"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

LIVE = "state IN ('asked', 'invited', 'in')"
ABOUTS = ("about IN ('summary', 'direction', 'step')", "about IN ('summary', 'direction', 'step', 'issue', 'outcome')")

CHECKS = {
    "meeting_series": {"ck_meeting_series_state": "state IN ('open', 'paused', 'closed')"},
    "meeting": {
        "ck_meeting_state": "state IN ('planned', 'held', 'cancelled', 'missed')",
        "ck_meeting_mode": "mode IN ('in_person', 'video', 'phone')",
        "ck_meeting_minutes": "minutes BETWEEN 5 AND 480",
    },
    "meeting_stands": {"ck_meeting_stands_for_what_was_held": "of_id IS NULL OR state = 'held'"},
    "mentoring_issue": {
        "ck_mentoring_issue_kind": "kind IN ('general', 'specific')",
        "ck_mentoring_issue_state": "state IN ('open', 'settled')",
    },
}
"""SQLite changes a table by copying it, and the copy leaves conditions behind unless they are named."""


def copies() -> bool:
    """True where a change of a table is a copy of it."""
    return bool(op.get_bind().dialect.name == "sqlite")


def checks(table: str) -> tuple[sa.CheckConstraint, ...]:
    """The conditions of a table, for its copy."""
    return tuple(sa.CheckConstraint(condition, name=op.f(name)) for name, condition in CHECKS[table].items())


def upgrade() -> None:
    """Series that one person leads, who was there, groups and their members; the wording of issues is kept too."""
    with op.batch_alter_table("meeting_series", table_args=checks("meeting_series")) as batch_op:
        batch_op.add_column(
            sa.Column(
                "host_id",
                sa.Integer(),
                nullable=True,
                comment="who alone plans, moves, calls off and says how it went, where several meet; none: each member does",
            )
        )
        batch_op.create_foreign_key(op.f("fk_meeting_series_host_id"), "person", ["host_id"], ["id"])
    op.add_column(
        "meeting_series_member",
        sa.Column(
            "since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="who came later sees what begins from then on; none: was there from the beginning",
        ),
    )
    with op.batch_alter_table("meeting", table_args=(*checks("meeting"), *checks("meeting_stands"))) as batch_op:
        batch_op.add_column(
            sa.Column(
                "of_id",
                sa.Integer(),
                nullable=True,
                comment="the meeting of several people that this one stands for in a pair's own series",
            )
        )
        batch_op.create_foreign_key(op.f("fk_meeting_of_id"), "meeting", ["of_id"], ["id"])
        if not copies():
            batch_op.create_check_constraint(op.f("ck_meeting_stands_for_what_was_held"), "of_id IS NULL OR state = 'held'")
    given = sa.text("of_id IS NOT NULL")
    op.create_index(
        "uq_meeting_stands_once", "meeting", ["of_id", "series_id"], unique=True, sqlite_where=given, postgresql_where=given
    )
    op.create_table(
        "meeting_attendance",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False, comment="excused (cannot come), present or absent"),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('excused', 'present', 'absent')", name=op.f("ck_meeting_attendance_state")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_attendance_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_attendance_person_id")),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name=op.f("pk_meeting_attendance")),
    )
    op.create_index(op.f("ix_meeting_attendance_person_id"), "meeting_attendance", ["person_id"])
    op.create_table(
        "mentoring_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True, comment="whose rules hold for mentorships that begin here"),
        sa.Column("series_id", sa.Integer(), nullable=False, comment="in which the group meets"),
        sa.Column("name", sa.String(length=80), nullable=False, comment="shown to every colleague while it is open"),
        sa.Column("about", sa.Text(), nullable=False, comment="what it works on; shown to every colleague while it is open"),
        sa.Column("places", sa.Integer(), nullable=False, comment="mentees that it has room for"),
        sa.Column("taken", sa.Integer(), nullable=False, comment="mentees in it; counted up and down with its members"),
        sa.Column(
            "state", sa.String(length=8), nullable=False, comment="open (colleagues may ask), shut (by invitation) or ended"
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("places BETWEEN 2 AND 6", name=op.f("ck_mentoring_group_places")),
        sa.CheckConstraint("taken BETWEEN 0 AND places", name=op.f("ck_mentoring_group_room")),
        sa.CheckConstraint("state IN ('open', 'shut', 'ended')", name=op.f("ck_mentoring_group_state")),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"], name=op.f("fk_mentoring_group_mentor_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_mentoring_group_programme_id")),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name=op.f("fk_mentoring_group_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_group")),
        sa.UniqueConstraint("series_id", name=op.f("uq_mentoring_group_series_id")),
    )
    op.create_index(op.f("ix_mentoring_group_mentor_id"), "mentoring_group", ["mentor_id"])
    op.create_index("ix_mentoring_group_state_made", "mentoring_group", ["state", "made_at"])
    op.create_table(
        "mentoring_group_competency",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_mentoring_group_competency_competency_id")),
        sa.ForeignKeyConstraint(["group_id"], ["mentoring_group.id"], name=op.f("fk_mentoring_group_competency_group_id")),
        sa.PrimaryKeyConstraint("group_id", "competency_id", name=op.f("pk_mentoring_group_competency")),
    )
    op.create_index(op.f("ix_mentoring_group_competency_competency_id"), "mentoring_group_competency", ["competency_id"])
    op.create_table(
        "mentoring_group_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "mentorship_id",
            sa.Integer(),
            nullable=True,
            comment="the mentee's own way through the stages; none until they are in",
        ),
        sa.Column("state", sa.String(length=10), nullable=False, comment="asked, invited, in, left, declined or withdrawn"),
        sa.Column("words", sa.LargeBinary(), nullable=True, comment="why they would like to join; the two only"),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False, comment="asked or invited"),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True, comment="declined, withdrawn or left"),
        sa.CheckConstraint(
            "state IN ('asked', 'invited', 'in', 'left', 'declined', 'withdrawn')", name=op.f("ck_mentoring_group_member_state")
        ),
        sa.CheckConstraint("state <> 'in' OR mentorship_id IS NOT NULL", name=op.f("ck_mentoring_group_member_on_a_way")),
        sa.ForeignKeyConstraint(["group_id"], ["mentoring_group.id"], name=op.f("fk_mentoring_group_member_group_id")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_mentoring_group_member_mentorship_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mentoring_group_member_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_group_member")),
    )
    op.create_index("ix_mentoring_group_member_person_state", "mentoring_group_member", ["person_id", "state"])
    live, inside = sa.text(LIVE), sa.text("state = 'in'")
    op.create_index(
        "uq_mentoring_group_member_live", "mentoring_group_member", ["group_id", "person_id"], unique=True, sqlite_where=live,
        postgresql_where=live,
    )  # fmt: skip
    op.create_index(
        "uq_mentoring_group_member_once", "mentoring_group_member", ["mentorship_id"], unique=True, sqlite_where=inside,
        postgresql_where=inside,
    )  # fmt: skip
    _abouts(ABOUTS[1], "what sort of text: summary, direction, step, issue, outcome")
    with op.batch_alter_table("mentoring_issue", table_args=checks("mentoring_issue")) as batch_op:
        batch_op.add_column(sa.Column("settled_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_mentoring_issue_settled_by_id"), "person", ["settled_by_id"], ["id"])


def downgrade() -> None:
    """Drop what was added."""
    with op.batch_alter_table("mentoring_issue", table_args=checks("mentoring_issue")) as batch_op:
        batch_op.drop_constraint(op.f("fk_mentoring_issue_settled_by_id"), type_="foreignkey")
        batch_op.drop_column("settled_by_id")
    op.execute("DELETE FROM text_state WHERE about IN ('issue', 'outcome')")
    _abouts(ABOUTS[0], "what sort of text: summary, direction, step")
    for table in ("mentoring_group_member", "mentoring_group_competency", "mentoring_group", "meeting_attendance"):
        op.drop_table(table)
    op.execute("DELETE FROM meeting WHERE of_id IS NOT NULL")
    op.drop_index("uq_meeting_stands_once", "meeting")
    with op.batch_alter_table("meeting", table_args=checks("meeting")) as batch_op:
        if not copies():
            batch_op.drop_constraint(op.f("ck_meeting_stands_for_what_was_held"), type_="check")
        batch_op.drop_constraint(op.f("fk_meeting_of_id"), type_="foreignkey")
        batch_op.drop_column("of_id")
    op.drop_column("meeting_series_member", "since")
    with op.batch_alter_table("meeting_series", table_args=checks("meeting_series")) as batch_op:
        batch_op.drop_constraint(op.f("fk_meeting_series_host_id"), type_="foreignkey")
        batch_op.drop_column("host_id")


def _abouts(condition: str, comment: str) -> None:
    with op.batch_alter_table("text_state") as batch_op:
        if not copies():
            batch_op.drop_constraint(op.f("ck_text_state_about"), type_="check")
        batch_op.create_check_constraint(op.f("ck_text_state_about"), condition)
        batch_op.alter_column("about", existing_type=sa.String(length=20), existing_nullable=False, comment=comment)
