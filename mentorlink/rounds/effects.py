"""What rounds do when others have spoken, and the worker's part of a run: long, apart, with short transactions of its own."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
import structlog

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.logs import named
from mentorlink.matching import MatchingError, RoundCancelled
from mentorlink.rounds.actions import (
    beat_run,
    begin_run,
    drop_stop,
    fail_run,
    finish_check,
    finish_publication,
    finish_run,
    free_round_place,
    keep_inputs,
    keep_places,
    keep_sheet,
    publish_batch,
    refuse_publication,
    take_stop,
    tell_missed,
)
from mentorlink.rounds.models import Proposal, Round, RoundRun
from mentorlink.rounds.queries import (
    board_of,
    broken_rules,
    changed_since,
    cohort_of,
    keep_board,
    missed_in,
    pairs_in,
    published_figures,
    result_of,
    stamp_of,
    work_out,
)
from mentorlink.rounds.rules import Answer, Board, Cohort, fingerprint, lines_of, pairs_fingerprint, solve, unpack
from mentorlink.rounds.stages import SIDES
from mentorlink.sessions.mentoring.events import MentorshipClosed, MentorshipEndedEarly

log = structlog.get_logger(__name__)

BEAT = 0.5
"""Seconds between two signs of life of a run."""


def release_round_place(event: MentorshipClosed | MentorshipEndedEarly) -> None:
    """A pair that a round made is over: the place it took is free again."""
    for proposal in db.session.scalars(sa.select(Proposal).where(Proposal.mentorship_id == event.mentorship_id)):
        free_round_place(Actor.system(), proposal)


def work_run(payload: dict[str, Any]) -> None:
    """Job: solve a round. Whatever goes wrong ends the run by name and leaves the draft as it is."""
    house = Actor.system()
    run = db.session.get(RoundRun, payload["run_id"])
    if run is None or not begin_run(house, run):
        return
    try:
        _work(house, run, Pulse(run.id))
    except RoundCancelled:
        log.info("run cancelled", run=payload["run_id"])
    except MatchingError as error:
        log.warning("run failed", run=payload["run_id"], error=error.code)
        fail_run(house, _again(payload["run_id"]), error.code)
    except Exception as error:
        log.exception("run failed", run=payload["run_id"], error=named(error))
        fail_run(house, _again(payload["run_id"]), "unexpected")


def _work(house: Actor, run: RoundRun, pulse: Pulse) -> None:
    """Solve, and solve once more where people changed something meanwhile; what HR did meanwhile overtakes the run.

    In a large agency somebody always changes something. So the second answer also stands when it was overtaken by what touches
    none of its pairs; a pair is checked again when it is shown, and when it is published.
    """
    run_id, round_ = run.id, db.session.get_one(Round, run.round_id)
    revision, stop = run.revision, round_.draft_stop if round_.draft_run_id else None
    cohort, again = cohort_of(round_), False
    while True:
        keep_inputs(house, _again(run_id), cohort)
        pulse("reading", 0.0)
        board = Board(cohort)
        answers = solve(board, progress=pulse, cancelled=pulse.is_over)
        pulse("result", 1.0)
        chosen = _stop(answers, stop)
        lines = list(lines_of(board, chosen.result))
        round_ = db.session.get_one(Round, _again(run_id).round_id)
        now = cohort_of(round_)
        unchanged = fingerprint(now) == fingerprint(cohort)
        if unchanged or again or round_.revision != revision:
            break
        cohort, again = now, True
    stands = unchanged or (again and _stands(round_, chosen, cohort, now))
    if finish_run(house, _again(run_id), answers, lines, stop=chosen.position, unchanged=stands):
        keep_board(fingerprint(cohort), board)


def _stands(round_: Round, answer: Answer, was: Cohort, now: Cohort) -> bool:
    """Whether every pair of an answer is as it was: the two, their places, and what keeps people apart."""
    pairs = {(mentee, mentor) for mentee, mentor, _score in answer.pairs}
    before, after = _people_of(was), _people_of(now)
    people = {person for pair in pairs for person in zip(SIDES, pair, strict=True)}
    same = all(before[person] == after.get(person) for person in people)
    used = Counter(mentor for _mentee, mentor in pairs)
    room = all(now.capacity.get(mentor, 0) >= places for mentor, places in used.items())
    return same and room and was.rules == now.rules and not broken_rules(round_, pairs)


def _people_of(cohort: Cohort) -> dict[tuple[str, int], Any]:
    people = (("mentee", cohort.mentees), ("mentor", cohort.mentors))
    return {(side, one.id): one for side, records in people for one in records}


def bring_to_stop(payload: dict[str, Any]) -> None:
    """Job: make the draft that of another stop. Whatever goes wrong leaves it as it was, and open again."""
    house, revision = Actor.system(), payload["revision"]
    round_, run = db.session.get(Round, payload["round_id"]), db.session.get(RoundRun, payload["run_id"])
    if round_ is None or run is None or round_.stop_asked is None or round_.revision != revision:
        return
    try:
        lines = list(lines_of(board_of(run), result_of(run, round_.stop_asked)))
        db.session.rollback()
        take_stop(house, round_, run, lines, revision=revision)
    except Exception:
        db.session.rollback()
        drop_stop(house, round_, revision=revision)
        raise


def _stop(answers: list[Answer], stop: int | None) -> Answer:
    """The stop that was chosen before, or the one at which being matched has no worth of its own."""
    for answer in answers:
        if answer.position == stop if stop is not None else answer.value == 0:
            return answer
    return answers[0]


def check_run(payload: dict[str, Any]) -> None:
    """Job: solve a run again from what it stored, and compare."""
    run = db.session.get(RoundRun, payload["run_id"])
    if run is None:
        return
    cohort = unpack(run.inputs) if run.inputs else None
    hashes: dict[int, str] = {}
    if cohort is not None and fingerprint(cohort) == run.inputs_hash:
        hashes = {answer.position: pairs_fingerprint(answer.pairs) for answer in solve(Board(cohort))}
    finish_check(Actor.system(), _again(run.id), hashes)


def publish(payload: dict[str, Any]) -> None:
    """Job: publish a round, batch by batch; a second run goes on where the first stopped (``actions/publish.py``)."""
    house = Actor.system()
    round_ = db.session.get(Round, payload["round_id"])
    if round_ is None:
        return
    if round_.publishing_since is not None:
        if _is_refused(round_):
            refuse_publication(house, round_, "pairs_changed")
            return
        keep_places(house, round_)
        while publish_batch(house, round_):
            pass
        finish_publication(house, round_)
    if round_.state == "published":
        _tell_all_missed(house, round_)


def _is_refused(round_: Round) -> bool:
    """Before the first pair begins: whether one cannot, and the manager wants all or none."""
    if round_.without_changed or published_figures(round_).pairs:
        return False
    return bool(changed_since(round_, pairs_in(round_)))


def _tell_all_missed(house: Actor, round_: Round) -> None:
    last = 0
    while missed := missed_in(round_, after=last):
        tell_missed(house, round_, missed)
        last = missed[-1]


def make_sheet(payload: dict[str, Any]) -> None:
    """Job: work out what a page says of the whole cohort. Its stamp is from before, so what changes meanwhile makes it stale."""
    round_ = db.session.get(Round, payload["round_id"])
    if round_ is None:
        return
    stamp = stamp_of(round_)
    body = work_out(round_, payload["kind"])
    db.session.rollback()
    keep_sheet(Actor.system(), round_, payload["kind"], stamp=stamp, body=body)


def _again(run_id: int) -> RoundRun:
    db.session.rollback()
    return db.session.get_one(RoundRun, run_id)


class Pulse:
    """Writes down how far a run is, now and then, and learns that it was cancelled."""

    def __init__(self, run_id: int, seconds: Callable[[], float] = time.monotonic) -> None:
        self.run_id, self._seconds = run_id, seconds
        self._next, self._over = 0.0, False
        self._phase, self._percent = "reading", 1

    def __call__(self, phase: str, done: float) -> None:
        """Say how far the run is, 0 to 1."""
        self._phase, self._percent = phase, max(self._percent, min(99, round(5 + 93 * done)))
        self._beat()

    def is_over(self) -> bool:
        """Whether somebody stopped the run."""
        self._beat()
        return self._over

    def _beat(self) -> None:
        if self._over or self._seconds() < self._next:
            return
        self._next = self._seconds() + BEAT
        self._over = not beat_run(Actor.system(), self.run_id, self._phase, self._percent)
