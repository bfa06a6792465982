"""0001 the first schema"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

GUARDS = {
    "sqlite": tuple(
        f"CREATE TRIGGER audit_entry_no_{verb.lower()} BEFORE {verb} ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'the audit record is only added to'); END"
        for verb in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit record is only added to' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER audit_entry_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()",
    ),
}
"""The database itself refuses to change or drop what the audit record holds."""


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("key", sa.String(length=64), nullable=False, comment="SHA-256 of what is counted; names nobody"),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_last_at"), ["last_at"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True, comment="person; none for the house itself or somebody unknown"),
        sa.Column("act", sa.String(length=60), nullable=False, comment="code of the deed, e.g. signed_in, role_granted"),
        sa.Column("thing", sa.String(length=40), nullable=False, comment="kind of thing, e.g. person"),
        sa.Column("thing_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False, comment="network address, for sign-ins and refusals"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_act", ["act", "id"], unique=False)
        batch_op.create_index("ix_audit_entry_actor_id", ["actor_id", "id"], unique=False)
        batch_op.create_index("ix_audit_entry_thing", ["thing", "thing_id", "id"], unique=False)

    op.create_table(
        "field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field")),
        sa.UniqueConstraint("code", name=op.f("uq_field_code")),
    )
    op.create_table(
        "framework",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False, comment="where codes and names come from"),
        sa.CheckConstraint("kind IN ('managerial', 'socio_cultural', 'technical', 'digital')", name=op.f("ck_framework_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework")),
        sa.UniqueConstraint("code", name=op.f("uq_framework_code")),
    )
    op.create_table(
        "hours_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="deeds from this day on"),
        sa.Column(
            "paths",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="path code → name, JP per session, monthly cap",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_rule")),
        sa.UniqueConstraint("number", name=op.f("uq_hours_rule_number")),
    )
    op.create_table(
        "meeting_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False, comment="open, paused (nothing new is planned) or closed"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'paused', 'closed')", name=op.f("ck_meeting_series_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_series")),
    )
    op.create_table(
        "pool_state",
        sa.Column("id", sa.Integer(), nullable=False, comment="always 1"),
        sa.Column(
            "epoch", sa.String(length=40), nullable=False, comment="another database, another epoch: then a pool is built anew"
        ),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_state")),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False, comment="which handler"),
        sa.Column(
            "payload",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="ids and facts for the handler",
        ),
        sa.Column("dedupe_key", sa.String(length=200), nullable=True, comment="said twice, stands once"),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False, comment="not before"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True, comment="a worker has it until then"),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True, comment="given up after too many attempts"),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_task_dedupe_key")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            "ix_task_due",
            ["run_at"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL AND dead_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND dead_at IS NULL"),
        )

    op.create_table(
        "tier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "grade",
            sa.Integer(),
            nullable=False,
            comment="order of seniority, higher is more senior; equal grades are equal rank",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier")),
        sa.UniqueConstraint("code", name=op.f("uq_tier_code")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column(
            "path",
            sa.String(length=400),
            nullable=False,
            comment="ids from the root down, '/1/4/'; below = starts with; kept by actions",
        ),
        sa.Column("head_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=80), nullable=True),
        sa.Column("timezone", sa.String(length=40), nullable=True, comment="IANA name, default for its people"),
        sa.Column(
            "closed_at", sa.DateTime(timezone=True), nullable=True, comment="no longer part of the agency; kept for the record"
        ),
        sa.ForeignKeyConstraint(["head_id"], ["person.id"], name="fk_unit_head_id", use_alter=True),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_head_id"), ["head_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_path"), ["path"], unique=False)

    op.create_table(
        "competency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("definition", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False, comment="order within the framework"),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True, comment="not in the newest edition any more"),
        sa.ForeignKeyConstraint(["field_id"], ["field.id"], name=op.f("fk_competency_field_id")),
        sa.ForeignKeyConstraint(["framework_id"], ["framework.id"], name=op.f("fk_competency_framework_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competency")),
        sa.UniqueConstraint("code", name=op.f("uq_competency_code")),
    )
    with op.batch_alter_table("competency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_competency_field_id"), ["field_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_competency_framework_id"), ["framework_id"], unique=False)

    op.create_table(
        "position",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("tier_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["field_id"], ["field.id"], name=op.f("fk_position_field_id")),
        sa.ForeignKeyConstraint(["tier_id"], ["tier.id"], name=op.f("fk_position_tier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position")),
        sa.UniqueConstraint("code", name=op.f("uq_position_code")),
    )
    with op.batch_alter_table("position", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_position_field_id"), ["field_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_position_tier_id"), ["tier_id"], unique=False)

    op.create_table(
        "level",
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1 to 5"),
        sa.Column("title", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("description", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "indicators",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="list of words: what one sees somebody do",
        ),
        sa.CheckConstraint("number BETWEEN 1 AND 5", name=op.f("ck_level_number")),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_level_competency_id")),
        sa.PrimaryKeyConstraint("competency_id", "number", name=op.f("pk_level")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False, comment="lower case"),
        sa.Column(
            "nip",
            sa.String(length=18),
            nullable=True,
            comment="18 digits; gives away birth date and sex: never shown but to the person and HR",
        ),
        sa.Column("name", sa.String(length=160), nullable=False, comment="without titles; may be one word"),
        sa.Column("folded_name", sa.String(length=160), nullable=False, comment="kernel.text.fold(name), for search and order"),
        sa.Column("title_before", sa.String(length=60), nullable=True),
        sa.Column("title_after", sa.String(length=80), nullable=True),
        sa.Column("contract", sa.String(length=10), nullable=False, comment="pns, pppk or other"),
        sa.Column("rank", sa.String(length=8), nullable=True, comment="golongan, I/a to IV/e"),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("in_field_since", sa.Integer(), nullable=True, comment="year in which they began in their field"),
        sa.Column("languages", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False, comment="ISO 639 codes"),
        sa.Column("place", sa.String(length=80), nullable=True),
        sa.Column("timezone", sa.String(length=40), nullable=False, comment="IANA name"),
        sa.Column("locale", sa.String(length=5), nullable=False, comment="language of pages and mails: id or en"),
        sa.Column("theme", sa.String(length=5), nullable=False, comment="auto, light or dark"),
        sa.Column("bio", sa.Text(), nullable=False),
        sa.Column("can_help_with", sa.Text(), nullable=False),
        sa.Column("wants_to_grow_in", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False, comment="invited, active or disabled"),
        sa.Column("of_demo", sa.Boolean(), nullable=False, comment="made up by the demo; beside anybody else the demo is over"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("contract IN ('pns', 'pppk', 'other')", name=op.f("ck_person_contract")),
        sa.CheckConstraint("state IN ('invited', 'active', 'disabled')", name=op.f("ck_person_state")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_lower")),
        sa.ForeignKeyConstraint(["job_id"], ["position.id"], name=op.f("fk_person_job_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("nip", name=op.f("uq_person_nip")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_folded_name"), ["folded_name"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_job_id"), ["job_id"], unique=False)
        batch_op.create_index("ix_person_state_name", ["state", "folded_name", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "standard",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("tier_id", sa.Integer(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("required", sa.Integer(), nullable=False, comment="0 (a job asks nothing of it) to 5"),
        sa.CheckConstraint("(tier_id IS NULL) <> (job_id IS NULL)", name=op.f("ck_standard_tier_or_job")),
        sa.CheckConstraint("required BETWEEN 0 AND 5", name=op.f("ck_standard_required")),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_standard_competency_id")),
        sa.ForeignKeyConstraint(["job_id"], ["position.id"], name=op.f("fk_standard_job_id")),
        sa.ForeignKeyConstraint(["tier_id"], ["tier.id"], name=op.f("fk_standard_tier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard")),
        sa.UniqueConstraint("job_id", "competency_id", name=op.f("uq_standard_job_id_competency_id")),
        sa.UniqueConstraint("tier_id", "competency_id", name=op.f("uq_standard_tier_id_competency_id")),
    )
    with op.batch_alter_table("standard", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standard_competency_id"), ["competency_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True, comment="argon2id; none until the invitation is taken"),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_account")),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=True),
        sa.Column("method", sa.String(length=120), nullable=False, comment="e.g. interview, simulation, file name of an import"),
        sa.Column(
            "origin",
            sa.String(length=120),
            nullable=True,
            comment="the deed it came from, e.g. mentorship:12; once per deed, person and competency",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "source IN ('self', 'peer', 'superior', 'assessment_centre', 'mentorship')", name=op.f("ck_assessment_source")
        ),
        sa.CheckConstraint("level BETWEEN 0 AND 5", name=op.f("ck_assessment_level")),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name=op.f("fk_assessment_assessor_id")),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_assessment_competency_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assessment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("person_id", "competency_id", "origin", name=op.f("uq_assessment_person_id_competency_id_origin")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_competency_id"), ["competency_id"], unique=False)
        batch_op.create_index("ix_assessment_person_competency", ["person_id", "competency_id"], unique=False)

    op.create_table(
        "block",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("blocked_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("person_id <> blocked_id", name=op.f("ck_block_not_oneself")),
        sa.ForeignKeyConstraint(["blocked_id"], ["person.id"], name=op.f("fk_block_blocked_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_block_person_id")),
        sa.PrimaryKeyConstraint("person_id", "blocked_id", name=op.f("pk_block")),
    )
    with op.batch_alter_table("block", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_block_blocked_id"), ["blocked_id"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=80), nullable=False, comment="the deed, e.g. mentorship:12"),
        sa.Column(
            "facts",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="names, dates, competencies with levels, sessions, JP",
        ),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certificate_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        sa.UniqueConstraint("origin", name=op.f("uq_certificate_origin")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_person_id"), ["person_id"], unique=False)

    op.create_table(
        "community",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("folded_name", sa.String(length=120), nullable=False, comment="kernel.text.fold(name)"),
        sa.Column("purpose", sa.Text(), nullable=False, comment="the problem it works on"),
        sa.Column("why", sa.Text(), nullable=False, comment="why it matters to its members"),
        sa.Column(
            "joining",
            sa.String(length=12),
            nullable=False,
            comment="open, by request, or by invitation; a community by invitation does not exist for strangers",
        ),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("joining IN ('open', 'request', 'invitation')", name=op.f("ck_community_joining")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_community_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community")),
        sa.UniqueConstraint("folded_name", name=op.f("uq_community_folded_name")),
    )
    with op.batch_alter_table("community", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_community_created_by_id"), ["created_by_id"], unique=False)

    op.create_table(
        "demo_sign_in",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "story",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="who this is and what there is to see",
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_demo_sign_in_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_demo_sign_in")),
    )
    op.create_table(
        "framework_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "content",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="list of competencies with levels, as loaded",
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["framework_id"], ["framework.id"], name=op.f("fk_framework_edition_framework_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["person.id"], name=op.f("fk_framework_edition_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_edition")),
        sa.UniqueConstraint("framework_id", "number", name=op.f("uq_framework_edition_framework_id_number")),
    )
    op.create_table(
        "hours_entry",
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
        sa.CheckConstraint("jp >= 0 AND minutes > 0", name=op.f("ck_hours_entry_amounts")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hours_entry_person_id")),
        sa.ForeignKeyConstraint(["rule_id"], ["hours_rule.id"], name=op.f("fk_hours_entry_rule_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_entry")),
        sa.UniqueConstraint("person_id", "origin", name=op.f("uq_hours_entry_person_id_origin")),
    )
    with op.batch_alter_table("hours_entry", schema=None) as batch_op:
        batch_op.create_index("ix_hours_entry_person_day", ["person_id", "path", "happened_on"], unique=False)

    op.create_table(
        "import_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="units, jobs, people, standards, assessments or offers"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="what the file was called"),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column(
            "mapping",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="columns and words, as inputs.Mapping",
        ),
        sa.Column("mapping_name", sa.String(length=80), nullable=True, comment="the saved mapping it came from"),
        sa.Column("state", sa.String(length=10), nullable=False, comment="uploaded, applied or dropped"),
        sa.Column(
            "counts",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="what applying did: added, changed, same, …",
        ),
        sa.Column(
            "leftover",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=True,
            comment="head, faulty rows as they stood, and their faults",
        ),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('uploaded', 'applied', 'dropped')", name=op.f("ck_import_file_state")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_import_file_settled_by_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["person.id"], name=op.f("fk_import_file_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
    )
    with op.batch_alter_table("import_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_file_uploaded_at"), ["uploaded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_file_uploaded_by_id"), ["uploaded_by_id"], unique=False)
        batch_op.create_index(
            "uq_import_file_waiting",
            ["uploaded_by_id", "kind", "sha256"],
            unique=True,
            sqlite_where=sa.text("state = 'uploaded'"),
            postgresql_where=sa.text("state = 'uploaded'"),
        )

    op.create_table(
        "levels_noted",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_levels_noted_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_levels_noted")),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('invitation', 'reset', 'first_administrator')", name=op.f("ck_link_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_link_token_hash")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_person_id"), ["person_id"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, 3 … within the series, in the order they were planned"),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column(
            "place", sa.LargeBinary(), nullable=True, comment="where to meet, which number, or the video link; the pair only"
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column(
            "revision",
            sa.Integer(),
            nullable=False,
            comment="how often time or place changed, its cancelling included; a calendar's SEQUENCE",
        ),
        sa.Column("logged", sa.Boolean(), nullable=False, comment="written down afterwards, never planned"),
        sa.Column("summary", sa.LargeBinary(), nullable=True, comment="what it came to, in a few lines; the pair only"),
        sa.Column("notes_version", sa.Integer(), nullable=False, comment="number of the newest revision of the shared notes"),
        sa.Column("planned_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "settled_at", sa.DateTime(timezone=True), nullable=True, comment="when it was marked held, cancelled or missed"
        ),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True, comment="why cancelled or missed; the pair only"),
        sa.Column("absent_id", sa.Integer(), nullable=True, comment="who did not come; none = nobody did"),
        sa.CheckConstraint("mode IN ('in_person', 'video', 'phone')", name=op.f("ck_meeting_mode")),
        sa.CheckConstraint("state IN ('planned', 'held', 'cancelled', 'missed')", name=op.f("ck_meeting_state")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 480", name=op.f("ck_meeting_minutes")),
        sa.ForeignKeyConstraint(["absent_id"], ["person.id"], name=op.f("fk_meeting_absent_id")),
        sa.ForeignKeyConstraint(["planned_by_id"], ["person.id"], name=op.f("fk_meeting_planned_by_id")),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name=op.f("fk_meeting_series_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_meeting_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("series_id", "number", name=op.f("uq_meeting_series_id_number")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_series_time", ["series_id", "state", "starts_at"], unique=False)
        batch_op.create_index(
            "uq_meeting_one_at_a_time",
            ["series_id", "starts_at"],
            unique=True,
            sqlite_where=sa.text("state IN ('planned', 'held')"),
            postgresql_where=sa.text("state IN ('planned', 'held')"),
        )

    op.create_table(
        "meeting_series_member",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_series_member_person_id")),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name=op.f("fk_meeting_series_member_series_id")),
        sa.PrimaryKeyConstraint("series_id", "person_id", name=op.f("pk_meeting_series_member")),
    )
    with op.batch_alter_table("meeting_series_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_series_member_person_id"), ["person_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="one of notifications.rules.KINDS"),
        sa.Column(
            "facts",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="what fills the sentence: names and numbers, never confidential text",
        ),
        sa.Column(
            "about", sa.String(length=20), nullable=False, comment="what one acts on: request, mentorship, meeting, message …"
        ),
        sa.Column("about_id", sa.Integer(), nullable=False, comment="its id; the page door knows its address"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dedupe_key", sa.String(length=160), nullable=True, comment="said twice, stands once"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("person_id", "dedupe_key", name=op.f("uq_notice_person_id_dedupe_key")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_person_newest", ["person_id", "id"], unique=False)
        batch_op.create_index(
            "ix_notice_unread",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )

    op.create_table(
        "notice_preference",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(length=20), nullable=False),
        sa.Column("in_app", sa.Boolean(), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_preference_person_id")),
        sa.PrimaryKeyConstraint("person_id", "group", name=op.f("pk_notice_preference")),
    )
    op.create_table(
        "pool_change",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True, comment="none: so many that the pool is built anew"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pool_change_person_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_pool_change")),
    )
    with op.batch_alter_table("pool_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pool_change_changed_at"), ["changed_at"], unique=False)

    op.create_table(
        "presence_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_presence_choice_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_presence_choice")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False, comment="draft, active or closed"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True, comment="who answers for it; none: all HR"),
        sa.Column("unit_id", sa.Integer(), nullable=True, comment="for this unit and below; none: the agency"),
        sa.Column(
            "rules",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="what differs from the usual rules (programmes.rules.ProgrammeRules)",
        ),
        sa.Column(
            "weights",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="part of the score → mandatory, high, medium, low or off",
        ),
        sa.Column("revision", sa.Integer(), nullable=False, comment="counts edits; an edit of an older one is refused"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('mentoring', 'coaching')", name=op.f("ck_programme_kind")),
        sa.CheckConstraint("state IN ('draft', 'active', 'closed')", name=op.f("ck_programme_state")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_programme_dates")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_programme_owner_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_programme_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
    )
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('mentor', 'coach', 'manager', 'administrator')", name=op.f("ck_role_grant_role")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["person.id"], name=op.f("fk_role_grant_granted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_role_grant_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_grant_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_role_grant_agency",
            ["person_id", "role"],
            unique=True,
            sqlite_where=sa.text("unit_id IS NULL"),
            postgresql_where=sa.text("unit_id IS NULL"),
        )
        batch_op.create_index(
            "uq_role_grant_scoped",
            ["person_id", "role", "unit_id"],
            unique=True,
            sqlite_where=sa.text("unit_id IS NOT NULL"),
            postgresql_where=sa.text("unit_id IS NOT NULL"),
        )

    op.create_table(
        "saved_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("folded_name", sa.String(length=80), nullable=False, comment="kernel.text.fold(name)"),
        sa.Column("headings", sa.String(length=64), nullable=False, comment="SHA-256 of the set of headings it was made for"),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False, comment="as inputs.Mapping"
        ),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_saved_mapping_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_mapping")),
        sa.UniqueConstraint("kind", "folded_name", name=op.f("uq_saved_mapping_kind_folded_name")),
    )
    with op.batch_alter_table("saved_mapping", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_mapping_headings"), ["headings"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_agent", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, comment="last request, to the minute"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_person_id"), ["person_id"], unique=False)

    op.create_table(
        "action_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True, comment="where it was agreed"),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False, comment="the pair only"),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False, comment="open, done or dropped"),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f("ck_action_item_state")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_action_item_created_by_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_action_item_meeting_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_action_item_owner_id")),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name=op.f("fk_action_item_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_item")),
    )
    with op.batch_alter_table("action_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_item_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_item_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_action_item_series_state", ["series_id", "state"], unique=False)

    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False, comment="the pair only"),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_agenda_item_added_by_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_item_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
    )
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_item_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "community_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False, comment="asked or invited"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("message", sa.Text(), nullable=False, comment="why they wish to join, or a word of invitation"),
        sa.Column("by_id", sa.Integer(), nullable=False, comment="who asked or invited"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('asked', 'invited')", name=op.f("ck_community_entry_kind")),
        sa.CheckConstraint("state IN ('open', 'accepted', 'declined', 'withdrawn')", name=op.f("ck_community_entry_state")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_community_entry_answered_by_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_community_entry_by_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_community_entry_community_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_community_entry_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_entry")),
    )
    with op.batch_alter_table("community_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_community_entry_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_community_entry_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_community_entry_open",
            ["community_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "current_level",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_current_level_assessment_id")),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_current_level_competency_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_current_level_person_id")),
        sa.PrimaryKeyConstraint("person_id", "competency_id", name=op.f("pk_current_level")),
    )
    with op.batch_alter_table("current_level", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_current_level_competency_id"), ["competency_id"], unique=False)

    op.create_table(
        "meeting_notes",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="the pair only"),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_meeting_notes_author_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_notes_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "number", name=op.f("pk_meeting_notes")),
    )
    op.create_table(
        "membership",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('member', 'facilitator', 'expert')", name=op.f("ck_membership_role")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_membership_community_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.PrimaryKeyConstraint("community_id", "person_id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_person_id"), ["person_id"], unique=False)

    op.create_table(
        "mentorship",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=15), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="closed or ended early"),
        sa.Column(
            "touched_at", sa.DateTime(timezone=True), nullable=False, comment="when one of the two last did something here"
        ),
        sa.Column("agreement_number", sa.Integer(), nullable=False, comment="number of the newest version of the agreement"),
        sa.Column("goals_revision", sa.Integer(), nullable=False, comment="number of the newest revision of the goals"),
        sa.CheckConstraint(
            "stage IN ('prescriptive', 'persuasive', 'collaborative', 'confirmative')", name=op.f("ck_mentorship_stage")
        ),
        sa.CheckConstraint("state <> 'closed' OR stage = 'confirmative'", name=op.f("ck_mentorship_closed_at_the_end")),
        sa.CheckConstraint("state IN ('active', 'paused', 'closed', 'ended_early')", name=op.f("ck_mentorship_state")),
        sa.CheckConstraint("mentor_id <> mentee_id", name=op.f("ck_mentorship_two_people")),
        sa.ForeignKeyConstraint(["mentee_id"], ["person.id"], name=op.f("fk_mentorship_mentee_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"], name=op.f("fk_mentorship_mentor_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_mentorship_programme_id")),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name=op.f("fk_mentorship_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship")),
    )
    with op.batch_alter_table("mentorship", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mentorship_mentee_id"), ["mentee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mentorship_mentor_id"), ["mentor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mentorship_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mentorship_series_id"), ["series_id"], unique=False)
        batch_op.create_index("ix_mentorship_state_stage", ["state", "stage"], unique=False)
        batch_op.create_index(
            "uq_mentorship_open_pair",
            ["mentor_id", "mentee_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('active', 'paused')"),
            postgresql_where=sa.text("state IN ('active', 'paused')"),
        )

    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="mentor or coach"),
        sa.Column("programme_id", sa.Integer(), nullable=True, comment="none: for whoever asks"),
        sa.Column("capacity", sa.Integer(), nullable=False, comment="places in all"),
        sa.Column("taken", sa.Integer(), nullable=False, comment="places in use; only a conditional UPDATE may raise it"),
        sa.Column(
            "languages",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="ISO 639 codes in which they can help",
        ),
        sa.Column("message", sa.Text(), nullable=False, comment="a few words to those who look; public in the agency"),
        sa.Column("paused_until", sa.Date(), nullable=True, comment="takes no requests before this day"),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('mentor', 'coach')", name=op.f("ck_offer_kind")),
        sa.CheckConstraint("capacity BETWEEN 1 AND 50", name=op.f("ck_offer_capacity")),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name=op.f("ck_offer_taken")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_offer_person_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_offer_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(
            "uq_offer_open",
            ["person_id", "kind"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "private_note",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="the writer only"),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_private_note_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_private_note_person_id")),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name=op.f("pk_private_note")),
    )
    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("folded_name", sa.String(length=80), nullable=False, comment="kernel.text.fold(name)"),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False, comment="newest number of the room's log; taking it is the lock"),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_room_community_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_room_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("community_id", "folded_name", name=op.f("uq_room_community_id_folded_name")),
    )
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_community_id"), ["community_id"], unique=False)

    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("clauses", sa.LargeBinary(), nullable=False, comment="clause code → value; the pair only"),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_agreement_mentorship_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_agreement_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("mentorship_id", "number", name=op.f("uq_agreement_mentorship_id_number")),
    )
    op.create_table(
        "early_end",
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.LargeBinary(), nullable=False, comment="one of inputs.END_REASONS; the writer only"),
        sa.Column("text", sa.LargeBinary(), nullable=True, comment="the writer only"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_early_end_by_id")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_early_end_mentorship_id")),
        sa.PrimaryKeyConstraint("mentorship_id", name=op.f("pk_early_end")),
    )
    op.create_table(
        "goals_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.LargeBinary(), nullable=False, comment="the pair only"),
        sa.Column("targets", sa.LargeBinary(), nullable=False, comment="the targets at that time; the pair only"),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_goals_revision_changed_by_id")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_goals_revision_mentorship_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals_revision")),
        sa.UniqueConstraint("mentorship_id", "number", name=op.f("uq_goals_revision_mentorship_id_number")),
    )
    op.create_table(
        "mentoring_issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="general or specific"),
        sa.Column("text", sa.LargeBinary(), nullable=False, comment="the pair only"),
        sa.Column("state", sa.String(length=10), nullable=False, comment="open or settled"),
        sa.Column("outcome", sa.LargeBinary(), nullable=True, comment="what came of it; the pair only"),
        sa.Column("raised_by_id", sa.Integer(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('general', 'specific')", name=op.f("ck_mentoring_issue_kind")),
        sa.CheckConstraint("state IN ('open', 'settled')", name=op.f("ck_mentoring_issue_state")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_mentoring_issue_mentorship_id")),
        sa.ForeignKeyConstraint(["raised_by_id"], ["person.id"], name=op.f("fk_mentoring_issue_raised_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_issue")),
    )
    with op.batch_alter_table("mentoring_issue", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mentoring_issue_mentorship_id"), ["mentorship_id"], unique=False)

    op.create_table(
        "mentorship_evaluation",
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False, comment="question → answer; the pair only, after both gave"),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_mentorship_evaluation_mentorship_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mentorship_evaluation_person_id")),
        sa.PrimaryKeyConstraint("mentorship_id", "person_id", name=op.f("pk_mentorship_evaluation")),
    )
    op.create_table(
        "mentorship_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returns_on", sa.Date(), nullable=False),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True, comment="the pair only"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_mentorship_pause_by_id")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_mentorship_pause_mentorship_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship_pause")),
    )
    with op.batch_alter_table("mentorship_pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mentorship_pause_mentorship_id"), ["mentorship_id"], unique=False)
        batch_op.create_index(
            "uq_mentorship_pause_current",
            ["mentorship_id"],
            unique=True,
            sqlite_where=sa.text("resumed_at IS NULL"),
            postgresql_where=sa.text("resumed_at IS NULL"),
        )

    op.create_table(
        "mentorship_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("baseline", sa.Integer(), nullable=True, comment="level at the start; none until recorded"),
        sa.Column(
            "assessment_id",
            sa.Integer(),
            nullable=True,
            comment="the assessment the baseline came from; none = the two agreed on it",
        ),
        sa.Column("proposed_baseline", sa.Integer(), nullable=True, comment="said by one side, waiting for the other"),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("target", sa.Integer(), nullable=True, comment="level to reach"),
        sa.Column("indicator", sa.LargeBinary(), nullable=True, comment="how both will see it; the pair only"),
        sa.CheckConstraint("baseline BETWEEN 0 AND 5", name=op.f("ck_mentorship_target_baseline")),
        sa.CheckConstraint("proposed_baseline BETWEEN 0 AND 5", name=op.f("ck_mentorship_target_proposed_baseline")),
        sa.CheckConstraint("target BETWEEN 1 AND 5", name=op.f("ck_mentorship_target_target")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_mentorship_target_assessment_id")),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_mentorship_target_competency_id")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_mentorship_target_mentorship_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_mentorship_target_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship_target")),
        sa.UniqueConstraint("mentorship_id", "competency_id", name=op.f("uq_mentorship_target_mentorship_id_competency_id")),
    )
    with op.batch_alter_table("mentorship_target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mentorship_target_competency_id"), ["competency_id"], unique=False)

    op.create_table(
        "next_direction",
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False, comment="the pair only"),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_next_direction_by_id")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_next_direction_mentorship_id")),
        sa.PrimaryKeyConstraint("mentorship_id", name=op.f("pk_next_direction")),
    )
    op.create_table(
        "offer_competency",
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_offer_competency_competency_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_competency_offer_id")),
        sa.PrimaryKeyConstraint("offer_id", "competency_id", name=op.f("pk_offer_competency")),
    )
    with op.batch_alter_table("offer_competency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_competency_competency_id"), ["competency_id"], unique=False)

    op.create_table(
        "reflection",
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="question code → answer; the pair only"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_reflection_mentorship_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reflection_person_id")),
        sa.PrimaryKeyConstraint("mentorship_id", "person_id", name=op.f("pk_reflection")),
    )
    op.create_table(
        "request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="who asks"),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column(
            "client_id",
            sa.String(length=40),
            nullable=False,
            comment="made with the form: the same form sent twice is one request",
        ),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False, comment="to the mentor; the two alone read it"),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "expires_at", sa.DateTime(timezone=True), nullable=False, comment="returns to its sender then; each move puts it off"
        ),
        sa.Column(
            "replied_at", sa.DateTime(timezone=True), nullable=True, comment="first sign of the mentor: question, yes or no"
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True, comment="accepted, declined, withdrawn or expired"),
        sa.Column("decline_reason", sa.String(length=12), nullable=True),
        sa.Column("decline_words", sa.LargeBinary(), nullable=True, comment="a few words to who asked; the two alone read them"),
        sa.Column("mentorship_id", sa.Integer(), nullable=True, comment="what came of it"),
        sa.Column(
            "ended_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the pair that came of it is over, its place free again",
        ),
        sa.CheckConstraint("(state IN ('sent', 'asked_back')) = (closed_at IS NULL)", name=op.f("ck_request_closed_or_open")),
        sa.CheckConstraint(
            "decline_reason IN ('full', 'field', 'distance', 'time', 'conflict', 'other', 'closed')",
            name=op.f("ck_request_decline_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('sent', 'asked_back', 'accepted', 'declined', 'withdrawn', 'expired')", name=op.f("ck_request_state")
        ),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_request_mentorship_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_request_offer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_request_person_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_request_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("person_id", "client_id", name=op.f("uq_request_person_id_client_id")),
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_mentorship_id"), ["mentorship_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_offer_id"), ["offer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(
            "ix_request_waiting",
            ["expires_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('sent', 'asked_back')"),
            postgresql_where=sa.text("state IN ('sent', 'asked_back')"),
        )
        batch_op.create_index(
            "uq_request_open",
            ["person_id", "offer_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('sent', 'asked_back')"),
            postgresql_where=sa.text("state IN ('sent', 'asked_back')"),
        )

    op.create_table(
        "room_mark",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("seen_seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_room_mark_person_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_room_mark_room_id")),
        sa.PrimaryKeyConstraint("person_id", "room_id", name=op.f("pk_room_mark")),
    )
    with op.batch_alter_table("room_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_mark_room_id"), ["room_id"], unique=False)

    op.create_table(
        "stage_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=15), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("back", sa.Boolean(), nullable=False, comment="entered by a step back"),
        sa.Column("reason", sa.LargeBinary(), nullable=True, comment="why back; the pair only"),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_stage_period_entered_by_id")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_stage_period_mentorship_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_period")),
    )
    with op.batch_alter_table("stage_period", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_period_mentorship_id"), ["mentorship_id"], unique=False)
        batch_op.create_index(
            "uq_stage_period_current",
            ["mentorship_id"],
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )

    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False, comment="empty: the room's general talk"),
        sa.Column("folded_title", sa.String(length=120), nullable=False, comment="kernel.text.fold(title)"),
        sa.Column("last_seq", sa.BigInteger(), nullable=False, comment="number of its newest message"),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False, comment="time of its newest message, or of its making"),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_topic_created_by_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_topic_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("room_id", "folded_title", name=op.f("uq_topic_room_id_folded_title")),
    )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_room_id"), ["room_id"], unique=False)

    op.create_table(
        "after_level",
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 5", name=op.f("ck_after_level_level")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_after_level_person_id")),
        sa.ForeignKeyConstraint(["target_id"], ["mentorship_target.id"], name=op.f("fk_after_level_target_id")),
        sa.PrimaryKeyConstraint("target_id", "person_id", name=op.f("pk_after_level")),
    )
    op.create_table(
        "agreement_signature",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_signature_agreement_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_agreement_signature_person_id")),
        sa.PrimaryKeyConstraint("agreement_id", "person_id", name=op.f("pk_agreement_signature")),
    )
    op.create_table(
        "goals_acceptance",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_goals_acceptance_person_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["goals_revision.id"], name=op.f("fk_goals_acceptance_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "person_id", name=op.f("pk_goals_acceptance")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column(
            "client_id", sa.String(length=36), nullable=False, comment="UUID made by the writer's device: said twice, stands once"
        ),
        sa.Column("seq", sa.BigInteger(), nullable=False, comment="number in the room's log with which it was said"),
        sa.Column("body", sa.Text(), nullable=False, comment="Markdown as written; a mention is @[Name](person id)"),
        sa.Column("html", sa.Text(), nullable=False, comment="body rendered and cleaned when it was written"),
        sa.Column("reply_to_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows with each edit"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_message_author_id")),
        sa.ForeignKeyConstraint(["deleted_by_id"], ["person.id"], name=op.f("fk_message_deleted_by_id")),
        sa.ForeignKeyConstraint(["reply_to_id"], ["message.id"], name=op.f("fk_message_reply_to_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_message_room_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_message_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("author_id", "client_id", name=op.f("uq_message_author_id_client_id")),
        sa.UniqueConstraint("room_id", "seq", name=op.f("uq_message_room_id_seq")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_reply_to_id"), ["reply_to_id"], unique=False)
        batch_op.create_index("ix_message_topic_id_seq", ["topic_id", "seq"], unique=False)

    op.create_table(
        "request_competency",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_request_competency_competency_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_request_competency_request_id")),
        sa.PrimaryKeyConstraint("request_id", "competency_id", name=op.f("pk_request_competency")),
    )
    with op.batch_alter_table("request_competency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_competency_competency_id"), ["competency_id"], unique=False)

    op.create_table(
        "request_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="question or answer"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="the two alone read it"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('question', 'answer')", name=op.f("ck_request_message_kind")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_request_message_author_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_request_message_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_message")),
    )
    with op.batch_alter_table("request_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_message_request_id"), ["request_id"], unique=False)

    op.create_table(
        "roadmap_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=True, comment="the issue it answers"),
        sa.Column("text", sa.LargeBinary(), nullable=False, comment="the pair only"),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False, comment="planned, under_way, done or dropped"),
        sa.Column("reason", sa.LargeBinary(), nullable=True, comment="why dropped; the pair only"),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state <> 'dropped' OR reason IS NOT NULL", name=op.f("ck_roadmap_item_dropped_with_reason")),
        sa.CheckConstraint("state IN ('planned', 'under_way', 'done', 'dropped')", name=op.f("ck_roadmap_item_state")),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_roadmap_item_added_by_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["mentoring_issue.id"], name=op.f("fk_roadmap_item_issue_id")),
        sa.ForeignKeyConstraint(["mentorship_id"], ["mentorship.id"], name=op.f("fk_roadmap_item_mentorship_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roadmap_item")),
    )
    with op.batch_alter_table("roadmap_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roadmap_item_mentorship_id"), ["mentorship_id"], unique=False)

    op.create_table(
        "topic_mark",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("seen_seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_topic_mark_person_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_topic_mark_topic_id")),
        sa.PrimaryKeyConstraint("person_id", "topic_id", name=op.f("pk_topic_mark")),
    )
    with op.batch_alter_table("topic_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_mark_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "mention",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_mention_message_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mention_person_id")),
        sa.PrimaryKeyConstraint("message_id", "person_id", name=op.f("pk_mention")),
    )
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mention_person_id"), ["person_id"], unique=False)

    op.create_table(
        "message_version",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False, comment="when it was replaced"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_message_version_message_id")),
        sa.PrimaryKeyConstraint("message_id", "version", name=op.f("pk_message_version")),
    )
    op.create_table(
        "room_event",
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "kind", sa.String(length=10), nullable=False, comment="posted, edited, deleted, topic, renamed, joined or left"
        ),
        sa.Column(
            "stamp",
            sa.String(length=8),
            nullable=False,
            comment="random; a client whose last event has another stamp knew a database that was rolled back",
        ),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True, comment="who did it, or who came or went"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('posted', 'edited', 'deleted', 'topic', 'renamed', 'joined', 'left')", name=op.f("ck_room_event_kind")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_room_event_message_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_room_event_person_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_room_event_room_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_room_event_topic_id")),
        sa.PrimaryKeyConstraint("room_id", "seq", name=op.f("pk_room_event")),
    )
    if op.get_bind().dialect.name == "postgresql":  # SQLite has it inline; here both tables must exist first
        op.create_foreign_key("fk_unit_head_id", "unit", "person", ["head_id"], ["id"])
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_refuse() CASCADE")
        op.drop_constraint("fk_unit_head_id", "unit", type_="foreignkey")
    op.drop_table("room_event")
    op.drop_table("message_version")
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mention_person_id"))

    op.drop_table("mention")
    with op.batch_alter_table("topic_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_mark_topic_id"))

    op.drop_table("topic_mark")
    with op.batch_alter_table("roadmap_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roadmap_item_mentorship_id"))

    op.drop_table("roadmap_item")
    with op.batch_alter_table("request_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_message_request_id"))

    op.drop_table("request_message")
    with op.batch_alter_table("request_competency", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_competency_competency_id"))

    op.drop_table("request_competency")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_topic_id_seq")
        batch_op.drop_index(batch_op.f("ix_message_reply_to_id"))

    op.drop_table("message")
    op.drop_table("goals_acceptance")
    op.drop_table("agreement_signature")
    op.drop_table("after_level")
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_room_id"))

    op.drop_table("topic")
    with op.batch_alter_table("stage_period", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_stage_period_current", sqlite_where=sa.text("left_at IS NULL"), postgresql_where=sa.text("left_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_stage_period_mentorship_id"))

    op.drop_table("stage_period")
    with op.batch_alter_table("room_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_mark_room_id"))

    op.drop_table("room_mark")
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_request_open",
            sqlite_where=sa.text("state IN ('sent', 'asked_back')"),
            postgresql_where=sa.text("state IN ('sent', 'asked_back')"),
        )
        batch_op.drop_index(
            "ix_request_waiting",
            sqlite_where=sa.text("state IN ('sent', 'asked_back')"),
            postgresql_where=sa.text("state IN ('sent', 'asked_back')"),
        )
        batch_op.drop_index(batch_op.f("ix_request_programme_id"))
        batch_op.drop_index(batch_op.f("ix_request_offer_id"))
        batch_op.drop_index(batch_op.f("ix_request_mentorship_id"))

    op.drop_table("request")
    op.drop_table("reflection")
    with op.batch_alter_table("offer_competency", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_competency_competency_id"))

    op.drop_table("offer_competency")
    op.drop_table("next_direction")
    with op.batch_alter_table("mentorship_target", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentorship_target_competency_id"))

    op.drop_table("mentorship_target")
    with op.batch_alter_table("mentorship_pause", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_mentorship_pause_current",
            sqlite_where=sa.text("resumed_at IS NULL"),
            postgresql_where=sa.text("resumed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_mentorship_pause_mentorship_id"))

    op.drop_table("mentorship_pause")
    op.drop_table("mentorship_evaluation")
    with op.batch_alter_table("mentoring_issue", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentoring_issue_mentorship_id"))

    op.drop_table("mentoring_issue")
    op.drop_table("goals_revision")
    op.drop_table("early_end")
    op.drop_table("agreement")
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_community_id"))

    op.drop_table("room")
    op.drop_table("private_note")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_offer_open", sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_offer_programme_id"))
        batch_op.drop_index(batch_op.f("ix_offer_person_id"))

    op.drop_table("offer")
    with op.batch_alter_table("mentorship", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_mentorship_open_pair",
            sqlite_where=sa.text("state IN ('active', 'paused')"),
            postgresql_where=sa.text("state IN ('active', 'paused')"),
        )
        batch_op.drop_index("ix_mentorship_state_stage")
        batch_op.drop_index(batch_op.f("ix_mentorship_series_id"))
        batch_op.drop_index(batch_op.f("ix_mentorship_programme_id"))
        batch_op.drop_index(batch_op.f("ix_mentorship_mentor_id"))
        batch_op.drop_index(batch_op.f("ix_mentorship_mentee_id"))

    op.drop_table("mentorship")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_person_id"))

    op.drop_table("membership")
    op.drop_table("meeting_notes")
    with op.batch_alter_table("current_level", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_current_level_competency_id"))

    op.drop_table("current_level")
    with op.batch_alter_table("community_entry", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_community_entry_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_index(batch_op.f("ix_community_entry_person_id"))
        batch_op.drop_index(batch_op.f("ix_community_entry_community_id"))

    op.drop_table("community_entry")
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agenda_item_meeting_id"))

    op.drop_table("agenda_item")
    with op.batch_alter_table("action_item", schema=None) as batch_op:
        batch_op.drop_index("ix_action_item_series_state")
        batch_op.drop_index(batch_op.f("ix_action_item_owner_id"))
        batch_op.drop_index(batch_op.f("ix_action_item_meeting_id"))

    op.drop_table("action_item")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_person_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("saved_mapping", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_mapping_headings"))

    op.drop_table("saved_mapping")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_role_grant_scoped", sqlite_where=sa.text("unit_id IS NOT NULL"), postgresql_where=sa.text("unit_id IS NOT NULL")
        )
        batch_op.drop_index(
            "uq_role_grant_agency", sqlite_where=sa.text("unit_id IS NULL"), postgresql_where=sa.text("unit_id IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_role_grant_unit_id"))
        batch_op.drop_index(batch_op.f("ix_role_grant_person_id"))

    op.drop_table("role_grant")
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_owner_id"))

    op.drop_table("programme")
    op.drop_table("presence_choice")
    with op.batch_alter_table("pool_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pool_change_changed_at"))

    op.drop_table("pool_change")
    op.drop_table("notice_preference")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_notice_unread", sqlite_where=sa.text("read_at IS NULL"), postgresql_where=sa.text("read_at IS NULL")
        )
        batch_op.drop_index("ix_notice_person_newest")

    op.drop_table("notice")
    with op.batch_alter_table("meeting_series_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_series_member_person_id"))

    op.drop_table("meeting_series_member")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_meeting_one_at_a_time",
            sqlite_where=sa.text("state IN ('planned', 'held')"),
            postgresql_where=sa.text("state IN ('planned', 'held')"),
        )
        batch_op.drop_index("ix_meeting_series_time")

    op.drop_table("meeting")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_person_id"))

    op.drop_table("link")
    op.drop_table("levels_noted")
    with op.batch_alter_table("import_file", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_import_file_waiting", sqlite_where=sa.text("state = 'uploaded'"), postgresql_where=sa.text("state = 'uploaded'")
        )
        batch_op.drop_index(batch_op.f("ix_import_file_uploaded_by_id"))
        batch_op.drop_index(batch_op.f("ix_import_file_uploaded_at"))

    op.drop_table("import_file")
    with op.batch_alter_table("hours_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_hours_entry_person_day")

    op.drop_table("hours_entry")
    op.drop_table("framework_edition")
    op.drop_table("demo_sign_in")
    with op.batch_alter_table("community", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_community_created_by_id"))

    op.drop_table("community")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_person_id"))

    op.drop_table("certificate")
    with op.batch_alter_table("block", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_block_blocked_id"))

    op.drop_table("block")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index("ix_assessment_person_competency")
        batch_op.drop_index(batch_op.f("ix_assessment_competency_id"))

    op.drop_table("assessment")
    op.drop_table("account")
    with op.batch_alter_table("standard", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standard_competency_id"))

    op.drop_table("standard")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_unit_id"))
        batch_op.drop_index("ix_person_state_name")
        batch_op.drop_index(batch_op.f("ix_person_job_id"))
        batch_op.drop_index(batch_op.f("ix_person_folded_name"))

    op.drop_table("person")
    op.drop_table("level")
    with op.batch_alter_table("position", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_position_tier_id"))
        batch_op.drop_index(batch_op.f("ix_position_field_id"))

    op.drop_table("position")
    with op.batch_alter_table("competency", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_competency_framework_id"))
        batch_op.drop_index(batch_op.f("ix_competency_field_id"))

    op.drop_table("competency")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_path"))
        batch_op.drop_index(batch_op.f("ix_unit_parent_id"))
        batch_op.drop_index(batch_op.f("ix_unit_head_id"))

    op.drop_table("unit")
    op.drop_table("tier")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_task_due",
            sqlite_where=sa.text("done_at IS NULL AND dead_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND dead_at IS NULL"),
        )

    op.drop_table("task")
    op.drop_table("pool_state")
    op.drop_table("meeting_series")
    op.drop_table("hours_rule")
    op.drop_table("framework")
    op.drop_table("field")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_thing")
        batch_op.drop_index("ix_audit_entry_actor_id")
        batch_op.drop_index("ix_audit_entry_act")

    op.drop_table("audit_entry")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_last_at"))

    op.drop_table("attempt")
