"""Ground of all tests: one application per process, and for each test a database of its own copied from a template.

Every test commits for real, so threads, sockets and browsers see what the test did. ``MENTORLINK_TEST_POSTGRES`` (an
address of a server where databases may be made, ``postgresql+psycopg://user@host:port``) runs the same tests on PostgreSQL.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, expect, sync_playwright

from config import Settings
from mentorlink.app import create_app
from mentorlink.cli import words
from mentorlink.cli.migrate import migrate
from mentorlink.kernel import settings
from mentorlink.kernel.db import db
from mentorlink.people.rules import passwords
from tests.browser.program import chromium
from tests.cast import Cast, lay_ground

POSTGRES = os.environ.get("MENTORLINK_TEST_POSTGRES", "")
TEMPLATES = os.environ.get("MENTORLINK_TEST_TEMPLATES", "")
PATIENCE = 60_000
"""Milliseconds that something awaited in a browser may take on a busy machine."""

KEYS = ("Wm9tYmllcyBsaWtlIGJyYWlucyAxMjM0NTY3ODkwIT8=",)

hypothesis.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("house")  # a busy machine is no fault of a rule


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


def examples(number: int) -> int:
    """How many examples of a property through the database are tried: on the second database a third of them."""
    return -(-number // 3) if POSTGRES else number


def keep_templates(app: Flask) -> None:
    """Compile a template once for all processes of a run (``MENTORLINK_TEST_TEMPLATES`` names the folder)."""
    if TEMPLATES:
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(TEMPLATES)


SLOW = (
    "tests/api/",
    "tests/care/",
    "tests/coaching/",
    "tests/community/",
    "tests/insights/",
    "tests/learning/",
    "tests/live/",
    "tests/meetings/",
    "tests/notifications/",
    "tests/rounds/",
    "tests/web/",
    "tests/exchange/test_commands.py",
    "tests/exchange/test_imports.py",
    "tests/exchange/test_reading.py",
    "tests/house/test_matrix.py",
    "tests/house/test_use_cases.py",
    "tests/matching/test_kernels.py",
    "tests/matching/test_learn.py",
    "tests/matching/test_ranking.py",
    "tests/matching/test_rounds.py",
    "tests/matching/test_updates.py",
    "tests/mentoring/test_any_order.py",
    "tests/mentoring/test_races.py",
    "tests/mentoring/test_secrecy.py",
    "tests/pairing/test_choosing.py",
    "tests/pairing/test_inviting.py",
    "tests/pairing/test_line.py",
    "tests/pairing/test_outcomes.py",
    "tests/pairing/test_pool.py",
    "tests/pairing/test_requests.py",
    "tests/pairing/test_shown.py",
    "tests/people/test_audit.py",
    "tests/people/test_links.py",
    "tests/people/test_sign_in.py",
)
"""Folders and files that ``./test --quick`` leaves out, so that it stays within a minute."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in ``SLOW``."""
    for item in items:
        if item.nodeid.startswith(SLOW):
            item.add_marker("slow")


def pytest_collection_finish() -> None:
    """What is loaded now stays until the end: the collector need not look through it again, nor come as often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


SEQUENCES = """
    SELECT s.oid::regclass AS name, t.relname AS of_table, p.last_value AS value
    FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    JOIN pg_class t ON t.oid = d.refobjid
    JOIN pg_sequences p ON p.schemaname = 'public' AND p.sequencename = s.relname
    WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace
