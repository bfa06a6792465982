"""Statements that are asked hundreds of times a second: built and compiled once, then given to the driver as they are.

What SQLAlchemy does for each execution costs several times what such a statement costs the database. Values and answers are
turned by the types of the columns as ever, and errors are SQLAlchemy's; no row is watched by the session, and what the session
has not flushed is not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect

from mentorlink.kernel.db import db

Turn = Callable[[Any], Any]


class Prepared:
    """One statement; decorate with it a function that builds it."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build
        self._forms: dict[str, _Form] = {}
        self.__doc__ = build.__doc__

    def all(self, values: Mapping[str, Any]) -> list[Any]:
        """Its rows, as tuples, in the session's transaction."""
        return self._on(_line(), values)

    def run(self, values: Mapping[str, Any]) -> None:
        """Do it, in the session's transaction."""
        self._on(_line(), values)

    def first(self, values: Mapping[str, Any]) -> Any:
        """The first of them, or None."""
        rows = self.all(values)
        return rows[0] if rows else None

    def scalar(self, values: Mapping[str, Any]) -> Any:
        """The first value of the first of them, or None."""
        rows = self.all(values)
        return rows[0][0] if rows else None

    def apart(self, values: Mapping[str, Any]) -> list[Any]:
        """Its rows as they are committed by now, without a transaction of the session."""
        with db.engine.connect() as connection:
            return self._on(connection, values)

    def _on(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        dialect = connection.dialect
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = _Form(self._build(), dialect)
        bound = form.bind(values)
        cursor = None
        try:
            cursor = connection.connection.cursor()
            cursor.execute(form.sql, bound)
            rows = cursor.fetchall() if form.answers else []
        except BaseException as error:  # the one place where SQLAlchemy names it, and gives up a connection that is gone
            connection._handle_dbapi_exception(error, form.sql, bound, cursor, None)
            raise
        cursor.close()
        return [form.read(row) for row in rows] if form.turns else rows


def _line() -> Connection:
    """The connection of the session's transaction, asked for once in each."""
    session = db.session()
    under_way = session.get_transaction()
    kept = session.info.get("line")
    if under_way is not None and kept is not None and kept[0] is under_way:
        return kept[1]  # type: ignore[no-any-return]  # put there below
    connection = session.connection()
    session.info["line"] = (session.get_transaction(), connection)
    return connection


class _Form:
    """A statement in the words of one database."""

    __slots__ = ("_fixed", "_order", "_turns_in", "answers", "sql", "turns")

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self._order: list[str] | None = list(compiled.positiontup) if compiled.positional else None
        self._turns_in = {
            name: turn for name, bind in compiled.binds.items() if (turn := _type(bind.type, dialect).bind_processor(dialect))
        }
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        columns = list(statement.exported_columns)
        self.answers = bool(columns)
        found = [(at, _type(column.type, dialect).result_processor(dialect, None)) for at, column in enumerate(columns)]
        self.turns: list[tuple[int, Turn]] = [(at, turn) for at, turn in found if turn]

    def bind(self, values: Mapping[str, Any]) -> Any:
        given = {**self._fixed, **values}
        for name, turn in self._turns_in.items():
            given[name] = turn(given.get(name))
        return given if self._order is None else [given[name] for name in self._order]

    def read(self, row: Any) -> tuple[Any, ...]:
        values = list(row)
        for at, turn in self.turns:
            values[at] = turn(values[at])
        return tuple(values)


def _type(type_: sa.types.TypeEngine[Any], dialect: Dialect) -> Any:
    return type_.dialect_impl(dialect)
