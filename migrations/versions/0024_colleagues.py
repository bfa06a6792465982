"""0024 colleagues say together how somebody works"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    """Add whom one asks and what they say, and how many a finding brings together."""
    op.create_table(
        "peer_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="whose work"),
        sa.Column("asked_by_id", sa.Integer(), nullable=False, comment="the person, a superior or HR"),
        sa.Column("token", sa.String(length=40), nullable=False, comment="of the form that asked; sent twice it asks once"),
        sa.Column("competency_ids", JSON, nullable=False,
                  comment="what they are asked about"),
        sa.Column("least", sa.Integer(), nullable=False,
                  comment="so many answers on a competency make a finding; the setting when it was asked"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered", sa.Integer(), nullable=True, comment="findings that came of it, once it is closed"),
        sa.CheckConstraint("state IN ('open', 'closed', 'withdrawn')", name=op.f("ck_peer_review_state")),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("ck_peer_review_ended")),
        sa.CheckConstraint("least >= 3", name=op.f("ck_peer_review_least")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_peer_review_asked_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_peer_review_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_review")),
        sa.UniqueConstraint("asked_by_id", "token", name=op.f("uq_peer_review_asked_by_id_token")),
    )  # fmt: skip
    op.create_index(op.f("ix_peer_review_person_id"), "peer_review", ["person_id"])
    op.create_index("uq_peer_review_open", "peer_review", ["person_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_peer_review_due", "peer_review", ["closes_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "peer_voice",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("levels", sa.LargeBinary(), nullable=True, comment="competency code → level; until the review ends"),
        sa.CheckConstraint("state IN ('asked', 'answered', 'declined')", name=op.f("ck_peer_voice_state")),
        sa.CheckConstraint("levels IS NULL OR state = 'answered'", name=op.f("ck_peer_voice_levels")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_peer_voice_person_id")),
        sa.ForeignKeyConstraint(["review_id"], ["peer_review.id"], name=op.f("fk_peer_voice_review_id")),
        sa.PrimaryKeyConstraint("review_id", "person_id", name=op.f("pk_peer_voice")),
    )
    op.create_index(op.f("ix_peer_voice_person_id"), "peer_voice", ["person_id"])
    voices = sa.Column("voices", sa.Integer(), nullable=True,
                       comment="colleagues whose views it brings together; none: one person's word")  # fmt: skip
    with op.batch_alter_table("assessment") as batch_op:
        batch_op.add_column(voices)
        batch_op.create_check_constraint(op.f("ck_assessment_voices"), "voices IS NULL OR source = 'peer'")


def downgrade() -> None:
    """Take them out; the findings stay."""
    with op.batch_alter_table("assessment") as batch_op:
        batch_op.drop_constraint(op.f("ck_assessment_voices"), type_="check")
        batch_op.drop_column("voices")
    op.drop_table("peer_voice")
    op.drop_table("peer_review")
