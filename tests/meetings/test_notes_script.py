"""What the browser's half of the shared notes does under any order of typing, sending, lost answers and reloads; run by Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

NODE = shutil.which("node") or ""

pytestmark = [pytest.mark.one_database, pytest.mark.skipif(not NODE, reason="Node is not here")]


def test_two_devices_end_with_one_text_and_every_keystroke_whatever_is_lost() -> None:
    ran = subprocess.run([NODE, str(Path(__file__).with_name("notes.mjs"))], capture_output=True, text=True, check=True)
    seen = json.loads(ran.stdout)
    assert seen["rounds"] == 300
    assert seen["lost"] > 500, "answers were lost, and the same change sent again"
    assert (seen["apart"], seen["gone"]) == (0, 0)
    assert (seen["wrong"], seen["jumped"]) == (0, 0)
    assert seen["kept"] == "xA D Cy", "what another changed between two places of mine stays changed"
    assert seen["one_word"] == "abcYX", "two who write on at one word write it once"
