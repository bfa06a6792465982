"""0006 development: claims with evidence, corrections in the ledger, the plan of a year, rules that HR edits"""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
RULES = sa.table("hours_rule", sa.column("id", sa.Integer()), sa.column("paths", JSON))
RECORD_IDS = {"coaching": 14, "mentoring": 15}


COMMENTS = {
    "hours_entry.minutes": "the fact where it is known, else 0; JP is the rule's answer to it",
    "hours_entry.units": "sessions, days or activities; of a correction 0",
    "hours_entry.jp": "what counts, after the cap; of a correction the difference",
    "hours_entry.counted": "units that count; of a correction the difference",
    "hours_entry.reason": "of a correction: withdrawn or recount",
    "hours_rule.paths": "path code → what learning.rules.PathRule holds",
    "hours_rule.floor": "JP a year at least, permanent staff",
    "hours_rule.ceiling": "JP a year at most, contract staff",
    "hours_rule.made_by_id": "none: shipped",
    "hours_rule.note": "why this version; read by everyone",
}
"""What columns that are changed or added in place hold; SQLite keeps no comments."""


def entries(*constraints: sa.Constraint, more: tuple[sa.Column, ...] = ()) -> sa.Table:
    """The ledger as it stands, for SQLite, which copies a table to change its constraints."""
    return sa.Table(
        "hours_entry",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=30), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False, comment="the fact; JP is the rule's answer to it"),
        sa.Column("jp", sa.Integer(), nullable=False, comment="what counts, after the cap"),
        sa.Column(
            "capped_from", sa.Integer(), nullable=True, comment="what it would have counted without the cap, where that is more"
        ),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=80), nullable=False, comment="the deed, e.g. meeting:12; credited once per person"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *more,
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_hours_entry_person_id"),
        sa.ForeignKeyConstraint(["rule_id"], ["hours_rule.id"], name="fk_hours_entry_rule_id"),
        sa.PrimaryKeyConstraint("id", name="pk_hours_entry"),
        sa.Index("ix_hours_entry_person_day", "person_id", "path", "happened_on"),
        *constraints,
    )


def new_columns() -> tuple[sa.Column, ...]:
    """What an entry tells from now on."""
    one, none = sa.text("1"), sa.text("0")
    return (
        sa.Column("units", sa.Integer(), server_default=one, nullable=False, comment="sessions, days or activities"),
        sa.Column("counted", sa.Integer(), server_default=one, nullable=False, comment="units that count"),
        sa.Column("turn", sa.Integer(), server_default=none, nullable=False, comment="0 the credit, 1 … its corrections"),
        sa.Column("reason", sa.String(length=20), server_default="", nullable=False, comment="of a correction"),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True, comment="none: the deed speaks for itself"),
    )


