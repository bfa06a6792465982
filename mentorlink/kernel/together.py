"""Deeds of several people in one transaction, so that hundreds in a second wait for few commits."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from mentorlink.kernel.actions import in_transaction, transaction

R = TypeVar("R")

MOST = 32
"""So many deeds share a transaction at most."""


class _Deed:
    """What somebody waits for."""

    __slots__ = ("done", "error", "key", "result", "what")

    def __init__(self, key: int, what: Callable[[], Any]) -> None:
        self.key, self.what = key, what
        self.done = False
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        """Do it in a transaction of its own."""
        try:
            self.result = self.what()
        except Exception as error:  # whoever waits for it gets it
            self.error = error


class Together:
    """Whoever comes while a transaction is under way waits for the next one, which takes all who wait.

    They share its fate only where it is good: if one of them is refused nothing has happened, and each is done alone.
    """

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self._waiting: deque[_Deed] = deque()
        self._busy = False

    def do(self, key: int, what: Callable[[], R]) -> R:
        """What ``what`` returns, after its commit. Deeds of a lower key come first: all take their locks in one order."""
        if in_transaction():
            return what()
        mine = _Deed(key, what)
        group: list[_Deed] = []
        with self._moved:
            self._waiting.append(mine)
            while self._busy and not mine.done:
                self._moved.wait()
            if not mine.done:
                self._busy = True
                self._waiting.remove(mine)
                group = [mine, *(self._waiting.popleft() for _each in range(min(MOST, len(self._waiting))))]
        if group:
            self._lead(group)
        if mine.error is not None:
            raise mine.error
        return mine.result  # type: ignore[no-any-return]  # what() returned it

    def _lead(self, group: list[_Deed]) -> None:
        try:
            _commit(sorted(group, key=lambda deed: deed.key))
        except BaseException as error:  # the thread is ended; nobody may wait for it for ever
            for deed in group:
                deed.error = deed.error or error
            raise
        finally:
            with self._moved:
                for deed in group:
                    deed.done = True
                self._busy = False
                self._moved.notify_all()


def _commit(group: list[_Deed]) -> None:
    if len(group) == 1 or not _as_one(group):
        for deed in group:
            deed.run()


def _as_one(group: list[_Deed]) -> bool:
    try:
        with transaction():
            for deed in group:
                deed.result = deed.what()
    except Exception:  # one was refused, or the database would not have them together
        return False
    return True
