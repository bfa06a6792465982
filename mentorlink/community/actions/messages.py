"""Saying something in a room, saying it better, taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from mentorlink.community import policy, rules
from mentorlink.community.actions import extras, index, log, safety
from mentorlink.community.actions.files import remove
from mentorlink.community.events import MessageEdited, MessagePosted
from mentorlink.community.inputs import EditInput, MessageInput
from mentorlink.community.inputs.safety import ReasonInput
from mentorlink.community.models import (
    Attachment,
    Membership,
    Mention,
    Message,
    MessageCompetency,
    MessageVersion,
    Poll,
    PollVote,
    Reaction,
    Room,
    RoomEvent,
    Topic,
)
from mentorlink.community.queries.ground import Ground, deeds_lately, ground_for, last_said_at
from mentorlink.community.queries.safety import is_locked, room_rule_of
from mentorlink.community.rules import safety as keeping
from mentorlink.competencies.models import Competency
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into, key_of, lock
from mentorlink.kernel.errors import Conflict, Fault, Invalid, NotFound, TooMany
from mentorlink.kernel.prepared import Prepared
from mentorlink.kernel.together import Together
from mentorlink.people.models import Person
from mentorlink.people.queries import blocked_with

_speaking = Together()


@dataclass(frozen=True)
class Posted:
    """The receipt of a message: it stands under this number. ``duplicate``: it stood there already."""

    seq: int
    id: int
    topic_id: int
    duplicate: bool = False


class TopicElsewhere(Conflict):
    """The topic that is meant stands in another room of the community."""

    def __init__(self, room_id: int, topic_id: int) -> None:
        super().__init__("topic_elsewhere")
        self.room_id, self.topic_id = room_id, topic_id


def post_message(actor: Actor, room: Room, data: MessageInput) -> Posted:
    """The message stands in the room's log, once however often it was sent; who is named in it and may read it is told."""
    return speak_in(actor, key_of(room), data)


def speak_in(actor: Actor, room_id: int, data: MessageInput) -> Posted:
    """The same where only the room's number is known. Where many speak at once, they share a commit.

    What was on its way to a topic that moved to another room stands there.
    """
    try:
        return _speaking.do(room_id, lambda: post_in_room(actor, room_id, data))
    except TopicElsewhere as there:
        return speak_in(actor, there.room_id, data.model_copy(update={"topic_id": there.topic_id}))


@action
def post_in_room(actor: Actor, room_id: int, data: MessageInput) -> Posted:
    """The same, alone. Every statement counts where hundreds speak each second."""
    ensure(policy.may_post_in, actor, room_id)
    log.hold(room_id)
    ground = _ground_now(actor, room_id, data)
    said = said_before(ground)
    if said is not None:
        return said
    if ground.topic_id is None:
        raise NotFound()
    refuse_where_closed(actor, ground)
    if not data.body and not data.files:
        raise Invalid(Fault("body", "string_too_short", {"min_length": 1}))
    return say(actor, ground, ground.topic_id, data)


@action
def edit_message(actor: Actor, message: Message, data: EditInput) -> None:
    """The message says this now; what it said before can still be read. An edit of an older version is refused."""
    ensure(policy.may_edit_message, actor, message)
    hold_message(actor, message)
    refuse_where_still(actor, message, words=True)
    if data.version is not None and data.version != message.version:
        raise Conflict("message_changed")
    body, names = with_mentions(data.body, message.room)
    if body == message.body:
        return
    db.session.add(MessageVersion(message_id=message.id, version=message.version, html=message.html, until=clock.now()))
    message.body, message.html = body, rules.render(body, names, competencies_of(message.id, body))
    message.version, message.edited_at = message.version + 1, clock.now()
    held = safety.hold_if_new(actor, message.room, message)
    news = () if held else note_mentions(message, names)
    if not held:
        index.put_message(message, message.room.community_id)
    log.write(
        message.room_id, log.next_number(message.room_id), "deleted" if held else "edited", message_id=message.id,
        topic_id=message.topic_id, person_id=actor.person_id,
    )  # fmt: skip
    record(MessageEdited(message.id, message.room_id, message.topic_id, message.author_id, news))


