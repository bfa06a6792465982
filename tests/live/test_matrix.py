"""Every socket event and every address, for everyone in some relation to the room, before and after they are removed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.routing import Rule

from mentorlink.community import actions, queries, rules
from mentorlink.community.actions import decisions, gatherings, knowledge, lives, safety
from mentorlink.community.inputs import InvitationInput, RoleInput, Upload
from mentorlink.community.inputs.decisions import DecisionInput
from mentorlink.community.inputs.gatherings import FollowUpInput, GatheringInput, PointInput
from mentorlink.community.inputs.knowledge import MaterialInput, QuestionInput
from mentorlink.community.inputs.lives import MeasureInput, PromiseInput
from mentorlink.community.inputs.safety import GlassInput, ModeratorInput, ReasonInput, ReportInput
from mentorlink.community.models import Entry
from mentorlink.community.models.knowledge import HelpAsked
from mentorlink.community.models.lives import Promise
from mentorlink.community.models.safety import BreakGlass, ModerationAct, Report
from mentorlink.community.queries.gatherings import gathering_for
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Role
from mentorlink.kernel.db import db
from mentorlink.live import community as _events  # noqa: F401  registers what is heard
from mentorlink.live.server import socketio
from mentorlink.people.models import Block, Person, RoleGrant
from tests.cast import Cast
from tests.community.talk import Talk
from tests.live.conftest import Device

Make = Callable[..., Device]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
NOT_FOUND = {"error": "not_found"}


def payloads(room: int, topic: int) -> dict[str, dict[str, Any]]:
    """A sound payload for each event that a client may send."""
    return {
        "room:join": {"room": room, "after": 0},
        "room:sync": {"room": room, "after": 0},
        "room:typing": {"room": room, "topic": topic},
        "message:post": {"room": room, "topic_id": topic, "body": "Words", "client_id": rules.new_client_id()},
        "room:leave": {"room": room},
    }


@pytest.mark.one_database
def test_the_matrix_knows_every_event(app: Any) -> None:
    heard = set(socketio.server.handlers["/"]) - {"connect", "disconnect"}
    assert heard == set(payloads(1, 1))


def refused(device: Device, room: int, topic: int) -> list[str]:
    """Events that are answered as if the room had never been."""
    answers = {name: device.ask(name, payload) for name, payload in payloads(room, topic).items()}
    never = {name: device.ask(name, payload) for name, payload in payloads(987654, 987654).items()}
    assert never["room:leave"] == {}
    return [name for name, answer in answers.items() if answer == NOT_FOUND == never[name]]


EVERYTHING = ["room:join", "room:sync", "room:typing", "message:post"]


class Relations:
    """A community by invitation, and somebody for every way in which one can stand to it."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        talk = self.talk = Talk(cast, joining="invitation", name="Closed circle")
        self.mentor, self.mentee = cast.mentor, cast.mentee
        names = ("expert", "second_facilitator", "named", "left", "blocked", "invited", "asking", "manager", "glass")
        people = {name: cast.person(name, cast.budget) for name in names}
        for name in ("expert", "second_facilitator", "named", "left", "blocked"):
            self.let_in(people[name])
        self.let_in(cast.mentee)
        steer = cast.actor(cast.mentor)
        actions.change_role(steer, talk.community, people["expert"].id, RoleInput(role="expert"))
        actions.change_role(steer, talk.community, people["second_facilitator"].id, RoleInput(role="facilitator"))
        safety.name_moderator(steer, talk.community, ModeratorInput(person_id=people["named"].id, named=True))
        actions.leave_community(cast.actor(people["left"]), talk.community)
        cast.add(Block(person_id=cast.mentor.id, blocked_id=people["blocked"].id, created_at=clock.now()))
        actions.invite_person(steer, talk.community, InvitationInput(person_id=people["invited"].id))
        cast.add(Entry(community_id=talk.community_id, person_id=people["asking"].id, kind="asked", state="open", message="",
                        by_id=people["asking"].id, created_at=clock.now()))  # fmt: skip
        cast.add(RoleGrant(person_id=people["manager"].id, role=Role.MANAGER, unit_id=None, granted_at=clock.now()))
        cast.add(RoleGrant(person_id=people["glass"].id, role=Role.ADMINISTRATOR, unit_id=None, granted_at=clock.now()))
        asked = safety.ask_for_glass(cast.actor(people["glass"]), talk.community, GlassInput(reason="A threat was reported"))
        safety.break_glass(cast.actor(cast.administrator), asked)
        self.expert, self.administrators = people["expert"], (cast.administrator, people["glass"])
        self.inside = [cast.mentor, cast.mentee, *(people[name] for name in ("expert", "second_facilitator", "named", "blocked"))]
        self.outside = [cast.stranger, cast.supervisor, cast.coordinator, cast.administrator,
                        *(people[name] for name in ("left", "invited", "asking", "manager", "glass"))]  # fmt: skip
        db.session.rollback()

    def let_in(self, person: Person) -> None:
        actions.invite_person(self.cast.actor(self.mentor), self.talk.community, InvitationInput(person_id=person.id))
        actions.join_community(self.cast.actor(person), self.talk.community)


