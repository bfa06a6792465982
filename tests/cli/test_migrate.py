"""An agency on its own server begins with ``migrate``, not with the demo."""

import sqlalchemy as sa
from flask import Flask

from mentorlink.competencies.models import Framework
from mentorlink.kernel.db import db
from mentorlink.learning.models import HoursRule
from mentorlink.programmes.models import Programme


def how_many(kind: type) -> int:
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(kind)) or 0)


def test_after_migrate_sessions_can_be_credited_and_programmes_run(app: Flask) -> None:
    assert how_many(HoursRule) == 0
    for _again in range(2):
        assert app.test_cli_runner().invoke(args=["migrate"]).exit_code == 0
        db.session.rollback()
        assert (how_many(HoursRule), how_many(Programme)) == (1, 1)
        assert how_many(Framework) > 0
