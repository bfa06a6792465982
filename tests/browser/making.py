"""``python -m tests.browser.making DATABASE``: makes the demo agency in a new SQLite database."""

from __future__ import annotations

import sys

from mentorlink.app import create_app
from mentorlink.cli.demo import loader
from mentorlink.cli.migrate import migrate
from mentorlink.kernel.db import db
from tests.conftest import settings_for


def main(database: str) -> None:
    """Make it, and leave one file that can be copied."""
    url = f"sqlite:///{database}"
    migrate(url)
    app = create_app(settings_for(url, demo=True))
    with app.app_context():
        loader.load()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
