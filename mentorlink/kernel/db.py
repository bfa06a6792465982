"""The database handle, the base of all rows, and the column types that both databases store alike."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine, ExceptionContext
from sqlalchemy.exc import DataError, IntegrityError, InvalidRequestError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from mentorlink.kernel import crypto
from mentorlink.kernel.errors import DomainError, NotFound

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Base(DeclarativeBase):
    """Base of every row."""

    metadata = metadata


db = SQLAlchemy(metadata=metadata)

Row = TypeVar("Row")

BUSY_SECONDS = 15
"""So long a writer waits for another."""

writing: ContextVar[bool] = ContextVar("writing", default=False)
"""True inside an action: SQLite then takes its write lock at BEGIN, so nobody reads first and hopes."""


_turn = threading.RLock()


def _new_turn() -> None:
    global _turn  # who held it is not in this process
    _turn = threading.RLock()


os.register_at_fork(after_in_child=_new_turn)


@contextmanager
def writers_turn() -> Iterator[None]:
    """SQLite lets one write at a time, and who waits for it there sleeps and looks again, up to a tenth of a second at a
    time; the threads of this process wait for each other here instead, and the next goes on at once. What other processes
    hold is still waited for in SQLite."""
    if db.engine.dialect.name != "sqlite":
        yield
        return
    turn = _turn
    held = turn.acquire(timeout=BUSY_SECONDS)
    try:
        yield
    finally:
        if held:
            turn.release()


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant carries its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON value; replace it whole, changes inside it are not seen."""

    impl = sa.JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(postgresql.JSONB() if dialect.name == "postgresql" else sa.JSON())


class Words(Json):
    """A short text in several languages: ``{"id": "Integritas", "en": "Integrity"}``."""

    cache_ok = True


class Secret(TypeDecorator[str]):
    """A confidential text, encrypted at rest with the key ring (``kernel/crypto.py``)."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else crypto.seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else crypto.unseal(bytes(value))


class SecretJson(TypeDecorator[Any]):
    """A confidential JSON value, encrypted at rest."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else crypto.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(crypto.unseal(bytes(value)))


def one_of(column: str, codes: Collection[str]) -> str:
    """The condition that a column holds one of our own codes, for a constraint or a partial index."""
    return f"{column} IN ({', '.join(repr(code) for code in codes)})"


def in_schema(name: str | None, _kind: str, _parents: Any) -> bool:
    """False for what the database's full-text search keeps beside our rows; a comparison with the rows leaves it out."""
    return not (name or "").startswith("search_words")


@contextmanager
def or_refuse(error: DomainError) -> Iterator[None]:
    """Flush what is done inside; a broken constraint becomes ``error`` and only this part is undone."""
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError:
        raise error from None


def lock(row: Row) -> Row:
    """Re-read ``row`` under its row lock (SQLite holds the write lock of the whole file already); NotFound where it is gone."""
    try:
        db.session.refresh(row, with_for_update={"of": type(row)})
    except InvalidRequestError:
        if row not in db.session:
            raise
        raise NotFound() from None
    return row


def key_of(row: Base) -> int:
    """The id of a stored row, without reading the row again after a transaction has ended."""
    identity = sa.inspect(row).identity
    if identity is None:
        raise ValueError("a row that is not stored has no id")
    return int(identity[0])


def insert_into(table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can say what happens ``on_conflict_…``; both databases speak it, SQLAlchemy has it per dialect."""
    return (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(table)


_BEYOND = (None, "22003", "22008")
"""PostgreSQL's codes of a number or a date out of range; a text with a zero byte is refused before it gets one."""


def prepare_engine(engine: Engine) -> None:
    """Set what each connection needs: SQLite's durability, foreign keys and explicit transactions."""

    @event.listens_for(engine, "handle_error")
    def _names_nothing(context: ExceptionContext) -> None:
        """What no column can hold (an id of thirty digits, the year 0) is answered like an id that never was."""
        cause = context.original_exception
        refused = isinstance(context.sqlalchemy_exception, DataError) and getattr(cause, "sqlstate", None) in _BEYOND
        if refused or isinstance(cause, OverflowError):
            raise NotFound() from cause

    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")
