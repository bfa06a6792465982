"""Brings the database to the newest schema; one at a time, however many start at once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.pool import NullPool

FOLDER = Path(__file__).parent.parent.parent / "migrations"
_LOCK_NUMBER = 7_305_811
"""Any number, the same in every process: PostgreSQL's advisory lock of this house's migrations."""


def alembic_config(url: str) -> Config:
    """Alembic's configuration for the database at ``url``."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(slug)s")
    config.attributes["url"] = url
    return config


def migrate(url: str) -> None:
    """Upgrade the database at ``url`` to the newest schema. Waits for another process that does the same."""
    with _alone(url):
        command.upgrade(alembic_config(url), "head")


@contextmanager
def _alone(url: str) -> Iterator[None]:
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_name(path.name + ".migrating").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    engine = sa.create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_advisory_lock(:number)"), {"number": _LOCK_NUMBER})
        try:
            yield
        finally:
            connection.execute(sa.text("SELECT pg_advisory_unlock(:number)"), {"number": _LOCK_NUMBER})
