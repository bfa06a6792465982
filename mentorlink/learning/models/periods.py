"""Rows of a closed period: its steps, its recap as it was frozen, and the run that issues its certificates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant, Json, Secret, one_of
from mentorlink.learning.models.hours import HoursEntry
from mentorlink.learning.stages import PERIOD_STATES
from mentorlink.people.models import Person


class LearningPeriod(Base):
    """Whole months that HR closes: a recap is built, checked, approved, frozen. What is frozen never changes."""

    __tablename__ = "learning_period"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    begins_on: Mapped[date] = mapped_column(comment="first day of a month")
    ends_on: Mapped[date] = mapped_column(comment="last day of a month")
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    revision: Mapped[int] = mapped_column(default=1, comment="rises with every step; who takes one says which they saw")
    issuing_unit: Mapped[str] = mapped_column(sa.String(160), comment="printed on certificates")
    signatory_name: Mapped[str] = mapped_column(sa.String(160))
    signatory_title: Mapped[str] = mapped_column(sa.String(160))
    place: Mapped[str] = mapped_column(sa.String(80))
    build: Mapped[int] = mapped_column(default=0, comment="which building of the recap counts")
    entries_seen: Mapped[int] = mapped_column(default=0, comment="entries of the ledger in these days when the recap was begun")
    newest_entry: Mapped[int] = mapped_column(default=0, comment="highest id among them")
    people_done: Mapped[int] = mapped_column(default=0, comment="while it is built: people written so far")
    people_total: Mapped[int] = mapped_column(default=0)
    built_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    built_at: Mapped[datetime | None] = mapped_column(Instant)
    checked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    frozen_at: Mapped[datetime | None] = mapped_column(Instant)
    return_note: Mapped[str | None] = mapped_column(Secret, comment="why it was returned; read by who closes periods")
    created_at: Mapped[datetime] = mapped_column(Instant)

    built_by: Mapped[Person | None] = relationship(foreign_keys=[built_by_id])
    checked_by: Mapped[Person | None] = relationship(foreign_keys=[checked_by_id])
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])

    __table_args__ = (
        sa.CheckConstraint(one_of("state", PERIOD_STATES), name="state"),
        sa.CheckConstraint("begins_on < ends_on", name="days"),
        sa.CheckConstraint("(state = 'frozen') = (frozen_at IS NOT NULL)", name="frozen"),
        sa.CheckConstraint("approved_by_id <> checked_by_id", name="two_people"),
    )


class PeriodMonth(Base):
    """A month belongs to one period at most: the key sees to it, whoever makes two at once."""

    __tablename__ = "learning_period_month"

    month: Mapped[date] = mapped_column(primary_key=True, comment="its first day")
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("learning_period.id", ondelete="CASCADE"), index=True)


class RecapRow(Base):
    """One line of the recap: one person's learning by one path from one source, as it stood. Never a word of what was said."""

    __tablename__ = "recap_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("learning_period.id"))
    build: Mapped[int] = mapped_column(comment="which building of the recap wrote it")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(sa.String(30))
    source: Mapped[str] = mapped_column(sa.String(80), comment="mentorship:3, engagement:5, claim:7, or the path itself")
    nip: Mapped[str | None] = mapped_column(sa.String(18), comment="as it was; shown to HR alone")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    held: Mapped[int] = mapped_column(comment="sessions, days or activities")
    counted: Mapped[int] = mapped_column(comment="those of them that count under the caps")
    jp: Mapped[int]
    certifies: Mapped[bool] = mapped_column(comment="gets a certificate of ours: it counts and no other stands for it")
    facts: Mapped[dict[str, Any]] = mapped_column(
        Json, comment="name, job, unit, helper, competencies, goal, evidence, approval, provider, certificate no., rule versions"
    )

    person: Mapped[Person] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("period_id", "build", "person_id", "path", "source"),
        sa.CheckConstraint("held >= 0 AND counted >= 0", name="amounts"),
    )


class CertificateRun(Base):
    """The issuing of a frozen period's certificates: how far it is. A second start goes on where the first stopped."""

    __tablename__ = "certificate_run"

    period_id: Mapped[int] = mapped_column(sa.ForeignKey("learning_period.id"), primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(8), default="running")
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    beat_at: Mapped[datetime] = mapped_column(Instant, comment="last sign of life")
    total: Mapped[int] = mapped_column(comment="certificates that the recap asks for")
    issued: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (sa.CheckConstraint("state IN ('running', 'done')", name="state"),)


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


@event.listens_for(Base.metadata, "after_create")
def _after_create(_metadata: sa.MetaData, connection: sa.Connection, tables: Any = (), **_rest: Any) -> None:
    """Tables made at once from the rows (benchmarks) are guarded as the migrated ones are."""
    if HoursEntry.__table__ in (tables or ()):
        for statement in GUARDS.get(connection.dialect.name, ()):
            connection.exec_driver_sql(statement)
