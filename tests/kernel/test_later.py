"""What is done once the answer is out: once, each for itself, and never twice."""

from __future__ import annotations

import pytest
from flask import Flask

from mentorlink.kernel import later
from tests.cast import Cast


@pytest.mark.one_database
def test_each_deed_is_done_once_and_one_that_fails_stops_no_other() -> None:
    done: list[str] = []
    later.take()
    later.after_answer(lambda: done.append("first"))
    later.after_answer(lambda: 1 / 0)
    later.after_answer(lambda: done.append("last"))
    deeds = later.take()
    assert later.take() == ()
    later.run(deeds)
    assert done == ["first", "last"]


def test_a_deed_left_over_from_elsewhere_does_not_run_after_the_next_answer(cast: Cast) -> None:
    done: list[str] = []
    later.after_answer(lambda: done.append("stray"))
    assert cast.app.test_client().get("/healthz", buffered=True).status_code == 200
    assert done == []
    assert later.take() == ()


def test_a_deed_runs_after_the_answer_in_a_context_of_its_own(app: Flask) -> None:
    done: list[str] = []

    def deed() -> None:
        from flask import current_app, has_request_context

        done.append(f"{current_app.name} {has_request_context()}")

    def wish() -> None:
        later.after_answer(deed)

    app.before_request_funcs.setdefault(None, []).append(wish)
    try:
        answer = app.test_client().get("/healthz")
        assert answer.get_data()
        assert done == []
        answer.close()
    finally:
        app.before_request_funcs[None].remove(wish)
    assert done == [f"{app.name} False"]
