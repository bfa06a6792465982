"""What every server would learn again by itself, learnt once in the process they are forks of, and by that process alone."""

from __future__ import annotations

import os

from mentorlink.app import create_app
from mentorlink.kernel.db import db
from mentorlink.pairing.queries import warm_pool
from tests.conftest import settings_for


def get_ready(database: str) -> None:
    """Learn what a database of the demo agency teaches; it is only read."""
    app = create_app(settings_for(f"sqlite:///{database}", demo=True))
    with app.app_context():
        warm_pool()
        db.session.remove()
        db.engine.dispose()


if demo := os.environ.get("MENTORLINK_TEST_DEMO"):
    get_ready(demo)
