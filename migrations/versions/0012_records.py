"""0012 records: periods that are closed and their certificates, evaluation, the professionalism index, rights over one's data"""

import secrets

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from mentorlink.kernel import crypto

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
CERTIFICATES = sa.table("certificate", sa.column("id", sa.Integer()), sa.column("code", sa.String()))
PLANS = sa.table("development_plan", sa.column("id", sa.Integer()), sa.column("decision_note", sa.LargeBinary()))


_FIRST_OF_MONTH = {
    "sqlite": "date({day}, 'start of month')",
    "postgresql": "date_trunc('month', {day})::date",
}


def _frozen(dialect: str, day: str) -> str:
    first = _FIRST_OF_MONTH[dialect].format(day=day)
    joined = "learning_period_month m JOIN learning_period p ON p.id = m.period_id"
    return f"EXISTS (SELECT 1 FROM {joined} WHERE m.month = {first} AND p.state = 'frozen')"  # noqa: S608


_LEDGER, _PERIOD = "the ledger is only added to", "a frozen period never changes"


def _sqlite(name: str, when: str, table: str, words: str, condition: str = "") -> str:
    where = f" WHEN {condition}" if condition else ""
    return f"CREATE TRIGGER {name} BEFORE {when} ON {table}{where} BEGIN SELECT RAISE(ABORT, '{words}'); END"


def _of_frozen(row: str) -> str:
    return f"(SELECT state FROM learning_period WHERE id = {row}.period_id) = 'frozen'"  # noqa: S608


GUARDS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        _sqlite("hours_entry_no_update", "UPDATE", "hours_entry", _LEDGER),
        _sqlite("hours_entry_no_delete", "DELETE", "hours_entry", _LEDGER),
        _sqlite("hours_entry_not_frozen", "INSERT", "hours_entry", _PERIOD, _frozen("sqlite", "NEW.happened_on")),
        _sqlite("learning_period_no_update", "UPDATE", "learning_period", _PERIOD, "OLD.state = 'frozen'"),
        _sqlite("learning_period_no_delete", "DELETE", "learning_period", _PERIOD, "OLD.state = 'frozen'"),
        _sqlite("learning_period_month_no_update", "UPDATE", "learning_period_month", _PERIOD, _of_frozen("OLD")),
        _sqlite("learning_period_month_no_delete", "DELETE", "learning_period_month", _PERIOD, _of_frozen("OLD")),
        _sqlite("recap_row_no_insert", "INSERT", "recap_row", _PERIOD, _of_frozen("NEW")),
        _sqlite("recap_row_no_update", "UPDATE", "recap_row", _PERIOD, _of_frozen("OLD")),
        _sqlite("recap_row_no_delete", "DELETE", "recap_row", _PERIOD, _of_frozen("OLD")),
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION hours_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_LEDGER}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER hours_entry_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON hours_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION hours_entry_refuse()",
        "CREATE OR REPLACE FUNCTION hours_entry_check() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {_frozen('postgresql', 'NEW.happened_on')} THEN RAISE EXCEPTION '{_PERIOD}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER hours_entry_not_frozen BEFORE INSERT ON hours_entry FOR EACH ROW EXECUTE FUNCTION hours_entry_check()",
        "CREATE OR REPLACE FUNCTION learning_period_check() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF OLD.state = 'frozen' THEN RAISE EXCEPTION '{_PERIOD}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER learning_period_frozen BEFORE UPDATE OR DELETE ON learning_period "
        "FOR EACH ROW EXECUTE FUNCTION learning_period_check()",
        "CREATE OR REPLACE FUNCTION of_period_check() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF (TG_OP <> 'INSERT' AND {_of_frozen('OLD')}) OR (TG_OP <> 'DELETE' AND {_of_frozen('NEW')}) "
        f"THEN RAISE EXCEPTION '{_PERIOD}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER recap_row_frozen BEFORE INSERT OR UPDATE OR DELETE ON recap_row "
        "FOR EACH ROW EXECUTE FUNCTION of_period_check()",
        "CREATE TRIGGER learning_period_month_frozen BEFORE UPDATE OR DELETE ON learning_period_month "
        "FOR EACH ROW EXECUTE FUNCTION of_period_check()",
    ),
}
"""Statements that make the database itself refuse, by dialect; for migrations too."""