"""
"""Every sequence of PostgreSQL, the table it counts for, and how far it is."""


class Databases:
    """Hands each test the live database as a template has it: migrated and empty, with the ground of the cast, or as was kept.

    On SQLite a template is a file, copied. On PostgreSQL it is a schema beside the live tables, from which the rows of those
    that were written to (triggers note it) are put back: a database made anew for each test takes ten times as long, most of it
    with connections that know no table yet.
    """

    def __init__(self, folder: Path, worker: str) -> None:
        self.folder, self.worker = folder, worker
        self.told: dict[str, Any] = {}
        self.url = f"{POSTGRES}/live_{worker}" if POSTGRES else f"sqlite:///{folder / 'live'}.db"
        if POSTGRES:
            self.admin = sa.create_engine(f"{POSTGRES}/postgres", isolation_level="AUTOCOMMIT")
        self._make()

    def renew(self, template: str) -> None:
        """Let the live database be as the template is."""
        if not POSTGRES:
            self._remove("live")
            shutil.copyfile(self.folder / f"{template}.db", self.folder / "live.db")
            return
        try:
            self._put_back(template)
        except sa.exc.DBAPIError:  # a test has left tables changed, or a thread in the middle of something
            self._make()
            self._put_back(template if template in self._filled else "ground")

    def keep(self, template: str, told: Any) -> None:
        """Let what stands in the live database now be a template, of which ``told`` says what is where."""
        db.session.remove()
        if POSTGRES:
            self._keep(template)
            with self.live.connect() as connection:
                connection.exec_driver_sql("TRUNCATE watch.touched")
            self._standing = template
        else:
            db.engine.dispose()
            shutil.copyfile(self.folder / "live.db", self.folder / f"{template}.db")
        self.told[template] = told

    def _make(self) -> None:
        self._renewals = 0
        self.told.clear()
        self._filled: dict[str, set[str]] = {}
        if POSTGRES:
            with self.admin.connect() as connection:
                connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "live_{self.worker}" WITH (FORCE)')
                connection.exec_driver_sql(f'CREATE DATABASE "live_{self.worker}"')
            self.live = sa.create_engine(self.url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
        else:
            self._remove("live")
        app = create_app(settings_for(self.url))
        migrate(self.url)
        with app.app_context():
            for template in ("empty", "ground"):
                if template == "ground":
                    lay_ground()
                db.session.remove()
                db.engine.dispose()
                if POSTGRES:
                    self._keep(template)
                else:
                    shutil.copyfile(self.folder / "live.db", self.folder / f"{template}.db")
        if POSTGRES:
            self._watch()

    def _keep(self, template: str) -> None:
        with self.live.connect() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {template}")
            for table in self._tables(connection):
                connection.exec_driver_sql(f'CREATE TABLE {template}."{table}" AS TABLE public."{table}"')
            self._filled[template] = {
                table for table in self._tables(connection)
                if connection.exec_driver_sql(f'SELECT 1 FROM {template}."{table}" LIMIT 1').first()
            }  # fmt: skip
            connection.exec_driver_sql(f"CREATE TABLE {template}.sequence__ AS {SEQUENCES}")

    def _watch(self) -> None:
        note = "BEGIN INSERT INTO watch.touched VALUES (TG_TABLE_NAME); RETURN NULL; END"
        with self.live.connect() as connection:
            connection.exec_driver_sql("CREATE SCHEMA watch; CREATE UNLOGGED TABLE watch.touched (name text)")
            connection.exec_driver_sql(f"CREATE FUNCTION watch.note() RETURNS trigger LANGUAGE plpgsql AS '{note}'")
            for table in self._tables(connection):
                happens = f'AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "{table}"'
                connection.exec_driver_sql(f"CREATE TRIGGER touched {happens} EXECUTE FUNCTION watch.note()")
        self._standing = "ground"

    def _touched(self, connection: sa.Connection, template: str) -> list[str]:
        touched = set(connection.exec_driver_sql("SELECT DISTINCT name FROM watch.touched").scalars())
        if template != self._standing:
            touched |= self._filled[template] | self._filled[self._standing]
        return sorted(touched)

    def _put_back(self, template: str) -> None:
        self._renewals += 1
        with self.live.connect() as connection:
            often = self._renewals % 40  # deleted rows stay in the way of reading until a table is truncated
            names = self._touched(connection, template) if often else self._tables(connection)
            tables = [f'"{name}"' for name in names]
            self._standing = template
            wipe = [f"DELETE FROM {table}" for table in tables] if often else [f"TRUNCATE {', '.join(tables)}"]
            named = ", ".join(f"'{name}'" for name in names) or "NULL"
            counted = f"FROM {template}.sequence__ WHERE of_table IN ({named})"
            connection.exec_driver_sql(
                ";".join(
                    (
                        "BEGIN",
                        "SET LOCAL session_replication_role = replica",
                        "SET LOCAL lock_timeout = '5s'",
                        *wipe,
                        "TRUNCATE watch.touched",
                        *(f"INSERT INTO {table} SELECT * FROM {template}.{table}" for table in tables),
                        f"SELECT setval(name, coalesce(value, 1), value IS NOT NULL) {counted}",
                        "COMMIT",
                    )
                )
            )

    @staticmethod
    def _tables(connection: sa.Connection) -> list[str]:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        return list(connection.exec_driver_sql(query).scalars())

    def _remove(self, name: str) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            (self.folder / f"{name}.db{suffix}").unlink(missing_ok=True)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """The databases of this process."""
    words.compile_all()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return Databases(tmp_path_factory.mktemp("db"), worker)


@pytest.fixture(scope="session")
def whole_app(databases: Databases) -> Flask:
    """The application of this process, over the live database."""
    passwords._hasher = PasswordHasher(**passwords.STRENGTH | {"time_cost": 1, "memory_cost": 64})
    app = create_app(settings_for(databases.url))
    app.config["WTF_CSRF_ENABLED"] = False
    app.testing = True
    keep_templates(app)
    with app.app_context():
        if not POSTGRES:
            sa.event.listen(db.engine, "connect", do_not_wait_for_the_disk)
    return app


def do_not_wait_for_the_disk(connection: Any, _record: Any) -> None:
    """What survives a crash is tested with processes of their own, which keep SQLite's durable setting."""
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def app(whole_app: Flask, databases: Databases, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application over a fresh database, in an application context; over the ground where a cast plays.

    Where a test asks for a fixture that has kept a template under its own name, over that.
    """
    _let_go(whole_app)
    settings.use(whole_app.config["SETTINGS"])  # another test may have made another application
    wanted = [name for name in databases.told if name in request.fixturenames]
    databases.renew(wanted[0] if wanted else "ground" if "cast" in request.fixturenames else "empty")
    with whole_app.app_context():
        yield whole_app
        db.session.remove()
    _let_go(whole_app)


def _let_go(app: Flask) -> None:
    """SQLite's file is about to be another one; PostgreSQL's connections stay, and know the tables already."""
    if not POSTGRES:
        with app.app_context():
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
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*sandbox, "--disable-dev-shm-usage"])
        yield browser
        browser.close()
