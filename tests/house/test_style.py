"""The linter finds nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.one_database


def test_ruff_finds_nothing() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "."], cwd=Path(__file__).parents[2], capture_output=True, text=True
    )
    assert found.returncode == 0, found.stdout
