"""0008 meetings: when people have time, proposed times, calendars"""

import uuid
from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = (
    "proposed_time", "time_proposal", "calendar_feed", "busy_time", "calendar_source", "hours_exception", "weekly_hours",
    "meeting_habits", "meeting_hold",
)  # fmt: skip

STEP = 300
"""Seconds that one row of meeting_hold stands for."""


def columns() -> tuple[sa.Column, ...]:
    """What calendars need to know of a meeting."""
    return (
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True, comment="when that was; none: never"),
        sa.Column("zone", sa.String(length=40), nullable=True, comment="IANA name of the clock it was planned on"),
        sa.Column(
            "run_uid",
            sa.String(length=32),
            nullable=True,
            comment="shared by the meetings that were booked in one go; the name of their repetition",
        ),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=True, comment="when it was to begin as one of the repetition"),
        sa.Column("run_weeks", sa.Integer(), nullable=True, comment="weeks from one of the repetition to the next"),
        sa.Column("uid", sa.String(length=32), nullable=True, comment="its name in calendars, for good"),
    )


def upgrade() -> None:
    """Add the tables and columns, name every meeting for calendars, and hold the time of what is planned."""
    for column in columns():
        op.add_column("meeting", column)
    op.create_index(op.f("ix_meeting_run_uid"), "meeting", ["run_uid"])
    _name_meetings()
    with op.batch_alter_table("meeting") as table:
        table.alter_column("uid", existing_type=sa.String(length=32), nullable=False)
    _tables()
    _hold_what_is_planned()


def _name_meetings() -> None:
    meeting = sa.table("meeting", sa.column("id", sa.Integer), sa.column("uid", sa.String))
    connection = op.get_bind()
    rows = [{"key": id_, "name": uuid.uuid4().hex} for id_ in connection.scalars(sa.select(meeting.c.id)).all()]
    if rows:
        connection.execute(sa.update(meeting).where(meeting.c.id == sa.bindparam("key")).values(uid=sa.bindparam("name")), rows)