@pytest.fixture
def relations(cast: Cast) -> Relations:
    return Relations(cast)


def test_whoever_belongs_is_heard_and_nobody_else_nor_who_was_removed(relations: Relations, device: Make) -> None:
    talk, mentee = relations.talk, relations.mentee
    room, topic = talk.room_id, talk.topic.id
    db.session.rollback()
    for person in relations.inside:
        assert refused(device(person), room, topic) == [], person.name
    for person in relations.outside:
        assert refused(device(person), room, topic) == EVERYTHING, person.name
    mentor, gone = device(relations.mentor), device(mentee)
    assert "error" not in gone.ask("room:join", {"room": room, "after": 0})
    assert mentor.request(f"/communities/{talk.community_id}/members/{mentee.id}/remove", {})[0] == 303
    assert gone.wait("room:closed") == {"room": room}
    assert mentor.ask("message:post", payloads(room, topic)["message:post"])["id"]
    assert gone.silent("room:events", 1)
    assert refused(gone, room, topic) == EVERYTHING


SEEN_BY_THE_INVITED = {
    "community.show", "community.members", "community.names", "community.competency_names", "api_community.rooms",
    "api_lives.community", "api_lives.members", "api_lives.entries",
}  # fmt: skip
"""What who was invited reads: that there is a community, who belongs, and what its rooms are called."""

BEHIND_THE_GLASS = {"community.glass", "community.break_glass"}
"""Where one administrator asks, and another agrees, to read what is closed to both; to nobody else."""

NOT_FOR_EVERY_MEMBER = {"community.assign", "community.moderation_act", "api_moderation.act", "community.help_page"}
"""What is not there for each member either: the page of a programme's manager, an act that concerns another, a question that
another was asked to answer."""

ELSEWHERE = {"meeting_id", "line_id"}
"""Sessions and plans that point to material are asked about with all other addresses (tests/house/test_matrix.py)."""

DOORS = ("community", "api_community", "api_commons", "api_lives", "api_moderation")


def is_of_communities(rule: Rule) -> bool:
    """An address with something of a community in it, whichever door it stands at; not what elsewhere points to it."""
    named = rule.arguments & {"community_id", "room_id", "topic_id", "message_id", "gathering_id", "decision_id", "page_id"}
    return bool(named) or (rule.endpoint.split(".")[0] in DOORS and bool(rule.arguments) and not rule.arguments & ELSEWHERE)


def paths_of(app: Any, ids: dict[str, int | str]) -> list[tuple[str, str, str]]:
    """Every address with something of a community in it: endpoint, method, path. One whose id nobody named breaks it."""
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if is_of_communities(rule):
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
                path = adapter.build(rule.endpoint, {name: ids[name] for name in rule.arguments}, method=method)
                found.append((rule.endpoint, method, path))
    return found


