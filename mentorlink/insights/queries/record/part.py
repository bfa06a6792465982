"""One part of somebody's record: which rows are theirs, and what of them is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute


@dataclass(frozen=True)
class Part:
    """One kind of thing: its code, who else could see it (a code), its fields in order, and the query of its rows."""

    code: str
    seen_by: str
    fields: tuple[str, ...]
    query: sa.Select[Any]


Column = InstrumentedAttribute[Any]


def part(
    code: str,
    seen_by: str,
    me: int,
    by: Column | tuple[Column, ...],
    fields: Mapping[str, Any],
    *joins: Any,
    where: sa.ColumnElement[bool] | None = None,
) -> Part:
    """Rows in which ``by`` is the person, oldest first; ``joins`` are tables, or tables with the condition they hang on."""
    columns = by if isinstance(by, tuple) else (by,)
    table = columns[0].class_
    query = sa.select(*fields.values()).select_from(table)
    for each in joins:
        query = query.outerjoin(*each) if isinstance(each, tuple) else query.outerjoin(each)
    query = query.where(sa.or_(*(column == me for column in columns)))
    if where is not None:
        query = query.where(where)
    return Part(code, seen_by, tuple(fields), query.order_by(*table.__table__.primary_key.columns))
