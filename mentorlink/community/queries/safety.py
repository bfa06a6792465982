"""Reads about safety: what waits for moderators, what they did, what one has said oneself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, load_only

from mentorlink.community.models.communities import Community, Membership
from mentorlink.community.models.messages import Attachment, Message
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
from mentorlink.community.policy.communities import role_in
from mentorlink.community.queries.lives import with_person
from mentorlink.community.rules import unlink_names
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.prepared import Prepared
from mentorlink.people.models import Person

LISTED = 50


def moderator_ids(community_id: int) -> list[int]:
    """Facilitators, and members whom they named."""
    named = sa.select(Moderator.person_id).where(Moderator.community_id == community_id)
    rows = sa.select(Membership.person_id).where(
        Membership.community_id == community_id,
        sa.or_(Membership.role == "facilitator", Membership.person_id.in_(named)),
    )
    return list(db.session.scalars(rows.order_by(Membership.person_id)))


def others_answer(actor: Actor, act: ModerationAct) -> bool:
    """True where the actor did it, and there is another moderator to answer whom it does not concern."""
    others = [one for one in moderator_ids(act.community_id) if one not in (act.by_id, act.person_id)]
    return actor.is_person(act.by_id) and bool(others)


def named_moderators(community_id: int) -> set[int]:
    """Members named beside the facilitators."""
    return set(db.session.scalars(sa.select(Moderator.person_id).where(Moderator.community_id == community_id)))


def rule_of(community_id: int) -> CommunityRule:
    """What is held in a community; as a row that is not kept where nothing was said."""
    return db.session.get(CommunityRule, community_id) or CommunityRule(community_id=community_id, newcomer_days=0, held_words=[])


def room_rule_of(room_id: int) -> RoomRule:
    """What holds in a room; as a row that is not kept where nothing was said."""
    return db.session.get(RoomRule, room_id) or RoomRule(room_id=room_id, locked=False, slow_seconds=0)


def room_rules_of(community_id: int) -> dict[int, RoomRule]:
    """The same for every room of a community where something was said."""
    query = sa.select(RoomRule).join(Room, Room.id == RoomRule.room_id).where(Room.community_id == community_id)
    return {row.room_id: row for row in db.session.scalars(query)}


def is_locked(topic_id: int) -> bool:
    """True for a topic in which only facilitators write."""
    return db.session.get(TopicLock, topic_id) is not None


def reports_for(actor: Actor, community: Community) -> list[Report]:
    """Open reports, for moderators; what is about oneself one does not see."""
    if not policy.may_moderate(actor, community):
        return []
    return list(
        db.session.scalars(
            sa.select(Report)
            .where(Report.community_id == community.id, Report.state == "open", Report.person_id != actor.person_id)
            .options(joinedload(Report.message), with_person(Report.person), with_person(Report.by))
            .order_by(Report.id)
            .limit(LISTED)
        )
    )


def held_for(actor: Actor, community: Community) -> list[Withheld]:
    """Messages that wait for a moderator."""
    if not policy.may_moderate(actor, community):
        return []
    return list(
        db.session.scalars(
            sa.select(Withheld)
            .where(Withheld.community_id == community.id, Withheld.why != "hidden")
            .options(joinedload(Withheld.message).options(with_person(Message.author), joinedload(Message.topic)))
            .order_by(Withheld.message_id)
            .limit(LISTED)
        )
    )


def acts_for(actor: Actor, community: Community) -> list[ModerationAct]:
    """What moderators did, newest first; whom it concerned only moderators are shown."""
    if not policy.may_see_acts(actor, community):
        raise NotFound()
    return list(
        db.session.scalars(
            sa.select(ModerationAct)
            .where(ModerationAct.community_id == community.id)
            .options(with_person(ModerationAct.person), with_person(ModerationAct.by))
            .order_by(ModerationAct.id.desc())
            .limit(LISTED)
        )
    )


def act_for(actor: Actor, act_id: int) -> ModerationAct:
    """Something a moderator did, for whom it concerns and for moderators."""
    act = db.session.get(ModerationAct, act_id)
    if act is None or not policy.may_see_act(actor, act):
        raise NotFound()
    return act


@dataclass(frozen=True)
class Sealed:
    """Words that nobody else reads at present, and for members the files that went with them."""

    body: str
    files: tuple[Attachment, ...]


def sealed_for(actor: Actor, act: ModerationAct) -> Sealed | None:
    """What an act took away, for whom it concerns and for moderators, as long as it is withheld."""
    if act.message_id is None or not policy.may_see_act(actor, act):
        return None
    kept = db.session.get(Withheld, act.message_id)
    if kept is None:
        return None
    belongs = role_in(actor, act.community_id) is not None
    return Sealed(kept.body, tuple(files_of([act.message_id]).get(act.message_id, ())) if belongs else ())


def files_of(message_ids: Collection[int]) -> dict[int, list[Attachment]]:
    """Message → the files that went with it, without their content."""
    found: dict[int, list[Attachment]] = {}
    columns = load_only(Attachment.id, Attachment.message_id, Attachment.name, Attachment.size)
    query = sa.select(Attachment).where(Attachment.message_id.in_(message_ids)).options(columns).order_by(Attachment.id)
    for row in db.session.scalars(query) if message_ids else ():
        found.setdefault(row.message_id or 0, []).append(row)
    return found


def report_for(actor: Actor, report_id: int) -> Report:
    """A report that the actor may settle."""
    report = db.session.get(Report, report_id)
    if report is None or not policy.may_settle_report(actor, report):
        raise NotFound()
    return report


def withheld_for(actor: Actor, message_id: int) -> Withheld:
    """Words withheld, for moderators."""
    row = db.session.get(Withheld, message_id)
    if row is None or not policy.may_moderate(actor, db.session.get_one(Community, row.community_id)):
        raise NotFound()
    return row


def glass_for(actor: Actor, glass_id: int) -> BreakGlass:
    """A glass, broken or not, for administrators."""
    row = db.session.get(BreakGlass, glass_id)
    if row is None or not policy.may_ask_for_glass(actor):
        raise NotFound()
    return row


def glasses_for(actor: Actor) -> list[BreakGlass]:
    """Every glass that was asked for, newest first, for administrators."""
    if not policy.may_ask_for_glass(actor):
        raise NotFound()
    query = sa.select(BreakGlass).options(joinedload(BreakGlass.community))
    query = query.options(with_person(BreakGlass.by), with_person(BreakGlass.second))
    return list(db.session.scalars(query.order_by(BreakGlass.id.desc()).limit(LISTED)))


def broken_for(actor: Actor, community: Community) -> list[BreakGlass]:
    """When and why the rooms of a community were read by administrators, for its members."""
    if not policy.may_see_acts(actor, community):
        raise NotFound()
    query = sa.select(BreakGlass).where(BreakGlass.community_id == community.id, BreakGlass.opened_at.is_not(None))
    query = query.options(with_person(BreakGlass.by), with_person(BreakGlass.second))
    return list(db.session.scalars(query.order_by(BreakGlass.id.desc()).limit(LISTED)))


@dataclass(frozen=True)
class GlassTold:
    """A line of a room's log: who opened it, and when."""

    seq: int
    by: str
    second: str
    at: Any


