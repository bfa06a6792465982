"""Runs: ask for one, stop it, and what the worker says of it. Nothing here touches the draft but a run that ends well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict, NotFound
from mentorlink.people.actions import record_audit
from mentorlink.rounds.actions.ground import end_run, touch
from mentorlink.rounds.actions.people import note_missed
from mentorlink.rounds.inputs import StopInput
from mentorlink.rounds.models import Proposal, Round, RoundRun, RoundStop
from mentorlink.rounds.policy import may_edit_round, may_run_round, may_work_run
from mentorlink.rounds.queries import broken_rules, busy_run, is_silent, run_for, sizes_of, stop_of, takes_stop
from mentorlink.rounds.rules import Answer, Cohort, Line, fingerprint, pack, pairs_fingerprint, weights_fingerprint
from mentorlink.rounds.stages import BUSY, OVERRULED, UNSETTLED


@action
def start_run(actor: Actor, round_: Round) -> RoundRun:
    """Solve the round in the background. One run at a time, by the database; one that was killed makes room."""
    ensure(may_run_round, actor, round_)
    if round_.state not in UNSETTLED:
        raise Conflict("round_settled", state=round_.state)
    if round_.publishing_since is not None:
        raise Conflict("round_publishing")
    if takes_stop(round_):
        raise Conflict("stop_under_way")
    sizes = sizes_of(round_)
    if not sizes.mentees or not sizes.mentors:
        raise Conflict("nobody_takes_part")
    going = busy_run(round_)
    if going is not None and is_silent(going):
        end_run(going, "killed")
        going = None
    if going is not None:
        raise Conflict("run_goes_on", number=going.number)
    note_missed(round_)
    number = (db.session.scalar(sa.select(sa.func.max(RoundRun.number)).where(RoundRun.round_id == round_.id)) or 0) + 1
    run = RoundRun(
        round_id=round_.id, number=number, state="waiting", revision=round_.revision, asked_by_id=actor.person_id,
        asked_at=clock.now(), seed=round_.id,
    )  # fmt: skip
    with or_refuse(Conflict("run_goes_on", number=number)):
        db.session.add(run)
    jobs.enqueue("rounds.run", {"run_id": run.id}, dedupe_key=f"rounds.run:{run.id}")
    record_audit(actor, "round_run", "round", round_.id, run=number)
    return run


@action
def cancel_run(actor: Actor, round_: Round, number: int) -> RoundRun:
    """Stop a run; the draft stays as it is. Stopping twice is stopping once, and a run that is over stays over."""
    ensure(may_run_round, actor, round_)
    run = run_for(round_, number)
    db.session.refresh(run, with_for_update={"of": RoundRun})
    if end_run(run, "cancelled"):
        record_audit(actor, "round_run_cancelled", "round", round_.id, run=number)
    return run


@action
def begin_run(actor: Actor, run: RoundRun) -> bool:
    """The worker takes a waiting run; False when there is nothing to do any more.

    A run that is found running was taken by a worker that is no more: it ends as killed.
    """
    ensure(may_work_run, actor)
    instant = clock.now()
    taken = db.session.execute(
        sa.update(RoundRun)
        .where(RoundRun.id == run.id, RoundRun.state == "waiting")
        .values(state="running", started_at=instant, beat_at=instant, phase="reading")
    )
    db.session.refresh(run)
    if taken.rowcount == 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        return True
    if run.state == "running":
        end_run(run, "killed")
    return False


@action
def keep_inputs(actor: Actor, run: RoundRun, cohort: Cohort) -> None:
    """What the run solves is stored, whole and sealed, before it begins."""
    ensure(may_work_run, actor)
    run.inputs, run.inputs_hash, run.weights_hash = pack(cohort), fingerprint(cohort), weights_fingerprint(cohort)


@action
def beat_run(actor: Actor, run_id: int, phase: str, percent: int) -> bool:
    """A sign of life; False when the run was cancelled meanwhile."""
    ensure(may_work_run, actor)
    alive = db.session.execute(
        sa.update(RoundRun)
        .where(RoundRun.id == run_id, RoundRun.state == "running")
        .values(
            beat_at=clock.now(), phase=phase, progress=sa.case((RoundRun.progress > percent, RoundRun.progress), else_=percent)
        )
    )
    return bool(alive.rowcount == 1)  # type: ignore[attr-defined]  # an UPDATE answers with a cursor


@action
def finish_run(
    actor: Actor, run: RoundRun, answers: Sequence[Answer], lines: Iterable[Line], *, stop: int, unchanged: bool
) -> bool:
    """The answers are kept and the draft is that of ``stop``; True if so.

    When the run was cancelled, or the round changed while it ran, nothing but its state is written.
    """
    ensure(may_work_run, actor)
    round_ = db.session.get_one(Round, run.round_id, with_for_update={"of": Round}, populate_existing=True)
    db.session.refresh(run, with_for_update={"of": RoundRun})
    if run.state != "running":
        return False
    if not unchanged or round_.revision != run.revision or round_.state not in UNSETTLED:
        end_run(run, "overtaken")
        return False
    run.gap = max((answer.gap for answer in answers if answer.gap is not None), default=None)
    if not end_run(run, "done"):
        return False
    for answer in answers:
        db.session.add(
            RoundStop(
                run_id=run.id,
                position=answer.position,
                value=answer.value,
                figures=answer.figures,
                changes=answer.changes,
                pairs=answer.pairs,
                pairs_hash=pairs_fingerprint(answer.pairs),
                result=answer.result.to_dict(),
            )
        )
    _put_draft(round_, lines)
    round_.draft_run_id, round_.draft_stop = run.id, stop
    return True


@action
def fail_run(actor: Actor, run: RoundRun, fault: str) -> None:
    """The run came to nothing; the draft stays as it is."""
    ensure(may_work_run, actor)
    db.session.refresh(run)
    if run.state in BUSY:
        run.fault = fault[:40]
        end_run(run, "failed")


@action
def choose_stop(actor: Actor, round_: Round, data: StopInput) -> None:
    """Another stop of a run becomes the draft, by a job; until then the draft is as it was and nothing about it can be done."""
    ensure(may_edit_round, actor, round_)
    run = db.session.get(RoundRun, data.run_id)
    if run is None or run.round_id != round_.id or run.state != "done":
        raise Conflict("run_without_inputs")
    if stop_of(run, data.position) is None:
        raise NotFound()
    touch(actor, round_, data.revision, "stop", position=data.position)
    round_.stop_asked, round_.stop_asked_at = data.position, clock.now()
    jobs.enqueue("rounds.stop", {"round_id": round_.id, "run_id": run.id, "revision": round_.revision})


@action
def take_stop(actor: Actor, round_: Round, run: RoundRun, lines: Sequence[Line], *, revision: int) -> bool:
    """The draft is that of the stop that was asked for, unless somebody did something else since; True if so.

    What was locked stays locked where the stop has the pair too. A pair that a rule or HR forbids by now is not brought back.
    """
    ensure(may_work_run, actor)
    db.session.refresh(round_, with_for_update={"of": Round})
    if round_.stop_asked is None or round_.revision != revision or round_.state not in UNSETTLED:
        return False
    _put_draft(round_, _possible(round_, lines))
    round_.draft_run_id, round_.draft_stop = run.id, round_.stop_asked
    round_.stop_asked, round_.stop_asked_at = None, None
    return True


@action
def drop_stop(actor: Actor, round_: Round, *, revision: int) -> None:
    """The stop could not be taken: the draft is as it was and may be changed again."""
    ensure(may_work_run, actor)
    asked = sa.and_(Round.id == round_.id, Round.revision == revision)
    db.session.execute(sa.update(Round).where(asked).values(stop_asked=None, stop_asked_at=None))


@action
def ask_check(actor: Actor, round_: Round, number: int) -> RoundRun:
    """Solve a run again from what it stored, in the background, and say whether the same comes out."""
    ensure(may_run_round, actor, round_)
    run = run_for(round_, number)
    if run.state != "done":
        raise Conflict("run_without_inputs")
    if run.check_state != "waiting":
        run.check_state, run.checked_at = "waiting", clock.now()
        jobs.enqueue("rounds.check", {"run_id": run.id})
        record_audit(actor, "round_checked", "round", round_.id, run=number)
    return run


@action
def finish_check(actor: Actor, run: RoundRun, hashes: Mapping[int, str]) -> None:
    """What solving again came to, against what was stored, stop by stop."""
    ensure(may_work_run, actor)
    stored = {stop.position: stop.pairs_hash for stop in run.stops}
    run.check_state, run.checked_at = "same" if stored == dict(hashes) else "differs", clock.now()


def _possible(round_: Round, lines: Sequence[Line]) -> list[Line]:
    broken = broken_rules(round_, [(line.mentee_id, line.mentor_id) for line in lines if line.mentor_id is not None])
    nobody: dict[str, Any] = {"options": 0, "short": 0, "first": None}
    return [
        Line(line.mentee_id, None, 0, OVERRULED, nobody) if (line.mentee_id, line.mentor_id or 0) in broken else line
        for line in lines
    ]


def _put_draft(round_: Round, lines: Iterable[Line]) -> None:
    """Replace the draft; pairs that HR locked or put together and that stand again keep that mark."""
    kept: dict[tuple[int, int | None], tuple[bool, int | None]] = {
        (row.mentee_id, row.mentor_id): (row.locked, row.moved_by_id)
        for row in db.session.execute(
            sa.select(Proposal.mentee_id, Proposal.mentor_id, Proposal.locked, Proposal.moved_by_id).where(
                Proposal.round_id == round_.id, Proposal.mentor_id.is_not(None)
            )
        )
    }
    db.session.execute(sa.delete(Proposal).where(Proposal.round_id == round_.id))
    rows: list[dict[str, Any]] = []
    for line in lines:
        locked, moved_by = kept.get((line.mentee_id, line.mentor_id), (False, None))
        rows.append(
            {
                "round_id": round_.id,
                "mentee_id": line.mentee_id,
                "mentor_id": line.mentor_id,
                "score": line.score,
                "decided": line.decided,
                "why": dict(line.why),
                "locked": locked,
                "moved_by_id": moved_by,
                "left_out": "",
            }
        )
    if rows:
        db.session.execute(sa.insert(Proposal), rows)
    db.session.expire_all()
