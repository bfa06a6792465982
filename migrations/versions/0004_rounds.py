"""0004 matching rounds: who takes part, what they wish, what was solved, the draft, and what HR did"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False, comment="as HR calls it; participants read it too"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column(
            "importances",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="part of the score → mandatory, high, medium, low or off",
        ),
        sa.Column(
            "enrolment",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="who takes part by rule (programmes.rules.Enrolment)",
        ),
        sa.Column("bonus", sa.Integer(), nullable=False, comment="points of 100 for each round missed before"),
        sa.Column("own_points", sa.Boolean(), nullable=False, comment="the programme's own points count instead of importances"),
        sa.Column("open_until", sa.Date(), nullable=True, comment="last day on which participants enrol and rank"),
        sa.Column("revision", sa.Integer(), nullable=False, comment="counts what HR does; an act upon an older one is refused"),
        sa.Column(
            "draft_run_id",
            sa.Integer(),
            nullable=True,
            comment="the run that the draft came from; runs point here, so it has no key",
        ),
        sa.Column("draft_stop", sa.Integer(), nullable=False, comment="which of its stops between best fit and most people"),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name=op.f("ck_round_published")),
        sa.CheckConstraint("mode IN ('sum', 'floor', 'stable')", name=op.f("ck_round_mode")),
        sa.CheckConstraint("state IN ('preparing', 'open', 'published', 'dropped')", name=op.f("ck_round_state")),
        sa.CheckConstraint("bonus BETWEEN 0 AND 50", name=op.f("ck_round_bonus")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_round_created_by_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_round_programme_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["person.id"], name=op.f("fk_round_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("programme_id", "name", name=op.f("uq_round_programme_id_name")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=False, comment="millionths"),
        sa.Column(
            "decided", sa.String(length=20), nullable=False, comment="what decided: a code of the solver, moved or displaced"
        ),
        sa.Column(
            "why",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="parts of the score, gaps covered and left, first choice and its price",
        ),
        sa.Column("locked", sa.Boolean(), nullable=False, comment="the next run keeps this pair"),
        sa.Column("moved_by_id", sa.Integer(), nullable=True, comment="who put this pair together by hand"),
        sa.Column("left_out", sa.String(length=20), nullable=False, comment="rule that kept it from being published"),
        sa.Column("offer_id", sa.Integer(), nullable=True, comment="whose place it took when published"),
        sa.Column("mentorship_id", sa.Integer(), nullable=True, comment="what came of it"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="the pair is over, its place free again"),
        sa.CheckConstraint("mentee_id <> mentor_id", name=op.f("ck_proposal_two_people")),
        sa.ForeignKeyConstraint(["mentee_id"], ["person.id"], name=op.f("fk_proposal_mentee_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"], name=op.f("fk_proposal_mentor_id")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_proposal_mentorship_id")),
        sa.ForeignKeyConstraint(["moved_by_id"], ["person.id"], name=op.f("fk_proposal_moved_by_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_proposal_offer_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_proposal_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("round_id", "mentee_id", name=op.f("uq_proposal_round_id_mentee_id")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_mentee_id"), ["mentee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_mentor_id"), ["mentor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_mentorship_id"), ["mentorship_id"], unique=False)
        batch_op.create_index("ix_proposal_round_mentor", ["round_id", "mentor_id"], unique=False)
        batch_op.create_index("ix_proposal_round_score", ["round_id", "score"], unique=False)

    op.create_table(
        "round_change",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False, comment="ids and numbers"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_round_change_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_change_round_id")),
        sa.PrimaryKeyConstraint("round_id", "revision", name=op.f("pk_round_change")),
    )
    op.create_table(
        "round_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("origin", sa.String(length=4), nullable=False),
        sa.Column("out", sa.Boolean(), nullable=False, comment="taken out by HR, or left"),
        sa.Column(
            "places",
            sa.Integer(),
            nullable=True,
            comment="a mentor's places in this round; none: as many as their offer has free",
        ),
        sa.Column(
            "missed", sa.Integer(), nullable=False, comment="rounds of this programme in a row that left them without a mentor"
        ),
        sa.CheckConstraint("origin IN ('rule', 'hand', 'self')", name=op.f("ck_round_member_origin")),
        sa.CheckConstraint("side IN ('mentee', 'mentor')", name=op.f("ck_round_member_side")),
        sa.CheckConstraint("places BETWEEN 0 AND 50", name=op.f("ck_round_member_places")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_round_member_person_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_member_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_member")),
        sa.UniqueConstraint("round_id", "side", "person_id", name=op.f("uq_round_member_round_id_side_person_id")),
    )
    with op.batch_alter_table("round_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_member_person_id"), ["person_id"], unique=False)

    op.create_table(
        "round_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="counts within the round"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False, comment="of the round when the run was asked for"),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True, comment="last sign of life; long silent means killed"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=False, comment="percent"),
        sa.Column("phase", sa.String(length=20), nullable=False, comment="what it is doing, by code"),
        sa.Column("fault", sa.String(length=40), nullable=False, comment="why it failed, by code"),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column(
            "inputs", sa.LargeBinary(), nullable=True, comment="everything that was solved, packed: people, levels, rules, wishes"
        ),
        sa.Column("inputs_hash", sa.String(length=64), nullable=True),
        sa.Column("weights_hash", sa.String(length=64), nullable=True),
        sa.Column(
            "gap",
            sa.Double(),
            nullable=True,
            comment="proven distance from the best possible, as a share; the widest of its stops",
        ),
        sa.Column("check_state", sa.String(length=8), nullable=False, comment="'' never, waiting, same, differs"),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'cancelled', 'failed', 'killed', 'overtaken')",
            name=op.f("ck_round_run_state"),
        ),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_round_run_progress")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_round_run_asked_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_run_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_run")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_round_run_round_id_number")),
    )
    with op.batch_alter_table("round_run", schema=None) as batch_op:
        batch_op.create_index(
            "uq_round_run_busy",
            ["round_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'running')"),
            postgresql_where=sa.text("state IN ('waiting', 'running')"),
        )

    op.create_table(
        "round_tie",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=3), nullable=False),
        sa.CheckConstraint("kind IN ('pin', 'ban')", name=op.f("ck_round_tie_kind")),
        sa.CheckConstraint("mentee_id <> mentor_id", name=op.f("ck_round_tie_two_people")),
        sa.ForeignKeyConstraint(["mentee_id"], ["person.id"], name=op.f("fk_round_tie_mentee_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"], name=op.f("fk_round_tie_mentor_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_tie_round_id")),
        sa.PrimaryKeyConstraint("round_id", "mentee_id", "mentor_id", name=op.f("pk_round_tie")),
    )
    op.create_table(
        "round_wish",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False, comment="1 is wished most"),
        sa.Column("wished_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("side IN ('mentee', 'mentor')", name=op.f("ck_round_wish_side")),
        sa.CheckConstraint("person_id <> wished_id", name=op.f("ck_round_wish_not_oneself")),
        sa.CheckConstraint("place BETWEEN 1 AND 5", name=op.f("ck_round_wish_place")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_round_wish_person_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_wish_round_id")),
        sa.ForeignKeyConstraint(["wished_id"], ["person.id"], name=op.f("fk_round_wish_wished_id")),
        sa.PrimaryKeyConstraint("round_id", "side", "person_id", "place", name=op.f("pk_round_wish")),
        sa.UniqueConstraint(
            "round_id", "side", "person_id", "wished_id", name=op.f("uq_round_wish_round_id_side_person_id_wished_id")
        ),
    )
    with op.batch_alter_table("round_wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_wish_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_wish_wished_id"), ["wished_id"], unique=False)

    op.create_table(
        "round_stop",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False, comment="what being matched at all was worth here, beside the score"),
        sa.Column(
            "figures",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="matched, total, mean, lowest and the like",
        ),
        sa.Column(
            "changes",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="against the stop before: who gains, loses, enters, leaves",
        ),
        sa.Column("pairs_hash", sa.String(length=64), nullable=False, comment="of the pairs alone: what a check compares"),
        sa.Column(
            "pairs",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="list of [mentee, mentor, score in millionths], by mentee",
        ),
        sa.Column(
            "result",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="the solver's whole answer, prices and proof included",
        ),
        sa.ForeignKeyConstraint(["run_id"], ["round_run.id"], name=op.f("fk_round_stop_run_id")),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_round_stop")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("round_stop")
    with op.batch_alter_table("round_wish", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_wish_wished_id"))
        batch_op.drop_index(batch_op.f("ix_round_wish_person_id"))

    op.drop_table("round_wish")
    op.drop_table("round_tie")
    with op.batch_alter_table("round_run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_round_run_busy",
            sqlite_where=sa.text("state IN ('waiting', 'running')"),
            postgresql_where=sa.text("state IN ('waiting', 'running')"),
        )

    op.drop_table("round_run")
    with op.batch_alter_table("round_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_member_person_id"))

    op.drop_table("round_member")
    op.drop_table("round_change")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index("ix_proposal_round_score")
        batch_op.drop_index("ix_proposal_round_mentor")
        batch_op.drop_index(batch_op.f("ix_proposal_mentorship_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_mentor_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_mentee_id"))

    op.drop_table("proposal")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_programme_id"))

    op.drop_table("round")