def glass_lines(room_id: int, *, apart: bool = False) -> list[GlassTold]:
    """What a room's log tells of broken glasses, for whoever may read the room; ``apart``: outside the session's transaction."""
    asked = _glass_lines.apart if apart else _glass_lines.all
    return [GlassTold(*row) for row in asked({"room": room_id})]


def last_before(topic: Topic, seq: int) -> int:
    """Number of the message before ``seq`` in a topic that the reader may read; 0: there is none."""
    earlier = sa.select(sa.func.max(Message.seq)).where(Message.topic_id == topic.id, Message.seq < seq)
    return db.session.scalar(earlier) or 0


@Prepared
def _glass_lines() -> Any:
    line, glass = GlassLine.__table__, BreakGlass.__table__
    by, second = Person.__table__.alias(), Person.__table__.alias()
    joined = line.join(glass, glass.c.id == line.c.glass_id).join(by, by.c.id == glass.c.by_id)
    start = joined.join(second, second.c.id == glass.c.second_id)
    told = sa.select(line.c.seq, by.c.name, second.c.name.label("second"), glass.c.opened_at).select_from(start)
    return told.where(line.c.room_id == sa.bindparam("room")).order_by(line.c.seq)


def through_glass(actor: Actor, glass: BreakGlass, *, before: int | None = None, limit: int = 100) -> list[Message]:
    """What was said in the rooms, newest first, for who broke the glass."""
    if not policy.may_read_through_glass(actor, glass):
        raise NotFound()
    query = (
        sa.select(Message)
        .join(Room, Room.id == Message.room_id)
        .where(Room.community_id == glass.community_id, sa.true() if before is None else Message.id < before)
        .options(with_person(Message.author), joinedload(Message.topic))
    )
    return list(db.session.scalars(query.order_by(Message.id.desc()).limit(limit)))


