"""Use cases of groups."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from mentorlink.competencies.models import Competency
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.people.models import Person
from mentorlink.people.queries import blocked_with, line_of
from mentorlink.programmes.models import Programme
from mentorlink.programmes.queries import default_programme
from mentorlink.sessions.meetings.actions import add_member, begin_led_series, remove_member, set_series_state
from mentorlink.sessions.mentoring.actions import start_mentorship
from mentorlink.sessions.mentoring.groups.events import (
    GroupAsked,
    GroupDeclined,
    GroupEnded,
    GroupInvited,
    GroupJoined,
    GroupLeft,
)
from mentorlink.sessions.mentoring.groups.inputs import Asking, GroupInput, Invited
from mentorlink.sessions.mentoring.groups.models import Group, GroupCompetency, GroupMember
from mentorlink.sessions.mentoring.groups.policy import (
    may_ask_group,
    may_end_group,
    may_end_membership,
    may_lead_group,
    may_open_group,
    may_say_yes,
    may_see_membership,
)
from mentorlink.sessions.mentoring.groups.stages import LIVE, came_from
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.sessions.mentoring.stages import OPEN_STATES

OPEN_AT_ONCE = 5
"""Groups that one mentor leads at a time."""


@action
def open_group(actor: Actor, data: GroupInput) -> Group:
    """Open a circle of one's own, as mentor."""
    ensure(may_open_group, actor)
    db.session.execute(sa.select(Person.id).where(Person.id == actor.person_id).with_for_update())
    mine = sa.select(sa.func.count()).select_from(Group).where(Group.mentor_id == actor.person_id, Group.state != "ended")
    if (db.session.scalar(mine) or 0) >= OPEN_AT_ONCE:
        raise Conflict("too_many_groups", limit=OPEN_AT_ONCE)
    series = begin_led_series(actor, actor.person_id or 0)
    group = Group(
        mentor_id=actor.person_id, series_id=series.id, name=data.name, about=data.about, places=data.places,
        programme_id=_programme(data), state="shut" if data.by_invitation else "open", made_at=clock.now(),
    )  # fmt: skip
    db.session.add(group)
    db.session.flush()
    _work_on(group, data.competency_ids)
    return group


@action
def change_group(actor: Actor, group: Group, data: GroupInput) -> Group:
    """Describe the group anew; there is never less room than mentees are in it."""
    ensure(may_lead_group, actor, group)
    _must_run(group)
    if data.places < group.taken:
        raise Invalid(Fault("places", "more_are_in", {"taken": group.taken}))
    group.name, group.about, group.places = data.name, data.about, data.places
    group.state = "shut" if data.by_invitation else "open"
    _work_on(group, data.competency_ids)
    return group


@action
def ask_to_join(actor: Actor, group: Group, data: Asking) -> GroupMember:
    """Ask the mentor for a place. Asked twice it stands once; who is invited already is in with it."""
    ensure(may_ask_group, actor, group)
    _must_run(group)
    there = _live(group, actor.person_id or 0)
    if there is not None:
        return join_group(actor, there) if there.state == "invited" else there
    if group.state != "open":
        raise Conflict("group_shut")
    _must_fit(group, db.session.get_one(Person, actor.person_id))
    member = _begin(group, actor.person_id or 0, "asked", words=data.words or None)
    record(GroupAsked(group.id, member.id, group.mentor_id, member.person_id))
    return member


@action
def invite_to_group(actor: Actor, group: Group, data: Invited) -> GroupMember:
    """Invite somebody; who has asked already is in with it."""
    ensure(may_lead_group, actor, group)
    _must_run(group)
    there = _live(group, data.person_id)
    if there is not None:
        return join_group(actor, there) if there.state == "asked" else there
    person = db.session.get(Person, data.person_id)
    if person is None or not person.is_active:
        raise Invalid(Fault("person_id", "unknown_person"))
    _must_fit(group, person)
    member = _begin(group, person.id, "invited")
    record(GroupInvited(group.id, member.id, group.mentor_id, member.person_id))
    return member


