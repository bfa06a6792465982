"""Open pages of the two are told that something has changed, those too whose line was not open yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mentorlink.community import actions
from mentorlink.community.inputs import AnswerInput, AskInput
from mentorlink.live import push
from mentorlink.pairing.actions import accept_request
from mentorlink.sessions.coaching.actions import drop_commitment
from tests.cast import Cast
from tests.coaching.two import Two
from tests.community.talk import Talk
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


def test_who_waits_to_be_let_in_sees_it_on_the_page(cast: Cast, heard: list[tuple[str, str, Any]]) -> None:
    talk = Talk(cast, joining="request")
    entry = actions.ask_to_join(cast.actor(cast.mentee), talk.community, AskInput(message="May I?"))
    assert f'data-about="community:{talk.community_id}"' in cast.client(cast.mentee).get(f"/communities/{talk.community_id}").text
    heard.clear()
    actions.answer_entry(cast.actor(cast.mentor), talk.community, entry.id, AnswerInput(answer="accept"))
    told = (push.person_channel(cast.mentee.id), "changed", {"about": "community", "id": talk.community_id})
    assert told in heard


def test_whatever_one_of_two_writes_into_their_coaching_the_other_page_hears_of(
    cast: Cast, heard: list[tuple[str, str, Any]]
) -> None:
    two = Two(cast).engage().set_goal()
    meeting = two.plan()
    both = {push.person_channel(cast.mentee.id), push.person_channel(cast.mentor.id)}

    def tells(act: Callable[[], Any]) -> set[str]:
        heard.clear()
        act()
        return {channel for channel, name, what in heard if name == "changed" and what == {"about": "engagement", "id": two.id}}

    assert tells(lambda: two.sheet(meeting)) == both
    assert tells(lambda: two.commit(meeting)) == both
    commitment = two.commit(meeting, text="And on Tuesday")
    assert tells(lambda: two.check_in(commitment, "not_yet")) == both
    assert tells(lambda: drop_commitment(two.coachee, commitment)) == both
    assert tells(lambda: drop_commitment(two.coachee, commitment)) == set()


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