def closed_communities_for(actor: Actor) -> list[Community]:
    """Every community, for an administrator who has to ask for one."""
    if not policy.may_ask_for_glass(actor):
        raise NotFound()
    return list(db.session.scalars(sa.select(Community).order_by(Community.folded_name).limit(500)))


def own_words(actor: Actor) -> list[dict[str, Any]]:
    """Everything the actor has said in rooms, oldest first, as they may take it with them: also what nobody else reads now.

    ``withheld``: why moderators hold the words back; ``files``: what went with them, by name and number.
    """
    rows = db.session.execute(
        sa.select(
            Message.id, Community.name.label("community"), Room.name.label("room"), Topic.title, Message.created_at,
            Message.body, Withheld.body.label("kept"), Withheld.why,
        )
        .join(Room, Room.id == Message.room_id)
        .join(Topic, Topic.id == Message.topic_id)
        .join(Community, Community.id == Room.community_id)
        .outerjoin(Withheld, Withheld.message_id == Message.id)
        .where(Message.author_id == actor.person_id, has_words())
        .order_by(Message.id)
    ).all()  # fmt: skip
    files = _files_of(actor)
    return [
        {
            "community": row.community, "room": row.room, "topic": row.title, "at": row.created_at.isoformat(),
            "words": unlink_names(row.body or row.kept or ""), "withheld": row.why, "files": files.get(row.id, []),
        }
        for row in rows
    ]  # fmt: skip


def _files_of(actor: Actor) -> dict[int, list[dict[str, Any]]]:
    """Message → the actor's files that went with it."""
    found: dict[int, list[dict[str, Any]]] = {}
    mine = sa.select(Attachment.message_id, Attachment.id, Attachment.name, Attachment.size).where(
        Attachment.person_id == actor.person_id, Attachment.message_id.is_not(None)
    )
    for row in db.session.execute(mine.order_by(Attachment.id)):
        found.setdefault(row.message_id, []).append({"id": row.id, "name": row.name, "bytes": row.size})
    return found


def has_words() -> sa.ColumnElement[bool]:
    """Messages whose words are there, also where nobody reads them at present."""
    return sa.or_(Message.deleted_at.is_(None), Message.id.in_(sa.select(Withheld.message_id)))


def own_words_by_community(actor: Actor) -> list[tuple[int, str, int]]:
    """Community id, name, and how many messages of the actor stand there with their words."""
    rows = db.session.execute(
        sa.select(Community.id, Community.name, sa.func.count(Message.id))
        .join(Room, Room.community_id == Community.id)
        .join(Message, Message.room_id == Room.id)
        .where(Message.author_id == actor.person_id, has_words())
        .group_by(Community.id)
        .order_by(Community.folded_name)
    )
    return [(row[0], row[1], row[2]) for row in rows]
