"""Every socket event and every address, for everyone in some relation to the room, before and after they are removed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest

from mentorlink.community import actions, queries, rules
from mentorlink.community.actions import decisions, gatherings, knowledge, safety
from mentorlink.community.inputs import InvitationInput, RoleInput, Upload
from mentorlink.community.inputs.decisions import DecisionInput
from mentorlink.community.inputs.gatherings import GatheringInput
from mentorlink.community.inputs.safety import GlassInput, ModeratorInput
from mentorlink.community.models import Entry
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
pytestmark = pytest.mark.slow
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
        cast._add(Block(person_id=cast.mentor.id, blocked_id=people["blocked"].id, created_at=clock.now()))
        actions.invite_person(steer, talk.community, InvitationInput(person_id=people["invited"].id))
        cast._add(Entry(community_id=talk.community_id, person_id=people["asking"].id, kind="asked", state="open", message="",
                        by_id=people["asking"].id, created_at=clock.now()))  # fmt: skip
        cast._add(RoleGrant(person_id=people["manager"].id, role=Role.MANAGER, unit_id=None, granted_at=clock.now()))
        cast._add(RoleGrant(person_id=people["glass"].id, role=Role.ADMINISTRATOR, unit_id=None, granted_at=clock.now()))
        asked = safety.ask_for_glass(cast.actor(people["glass"]), talk.community, GlassInput(reason="A threat was reported"))
        safety.break_glass(cast.actor(cast.administrator), asked)
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
}  # fmt: skip
"""What who was invited reads: that there is a community, who belongs, and what its rooms are called."""


def room_paths(app: Any, ids: dict[str, int]) -> list[tuple[str, str, str]]:
    """Every address that names a room, a topic, a message or anything else of the community: endpoint, method, path."""
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in ("community", "api_community") and rule.arguments and rule.arguments <= set(ids):
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
                path = adapter.build(rule.endpoint, {name: ids[name] for name in rule.arguments}, method=method)
                found.append((rule.endpoint, method, path))
    return found


def test_no_address_of_a_community_is_there_for_who_does_not_belong_or_was_removed(
    app: Any, cast: Cast, relations: Relations
) -> None:
    talk = relations.talk
    mentor = cast.actor(cast.mentor)
    brought = actions.attach_file(mentor, talk.room, Upload("numbers.csv", b"1,2\n")).id
    message = talk.say(cast.mentor, "Only for members", files=(brought,)).id
    plan = GatheringInput(title="Only for members", day=clock.today() + timedelta(days=3), at=time(9))
    asked = DecisionInput(question="Which way?", method="consent", way1="A", closes_on=clock.today() + timedelta(days=9))
    began = talk.begin(cast.mentor, "To be kept", "How we count what is kept. " * 20).topic_id
    ids = {
        "community_id": talk.community_id, "room_id": talk.room_id, "topic_id": began, "message_id": message,
        "attachment_id": brought, "person_id": cast.mentor.id, "code": "why",
        "gathering_id": gatherings.plan_gathering(mentor, talk.community, plan).id,
        "decision_id": decisions.open_decision(mentor, talk.community, asked).id,
        "page_id": knowledge.make_page(mentor, queries.topic_for(mentor, began)).id,
    }  # fmt: skip
    paths = room_paths(app, ids)
    assert len(paths) > 100
    assert {"api_community.room", "api_community.post", "community.attachment", "community.decision"} <= {one[0] for one in paths}
    db.session.rollback()

    def there(person: Person, wanted: list[tuple[str, str, str]], *, unless: tuple[int, ...] = (404,)) -> set[str]:
        client = cast.client(person)
        found = set()
        for endpoint, method, path in wanted:
            json = {"json": {}} if path.startswith("/api/") and method != "GET" else {}
            if client.open(path, method=method, **json).status_code not in unless:
                found.add(endpoint)
        return found

    reads = [one for one in paths if one[1] == "GET"]
    for person in relations.inside[1:]:
        assert len(there(person, reads)) > len(reads) // 2, person.name
    for person in relations.outside:
        if person.name != "Invited":
            assert there(person, paths if person is cast.stranger else reads) == set(), person.name
            continue
        assert there(person, reads, unless=(403, 404)) == SEEN_BY_THE_INVITED
        assert there(person, [one for one in reads if "/communities/" not in one[2]]) == set()
    actions.remove_member(mentor, talk.community, cast.mentee.id)
    db.session.rollback()
    assert there(cast.mentee, paths) == set()
