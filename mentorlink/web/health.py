"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

import sqlalchemy as sa
import structlog
from flask import Blueprint

from mentorlink.kernel import jobs, schema
from mentorlink.kernel.db import db
from mentorlink.web.guard import public

pages = Blueprint("health", __name__)
log = structlog.get_logger(__name__)


@pages.get("/healthz")
@public
def healthz() -> tuple[str, int]:
    """The process lives."""
    return "ok\n", 200


@pages.get("/readyz")
@public
def readyz() -> tuple[str, int]:
    """The database answers with just the schema this code needs, and who does jobs in this process is alive."""
    try:
        if schema.there() != schema.needed():
            return "the database has another schema than this code\n", 503
    except sa.exc.SQLAlchemyError:
        db.session.rollback()
        log.warning("not ready", exc_info=True)
        return "the database does not answer\n", 503
    if not jobs.alive():
        return "jobs are not done any more\n", 503
    return "ok\n", 200
