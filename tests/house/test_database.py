"""The migrations make what the rows say, and nobody outside the actions commits."""

from __future__ import annotations

import ast

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask

from mentorlink.kernel.db import db, in_schema, metadata
from tests.house.sources import SOURCE, modules


def test_the_migrations_equal_the_rows(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": in_schema})
        assert compare_metadata(context, metadata) == []


@pytest.mark.one_database
def test_only_the_kernel_commits() -> None:
    commits = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path, tree in modules()
        if "kernel" not in path.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit" and "session" in ast.unparse(node.value)
    ]
    assert commits == []