@action
def delete_message(actor: Actor, message: Message, data: ReasonInput | None = None) -> None:
    """The words and all their versions are gone; that there was a message, and who took it away, stays to be seen.

    What somebody else said a facilitator takes away as a moderator does: its author is told why and may appeal. Words that are
    held back or hidden are their author's to take back like any other.
    """
    ensure(policy.may_delete_message, actor, message)
    if not actor.is_person(message.author_id):
        safety.hide_message(actor, message, data or ReasonInput())
        return
    log.hold(message.room_id)
    lock(message)
    if message.deleted_at is not None:
        safety.take_back_withheld(actor, message)
        return
    message.body = message.html = ""
    message.extras, message.pinned_at, message.pinned_by_id = {}, None, None
    message.deleted_at, message.deleted_by_id = clock.now(), actor.person_id
    db.session.execute(sa.delete(MessageVersion).where(MessageVersion.message_id == message.id))
    db.session.execute(sa.delete(Mention).where(Mention.message_id == message.id))
    _take_away(message.id)
    log.write(
        message.room_id, log.next_number(message.room_id), "deleted", message_id=message.id, topic_id=message.topic_id,
        person_id=actor.person_id,
    )  # fmt: skip


def said_before(ground: Ground) -> Posted | None:
    """The receipt, if this very message stands already."""
    if ground.said_id is None or ground.said_seq is None or ground.said_topic_id is None:
        return None
    if ground.said_room_id != ground.room_id:
        raise Conflict("message_said_elsewhere")
    return Posted(ground.said_seq, ground.said_id, ground.said_topic_id, duplicate=True)


def hold_message(actor: Actor, message: Message) -> None:
    """Hold a message and its room for a deed other than posting; refused where it was removed, and to who does too much."""
    log.hold(message.room_id)
    lock(message)
    if message.deleted_at is not None:
        raise Conflict("message_deleted")
    if deeds_lately(actor, message.room_id) >= rules.DEEDS:
        raise TooMany("too_many_messages", retry_after=int(rules.POSTS_WITHIN.total_seconds()))


def refuse_where_still(actor: Actor, message: Message, *, words: bool) -> None:
    """Refuse to change what stands in a locked topic; facilitators may.

    In a locked room, where members answer without words what facilitators say, only ``words`` are refused. A slow room is as
    slow for new words in old messages; what one said last may be put right at once.
    """
    if policy.role_in(actor, message.room.community_id) == "facilitator":
        return
    rule = room_rule_of(message.room_id)
    if is_locked(message.topic_id) or (words and rule.locked):
        raise Conflict("talk_locked")
    last = last_said_at(actor, message.room_id) if words and rule.slow_seconds else None
    if last is not None and message.created_at < last:
        left = keeping.wait(last, clock.now(), rule.slow_seconds)
        if left:
            raise TooMany("room_slow", retry_after=left)


def refuse_where_closed(actor: Actor, ground: Ground) -> None:
    """Refuse to write in a locked room or topic, or faster than a slow room goes, where facilitators write; and to anybody who
    says too much at once."""
    if ground.lately >= rules.POSTS:
        raise TooMany("too_many_messages", retry_after=int(rules.POSTS_WITHIN.total_seconds()))
    if ground.role == "facilitator":
        return
    if ground.locked:
        raise Conflict("talk_locked")
    if ground.slow_seconds:
        left = keeping.wait(last_said_at(actor, ground.room_id), clock.now(), ground.slow_seconds)
        if left:
            raise TooMany("room_slow", retry_after=left)


