"""The log says what went wrong, and never whose data it went wrong with."""

from typing import Any

import pytest
import sqlalchemy as sa

from mentorlink.kernel import logs
from mentorlink.kernel.db import db
from tests.cast import Cast


def test_a_broken_constraint_is_logged_without_the_values(cast: Cast) -> None:
    person = cast.mentee
    values = {"email": person.email, "name": "Canary", "folded_name": "canary", "unit_id": person.unit_id, "languages": ["id"]}
    with pytest.raises(sa.exc.IntegrityError) as broken:
        db.session.execute(
            sa.insert(type(person)),
            [values | {"state": "active", "locale": "id", "timezone": "Asia/Jakarta", "created_at": person.created_at}],
        )
    db.session.rollback()
    line: Any = {"exception": [{"exc_value": str(broken.value)}]}
    logged = str(logs._keep_values_out(None, "", line)) + logs.named(broken.value)
    assert "person" in logged
    assert [word for word in (person.email, "Canary", "canary") if word in logged] == []
