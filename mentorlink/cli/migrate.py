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

from mentorlink.kernel import crypto
from mentorlink.kernel.db import Base, Secret, SecretJson

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


def keys_open(url: str) -> bool:
    """False when the key ring does not open what stands sealed there: one value of the first column that holds any.

    Asked before the schema is changed: tables and columns that are not there yet hold nothing.
    """
    if url.startswith("sqlite") and not Path(url.removeprefix("sqlite:///")).exists():
        return True
    engine = sa.create_engine(url, poolclass=NullPool)
    seen = sa.inspect(engine)
    with engine.connect() as connection:
        for table in filter(lambda table: seen.has_table(table.name), Base.metadata.sorted_tables):
            there = {column["name"] for column in seen.get_columns(table.name)}
            for column in table.columns:
                if column.name not in there or not isinstance(column.type, Secret | SecretJson):
                    continue
                held = sa.select(sa.type_coerce(column, sa.LargeBinary)).where(column.is_not(None)).limit(1)
                if (sealed := connection.scalar(held)) is not None:
                    return crypto.opens(bytes(sealed))
    return True
