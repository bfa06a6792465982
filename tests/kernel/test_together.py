"""Deeds of several people in one transaction: all or each alone."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from flask import Flask

from mentorlink.kernel import together as module
from mentorlink.kernel.actions import in_transaction
from mentorlink.kernel.errors import Conflict
from mentorlink.kernel.together import Together

pytestmark = pytest.mark.one_database


def said_at_once(app: Flask, refused: set[int], monkeypatch: pytest.MonkeyPatch) -> tuple[dict[int, Any], list[int], list[int]]:
    """Six people: while the first one's deed is under way the others come. Answers, deeds in order, sizes of the groups."""
    together, answers, done, sizes = Together(), {}, [], []
    commit = module._commit
    monkeypatch.setattr(module, "_commit", lambda group: (sizes.append(len(group)), commit(group)))

    def deed(number: int) -> int:
        if number == 0:
            while len(together._waiting) < 5:
                time.sleep(0.01)
        elif not in_transaction():
            done.append(-1)  # alone: the use case would open its own
        if number in refused:
            raise Conflict("refused")
        done.append(number)
        return number * 10

    def ask(number: int) -> None:
        with app.app_context():
            try:
                answers[number] = together.do(number, lambda: deed(number))
            except Conflict as error:
                answers[number] = error.code

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
        while thread is threads[0] and not together._busy:
            time.sleep(0.01)
    for thread in threads:
        thread.join(20)
    return answers, done, sizes


def test_who_waits_shares_the_next_transaction_in_one_order(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    answers, done, sizes = said_at_once(app, set(), monkeypatch)
    assert answers == {number: number * 10 for number in range(6)}
    assert done == [0, 1, 2, 3, 4, 5]
    assert sizes == [1, 5]


def test_where_one_is_refused_the_others_are_done_alone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    answers, done, sizes = said_at_once(app, {4}, monkeypatch)
    assert answers == {number: number * 10 for number in range(6)} | {4: "refused"}
    assert done[:4] == [0, 1, 2, 3], "together, until one was refused"
    assert done[4:] == [-1, 1, -1, 2, -1, 3, -1, -1, 5], "then each alone"
    assert sizes == [1, 5]
