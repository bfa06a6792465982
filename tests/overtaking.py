"""Two deeds, of which one stops in the middle until the other is done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from mentorlink.kernel.db import db
from tests.conftest import POSTGRES

PATIENCE = 20 if POSTGRES else 0.1
"""Seconds that the first one waits: on SQLite, whose writers take turns, the other cannot go on before it has ended."""


def overtaken(
    app: Flask, monkeypatch: pytest.MonkeyPatch, at: tuple[Any, str], first: Callable[[], Any], other: Callable[[], Any]
) -> tuple[Any, Any]:
    """``first`` stops where it calls the function ``at`` (module, name), the ``other`` is done, then it goes on.

    What each gave back or raised.
    """
    module, name = at
    real, there, done = getattr(module, name), threading.Event(), threading.Event()
    results: dict[str, Any] = {}

    def stop(*args: Any, **more: Any) -> Any:
        if threading.current_thread().name == "first":
            there.set()
            done.wait(PATIENCE)
        return real(*args, **more)

    def run(deed: Callable[[], Any]) -> None:
        whose = threading.current_thread().name
        with app.app_context():
            try:
                results[whose] = deed()
            except Exception as raised:
                results[whose] = raised
            finally:
                (there if whose == "first" else done).set()
                db.session.remove()

    monkeypatch.setattr(module, name, stop)
    db.session.rollback()
    threads = [threading.Thread(target=run, args=(deed,), name=whose) for whose, deed in (("first", first), ("other", other))]
    threads[0].start()
    there.wait()
    threads[1].start()
    for thread in threads:
        thread.join()
    monkeypatch.undo()
    return results["first"], results["other"]
