"""The product's own code as trees, read once for all tests that look at it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import mentorlink

SOURCE = Path(mentorlink.__file__).parent


@cache
def modules() -> tuple[tuple[Path, ast.Module], ...]:
    """Every module's file and tree."""
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(SOURCE.rglob("*.py")))
