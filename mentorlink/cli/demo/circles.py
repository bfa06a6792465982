"""What communities settle among themselves, one that has closed with its archive, and two at whose door somebody stands."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.cli.demo.agency import People, content
from mentorlink.community import queries
from mentorlink.community.actions import (
    answer_entry,
    ask_to_join,
    create_community,
    create_room,
    decisions,
    gatherings,
    invite_person,
    join_community,
    lives,
    mark_room_read,
    move_topic,
    post_message,
    remove_member,
    safety,
    start_topic,
)
from mentorlink.community.inputs import (
    AnswerInput,
    AskInput,
    CommunityInput,
    InvitationInput,
    MessageInput,
    RoomInput,
    RoomMoveInput,
    TopicInput,
)
from mentorlink.community.inputs.decisions import DecisionInput, StanceInput
from mentorlink.community.inputs.gatherings import FollowUpInput, FollowUpStateInput, GatheringInput, MinutesInput, PresentInput
from mentorlink.community.inputs.lives import (
    CharterInput,
    MeasureInput,
    MoveInput,
    PromiseInput,
    ResultInput,
    ReviewInput,
    SettleInput,
)
from mentorlink.community.inputs.safety import (
    AppealInput,
    CommunityRuleInput,
    GlassInput,
    ModeratorInput,
    ReasonInput,
    ReportInput,
    RoomRuleInput,
)
from mentorlink.community.models import Community, Entry, Membership, Message, Room
from mentorlink.community.models.gatherings import Gathering
from mentorlink.community.models.lives import Promise
from mentorlink.community.models.safety import ModerationAct
from mentorlink.community.queries.decisions import decision_for
from mentorlink.community.queries.gatherings import gathering_for
from mentorlink.community.queries.lives import measures_for
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.text import fold
from mentorlink.people.actions import grant_role
from mentorlink.people.models import Person

SEAT = ZoneInfo("Asia/Makassar")


@dataclass(frozen=True)
class Days:
    """Days counted from the one on which the demo is made."""

    today: date

    def at(self, days: int, hour: int = 10) -> Any:
        """The clock stands so many days from today."""
        return clock.at(datetime.combine(self.today + timedelta(days=days), time(hour), SEAT))


def make(people: People, dice: Random) -> None:
    """Keep one community safe; close another; let somebody ask at the door of a third, and be invited to a fourth."""
    plan, days = content("circles"), Days(clock.today(SEAT.key))
    Kept(people, plan, days, dice).tell()
    Closed(people, plan["closed"], days, dice).tell()
    with days.at(-2):
        door = _found(people, plan["asked"])
        ask_to_join(people.actor(people.cast[plan["asked"]["asks"]]), door, AskInput(message=plan["asked"]["message"]))
        door = _found(people, plan["invited"])
        wanted = InvitationInput(person_id=people.cast[plan["invited"]["invites"]], message=plan["invited"]["message"])
        invite_person(people.actor(people.cast[plan["invited"]["host"]]), door, wanted)


class Kept:
    """The community of open data: rules, an announcement room, words that were held, reported and hidden, a member who went."""

    def __init__(self, people: People, plan: dict[str, Any], days: Days, dice: Random) -> None:
        self.people, self.plan, self.days, self.dice = people, plan, days, dice
        name = fold(content("commons")["name"])
        self.id = db.session.scalars(sa.select(Community.id).where(Community.folded_name == name)).one()
        rows = db.session.execute(sa.select(Membership.person_id, Membership.role).where(Membership.community_id == self.id))
        roles: dict[str, list[int]] = {}
        for person_id, role in sorted(rows.all()):
            roles.setdefault(role, []).append(person_id)
        self.host = roles["facilitator"][0]
        spoken = sa.select(Message.author_id).join(Room).where(Room.community_id == self.id).distinct()
        said = set(db.session.scalars(spoken))
        cast = set(people.cast.values())
        self.quiet = [one for one in roles["member"] if one not in said and one not in cast]
        self.loud = [one for one in roles["member"] if one in said and one not in cast]

    def tell(self) -> None:
        """In the order in which it happened."""
        steer, plan = self.people.actor(self.host), self.plan
        common, *others = [room.id for room, _unread in queries.rooms_of(steer, self.community)]
        with self.days.at(-12):
            rule = CommunityRuleInput(newcomer_days=plan["newcomer_days"], held_words=plan["held_words"])
            safety.set_community_rule(steer, self.community, rule)
            safety.name_moderator(steer, self.community, ModeratorInput(person_id=self.loud[0], named=True))
            self.announce(common)
            slow = RoomRuleInput(slow_seconds=plan["slow_seconds"], retention_days=plan["retention_days"])
            safety.set_room_rule(steer, _room(others[-1]), slow)
        with self.days.at(-8):
            remove_member(steer, self.community, self.quiet[0])
        with self.days.at(-6):
            self.hide(common)
        with self.days.at(-4):
            self.break_glass()
        with self.days.at(-1):
            told = self.say(self.loud[2], common, plan["reported"])
            report = ReportInput(reason="private", note=plan["report"])
            safety.report_message(self.people.actor(self.loud[1]), db.session.get_one(Message, told), report)
            comes = self.people.actor(_newcomer(self.people, self.id))
            join_community(comes, self.community)
            self.say(comes.person_id or 0, common, plan["held"])

    @property
    def community(self) -> Community:
        """The row, fresh."""
        return db.session.get_one(Community, self.id)

    def announce(self, common: int) -> None:
        """A room in which facilitators alone write, and a talk that was begun in the wrong room and moved there."""
        steer, plan = self.people.actor(self.host), self.plan["announcements"]
        room = create_room(steer, self.community, RoomInput(name=plan["name"], purpose=plan["purpose"])).id
        start_topic(steer, _room(room), TopicInput(title=plan["topic"], body=plan["body"], client_id=_client_id(self.dice)))
        rules = self.plan["rules"]
        begun = start_topic(steer, _room(common), TopicInput(**rules, client_id=_client_id(self.dice)))
        move_topic(steer, queries.topic_for(steer, begun.topic_id), RoomMoveInput(room_id=room))
        safety.set_room_rule(steer, _room(room), RoomRuleInput(locked=True))

    def hide(self, common: int) -> None:
        """Words that hurt are hidden; who wrote them appeals, and another moderator has not answered yet."""
        author = self.people.actor(self.loud[3])
        said = self.say(self.loud[3], common, self.plan["hidden"])
        safety.hide_message(self.people.actor(self.host), db.session.get_one(Message, said), ReasonInput(reason="rude"))
        act = db.session.scalars(sa.select(ModerationAct).where(ModerationAct.message_id == said)).one()
        safety.appeal(author, act, AppealInput(text=self.plan["appeal"]))

    def break_glass(self) -> None:
        """An administrator had to read the rooms, a second one agreed, and every room says so."""
        asks = self.people.actor(self.people.cast["administrator"])
        second = next(one for one in reversed(self.people.everyone) if one not in self.people.cast.values())
        grant_role(Actor.system(), db.session.get_one(Person, second), Role.ADMINISTRATOR)
        glass = safety.ask_for_glass(asks, self.community, GlassInput(reason=self.plan["glass"]))
        safety.break_glass(self.people.actor(second), glass)

    def say(self, person_id: int, room_id: int, body: str) -> int:
        """Somebody writes in the general talk of a room."""
        return _say(self.people, person_id, room_id, body, self.dice)


class Closed:
    """A community from its charter to its archive, in seven weeks of the spring."""

    def __init__(self, people: People, plan: dict[str, Any], days: Days, dice: Random) -> None:
        self.people, self.plan, self.days, self.dice = people, plan, days, dice
        self.steer = people.actor(people.cast[plan["host"]])
        self.members = [people.cast[plan["host"]], *(people.cast[key] for key in plan["people"])]
        self.id = 0

    @property
    def community(self) -> Community:
        """The row, fresh."""
        return db.session.get_one(Community, self.id)

    def tell(self) -> None:
        """Its life."""
        with self.days.at(-120):
            self.id = _found(self.people, self.plan).id
            for person_id in self.members[1:]:
                entry = ask_to_join(self.people.actor(person_id), self.community, AskInput())
                answer_entry(self.steer, self.community, db.session.get_one(Entry, entry.id).id, AnswerInput(answer="accept"))
            self.prepare()
        with self.days.at(-110):
            self.talk()
        with self.days.at(-100, hour=12):
            self.meet()
        with self.days.at(-95):
            self.decide()
        with self.days.at(-70):
            self.look_back()

    def go(self, code: str, step: Any) -> None:
        """One step on."""
        lives.take_step(self.steer, self.community, MoveInput(code=code, step=step))

    def prepare(self) -> None:
        """Charter, the measure of the start, promises."""
        plan = self.plan
        charter = CharterInput(purpose=plan["purpose"], belongs=plan["belongs"], why=plan["why"])
        lives.write_charter(self.steer, self.community, charter)
        lives.add_measure(self.steer, self.community, MeasureInput(start_on=_day(-120), **plan["measure"]))
        for person_id in self.members:
            lives.make_promise(self.people.actor(person_id), self.community, PromiseInput(text=plan["promise"]))
        self.go("begin", "preparation")

    def talk(self) -> None:
        """What was said in its room; everybody has read it."""
        room = queries.rooms_of(self.steer, self.community)[0][0].id
        title, ((first, body), *rest) = self.plan["talk"]
        data = TopicInput(title=title, body=body, client_id=_client_id(self.dice))
        topic = start_topic(self.people.actor(self.people.cast[first]), _room(room), data).topic_id
        for key, words in rest:
            said = MessageInput(topic_id=topic, body=words, client_id=_client_id(self.dice))
            post_message(self.people.actor(self.people.cast[key]), _room(room), said)
        for person_id in self.members:
            mark_room_read(self.people.actor(person_id), _room(room))

    def meet(self) -> None:
        """A gathering that took place, with minutes and a task that is done."""
        plan = self.plan["gathering"]
        with self.days.at(-104):
            data = GatheringInput(title=plan["title"], day=_day(4), at=time(9), minutes=90, agenda=plan["title"])
            row = gatherings.plan_gathering(self.steer, self.community, data).id
        for person_id in self.members:
            there = PresentInput(person_id=person_id, present=True)
            gatherings.note_presence(self.steer, db.session.get_one(Gathering, row), there)
        gatherings.hold_gathering(self.steer, db.session.get_one(Gathering, row))
        gatherings.write_minutes(self.steer, gathering_for(self.steer, row), MinutesInput(body=plan["minutes_text"], version=0))
        task = FollowUpInput(text=plan["follow_up"], owner_id=self.members[1])
        agreed = gatherings.agree_follow_up(self.steer, gathering_for(self.steer, row), task)
        gatherings.settle_follow_up(self.steer, agreed, FollowUpStateInput(state="done"))

    def decide(self) -> None:
        """By consent."""
        data = DecisionInput(method="consent", closes_on=_day(5), **self.plan["decision"])
        row = decisions.open_decision(self.steer, self.community, data).id
        for person_id in self.members[1:]:
            actor = self.people.actor(person_id)
            decisions.take_stance(actor, decision_for(actor, row), StanceInput(stance="agree"))
        decisions.conclude_decision(self.steer, decision_for(self.steer, row))
        self.go("evaluate", "implementation")

    def look_back(self) -> None:
        """What changed, what to keep; then it closes."""
        plan = self.plan
        for measure in measures_for(self.steer, self.community):
            lives.note_result(self.steer, measure, ResultInput(result=Decimal(plan["result"]), result_on=_day(0)))
        for promise in db.session.scalars(sa.select(Promise).where(Promise.community_id == self.id)).all():
            lives.settle_promise(self.people.actor(promise.person_id), promise, SettleInput(state="kept"))
        review = ReviewInput(changed=plan["changed"], keep=plan["keep"], lessons=plan["lessons"])
        lives.write_review(self.steer, self.community, review)
        self.go("close", "evaluation")


def _found(people: People, plan: dict[str, Any]) -> Community:
    data = CommunityInput(name=plan["name"], purpose=plan["purpose"], why=plan["why"], joining=plan["joining"])
    return create_community(people.actor(people.cast[plan["host"]]), data)


def _newcomer(people: People, community_id: int) -> int:
    """Somebody who belongs to no community yet."""
    belongs = set(db.session.scalars(sa.select(Membership.person_id).distinct())) | set(people.cast.values())
    return next(one for one in people.everyone if one not in belongs)


def _say(people: People, person_id: int, room_id: int, body: str, dice: Random) -> int:
    actor, room = people.actor(person_id), _room(room_id)
    general = next(line.topic.id for line in queries.topics_for(actor, room) if not line.topic.title)
    return post_message(actor, room, MessageInput(topic_id=general, body=body, client_id=_client_id(dice))).id


def _room(room_id: int) -> Room:
    return db.session.get_one(Room, room_id)


def _client_id(dice: Random) -> str:
    return str(uuid.UUID(int=dice.getrandbits(128), version=4))


def _day(days: int) -> date:
    """So many days from the day that the clock shows."""
    return clock.today(SEAT.key) + timedelta(days=days)