def say(actor: Actor, ground: Ground, topic_id: int, data: MessageInput, *, beside: str = "") -> Posted:
    """Enter a message into the log of the room that is held; ``beside``: words that stand with it, as the options of a poll."""
    answered = _answered(ground.room_id, data.reply_to_id)
    body, names = _mentions_in(data.body, ground.community_id)
    instant, seq = clock.now(), log.next_number(ground.room_id)
    codes = _competencies_in(body)
    values: dict[str, Any] = {
        "room_id": ground.room_id, "topic_id": topic_id, "author_id": actor.person_id, "client_id": data.client_id, "seq": seq,
        "body": body, "html": rules.render(body, names, codes), "reply_to_id": answered.id if answered else None,
        "created_at": instant, "version": 1, "extras": {},
    }  # fmt: skip
    message_id = _new_message.scalar(values)
    if message_id is None:
        raise Conflict("message_said_elsewhere")
    message: Any = SimpleNamespace(id=message_id, **values)  # a row that the session watches costs more than writing it
    db.session.add_all(MessageCompetency(message_id=message_id, competency_id=each) for each in sorted(codes))
    if data.files:
        message = db.session.get_one(Message, message_id)
        _attach(actor, message, data.files)
    index.put_message(message, ground.community_id)
    _topic_moved.run({"topic": topic_id, "seq": seq, "at": instant})
    log.write(ground.room_id, seq, "posted", message_id=message_id, topic_id=topic_id, person_id=actor.person_id)
    why = _why_held(ground, f"{body}\n{beside}")
    if why is not None:
        safety.hold_back(db.session.get_one(Message, message_id), ground.community_id, why)
        return Posted(seq, message_id, topic_id)
    told = note_mentions(message, names, known=set())
    answers = to_tell(message, answered)
    record(MessagePosted(message_id, ground.room_id, topic_id, int(actor.person_id or 0), mentioned=told, answered_id=answers))
    return Posted(seq, message_id, topic_id)


def _ground_now(actor: Actor, room_id: int, data: MessageInput) -> Ground:
    """The ground; of a topic that was merged while the message was on its way, that of the one which took it in."""
    topic_id, ground = data.topic_id, ground_for(actor, room_id, data.topic_id, data.client_id)
    while ground.merged_into_id is not None:
        topic_id, ground = ground.merged_into_id, ground_for(actor, room_id, ground.merged_into_id, data.client_id)
    if ground.topic_id is None:
        there = _room_of_moved(topic_id, ground)
        if there is not None:
            raise TopicElsewhere(there, topic_id)
    return ground


def _room_of_moved(topic_id: int, ground: Ground) -> int | None:
    """The room to which a topic moved that stood in this room once; only the log of a room knows that."""
    was_here = sa.select(RoomEvent.seq).where(
        RoomEvent.room_id == ground.room_id, RoomEvent.kind == "moved", RoomEvent.from_topic_id == topic_id
    )
    now = sa.select(Topic.room_id).where(Topic.id == topic_id, Topic.room_id != ground.room_id, was_here.exists())
    return db.session.scalar(now)


def _why_held(ground: Ground, text: str) -> str | None:
    """Why what a newcomer says waits for a moderator; None where it stands at once."""
    if not ground.newcomer_days or ground.role != "member":
        return None
    return keeping.why_held(
        text, joined_at=ground.joined_at, now=clock.now(), newcomer_days=ground.newcomer_days, words=ground.held_words
    )


def _attach(actor: Actor, message: Message, files: tuple[int, ...]) -> None:
    """The actor's waiting files of this room belong to the message."""
    waiting = sa.update(Attachment).where(
        Attachment.id.in_(files), Attachment.room_id == message.room_id, Attachment.person_id == actor.person_id,
        Attachment.message_id.is_(None),
    )  # fmt: skip
    taken = db.session.execute(waiting.values(message_id=message.id)).rowcount  # type: ignore[attr-defined]  # an UPDATE
    if taken != len(set(files)):
        raise Invalid(Fault("files", "attached_gone"))
    message.extras = extras.gather(message)


def _take_away(message_id: int) -> None:
    """What hung on a message that is removed."""
    for row in (Reaction, PollVote, Poll, MessageCompetency):
        db.session.execute(sa.delete(row).where(row.message_id == message_id))
    remove(list(db.session.scalars(sa.select(Attachment.id).where(Attachment.message_id == message_id))))
    index.drop("message", message_id)


