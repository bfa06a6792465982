"""``python -m tests.browser.making DATABASE``: makes the demo agency in a new SQLite file, and compiles templates beside it."""

from __future__ import annotations

import sys
from pathlib import Path

from mentorlink.app import create_app
from mentorlink.cli.demo import loader
from mentorlink.cli.migrate import migrate
from mentorlink.kernel.db import db
from tests.browser.serving import compiled_templates
from tests.conftest import settings_for


def main(database: str) -> None:
    """Make it, and leave one file that can be copied."""
    url = f"sqlite:///{database}"
    migrate(url)
    app = create_app(settings_for(url, demo=True))
    app.jinja_env.bytecode_cache = compiled_templates(Path(database).parent)
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    with app.app_context():
        loader.load()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
