"""0002 choosing: saved people, places waited for and kept, invitations, needs told to HR, and lists without ranking"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    # one statement that both databases speak: a batch would copy the table, and its checks would be lost on the way
    op.execute(
        "ALTER TABLE offer ADD COLUMN held INTEGER DEFAULT 0 NOT NULL "
        "CONSTRAINT ck_offer_held CHECK (held >= 0 AND taken + held <= capacity)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("COMMENT ON COLUMN offer.held IS 'places kept for who waited; only a conditional UPDATE may raise it'")
    op.create_table(
        "finding_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unranked", sa.Boolean(), nullable=False, comment="objects to automated ranking: lists by name, no scores"),
        sa.Column("open_to_offers", sa.Boolean(), nullable=False, comment="mentors may see what they look for, and invite them"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_finding_choice_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_finding_choice")),
    )

    op.create_table(
        "need_voice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="mentor or coach"),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False, comment="what their job asks for, 1 to 5"),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True, comment="HR took it up then"),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('mentor', 'coach')", name=op.f("ck_need_voice_kind")),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_need_voice_level")),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_need_voice_competency_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_need_voice_person_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_need_voice_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_voice")),
    )
    with op.batch_alter_table("need_voice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_voice_competency_id"), ["competency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_need_voice_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_need_voice_open",
            ["person_id", "kind", "competency_id"],
            unique=True,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.create_table(
        "saved_person",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("saved_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="mentor or coach"),
        sa.Column("stood", sa.String(length=10), nullable=False, comment="how the offer stood then: room, full, paused, closed"),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('mentor', 'coach')", name=op.f("ck_saved_person_kind")),
        sa.CheckConstraint("stood IN ('room', 'full', 'paused', 'closed')", name=op.f("ck_saved_person_stood")),
        sa.CheckConstraint("person_id <> saved_id", name=op.f("ck_saved_person_not_oneself")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_person_person_id")),
        sa.ForeignKeyConstraint(["saved_id"], ["person.id"], name=op.f("fk_saved_person_saved_id")),
        sa.PrimaryKeyConstraint("person_id", "saved_id", "kind", name=op.f("pk_saved_person")),
    )
    with op.batch_alter_table("saved_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_person_saved_id"), ["saved_id"], unique=False)

    op.create_table(
        "waiting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="mentor or coach"),
        sa.Column("competency_id", sa.Integer(), nullable=True, comment="for help in this"),
        sa.Column("offer_id", sa.Integer(), nullable=True, comment="for a place with this one"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "since",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="the place in the line; later when an offered place lapsed",
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('waiting', 'offered', 'asked')) = (closed_at IS NULL)", name=op.f("ck_waiting_closed_or_open")
        ),
        sa.CheckConstraint("kind IN ('mentor', 'coach')", name=op.f("ck_waiting_kind")),
        sa.CheckConstraint("state IN ('waiting', 'offered', 'asked', 'done', 'left')", name=op.f("ck_waiting_state")),
        sa.CheckConstraint("competency_id IS NULL OR offer_id IS NULL", name=op.f("ck_waiting_one_wish")),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_waiting_competency_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_waiting_offer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_waiting_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
    )
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waiting_competency_id"), ["competency_id"], unique=False)
        batch_op.create_index(
            "ix_waiting_line",
            ["kind", "since", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(batch_op.f("ix_waiting_offer_id"), ["offer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_waiting_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_waiting_any",
            ["person_id", "kind"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'offered', 'asked') AND competency_id IS NULL AND offer_id IS NULL"),
            postgresql_where=sa.text("state IN ('waiting', 'offered', 'asked') AND competency_id IS NULL AND offer_id IS NULL"),
        )
        batch_op.create_index(
            "uq_waiting_competency",
            ["person_id", "kind", "competency_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'offered', 'asked') AND competency_id IS NOT NULL"),
            postgresql_where=sa.text("state IN ('waiting', 'offered', 'asked') AND competency_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_waiting_offer",
            ["person_id", "offer_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'offered', 'asked') AND offer_id IS NOT NULL"),
            postgresql_where=sa.text("state IN ('waiting', 'offered', 'asked') AND offer_id IS NOT NULL"),
        )

    op.create_table(
        "held_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("waiting_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="for whom it is kept"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False, comment="lapses then to the next in line"),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True, comment="the request it became"),
        sa.CheckConstraint("(state IN ('offered', 'asked')) = (closed_at IS NULL)", name=op.f("ck_held_place_closed_or_held")),
        sa.CheckConstraint(
            "state IN ('offered', 'asked', 'paired', 'declined', 'lapsed', 'gone', 'returned')", name=op.f("ck_held_place_state")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_held_place_offer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_held_place_person_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_held_place_request_id")),
        sa.ForeignKeyConstraint(["waiting_id"], ["waiting.id"], name=op.f("fk_held_place_waiting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_place")),
        sa.UniqueConstraint("request_id", name=op.f("uq_held_place_request_id")),
    )
    with op.batch_alter_table("held_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_place_offer_id"), ["offer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_held_place_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_held_place_waiting_id"), ["waiting_id"], unique=False)
        batch_op.create_index(
            "uq_held_place_person",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("state = 'offered'"),
            postgresql_where=sa.text("state = 'offered'"),
        )
        batch_op.create_index(
            "uq_held_place_waiting",
            ["waiting_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('offered', 'asked')"),
            postgresql_where=sa.text("state IN ('offered', 'asked')"),
        )

    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="who is invited"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False, comment="to the invited; the two alone read it"),
        sa.Column("reply", sa.LargeBinary(), nullable=True, comment="of the invited; the two alone read it"),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True, comment="the pair that came of it"),
        sa.CheckConstraint("(state = 'sent') = (closed_at IS NULL)", name=op.f("ck_invitation_closed_or_open")),
        sa.CheckConstraint("state IN ('sent', 'accepted', 'declined', 'withdrawn', 'expired')", name=op.f("ck_invitation_state")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_invitation_offer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_invitation_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("request_id", name=op.f("uq_invitation_request_id")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_offer_id"), ["offer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_invitation_open",
            ["offer_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("state = 'sent'"),
            postgresql_where=sa.text("state = 'sent'"),
        )


def downgrade() -> None:
    """Take them away."""
    for table in ("invitation", "held_place", "waiting", "saved_person", "need_voice", "finding_choice"):
        op.drop_table(table)
    op.execute("ALTER TABLE offer DROP COLUMN held")
