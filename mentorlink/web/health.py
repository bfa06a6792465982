"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint

from mentorlink.kernel.db import db
from mentorlink.web.guard import public

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@public
def healthz() -> tuple[str, int]:
    """The process lives."""
    return "ok\n", 200


@pages.get("/readyz")
@public
def readyz() -> tuple[str, int]:
    """The database answers and has its tables."""
    try:
        db.session.execute(sa.text("SELECT 1 FROM person LIMIT 1"))
    except sa.exc.SQLAlchemyError:
        db.session.rollback()
        return "the database does not answer\n", 503
    return "ok\n", 200
