"""The record of who did what. Rows are added and nothing else: ORM and database both refuse to change them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

from mentorlink.kernel.db import Base, Instant, Json


class AuditEntry(Base):
    """Who did what, when, to which thing. Facts are codes and ids, never texts that people wrote."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(comment="person; none for the house itself or somebody unknown")
    act: Mapped[str] = mapped_column(sa.String(60), comment="code of the deed, e.g. signed_in, role_granted")
    thing: Mapped[str] = mapped_column(sa.String(40), default="", comment="kind of thing, e.g. person")
    thing_id: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    address: Mapped[str] = mapped_column(sa.String(45), default="", comment="network address, for sign-ins and refusals")

    __table_args__ = (
        sa.Index("ix_audit_entry_actor_id", "actor_id", "id"),
        sa.Index("ix_audit_entry_act", "act", "id"),
        sa.Index("ix_audit_entry_thing", "thing", "thing_id", "id"),
    )


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
"""Statements that make the database itself refuse, by dialect; for migrations too."""

for _dialect, _statements in GUARDS.items():
    for _statement in _statements:
        event.listen(AuditEntry.__table__, "after_create", sa.DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]


@event.listens_for(AuditEntry, "before_update")
@event.listens_for(AuditEntry, "before_delete")
def _refuse(*_: object) -> None:
    raise RuntimeError("the audit record is only added to")
