"""Who may do what with rounds. A draft is HR's alone; participants see their own part, and the result once it is published."""

from __future__ import annotations

from mentorlink.kernel.actor import Actor
from mentorlink.programmes.models import Programme
from mentorlink.programmes.policy import may_edit_programme
from mentorlink.rounds.models import Round, RoundMember


def may_add_round(actor: Actor, programme: Programme) -> bool:
    """Who runs the programme: HR over its unit, and its owner."""
    return may_edit_programme(actor, programme)


def may_see_round(actor: Actor, round_: Round) -> bool:
    """Who runs its programme."""
    return may_edit_programme(actor, round_.programme)


def may_edit_round(actor: Actor, round_: Round) -> bool:
    """Who runs its programme; whether it is still unsettled is a question of its state."""
    return may_edit_programme(actor, round_.programme)


def may_run_round(actor: Actor, round_: Round) -> bool:
    """Who runs its programme."""
    return may_edit_programme(actor, round_.programme)


def may_publish_round(actor: Actor, round_: Round) -> bool:
    """Who runs its programme."""
    return may_edit_programme(actor, round_.programme)


def may_work_run(actor: Actor) -> bool:
    """The house's own worker."""
    return actor.is_system


def may_join_round(actor: Actor, round_: Round, member: RoundMember | None) -> bool:
    """Whoever takes part already, or anybody where the round lets people enrol themselves."""
    if actor.person_id is None:
        return False
    return member is not None or (round_.state == "open" and bool(round_.enrolment.get("self_enrol")))


def may_rank(actor: Actor, member: RoundMember | None) -> bool:
    """The participant themself."""
    return member is not None and actor.is_person(member.person_id) and not member.out


def may_free_place(actor: Actor) -> bool:
    """The house, when a pair is over."""
    return actor.is_system
