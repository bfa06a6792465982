"""The order of a room: topics that are settled, messages that move, topics that become one, what one wishes to hear."""

from __future__ import annotations

from bisect import bisect_right

import sqlalchemy as sa

from mentorlink.community import policy
from mentorlink.community.actions import index, log
from mentorlink.community.events import ChoiceMade
from mentorlink.community.inputs import ChoiceInput, MergeInput, MoveInput, RoomMoveInput, SettleInput
from mentorlink.community.models import Attachment, Message, Room, RoomChoice, RoomMark, Topic, TopicChoice, TopicMark
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.kernel.text import fold


@action
def settle_topic(actor: Actor, topic: Topic, data: SettleInput) -> None:
    """The topic is settled, or open again; it can be written in either way."""
    ensure(policy.may_settle_topic, actor, topic)
    log.hold(topic.room_id)
    lock(topic)
    if topic.merged_into_id is not None:
        raise Conflict("topic_merged")
    if data.resolved == (topic.resolved_at is not None):
        return
    topic.resolved_at = clock.now() if data.resolved else None
    topic.resolved_by_id = actor.person_id if data.resolved else None
    log.write(topic.room_id, log.next_number(topic.room_id), "settled", topic_id=topic.id, person_id=actor.person_id)


@action
def move_message(actor: Actor, message: Message, data: MoveInput) -> Topic:
    """The message, or it and all that follow it, stand in another topic of the room; who had not seen them has not yet."""
    ensure(policy.may_move_message, actor, message)
    log.hold(message.room_id)
    lock(message)
    room, source = db.session.get_one(Room, message.room_id), db.session.get_one(Topic, message.topic_id)
    target = _target(actor, room, data)
    if target.id == source.id:
        raise Invalid(Fault("topic_id", "topic_same"))
    which = [Message.topic_id == source.id, Message.seq >= message.seq if data.rest else Message.id == message.id]
    _move(actor, source, target, which)
    return target


@action
def merge_topic(actor: Actor, topic: Topic, data: MergeInput) -> Topic:
    """All its messages stand in the other topic, in the order in which they were said; its address leads there."""
    ensure(policy.may_merge_topic, actor, topic)
    log.hold(topic.room_id)
    lock(topic)
    target = db.session.get(Topic, data.topic_id)
    if target is None or target.room_id != topic.room_id:
        raise Invalid(Fault("topic_id", "topic_unknown"))
    if target.id == topic.id or target.merged_into_id is not None:
        raise Invalid(Fault("topic_id", "topic_same"))
    if topic.merged_into_id is not None:
        raise Conflict("topic_merged")
    topic.merged_into_id, topic.folded_title = target.id, f"~{topic.id}"
    db.session.execute(sa.update(Topic).where(Topic.merged_into_id == topic.id).values(merged_into_id=target.id))
    _move(actor, topic, target, [Message.topic_id == topic.id])
    _carry_choices(topic.id, target.id)
    index.drop("topic", topic.id)
    return target


@action
def move_topic(actor: Actor, topic: Topic, data: RoomMoveInput) -> Room:
    """The topic stands in another room of the community, its messages below what was said there, in their order.

    They take new numbers there; links to them, files, marks, choices and what the topic asks go with it.
    """
    ensure(policy.may_move_topic, actor, topic)
    target = db.session.get(Room, data.room_id)
    if target is None or target.community_id != topic.room.community_id or target.id == topic.room_id:
        raise Invalid(Fault("room_id", "room_unknown"))
    source_id = topic.room_id
    for room_id in sorted((source_id, target.id)):
        log.hold(room_id)
    lock(topic)
    if topic.merged_into_id is not None:
        raise Conflict("topic_merged")
    if topic.room_id != source_id:
        raise Conflict("topic_elsewhere")
    with or_refuse(Conflict("topic_title_taken", title=topic.title)):
        topic.room_id = target.id
    _renumber(actor, topic, source_id, target)
    log.write(
        source_id, log.next_number(source_id), "moved", topic_id=topic.id, from_topic_id=topic.id, person_id=actor.person_id
    )
    return target


@action
def choose_topic(actor: Actor, topic: Topic, data: ChoiceInput) -> None:
    """The actor follows the topic, mutes it, or neither."""
    ensure(policy.may_choose_topic, actor, topic)
    _choose(TopicChoice, "topic_id", topic.id, actor, data.choice)
    record(ChoiceMade(int(actor.person_id or 0), topic.room_id, topic.id))


@action
def choose_room(actor: Actor, room: Room, data: ChoiceInput) -> None:
    """The actor mutes the room, or hears it again."""
    ensure(policy.may_choose_room, actor, room)
    _choose(RoomChoice, "room_id", room.id, actor, "normal" if data.choice == "follow" else data.choice)
    record(ChoiceMade(int(actor.person_id or 0), room.id, None))


def _target(actor: Actor, room: Room, data: MoveInput) -> Topic:
    if data.topic_id is not None:
        topic = db.session.get(Topic, data.topic_id)
        if topic is None or topic.room_id != room.id or topic.merged_into_id is not None:
            raise Invalid(Fault("topic_id", "topic_unknown"))
        return topic
    if len(data.title) < 2:
        raise Invalid(Fault("title", "topic_or_title"))
    return new_topic(actor, room, data.title)


def new_topic(actor: Actor, room: Room, title: str) -> Topic:
    """A topic of the room that is held, in its log and in search."""
    instant = clock.now()
    topic = Topic(room_id=room.id, title=title, folded_title=fold(title), last_at=instant, created_by_id=actor.person_id,
                  created_at=instant)  # fmt: skip
    with or_refuse(Conflict("topic_title_taken", title=title)):
        db.session.add(topic)
    log.write(room.id, log.next_number(room.id), "topic", topic_id=topic.id, person_id=actor.person_id)
    index.put_topic(topic, room)
    return topic


