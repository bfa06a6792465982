"""0016 given deeds: what people gave in communities, as facts of their own"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

DEEDS = {"gathering": "gathering_attended", "page": "page_written", "page_review": "page_reviewed", "answer": "answer_accepted"}


def upgrade() -> None:
    """Make the table, and fill it with what the ledger has credited so far."""
    op.create_table(
        "given_deed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(length=30), nullable=False, comment="a kind of data/giving.csv"),
        sa.Column("origin", sa.String(length=80), nullable=False, comment="the deed, e.g. gathering:12; as the ledger names it"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "minutes", sa.Integer(), nullable=False,
            comment="what it counts for: as long as it lasted, or what such a deed stood for then",
        ),
        sa.Column("path", sa.String(length=30), nullable=False, comment="a path of the hours rule"),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True, comment="it was taken back: it counts no more"),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_given_deed_minutes")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_given_deed_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_deed")),
        sa.UniqueConstraint("person_id", "origin", name=op.f("uq_given_deed_person_id_origin")),
    )  # fmt: skip
    op.create_index("ix_given_deed_at", "given_deed", ["at", "person_id"])
    _fill()


def _fill() -> None:
    """The hour is not kept in the ledger: noon of its day lies on that day in every zone of the country."""
    noon = "strftime('%Y-%m-%d 05:00:00.000000', {0}.happened_on)"
    if op.get_bind().dialect.name == "postgresql":
        noon = "({0}.happened_on + time '05:00') AT TIME ZONE 'UTC'"
    for kind, deed in DEEDS.items():
        op.execute(
            sa.text(
                "INSERT INTO given_deed (person_id, deed, origin, at, minutes, path, withdrawn_at) "  # noqa: S608
                f"SELECT e.person_id, :deed, e.origin, {noon.format('e')}, e.minutes, e.path, "
                "(SELECT min(w.created_at) FROM hours_entry w WHERE w.person_id = e.person_id AND w.origin = e.origin "
                "AND w.reason = 'withdrawn') FROM hours_entry e WHERE e.turn = 0 AND e.origin LIKE :kind"
            ).bindparams(deed=deed, kind=f"{kind}:%")
        )


def downgrade() -> None:
    """The ledger keeps what was credited."""
    op.drop_table("given_deed")
