"""0011 what a community makes and how it lives"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Rows of lives, gatherings, decisions, knowledge and safety; every community that is there begins its preparation."""
    op.create_table(
        "helper",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True, comment="never twice within a week"),
        sa.Column("paused_until", sa.Date(), nullable=True, comment="asked nothing until then"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_helper_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_helper"),
    )
    op.create_table(
        "notice_rhythm",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=8), nullable=False, comment="never, daily or weekly (on Monday)"),
        sa.Column("hour", sa.Integer(), nullable=False, comment="of the person's own clock"),
        sa.Column(
            "quiet_from", sa.Integer(), nullable=True, comment="hour from which no mail goes out; none: mails go at any hour"
        ),
        sa.Column("quiet_to", sa.Integer(), nullable=True, comment="hour until which"),
        sa.Column("sent_on", sa.Date(), nullable=True, comment="the person's day of the last digest: one a day at most"),
        sa.CheckConstraint("digest IN ('never', 'daily', 'weekly')", name="ck_notice_rhythm_digest"),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_to IS NULL)", name="ck_notice_rhythm_quiet"),
        sa.CheckConstraint(
            "hour BETWEEN 0 AND 23 AND quiet_from BETWEEN 0 AND 23 AND quiet_to BETWEEN 0 AND 23", name="ck_notice_rhythm_hours"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_notice_rhythm_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_notice_rhythm"),
    )
    op.create_table(
        "break_glass",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False, comment="the members read it once the glass is broken"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=True, comment="another administrator who agreed"),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True, comment="nothing can be read after that"),
        sa.CheckConstraint(
            "(opened_at IS NULL) = (second_id IS NULL) AND (opened_at IS NULL) = (until IS NULL)", name="ck_break_glass_opened"
        ),
        sa.CheckConstraint("second_id <> by_id", name="ck_break_glass_two"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_break_glass_by_id"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_break_glass_community_id"),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name="fk_break_glass_second_id"),
        sa.PrimaryKeyConstraint("id", name="pk_break_glass"),
    )
    op.create_index("ix_break_glass_by_id", "break_glass", ["by_id"], unique=False)
    op.create_index("ix_break_glass_community_id", "break_glass", ["community_id"], unique=False)
    op.create_table(
        "community_focus",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_community_focus_community_id"),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name="fk_community_focus_competency_id"),
        sa.PrimaryKeyConstraint("community_id", "competency_id", name="pk_community_focus"),
    )
    op.create_index("ix_community_focus_competency_id", "community_focus", ["competency_id"], unique=False)
    op.create_table(
        "community_keeper",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False, comment="what the step must yield, a code of stages.py"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_community_keeper_community_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_community_keeper_person_id"),
        sa.PrimaryKeyConstraint("community_id", "code", name="pk_community_keeper"),
    )
    op.create_index("ix_community_keeper_person_id", "community_keeper", ["person_id"], unique=False)
    op.create_table(
        "community_life",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False, comment="grows when an evaluation ends in going on or handing over"),
        sa.Column("belongs", sa.Text(), nullable=False, comment="who belongs: whose work the problem touches"),
        sa.Column("programme_id", sa.Integer(), nullable=True, comment="the programme whose manager may assign members"),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False, comment="when the present step began"),
        sa.Column(
            "started_at", sa.DateTime(timezone=True), nullable=True, comment="when the present cycle's implementation began"
        ),
        sa.CheckConstraint("step IN ('preparation', 'implementation', 'evaluation', 'closed')", name="ck_community_life_step"),
        sa.CheckConstraint("cycle >= 1", name="ck_community_life_cycle"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_community_life_community_id"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_community_life_programme_id"),
        sa.PrimaryKeyConstraint("community_id", name="pk_community_life"),
    )
    op.create_index("ix_community_life_programme_id", "community_life", ["programme_id"], unique=False)
    op.create_table(
        "community_measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False, comment="e.g. days until a report is answered"),
        sa.Column("folded_name", sa.String(length=160), nullable=False, comment="kernel.text.fold(name)"),
        sa.Column("unit", sa.String(length=30), nullable=False, comment="of the figures: days, %, reports …"),
        sa.Column("start", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("aim", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("result", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False, comment="where the figures come from"),
        sa.CheckConstraint("(result IS NULL) = (result_on IS NULL)", name="ck_community_measure_result"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_community_measure_community_id"),
        sa.PrimaryKeyConstraint("id", name="pk_community_measure"),
        sa.UniqueConstraint("community_id", "cycle", "folded_name", name="uq_community_measure_community_id_cycle_folded_name"),
    )
    op.create_table(
        "community_promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'kept', 'partly', 'dropped')", name="ck_community_promise_state"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_community_promise_community_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_community_promise_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_community_promise"),
        sa.UniqueConstraint("community_id", "cycle", "person_id", name="uq_community_promise_community_id_cycle_person_id"),
    )
    op.create_index("ix_community_promise_person_id", "community_promise", ["person_id"], unique=False)
    op.create_table(
        "community_review",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False, comment="what changed against the start"),
        sa.Column("keep", sa.Text(), nullable=False, comment="what to keep"),
        sa.Column("lessons", sa.Text(), nullable=False, comment="what to do otherwise"),
        sa.Column("outcome", sa.String(length=10), nullable=True, comment="go_on, hand_over or close; none: not decided yet"),
        sa.Column("version", sa.Integer(), nullable=False, comment="rises with every change; a stale save is refused"),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("outcome IN ('go_on', 'hand_over', 'close')", name="ck_community_review_outcome"),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="ck_community_review_decided"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_community_review_community_id"),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name="fk_community_review_written_by_id"),
        sa.PrimaryKeyConstraint("community_id", "cycle", name="pk_community_review"),
    )
    op.create_table(
        "community_rule",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("newcomer_days", sa.Integer(), nullable=False, comment="so long after joining, links are held; 0: never"),
        sa.Column("held_words", JSON, nullable=False, comment="folded; a newcomer's message with one is held"),
        sa.CheckConstraint("newcomer_days BETWEEN 0 AND 90", name="ck_community_rule_newcomer_days"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_community_rule_community_id"),
        sa.PrimaryKeyConstraint("community_id", name="pk_community_rule"),
    )
    op.create_table(
        "gathering",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("about", sa.Text(), nullable=False, comment="what for; with the invitation"),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False, comment="where, or the link of the call"),
        sa.Column("places", sa.Integer(), nullable=True, comment="so many may come; none: everybody"),
        sa.Column("taken", sa.Integer(), nullable=False, comment="places promised; raised by a conditional UPDATE"),
        sa.Column("host_id", sa.Integer(), nullable=False, comment="who leads it; members take turns"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False, comment="digits shown in the room; who types them was there"),
        sa.Column("minutes_text", sa.LargeBinary(), nullable=True, comment="the minutes, for members; encrypted"),
        sa.Column("minutes_version", sa.Integer(), nullable=False, comment="rises with every save; a stale one is refused"),
        sa.Column("minutes_by_id", sa.Integer(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False, comment="why it was cancelled"),
        sa.Column("round_open", sa.Boolean(), nullable=False, comment="a round of talk is going on"),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'held') = (held_at IS NOT NULL)", name="ck_gathering_held"),
        sa.CheckConstraint("mode IN ('in_person', 'video', 'phone')", name="ck_gathering_mode"),
        sa.CheckConstraint("state IN ('planned', 'held', 'cancelled')", name="ck_gathering_state"),
        sa.CheckConstraint("minutes BETWEEN 10 AND 600", name="ck_gathering_minutes"),
        sa.CheckConstraint("taken >= 0 AND (places IS NULL OR taken <= places)", name="ck_gathering_places"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_gathering_community_id"),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name="fk_gathering_created_by_id"),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name="fk_gathering_host_id"),
        sa.ForeignKeyConstraint(["minutes_by_id"], ["person.id"], name="fk_gathering_minutes_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_gathering"),
    )
    op.create_index("ix_gathering_community_day", "gathering", ["community_id", "starts_at"], unique=False)
    op.create_index("ix_gathering_host_id", "gathering", ["host_id"], unique=False)
    op.create_table(
        "moderator",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_moderator_community_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_moderator_person_id"),
        sa.PrimaryKeyConstraint("community_id", "person_id", name="pk_moderator"),
    )
    op.create_index("ix_moderator_person_id", "moderator", ["person_id"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False, comment="going, waiting for a place, or not going"),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False, comment="who waits longest moves up first"),
        sa.Column("present_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noted_by", sa.String(length=6), nullable=True, comment="how one knows: the code, or the host"),
        sa.Column("turn", sa.Integer(), nullable=False, comment="how often it was taken back that they were there"),
        sa.CheckConstraint("noted_by IN ('code', 'host')", name="ck_attendance_noted_by"),
        sa.CheckConstraint("state IN ('going', 'waiting', 'not_going')", name="ck_attendance_state"),
        sa.CheckConstraint("(present_at IS NULL) = (noted_by IS NULL)", name="ck_attendance_present"),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name="fk_attendance_gathering_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_attendance_person_id"),
        sa.PrimaryKeyConstraint("gathering_id", "person_id", name="pk_attendance"),
    )
    op.create_index("ix_attendance_person_id", "attendance", ["person_id"], unique=False)
    op.create_table(
        "community_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=True),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True, comment="chosen, objected, tie or too_few; of a decided one"),
        sa.Column("chosen", sa.Integer(), nullable=True, comment="position of the alternative that stands"),
        sa.Column("voters", sa.Integer(), nullable=True, comment="members when it was decided: of how many the figures are"),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(chosen IS NOT NULL) = (outcome IS NOT NULL AND outcome = 'chosen')", name="ck_community_decision_chosen"
        ),
        sa.CheckConstraint("(state = 'decided') = (outcome IS NOT NULL)", name="ck_community_decision_decided"),
        sa.CheckConstraint("method IN ('consent', 'vote')", name="ck_community_decision_method"),
        sa.CheckConstraint("outcome IN ('chosen', 'objected', 'tie', 'too_few')", name="ck_community_decision_outcome"),
        sa.CheckConstraint("state IN ('open', 'decided', 'withdrawn')", name="ck_community_decision_state"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_community_decision_community_id"),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name="fk_community_decision_gathering_id"),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name="fk_community_decision_opened_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_community_decision"),
    )
    op.create_index("ix_community_decision_community", "community_decision", ["community_id", "state", "id"], unique=False)
    op.create_index("ix_community_decision_gathering_id", "community_decision", ["gathering_id"], unique=False)
    op.create_index("ix_community_decision_opened_by_id", "community_decision", ["opened_by_id"], unique=False)
    op.create_table(
        "gathering_follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name="ck_gathering_follow_up_state"),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name="fk_gathering_follow_up_gathering_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="fk_gathering_follow_up_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_gathering_follow_up"),
    )
    op.create_index("ix_gathering_follow_up_gathering_id", "gathering_follow_up", ["gathering_id"], unique=False)
    op.create_index("ix_gathering_follow_up_owner_id", "gathering_follow_up", ["owner_id"], unique=False)
    op.create_table(
        "gathering_hand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="spoken, or the hand was taken down"),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name="fk_gathering_hand_gathering_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_gathering_hand_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_gathering_hand"),
    )
    op.create_index("ix_gathering_hand_gathering_id", "gathering_hand", ["gathering_id"], unique=False)
    op.create_index("ix_gathering_hand_person_id", "gathering_hand", ["person_id"], unique=False)
    op.create_index(
        "uq_gathering_hand_open",
        "gathering_hand",
        ["gathering_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_gathering_hand_speaking",
        "gathering_hand",
        ["gathering_id"],
        unique=True,
        sqlite_where=sa.text("began_at IS NOT NULL AND ended_at IS NULL"),
        postgresql_where=sa.text("began_at IS NOT NULL AND ended_at IS NULL"),
    )
    op.create_table(
        "gathering_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_gathering_point_by_id"),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name="fk_gathering_point_gathering_id"),
        sa.PrimaryKeyConstraint("id", name="pk_gathering_point"),
    )
    op.create_index("ix_gathering_point_gathering_id", "gathering_point", ["gathering_id"], unique=False)
    op.create_table(
        "room_rule",
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False, comment="only facilitators write"),
        sa.Column("slow_seconds", sa.Integer(), nullable=False, comment="between two messages of one member; 0: at any pace"),
        sa.Column("retention_days", sa.Integer(), nullable=True, comment="words go after so long; none: they stay"),
        sa.CheckConstraint("retention_days BETWEEN 30 AND 3650", name="ck_room_rule_retention"),
        sa.CheckConstraint("slow_seconds BETWEEN 0 AND 86400", name="ck_room_rule_slow"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_room_rule_room_id"),
        sa.PrimaryKeyConstraint("room_id", name="pk_room_rule"),
    )
    op.create_index("ix_room_rule_retention_days", "room_rule", ["retention_days"], unique=False)
    op.create_table(
        "community_alternative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("pros", sa.String(length=600), nullable=False, comment="what speaks for it"),
        sa.Column("cons", sa.String(length=600), nullable=False, comment="what speaks against it"),
        sa.ForeignKeyConstraint(["decision_id"], ["community_decision.id"], name="fk_community_alternative_decision_id"),
        sa.PrimaryKeyConstraint("id", name="pk_community_alternative"),
        sa.UniqueConstraint("decision_id", "position", name="uq_community_alternative_decision_id_position"),
    )
    op.create_index("ix_community_alternative_decision_id", "community_alternative", ["decision_id"], unique=False)
    op.create_table(
        "knowledge_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True, comment="the talk it was made from"),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("folded_title", sa.String(length=160), nullable=False, comment="kernel.text.fold(title)"),
        sa.Column("body", sa.Text(), nullable=False, comment="Markdown"),
        sa.Column("html", sa.Text(), nullable=False, comment="body rendered and cleaned when it was written"),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows with each edit; an edit of an older one is refused"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("open_to", sa.String(length=8), nullable=False, comment="who reads the reviewed: members or agency"),
        sa.Column("reviewed_version", sa.Integer(), nullable=True, comment="the newest version that an expert has reviewed"),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True, comment="when it is to be looked at again"),
        sa.Column("returned_note", sa.Text(), nullable=False, comment="of a page sent back: what is missing"),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("open_to IN ('members', 'agency')", name="ck_knowledge_page_open_to"),
        sa.CheckConstraint("state IN ('draft', 'in_review', 'reviewed', 'withdrawn')", name="ck_knowledge_page_state"),
        sa.CheckConstraint("(reviewed_version IS NULL) = (reviewed_at IS NULL)", name="ck_knowledge_page_reviewed"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_knowledge_page_community_id"),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name="fk_knowledge_page_created_by_id"),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["person.id"], name="fk_knowledge_page_reviewed_by_id"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_knowledge_page_topic_id"),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_page"),
        sa.UniqueConstraint("community_id", "folded_title", name="uq_knowledge_page_community_id_folded_title"),
        sa.UniqueConstraint("topic_id", name="uq_knowledge_page_topic_id"),
    )
    op.create_index("ix_knowledge_page_review_on", "knowledge_page", ["review_on"], unique=False)
    op.create_index("ix_knowledge_page_reviewed_by_id", "knowledge_page", ["reviewed_by_id"], unique=False)
    op.create_table(
        "topic_lock",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_topic_lock_by_id"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_topic_lock_topic_id"),
        sa.PrimaryKeyConstraint("topic_id", name="pk_topic_lock"),
    )
    op.create_index("ix_topic_lock_by_id", "topic_lock", ["by_id"], unique=False)
    op.create_table(
        "community_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=True, comment="what it is about"),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_id", sa.Integer(), nullable=True, comment="the answer that helped"),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(accepted_id IS NULL) = (accepted_at IS NULL)", name="ck_community_question_accepted"),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["person.id"], name="fk_community_question_accepted_by_id"),
        sa.ForeignKeyConstraint(["accepted_id"], ["message.id"], name="fk_community_question_accepted_id"),
        sa.ForeignKeyConstraint(["asker_id"], ["person.id"], name="fk_community_question_asker_id"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_community_question_community_id"),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name="fk_community_question_competency_id"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_community_question_topic_id"),
        sa.PrimaryKeyConstraint("id", name="pk_community_question"),
        sa.UniqueConstraint("topic_id", name="uq_community_question_topic_id"),
    )
    op.create_index("ix_community_question_accepted_id", "community_question", ["accepted_id"], unique=False)
    op.create_index("ix_community_question_asker_id", "community_question", ["asker_id"], unique=False)
    op.create_index("ix_community_question_community_id", "community_question", ["community_id"], unique=False)
    op.create_index("ix_community_question_competency_id", "community_question", ["competency_id"], unique=False)
    op.create_table(
        "community_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="whom it is about"),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False, comment="for the moderators alone"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "reason IN ('rude', 'private', 'off_topic', 'advertising', 'dangerous', 'other')", name="ck_community_report_reason"
        ),
        sa.CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name="ck_community_report_state"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_community_report_by_id"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_community_report_community_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_community_report_message_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_community_report_person_id"),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name="fk_community_report_settled_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_community_report"),
    )
    op.create_index("ix_community_report_by_id", "community_report", ["by_id"], unique=False)
    op.create_index("ix_community_report_community", "community_report", ["community_id", "state", "id"], unique=False)
    op.create_index("ix_community_report_message_id", "community_report", ["message_id"], unique=False)
    op.create_index("ix_community_report_person_id", "community_report", ["person_id"], unique=False)
    op.create_index(
        "uq_community_report_message",
        "community_report",
        ["by_id", "message_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_community_report_person",
        "community_report",
        ["by_id", "community_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open' AND message_id IS NULL"),
        postgresql_where=sa.text("state = 'open' AND message_id IS NULL"),
    )
    op.create_table(
        "community_stance",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("alternative_id", sa.Integer(), nullable=True),
        sa.Column("stance", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=600), nullable=False, comment="of an objection: what would have to change"),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stance <> 'object' OR reason <> ''", name="ck_community_stance_reason"),
        sa.CheckConstraint("stance IN ('agree', 'aside', 'object')", name="ck_community_stance_stance"),
        sa.ForeignKeyConstraint(["alternative_id"], ["community_alternative.id"], name="fk_community_stance_alternative_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["community_decision.id"], name="fk_community_stance_decision_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_community_stance_person_id"),
        sa.PrimaryKeyConstraint("decision_id", "person_id", name="pk_community_stance"),
    )
    op.create_index("ix_community_stance_alternative_id", "community_stance", ["alternative_id"], unique=False)
    op.create_index("ix_community_stance_person_id", "community_stance", ["person_id"], unique=False)
    op.create_table(
        "knowledge_author",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["knowledge_page.id"], name="fk_knowledge_author_page_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_knowledge_author_person_id"),
        sa.PrimaryKeyConstraint("page_id", "person_id", name="pk_knowledge_author"),
    )
    op.create_index("ix_knowledge_author_person_id", "knowledge_author", ["person_id"], unique=False)
    op.create_table(
        "knowledge_competency",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name="fk_knowledge_competency_competency_id"),
        sa.ForeignKeyConstraint(["page_id"], ["knowledge_page.id"], name="fk_knowledge_competency_page_id"),
        sa.PrimaryKeyConstraint("page_id", "competency_id", name="pk_knowledge_competency"),
    )
    op.create_index("ix_knowledge_competency_competency_id", "knowledge_competency", ["competency_id"], unique=False)
    op.create_table(
        "knowledge_version",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_knowledge_version_by_id"),
        sa.ForeignKeyConstraint(["page_id"], ["knowledge_page.id"], name="fk_knowledge_version_page_id"),
        sa.PrimaryKeyConstraint("page_id", "number", name="pk_knowledge_version"),
    )
    op.create_index("ix_knowledge_version_by_id", "knowledge_version", ["by_id"], unique=False)
    op.create_table(
        "material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("about", sa.String(length=400), nullable=False, comment="what one finds in it"),
        sa.Column("link", sa.String(length=500), nullable=True, comment="never fetched from here"),
        sa.Column("page_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=True, comment="of a document: what the file was called"),
        sa.Column("media_type", sa.String(length=80), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True, comment="bytes"),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("open_to", sa.String(length=8), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'document') = (content IS NOT NULL)", name="ck_material_document"),
        sa.CheckConstraint("(kind = 'link') = (link IS NOT NULL)", name="ck_material_link"),
        sa.CheckConstraint("(kind = 'page') = (page_id IS NOT NULL)", name="ck_material_page"),
        sa.CheckConstraint("kind IN ('link', 'page', 'document')", name="ck_material_kind"),
        sa.CheckConstraint("open_to IN ('members', 'agency')", name="ck_material_open_to"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_material_by_id"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_material_community_id"),
        sa.ForeignKeyConstraint(["page_id"], ["knowledge_page.id"], name="fk_material_page_id"),
        sa.PrimaryKeyConstraint("id", name="pk_material"),
    )
    op.create_index("ix_material_by_id", "material", ["by_id"], unique=False)
    op.create_index("ix_material_community_id", "material", ["community_id"], unique=False)
    op.create_index("ix_material_page_id", "material", ["page_id"], unique=False)
    op.create_table(
        "moderation_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True, comment="whom it concerns"),
        sa.Column("by_id", sa.Integer(), nullable=True, comment="none: the house itself"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appeal", sa.LargeBinary(), nullable=True, comment="why it was wrong, in the words of whom it concerns"),
        sa.Column("appeal_state", sa.String(length=10), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("appeal_state IN ('none', 'open', 'kept', 'reversed')", name="ck_moderation_act_appeal_state"),
        sa.CheckConstraint(
            "kind IN ('hidden', 'restored', 'locked', 'unlocked', 'slowed', 'ruled', 'removed', "
            "'readmitted', 'expired', 'glass')",
            name="ck_moderation_act_kind",
        ),
        sa.CheckConstraint(
            "reason IN ('rude', 'private', 'off_topic', 'advertising', 'dangerous', 'other')", name="ck_moderation_act_reason"
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name="fk_moderation_act_answered_by_id"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_moderation_act_by_id"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_moderation_act_community_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_moderation_act_message_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_moderation_act_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_moderation_act"),
    )
    op.create_index("ix_moderation_act_community", "moderation_act", ["community_id", "id"], unique=False)
    op.create_index("ix_moderation_act_message_id", "moderation_act", ["message_id"], unique=False)
    op.create_index("ix_moderation_act_person_id", "moderation_act", ["person_id"], unique=False)
    op.create_table(
        "withheld_message",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="as it was written; encrypted"),
        sa.Column("why", sa.String(length=12), nullable=False, comment="links or words: held; hidden: by a moderator"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("why IN ('links', 'words', 'hidden')", name="ck_withheld_message_why"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_withheld_message_community_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_withheld_message_message_id"),
        sa.PrimaryKeyConstraint("message_id", name="pk_withheld_message"),
    )
    op.create_index("ix_withheld_message_community_id", "withheld_message", ["community_id"], unique=False)
    op.create_table(
        "help_asked",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.CheckConstraint("state IN ('asked', 'declined', 'taken')", name="ck_help_asked_state"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_help_asked_person_id"),
        sa.ForeignKeyConstraint(["question_id"], ["community_question.id"], name="fk_help_asked_question_id"),
        sa.PrimaryKeyConstraint("question_id", "person_id", name="pk_help_asked"),
    )
    op.create_index("ix_help_asked_person_id", "help_asked", ["person_id"], unique=False)
    op.create_table(
        "material_competency",
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name="fk_material_competency_competency_id"),
        sa.ForeignKeyConstraint(["material_id"], ["material.id"], name="fk_material_competency_material_id"),
        sa.PrimaryKeyConstraint("material_id", "competency_id", name="pk_material_competency"),
    )
    op.create_index("ix_material_competency_competency_id", "material_competency", ["competency_id"], unique=False)
    op.create_table(
        "material_use",
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("about_id", sa.Integer(), autoincrement=False, nullable=False, comment="id of the gathering, session or line"),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("about IN ('gathering', 'meeting', 'plan_line')", name="ck_material_use_about"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_material_use_by_id"),
        sa.ForeignKeyConstraint(["material_id"], ["material.id"], name="fk_material_use_material_id"),
        sa.PrimaryKeyConstraint("material_id", "about", "about_id", name="pk_material_use"),
    )
    op.create_index("ix_material_use_about", "material_use", ["about", "about_id"], unique=False)
    op.create_index("ix_material_use_by_id", "material_use", ["by_id"], unique=False)
    # ### end Alembic commands ###
    op.execute(
        "INSERT INTO community_life (community_id, step, cycle, belongs, entered_at) "
        "SELECT id, 'preparation', 1, '', created_at FROM community"
    )


def downgrade() -> None:
    """Without them."""

    op.drop_index("ix_material_use_by_id", table_name="material_use")
    op.drop_index("ix_material_use_about", table_name="material_use")
    op.drop_table("material_use")
    op.drop_index("ix_material_competency_competency_id", table_name="material_competency")
    op.drop_table("material_competency")
    op.drop_index("ix_help_asked_person_id", table_name="help_asked")
    op.drop_table("help_asked")
    op.drop_index("ix_withheld_message_community_id", table_name="withheld_message")
    op.drop_table("withheld_message")
    op.drop_index("ix_moderation_act_person_id", table_name="moderation_act")
    op.drop_index("ix_moderation_act_message_id", table_name="moderation_act")
    op.drop_index("ix_moderation_act_community", table_name="moderation_act")
    op.drop_table("moderation_act")
    op.drop_index("ix_material_page_id", table_name="material")
    op.drop_index("ix_material_community_id", table_name="material")
    op.drop_index("ix_material_by_id", table_name="material")
    op.drop_table("material")
    op.drop_index("ix_knowledge_version_by_id", table_name="knowledge_version")
    op.drop_table("knowledge_version")
    op.drop_index("ix_knowledge_competency_competency_id", table_name="knowledge_competency")
    op.drop_table("knowledge_competency")
    op.drop_index("ix_knowledge_author_person_id", table_name="knowledge_author")
    op.drop_table("knowledge_author")
    op.drop_index("ix_community_stance_person_id", table_name="community_stance")
    op.drop_index("ix_community_stance_alternative_id", table_name="community_stance")
    op.drop_table("community_stance")
    op.drop_index(
        "uq_community_report_person",
        table_name="community_report",
        sqlite_where=sa.text("state = 'open' AND message_id IS NULL"),
        postgresql_where=sa.text("state = 'open' AND message_id IS NULL"),
    )
    op.drop_index(
        "uq_community_report_message",
        table_name="community_report",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index("ix_community_report_person_id", table_name="community_report")
    op.drop_index("ix_community_report_message_id", table_name="community_report")
    op.drop_index("ix_community_report_community", table_name="community_report")
    op.drop_index("ix_community_report_by_id", table_name="community_report")
    op.drop_table("community_report")
    op.drop_index("ix_community_question_competency_id", table_name="community_question")
    op.drop_index("ix_community_question_community_id", table_name="community_question")
    op.drop_index("ix_community_question_asker_id", table_name="community_question")
    op.drop_index("ix_community_question_accepted_id", table_name="community_question")
    op.drop_table("community_question")
    op.drop_index("ix_topic_lock_by_id", table_name="topic_lock")
    op.drop_table("topic_lock")
    op.drop_index("ix_knowledge_page_reviewed_by_id", table_name="knowledge_page")
    op.drop_index("ix_knowledge_page_review_on", table_name="knowledge_page")
    op.drop_table("knowledge_page")
    op.drop_index("ix_community_alternative_decision_id", table_name="community_alternative")
    op.drop_table("community_alternative")
    op.drop_index("ix_room_rule_retention_days", table_name="room_rule")
    op.drop_table("room_rule")
    op.drop_index("ix_gathering_point_gathering_id", table_name="gathering_point")
    op.drop_table("gathering_point")
    op.drop_index(
        "uq_gathering_hand_speaking",
        table_name="gathering_hand",
        sqlite_where=sa.text("began_at IS NOT NULL AND ended_at IS NULL"),
        postgresql_where=sa.text("began_at IS NOT NULL AND ended_at IS NULL"),
    )
    op.drop_index(
        "uq_gathering_hand_open",
        table_name="gathering_hand",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_gathering_hand_person_id", table_name="gathering_hand")
    op.drop_index("ix_gathering_hand_gathering_id", table_name="gathering_hand")
    op.drop_table("gathering_hand")
    op.drop_index("ix_gathering_follow_up_owner_id", table_name="gathering_follow_up")
    op.drop_index("ix_gathering_follow_up_gathering_id", table_name="gathering_follow_up")
    op.drop_table("gathering_follow_up")
    op.drop_index("ix_community_decision_opened_by_id", table_name="community_decision")
    op.drop_index("ix_community_decision_gathering_id", table_name="community_decision")
    op.drop_index("ix_community_decision_community", table_name="community_decision")
    op.drop_table("community_decision")
    op.drop_index("ix_attendance_person_id", table_name="attendance")
    op.drop_table("attendance")
    op.drop_index("ix_moderator_person_id", table_name="moderator")
    op.drop_table("moderator")
    op.drop_index("ix_gathering_host_id", table_name="gathering")
    op.drop_index("ix_gathering_community_day", table_name="gathering")
    op.drop_table("gathering")
    op.drop_table("community_rule")
    op.drop_table("community_review")
    op.drop_index("ix_community_promise_person_id", table_name="community_promise")
    op.drop_table("community_promise")
    op.drop_table("community_measure")
    op.drop_index("ix_community_life_programme_id", table_name="community_life")
    op.drop_table("community_life")
    op.drop_index("ix_community_keeper_person_id", table_name="community_keeper")
    op.drop_table("community_keeper")
    op.drop_index("ix_community_focus_competency_id", table_name="community_focus")
    op.drop_table("community_focus")
    op.drop_index("ix_break_glass_community_id", table_name="break_glass")
    op.drop_index("ix_break_glass_by_id", table_name="break_glass")
    op.drop_table("break_glass")
    op.drop_table("notice_rhythm")
    op.drop_table("helper")
    # ### end Alembic commands ###
