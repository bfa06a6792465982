"""Structured logs: one JSON line each, with the request's id, and nothing confidential."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import Any

import structlog

_KEYS = frozenset({"token"})
"""Parts of addresses that are a key by themselves."""

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


def _name_the_library(_logger: Any, _name: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return line | {"event": _without_details(str(line["event"])), "logger": line["_record"].name}


def set_up(level: str) -> None:
    """Write JSON lines to standard error from ``level`` on, and alike what libraries warn of."""
    stamps: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        _redact,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    lines: list[structlog.typing.Processor] = [
        structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
        _keep_values_out,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    structlog.configure(
        processors=[*stamps, *lines],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    of_libraries = logging.StreamHandler(sys.stderr)
    of_libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*stamps, _name_the_library],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *lines],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[of_libraries])


def shown_path(path: str, parts: Mapping[str, Any] | None) -> str:
    """An address as the log may hold it: without the part (``parts`` of its route) that opens a page to whoever has it."""
    for name in _KEYS & set(parts or ()):
        path = path.replace(str((parts or {})[name]), "[hidden]")
    return path