def _competencies_in(body: str) -> dict[int, str]:
    """Competencies that the body names: id → code."""
    ids = rules.competency_ids(body) if "#[" in body else set()
    if not ids:
        return {}
    return {
        row.id: row.code for row in db.session.execute(sa.select(Competency.id, Competency.code).where(Competency.id.in_(ids)))
    }


def competencies_of(message_id: int, body: str) -> dict[int, str]:
    """The same, noted anew for a message that was edited."""
    codes = _competencies_in(body)
    db.session.execute(sa.delete(MessageCompetency).where(MessageCompetency.message_id == message_id))
    db.session.add_all(MessageCompetency(message_id=message_id, competency_id=each) for each in sorted(codes))
    return codes


def _answered(room_id: int, message_id: int | None) -> Message | None:
    if message_id is None:
        return None
    answered = db.session.get(Message, message_id)
    if answered is None or answered.room_id != room_id:
        raise Invalid(Fault("reply_to_id", "reply_elsewhere"))
    return answered


def to_tell(message: Message, answered: Message | None) -> int | None:
    """Whom to tell that they were answered: a member, not the author, nobody with a block between."""
    if answered is None or answered.author_id == message.author_id or answered.author_id in blocked_with(message.author_id):
        return None
    belongs = db.session.get(Membership, (db.session.get_one(Room, message.room_id).community_id, answered.author_id))
    return answered.author_id if belongs else None


def with_mentions(body: str, room: Room) -> tuple[str, dict[int, str]]:
    """The body with names typed by hand linked, and the members it names: id → name."""
    return _mentions_in(body, room.community_id)


def _mentions_in(body: str, community_id: int) -> tuple[str, dict[int, str]]:
    if "@" not in body:
        return body, {}
    members = (
        sa.select(Person.id, Person.name, Person.folded_name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.community_id == community_id, Person.state == "active")
    )
    typed = rules.typed_names(body)
    if typed:
        found = db.session.execute(members.where(Person.folded_name.in_(typed))).all()
        folded = [row.folded_name for row in found]
        body = rules.link_names(body, {row.folded_name: row.id for row in found if folded.count(row.folded_name) == 1})
    ids = rules.mentioned_ids(body)
    return body, {row.id: row.name for row in db.session.execute(members.where(Person.id.in_(ids)))} if ids else {}


def note_mentions(message: Message, names: dict[int, str], known: set[int] | None = None) -> tuple[int, ...]:
    """Note who is named; returns whom to tell: newly named, not the author, not anyone blocked either way."""
    if known is None:
        known = set(db.session.scalars(sa.select(Mention.person_id).where(Mention.message_id == message.id)))
    gone = known - set(names)
    if gone:
        db.session.execute(sa.delete(Mention).where(Mention.message_id == message.id, Mention.person_id.in_(gone)))
    news = set(names) - known
    db.session.add_all(Mention(message_id=message.id, person_id=person_id) for person_id in sorted(news))
    tell = news - {message.author_id}
    return tuple(sorted(tell - blocked_with(message.author_id))) if tell else ()


@Prepared
def _new_message() -> Any:
    """INSERT, unless the author has said this very message already."""
    columns = (
        "room_id", "topic_id", "author_id", "client_id", "seq", "body", "html", "reply_to_id", "created_at", "version", "extras",
    )  # fmt: skip
    table = Message.__table__
    put = insert_into(Message).values({name: sa.bindparam(name, type_=table.c[name].type) for name in columns})
    return put.on_conflict_do_nothing(index_elements=["author_id", "client_id"]).returning(table.c.id)


@Prepared
def _topic_moved() -> Any:
    topic = Topic.__table__
    moved = sa.update(topic).where(topic.c.id == sa.bindparam("topic"))  # type: ignore[arg-type]  # a declarative class has a table
    return moved.values(last_seq=sa.bindparam("seq"), last_at=sa.bindparam("at", type_=topic.c.last_at.type))
