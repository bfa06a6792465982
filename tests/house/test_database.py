"""The migrations make what the rows say, and nobody outside the actions commits."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask

import mentorlink
from mentorlink.kernel.db import db, in_schema, metadata

SOURCE = Path(mentorlink.__file__).parent


def test_the_migrations_equal_the_rows(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": in_schema})
        assert compare_metadata(context, metadata) == []


@pytest.mark.one_database
def test_only_the_kernel_commits() -> None:
    commits = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in SOURCE.rglob("*.py")
        if "kernel" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "commit" and "session" in ast.unparse(node.value)
    ]
    assert commits == []
