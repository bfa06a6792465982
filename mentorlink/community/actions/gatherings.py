"""Gatherings: planned, answered, attended, written down, followed up."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.community.actions import places
from mentorlink.community.actions.reminding import remind_later
from mentorlink.community.actions.safety import refuse_held
from mentorlink.community.events.gatherings import (
    AttendanceWithdrawn,
    ComingChanged,
    FollowUpAgreed,
    GatheringAttended,
    GatheringMoved,
    GatheringPlanned,
)
from mentorlink.community.inputs.gatherings import (
    CancelInput,
    CodeInput,
    ComingInput,
    FollowUpInput,
    FollowUpStateInput,
    GatheringInput,
    MinutesInput,
    PointInput,
    PresentInput,
    TurnInput,
)
from mentorlink.community.models.communities import Community, Membership
from mentorlink.community.models.gatherings import AgendaPoint, Attendance, CodeTry, FollowUp, Gathering, Hand
from mentorlink.community.policy import gatherings as policy
from mentorlink.community.queries.gatherings import spoken_of
from mentorlink.community.rules import gatherings as rules
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid, TooMany


@action
def plan_gathering(actor: Actor, community: Community, data: GatheringInput) -> Gathering:
    """The community meets then and there; its members are told."""
    ensure(policy.may_plan_gathering, actor, community)
    host_id = data.host_id or int(actor.person_id or 0)
    _belongs(community.id, host_id, "host_id")
    gathering = Gathering(
        **_columns(actor, data), community_id=community.id, host_id=host_id, code=rules.new_code(),
        created_by_id=actor.person_id, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(gathering)
    db.session.flush()
    for line in data.agenda.splitlines():
        if line.strip():
            db.session.add(AgendaPoint(gathering_id=gathering.id, text=line.strip()[:300], by_id=int(actor.person_id or 0)))
    remind_later(gathering)
    record(GatheringPlanned(gathering.id, community.id, actor.person_id))
    return gathering


@action
def change_gathering(actor: Actor, gathering: Gathering, data: GatheringInput) -> None:
    """It is then and there now; who meant to come is told where that is another time or place."""
    ensure(policy.may_run_gathering, actor, gathering)
    refuse_held(actor, gathering.community_id, title=data.title, about=data.about)
    _planned(gathering)
    columns = _columns(actor, data)
    moved = any(columns[name] != getattr(gathering, name) for name in ("starts_at", "minutes", "mode", "place"))
    if columns["places"] is not None and columns["places"] < gathering.taken:
        raise Invalid(Fault("places", "places_taken", {"taken": gathering.taken}))
    if data.host_id is not None:
        _belongs(gathering.community_id, data.host_id, "host_id")
        gathering.host_id = data.host_id
    for name, value in columns.items():
        setattr(gathering, name, value)
    if moved:
        gathering.revision, gathering.changed_at = gathering.revision + 1, clock.now()
    db.session.flush()
    places.fill(gathering)
    if moved:
        remind_later(gathering)
        record(GatheringMoved(gathering.id, gathering.community_id, actor.person_id))


@action
def cancel_gathering(actor: Actor, gathering: Gathering, data: CancelInput) -> None:
    """It does not take place; who meant to come is told."""
    ensure(policy.may_run_gathering, actor, gathering)
    _planned(gathering)
    places.call_off(actor, gathering, data.reason)


@action
def answer_gathering(actor: Actor, gathering: Gathering, data: ComingInput) -> str:
    """The member comes, waits for a place, or does not come; a place given back goes to who waits longest.

    Who waits and says so again waits where they stood.
    """
    ensure(policy.may_answer_gathering, actor, gathering)
    _planned(gathering)
    row = db.session.get(Attendance, (gathering.id, actor.person_id))
    held = row is not None and row.state == "going"
    if data.answer == "going" and held:
        return "going"
    if row is None:
        row = Attendance(gathering_id=gathering.id, person_id=actor.person_id)
        db.session.add(row)
    state = data.answer
    if state == "going" and not places.take(gathering):
        state = "waiting"
    if row.state != state:
        row.state, row.answered_at = state, clock.now()
    db.session.flush()
    if held:
        places.give_back(gathering)
    if held or row.state == "going":
        record(ComingChanged(gathering.id, row.person_id, coming=not held))
    return row.state


@action
def add_point(actor: Actor, gathering: Gathering, data: PointInput) -> AgendaPoint:
    """The agenda has another point."""
    ensure(policy.may_add_point, actor, gathering)
    refuse_held(actor, gathering.community_id, text=data.text)
    _planned(gathering)
    point = AgendaPoint(gathering_id=gathering.id, text=data.text, by_id=int(actor.person_id or 0))
    db.session.add(point)
    db.session.flush()
    return point


@action
def tick_point(actor: Actor, point: AgendaPoint) -> None:
    """The point was talked about; once more, it was not."""
    ensure(policy.may_run_gathering, actor, db.session.get_one(Gathering, point.gathering_id))
    lock(point)
    point.done_at = None if point.done_at else clock.now()


@action
def check_in(actor: Actor, gathering: Gathering, data: CodeInput) -> bool:
    """Who types the code of the room was there; it counts once the gathering is held.

    False for a wrong code, which is counted: who typed a few waits. (A refusal would take the count back with it.)
    """
    ensure(policy.may_check_in, actor, gathering)
    lock(gathering)
    if gathering.state == "cancelled":
        raise Conflict("gathering_settled")
    if not rules.code_is_open(clock.now(), gathering.starts_at, gathering.minutes):
        raise Conflict("code_closed")
    tried = db.session.get(CodeTry, (gathering.id, actor.person_id), populate_existing=True)
    left = rules.code_wait(tried.tries, tried.last_at, clock.now()) if tried is not None else 0
    if left:
        raise TooMany("code_tries", retry_after=left)
    if data.code != gathering.code:
        _count_try(gathering, int(actor.person_id or 0), tried)
        return False
    _present(gathering, int(actor.person_id or 0), "code")
    return True


@action
def note_presence(actor: Actor, gathering: Gathering, data: PresentInput) -> None:
    """The host says who was there, and who was not."""
    ensure(policy.may_run_gathering, actor, gathering)
    lock(gathering)
    if gathering.state == "cancelled":
        raise Conflict("gathering_settled")
    _belongs(gathering.community_id, data.person_id, "person_id")
    if data.present:
        _present(gathering, data.person_id, "host")
        return
    row = db.session.get(Attendance, (gathering.id, data.person_id))
    if row is not None and row.present_at is not None:
        row.present_at = row.noted_by = None
        if gathering.state == "held":
            record(AttendanceWithdrawn(gathering.id, data.person_id, actor.person_id, row.turn))
            row.turn += 1


@action
def hold_gathering(actor: Actor, gathering: Gathering) -> None:
    """It took place; from now on it counts for everybody who was there."""
    ensure(policy.may_run_gathering, actor, gathering)
    _planned(gathering)
    if gathering.starts_at > clock.now():
        raise Conflict("gathering_not_begun")
    places.settle(gathering)


@action
def write_minutes(actor: Actor, gathering: Gathering, data: MinutesInput) -> None:
    """The minutes are these now; a stale text is refused."""
    ensure(policy.may_run_gathering, actor, gathering)
    lock(gathering)
    if gathering.state == "cancelled":
        raise Conflict("gathering_settled")
    if data.version != gathering.minutes_version:
        raise Conflict("minutes_changed")
    gathering.minutes_text, gathering.minutes_version = data.body, data.version + 1
    gathering.minutes_by_id = actor.person_id


@action
def agree_follow_up(actor: Actor, gathering: Gathering, data: FollowUpInput) -> FollowUp:
    """A member does this after the gathering."""
    ensure(policy.may_run_gathering, actor, gathering)
    _belongs(gathering.community_id, data.owner_id, "owner_id")
    row = FollowUp(**data.model_dump(), gathering_id=gathering.id)
    db.session.add(row)
    db.session.flush()
    if not actor.is_person(data.owner_id):
        record(FollowUpAgreed(gathering.id, data.owner_id, actor.person_id))
    return row


@action
def settle_follow_up(actor: Actor, follow_up: FollowUp, data: FollowUpStateInput) -> None:
    """It is done, dropped, or open again."""
    ensure(policy.may_settle_follow_up, actor, follow_up, db.session.get_one(Gathering, follow_up.gathering_id))
    lock(follow_up)
    follow_up.state = data.state
    follow_up.settled_at = None if data.state == "open" else clock.now()


@action
def open_round(actor: Actor, gathering: Gathering, *, opened: bool) -> None:
    """A round of talk begins or ends; who speaks then stops, hands go down."""
    ensure(policy.may_run_gathering, actor, gathering)
    _planned(gathering)
    if not opened:
        places.close_round(gathering)
    gathering.round_open = opened


@action
def raise_hand(actor: Actor, gathering: Gathering) -> None:
    """The member would like to speak. Raised twice, it is up once."""
    ensure(policy.may_answer_gathering, actor, gathering)
    lock(gathering)
    if not gathering.round_open:
        raise Conflict("round_closed")
    if _open_hand(gathering, int(actor.person_id or 0)) is None:
        db.session.add(Hand(gathering_id=gathering.id, person_id=actor.person_id, raised_at=clock.now()))


@action
def lower_hand(actor: Actor, gathering: Gathering) -> None:
    """The member does not wish to speak, or has spoken."""
    ensure(policy.may_answer_gathering, actor, gathering)
    lock(gathering)
    hand = _open_hand(gathering, int(actor.person_id or 0))
    if hand is not None:
        hand.ended_at = clock.now()


@action
def give_turn(actor: Actor, gathering: Gathering, data: TurnInput) -> None:
    """Who spoke is done; who has spoken the shortest of those with a hand up speaks now.

    Pressed twice, or by two at once, the turn goes on once: it is given on from whom the presser saw speak.
    """
    ensure(policy.may_run_gathering, actor, gathering)
    lock(gathering)
    if not gathering.round_open:
        raise Conflict("round_closed")
    hands = list(db.session.scalars(sa.select(Hand).where(Hand.gathering_id == gathering.id)))
    speaking = next((hand for hand in hands if hand.began_at is not None and hand.ended_at is None), None)
    if (speaking.person_id if speaking else None) != data.seen:
        return
    instant = clock.now()
    if speaking is not None:
        speaking.ended_at = instant
    db.session.flush()
    waiting = {hand.person_id: hand for hand in hands if hand.began_at is None and hand.ended_at is None}
    who = rules.next_speaker(((hand.person_id, hand.raised_at) for hand in waiting.values()), spoken_of(hands))
    if who is not None:
        waiting[who].began_at = instant


def _columns(actor: Actor, data: GatheringInput) -> dict[str, object]:
    named = ("title", "about", "minutes", "mode", "place", "places")
    return {name: getattr(data, name) for name in named} | {"starts_at": data.instant(actor.timezone)}


def _belongs(community_id: int, person_id: int, field: str) -> None:
    if db.session.get(Membership, (community_id, person_id)) is None:
        raise Invalid(Fault(field, "person_unknown"))


def _planned(gathering: Gathering) -> None:
    lock(gathering)
    if gathering.state != "planned":
        raise Conflict("gathering_settled")


def _present(gathering: Gathering, person_id: int, how: str) -> None:
    row = db.session.get(Attendance, (gathering.id, person_id))
    if row is None:
        row = Attendance(gathering_id=gathering.id, person_id=person_id, state="not_going", answered_at=clock.now())
        with or_refuse(Conflict("try_again")):
            db.session.add(row)
    if row.present_at is not None:
        return
    row.present_at, row.noted_by = clock.now(), how
    if gathering.state == "held":
        record(GatheringAttended(gathering.id, person_id, row.turn))


def _count_try(gathering: Gathering, person_id: int, tried: CodeTry | None) -> None:
    """One more wrong code, under the gathering's lock; after the wait it begins anew."""
    if tried is None:
        tried = CodeTry(gathering_id=gathering.id, person_id=person_id, tries=0)
        db.session.add(tried)
    tried.tries = 1 if tried.tries >= rules.CODE_TRIES else tried.tries + 1
    tried.last_at = clock.now()


def _open_hand(gathering: Gathering, person_id: int) -> Hand | None:
    return db.session.scalar(
        sa.select(Hand).where(Hand.gathering_id == gathering.id, Hand.person_id == person_id, Hand.ended_at.is_(None))
    )
