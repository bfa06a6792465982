"""Structured logs: one JSON line each, with the request's id, and nothing confidential."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

_HIDDEN = frozenset({"password", "token", "nip", "secret", "body", "note", "reason", "message_text", "cookie"})


def _redact(_logger: Any, _name: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: "[hidden]" if key in _HIDDEN else value for key, value in line.items()}


def set_up(level: str) -> None:
    """Write JSON lines to standard error from ``level`` on."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _redact,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format='{"level":"%(levelname)s","logger":"%(name)s","event":"%(message)s"}'
    )
