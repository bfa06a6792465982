"""Deeds at one instant."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask

from mentorlink.kernel.db import db
from mentorlink.kernel.errors import DomainError


def at_once(app: Flask, *deeds: Callable[[], object]) -> list[object]:
    """Each deed in a thread of its own, let go together; what each gave back or was refused with."""
    results: list[object] = [None] * len(deeds)
    gate = threading.Barrier(len(deeds))

    def run(place: int, deed: Callable[[], object]) -> None:
        with app.app_context():
            gate.wait()
            try:
                results[place] = deed()
            except DomainError as refused:
                results[place] = refused
            finally:
                db.session.remove()

    db.session.rollback()
    threads = [threading.Thread(target=run, args=(place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
