"""Keeping a community safe: held and hidden words, locks, reports, removal, appeal, the broken glass, one's own words."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from mentorlink.community import rules as talk
from mentorlink.community.actions import extras, index, log
from mentorlink.community.actions.communities import admit
from mentorlink.community.events.communities import JoinedCommunity
from mentorlink.community.events.safety import (
    AppealAnswered,
    Appealed,
    GlassAsked,
    GlassBroken,
    MessageHeld,
    MessageReleased,
    Moderated,
    Reported,
    ReportSettled,
)
from mentorlink.community.inputs.safety import (
    AppealAnswerInput,
    AppealInput,
    CommunityRuleInput,
    GlassInput,
    ModeratorInput,
    ReasonInput,
    ReportInput,
    RoomRuleInput,
    SettleReportInput,
)
from mentorlink.community.models.communities import Community, Membership
from mentorlink.community.models.messages import (
    Attachment,
    Mention,
    Message,
    MessageCompetency,
    MessageVersion,
    Poll,
    PollVote,
    Reaction,
)
from mentorlink.community.models.rooms import Room, Topic
from mentorlink.community.models.safety import (
    BreakGlass,
    CommunityRule,
    GlassLine,
    ModerationAct,
    Moderator,
    Report,
    RoomRule,
    TopicLock,
    Withheld,
)
from mentorlink.community.policy import safety as policy
from mentorlink.community.queries import safety as queries
from mentorlink.community.rules import safety as rules
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.people.actions.audit import record_audit

BATCH = 500
"""So many messages lose their words in one go …"""

OWN_BATCH = 2000
"""… and so many where somebody takes back their own."""


def hold_if_new(actor: Actor, room: Room, message: Message) -> bool:
    """Hold what a newcomer says with a link or a held word until a moderator has seen it; True where it is held."""
    why = _why_held(actor, room.community_id, message.body)
    if why is not None:
        hold_back(message, room.community_id, why)
    return why is not None


def hold_back(message: Message, community_id: int, why: str) -> None:
    """A moderator sees what was just said before anybody else does."""
    _withhold(message, community_id, why)
    record(MessageHeld(message.id, community_id, message.author_id))


def refuse_held_title(actor: Actor, room: Room, title: str) -> None:
    """A title is read by everybody at once, so a newcomer's has neither a link nor a held word."""
    if _why_held(actor, room.community_id, title) is not None:
        raise Invalid(Fault("title", "title_of_newcomer"))


def refuse_held(actor: Actor, community_id: int, **texts: str) -> None:
    """Pages, material, decisions and the like are read by everybody at once too; ``texts``: field → what stands there."""
    held = [name for name, text in texts.items() if text and _why_held(actor, community_id, text) is not None]
    if held:
        raise Invalid(*(Fault(name, "text_of_newcomer") for name in held))


def _why_held(actor: Actor, community_id: int, text: str) -> str | None:
    rule = db.session.get(CommunityRule, community_id)
    if rule is None or not rule.newcomer_days:
        return None
    belongs = db.session.get(Membership, (community_id, actor.person_id))
    if belongs is None or belongs.role != "member":
        return None
    return rules.why_held(
        text, joined_at=belongs.joined_at, now=clock.now(), newcomer_days=rule.newcomer_days, words=rule.held_words
    )


@action
def report_message(actor: Actor, message: Message, data: ReportInput) -> None:
    """The moderators are told of a message; told twice, it stands once."""
    ensure(policy.may_report_message, actor, message)
    _report(actor, message.room.community_id, message.author_id, data, message_id=message.id)


@action
def report_person(actor: Actor, community: Community, person_id: int, data: ReportInput) -> None:
    """The moderators are told of how a member behaves."""
    ensure(policy.may_report_person, actor, community, person_id)
    if db.session.get(Membership, (community.id, person_id)) is None:
        raise Invalid(Fault("person_id", "person_unknown"))
    _report(actor, community.id, person_id, data)


@action
def settle_report(actor: Actor, report: Report, data: SettleReportInput) -> None:
    """It was looked at: there is something in it, and the message may be hidden for it, or there is not."""
    ensure(policy.may_settle_report, actor, report)
    lock(report)
    if report.state != "open":
        raise Conflict("report_settled")
    _settle(actor, report, data.state)
    db.session.flush()
    if data.state == "upheld" and data.hide and report.message_id is not None:
        _hide(actor, db.session.get_one(Message, report.message_id), report.community_id, report.reason)


@action
def hide_message(actor: Actor, message: Message, data: ReasonInput) -> None:
    """Nobody reads the words any more; that there was a message stays, and who wrote it may appeal."""
    ensure(policy.may_moderate, actor, message.room.community)
    _hide(actor, message, message.room.community_id, data.reason)


