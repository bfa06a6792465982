"""The time, which tests and the demo can set. Every instant in the house is an aware datetime in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)
_everywhere: list[datetime] = []
_house: list[str] = ["Asia/Jakarta"]


def now() -> datetime:
    """The current instant, aware, UTC."""
    return _frozen.get() or (_everywhere[-1] if _everywhere else datetime.now(UTC))


def keep(timezone: str) -> None:
    """From now on the house keeps the time of ``timezone`` (IANA name)."""
    _house[:] = [timezone]


def zone() -> ZoneInfo:
    """The time zone that the house keeps."""
    return ZoneInfo(_house[0])


def today(timezone: str | None = None) -> date:
    """The calendar day that people in ``timezone`` (IANA name; none: where the house is) have now."""
    return now().astimezone(ZoneInfo(timezone) if timezone else zone()).date()


@contextmanager
def at(instant: datetime, *, everywhere: bool = False) -> Iterator[None]:
    """Stop the clock at ``instant`` (aware): in this thread, or with ``everywhere`` in the whole process."""
    if instant.tzinfo is None:
        raise ValueError("an instant carries its time zone")
    if everywhere:
        _everywhere.append(instant)
        try:
            yield
        finally:
            _everywhere.pop()
        return
    token = _frozen.set(instant)
    try:
        yield
    finally:
        _frozen.reset(token)
