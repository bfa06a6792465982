"""Ground of all tests: one application per process, and for each test a database of its own copied from a template.

Every test commits for real, so threads, sockets and browsers see what the test did. ``MENTORLINK_TEST_POSTGRES`` (an
address of a server where databases may be made, ``postgresql+psycopg://user@host:port``) runs the same tests on PostgreSQL.

The application is imported where it is needed: the process that hands out tests to others reads this file too, and needs none.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser

    from config import Settings
    from tests.cast import Cast
    from tests.databases import Databases

POSTGRES = os.environ.get("MENTORLINK_TEST_POSTGRES", "")
TEMPLATES = os.environ.get("MENTORLINK_TEST_TEMPLATES", "")
PATIENCE = 60_000
"""Milliseconds that something awaited in a browser may take on a busy machine."""

KEYS = ("Wm9tYmllcyBsaWtlIGJyYWlucyAxMjM0NTY3ODkwIT8=",)

hypothesis.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("house")  # a busy machine is no fault of a rule


def settings_for(url: str, **overrides: object) -> Settings:
    """Settings of a test application."""
    from config import Settings

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
    from jinja2 import FileSystemBytecodeCache

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


SAME_ON_BOTH = frozenset((Path(__file__).parent / "one_database.txt").read_text(encoding="utf-8").split())
"""Tests whose every statement others send to PostgreSQL (scripts/one_database.py)."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in ``SLOW``, and what is the same on both databases."""
    for item in items:
        if item.nodeid.startswith(SLOW):
            item.add_marker("slow")
        if item.nodeid.split("[")[0] in SAME_ON_BOTH:
            item.add_marker("one_database")


def pytest_collection_finish() -> None:
    """What is loaded now stays until the end: the collector need not look through it again, nor come as often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_sessionfinish() -> None:
    """The process ends: nothing of it need be looked through any more."""
    gc.freeze()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """The databases of this process."""
    from mentorlink.cli import words
    from tests.databases import Files, Schemas

    words.compile_all()
    folder, worker = tmp_path_factory.mktemp("db"), os.environ.get("PYTEST_XDIST_WORKER", "")
    shared = folder.parent.parent if worker else folder
    return Schemas(POSTGRES, worker or "main", shared) if POSTGRES else Files(folder, shared)


@pytest.fixture(scope="session")
def whole_app(databases: Databases) -> Flask:
    """The application of this process, over the live database."""
    import sqlalchemy as sa
    from argon2 import PasswordHasher

    from mentorlink.app import create_app
    from mentorlink.kernel.db import db
    from mentorlink.people.rules import passwords

    passwords._hasher = PasswordHasher(**passwords.STRENGTH | {"time_cost": 1, "memory_cost": 64})
    app = create_app(settings_for(databases.url))
    app.config["WTF_CSRF_ENABLED"] = False
    app.testing = True
    keep_templates(app)
    with app.app_context():
        db.engine.update_execution_options(compiled_cache={})  # all tests together send more than an engine keeps compiled
        if not POSTGRES:
            sa.event.listen(db.engine, "connect", do_not_wait_for_the_disk)
    databases.fill(app)
    return app


def do_not_wait_for_the_disk(connection: Any, _record: Any) -> None:
    """What survives a crash is tested with processes of their own, which keep SQLite's durable setting."""
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def app(whole_app: Flask, databases: Databases, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application over a fresh database, in an application context; over the ground where a cast plays.

    Where a test asks for a fixture that has kept a template under its own name, over that.
    """
    from mentorlink.kernel import settings
    from mentorlink.kernel.db import db

    settings.use(whole_app.config["SETTINGS"])  # another test may have made another application
    wanted = [name for name in databases.told if name in request.fixturenames]
    with whole_app.app_context():
        databases.renew(wanted[0] if wanted else "ground" if "cast" in request.fixturenames else "empty")
        yield whole_app
        db.session.remove()


@pytest.fixture
def cast(app: Flask, databases: Databases) -> Cast:
    """People by relation, in a small agency (tests/cast.py)."""
    from tests.cast import Cast

    return Cast(app, databases.people())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the process."""
    from playwright.sync_api import expect, sync_playwright

    from tests.browser.program import chromium, flags

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=flags())
        yield browser
        browser.close()