@action
def release_message(actor: Actor, withheld: Withheld) -> None:
    """What was held or hidden is read by everybody."""
    ensure(policy.may_moderate, actor, db.session.get_one(Community, withheld.community_id))
    community_id, author_id, message_id = withheld.community_id, withheld.message.author_id, withheld.message_id
    if _release(actor, message_id) == "hidden":
        _note(actor, community_id, "restored", person_id=author_id, message_id=message_id)


@action
def refuse_message(actor: Actor, withheld: Withheld, data: ReasonInput) -> None:
    """What was held stays hidden, and who wrote it may appeal."""
    ensure(policy.may_moderate, actor, db.session.get_one(Community, withheld.community_id))
    log.hold(withheld.message.room_id)
    lock(withheld)
    if withheld.why == "hidden":
        return
    withheld.why = "hidden"
    act = _note(actor, withheld.community_id, "hidden", data.reason, person_id=withheld.message.author_id,
                message_id=withheld.message_id)  # fmt: skip
    record(Moderated(act.id, act.community_id, withheld.message.author_id))


@action
def lock_topic(actor: Actor, topic: Topic, *, locked: bool) -> None:
    """Only facilitators write in the topic, or everybody does again."""
    ensure(policy.may_moderate, actor, topic.room.community)
    log.hold(topic.room_id)
    there = queries.is_locked(topic.id)
    if locked == there:
        return
    if locked:
        with or_refuse(Conflict("try_again")):
            db.session.add(TopicLock(topic_id=topic.id, by_id=int(actor.person_id or 0), at=clock.now()))
    else:
        db.session.execute(sa.delete(TopicLock).where(TopicLock.topic_id == topic.id))
    log.write(topic.room_id, log.next_number(topic.room_id), "ruled", topic_id=topic.id)
    _note(actor, topic.room.community_id, "locked" if locked else "unlocked")


@action
def set_room_rule(actor: Actor, room: Room, data: RoomRuleInput) -> None:
    """The room is locked or open, goes at this pace, and keeps words so long."""
    ensure(policy.may_set_rules, actor, room.community)
    log.hold(room.id)
    before = queries.room_rule_of(room.id)
    was = (before.locked, before.slow_seconds, before.retention_days)
    if was == (data.locked, data.slow_seconds, data.retention_days):
        return
    values = data.model_dump()
    put = insert_into(RoomRule).values({"room_id": room.id} | values)
    db.session.execute(put.on_conflict_do_update(index_elements=["room_id"], set_=values))
    db.session.expire_all()
    if was[:2] != (data.locked, data.slow_seconds):
        log.write(room.id, log.next_number(room.id), "ruled")
    kind = "locked" if data.locked and not was[0] else "unlocked" if was[0] and not data.locked else "ruled"
    _note(actor, room.community_id, "slowed" if kind == "ruled" and data.slow_seconds != was[1] else kind)


@action
def set_community_rule(actor: Actor, community: Community, data: CommunityRuleInput) -> None:
    """So long after joining, links and these words wait for a moderator."""
    ensure(policy.may_set_rules, actor, community)
    values = {"newcomer_days": data.newcomer_days, "held_words": rules.words_of(data.held_words)}
    put = insert_into(CommunityRule).values({"community_id": community.id} | values)
    db.session.execute(put.on_conflict_do_update(index_elements=["community_id"], set_=values))
    db.session.expire_all()
    _note(actor, community.id, "ruled")


@action
def name_moderator(actor: Actor, community: Community, data: ModeratorInput) -> None:
    """The member looks after reports, or no longer does."""
    ensure(policy.may_set_rules, actor, community)
    if db.session.get(Membership, (community.id, data.person_id)) is None:
        raise Invalid(Fault("person_id", "person_unknown"))
    if data.named:
        put = insert_into(Moderator).values(community_id=community.id, person_id=data.person_id)
        db.session.execute(put.on_conflict_do_nothing())
    else:
        db.session.execute(
            sa.delete(Moderator).where(Moderator.community_id == community.id, Moderator.person_id == data.person_id)
        )


@action
def note_removal(actor: Actor, community_id: int, person_id: int, by_id: int | None) -> None:
    """A member was removed: it stands in the record, and they may appeal."""
    ensure(policy.may_tend_rooms, actor)
    act = note(community_id, "removed", by_id, person_id=person_id)
    record(Moderated(act.id, community_id, person_id))


@action
def appeal(actor: Actor, act: ModerationAct, data: AppealInput) -> None:
    """Whom it concerns says once why it was wrong; another moderator answers."""
    ensure(policy.may_appeal, actor, act)
    lock(act)
    if act.appeal_state != "none":
        raise Conflict("appeal_there")
    act.appeal, act.appeal_state = data.text, "open"
    record(Appealed(act.id, act.community_id, int(actor.person_id or 0)))


