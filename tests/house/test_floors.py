"""Imports go down only."""

import pytest
from importlinter.cli import lint_imports

pytestmark = pytest.mark.one_database


def test_imports_keep_to_the_floors(capsys: pytest.CaptureFixture[str]) -> None:
    result = lint_imports(config_filename="pyproject.toml", no_cache=True)
    assert result == 0, capsys.readouterr().out
