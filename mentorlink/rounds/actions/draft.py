"""Changes of a draft by hand: lock, move, let go."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.people.actions import record_audit
from mentorlink.rounds.actions.ground import touch
from mentorlink.rounds.inputs import LockInput, MoveInput, RevisionInput
from mentorlink.rounds.models import Proposal, Round
from mentorlink.rounds.policy import may_edit_round
from mentorlink.rounds.queries import board_of, broken_rules, draft_run, mentor_places
from mentorlink.rounds.rules import pair_facts
from mentorlink.rounds.stages import DISPLACED, MOVED


@action
def lock_pair(actor: Actor, round_: Round, proposal: Proposal, data: LockInput) -> Proposal:
    """The next run keeps this pair, or need not any more."""
    ensure(may_edit_round, actor, round_)
    if proposal.mentor_id is None:
        raise Conflict("nobody_to_keep")
    touch(actor, round_, data.revision, "locked" if data.locked else "unlocked")
    proposal.locked = data.locked
    return proposal


@action
def move_pair(actor: Actor, round_: Round, proposal: Proposal, data: MoveInput) -> Proposal:
    """A mentee goes to another mentor, and the next run keeps that. No rule is broken by it and no mentor gets one too many.

    Where the mentor has no free place, ``instead_of`` says who gives theirs up and is without a mentor then.
    """
    ensure(may_edit_round, actor, round_)
    run = draft_run(round_)
    board = board_of(run) if run else None
    if board is None or proposal.mentee_id not in board.mentees or data.mentor_id not in board.mentor_ids:
        raise Invalid(Fault("mentor_id", "takes_no_part"))
    touch(actor, round_, data.revision, "moved")
    pair = (proposal.mentee_id, data.mentor_id)
    if broken := broken_rules(round_, [pair]).get(pair):
        raise Conflict("round_pair_not_allowed", rules=list(broken))
    if data.instead_of is not None:
        _displace(round_, data.mentor_id, data.instead_of)
    _need_room(round_, proposal, data.mentor_id)
    before = proposal.mentor_id
    told = board.explain(*pair)
    proposal.mentor_id, proposal.score = data.mentor_id, round(told.score * 1_000_000)
    proposal.decided, proposal.locked, proposal.moved_by_id = MOVED, True, actor.person_id
    proposal.why = pair_facts(told) | {"first": None, "from": before}
    record_audit(
        actor, "round_moved", "round", round_.id, mentee=proposal.mentee_id, mentor=data.mentor_id, before=before,
        instead_of=data.instead_of,
    )  # fmt: skip
    return proposal


@action
def free_pair(actor: Actor, round_: Round, proposal: Proposal, data: RevisionInput) -> Proposal:
    """A mentee has no mentor in the draft any more; the next run may find them one."""
    ensure(may_edit_round, actor, round_)
    touch(actor, round_, data.revision, "freed")
    record_audit(actor, "round_moved", "round", round_.id, mentee=proposal.mentee_id, mentor=None, before=proposal.mentor_id)
    leave_alone(proposal)
    return proposal


def _displace(round_: Round, mentor_id: int, mentee_id: int) -> None:
    loser = db.session.scalar(sa.select(Proposal).where(Proposal.round_id == round_.id, Proposal.mentee_id == mentee_id))
    if loser is None or loser.mentor_id != mentor_id:
        raise Conflict("place_has_moved_on")
    leave_alone(loser)


def leave_alone(proposal: Proposal) -> None:
    """A line has nobody any more, by the hand of HR."""
    first = {"mentor": proposal.mentor_id, "score": proposal.score, "price": 0, "holders": [], "why": "moved"}
    proposal.why = {"options": proposal.why.get("options", 0), "short": 0, "first": first if proposal.mentor_id else None}
    proposal.mentor_id, proposal.score, proposal.decided = None, 0, DISPLACED
    proposal.locked, proposal.moved_by_id = False, None
    db.session.flush()


def _need_room(round_: Round, proposal: Proposal, mentor_id: int) -> None:
    taken = db.session.scalar(
        sa.select(sa.func.count()).where(
            Proposal.round_id == round_.id, Proposal.mentor_id == mentor_id, Proposal.id != proposal.id
        )
    )
    if (taken or 0) >= mentor_places(round_, [mentor_id]).get(mentor_id, 0):
        raise Conflict("no_place_in_round")
