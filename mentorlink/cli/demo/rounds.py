"""Two matching rounds: one that was published some weeks ago, and one whose draft waits for review."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from mentorlink.cli.demo.agency import People
from mentorlink.cli.demo.pairs import at
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.inputs import read
from mentorlink.people.models import Unit
from mentorlink.programmes.queries import programmes_for
from mentorlink.rounds import actions
from mentorlink.rounds.inputs import (
    EnrolInput,
    LockInput,
    MemberInput,
    OpenInput,
    PlacesInput,
    PublishInput,
    QuotaInput,
    RevisionInput,
    RoundInput,
    WeightsInput,
    WishesInput,
)
from mentorlink.rounds.models import Proposal, Round
from mentorlink.rounds.queries import allowed_for, group_choices, member_ids, member_of, part_for

FIRST, SECOND = slice(0, 2), slice(0, 5)
"""Which branches of the agency took part in each round."""

FIRST_PLACES = 14
"""So many mentors took one person each in the first round: fewer than wanted one."""


def make(people: People) -> None:
    """Both rounds, by the acts of the programme manager. Nobody of the demo's own stories is paired by one."""
    manager = people.actor(people.cast["programme_manager"])
    with clock.at(at(12, 9)):
        _publish(people, manager)
    with clock.at(at(6, 10)):
        _draft(people, manager)
    jobs.discard("rounds.run")
    jobs.discard("rounds.publish")


def _publish(people: People, manager: Actor) -> None:
    round_ = _begin(manager, "Putaran I")
    rules = {"units": _branches()[FIRST]}
    actions.enrol_by_rules(manager, round_, read(EnrolInput, {"enrolment": rules, "revision": round_.revision}))
    for person_id in sorted(people.cast.values()):
        for side in ("mentee", "mentor"):
            if member_of(round_, side, person_id) is not None:
                out = MemberInput(person_id=person_id, side=side, revision=round_.revision)  # type: ignore[arg-type]
                actions.take_out_member(manager, round_, out)
    actions.set_all_places(manager, round_, RevisionInput(revision=round_.revision), places=0)
    for mentor_id in member_ids(round_, "mentor")[:FIRST_PLACES]:
        actions.set_places(manager, round_, PlacesInput(person_id=mentor_id, places=1, revision=round_.revision))
    _solve(manager, round_)
    with clock.at(clock.now() + timedelta(hours=3)):
        actions.publish_round(manager, round_, PublishInput(without_changed=True, revision=round_.revision))
        jobs.handlers["rounds.publish"]({"round_id": round_.id})


def _draft(people: People, manager: Actor) -> None:
    round_ = _begin(manager, "Putaran II")
    rules = {"self_enrol": True, "ranks": True, "units": _branches()[SECOND]}
    actions.enrol_by_rules(manager, round_, read(EnrolInput, {"enrolment": rules, "revision": round_.revision}))
    until = clock.today() + timedelta(days=20)
    actions.open_round(manager, round_, OpenInput(open_until=until, revision=round_.revision))
    _rank(people, round_)
    tier = next(each for each in group_choices(round_) if each.kind == "tier" and each.mentees)
    held = QuotaInput(side="mentee", group=f"tier:{tier.key}", at_least=3, revision=round_.revision)
    actions.set_quota(manager, round_, held)
    _weigh(manager, round_, cover="high", field="high")
    _solve(manager, round_)
    best = sa.select(Proposal).where(Proposal.round_id == round_.id, Proposal.mentor_id.is_not(None))
    for line in db.session.scalars(best.order_by(Proposal.score.desc(), Proposal.id).limit(2)).all():
        actions.lock_pair(manager, round_, line, LockInput(locked=True, revision=round_.revision))
    _weigh(manager, round_, cover="mandatory", field="low")
    _solve(manager, round_)


def _weigh(manager: Actor, round_: Round, **importances: str) -> None:
    data = {"importances": importances, "bonus": round_.bonus, "revision": round_.revision}
    actions.set_weights(manager, round_, read(WeightsInput, data))


def _rank(people: People, round_: Round) -> None:
    """Some mentees say whom they would like, of those who fit them."""
    own = people.cast["mentee"]
    for mentee_id in {own, *member_ids(round_, "mentee")[::5]}:
        who = people.actor(mentee_id)
        member = member_of(round_, "mentee", mentee_id)
        if member is None or member.out or not part_for(who, round_.id).open:
            continue
        fitting = allowed_for(round_, "mentee", mentee_id)
        first = [people.cast["mentor"]] if mentee_id == own and people.cast["mentor"] in fitting else []
        wished = dict.fromkeys([*first, *fitting[1:3]])
        actions.save_wishes(who, round_, "mentee", WishesInput(wished=tuple(wished)))


def _branches() -> list[int]:
    branch = sa.and_(Unit.path.like("/%/%/"), ~Unit.path.like("/%/%/%/"))
    return list(db.session.scalars(sa.select(Unit.id).where(branch).order_by(Unit.code)))


def _begin(manager: Actor, name: str) -> Round:
    programme = next(each for each in programmes_for(manager) if each.kind == "mentoring")
    return actions.add_round(manager, programme, RoundInput(name=name))


def _solve(manager: Actor, round_: Round) -> None:
    run = actions.start_run(manager, round_)
    jobs.handlers["rounds.run"]({"run_id": run.id})
    db.session.expire_all()