@action
def answer_appeal(actor: Actor, act: ModerationAct, data: AppealAnswerInput) -> None:
    """It stays, or it is undone. Who did it answers only where there is no other moderator."""
    ensure(policy.may_answer_appeal, actor, act)
    lock(act)
    if act.appeal_state != "open":
        raise Conflict("appeal_answered")
    if queries.others_answer(actor, act):
        raise Conflict("appeal_by_another")
    act.appeal_state, act.answered_by_id, act.answered_at = data.answer, actor.person_id, clock.now()
    if data.answer == "reversed":
        _undo(actor, act)
    record(AppealAnswered(act.id, act.person_id or 0, data.answer))


@action
def let_words_go(actor: Actor) -> int:
    """In rooms that keep words for so long, older ones are gone; the thread stays. Returns how many."""
    ensure(policy.may_tend_rooms, actor)
    gone = 0
    for rule in db.session.scalars(sa.select(RoomRule).where(RoomRule.retention_days.is_not(None)).order_by(RoomRule.room_id)):
        line = clock.now() - timedelta(days=rule.retention_days or 0)
        old = sa.select(Message).where(Message.room_id == rule.room_id, Message.created_at < line, queries.has_words())
        messages = list(db.session.scalars(old.order_by(Message.id).limit(BATCH)))
        if messages:
            log.hold(rule.room_id)
            for message in messages:
                _erase(message, None)
            _note(actor, db.session.get_one(Room, rule.room_id).community_id, "expired")
        gone += len(messages)
    return gone


@action
def delete_own_words(actor: Actor, community: Community | None = None) -> int:
    """What the actor said (there, or everywhere) loses its words; others' answers stay readable. Returns how many have.

    Of very many the rest follows at once as a job.
    """
    ensure(policy.may_keep_own_words, actor)
    query = sa.select(Message).where(Message.author_id == actor.person_id, queries.has_words())
    if community is not None:
        query = query.join(Room, Room.id == Message.room_id).where(Room.community_id == community.id)
    messages = list(db.session.scalars(query.order_by(Message.room_id, Message.id).limit(OWN_BATCH)))
    for room_id in sorted({message.room_id for message in messages}):
        log.hold(room_id)
    for message in messages:
        _erase(message, actor.person_id)
    if len(messages) == OWN_BATCH:
        where = community.id if community is not None else None
        jobs.enqueue("community.take_back_words", {"person_id": actor.person_id, "community_id": where})
    return len(messages)


@action
def ask_for_glass(actor: Actor, community: Community, data: GlassInput) -> BreakGlass:
    """An administrator has to read what is closed to them; a second one decides."""
    ensure(policy.may_ask_for_glass, actor)
    glass = BreakGlass(community_id=community.id, by_id=int(actor.person_id or 0), reason=data.reason, asked_at=clock.now())
    db.session.add(glass)
    db.session.flush()
    record_audit(actor, "glass_asked", "community", community.id)
    record(GlassAsked(glass.id, glass.by_id))
    return glass


@action
def break_glass(actor: Actor, glass: BreakGlass) -> None:
    """Two administrators agree: the first may read for a day, and every member is told why."""
    ensure(policy.may_break_glass, actor, glass)
    lock(glass)
    if glass.opened_at is not None:
        return
    glass.second_id, glass.opened_at = actor.person_id, clock.now()
    glass.until = glass.opened_at + rules.OPEN_FOR
    for room in db.session.scalars(sa.select(Room).where(Room.community_id == glass.community_id).order_by(Room.id)).all():
        _tell_room(room, glass)
    _note(actor, glass.community_id, "glass")
    record_audit(actor, "glass_broken", "community", glass.community_id, asked_by=glass.by_id)
    record(GlassBroken(glass.id, glass.community_id))


def tell_new_room(room: Room) -> None:
    """A room that is made while administrators may read says so from its beginning, inside an action."""
    still_open = sa.select(BreakGlass).where(BreakGlass.community_id == room.community_id, BreakGlass.until > clock.now())
    for glass in db.session.scalars(still_open.order_by(BreakGlass.id)).all():
        _tell_room(room, glass)


def _tell_room(room: Room, glass: BreakGlass) -> None:
    seq = log.next_number(room.id)
    log.write(room.id, seq, "glass", person_id=glass.by_id)
    db.session.add(GlassLine(room_id=room.id, seq=seq, glass_id=glass.id))


def _report(actor: Actor, community_id: int, person_id: int, data: ReportInput, *, message_id: int | None = None) -> None:
    open_one = sa.select(Report.id).where(
        Report.by_id == actor.person_id, Report.person_id == person_id, Report.state == "open",
        Report.message_id == message_id if message_id else Report.message_id.is_(None),
    )  # fmt: skip
    if db.session.scalar(open_one) is not None:
        return
    report = Report(
        community_id=community_id, message_id=message_id, person_id=person_id, by_id=int(actor.person_id or 0),
        reason=data.reason, note=data.note, at=clock.now(),
    )  # fmt: skip
    with or_refuse(Conflict("try_again")):
        db.session.add(report)
    record(Reported(report.id, community_id, person_id))


