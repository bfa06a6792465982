"""What somebody with bad intentions sends to a community: script in every text, days and numbers out of this world."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from mentorlink.community import actions as community_actions
from mentorlink.community.actions import knowledge, safety
from mentorlink.community.inputs import RoleInput
from mentorlink.community.inputs.knowledge import PageInput
from mentorlink.community.inputs.safety import GlassInput
from mentorlink.community.models.decisions import Decision
from mentorlink.community.models.gatherings import Gathering
from mentorlink.community.queries.knowledge import page_for
from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from tests.cast import Cast
from tests.community.living import Living

BAD = "<script>alert(1)</script><img src=x onerror=alert(2)>[here](javascript:alert(3))"


@pytest.fixture
def living(cast: Cast) -> Living:
    return Living(cast)


def newest(column: Any) -> int:
    return int(db.session.scalar(sa.select(sa.func.max(column))) or 0)


@pytest.mark.one_database
def test_script_in_any_text_of_a_community_stays_text(living: Living, cast: Cast) -> None:
    host, member, day = cast.client(cast.mentor), cast.client(cast.mentee), clock.today().isoformat()
    here = f"/communities/{living.community_id}"
    sent = {
        f"{here}/charter": {"purpose": BAD, "belongs": BAD, "why": BAD},
        f"{here}/promise": {"text": BAD},
        f"{here}/measures": {"name": BAD, "unit": "<b>hari</b>", "start": "9", "aim": "3", "start_on": day, "source": BAD},
        f"{here}/gatherings": {"title": BAD, "about": BAD, "day": day, "at": "23:59", "place": BAD, "agenda": BAD},
        f"{here}/decisions": {
            "question": BAD, "about": BAD, "method": "consent", "closes_on": "2199-01-01", "way1": BAD, "pros1": BAD,
        },
        f"{here}/pages": {"title": BAD, "body": BAD * 2},
        f"{here}/material": {"kind": "link", "title": BAD, "about": BAD, "link": "https://a.example/"},
        f"{here}/rule": {"newcomer_days": "0", "held_words": BAD},
    }  # fmt: skip
    answers = {path: host.post(path, data=data).status_code for path, data in sent.items()}
    assert set(answers.values()) == {303}, answers
    gathering, decision = newest(Gathering.id), newest(Decision.id)
    assert member.post(f"/gatherings/{gathering}/points", data={"text": BAD}).status_code == 303
    assert member.post(f"/decisions/{decision}/stance", data={"stance": "object", "reason": BAD}).status_code == 303
    page = page_for(cast.actor(cast.mentor), 1)
    pages = (
        here, f"{here}/life", f"{here}/gatherings", f"/gatherings/{gathering}", f"{here}/decisions", f"/decisions/{decision}",
        f"{here}/knowledge", f"/pages/{page.id}", f"/pages/{page.id}/versions", f"{here}/moderation", "/library", "/catch-up",
    )  # fmt: skip
    for path in pages:
        answer = host.get(path)
        assert answer.status_code == 200, path
        for piece in ("<script>alert", "<img src=x", 'href="javascript:'):
            assert piece not in answer.text, path


@pytest.mark.one_database
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1999-12-31"])
def test_days_out_of_this_world_are_refused(living: Living, cast: Cast, day: str) -> None:
    host, here = cast.client(cast.mentor), f"/communities/{living.community_id}"
    gathering = {"title": "A gathering", "day": day, "at": "00:00"}
    decision = {"question": "Which one?", "method": "consent", "closes_on": day, "way1": "This"}
    assert host.post(f"{here}/gatherings", data=gathering).status_code == 422
    assert host.post(f"{here}/decisions", data=decision).status_code == 422
    task = {"text": "Write it down", "owner_id": cast.mentor.id, "due_on": day}
    assert host.post(f"/gatherings/{living.plan().id}/follow-ups", data=task).status_code == 422


@pytest.mark.one_database
@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://user:word@evil.example/", "x"]
)
def test_material_leads_to_web_addresses_alone(living: Living, cast: Cast, link: str) -> None:
    data = {"kind": "link", "title": "Look here", "link": link}
    answer = cast.client(cast.mentor).post(f"/communities/{living.community_id}/material", data=data)
    assert answer.status_code == 422, link


def test_what_is_too_long_or_too_large_is_refused_and_nothing_breaks(living: Living, cast: Cast) -> None:
    client, here = cast.client(cast.mentor), f"/communities/{living.community_id}"
    long = "a" * 70_000
    assert client.post(f"{here}/pages", data={"title": "A title", "body": long}).status_code == 422
    assert client.post(f"{here}/promise", data={"text": long}).status_code == 422
    assert client.post(f"/gatherings/{living.plan().id}/minutes", data={"body": long, "version": "0"}).status_code == 422
    for number in ("99999999999999999999", "-1", "NaN"):
        assert client.post(f"{here}/moderators", data={"person_id": number, "named": "1"}).status_code in (404, 422)
        measure = {"name": "Days late", "start": number, "aim": "1e400", "start_on": "2026-01-01"}
        assert client.post(f"{here}/measures", data=measure).status_code == 422


def test_who_was_removed_and_who_moderates_elsewhere_find_nothing(living: Living, cast: Cast) -> None:
    mentor, third = cast.actor(cast.mentor), cast.person("third")
    elsewhere = living.found("Another circle")
    community_actions.join_community(cast.actor(third), elsewhere)
    community_actions.change_role(mentor, elsewhere, third.id, RoleInput(role="facilitator"))
    gathering = living.plan().id
    decision = living.ask().id
    page = knowledge.write_page(mentor, living.community, PageInput(title="A page of ours", body="Long enough to be a page")).id
    here = f"/communities/{living.community_id}"
    paths = (f"{here}/life", f"{here}/pulse", f"{here}/moderation", f"/gatherings/{gathering}", f"/gatherings/{gathering}/round",
             f"/decisions/{decision}", f"/pages/{page}", f"/rooms/{living.room_id}")  # fmt: skip
    member = cast.client(cast.mentee)
    assert {member.get(path).status_code for path in paths if "pulse" not in path} == {200}
    community_actions.remove_member(mentor, living.community, cast.mentee.id)
    for who in (cast.mentee, third):
        client = cast.client(who)
        for path in paths:
            assert client.get(path).status_code in (403, 404), path
        assert client.post(f"/gatherings/{gathering}/check-in", data={"code": "123456"}).status_code == 404
        assert client.post(f"/decisions/{decision}/stance", data={"stance": "agree"}).status_code == 404
    glass = safety.ask_for_glass(cast.actor(cast.administrator), living.community, GlassInput(reason="A threat was reported"))
    there, nowhere = (cast.client(third).post(f"/break-glass/{number}").status_code for number in (glass.id, 9999))
    assert (there, nowhere) == (403, 403)