def _hold_what_is_planned() -> None:
    """Where somebody is planned twice already, the meeting planned first holds the time."""
    meeting = sa.table(
        "meeting", sa.column("id", sa.Integer), sa.column("series_id", sa.Integer), sa.column("state", sa.String),
        sa.column("starts_at", sa.DateTime(timezone=True)), sa.column("minutes", sa.Integer),
    )  # fmt: skip
    member = sa.table("meeting_series_member", sa.column("series_id", sa.Integer), sa.column("person_id", sa.Integer))
    hold = sa.table(
        "meeting_hold", sa.column("person_id", sa.Integer), sa.column("slot", sa.Integer), sa.column("meeting_id", sa.Integer)
    )
    connection = op.get_bind()
    planned = (
        sa.select(member.c.person_id, meeting.c.id, meeting.c.starts_at, meeting.c.minutes)
        .join(member, member.c.series_id == meeting.c.series_id)
        .where(meeting.c.state == "planned")
        .order_by(meeting.c.id)
    )
    held: dict[tuple[int, int], int] = {}
    for person_id, meeting_id, starts_at, minutes in connection.execute(planned).all():
        begin = int((starts_at if starts_at.tzinfo else starts_at.replace(tzinfo=UTC)).timestamp())
        for slot in range(begin // STEP, -(-(begin + minutes * 60) // STEP)):
            held.setdefault((person_id, slot), meeting_id)
    if held:
        rows = [{"person_id": person, "slot": slot, "meeting_id": id_} for (person, slot), id_ in held.items()]
        connection.execute(sa.insert(hold), rows)


def _tables() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False, comment="the owner only; shown again on their page"),
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="finds the feed"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False, comment="a renewal makes a new one and ends the old"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_table(
        "calendar_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False, comment="what its owner calls it"),
        sa.Column("address", sa.LargeBinary(), nullable=True, comment="where it is fetched from; none: it came as a file"),
        sa.Column("state", sa.String(length=8), nullable=False, comment="waiting (never read yet), good, or failing"),
        sa.Column("fault", sa.String(length=40), nullable=True, comment="code of what went wrong last"),
        sa.Column("failures", sa.Integer(), nullable=False, comment="in a row; each doubles the pause"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True, comment="when it is fetched next; none: never by itself"),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True, comment="when its busy times were taken over last"),
        sa.Column("etag", sa.String(length=200), nullable=True, comment="what its server called the version that was read"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'good', 'failing')", name=op.f("ck_calendar_source_state")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_source_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_source")),
    )
    op.create_index("ix_calendar_source_due", "calendar_source", ["due_at"], unique=False)
    op.create_index(op.f("ix_calendar_source_person_id"), "calendar_source", ["person_id"], unique=False)
    op.create_table(
        "hours_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False, comment="away, or open"),
        sa.Column("from_on", sa.Date(), nullable=False, comment="first day, on the person's calendar"),
        sa.Column("to_on", sa.Date(), nullable=False, comment="last day"),
        sa.Column("starts", sa.Integer(), nullable=True, comment="minute of each day; none: from its beginning"),
        sa.Column("ends", sa.Integer(), nullable=True, comment="minute of each day; none: to its end"),
        sa.CheckConstraint(
            "(starts IS NULL AND ends IS NULL AND kind = 'away')"
            " OR (starts IS NOT NULL AND ends IS NOT NULL AND 0 <= starts AND starts < ends AND ends <= 1440)",
            name=op.f("ck_hours_exception_span"),
        ),
        sa.CheckConstraint("kind IN ('away', 'open')", name=op.f("ck_hours_exception_kind")),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_hours_exception_days")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hours_exception_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_exception")),
    )
    op.create_index("ix_hours_exception_person_to", "hours_exception", ["person_id", "to_on"], unique=False)
    op.create_table(
        "meeting_habits",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("notice_hours", sa.Integer(), nullable=False, comment="others book at the earliest so long ahead"),
        sa.Column("gap_minutes", sa.Integer(), nullable=False, comment="kept free before and after what is taken"),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("gap_minutes BETWEEN 0 AND 60", name=op.f("ck_meeting_habits_gap_minutes")),
        sa.CheckConstraint("notice_hours BETWEEN 0 AND 168", name=op.f("ck_meeting_habits_notice_hours")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_habits_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_meeting_habits")),
    )
    op.create_table(
        "weekly_hours",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), autoincrement=False, nullable=False, comment="0 Monday … 6 Sunday"),
        sa.Column("starts", sa.Integer(), autoincrement=False, nullable=False, comment="minute of the day"),
        sa.Column("ends", sa.Integer(), nullable=False, comment="minute of the day, 1440 is midnight"),
        sa.CheckConstraint("0 <= starts AND starts < ends AND ends <= 1440", name=op.f("ck_weekly_hours_span")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_weekly_hours_weekday")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_weekly_hours_person_id")),
        sa.PrimaryKeyConstraint("person_id", "weekday", "starts", name=op.f("pk_weekly_hours")),
    )
    op.create_table(
        "busy_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_busy_time_span")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_busy_time_person_id")),
        sa.ForeignKeyConstraint(["source_id"], ["calendar_source.id"], name=op.f("fk_busy_time_source_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_time")),
    )
    op.create_index("ix_busy_time_person_ends", "busy_time", ["person_id", "ends_at"], unique=False)
    op.create_index(op.f("ix_busy_time_source_id"), "busy_time", ["source_id"], unique=False)
    op.create_table(
        "meeting_hold",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False, comment="five-minute steps since 1970, UTC"),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_hold_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_hold_person_id")),
        sa.PrimaryKeyConstraint("person_id", "slot", name=op.f("pk_meeting_hold")),
    )
    op.create_index(op.f("ix_meeting_hold_meeting_id"), "meeting_hold", ["meeting_id"], unique=False)
    op.create_table(
        "time_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column(
            "meeting_id", sa.Integer(), nullable=True, comment="the meeting that is to move, or that came of it; none: a new one"
        ),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False, comment="open, taken, declined, withdrawn or replaced"),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=True, comment="where, which number, or the link; the pair only"),
        sa.Column("agenda", sa.LargeBinary(), nullable=True, comment="an item a line; the pair only"),
        sa.Column("words", sa.LargeBinary(), nullable=True, comment="what was said with declining; the pair only"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("mode IN ('in_person', 'video', 'phone')", name=op.f("ck_time_proposal_mode")),
        sa.CheckConstraint(
            "state IN ('open', 'taken', 'declined', 'withdrawn', 'replaced')", name=op.f("ck_time_proposal_state")
        ),
        sa.CheckConstraint("minutes BETWEEN 5 AND 480", name=op.f("ck_time_proposal_minutes")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_time_proposal_meeting_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_time_proposal_proposed_by_id")),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name=op.f("fk_time_proposal_series_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_time_proposal_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_proposal")),
    )
    op.create_index(op.f("ix_time_proposal_meeting_id"), "time_proposal", ["meeting_id"], unique=False)
    op.create_index("ix_time_proposal_series", "time_proposal", ["series_id"], unique=False)
    op.create_index(
        "uq_time_proposal_one_open",
        "time_proposal",
        ["series_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "proposed_time",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["time_proposal.id"], name=op.f("fk_proposed_time_proposal_id")),
        sa.PrimaryKeyConstraint("proposal_id", "starts_at", name=op.f("pk_proposed_time")),
    )


def downgrade() -> None:
    """Take them away."""
    for name in TABLES:
        op.drop_table(name)
    op.drop_index(op.f("ix_meeting_run_uid"), table_name="meeting")
    with op.batch_alter_table("meeting") as table:
        for column in columns():
            table.drop_column(column.name)