def upgrade() -> None:
    """Add the tables, let the ledger take corrections, and write the rules in the form that holds every path."""
    op.create_table(
        "development_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column(
            "revision", sa.Integer(), nullable=False, comment="rises with every change; who decides says which one they read"
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=False, comment="what the superior says to the person"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('not_begun', 'awaiting', 'needs_revision', 'approved')", name=op.f("ck_development_plan_state")
        ),
        sa.CheckConstraint("year BETWEEN 2000 AND 2200", name=op.f("ck_development_plan_year")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_development_plan_decided_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_development_plan_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_plan")),
        sa.UniqueConstraint("person_id", "year", name=op.f("uq_development_plan_person_id_year")),
    )
    with op.batch_alter_table("development_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_development_plan_year"), ["year"], unique=False)

    op.create_table(
        "plan_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "client_id", sa.String(length=64), nullable=False, comment="made by the form; the same sending twice is one line"
        ),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False, comment="what the job asked when the line was written"),
        sa.Column("actual", sa.Integer(), nullable=True, comment="what was held then; none: not assessed"),
        sa.Column("path", sa.String(length=30), nullable=False, comment="a path of the hours rule"),
        sa.Column("activity", sa.String(length=200), nullable=False),
        sa.Column("jp", sa.Integer(), nullable=False),
        sa.Column("month_from", sa.Integer(), nullable=False),
        sa.Column("month_to", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(length=160), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=False, comment="rupiah"),
        sa.Column("priority", sa.Integer(), nullable=False, comment="1 high, 2 medium, 3 low"),
        sa.CheckConstraint("budget BETWEEN 0 AND 100000000000", name=op.f("ck_plan_line_budget")),
        sa.CheckConstraint("jp BETWEEN 1 AND 400", name=op.f("ck_plan_line_jp")),
        sa.CheckConstraint(
            "month_from BETWEEN 1 AND 12 AND month_to BETWEEN month_from AND 12", name=op.f("ck_plan_line_months")
        ),
        sa.CheckConstraint("priority BETWEEN 1 AND 3", name=op.f("ck_plan_line_priority")),
        sa.CheckConstraint("required BETWEEN 0 AND 5 AND actual BETWEEN 0 AND 5", name=op.f("ck_plan_line_levels")),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_plan_line_competency_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["development_plan.id"], name=op.f("fk_plan_line_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_line")),
        sa.UniqueConstraint("plan_id", "client_id", name=op.f("uq_plan_line_plan_id_client_id")),
    )
    with op.batch_alter_table("plan_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_line_competency_id"), ["competency_id"], unique=False)

    op.create_table(
        "hours_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "client_id", sa.String(length=64), nullable=False, comment="made by the form; the same sending twice is one claim"
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("path", sa.String(length=30), nullable=False),
        sa.Column("activity", sa.String(length=200), nullable=False),
        sa.Column("folded_activity", sa.String(length=200), nullable=False, comment="kernel.text.fold(activity)"),
        sa.Column("provider", sa.String(length=160), nullable=False),
        sa.Column("certificate_no", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("units", sa.Integer(), nullable=True, comment="sessions, days or activities, as the path counts"),
        sa.Column("stated_jp", sa.Integer(), nullable=True, comment="what the certificate states; wins over the table"),
        sa.Column("abroad", sa.Boolean(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=True, comment="evidence elsewhere; never fetched from here"),
        sa.Column("plan_line_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "revision", sa.Integer(), nullable=False, comment="rises with every sending; who decides says which one they read"
        ),
        sa.Column(
            "decision_note",
            sa.LargeBinary(),
            nullable=True,
            comment="what the superior says; those who may see the claim read it",
        ),
        sa.CheckConstraint(
            "state IN ('sent', 'returned', 'approved', 'refused', 'withdrawn', 'reversed')", name=op.f("ck_hours_claim_state")
        ),
        sa.CheckConstraint("minutes > 0 AND units > 0 AND stated_jp > 0", name=op.f("ck_hours_claim_amounts")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_hours_claim_days")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_hours_claim_decided_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hours_claim_person_id")),
        sa.ForeignKeyConstraint(
            ["plan_line_id"], ["plan_line.id"], name=op.f("fk_hours_claim_plan_line_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_claim")),
        sa.UniqueConstraint("person_id", "client_id", name=op.f("uq_hours_claim_person_id_client_id")),
    )
    with op.batch_alter_table("hours_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hours_claim_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hours_claim_plan_line_id"), ["plan_line_id"], unique=False)
        batch_op.create_index("ix_hours_claim_state", ["state", "id"], unique=False)

    op.create_table(
        "hours_evidence",
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False, comment="what the file was called"),
        sa.Column("stored_name", sa.String(length=60), nullable=False, comment="random; what it is called when taken away"),
        sa.Column("kind", sa.String(length=4), nullable=False, comment="pdf, png or jpg, by its first bytes"),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('pdf', 'png', 'jpg')", name=op.f("ck_hours_evidence_kind")),
        sa.ForeignKeyConstraint(["claim_id"], ["hours_claim.id"], name=op.f("fk_hours_evidence_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_hours_evidence")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_hours_evidence_stored_name")),
    )
    with op.batch_alter_table("hours_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hours_evidence_sha256"), ["sha256"], unique=False)

    before = entries(
        sa.CheckConstraint("jp >= 0 AND minutes > 0", name="ck_hours_entry_amounts"),
        sa.UniqueConstraint("person_id", "origin", name="uq_hours_entry_person_id_origin"),
    )
    with op.batch_alter_table("hours_entry", copy_from=before, recreate="auto") as batch_op:
        for column in new_columns():
            batch_op.add_column(column)
        batch_op.drop_constraint(op.f("ck_hours_entry_amounts"), type_="check")
        batch_op.drop_constraint("uq_hours_entry_person_id_origin", type_="unique")
        batch_op.create_check_constraint(op.f("ck_hours_entry_amounts"), "minutes >= 0 AND (turn > 0 OR (jp >= 0 AND units > 0))")
        batch_op.create_check_constraint(op.f("ck_hours_entry_reason"), "(turn = 0) = (reason = '')")
        batch_op.create_unique_constraint(op.f("uq_hours_entry_person_id_origin_turn"), ["person_id", "origin", "turn"])
        batch_op.create_foreign_key(op.f("fk_hours_entry_approved_by_id"), "person", ["approved_by_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_hours_entry_claim_id"), "hours_claim", ["claim_id"], ["id"])
        batch_op.create_index(op.f("ix_hours_entry_claim_id"), ["claim_id"], unique=False)
    op.execute("UPDATE hours_entry SET counted = 0 WHERE jp = 0")

    with op.batch_alter_table("hours_rule", schema=None) as batch_op:
        batch_op.add_column(sa.Column("floor", sa.Integer(), server_default=sa.text("20"), nullable=False))
        batch_op.add_column(sa.Column("ceiling", sa.Integer(), server_default=sa.text("24"), nullable=False))
        batch_op.add_column(sa.Column("made_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("made_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("note", sa.Text(), server_default="", nullable=False))
        batch_op.create_foreign_key(op.f("fk_hours_rule_made_by_id"), "person", ["made_by_id"], ["id"])
    _rewrite(_whole)
    if op.get_bind().dialect.name == "postgresql":
        for column, comment in COMMENTS.items():
            op.execute(f"COMMENT ON COLUMN {column} IS '{comment.replace(chr(39), chr(39) * 2)}'")


def downgrade() -> None:
    """Take the tables away. Corrections and what was claimed go with them."""
    _rewrite(_short)
    with op.batch_alter_table("hours_rule", schema=None) as batch_op:
        batch_op.drop_constraint("fk_hours_rule_made_by_id", type_="foreignkey")
        for name in ("floor", "ceiling", "made_by_id", "made_at", "note"):
            batch_op.drop_column(name)

    op.execute("DELETE FROM hours_entry WHERE turn > 0 OR minutes = 0 OR claim_id IS NOT NULL")
    after = entries(
        sa.CheckConstraint("minutes >= 0 AND (turn > 0 OR (jp >= 0 AND units > 0))", name="ck_hours_entry_amounts"),
        sa.CheckConstraint("(turn = 0) = (reason = '')", name="ck_hours_entry_reason"),
        sa.UniqueConstraint("person_id", "origin", "turn", name="uq_hours_entry_person_id_origin_turn"),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name="fk_hours_entry_approved_by_id"),
        sa.ForeignKeyConstraint(["claim_id"], ["hours_claim.id"], name="fk_hours_entry_claim_id"),
        sa.Index("ix_hours_entry_claim_id", "claim_id"),
        more=new_columns(),
    )
    with op.batch_alter_table("hours_entry", copy_from=after) as batch_op:
        batch_op.drop_index("ix_hours_entry_claim_id")
        for name in ("fk_hours_entry_approved_by_id", "fk_hours_entry_claim_id"):
            batch_op.drop_constraint(name, type_="foreignkey")
        for name in ("ck_hours_entry_amounts", "ck_hours_entry_reason"):
            batch_op.drop_constraint(op.f(name), type_="check")
        batch_op.drop_constraint("uq_hours_entry_person_id_origin_turn", type_="unique")
        for column in new_columns():
            batch_op.drop_column(column.name)
        batch_op.create_check_constraint(op.f("ck_hours_entry_amounts"), "jp >= 0 AND minutes > 0")
        batch_op.create_unique_constraint(op.f("uq_hours_entry_person_id_origin"), ["person_id", "origin"])
    for table in ("hours_evidence", "hours_claim", "plan_line", "development_plan"):
        op.drop_table(table)


def _rewrite(form) -> None:
    connection = op.get_bind()
    for rule_id, paths in connection.execute(sa.select(RULES.c.id, RULES.c.paths)).all():
        table = json.loads(paths) if isinstance(paths, str) else paths
        rows = {code: row for code, old in table.items() if (row := form(code, old))}
        connection.execute(sa.update(RULES).where(RULES.c.id == rule_id).values(paths=rows))


def _whole(code: str, old: dict) -> dict:
    """A path of sessions, as the table of all paths has it."""
    return {
        "name": old["name"],
        "record_id": RECORD_IDS.get(code),
        "classical": False,
        "share": 20,
        "rule": "per_session",
        "jp": old["jp_per_session"],
        "minutes": None,
        "cap": old["counted_per_month"],
        "cap_unit": "session",
        "cap_period": "month",
        "abroad_percent": 20,
        "claimable": code != "mentoring",
        "mentor_earns": old["mentor_earns"],
    }


def _short(code: str, row: dict) -> dict | None:
    """Only paths of sessions had a place before."""
    if code not in RECORD_IDS:
        return None
    return {
        "name": row["name"],
        "jp_per_session": row["jp"],
        "counted_per_month": row["cap"] or 31,
        "mentor_earns": row["mentor_earns"],
    }
