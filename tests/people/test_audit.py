"""The record of who did what is only added to."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Denied
from mentorlink.people import actions, queries
from mentorlink.people.models import AuditEntry
from tests.cast import Cast


def one_entry(cast: Cast) -> AuditEntry:
    actions.note_denial(cast.actor(cast.stranger), "role_needed", address="10.0.0.7", where="people.audit")
    return db.session.scalars(sa.select(AuditEntry)).one()


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET act = 'nothing'", "DELETE FROM audit_entry"])
def test_the_database_itself_refuses_to_change_the_record(cast: Cast, statement: str) -> None:
    one_entry(cast)
    with pytest.raises(sa.exc.DBAPIError, match="only added to"):
        db.session.execute(sa.text(statement))
    db.session.rollback()
    assert db.session.scalars(sa.select(AuditEntry.act)).all() == ["denied"]


@pytest.mark.parametrize("how", ["change", "delete"])
def test_a_row_of_the_record_cannot_be_changed_in_code_either(cast: Cast, how: str) -> None:
    entry = one_entry(cast)
    if how == "change":
        entry.act = "nothing"
    else:
        db.session.delete(entry)
    with pytest.raises(RuntimeError, match="only added to"):
        db.session.flush()
    db.session.rollback()


def test_what_is_refused_leaves_no_other_trace(cast: Cast) -> None:
    with pytest.raises(Denied):
        actions.grant_role(cast.actor(cast.stranger), cast.mentee, "mentor")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0


def test_the_record_is_read_newest_first_in_pages_by_deed_and_person(cast: Cast) -> None:
    boss, stranger = cast.actor(cast.administrator), cast.actor(cast.stranger)
    for _ in range(5):
        actions.note_denial(stranger, "role_needed")
    actions.grant_role(boss, cast.mentee, "mentor")
    first = queries.audit_for(boss, limit=4)
    second = queries.audit_for(boss, limit=4, before=first.next_before)
    ids = [entry.id for entry in first.entries + second.entries]
    assert ids == sorted(ids, reverse=True)
    assert (len(ids), second.next_before) == (6, None)
    assert len(queries.audit_for(boss, act="denied").entries) == 5
    assert [entry.act for entry in queries.audit_for(boss, person_id=cast.mentee.id).entries] == ["role_granted"]


def test_only_administrators_of_the_agency_read_the_record(cast: Cast) -> None:
    local = cast.person("local", cast.finance)
    actions.grant_role(cast.actor(cast.administrator), local, "administrator", cast.finance)
    assert queries.audit_for(cast.actor(cast.administrator)).entries
    for who in (cast.coordinator, cast.person("local"), cast.mentee):
        with pytest.raises(Denied):
            queries.audit_for(cast.actor(who))