@action
def join_group(actor: Actor, member: GroupMember) -> GroupMember:
    """Say the second yes: a place is taken, the mentee has a mentorship with the mentor, and meets with the group from now on.

    The last place is given once: ``group_full`` for everybody after.
    """
    ensure(may_see_membership, actor, member)
    group = member.group
    _must_run(group)
    if lock(member).state == "in":
        return member
    ensure(may_say_yes, actor, member)
    _must_fit(group, db.session.get_one(Person, member.person_id))
    taken = db.session.execute(
        sa.update(Group)
        .where(Group.id == group.id, Group.state != "ended", Group.taken < Group.places)
        .values(taken=Group.taken + 1)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        raise Conflict("group_full")
    mentorship = _running(group, member.person_id) or _start(group, member.person_id)
    with or_refuse(Conflict("in_another_group")):
        _settle(member, "in", mentorship_id=mentorship.id, joined_at=clock.now())
    db.session.refresh(group)
    add_member(Actor.system(), group.series, member.person_id)
    record(GroupJoined(group.id, group.mentor_id, member.person_id, mentorship.id, actor.person_id))
    return member


@action
def decline_group(actor: Actor, member: GroupMember) -> GroupMember:
    """Say no to a question or an invitation, or take one's own back."""
    ensure(may_end_membership, actor, member)
    lock(member)
    state = "declined" if may_say_yes(actor, member) else "withdrawn"
    if member.state in ("declined", "withdrawn"):
        return member
    _settle(member, state)
    record(GroupDeclined(member.group_id, member.group.mentor_id, member.person_id, state, actor.person_id))
    return member


@action
def leave_group(actor: Actor, member: GroupMember) -> GroupMember:
    """Meet with the group no more; what one was there for stays readable, and the mentorship goes on."""
    ensure(may_end_membership, actor, member)
    if lock(member).state == "left":
        return member
    _settle(member, "left")
    group = member.group
    db.session.execute(
        sa.update(Group).where(Group.id == group.id).values(taken=Group.taken - 1).execution_options(synchronize_session=False)
    )
    db.session.refresh(group)
    remove_member(Actor.system(), group.series, member.person_id)
    record(GroupLeft(group.id, group.mentor_id, member.person_id, actor.person_id))
    return member


@action
def end_group(actor: Actor, group: Group) -> Group:
    """Meet no more; what is planned is called off, each mentorship goes on. Said twice it stands once."""
    ensure(may_end_group, actor, group)
    if lock(group).state == "ended":
        return group
    live = sa.select(GroupMember).where(GroupMember.group_id == group.id, GroupMember.state.in_(LIVE))
    rows = list(db.session.scalars(live.order_by(GroupMember.id)))
    inside = tuple(member.person_id for member in rows if member.state == "in")
    for member in rows:
        _settle(member, "left" if member.state == "in" else "withdrawn")
    group.state, group.taken, group.ended_at = "ended", 0, clock.now()
    set_series_state(Actor.system(), group.series, "closed")
    record(GroupEnded(group.id, group.mentor_id, inside, actor.person_id))
    return group


def _must_run(group: Group) -> None:
    if lock(group).state == "ended":
        raise Conflict("group_ended")


def _live(group: Group, person_id: int) -> GroupMember | None:
    mine = sa.select(GroupMember).where(GroupMember.group_id == group.id, GroupMember.person_id == person_id)
    return db.session.scalar(mine.where(GroupMember.state.in_(LIVE)))


def _begin(group: Group, person_id: int, state: str, *, words: str | None = None) -> GroupMember:
    if group.taken >= group.places:
        raise Conflict("group_full")
    member = GroupMember(group_id=group.id, person_id=person_id, state=state, words=words, began_at=clock.now())
    with or_refuse(Conflict("group_changed")):
        db.session.add(member)
    return member


def _settle(member: GroupMember, state: str, **columns: object) -> None:
    settled = db.session.execute(
        sa.update(GroupMember)
        .where(GroupMember.id == member.id, GroupMember.state.in_(came_from(state)))
        .values(state=state, **({"settled_at": clock.now()} if state != "in" else {}), **columns)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(member)
    if settled.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        raise Conflict("group_changed")


def _must_fit(group: Group, person: Person) -> None:
    """The rules of every pair: outside the line of command, nobody blocked, never the same failed pair again."""
    if person.id == group.mentor_id:
        raise Conflict("mentor_of_oneself")
    members = {member.person_id for member in group.series.members}
    if members & blocked_with(person.id):
        raise Conflict("group_does_not_fit")
    if _running(group, person.id) is not None:
        return
    failed = sa.select(Mentorship.id).where(
        Mentorship.mentor_id == group.mentor_id, Mentorship.mentee_id == person.id, Mentorship.state == "ended_early"
    )
    if group.mentor_id in line_of(person):
        raise Conflict("group_in_line")
    if db.session.scalar(failed.limit(1)) is not None:
        raise Conflict("group_does_not_fit")


def _running(group: Group, person_id: int) -> Mentorship | None:
    return db.session.scalar(
        sa.select(Mentorship).where(
            Mentorship.mentor_id == group.mentor_id, Mentorship.mentee_id == person_id, Mentorship.state.in_(OPEN_STATES)
        )
    )


def _start(group: Group, person_id: int) -> Mentorship:
    return start_mentorship(
        Actor.system(), mentor_id=group.mentor_id, mentee_id=person_id, programme_id=group.programme_id,
        competency_ids=[competency.id for competency in group.competencies],
    )  # fmt: skip


def _programme(data: GroupInput) -> int | None:
    if data.programme_id is None:
        usual = default_programme()
        return usual.id if usual is not None else None
    programme = db.session.get(Programme, data.programme_id)
    if programme is None or programme.kind != "mentoring":
        raise Invalid(Fault("programme_id", "literal_error"))
    return programme.id


def _work_on(group: Group, competency_ids: Sequence[int]) -> None:
    wanted = dict.fromkeys(competency_ids)
    known = set(db.session.scalars(sa.select(Competency.id).where(Competency.id.in_(wanted), Competency.retired_at.is_(None))))
    if known != set(wanted):
        raise Invalid(Fault("competency_ids", "unknown_competency"))
    db.session.execute(sa.delete(GroupCompetency).where(GroupCompetency.group_id == group.id))
    db.session.add_all(GroupCompetency(group_id=group.id, competency_id=id_) for id_ in wanted)
    db.session.flush()
    db.session.expire(group, ["competencies"])
