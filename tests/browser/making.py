"""``python -m tests.browser.making DATABASE``: makes the demo agency in a new SQLite file, and compiles templates beside it."""

from __future__ import annotations

import sys

import sqlalchemy as sa

from mentorlink.app import create_app
from mentorlink.cli.demo import loader
from mentorlink.cli.migrate import migrate
from mentorlink.kernel import jobs
from mentorlink.kernel.db import db
from tests.conftest import do_not_wait_for_the_disk, keep_templates, settings_for


def main(database: str) -> None:
    """Make it, and leave one file that can be copied."""
    url = f"sqlite:///{database}"
    migrate(url)
    app = create_app(settings_for(url, demo=True))
    keep_templates(app)
    with app.app_context():
        sa.event.listen(db.engine, "connect", do_not_wait_for_the_disk)
        db.engine.dispose()  # a connection of before would wait
        db.engine.update_execution_options(compiled_cache={})  # a year of everything sends more than an engine keeps compiled
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    with app.app_context():
        loader.load()
        jobs.schedule()
        while jobs.run_due():  # so that servers of tests need not, one after another
            pass
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