def _hide(actor: Actor, message: Message, community_id: int, reason: str) -> None:
    log.hold(message.room_id)
    lock(message)
    if message.deleted_at is not None:
        return
    _withhold(message, community_id, "hidden")
    log.write(message.room_id, log.next_number(message.room_id), "deleted", message_id=message.id, topic_id=message.topic_id,
              person_id=actor.person_id)  # fmt: skip
    act = _note(actor, community_id, "hidden", reason, person_id=message.author_id, message_id=message.id)
    record(Moderated(act.id, community_id, message.author_id))
    told = sa.select(Report).where(Report.message_id == message.id, Report.state == "open").with_for_update()
    for report in db.session.scalars(told.order_by(Report.id)):
        _settle(actor, report, "upheld")


def _settle(actor: Actor, report: Report, state: str) -> None:
    report.state, report.settled_by_id, report.settled_at = state, actor.person_id, clock.now()
    record(ReportSettled(report.id, report.community_id, int(actor.person_id or 0), report.by_id))


def _withhold(message: Message, community_id: int, why: str) -> None:
    db.session.add(Withheld(message_id=message.id, community_id=community_id, body=message.body, why=why, at=clock.now()))
    message.body = message.html = ""
    message.deleted_at = clock.now()
    message.extras = {"held": why}
    index.drop("message", message.id)
    db.session.flush()


def _release(actor: Actor, message_id: int) -> str | None:
    """Let the words stand that were withheld, and tell why they were; None where another moderator did so in the meantime, or
    who wrote them took them back."""
    message = db.session.get_one(Message, message_id)
    room = db.session.get_one(Room, message.room_id)
    log.hold(room.id)
    lock(message)
    withheld = db.session.get(Withheld, message_id, populate_existing=True)
    if withheld is None:
        return None
    why = withheld.why
    message.body, message.html = withheld.body, talk.render(withheld.body, {})
    message.deleted_at = message.deleted_by_id = None
    message.extras = extras.gather(message)
    index.put_message(message, room.community_id)
    db.session.delete(withheld)
    db.session.flush()
    record(MessageReleased(message.id, held=why != "hidden"))
    log.write(room.id, log.next_number(room.id), "edited", message_id=message.id, topic_id=message.topic_id,
              person_id=actor.person_id)  # fmt: skip
    return why


def _undo(actor: Actor, act: ModerationAct) -> None:
    if act.kind == "hidden" and act.message_id is not None:
        _release(actor, act.message_id)
        _note(actor, act.community_id, "restored", person_id=act.person_id, message_id=act.message_id)
    elif act.kind == "removed" and act.person_id is not None:
        if admit(db.session.get_one(Community, act.community_id), act.person_id):
            record(JoinedCommunity(act.community_id, act.person_id))
        _note(actor, act.community_id, "readmitted", person_id=act.person_id)


def take_back_withheld(actor: Actor, message: Message) -> None:
    """The words that are held back or hidden are gone, if there are any; the room and the message are held."""
    if db.session.get(Withheld, message.id) is not None:
        _erase(message, actor.person_id)


def _erase(message: Message, by_id: int | None) -> None:
    """Take the words and everything that hung on them; the room is held."""
    message.body = message.html = ""
    message.deleted_at, message.deleted_by_id, message.extras = clock.now(), by_id, {}
    message.pinned_at = message.pinned_by_id = None
    for table in (MessageVersion, Mention, Reaction, PollVote, Poll, MessageCompetency, Attachment, Withheld):
        db.session.execute(sa.delete(table).where(table.message_id == message.id))
    index.drop("message", message.id)
    log.write(message.room_id, log.next_number(message.room_id), "deleted", message_id=message.id, topic_id=message.topic_id,
              person_id=by_id)  # fmt: skip


def _note(actor: Actor, community_id: int, kind: str, reason: str = "other", **about: int | None) -> ModerationAct:
    return note(community_id, kind, actor.person_id, reason, **about)


def note(community_id: int, kind: str, by_id: int | None, reason: str = "other", *, person_id: int | None = None,
         message_id: int | None = None) -> ModerationAct:  # fmt: skip
    """Enter into the record what a moderator did, inside an action."""
    act = ModerationAct(
        community_id=community_id, kind=kind, reason=reason, person_id=person_id, message_id=message_id, by_id=by_id,
        at=clock.now(),
    )  # fmt: skip
    db.session.add(act)
    db.session.flush()
    return act
