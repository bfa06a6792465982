"""Ground of all tests: one application per process, and for each test a database of its own copied from a template.

Every test commits for real, so threads, sockets and browsers see what the test did. ``MENTORLINK_TEST_POSTGRES`` (an
address of a server where databases may be made, ``postgresql+psycopg://user@host:port``) runs the same tests on PostgreSQL.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, expect, sync_playwright

from config import Settings
from mentorlink.app import create_app
from mentorlink.cli import words
from mentorlink.cli.migrate import migrate
from mentorlink.kernel.db import db
from tests.cast import Cast, lay_ground

POSTGRES = os.environ.get("MENTORLINK_TEST_POSTGRES", "")
CHROMIUM = os.environ.get("MENTORLINK_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
PATIENCE = 30_000
"""Milliseconds that something awaited in a browser may take on a busy machine."""

KEYS = ("Wm9tYmllcyBsaWtlIGJyYWlucyAxMjM0NTY3ODkwIT8=",)


def settings_for(url: str, **overrides: object) -> Settings:
    """Settings of a test application."""
    return Settings(
        secret_key="k3Jx9-qLw7_Zt5vB1nRm8YpDf2Hs6Gc4",
        data_keys=KEYS,
        database_url=url,
        agency_name="Nusa Raya",
        base_url="http://localhost",
        background=False,
        log_level="error",
        **overrides,  # type: ignore[arg-type]
    )


SLOW = (
    "tests/web/",
    "tests/live/",
    "tests/insights/",
    "tests/learning/",
    "tests/house/test_matrix.py",
    "tests/people/test_sign_in.py",
    "tests/community/test_log.py",
    "tests/community/test_unread.py",
    "tests/matching/test_ranking.py",
    "tests/exchange/test_reading.py",
    "tests/mentoring/test_secrecy.py",
)
"""Folders and files that ``./test --quick`` leaves out, so that it stays within a minute."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in ``SLOW``."""
    for item in items:
        if item.nodeid.startswith(SLOW):
            item.add_marker("slow")


class Databases:
    """Hands each test a fresh copy of one of two templates: migrated and empty, or with the ground of the cast."""

    def __init__(self, folder: Path, worker: str) -> None:
        self.folder, self.worker = folder, worker
        if POSTGRES:
            self.admin = sa.create_engine(f"{POSTGRES}/postgres", isolation_level="AUTOCOMMIT")
        self.url = self._address("live")
        for template in ("empty", "ground"):
            self._drop(template)
            app = create_app(settings_for(self._address(template)))
            migrate(self._address(template))
            with app.app_context():
                if template == "ground":
                    lay_ground()
                db.session.remove()
                db.engine.dispose()

    def renew(self, template: str) -> None:
        """Replace the live database by a copy of ``template``."""
        self._drop("live")
        if POSTGRES:
            self._sql(f'CREATE DATABASE "live_{self.worker}" TEMPLATE "{template}_{self.worker}"')
        else:
            shutil.copyfile(self.folder / f"{template}.db", self.folder / "live.db")

    def _address(self, name: str) -> str:
        return f"{POSTGRES}/{name}_{self.worker}" if POSTGRES else f"sqlite:///{self.folder / name}.db"

    def _drop(self, name: str) -> None:
        if POSTGRES:
            self._sql(f'DROP DATABASE IF EXISTS "{name}_{self.worker}" WITH (FORCE)')
            if name != "live":
                self._sql(f'CREATE DATABASE "{name}_{self.worker}"')
            return
        for suffix in ("", "-wal", "-shm", "-journal"):
            (self.folder / f"{name}.db{suffix}").unlink(missing_ok=True)

    def _sql(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.exec_driver_sql(statement)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """The databases of this process."""
    words.compile_all()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return Databases(tmp_path_factory.mktemp("db"), worker)


@pytest.fixture(scope="session")
def whole_app(databases: Databases) -> Flask:
    """The application of this process, over the live database."""
    app = create_app(settings_for(databases.url))
    app.config["WTF_CSRF_ENABLED"] = False
    app.testing = True
    with app.app_context():
        if not POSTGRES:
            sa.event.listen(db.engine, "connect", _do_not_wait_for_the_disk)
    return app


def _do_not_wait_for_the_disk(connection: Any, _record: Any) -> None:
    """What survives a crash is tested with processes of their own, which keep SQLite's durable setting."""
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def app(whole_app: Flask, databases: Databases, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application over a fresh database, in an application context; over the ground where a cast plays."""
    with whole_app.app_context():
        db.engine.dispose()
    databases.renew("ground" if "cast" in request.fixturenames else "empty")
    with whole_app.app_context():
        yield whole_app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """People by relation, in a small agency (tests/cast.py)."""
    return Cast(app)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the process."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        sandbox = [] if os.geteuid() else ["--no-sandbox"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*sandbox, "--disable-dev-shm-usage"])
        yield browser
        browser.close()
