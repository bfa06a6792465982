"""Reads of groups. A mentee learns who else is in the group and when it meets, and nothing of anybody's own way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.competencies.queries import needs_of
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people.models import Person
from mentorlink.people.queries import blocked_with, line_of
from mentorlink.sessions.meetings.models import Meeting, MeetingAttendance, Series, SeriesMember
from mentorlink.sessions.mentoring.groups.models import Group, GroupCompetency, GroupMember
from mentorlink.sessions.mentoring.groups.policy import may_lead_group, may_see_group, may_see_membership
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.sessions.mentoring.stages import OPEN_STATES

PAGE = 30
_WHOLE = (
    selectinload(Group.mentor),
    selectinload(Group.competencies),
    selectinload(Group.series).selectinload(Series.members).selectinload(SeriesMember.person),
)


def group_to_lead_for(actor: Actor, group_id: int) -> Group:
    """The group, for its mentor."""
    group = db.session.get(Group, group_id, options=_WHOLE)
    if group is None or not may_lead_group(actor, group):
        raise NotFound()
    return group


def group_to_join_for(actor: Actor, group_id: int) -> Group:
    """A group as colleagues find it: while it is open and nobody in it is blocked; who asked or was invited finds it anyway."""
    group = db.session.get(Group, group_id, options=_WHOLE)
    if group is None:
        raise NotFound()
    if may_see_group(actor, group) or (group.state != "ended" and membership_of(actor, group) is not None):
        return group
    members = {member.person_id for member in group.series.members}
    if group.state != "open" or members & blocked_with(actor.person_id or 0):
        raise NotFound()
    return group


def membership_for(actor: Actor, member_id: int) -> GroupMember:
    """A membership, for who it is about and the mentor."""
    member = db.session.get(GroupMember, member_id, options=(joinedload(GroupMember.group),))
    if member is None or not may_see_membership(actor, member):
        raise NotFound()
    return member


def membership_of(actor: Actor, group: Group) -> GroupMember | None:
    """The actor's own live membership: asked, invited or in."""
    mine = sa.select(GroupMember).where(GroupMember.group_id == group.id, GroupMember.person_id == actor.person_id)
    return db.session.scalar(mine.where(GroupMember.state.in_(("asked", "invited", "in"))))


def memberships_to_lead_for(actor: Actor, group: Group) -> list[GroupMember]:
    """Who is in it, asks or is invited, for its mentor, with each one's mentorship."""
    if not may_lead_group(actor, group):
        raise NotFound()
    live = sa.select(GroupMember).where(GroupMember.group_id == group.id, GroupMember.state.in_(("asked", "invited", "in")))
    return list(db.session.scalars(live.options(joinedload(GroupMember.person)).order_by(GroupMember.began_at, GroupMember.id)))


def groups_for(actor: Actor) -> list[tuple[Group, str]]:
    """The actor's groups that have not ended, each with what they are in it: mentor, in, invited or asked. Newest first."""
    mine = sa.and_(GroupMember.group_id == Group.id, GroupMember.person_id == actor.person_id,
                   GroupMember.state.in_(("asked", "invited", "in")))  # fmt: skip
    query = (
        sa.select(Group, GroupMember.state)
        .outerjoin(GroupMember, mine)
        .where(Group.state != "ended", sa.or_(Group.mentor_id == actor.person_id, GroupMember.id.is_not(None)))
        .options(*_WHOLE)
        .order_by(Group.made_at.desc(), Group.id.desc())
    )
    return [(group, "mentor" if actor.is_person(group.mentor_id) else state) for group, state in db.session.execute(query)]


def asking_counts(actor: Actor) -> dict[int, int]:
    """Group of the actor's as mentor → how many ask to join. One query."""
    query = (
        sa.select(GroupMember.group_id, sa.func.count())
        .join(Group, Group.id == GroupMember.group_id)
        .where(Group.mentor_id == actor.person_id, GroupMember.state == "asked")
        .group_by(GroupMember.group_id)
    )
    return dict(db.session.execute(query).all())


