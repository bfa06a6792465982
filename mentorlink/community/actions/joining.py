"""Coming into a community and going out of it."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.community import policy
from mentorlink.community.actions.communities import admit, drop, keep_a_facilitator, member_or_refuse
from mentorlink.community.actions.safety import note
from mentorlink.community.events import (
    InvitationDeclined,
    JoinAnswered,
    JoinAsked,
    JoinedCommunity,
    LeftCommunity,
    MemberInvited,
    MemberRoleChanged,
)
from mentorlink.community.inputs import AnswerInput, AskInput, InvitationInput
from mentorlink.community.models import Community, Entry, Membership
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid, NotFound
from mentorlink.people.models import Person
from mentorlink.people.queries import blocked_with


@action
def join_community(actor: Actor, community: Community) -> None:
    """The actor belongs: to an open community at once, to another by an invitation. Joining twice is joining once."""
    ensure(policy.may_join_community, actor, community)
    entry = _waiting(community.id, actor.person_id)
    if entry is not None:
        _close(entry, "accepted", actor)
    _come_in(community, int(actor.person_id or 0), entry.by_id if entry is not None else None)


@action
def ask_to_join(actor: Actor, community: Community, data: AskInput) -> Entry:
    """The facilitators see that the actor wishes to join, and why."""
    ensure(policy.may_ask_to_join, actor, community)
    if policy.role_in(actor, community.id):
        raise Conflict("already_member")
    entry = _open(community, int(actor.person_id or 0), "asked", data.message, actor)
    record(JoinAsked(entry.id, community.id, entry.person_id))
    return entry


@action
def withdraw_asking(actor: Actor, community: Community) -> None:
    """The actor no longer asks to join."""
    ensure(policy.may_withdraw_asking, actor, community)
    _close(_waiting_or_refuse(community.id, actor.person_id), "withdrawn", actor)


@action
def invite_person(actor: Actor, community: Community, data: InvitationInput) -> Entry | None:
    """A colleague is invited; who had asked to join already is let in instead, and then there is no invitation.

    Between two of whom one blocked the other there is none, and it looks as for somebody who is not there.
    """
    ensure(policy.may_manage_members, actor, community)
    person = db.session.get(Person, data.person_id)
    if person is None or not person.is_active:
        raise Invalid(Fault("person_id", "person_unknown"))
    if db.session.get(Membership, (community.id, person.id)) is not None:
        raise Conflict("already_member")
    waiting = _waiting(community.id, person.id)
    if waiting is not None and waiting.kind == "asked":
        _let_in(actor, community, waiting)
        return None
    if person.id in blocked_with(actor.person_id or 0):
        raise Invalid(Fault("person_id", "person_unknown"))
    entry = _open(community, person.id, "invited", data.message, actor)
    record(MemberInvited(entry.id, community.id, person.id, actor.person_id))
    return entry


@action
def decline_invitation(actor: Actor, community: Community) -> None:
    """The actor does not come; a community by invitation is out of their sight again."""
    ensure(policy.may_answer_invitation, actor, community)
    entry = _waiting_or_refuse(community.id, actor.person_id)
    _close(entry, "declined", actor)
    record(InvitationDeclined(entry.id, community.id, entry.person_id))


@action
def answer_entry(actor: Actor, community: Community, entry_id: int, data: AnswerInput) -> None:
    """Who asked to join is let in or not; an invitation can be taken back by declining it."""
    ensure(policy.may_manage_members, actor, community)
    entry = db.session.get(Entry, entry_id, with_for_update=True, populate_existing=True)
    if entry is None or entry.community_id != community.id:
        raise NotFound()
    if entry.state != "open":
        raise Conflict("entry_answered")
    if entry.kind == "invited":
        _close(entry, "withdrawn", actor)
    elif data.answer == "accept":
        _let_in(actor, community, entry)
    else:
        _close(entry, "declined", actor)
        record(JoinAnswered(entry.id, community.id, entry.person_id, False, actor.person_id))


@action
def leave_community(actor: Actor, community: Community) -> None:
    """The actor belongs no more; the last facilitator first names another."""
    ensure(policy.may_leave_community, actor, community)
    membership = member_or_refuse(community, int(actor.person_id or 0))
    if membership.role == "facilitator":
        keep_a_facilitator(community, membership.person_id)
    drop(membership)
    record(LeftCommunity(community.id, membership.person_id))


@action
def let_go(actor: Actor, person_id: int) -> None:
    """Somebody left the agency: they belong nowhere; where they facilitated alone, an expert or the longest member takes over."""
    ensure(policy.may_let_go, actor)
    rows = db.session.scalars(sa.select(Membership).where(Membership.person_id == person_id).order_by(Membership.community_id))
    for membership in rows.all():
        community = db.session.get_one(Community, membership.community_id)
        member_or_refuse(community, person_id)
        if membership.role == "facilitator":
            _succeed(community, person_id)
        drop(membership)
        record(LeftCommunity(community.id, person_id))
    waiting = sa.update(Entry).where(Entry.person_id == person_id, Entry.state == "open")
    db.session.execute(waiting.values(state="withdrawn", answered_at=clock.now()))


def _succeed(community: Community, person_id: int) -> None:
    others = sa.select(Membership).where(Membership.community_id == community.id, Membership.person_id != person_id)
    if db.session.scalar(others.where(Membership.role == "facilitator").limit(1)) is not None:
        return
    expert_first = sa.case((Membership.role == "expert", 0), else_=1)
    heir = db.session.scalar(others.order_by(expert_first, Membership.joined_at, Membership.person_id).limit(1))
    if heir is not None:
        heir.role = "facilitator"
        record(MemberRoleChanged(community.id, heir.person_id, "facilitator", None))


def _let_in(actor: Actor, community: Community, entry: Entry) -> None:
    _close(entry, "accepted", actor)
    record(JoinAnswered(entry.id, community.id, entry.person_id, True, actor.person_id))
    _come_in(community, entry.person_id, actor.person_id)


def _come_in(community: Community, person_id: int, by_id: int | None) -> None:
    """Somebody belongs; who had been removed is in again from now on, and that stands in the record."""
    barred = policy.is_barred(person_id, community.id)
    if not admit(community, person_id):
        return
    record(JoinedCommunity(community.id, person_id))
    if barred:
        note(community.id, "readmitted", by_id, person_id=person_id)


def _waiting(community_id: int, person_id: int | None) -> Entry | None:
    waiting = sa.select(Entry).where(Entry.community_id == community_id, Entry.person_id == person_id, Entry.state == "open")
    return db.session.scalar(waiting.with_for_update())


def _waiting_or_refuse(community_id: int, person_id: int | None) -> Entry:
    entry = _waiting(community_id, person_id)
    if entry is None:
        raise Conflict("entry_answered")
    return entry


def _open(community: Community, person_id: int, kind: str, message: str, actor: Actor) -> Entry:
    entry = Entry(
        community_id=community.id, person_id=person_id, kind=kind, state="open", message=message,
        by_id=actor.person_id if actor.person_id is not None else person_id, created_at=clock.now(),
    )  # fmt: skip
    with or_refuse(Conflict("entry_open_already")):
        db.session.add(entry)
    return entry


def _close(entry: Entry, state: str, actor: Actor) -> None:
    entry.state, entry.answered_at, entry.answered_by_id = state, clock.now(), actor.person_id