def everything(relations: Relations) -> dict[str, int | str]:
    """Something of every sort in the community, by the name that it has in addresses."""
    cast, talk = relations.cast, relations.talk
    mentor, mentee, expert = (cast.actor(one) for one in (cast.mentor, cast.mentee, relations.expert))
    brought = actions.attach_file(mentor, talk.room, Upload("numbers.csv", b"1,2\n")).id
    message = talk.say(cast.mentor, "Only for members", files=(brought,)).id
    plan = GatheringInput(title="Only for members", day=clock.today() + timedelta(days=3), at=time(9))
    gathering = gatherings.plan_gathering(mentor, talk.community, plan)
    task = FollowUpInput(text="Only for members", owner_id=cast.mentor.id)
    asked = DecisionInput(question="Which way?", method="consent", way1="A", closes_on=clock.today() + timedelta(days=9))
    began = talk.begin(cast.mentor, "To be kept", "How we count what is kept. " * 20).topic_id
    question = knowledge.ask_question(mentor, queries.topic_for(mentor, began), QuestionInput())
    cast.add(HelpAsked(question_id=question.id, person_id=cast.mentee.id, asked_at=clock.now()))
    lives.make_promise(mentor, talk.community, PromiseInput(text="Only for members"))
    measured = MeasureInput(name="Days late", start=Decimal(9), aim=Decimal(3), start_on=clock.today())
    linked = MaterialInput(kind="link", title="Only for members", link="https://nusaraya.example/guide")
    told, hidden = (talk.say(relations.expert, "Words of an expert").id for _twice in range(2))
    safety.report_message(mentee, queries.message_for(mentee, told), ReportInput(reason="rude"))
    safety.hide_message(mentor, queries.message_for(mentor, hidden), ReasonInput())
    return {
        "community_id": talk.community_id, "room_id": talk.room_id, "topic_id": began, "message_id": message,
        "attachment_id": brought, "person_id": cast.mentor.id, "code": "why", "gathering_id": gathering.id,
        "point_id": gatherings.add_point(expert, gathering_for(expert, gathering.id), PointInput(text="A case")).id,
        "follow_up_id": gatherings.agree_follow_up(mentor, gathering_for(mentor, gathering.id), task).id,
        "decision_id": decisions.open_decision(mentor, talk.community, asked).id,
        "page_id": knowledge.make_page(mentor, queries.topic_for(mentor, began)).id,
        "material_id": knowledge.add_material(mentor, talk.community, linked).id, "asked_id": question.id,
        "promise_id": db.session.scalar(sa.select(Promise.id)) or 0,
        "measure_id": lives.add_measure(mentor, talk.community, measured).id,
        "entry_id": db.session.scalar(sa.select(Entry.id).where(Entry.kind == "asked")) or 0,
        "report_id": db.session.scalar(sa.select(Report.id)) or 0,
        "act_id": db.session.scalar(sa.select(ModerationAct.id).where(ModerationAct.kind == "hidden")) or 0,
        "glass_id": db.session.scalar(sa.select(BreakGlass.id)) or 0,
    }  # fmt: skip


@pytest.mark.one_database
def test_no_address_of_a_community_is_there_for_who_does_not_belong_or_was_removed(
    app: Any, cast: Cast, relations: Relations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flask.templating._render", lambda *_page: "")  # who is let in; tests/house asks what pages then show
    ids = everything(relations)
    assert set(ids) == set().union(*(rule.arguments for rule in app.url_map.iter_rules() if is_of_communities(rule)))
    every = paths_of(app, ids)
    paths = [one for one in every if one[0] not in BEHIND_THE_GLASS]
    reads = [one for one in paths if one[1] == "GET"]
    db.session.rollback()

    def there(person: Person, wanted: list[tuple[str, str, str]], *, unless: tuple[int, ...] = (404,)) -> set[str]:
        client = cast.client(person)
        found = set()
        for endpoint, method, path in wanted:
            json = {"json": {}} if path.startswith("/api/") and method != "GET" else {}
            if client.open(path, method=method, **json).status_code not in unless:
                found.add(endpoint)
        return found

    for person in relations.inside:
        assert {one[0] for one in reads} - there(person, reads) <= NOT_FOR_EVERY_MEMBER, person.name
    for person in relations.outside:
        if person.name == "Invited":
            assert there(person, reads, unless=(403, 404)) == SEEN_BY_THE_INVITED
            assert there(person, [one for one in paths if "/communities/" not in one[2]]) == set()
            continue
        assert there(person, paths) == set(), person.name
        glass = [one for one in every if one[0] in BEHIND_THE_GLASS and one[1] == "GET"]
        assert there(person, glass, unless=(403,)) == ({"community.glass"} if person in relations.administrators else set())
    actions.remove_member(cast.actor(cast.mentor), relations.talk.community, cast.mentee.id)
    db.session.rollback()
    assert there(cast.mentee, paths) == set()
