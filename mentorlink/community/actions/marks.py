"""What somebody has seen, and whether others may see them."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.community import policy
from mentorlink.community.events import PresenceChosen, TopicSeen
from mentorlink.community.inputs import PresenceInput, SeenInput
from mentorlink.community.models import PresenceChoice, Room, RoomMark, Topic, TopicMark
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into, or_refuse
from mentorlink.kernel.errors import Conflict, NotFound


@action
def mark_seen(actor: Actor, room: Room, data: SeenInput) -> None:
    """The actor has seen the topic up to there; a mark never moves back."""
    ensure(policy.may_mark_room, actor, room)
    topic = db.session.get(Topic, data.topic_id)
    if topic is None or topic.room_id != room.id:
        raise NotFound()
    seq = min(data.seq, topic.last_seq)
    if _raise(TopicMark, TopicMark.topic_id, topic.id, actor, seq):
        record(TopicSeen(int(actor.person_id or 0), room.id, topic.id, seq))


@action
def mark_room_read(actor: Actor, room: Room) -> None:
    """Everything in the room counts as seen by the actor."""
    ensure(policy.may_mark_room, actor, room)
    seq = db.session.scalar(sa.select(Room.last_seq).where(Room.id == room.id)) or 0
    if _raise(RoomMark, RoomMark.room_id, room.id, actor, seq):
        topics = db.session.scalars(sa.select(Topic.id).where(Topic.room_id == room.id, Topic.last_seq > 0)).all()
        for topic_id in topics:
            record(TopicSeen(int(actor.person_id or 0), room.id, topic_id, seq))


@action
def choose_presence(actor: Actor, data: PresenceInput) -> None:
    """Members of the actor's rooms see when the actor is there and typing, or they do not."""
    ensure(policy.may_choose_presence, actor)
    choice = db.session.get(PresenceChoice, actor.person_id)
    if data.shown == (choice is not None):
        return
    if choice is not None:
        db.session.delete(choice)
    else:
        with or_refuse(Conflict("try_again")):
            db.session.add(PresenceChoice(person_id=actor.person_id, chosen_at=clock.now()))
    record(PresenceChosen(int(actor.person_id or 0), data.shown))


def _raise(mark: type[TopicMark] | type[RoomMark], column: sa.orm.InstrumentedAttribute[int], thing_id: int, actor: Actor,
           seq: int) -> bool:  # fmt: skip
    """Move the mark forward to ``seq``; False when it stands there or beyond. Two tabs at once: the higher wins."""
    put = insert_into(mark).values({"person_id": actor.person_id, column.key: thing_id, "seen_seq": seq})
    forward = put.on_conflict_do_update(
        index_elements=["person_id", column.key], set_={"seen_seq": seq}, where=mark.seen_seq < seq
    )
    return bool(db.session.execute(forward).rowcount)  # type: ignore[attr-defined]  # an INSERT answers with a cursor