@dataclass(frozen=True)
class GroupFound:
    """An open group with room, and how many of the reader's gaps it works on."""

    group: Group
    covers: int


def open_groups_for(actor: Actor, *, page: int = 1) -> tuple[list[GroupFound], int]:
    """Open groups with room that the actor may join, those that work on most of their gaps first; and how many there are."""
    me = db.session.get(Person, actor.person_id)
    if me is None:
        return [], 0
    apart = line_of(me) | blocked_with(me.id) | {me.id}
    blocked = sa.exists().where(SeriesMember.series_id == Group.series_id, SeriesMember.person_id.in_(blocked_with(me.id)))
    mine = sa.exists().where(
        GroupMember.group_id == Group.id, GroupMember.person_id == me.id, GroupMember.state.in_(("asked", "invited", "in"))
    )
    gaps = [need.competency_id for need in needs_of((me.id,)).get(me.id, []) if need.gap]
    covers = (
        sa.select(sa.func.count())
        .where(GroupCompetency.group_id == Group.id, GroupCompetency.competency_id.in_(gaps))
        .scalar_subquery()
    )
    base = sa.select(Group.id).where(
        Group.state == "open", Group.taken < Group.places, Group.mentor_id.not_in(apart), sa.not_(blocked), sa.not_(mine)
    )
    total = db.session.scalar(sa.select(sa.func.count()).select_from(base.subquery())) or 0
    query = (
        base.with_only_columns(Group, covers)
        .options(selectinload(Group.mentor), selectinload(Group.competencies))
        .order_by(covers.desc(), Group.made_at.desc(), Group.id.desc())
        .limit(PAGE)
        .offset((max(1, page) - 1) * PAGE)
    )
    return [GroupFound(group, count) for group, count in db.session.execute(query)], total


def mentees_to_invite_for(actor: Actor, group: Group) -> list[Person]:
    """The mentor's running mentees who are not in the group, nor asked or invited."""
    if not may_lead_group(actor, group):
        raise NotFound()
    there = sa.exists().where(
        GroupMember.group_id == group.id, GroupMember.person_id == Mentorship.mentee_id,
        GroupMember.state.in_(("asked", "invited", "in")),
    )  # fmt: skip
    query = (
        sa.select(Person)
        .join(Mentorship, Mentorship.mentee_id == Person.id)
        .where(Mentorship.mentor_id == actor.person_id, Mentorship.state.in_(OPEN_STATES), sa.not_(there))
        .order_by(Person.name)
    )
    return list(db.session.scalars(query))


def group_of_series(series_id: int) -> Group | None:
    """The group that meets in this series; for pages and effects that have shown who reads."""
    return db.session.scalar(sa.select(Group).where(Group.series_id == series_id))


def next_in_groups(mentorship_ids: Collection[int]) -> dict[int, Meeting]:
    """Mentorship → the soonest session of its group that its mentee comes to. One query."""
    away = sa.exists().where(
        MeetingAttendance.meeting_id == Meeting.id,
        MeetingAttendance.person_id == GroupMember.person_id,
        MeetingAttendance.state == "excused",
    )
    query = (
        sa.select(GroupMember.mentorship_id, Meeting)
        .join(Group, Group.id == GroupMember.group_id)
        .join(Meeting, Meeting.series_id == Group.series_id)
        .where(
            GroupMember.mentorship_id.in_(mentorship_ids), GroupMember.state == "in", Meeting.state == "planned",
            Meeting.starts_at > clock.now(), sa.not_(away),
        )
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    )  # fmt: skip
    return {id_: meeting for id_, meeting in db.session.execute(query) if id_ is not None}


def groups_of(mentorship_ids: Collection[int]) -> dict[int, Group]:
    """Mentorship → the group its mentee is in. One query; the caller may see them."""
    query = sa.select(GroupMember.mentorship_id, Group).join(Group, Group.id == GroupMember.group_id)
    found = db.session.execute(query.where(GroupMember.mentorship_id.in_(mentorship_ids), GroupMember.state == "in"))
    return {id_: group for id_, group in found if id_ is not None}