UNGUARDS: dict[str, tuple[str, ...]] = {
    "sqlite": tuple(f"DROP TRIGGER {statement.split()[2]}" for statement in GUARDS["sqlite"]),
    "postgresql": (
        "DROP TRIGGER hours_entry_only_added ON hours_entry",
        "DROP TRIGGER hours_entry_not_frozen ON hours_entry",
        "DROP TRIGGER learning_period_frozen ON learning_period",
        "DROP TRIGGER recap_row_frozen ON recap_row",
        "DROP TRIGGER learning_period_month_frozen ON learning_period_month",
        "DROP FUNCTION hours_entry_refuse",
        "DROP FUNCTION hours_entry_check",
        "DROP FUNCTION learning_period_check",
        "DROP FUNCTION of_period_check",
    ),
}
"""The way back."""


def upgrade() -> None:
    """Add the tables, let the ledger and what is frozen be kept by the database, and seal what superiors write on plans."""
    op.create_table(
        "figure_sheet",
        sa.Column("code", sa.String(length=20), nullable=False, comment="agency, or mentoring- and a year"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False, comment="of when the figures are"),
        sa.Column("body", JSON, nullable=False, comment="counts by unit, competency, tier and place; never a person"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_figure_sheet")),
    )
    op.create_table(
        "signing_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False, comment="kid: its RFC 7638 thumbprint"),
        sa.Column("public", JSON, nullable=False, comment="as a JSON Web Key"),
        sa.Column("private", sa.LargeBinary(), nullable=False, comment="PKCS 8; leaves the house never"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "only",
            sa.Boolean(),
            nullable=True,
            comment="true for the one that signs now, none for older ones; so that two are never made at once",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
        sa.UniqueConstraint("name", name=op.f("uq_signing_key_name")),
        sa.UniqueConstraint("only", name=op.f("uq_signing_key_only")),
    )
    op.create_table(
        "behaviour_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="whose behaviour"),
        sa.Column("origin", sa.String(length=80), nullable=False, comment="what ended, e.g. mentorship:12"),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=True, comment="who is asked; none: nobody there"),
        sa.Column("competency_ids", JSON, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column(
            "score", sa.Integer(), nullable=True, comment="how often it shows, 1 never … 5 always; the two, and sums of five"
        ),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("side IN ('self', 'superior')", name=op.f("ck_behaviour_review_side")),
        sa.CheckConstraint("(score IS NULL) = (given_at IS NULL)", name=op.f("ck_behaviour_review_given")),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_behaviour_review_score")),
        sa.ForeignKeyConstraint(["asked_id"], ["person.id"], name=op.f("fk_behaviour_review_asked_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_behaviour_review_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_behaviour_review")),
        sa.UniqueConstraint("origin", "side", name=op.f("uq_behaviour_review_origin_side")),
    )
    op.create_index(op.f("ix_behaviour_review_asked_id"), "behaviour_review", ["asked_id"], unique=False)
    op.create_index(op.f("ix_behaviour_review_person_id"), "behaviour_review", ["person_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('public_check', 'evaluation', 'comparison')", name=op.f("ck_consent_purpose")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_person", "consent", ["person_id", "purpose", "id"], unique=False)
    op.create_table(
        "contract_term",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["noted_by_id"], ["person.id"], name=op.f("fk_contract_term_noted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contract_term_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_contract_term")),
    )
    op.create_table(
        "data_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "client_id", sa.String(length=64), nullable=False, comment="made by the form; the same sending twice is one request"
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False, comment="what is wrong or is to go; the person and HR over the unit"),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False, comment="as the settings of the day gave time; kept"),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "answer", sa.LargeBinary(), nullable=True, comment="what was done, or why not; the person and HR over the unit"
        ),
        sa.CheckConstraint("(state = 'open') = (answered_at IS NULL)", name=op.f("ck_data_request_answered")),
        sa.CheckConstraint("kind IN ('correction', 'deletion', 'halt', 'objection')", name=op.f("ck_data_request_kind")),
        sa.CheckConstraint("state IN ('open', 'done', 'refused')", name=op.f("ck_data_request_state")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_data_request_answered_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_data_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_request")),
        sa.UniqueConstraint("person_id", "client_id", name=op.f("uq_data_request_person_id_client_id")),
    )
    op.create_index("ix_data_request_state", "data_request", ["state", "due_at"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=80), nullable=False, comment="the deed, e.g. meeting:12 or gathering:3"),
        sa.Column("path", sa.String(length=30), nullable=False),
        sa.Column(
            "useful", sa.Integer(), nullable=False, comment="1 not at all … 5 very; the giver alone reads the single answer"
        ),
        sa.Column(
            "usable", sa.Integer(), nullable=False, comment="can be used at work, 1 … 5; the giver alone reads the single answer"
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("useful BETWEEN 1 AND 5 AND usable BETWEEN 1 AND 5", name=op.f("ck_feedback_scale")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_feedback_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("person_id", "origin", name=op.f("uq_feedback_person_id_origin")),
    )
    op.create_index("ix_feedback_day", "feedback", ["happened_on", "path"], unique=False)
    op.create_index(op.f("ix_feedback_person_id"), "feedback", ["person_id"], unique=False)
    op.create_table(
        "index_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.String(length=16), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False, comment="a code of the dimension; the person, HR over the unit"),
        sa.Column("source", sa.String(length=160), nullable=False, comment="which paper says so"),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "dimension IN ('qualification', 'performance', 'discipline', 'leadership', 'functional')",
            name=op.f("ck_index_fact_dimension"),
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_index_fact_entered_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_index_fact_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_fact")),
    )
    op.create_index("ix_index_fact_person", "index_fact", ["person_id", "dimension", "as_of"], unique=False)
    op.create_table(
        "index_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("content", JSON, nullable=False, comment="as data/index.json has it"),
        sa.Column("note", sa.Text(), server_default="", nullable=False, comment="why this version; read by everyone"),
        sa.Column("made_by_id", sa.Integer(), nullable=True, comment="none: shipped"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_index_rule_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_rule")),
        sa.UniqueConstraint("number", name=op.f("uq_index_rule_number")),
    )
    op.create_table(
        "learning_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False, comment="first day of a month"),
        sa.Column("ends_on", sa.Date(), nullable=False, comment="last day of a month"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False, comment="rises with every step; who takes one says which they saw"),
        sa.Column("issuing_unit", sa.String(length=160), nullable=False, comment="printed on certificates"),
        sa.Column("signatory_name", sa.String(length=160), nullable=False),
        sa.Column("signatory_title", sa.String(length=160), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("build", sa.Integer(), nullable=False, comment="which building of the recap counts"),
        sa.Column(
            "entries_seen", sa.Integer(), nullable=False, comment="entries of the ledger in these days when the recap was begun"
        ),
        sa.Column("newest_entry", sa.Integer(), nullable=False, comment="highest id among them"),
        sa.Column("people_done", sa.Integer(), nullable=False, comment="while it is built: people written so far"),
        sa.Column("people_total", sa.Integer(), nullable=False),
        sa.Column("built_by_id", sa.Integer(), nullable=True),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_note", sa.LargeBinary(), nullable=True, comment="why it was returned; read by who closes periods"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'frozen') = (frozen_at IS NOT NULL)", name=op.f("ck_learning_period_frozen")),
        sa.CheckConstraint(
            "state IN ('open', 'building', 'built', 'checked', 'approved', 'frozen')", name=op.f("ck_learning_period_state")
        ),
        sa.CheckConstraint("approved_by_id <> checked_by_id", name=op.f("ck_learning_period_two_people")),
        sa.CheckConstraint("begins_on < ends_on", name=op.f("ck_learning_period_days")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_learning_period_approved_by_id")),
        sa.ForeignKeyConstraint(["built_by_id"], ["person.id"], name=op.f("fk_learning_period_built_by_id")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["person.id"], name=op.f("fk_learning_period_checked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_period")),
    )
    op.create_table(
        "result_indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True, comment="none: the whole agency"),
        sa.Column("measure", sa.String(length=40), nullable=False, comment="what the number counts, e.g. points, %"),
        sa.Column("baseline", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("target", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False, comment="who measures it, and how"),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('test_score', 'productivity', 'job_satisfaction', 'public_satisfaction', 'other')",
            name=op.f("ck_result_indicator_kind"),
        ),
        sa.CheckConstraint("baseline <> target", name=op.f("ck_result_indicator_moves")),
        sa.CheckConstraint("begins_on < ends_on", name=op.f("ck_result_indicator_days")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_result_indicator_made_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_result_indicator_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_indicator")),
    )
    op.create_index(op.f("ix_result_indicator_unit_id"), "result_indicator", ["unit_id"], unique=False)
    op.create_table(
        "test_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("before", JSON, nullable=False, comment="items asked first"),
        sa.Column("after", JSON, nullable=False, comment="items asked afterwards"),
        sa.Column("after_from", sa.Date(), nullable=False, comment="the second test opens on this day"),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("after_from <= closes_on", name=op.f("ck_test_form_days")),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_test_form_competency_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_test_form_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_form")),
    )
    op.create_index(op.f("ix_test_form_competency_id"), "test_form", ["competency_id"], unique=False)
    op.create_table(
        "test_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False, comment="the level that the question asks for"),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("options", JSON, nullable=False, comment="two to five answers"),
        sa.Column("correct", sa.Integer(), nullable=False, comment="place of the right one, from 0; shown to who keeps the bank"),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True, comment="no new form takes it; old ones keep it"),
        sa.CheckConstraint("correct BETWEEN 0 AND 4", name=op.f("ck_test_item_correct")),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_test_item_level")),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_test_item_competency_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_test_item_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_item")),
    )
    op.create_index(op.f("ix_test_item_competency_id"), "test_item", ["competency_id"], unique=False)
    op.create_table(
        "certificate_run",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False, comment="last sign of life"),
        sa.Column("total", sa.Integer(), nullable=False, comment="certificates that the recap asks for"),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('running', 'done')", name=op.f("ck_certificate_run_state")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_certificate_run_asked_by_id")),
        sa.ForeignKeyConstraint(["period_id"], ["learning_period.id"], name=op.f("fk_certificate_run_period_id")),
        sa.PrimaryKeyConstraint("period_id", name=op.f("pk_certificate_run")),
    )
    op.create_table(
        "indicator_value",
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True, comment="how many answered or were counted"),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["indicator_id"], ["result_indicator.id"], name=op.f("fk_indicator_value_indicator_id")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["person.id"], name=op.f("fk_indicator_value_noted_by_id")),
        sa.PrimaryKeyConstraint("indicator_id", "measured_on", name=op.f("pk_indicator_value")),
    )
    op.create_table(
        "learning_period_month",
        sa.Column("month", sa.Date(), nullable=False, comment="its first day"),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["learning_period.id"], name=op.f("fk_learning_period_month_period_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_learning_period_month")),
    )
    op.create_index(op.f("ix_learning_period_month_period_id"), "learning_period_month", ["period_id"], unique=False)
    op.create_table(
        "recap_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("build", sa.Integer(), nullable=False, comment="which building of the recap wrote it"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=30), nullable=False),
        sa.Column(
            "source", sa.String(length=80), nullable=False, comment="mentorship:3, engagement:5, claim:7, or the path itself"
        ),
        sa.Column("nip", sa.String(length=18), nullable=True, comment="as it was; shown to HR alone"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False, comment="sessions, days or activities"),
        sa.Column("counted", sa.Integer(), nullable=False, comment="those of them that count under the caps"),
        sa.Column("jp", sa.Integer(), nullable=False),
        sa.Column(
            "certifies", sa.Boolean(), nullable=False, comment="gets a certificate of ours: it counts and no other stands for it"
        ),
        sa.Column(
            "facts",
            JSON,
            nullable=False,
            comment="name, job, unit, helper, competencies, goal, evidence, approval, provider, certificate no., rule versions",
        ),
        sa.CheckConstraint("held >= 0 AND counted >= 0", name=op.f("ck_recap_row_amounts")),
        sa.ForeignKeyConstraint(["period_id"], ["learning_period.id"], name=op.f("fk_recap_row_period_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recap_row_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_recap_row_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recap_row")),
        sa.UniqueConstraint(
            "period_id", "build", "person_id", "path", "source", name=op.f("uq_recap_row_period_id_build_person_id_path_source")
        ),
    )
    op.create_index(op.f("ix_recap_row_person_id"), "recap_row", ["person_id"], unique=False)
    op.create_table(
        "test_sitting",
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "before", sa.Integer(), nullable=True, comment="right answers of the first test; the person and sums of five and more"
        ),
        sa.Column("after", sa.Integer(), nullable=True, comment="right answers of the second"),
        sa.Column("most", sa.Integer(), nullable=False, comment="questions in each"),
        sa.Column("before_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("after_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answers", sa.LargeBinary(), nullable=True, comment="item id → answer, of each test; the person alone"),
        sa.CheckConstraint("after IS NULL OR before IS NOT NULL", name=op.f("ck_test_sitting_before_after")),
        sa.CheckConstraint(
            "most > 0 AND before BETWEEN 0 AND most AND after BETWEEN 0 AND most", name=op.f("ck_test_sitting_scores")
        ),
        sa.ForeignKeyConstraint(["form_id"], ["test_form.id"], name=op.f("fk_test_sitting_form_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_test_sitting_person_id")),
        sa.PrimaryKeyConstraint("form_id", "person_id", name=op.f("pk_test_sitting")),
    )
    op.create_index(op.f("ix_test_sitting_person_id"), "test_sitting", ["person_id"], unique=False)
    op.create_table(
        "certificate_paper",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("language IN ('id', 'en')", name=op.f("ck_certificate_paper_language")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_paper_certificate_id")),
        sa.PrimaryKeyConstraint("certificate_id", "language", name=op.f("pk_certificate_paper")),
    )
    op.create_index("ix_hours_entry_day", "hours_entry", ["happened_on", "person_id", "jp"])
    _let_certificates_be_checked()
    _seal_notes()
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def _let_certificates_be_checked() -> None:
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("code", sa.String(length=24), nullable=True, comment="of the public page that checks it; cannot be guessed")
        )
        batch_op.add_column(sa.Column("period_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("recap_row_id", sa.Integer(), nullable=True, comment="the line it stands for"))
        batch_op.add_column(sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "revoked_for",
                sa.String(length=12),
                server_default="",
                nullable=False,
                comment="code; told on the public page",
            )
        )
        batch_op.add_column(
            sa.Column("revoked_note", sa.LargeBinary(), nullable=True, comment="why, in words; read by the holder and HR")
        )
        batch_op.add_column(sa.Column("revoked_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_certificate_period_id"), "learning_period", ["period_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_certificate_recap_row_id"), "recap_row", ["recap_row_id"], ["id"])
        batch_op.create_unique_constraint(op.f("uq_certificate_recap_row_id"), ["recap_row_id"])
        batch_op.create_foreign_key(op.f("fk_certificate_revoked_by_id"), "person", ["revoked_by_id"], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_certificate_revoked_for"), "revoked_for IN ('', 'error', 'duplicate', 'evidence', 'asked')"
        )
        batch_op.create_check_constraint(op.f("ck_certificate_revoked"), "(revoked_at IS NULL) = (revoked_for = '')")
    connection = op.get_bind()
    for certificate_id in connection.execute(sa.select(CERTIFICATES.c.id)).scalars().all():
        change = sa.update(CERTIFICATES).where(CERTIFICATES.c.id == certificate_id)
        connection.execute(change.values(code=secrets.token_hex(10)))
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.alter_column("code", existing_type=sa.String(length=24), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_certificate_code"), ["code"])
        batch_op.create_index(op.f("ix_certificate_period_id"), ["period_id"])
    if connection.dialect.name == "postgresql":
        op.execute("COMMENT ON COLUMN certificate.origin IS 'the deed, e.g. mentorship:12 or recap:345'")
        op.execute(
            "COMMENT ON COLUMN certificate.facts IS "
            "'what is printed: names, NIP, dates, path, competencies, sessions, JP, rule versions, who signs'"
        )


def _seal_notes() -> None:
    connection = op.get_bind()
    old = sa.table("development_plan", sa.column("id", sa.Integer()), sa.column("decision_note", sa.Text()))
    notes = connection.execute(sa.select(old.c.id, old.c.decision_note).where(old.c.decision_note != "")).all()
    with op.batch_alter_table("development_plan", schema=None) as batch_op:
        batch_op.drop_column("decision_note")
    with op.batch_alter_table("development_plan", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "decision_note",
                sa.LargeBinary(),
                nullable=True,
                comment="what the superior says; those who may see the plan read it",
            )
        )
    for plan_id, note in notes:
        connection.execute(sa.update(PLANS).where(PLANS.c.id == plan_id).values(decision_note=crypto.seal(note)))


def downgrade() -> None:
    """Take it all away; notes are readable again."""
    connection = op.get_bind()
    for statement in UNGUARDS[connection.dialect.name]:
        op.execute(statement)
    op.drop_index("ix_hours_entry_day", "hours_entry")
    notes = connection.execute(sa.select(PLANS.c.id, PLANS.c.decision_note).where(PLANS.c.decision_note.is_not(None))).all()
    with op.batch_alter_table("development_plan", schema=None) as batch_op:
        batch_op.drop_column("decision_note")
    with op.batch_alter_table("development_plan", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "decision_note", sa.Text(), server_default="", nullable=False, comment="what the superior says to the person"
            )
        )
    old = sa.table("development_plan", sa.column("id", sa.Integer()), sa.column("decision_note", sa.Text()))
    for plan_id, note in notes:
        connection.execute(sa.update(old).where(old.c.id == plan_id).values(decision_note=crypto.unseal(bytes(note))))
    op.execute("DELETE FROM certificate_paper")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_certificate_period_id"))
        for name in ("uq_certificate_code", "uq_certificate_recap_row_id"):
            batch_op.drop_constraint(op.f(name), type_="unique")
        for name in ("ck_certificate_revoked", "ck_certificate_revoked_for"):
            batch_op.drop_constraint(op.f(name), type_="check")
        for name in ("fk_certificate_revoked_by_id", "fk_certificate_period_id", "fk_certificate_recap_row_id"):
            batch_op.drop_constraint(op.f(name), type_="foreignkey")
        for name in ("code", "period_id", "recap_row_id", "revoked_at", "revoked_for", "revoked_note", "revoked_by_id"):
            batch_op.drop_column(name)
    for table in (
        "certificate_paper",
        "test_sitting",
        "recap_row",
        "learning_period_month",
        "indicator_value",
        "certificate_run",
        "test_item",
        "test_form",
        "result_indicator",
        "learning_period",
        "index_rule",
        "index_fact",
        "feedback",
        "data_request",
        "contract_term",
        "consent",
        "behaviour_review",
        "signing_key",
        "figure_sheet",
    ):
        op.drop_table(table)
