"""The short form of ``bench/faults.py``: clients behind a proxy, the server killed, lines cut and half-open; nothing is lost.

One worker over SQLite, with a Redis where there is one; the program itself does the same with PostgreSQL and two workers.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.one_database, pytest.mark.timeout(400)]


def test_nothing_is_lost_doubled_or_out_of_order_whatever_dies() -> None:
    short = ["--clients", "10", "--messages", "30", "--rooms", "2", "--faults", "5", "--pause", "1.5", "--silence", "2"]
    command = [sys.executable, str(ROOT / "bench" / "faults.py"), *short, "--sqlite", "--forked"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MENTORLINK_")}
    done = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    *_story, last = done.stdout.splitlines()
    figures = dict(part.split(": ") for part in last.split(", "))
    assert {name: figures[name] for name in ("lost", "doubled", "out of order")} == dict.fromkeys(
        ("lost", "doubled", "out of order"), "0"
    )
    assert figures["messages"] == "30"
    assert figures["deliveries"] == str(30 * 5)
