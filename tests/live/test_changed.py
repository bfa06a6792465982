"""Open pages of the two are told that something has changed, those too whose line was not open yet."""

from __future__ import annotations

from typing import Any

import pytest

from mentorlink.live import push
from mentorlink.pairing.actions import accept_request
from tests.cast import Cast
from tests.pairing.stage import ask, offer

pytestmark = pytest.mark.one_database


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Any]]:
    """What went out: channel, name, payload."""
    said: list[tuple[str, str, Any]] = []
    monkeypatch.setattr(push, "here", lambda channel, name, payload: said.append((channel, name, payload)))
    push._lately.clear()
    return said


def test_both_are_told_in_all_their_tabs_and_nothing_is_said_of_what(cast: Cast, heard: list[tuple[str, str, Any]]) -> None:
    request = ask(cast, cast.mentee, offer(cast, cast.mentor))
    heard.clear()
    accept_request(cast.actor(cast.mentor), request)
    told = [(channel, payload) for channel, name, payload in heard if name == "changed"]
    both = {push.person_channel(cast.mentee.id), push.person_channel(cast.mentor.id)}
    assert {channel for channel, payload in told if payload == {"about": "request", "id": request.id}} == both
    assert {channel for channel, _payload in told} == both


def test_a_line_that_opens_late_hears_what_changed_since_its_page_was_asked_for(
    cast: Cast, heard: list[tuple[str, str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, Any, str]] = []
    monkeypatch.setattr(
        push.socketio, "server", type("Server", (), {"emit": lambda _, name, what, to: sent.append((name, what, to))})()
    )
    push.to_person(cast.mentee.id, "changed", {"about": "request", "id": 7})
    push.to_person(cast.mentor.id, "changed", {"about": "request", "id": 7})
    push.to_person(cast.mentee.id, "count", {"name": "notices", "value": 1})
    for seconds in (None, "soon", 0, -5):
        push.catch_up("late", cast.mentee.id, seconds)
    assert sent == []
    push.catch_up("late", cast.mentee.id, 30)
    assert sent == [("changed", {"about": "request", "id": 7}, "late")]
