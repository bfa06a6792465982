"""Statements given to the driver as they are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from mentorlink.kernel.actions import transaction
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.prepared import Prepared
from mentorlink.people.models import Person
from tests.cast import Cast


@Prepared
def _person() -> Any:
    person = Person.__table__
    found = sa.select(person.c.name, person.c.languages, person.c.created_at, person.c.state)
    return found.where(
        person.c.id == sa.bindparam("id"), person.c.created_at <= sa.bindparam("by", type_=person.c.created_at.type)
    )


@Prepared
def _rename() -> Any:
    person = Person.__table__
    one = sa.update(person).where(person.c.id == sa.bindparam("id"))
    return one.values(name=sa.bindparam("called"), email=sa.bindparam("mail")).returning(person.c.name)


NEVER = datetime(2999, 1, 1, tzinfo=UTC)


def test_values_and_answers_are_turned_as_the_columns_say(cast: Cast) -> None:
    person = cast.mentee
    expected = (person.name, person.languages, person.created_at, person.state)
    values = {"id": person.id, "by": NEVER}
    assert _person.first(values) == expected
    assert _person.apart(values) == [expected]
    assert _person.first({"id": person.id, "by": datetime(1999, 1, 1, tzinfo=UTC)}) is None


def test_it_shares_the_fate_of_its_transaction_and_is_not_seen_apart_before(cast: Cast) -> None:
    key, before, mail = cast.mentee.id, cast.mentee.name, cast.mentee.email
    values = {"id": key, "by": NEVER}
    with pytest.raises(ZeroDivisionError):
        rename_and_fail(values, before, mail)
    assert _person.first(values)[0] == before
    with transaction():
        _rename.run({"id": key, "called": "Another", "mail": mail})
    assert _person.apart(values)[0][0] == "Another"


def rename_and_fail(values: dict[str, Any], before: str, mail: str) -> None:
    with transaction():
        assert _rename.scalar({"id": values["id"], "called": "Another", "mail": mail}) == "Another"
        assert _person.first(values)[0] == "Another"
        assert _person.apart(values)[0][0] == before
        raise ZeroDivisionError


def test_errors_are_those_of_every_other_statement(cast: Cast) -> None:
    key, taken = cast.mentee.id, cast.mentor.email
    with pytest.raises(IntegrityError), transaction():
        _rename.run({"id": key, "called": "Another", "mail": taken})
    with pytest.raises(NotFound):
        _person.first({"id": 10**30, "by": NEVER})
    db.session.rollback()
    assert _person.first({"id": key, "by": NEVER}) is not None
