"""Work over what strangers wrote, in a process of its own: with bounds of time and memory, without our secrets.

A calendar of a few kilobytes can ask for a million repetitions, and a parser can be made to run for hours. In a process of
its own that costs its own seconds and nothing else, and the process knows neither the settings nor the database.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

AT_ONCE = 2
"""So many run side by side in one process of ours; whoever sends files in dozens waits for themselves."""
_room = threading.BoundedSemaphore(AT_ONCE)
ROOT = Path(__file__).parent.parent.parent


class TooMuch(Exception):
    """The work took more time or memory than it was given, or broke."""


def run_aside(function: str, arguments: dict[str, Any], *, seconds: int = 10, megabytes: int = 512) -> Any:
    """What ``function`` (``package.module:name``) makes of ``arguments``, both as JSON; raises TooMuch."""
    if not _room.acquire(timeout=seconds * 2):
        raise TooMuch("busy")
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and module; what strangers wrote comes in by stdin
            [sys.executable, "-m", __name__, function, str(seconds), str(megabytes)],
            input=json.dumps(arguments).encode(),
            capture_output=True,
            timeout=seconds * 2 + 5,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooMuch("time") from None
    finally:
        _room.release()
    if done.returncode != 0:
        raise TooMuch(f"exit {done.returncode}")
    return json.loads(done.stdout)


def main(function: str, seconds: str, megabytes: str) -> None:
    """The process itself."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_AS, (int(megabytes) * 2**20,) * 2)
    module, _, name = function.partition(":")
    arguments = json.load(sys.stdin)
    json.dump(getattr(importlib.import_module(module), name)(**arguments), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
