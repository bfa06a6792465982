"""Structured logs: one JSON line each, with the request's id, and nothing confidential."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

_HIDDEN = frozenset({"password", "token", "nip", "secret", "body", "note", "reason", "message_text", "cookie"})


def _redact(_logger: Any, _name: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: "[hidden]" if key in _HIDDEN else value for key, value in line.items()}


def named(error: BaseException) -> str:
    """What went wrong, without the values that PostgreSQL names in its details: they are people's data."""
    return _without_details(repr(error))


def _without_details(text: str) -> str:
    return text.split("DETAIL:", 1)[0]


def _keep_values_out(_logger: Any, _name: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    for found in line.get("exception", ()):
        found["exc_value"] = _without_details(found["exc_value"])
    return line


def set_up(level: str) -> None:
    """Write JSON lines to standard error from ``level`` on."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _redact,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            _keep_values_out,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format='{"level":"%(levelname)s","logger":"%(name)s","event":"%(message)s"}'
    )
