"""Ground of all tests: one application per process, and for each test a database of its own copied from a template.

Every test commits for real, so threads, sockets and browsers see what the test did. ``MENTORLINK_TEST_POSTGRES`` (an
address of a server where databases may be made, ``postgresql+psycopg://user@host:port``) runs the same tests on PostgreSQL.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from mentorlink.app import create_app
from mentorlink.cli import words
from mentorlink.cli.migrate import migrate
from mentorlink.kernel.db import db
from mentorlink.kernel.text import fold  # noqa: F401  re-exported for the cast
from tests.cast import Cast

POSTGRES = os.environ.get("MENTORLINK_TEST_POSTGRES", "")
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


def make_schema(app: Flask) -> None:
    """Bring an empty database to the newest schema, by the migrations."""
    migrate(app.config["SETTINGS"].database_url)


class Databases:
    """Hands each test a fresh copy of the migrated, empty database."""

    def __init__(self, folder: Path, worker: str) -> None:
        self.worker = worker
        self.template, self.live = folder / "template.db", folder / "live.db"
        if POSTGRES:
            self.admin = sa.create_engine(f"{POSTGRES}/postgres", isolation_level="AUTOCOMMIT")
            self._sql(f'DROP DATABASE IF EXISTS "template_{worker}" WITH (FORCE)', f'CREATE DATABASE "template_{worker}"')
            make_schema(create_app(settings_for(f"{POSTGRES}/template_{worker}")))
            self.url = f"{POSTGRES}/live_{worker}"
        else:
            make_schema(create_app(settings_for(f"sqlite:///{self.template}")))
            self.url = f"sqlite:///{self.live}"

    def _sql(self, *statements: str) -> None:
        with self.admin.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def renew(self) -> None:
        """Replace the live database by a copy of the template."""
        if POSTGRES:
            self._sql(
                f'DROP DATABASE IF EXISTS "live_{self.worker}" WITH (FORCE)',
                f'CREATE DATABASE "live_{self.worker}" TEMPLATE "template_{self.worker}"',
            )
            return
        for suffix in ("-wal", "-shm", "-journal"):
            self.live.with_name(self.live.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.live)


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
    return app


@pytest.fixture
def app(whole_app: Flask, databases: Databases) -> Iterator[Flask]:
    """The application over a fresh database, in an application context."""
    with whole_app.app_context():
        db.engine.dispose()
    databases.renew()
    with whole_app.app_context():
        yield whole_app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """People by relation, in a small agency (tests/cast.py)."""
    return Cast(app)
