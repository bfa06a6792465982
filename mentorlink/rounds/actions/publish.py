"""Publishing: asked for by a click, done by a job in batches, and once.

A click only marks the round (one conditional UPDATE, so of two managers one publishes) and asks for the job. The job looks at
every pair first: if one cannot be published and the manager did not agree to go on without such pairs, nothing is. Then it
publishes some mentors with all their pairs at a time, each batch one short transaction that checks its pairs again, takes
their places, begins them and tells both sides. Batches, because in one transaction an agency of 50,000 would hold the write
lock of SQLite for minutes; whole mentors, because a mentor's places in a round are then counted within one transaction.
A line that is done has its mentorship or says why it was left out, so a job that was killed goes on where it stopped, two
jobs at once do no harm, and no pair begins twice. Once a batch is final there is no way back: a pair that changes after the
first look is left out and named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.queries import among, competency_ids_by_code
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict
from mentorlink.pairing.actions import withdraw_request
from mentorlink.pairing.actions.room import return_place, take_places
from mentorlink.pairing.models import Offer, Request
from mentorlink.pairing.stages import OPEN
from mentorlink.people.actions import record_audit
from mentorlink.rounds.actions.ground import note_change, touch
from mentorlink.rounds.events import RoundMissed, RoundPairsPublished
from mentorlink.rounds.inputs import PublishInput
from mentorlink.rounds.models import Proposal, Round, RoundMember
from mentorlink.rounds.policy import may_free_place, may_publish_round, may_work_run
from mentorlink.rounds.queries import busy_run, changed_since, has_stopped, late_in, pairs_in, published_figures
from mentorlink.rounds.queries.rounds import offers_of_members, places_of
from mentorlink.rounds.stages import LATE
from mentorlink.sessions.mentoring.actions import Start, start_many_mentorships

NOBODY = {"options": 0, "short": 0, "first": None}

BATCH = 100
"""So many mentors, with all their pairs, are published in one transaction."""


@action
def publish_round(actor: Actor, round_: Round, data: PublishInput) -> Round:
    """The draft is closed and published by a job. Twice is once; a publication that was cut off is taken up again.

    A pair that a rule forbids by now, or whose mentor has no place left, is never published: it refuses the whole
    publication and is named, unless ``without_changed`` says to go on without it.
    """
    ensure(may_publish_round, actor, round_)
    db.session.refresh(round_, with_for_update={"of": Round})
    if round_.state == "published":
        return round_
    if round_.publishing_since is not None:
        if has_stopped(round_):
            _ask(round_)
        return round_
    if (run := busy_run(round_)) is not None:
        raise Conflict("run_goes_on", number=run.number)
    if not pairs_in(round_, most=1):
        raise Conflict("nothing_to_publish")
    touch(actor, round_, data.revision, "publishing")
    round_.publishing_since, round_.publish_fault = clock.now(), ""
    round_.published_by_id, round_.without_changed = actor.person_id, data.without_changed
    record_audit(actor, "round_publishing", "round", round_.id)
    _ask(round_)
    return round_


def _ask(round_: Round) -> None:
    round_.publishing_beat_at = clock.now()
    jobs.enqueue("rounds.publish", {"round_id": round_.id})


@action
def refuse_publication(actor: Actor, round_: Round, fault: str) -> None:
    """Nothing was published; the draft may be changed again, and the page says why."""
    ensure(may_work_run, actor)
    db.session.refresh(round_, with_for_update={"of": Round})
    if round_.publishing_since is None:
        return
    round_.publishing_since, round_.publishing_beat_at, round_.publish_fault = None, None, fault
    note_change(round_, "not_published")
    round_.published_by_id = None


@action
def keep_places(actor: Actor, round_: Round) -> None:
    """Before the first pair begins, the places that the round has are written down: what is free later is another figure."""
    ensure(may_work_run, actor)
    db.session.refresh(round_, with_for_update={"of": Round})
    if round_.publishing_since is None or published_figures(round_).pairs:
        return
    free = sa.select(places_of()).where(offers_of_members()).correlate(RoundMember).scalar_subquery()
    db.session.execute(
        sa.update(RoundMember)
        .where(RoundMember.round_id == round_.id, RoundMember.side == "mentor")
        .values(places=sa.case((free > 0, free), else_=0))
        .execution_options(synchronize_session=False)
    )


@action
def publish_batch(actor: Actor, round_: Round) -> bool:
    """Some pairs begin, or are left out by name; both sides of each are told. False when there is nothing left to do."""
    ensure(may_work_run, actor)
    db.session.refresh(round_, with_for_update={"of": Round})
    if round_.publishing_since is None:
        return False
    lines = pairs_in(round_, mentors=BATCH)
    if not lines:
        return False
    round_.publishing_beat_at = clock.now()
    offers = _offers({line.mentor_id for line in lines})
    left_out = {id_: rules[0] for id_, rules in changed_since(round_, lines).items()}
    left_out |= {line.id: "offer_closed" for line in lines if line.mentor_id not in offers and line.id not in left_out}
    wanted: dict[int, int] = defaultdict(int)
    for line in lines:
        if line.id not in left_out:
            wanted[offers[line.mentor_id]] += 1
    given = take_places(actor, wanted)
    left_out |= {line.id: "no_room" for line in lines if line.id not in left_out and offers[line.mentor_id] not in given}
    _leave_out(left_out)
    _begin(actor, round_, [line for line in lines if line.id not in left_out], offers)
    return True


@action
def finish_publication(actor: Actor, round_: Round) -> None:
    """Every pair is published or left out: the round is over. Who came in after the run has a line that says so."""
    ensure(may_work_run, actor)
    db.session.refresh(round_, with_for_update={"of": Round})
    if round_.publishing_since is None:
        return
    late = [{"round_id": round_.id, "mentee_id": id_, "decided": LATE, "why": dict(NOBODY)} for id_ in sorted(late_in(round_))]
    if late:
        db.session.execute(sa.insert(Proposal), late)
    figures = published_figures(round_)
    round_.state, round_.published_at, round_.publishing_since, round_.publishing_beat_at = "published", clock.now(), None, None
    note_change(round_, "published", pairs=figures.pairs, left_out=figures.left_out)
    record_audit(
        actor, "round_published", "round", round_.id, pairs=figures.pairs, left_out=figures.left_out, by=round_.published_by_id
    )


@action
def tell_missed(actor: Actor, round_: Round, person_ids: Sequence[int]) -> None:
    """These learn that the round had nobody for them; who was told before is not told again."""
    ensure(may_work_run, actor)
    record(RoundMissed(round_.id, tuple(person_ids)))


@action
def free_round_place(actor: Actor, proposal: Proposal) -> None:
    """The pair of a published line is over: its place is free again, once."""
    ensure(may_free_place, actor)
    ended = db.session.execute(
        sa.update(Proposal).where(Proposal.id == proposal.id, Proposal.ended_at.is_(None)).values(ended_at=clock.now())
    )
    if ended.rowcount == 1 and proposal.offer is not None:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        return_place(actor, proposal.offer)


def _leave_out(left_out: Mapping[int, str]) -> None:
    by_rule: dict[str, list[int]] = defaultdict(list)
    for line_id, rule in left_out.items():
        by_rule[rule[:20]].append(line_id)
    for rule, ids in sorted(by_rule.items()):
        db.session.execute(
            sa.update(Proposal).where(among(Proposal.id, ids)).values(left_out=rule).execution_options(synchronize_session=False)
        )


def _begin(actor: Actor, round_: Round, lines: Sequence[Any], offers: Mapping[int, int]) -> None:
    if not lines:
        return
    _withdraw_requests(lines)
    known = competency_ids_by_code()
    starts = [
        Start(
            line.mentor_id,
            line.mentee_id,
            tuple(known[gap[0]] for gap in line.why.get("gaps", ()) if gap[4] and gap[0] in known),
        )
        for line in lines
    ]
    begun = start_many_mentorships(actor, starts, programme_id=round_.programme_id, entered_by_id=round_.published_by_id)
    db.session.execute(
        sa.update(Proposal),
        [
            {"id": line.id, "mentorship_id": id_, "offer_id": offers[line.mentor_id]}
            for line, id_ in zip(lines, begun, strict=True)
        ],
    )
    pairs = tuple((line.mentee_id, line.mentor_id, id_) for line, id_ in zip(lines, begun, strict=True))
    record(RoundPairsPublished(round_.id, pairs))


def _offers(mentor_ids: set[int]) -> dict[int, int]:
    """Mentor → their open offer, locked in the order of ids until the batch is final."""
    rows = db.session.execute(
        sa.select(Offer.person_id, Offer.id)
        .where(Offer.kind == "mentor", Offer.closed_at.is_(None), among(Offer.person_id, mentor_ids))
        .order_by(Offer.id)
        .with_for_update(of=Offer)
    )
    return dict(rows.all())


def _withdraw_requests(lines: Sequence[Any]) -> None:
    """A request that waits between two whom the round pairs has nothing left to ask."""
    pairs = {(line.mentee_id, line.mentor_id) for line in lines}
    house = Actor.system()
    rows = db.session.scalars(
        sa.select(Request).where(Request.state.in_(OPEN), among(Request.person_id, {mentee for mentee, _mentor in pairs}))
    ).all()
    for request in rows:
        if (request.person_id, request.mentor_id) in pairs:
            withdraw_request(house, request)


@action
def note_file(actor: Actor, round_: Round, *, form: str) -> None:
    """The record says who took the round away as a file."""
    ensure(may_publish_round, actor, round_)
    record_audit(actor, "file_taken", "round", round_.id, kind="round", form=form)
