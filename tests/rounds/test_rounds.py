"""A round from who takes part to what is published: what holds whatever happens meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from mentorlink.competencies.models import Competency, CurrentLevel
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound
from mentorlink.kernel.inputs import read
from mentorlink.notifications.effects import rounds as notifying
from mentorlink.notifications.models import Notice
from mentorlink.pairing.models import Offer
from mentorlink.pairing.queries import askings
from mentorlink.people.actions import block_person
from mentorlink.people.models import AuditEntry, Person
from mentorlink.programmes.actions import add_programme
from mentorlink.programmes.inputs import ProgrammeInput
from mentorlink.rounds import actions, effects
from mentorlink.rounds.actions import publish
from mentorlink.rounds.inputs import (
    LockInput,
    MemberInput,
    MoveInput,
    OpenInput,
    PlacesInput,
    PublishInput,
    RevisionInput,
    RoundInput,
    TieInput,
    WeightsInput,
    WishesInput,
)
from mentorlink.rounds.models import Proposal, Round, RoundMember, RoundRun, RoundStop
from mentorlink.rounds.queries import (
    changed_since,
    choices_for,
    fairness_of,
    mine,
    moving_of,
    pairs_in,
    part_for,
    round_for,
    rounds_for,
    sizes_of,
    stops_of,
    wishes_of,
)
from mentorlink.rounds.rules import Board, fingerprint
from mentorlink.sessions.mentoring import actions as mentoring
from mentorlink.sessions.mentoring.inputs import EarlyEndInput
from mentorlink.sessions.mentoring.models import Mentorship
from tests import story
from tests.cast import Cast
from tests.queries import count_queries
from tests.rounds.ground import PROGRAMME, Ground, drafted


def mentorships() -> list[Mentorship]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Mentorship).order_by(Mentorship.id)))


def notices(kind: str) -> list[int]:
    return sorted(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == kind)))


def offer_of(mentor_id: int) -> Offer:
    db.session.rollback()
    return db.session.scalars(sa.select(Offer).where(Offer.person_id == mentor_id)).one()


def learn(person_id: int) -> None:
    """Somebody stands higher in everything than when the run began."""
    db.session.execute(sa.update(CurrentLevel).where(CurrentLevel.person_id == person_id).values(level=CurrentLevel.level + 1))
    db.session.commit()


# Who takes part


def test_rules_bring_in_who_has_a_gap_and_who_has_a_place(cast: Cast) -> None:
    ground = Ground(cast)
    cast.person("complete", cast.budget, levels=(3, 3, 3))
    assert ground.enrol() == (3, 2)
    assert sizes_of(ground.round).places == 2
    assert ground.enrol(with_gaps=False)[0] > 3


def test_who_was_taken_out_by_hand_is_not_brought_back_by_the_rules(cast: Cast) -> None:
    ground = Ground(cast)
    ground.enrol()
    out = MemberInput(person_id=ground.mentee_ids[0], side="mentee", revision=ground.revision)
    actions.take_out_member(ground.hr, ground.round, out)
    ground.enrol()
    assert sizes_of(ground.round).mentees == 2


def test_a_mentor_has_no_more_places_in_a_round_than_free(cast: Cast) -> None:
    ground = Ground(cast, places=2)
    ground.enrol()
    wanted = PlacesInput(person_id=ground.mentor_ids[0], places=9, revision=ground.revision)
    with pytest.raises(Invalid):
        actions.set_places(ground.hr, ground.round, wanted)
    assert sizes_of(ground.round).places == 4
    actions.set_places(ground.hr, ground.round, PlacesInput(person_id=ground.mentor_ids[0], places=0, revision=ground.revision))
    assert sizes_of(ground.round).places == 2


def test_a_mentor_by_hand_needs_an_open_offer(cast: Cast) -> None:
    ground = Ground(cast)
    with pytest.raises(Invalid):
        actions.add_member(ground.hr, ground.round, MemberInput(person_id=cast.stranger.id, side="mentor", revision=1))
    story.offer(cast, cast.stranger)
    actions.add_member(ground.hr, ground.round, MemberInput(person_id=cast.stranger.id, side="mentor", revision=1))
    assert sizes_of(ground.round).mentors == 1


def test_people_enrol_and_rank_while_a_round_is_open_and_see_it_only_then(cast: Cast) -> None:
    ground = Ground(cast)
    ground.enrol(self_enrol=True)
    mentee = cast.actor(db.session.get_one(Person, ground.mentee_ids[0]))
    with pytest.raises(NotFound):
        part_for(mentee, ground.round_id)
    until = clock.today() + timedelta(days=7)
    actions.open_round(ground.hr, ground.round, OpenInput(open_until=until, revision=ground.revision))
    assert set(notices("round_open")) == {*ground.mentee_ids, *ground.mentor_ids}
    assert part_for(mentee, ground.round_id).takes_part
    newcomer = cast.actor(cast.person("newcomer", cast.budget, levels=(1, 1, 1)))
    actions.join_round(newcomer, ground.round, "mentee")
    wished = ground.mentor_ids[::-1]
    actions.save_wishes(newcomer, ground.round, "mentee", WishesInput(wished=tuple(wished)))
    assert wishes_of(ground.round, "mentee", newcomer.person_id) == wished
    with pytest.raises(Invalid):
        actions.save_wishes(newcomer, ground.round, "mentee", WishesInput(wished=(cast.supervisor.id,)))
    with clock.at(clock.now() + timedelta(days=9)), pytest.raises(Conflict, match="round_not_open"):
        actions.save_wishes(newcomer, ground.round, "mentee", WishesInput())


def test_a_wish_for_somebody_whom_a_rule_keeps_away_is_refused(cast: Cast) -> None:
    ground = Ground(cast)
    ground.enrol(self_enrol=True)
    mentee = db.session.get_one(Person, ground.mentee_ids[0])
    block_person(cast.actor(db.session.get_one(Person, ground.mentor_ids[0])), mentee)
    actions.open_round(ground.hr, ground.round, OpenInput(open_until=clock.today(), revision=ground.revision))
    with pytest.raises(Invalid):
        actions.save_wishes(cast.actor(mentee), ground.round, "mentee", WishesInput(wished=(ground.mentor_ids[0],)))


def test_a_mentor_ranks_without_every_mentee_being_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ground = Ground(cast, mentees=8)
    ground.enrol(self_enrol=True)
    db.session.execute(sa.update(RoundMember).where(RoundMember.side == "mentee").values(origin="self"))
    db.session.commit()
    actions.open_round(ground.hr, ground.round, OpenInput(open_until=clock.today(), revision=ground.revision))
    mentor = cast.actor(db.session.get_one(Person, ground.mentor_ids[0]))
    monkeypatch.setattr(mine, "MOST_LOOKED_AT", 3)
    read_now: list[int] = []
    monkeypatch.setattr(mine, "askings", lambda ids: (read_now.extend(ids), askings(ids))[1])
    last = ground.mentee_ids[-1]
    actions.save_wishes(mentor, ground.round, "mentor", WishesInput(wished=(last,)))
    assert read_now == [last]
    part = part_for(mentor, ground.round_id)
    assert [choice.person.id for choice in choices_for(mentor, part, "mentor")] == [last, *ground.mentee_ids[:3]]
    found = choices_for(mentor, part, "mentor", "learner 5")
    assert {choice.person.id for choice in found} == {last, ground.mentee_ids[5]}
    assert max(map(read_now.count, read_now)) <= 4
    assert len(set(read_now)) == 5


# Solving


def test_a_run_makes_a_draft_within_places_and_says_why(cast: Cast) -> None:
    ground = drafted(cast)
    lines = ground.lines()
    assert {line.mentee_id for line in lines} == set(ground.mentee_ids)
    taken = [line.mentor_id for line in lines if line.mentor_id]
    assert len(taken) == len(set(taken)) == 2
    for line in lines:
        if line.mentor_id:
            assert sum(line.why["terms"].values()) == pytest.approx(line.score, abs=10)
        assert line.decided


def test_a_run_can_be_solved_again_to_the_same_answer_from_what_it_stored_and_another_is_told(cast: Cast) -> None:
    ground = drafted(cast)
    run = ground.run(1)
    assert run.inputs_hash
    learn(ground.mentee_ids[0])
    actions.ask_check(ground.hr, ground.round, 1)
    jobs.run_due()
    assert ground.run(1).check_state == "same"
    db.session.execute(sa.update(RoundStop).where(RoundStop.run_id == ground.run(1).id).values(pairs_hash="0" * 64))
    db.session.commit()
    actions.ask_check(ground.hr, ground.round, 1)
    jobs.run_due()
    assert ground.run(1).check_state == "differs"


def test_only_a_run_that_ends_well_touches_the_draft(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """One at a time; cancelled before or while it solves, killed, or silent: the draft stays, and another may begin."""
    ground = drafted(cast)
    before, first = ground.pairs(), ground.round.draft_run_id

    def untouched(number: int, state: str) -> None:
        assert ground.run(number).state == state
        assert (ground.pairs(), ground.round.draft_run_id) == (before, first)

    number = actions.start_run(ground.hr, ground.round).number
    with pytest.raises(Conflict, match="run_goes_on"):
        actions.start_run(ground.hr, ground.round)
    actions.cancel_run(ground.hr, ground.round, number)
    jobs.run_due()
    untouched(number, "cancelled")

    number, solve = actions.start_run(ground.hr, ground.round).number, effects.solve

    def meanwhile(board: object, **more: object) -> object:
        actions.cancel_run(ground.hr, ground.round, number)
        more["progress"]._next = 0.0  # type: ignore[attr-defined]  # the next sign of life is due at once
        return solve(board, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(effects, "solve", meanwhile)
        jobs.run_due()
    untouched(number, "cancelled")

    def running(number: int, beat_at: datetime) -> None:
        values = {"state": "running", "beat_at": beat_at}
        db.session.execute(sa.update(RoundRun).where(RoundRun.number == number).values(values))
        db.session.commit()

    number = actions.start_run(ground.hr, ground.round).number
    running(number, clock.now())
    jobs.run_due()
    untouched(number, "killed")

    number = actions.start_run(ground.hr, ground.round).number
    running(number, clock.now() - timedelta(minutes=5))
    assert actions.start_run(ground.hr, ground.round).number == number + 1
    untouched(number, "killed")
    jobs.run_due()
    assert ground.run(number + 1).state == "done"


@pytest.mark.parametrize(
    ("who", "times", "state", "solved"),
    [("paired", 1, "done", 2), ("paired", 2, "overtaken", 2), ("alone", 2, "done", 2), ("manager", 1, "overtaken", 1)],
)
def test_what_people_change_during_a_run_is_taken_in_once_and_what_hr_changes_overtakes_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, who: str, times: int, state: str, solved: int
) -> None:
    """Twice overtaken, an answer still stands where nothing touched its pairs: in a large agency somebody always edits."""
    ground = drafted(cast)
    before = ground.pairs()
    lone = next(mentee for mentee, mentor in before.items() if mentor is None)
    paired = next(mentee for mentee, mentor in before.items() if mentor is not None)
    number = actions.start_run(ground.hr, ground.round).number
    solve, runs = effects.solve, []

    def meanwhile(board: Board, **more: object) -> object:
        answers = solve(board, **more)  # type: ignore[arg-type]
        runs.append(board)
        if len(runs) <= times and who == "manager":
            out = MemberInput(person_id=lone, side="mentee", revision=ground.revision)
            actions.take_out_member(ground.hr, ground.round, out)
        elif len(runs) <= times:
            learn(paired if who == "paired" else lone)
        return answers

    monkeypatch.setattr(effects, "solve", meanwhile)
    jobs.run_due()
    assert (ground.run(number).state, len(runs)) == (state, solved)
    assert ground.pairs() == before
    assert ground.run(number).inputs_hash == fingerprint(runs[-1].cohort)
    assert (ground.round.draft_run_id == ground.run(number).id) == (state == "done")


def test_a_run_that_cannot_be_solved_names_why(cast: Cast) -> None:
    ground = drafted(cast, mentees=2, mentors=1)
    for mentee in ground.mentee_ids:
        tie = TieInput(mentee_id=mentee, mentor_id=ground.mentor_ids[0], kind="pin", revision=ground.revision)
        actions.tie_pair(ground.hr, ground.round, tie)
    before = ground.pairs()
    run = ground.solve()
    assert (run.state, run.fault) == ("failed", "locks_over_capacity")
    assert ground.pairs() == before


def test_pinned_pairs_are_made_and_forbidden_ones_are_not(cast: Cast) -> None:
    ground = drafted(cast, mentees=2, mentors=2)
    first, second = ground.mentee_ids
    other = ground.pairs()[second]
    assert other is not None
    actions.tie_pair(ground.hr, ground.round, TieInput(mentee_id=first, mentor_id=other, kind="pin", revision=ground.revision))
    ground.solve()
    assert ground.pairs()[first] == other
    actions.tie_pair(ground.hr, ground.round, TieInput(mentee_id=first, mentor_id=other, kind="ban", revision=ground.revision))
    ground.solve()
    assert ground.pairs()[first] != other


def test_who_missed_out_goes_first_next_time(cast: Cast) -> None:
    ground = drafted(cast, mentees=3, mentors=1)
    missed = [mentee for mentee, mentor in ground.pairs().items() if mentor is None]
    ground.publish()
    assert set(notices("round_missed")) == set(missed)
    story.offer(cast, cast.second_mentor, places=1)
    ground.round_id = actions.add_round(ground.hr, ground.programme, RoundInput(name="Second half")).id
    ground.enrol(without_mentor=False)
    times = dict(
        db.session.execute(
            sa.select(RoundMember.person_id, RoundMember.missed).where(
                RoundMember.round_id == ground.round_id, RoundMember.side == "mentee"
            )
        ).all()
    )
    assert {mentee for mentee, number in times.items() if number} == set(missed)
    actions.set_weights(ground.hr, ground.round, WeightsInput(bonus=50, revision=ground.revision))
    assert ground.solve().state == "done"
    paired = [line for line in ground.lines() if line.mentor_id]
    assert [line.mentee_id in missed for line in paired] == [True]
    assert paired[0].why["missed"] > 0


# The draft


def test_every_stop_of_the_slider_can_become_the_draft(cast: Cast) -> None:
    ground = drafted(cast)
    run = ground.run(1)
    for stop in stops_of(run):
        ground.choose(stop.position)
        assert sum(mentor is not None for mentor in ground.pairs().values()) == stop.figures["matched"]
    matched = [stop.figures["matched"] for stop in stops_of(ground.run(1))]
    assert matched == sorted(matched)


def test_moving_takes_the_place_of_who_is_named_and_of_nobody_else(cast: Cast) -> None:
    ground = drafted(cast)
    alone = next(mentee for mentee, mentor in ground.pairs().items() if mentor is None)
    loser, mentor = next((mentee, mentor) for mentee, mentor in ground.pairs().items() if mentor is not None)
    with pytest.raises(Conflict, match="no_place_in_round"):
        actions.move_pair(ground.hr, ground.round, ground.line(alone), MoveInput(mentor_id=mentor, revision=ground.revision))
    told = moving_of(ground.round, ground.line(alone), mentor_id=mentor)
    assert told.chosen is not None
    assert told.chosen.change == told.chosen.score > 0
    move = MoveInput(mentor_id=mentor, instead_of=loser, revision=ground.revision)
    actions.move_pair(ground.hr, ground.round, ground.line(alone), move)
    assert ground.pairs()[alone] == mentor
    assert ground.pairs()[loser] is None
    assert ground.line(alone).score == told.chosen.score
    ground.solve()
    assert ground.pairs()[alone] == mentor, "what was moved by hand is kept"


def test_nobody_is_moved_to_whom_a_rule_keeps_away(cast: Cast) -> None:
    ground = drafted(cast, mentees=1, mentors=2)
    mentee_id = ground.mentee_ids[0]
    other = next(mentor for mentor in ground.mentor_ids if mentor != ground.pairs()[mentee_id])
    block_person(cast.actor(db.session.get_one(Person, other)), db.session.get_one(Person, mentee_id))
    with pytest.raises(Conflict, match="round_pair_not_allowed"):
        actions.move_pair(ground.hr, ground.round, ground.line(mentee_id), MoveInput(mentor_id=other, revision=ground.revision))


def test_locked_pairs_stand_in_the_next_run(cast: Cast) -> None:
    ground = drafted(cast, mentees=2, mentors=2)
    before = ground.pairs()
    actions.lock_pair(ground.hr, ground.round, ground.lines()[0], LockInput(locked=True, revision=ground.revision))
    actions.set_weights(ground.hr, ground.round, WeightsInput(importances={"cover": "low"}, revision=ground.revision))
    ground.solve()
    first = ground.mentee_ids[0]
    assert ground.pairs()[first] == before[first]
    assert ground.line(first).locked


def test_of_two_managers_the_second_is_told_what_changed(cast: Cast) -> None:
    ground = drafted(cast)
    seen = ground.revision
    line = next(line for line in ground.lines() if line.mentor_id)
    actions.lock_pair(ground.hr, ground.round, line, LockInput(locked=True, revision=seen))
    second = cast.actor(cast.person("second_hr", cast.agency, role="manager"))
    with pytest.raises(Conflict) as refused:
        actions.lock_pair(second, ground.round, line, LockInput(locked=False, revision=seen))
    assert refused.value.code == "round_changed"
    assert refused.value.facts["acts"] == [["locked", "Coordinator"]]
    assert ground.line(line.mentee_id).locked


def test_small_groups_are_not_shown(cast: Cast) -> None:
    ground = drafted(cast, mentees=3)
    groups = fairness_of(ground.round, "tier")
    assert [group.shown for group, _name in groups] == [False]


# Publishing


def test_publishing_begins_every_pair_takes_its_place_and_tells_both(cast: Cast) -> None:
    ground = drafted(cast)
    pairs = {(mentee, mentor) for mentee, mentor in ground.pairs().items() if mentor}
    assert notices("round_paired") == []
    ground.publish()
    assert {(row.mentee_id, row.mentor_id) for row in mentorships()} == pairs
    assert all(offer_of(mentor).taken == 1 for _mentee, mentor in pairs)
    assert set(notices("round_paired")) == {person for pair in pairs for person in pair}
    assert {row.programme_id for row in mentorships()} == {ground.programme.id}


def test_publishing_twice_is_publishing_once(cast: Cast) -> None:
    ground = drafted(cast)
    seen = ground.revision
    ground.publish()
    actions.publish_round(ground.hr, ground.round, PublishInput(revision=seen))
    effects.publish({"round_id": ground.round_id})
    assert len(mentorships()) == 2
    assert len(notices("round_paired")) == 4


@pytest.mark.parametrize("what", ["block", "line", "closed", "paused", "left", "room"])
def test_what_changed_since_the_draft_is_named_and_not_published(cast: Cast, what: str) -> None:
    ground = drafted(cast)
    line = next(line for line in ground.lines() if line.mentor_id)
    mentee, mentor = line.mentee, line.mentor
    assert mentor is not None
    offer = offer_of(mentor.id)
    if what == "block":
        block_person(cast.actor(mentor), mentee)
    elif what == "line":
        db.session.execute(
            sa.text("UPDATE unit SET head_id = :head WHERE id = :unit"), {"head": mentor.id, "unit": cast.budget.id}
        )
    elif what == "closed":
        offer.closed_at = clock.now()
    elif what == "paused":
        offer.paused_until = clock.today() + timedelta(days=9)
    elif what == "left":
        mentee.state = "disabled"
    else:
        offer.taken = offer.capacity
    db.session.commit()
    assert [*changed_since(ground.round, pairs_in(ground.round))] == [line.id]
    refused = ground.publish()
    assert (refused.state, refused.publish_fault, refused.publishing_since) == ("preparing", "pairs_changed", None)
    assert mentorships() == []
    assert notices("round_paired") == notices("round_missed") == []
    assert offer_of(mentor.id).taken == (offer.capacity if what == "room" else 0)
    ground.publish(without_changed=True)
    assert line.mentee_id not in {row.mentee_id for row in mentorships()}
    assert len(mentorships()) == 1
    assert ground.line(line.mentee_id).left_out
    assert line.mentee_id in notices("round_missed")


def test_of_two_managers_who_publish_at_once_one_does_and_the_draft_is_closed(cast: Cast) -> None:
    ground = drafted(cast)
    seen, line = ground.revision, ground.lines()[0]
    second = cast.actor(cast.person("second_hr", cast.agency, role="manager"))
    actions.publish_round(ground.hr, ground.round, PublishInput(revision=seen))
    actions.publish_round(second, ground.round, PublishInput(revision=seen))
    waiting = db.session.scalars(sa.select(jobs.Task).where(jobs.Task.kind == "rounds.publish")).all()
    assert (len(waiting), ground.round.published_by_id) == (1, ground.hr.person_id)
    with pytest.raises(Conflict, match="round_publishing"):
        actions.lock_pair(ground.hr, ground.round, line, LockInput(locked=True, revision=ground.revision))
    with pytest.raises(Conflict, match="round_publishing"):
        actions.start_run(ground.hr, ground.round)
    jobs.run_due()
    assert ground.round.state == "published"
    assert len(mentorships()) == 2


class Killed(BaseException):
    """The process is no more."""


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_a_publication_that_is_killed_goes_on_where_it_stopped(cast: Cast, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    ground = drafted(cast, mentees=5, mentors=3)
    monkeypatch.setattr(publish, "BATCH", 1)
    done = []

    def killed(actor: Actor, round_: Round) -> bool:
        if len(done) == after:
            raise Killed
        done.append(round_.id)
        return actions.publish_batch(actor, round_)

    monkeypatch.setattr(effects, "publish_batch", killed)
    with pytest.raises(Killed):
        ground.publish()
    assert len(mentorships()) == after
    assert len(notices("round_paired")) == 2 * after
    assert notices("round_missed") == []
    assert ground.round.publishing_since is not None
    monkeypatch.setattr(effects, "publish_batch", actions.publish_batch)
    for _again in range(2):
        effects.publish({"round_id": ground.round_id})
    assert ground.round.state == "published"
    assert len(mentorships()) == 3
    assert len(notices("round_paired")) == 6
    assert len(notices("round_missed")) == 2
    assert [offer_of(mentor).taken for mentor in ground.mentor_ids] == [1, 1, 1]


def test_a_batch_that_fails_half_way_leaves_nothing_behind(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ground = drafted(cast)
    tell = notifying.notify_many

    def broken(*_told: object, **_more: object) -> None:
        raise RuntimeError("no paper left")

    monkeypatch.setattr(notifying, "notify_many", broken)
    with pytest.raises(RuntimeError):
        ground.publish()
    assert mentorships() == []
    assert [offer_of(mentor).taken for mentor in ground.mentor_ids] == [0, 0]
    monkeypatch.setattr(notifying, "notify_many", tell)
    effects.publish({"round_id": ground.round_id})
    assert len(mentorships()) == 2


def test_a_pair_that_changes_after_the_first_look_is_left_out_and_named(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ground = drafted(cast)
    line = next(line for line in ground.lines() if line.mentor_id)
    look = effects.changed_since

    def meanwhile(*seen: Any) -> Any:
        found = look(*seen)
        mentor, mentee = (db.session.get_one(Person, id_) for id_ in (line.mentor_id, line.mentee_id))
        block_person(cast.actor(mentor), mentee)
        return found

    monkeypatch.setattr(effects, "changed_since", meanwhile)
    assert ground.publish().state == "published"
    assert ground.line(line.mentee_id).left_out
    assert {row.mentee_id for row in mentorships()} == {id_ for id_, mentor in ground.pairs().items() if mentor} - {
        line.mentee_id
    }
    assert offer_of(line.mentor_id or 0).taken == 0


def test_a_publication_that_has_been_silent_is_taken_up_again_by_a_click(cast: Cast) -> None:
    ground = drafted(cast)
    actions.publish_round(ground.hr, ground.round, PublishInput(revision=ground.revision))
    db.session.execute(sa.delete(jobs.Task))
    db.session.commit()
    actions.publish_round(ground.hr, ground.round, PublishInput(revision=ground.revision))
    jobs.run_due()
    assert ground.round.state == "preparing", "a click while it goes on asks for nothing"
    with clock.at(clock.now() + timedelta(minutes=5)):
        actions.publish_round(ground.hr, ground.round, PublishInput(revision=ground.revision))
        jobs.run_due()
    assert ground.round.state == "published"


def test_places_that_hr_set_hold_over_all_batches(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ground = drafted(cast, mentees=3, mentors=1, places=3)
    monkeypatch.setattr(publish, "BATCH", 1)
    actions.set_places(ground.hr, ground.round, PlacesInput(person_id=ground.mentor_ids[0], places=2, revision=ground.revision))
    ground.publish(without_changed=True)
    assert len(mentorships()) == offer_of(ground.mentor_ids[0]).taken == 2
    assert [line.left_out for line in ground.lines() if line.left_out] == ["no_room"]


def test_publishing_reads_and_changes_in_the_same_number_of_statements_for_few_and_many(cast: Cast) -> None:
    counts = []
    for number, mentees in enumerate((2, 12)):
        ground = drafted(cast, mentees=mentees, mentors=2, places=6) if not number else _wider(cast, mentees)
        actions.publish_round(ground.hr, ground.round, PublishInput(revision=ground.revision))
        with count_queries() as told:
            effects.publish({"round_id": ground.round_id})
        assert ground.round.state == "published"
        counts.append(len([each for each in told if not each.startswith(("INSERT", "UPDATE offer"))]))
        places = [each for each in told if each.startswith("UPDATE offer")]
        assert 1 <= len(places) <= 2, "one for each number of places that somebody gives, not for each offer"
    assert len(mentorships()) == 14
    assert counts[0] == counts[1]


def _wider(cast: Cast, mentees: int) -> Ground:
    """Another round of another programme, with people of its own."""
    ground = Ground.__new__(Ground)
    ground.cast, ground.hr = cast, cast.actor(cast.coordinator)
    ground.programme = add_programme(ground.hr, read(ProgrammeInput, PROGRAMME | {"name": {"id": "Lain", "en": "Other"}}))
    ground.mentor_ids, ground.mentee_ids = [], []
    for number in range(2):
        mentor = cast.person(f"other_guide_{number}", cast.statistics, levels=(5, 4, 4))
        story.offer(cast, mentor, places=6)
        ground.mentor_ids.append(mentor.id)
    ground.mentee_ids = [cast.person(f"other_learner_{number}", cast.budget, levels=(1, 1, 1)).id for number in range(mentees)]
    ground.round_id = actions.add_round(ground.hr, ground.programme, RoundInput(name="Second")).id
    ground.enrol()
    ground.solve()
    return ground


def test_when_a_published_pair_is_over_its_place_is_free_again_once(cast: Cast) -> None:
    ground = drafted(cast, mentees=1, mentors=1)
    ground.publish()
    pair = mentorships()[0]
    assert offer_of(ground.mentor_ids[0]).taken == 1
    mentee = cast.actor(db.session.get_one(Person, pair.mentee_id))
    mentoring.end_early(mentee, pair, EarlyEndInput(code="other"))
    assert offer_of(ground.mentor_ids[0]).taken == 0
    effects.release_round_place(type("Over", (), {"mentorship_id": pair.id})())  # type: ignore[arg-type]


def test_who_ran_moved_and_published_is_on_record(cast: Cast) -> None:
    ground = drafted(cast)
    ground.publish()
    acts = set(db.session.scalars(sa.select(AuditEntry.act).where(AuditEntry.thing == "round")))
    assert {"round_begun", "round_run", "round_published"} <= acts


def test_a_published_round_is_changed_no_more(cast: Cast) -> None:
    ground = drafted(cast)
    ground.publish()
    with pytest.raises(Conflict, match="round_settled"):
        ground.enrol()
    with pytest.raises(Conflict, match="round_settled"):
        actions.start_run(ground.hr, ground.round)
    with pytest.raises(Conflict, match="round_settled"):
        actions.drop_round(ground.hr, ground.round, RevisionInput(revision=ground.revision))


# Who may


def test_a_round_is_nobodys_but_those_who_run_the_programme(cast: Cast) -> None:
    ground = drafted(cast)
    for person in (cast.stranger, cast.administrator, cast.supervisor):
        who = cast.actor(person)
        with pytest.raises(NotFound):
            round_for(who, ground.round_id)
        assert rounds_for(who) == []
        with pytest.raises(Denied):
            actions.start_run(who, ground.round)
        with pytest.raises(Denied):
            actions.publish_round(who, ground.round, PublishInput(revision=ground.revision))


def test_a_participant_learns_the_result_with_the_publication_and_not_before(cast: Cast) -> None:
    ground = drafted(cast)
    line = next(line for line in ground.lines() if line.mentor_id)
    mentee = cast.actor(line.mentee)
    with pytest.raises(NotFound):
        part_for(mentee, ground.round_id)
    actions.open_round(ground.hr, ground.round, OpenInput(open_until=clock.today(), revision=ground.revision))
    assert part_for(mentee, ground.round_id).outcome is None
    ground.publish()
    outcome = part_for(mentee, ground.round_id).outcome
    assert outcome is not None
    assert outcome.mentor_id == line.mentor_id
    clients = [cast.client(person) for person in (line.mentee, line.mentor) if person]
    told, seen = (BeautifulSoup(client.get(f"/rounds/{ground.round_id}/me").text, "html.parser").main for client in clients)
    assert told is not None
    assert seen is not None
    covers = [gap for gap in line.why["gaps"] if gap[4]]
    assert covers
    for code, actual, _required, _held, gain in covers:
        name = db.session.scalars(sa.select(Competency.name).where(Competency.code == code)).one()["en"]
        assert f"{name} {actual}→{actual + gain}" in told.get_text()
        assert name in seen.get_text()
    assert "→" not in seen.get_text(), "a mentor learns in what, and no level"


def test_an_actual_input_is_read_whole(cast: Cast) -> None:
    assert read(PublishInput, {"revision": 3}).without_changed is False
    assert db.session.scalar(sa.select(sa.func.count(Proposal.id))) == 0
