"""What a device does with what was written and what it asks, where the line, the storage or another tab fails."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

NODE = shutil.which("node")
SCENES = Path(__file__).with_name("device.mjs")
HOUSE = SCENES.parents[2]


@pytest.mark.one_database
@pytest.mark.skipif(NODE is None, reason="there is no node")
def test_whatever_fails_what_was_written_goes_out_once_in_order_and_what_was_said_is_heard() -> None:
    command = [str(NODE), "--experimental-default-type=module", "--no-warnings", str(SCENES), str(HOUSE)]
    played = subprocess.run(command, capture_output=True, text=True, check=False)
    assert played.returncode == 0, played.stdout + played.stderr
