"""An application that has answered before, in the process that all servers of the demo agency are forks of.

What each of them would learn again by itself is learnt once: how rows map to tables, which templates and words there are, how
statements read, how small static files can be made. A fork takes the application over and gives it a database and an address.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from apiflask import APIFlask

from config import Settings
from mentorlink.app import create_app
from mentorlink.kernel import clock, crypto, settings
from mentorlink.kernel.db import db
from mentorlink.pairing.queries import warm_pool
from mentorlink.people.models import DemoSignIn, SignIn
from mentorlink.web.assets import asset
from tests.conftest import do_not_wait_for_the_disk, keep_templates, settings_for

PAGES = ("/", "/find", "/requests", "/competencies", "/communities", "/learning-hours", "/notices", "/offers")
"""Pages that are looked at once; the others have most of theirs in common."""

STATIC = ("css", "js", "vendor/bootstrap", "vendor/htmx", "vendor/socket.io", "img")
"""What pages load."""


def house_settings(database: str, base_url: str) -> Settings:
    """Settings of a server of the demo agency."""
    return settings_for(f"sqlite:///{database}", demo=True).model_copy(update={"background": True, "base_url": base_url})


class Ready:
    """The application; ``database`` is the file that its connections open."""

    def __init__(self, demo: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.database = shutil.copy(demo, folder)
            self.app = create_app(house_settings(self.database, "http://localhost"))
            keep_templates(self.app)
            with self.app.app_context():
                sa.event.listen(db.engine, "do_connect", self._open)
                sa.event.listen(db.engine, "connect", do_not_wait_for_the_disk)
                warm_pool()
            self._look_around()
            with self.app.app_context():
                db.session.remove()
                db.engine.dispose()

    def take(self, database: str, base_url: str) -> APIFlask:
        """The application over another copy of the same agency, at an address of its own."""
        self.database, wanted = database, house_settings(database, base_url)
        self.app.config.update(SETTINGS=wanted, SQLALCHEMY_DATABASE_URI=wanted.database_url)
        settings.use(wanted)
        return self.app

    def _open(self, _dialect: Any, _record: Any, arguments: list[Any], _more: dict[str, Any]) -> None:
        arguments[0] = self.database

    def _look_around(self) -> None:
        with self.app.test_request_context():
            static = Path(str(self.app.static_folder))
            files = [file.relative_to(static).as_posix() for part in STATIC for file in sorted((static / part).rglob("*.*"))]
            files = [asset(file) for file in files]
        guest = self.app.test_client()
        guest.set_cookie(self.app.config["SETTINGS"].sign_in_cookie, self._sign_in())
        for address in (*PAGES, *files):
            guest.get(address, headers={"Accept-Encoding": "br"})

    def _sign_in(self) -> str:
        token, instant = crypto.new_token(), clock.now()
        somebody = sa.select(DemoSignIn.person_id).order_by(DemoSignIn.position).limit(1)
        row = {"token_hash": crypto.token_hash(token), "user_agent": "", "address": "", "created_at": instant, "seen_at": instant}
        with self.app.app_context():
            db.session.execute(sa.insert(SignIn).values(person_id=db.session.scalar(somebody), **row))
            db.session.commit()
        return token


_ready = Ready(Path(demo)) if (demo := os.environ.get("MENTORLINK_TEST_DEMO")) else None
gc.collect()
gc.freeze()  # no fork need look through what stands now


def application(database: str, base_url: str) -> APIFlask:
    """The application over a copy of the demo agency; to be asked for once in a process."""
    if _ready:
        return _ready.take(database, base_url)
    app = create_app(house_settings(database, base_url))
    keep_templates(app)
    return app
