"""0003 what lists showed, and models fitted from what came of it"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "ranking_model",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="mentor or coach"),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, 3 … within the kind"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "inputs_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the rows it was fitted on, in any order"
        ),
        sa.Column(
            "seed", sa.Integer(), nullable=False, comment="of folds and resampling: the same rows and seed give the same model"
        ),
        sa.Column(
            "figures",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="counts, areas under the curve with intervals, calibration",
        ),
        sa.Column(
            "weights",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="part of the score → what it adds at most",
        ),
        sa.Column(
            "curves",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="part of the score → points of its curve, where it bends",
        ),
        sa.Column(
            "odds",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="slope and base of the odds of a request; empty: not calibrated, not said",
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True, comment="adopted, declined or retired"),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False, comment="why it was adopted, declined or retired"),
        sa.CheckConstraint("kind IN ('mentor', 'coach')", name=op.f("ck_ranking_model_kind")),
        sa.CheckConstraint(
            "state IN ('proposed', 'adopted', 'declined', 'overtaken', 'retired')", name=op.f("ck_ranking_model_state")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_ranking_model_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_model")),
        sa.UniqueConstraint("kind", "inputs_hash", name=op.f("uq_ranking_model_kind_inputs_hash")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_ranking_model_kind_number")),
    )
    with op.batch_alter_table("ranking_model", schema=None) as batch_op:
        batch_op.create_index(
            "uq_ranking_model_adopted",
            ["kind"],
            unique=True,
            sqlite_where=sa.text("state = 'adopted'"),
            postgresql_where=sa.text("state = 'adopted'"),
        )
        batch_op.create_index(
            "uq_ranking_model_proposed",
            ["kind"],
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )

    op.create_table(
        "shown_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="who saw it"),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="mentor or coach"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False, comment="the first time that day"),
        sa.Column("door", sa.String(length=10), nullable=False, comment="find, home or api"),
        sa.Column(
            "filters",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="filter → values; never a name that was searched for",
        ),
        sa.Column("start", sa.Integer(), nullable=False, comment="lines of the list before this page"),
        sa.Column("total", sa.Integer(), nullable=False, comment="how many the whole list held"),
        sa.Column("programme_id", sa.Integer(), nullable=True, comment="whose terms held"),
        sa.Column("model_id", sa.Integer(), nullable=True, comment="what ranked; none: policy weights"),
        sa.Column("digest", sa.String(length=32), nullable=False, comment="of door, filters, model and lines"),
        sa.CheckConstraint("door IN ('find', 'home', 'api')", name=op.f("ck_shown_list_door")),
        sa.CheckConstraint("kind IN ('mentor', 'coach')", name=op.f("ck_shown_list_kind")),
        sa.ForeignKeyConstraint(["model_id"], ["ranking_model.id"], name=op.f("fk_shown_list_model_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shown_list_person_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_shown_list_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown_list")),
        sa.UniqueConstraint("person_id", "kind", "day", "digest", name=op.f("uq_shown_list_person_id_kind_day_digest")),
    )
    with op.batch_alter_table("shown_list", schema=None) as batch_op:
        batch_op.create_index("ix_shown_list_day", ["day"], unique=False)

    op.create_table(
        "shown_person",
        sa.Column("viewer_id", sa.Integer(), nullable=False, comment="who saw the list"),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False, comment="who stood in it"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False, comment="line on the page, from 1"),
        sa.Column("place", sa.Integer(), nullable=False, comment="place in the whole list; equal scores have equal places"),
        sa.Column("tied", sa.Integer(), nullable=False, comment="how many had this very score, this one included"),
        sa.Column(
            "chance",
            sa.Double(),
            nullable=False,
            comment="chance of standing at this line; 1: the order leaves nothing to chance",
        ),
        sa.Column(
            "shares",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="part of the score → its share, 0 to 1, before weights and curves",
        ),
        sa.CheckConstraint("chance > 0 AND chance <= 1", name=op.f("ck_shown_person_chance")),
        sa.CheckConstraint("slot >= 1 AND place >= 1 AND tied >= 1", name=op.f("ck_shown_person_counts")),
        sa.ForeignKeyConstraint(["list_id"], ["shown_list.id"], name=op.f("fk_shown_person_list_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"], name=op.f("fk_shown_person_mentor_id")),
        sa.ForeignKeyConstraint(["viewer_id"], ["person.id"], name=op.f("fk_shown_person_viewer_id")),
        sa.PrimaryKeyConstraint("viewer_id", "kind", "mentor_id", "day", name=op.f("pk_shown_person")),
    )
    with op.batch_alter_table("shown_person", schema=None) as batch_op:
        batch_op.create_index("ix_shown_person_day", ["day"], unique=False)
        batch_op.create_index(batch_op.f("ix_shown_person_list_id"), ["list_id"], unique=False)


def downgrade() -> None:
    """Take them away."""
    for table in ("shown_person", "shown_list", "ranking_model"):
        op.drop_table(table)