def _move(actor: Actor, source: Topic, target: Topic, which: list[sa.ColumnElement[bool]]) -> None:
    rows = db.session.execute(sa.select(Message.id, Message.seq).where(*which).order_by(Message.seq)).all()
    if rows:
        _turn_marks_back(source, target, first=rows[0].seq, last=rows[-1].seq)
        db.session.execute(
            sa.update(Message).where(*which).values(topic_id=target.id), execution_options={"synchronize_session": False}
        )
        db.session.expire_all()
        index.retopic([row.id for row in rows], source.id, target.id)
        for topic_id in (source.id, target.id):
            _recount(topic_id)
    log.write(
        source.room_id, log.next_number(source.room_id), "moved", topic_id=target.id, from_topic_id=source.id,
        person_id=actor.person_id,
    )  # fmt: skip


def _renumber(actor: Actor, topic: Topic, source_id: int, target: Room) -> None:
    """Enter the topic and each of its messages into the log of the room they stand in now."""
    rows = db.session.execute(
        sa.select(Message.id, Message.seq, Message.author_id).where(Message.topic_id == topic.id).order_by(Message.seq)
    ).all()
    log.write(target.id, log.next_number(target.id), "topic", topic_id=topic.id, person_id=actor.person_id)
    numbers = log.next_numbers(target.id, len(rows))
    _carry_marks(topic.id, source_id, [row.seq for row in rows], numbers)
    moved = list(zip(rows, numbers, strict=True))
    if moved:
        db.session.execute(sa.update(Message), [{"id": row.id, "seq": seq, "room_id": target.id} for row, seq in moved])
        log.write_posted(target.id, topic.id, [(seq, row.id, row.author_id) for row, seq in moved])
        files = sa.update(Attachment).where(Attachment.message_id.in_(sa.select(Message.id).where(Message.topic_id == topic.id)))
        db.session.execute(files.values(room_id=target.id), execution_options={"synchronize_session": False})
        topic.last_seq = numbers[-1]
    db.session.flush()
    db.session.expire_all()
    index.reroom(topic, target, [row.id for row in rows], source_id)


def _carry_marks(topic_id: int, source_id: int, old: list[int], new: list[int]) -> None:
    """What somebody had seen stays seen under its new number, and nothing else is."""
    in_topic = sa.select(TopicMark.person_id, TopicMark.seen_seq).where(TopicMark.topic_id == topic_id)
    in_room = sa.select(RoomMark.person_id, RoomMark.seen_seq).where(RoomMark.room_id == source_id)
    topic = {row.person_id: row.seen_seq for row in db.session.execute(in_topic)}
    room = {row.person_id: row.seen_seq for row in db.session.execute(in_room)}
    db.session.execute(sa.delete(TopicMark).where(TopicMark.topic_id == topic_id))
    for person_id in {*topic, *room}:
        seen = bisect_right(old, max(topic.get(person_id, 0), room.get(person_id, 0)))
        if seen:
            db.session.add(TopicMark(person_id=person_id, topic_id=topic_id, seen_seq=new[seen - 1]))


def _recount(topic_id: int) -> None:
    newest = db.session.execute(
        sa.select(Message.seq, Message.created_at).where(Message.topic_id == topic_id).order_by(Message.seq.desc()).limit(1)
    ).first()
    values = {"last_seq": newest.seq, "last_at": newest.created_at} if newest else {"last_seq": 0}
    db.session.execute(sa.update(Topic).where(Topic.id == topic_id).values(**values))


def _turn_marks_back(source: Topic, target: Topic, *, first: int, last: int) -> None:
    """Nobody counts as having seen in the new place what they had not seen in the old; what they had seen stays seen."""
    room = {
        row.person_id: row.seen_seq for row in db.session.scalars(sa.select(RoomMark).where(RoomMark.room_id == source.room_id))
    }
    old = {row.person_id: row.seen_seq for row in db.session.scalars(sa.select(TopicMark).where(TopicMark.topic_id == source.id))}
    new = {row.person_id: row for row in db.session.scalars(sa.select(TopicMark).where(TopicMark.topic_id == target.id))}
    fresh = target.last_seq == 0
    for person_id in {*old, *new}:
        seen = max(old.get(person_id, 0), room.get(person_id, 0))
        mark = new.get(person_id)
        if mark is not None and seen < last and mark.seen_seq >= first:
            mark.seen_seq = max(seen, first - 1) if seen >= first else min(mark.seen_seq, first - 1)
        elif mark is None and fresh and seen >= first:
            db.session.add(TopicMark(person_id=person_id, topic_id=target.id, seen_seq=min(seen, last)))
    db.session.flush()


def _carry_choices(old: int, new: int) -> None:
    known = set(db.session.scalars(sa.select(TopicChoice.person_id).where(TopicChoice.topic_id == new)))
    follow = sa.select(TopicChoice.person_id).where(TopicChoice.topic_id == old, TopicChoice.choice == "follow")
    for person_id in db.session.scalars(follow).all():
        if person_id not in known:
            db.session.add(TopicChoice(person_id=person_id, topic_id=new, choice="follow"))


def _choose(row: type[TopicChoice] | type[RoomChoice], column: str, thing_id: int, actor: Actor, choice: str) -> None:
    key = {"person_id": actor.person_id, column: thing_id}
    if choice == "normal":
        conditions = [getattr(row, name) == value for name, value in key.items()]
        db.session.execute(sa.delete(row).where(*conditions))
        return
    put = insert_into(row).values({**key, "choice": choice})
    db.session.execute(put.on_conflict_do_update(index_elements=["person_id", column], set_={"choice": choice}))
