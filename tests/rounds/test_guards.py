"""Who a round may not pair, whatever stood in the draft; what HR may not learn or reach."""

from __future__ import annotations

import csv
import io

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from mentorlink.competencies.models import Competency
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Invalid, NotFound
from mentorlink.pairing.models import FindingChoice
from mentorlink.people.actions import block_person
from mentorlink.people.models import Person
from mentorlink.programmes.rules import Enrolment
from mentorlink.rounds import actions, effects
from mentorlink.rounds.actions.ground import end_run
from mentorlink.rounds.inputs import LockInput, MemberInput, OpenInput, RoundInput, SeekInput, StopInput, TieInput
from mentorlink.rounds.models import Round, RoundMember, RoundRun, RoundSheet, RoundWish
from mentorlink.rounds.queries import (
    SILENT,
    allowed_for,
    changed_since,
    choices_for,
    cohort_of,
    comparison_of,
    draft_page,
    pairs_in,
    part_for,
    people_to_add,
)
from mentorlink.sessions.mentoring.actions.start import start_mentorship
from tests import story
from tests.cast import Cast
from tests.rounds.ground import Ground, contested, drafted
from tests.rounds.test_rounds import notices


def named(ground: Ground) -> set[tuple[str, ...]]:
    """What forbids pairs of the draft now."""
    return set(changed_since(ground.round, pairs_in(ground.round)).values())


def object_to_ranking(person_id: int) -> None:
    db.session.add(FindingChoice(person_id=person_id, unranked=True, changed_at=clock.now()))
    db.session.commit()


def pair_up(ground: Ground, mentee_id: int) -> None:
    """Somebody finds a mentor outside the round."""
    start_mentorship(
        ground.hr, mentor_id=ground.cast.mentor.id, mentee_id=mentee_id, programme_id=ground.programme.id, competency_ids=[]
    )
    db.session.commit()


def test_who_left_the_round_is_neither_published_nor_told_of_missing(cast: Cast) -> None:
    ground = drafted(cast)
    paired = next(line.mentee_id for line in ground.lines() if line.mentor_id)
    alone = next(line.mentee_id for line in ground.lines() if line.mentor_id is None)
    for person_id in (paired, alone):
        out = MemberInput(person_id=person_id, side="mentee", revision=ground.revision)
        actions.take_out_member(ground.hr, ground.round, out)
    assert named(ground) == {("took_no_part",)}
    ground.publish(without_changed=True)
    assert ground.line(paired).mentorship_id is None
    assert notices("round_missed") == []
    ground.round_id = actions.add_round(ground.hr, ground.programme, RoundInput(name="Second half")).id
    ground.enrol(without_mentor=False)
    assert cohort_of(ground.round).missed == {}


def test_who_objects_to_ranking_is_paired_only_where_they_came_by_themselves(cast: Cast) -> None:
    ground = drafted(cast, mentees=2, mentors=2)
    first, second = ground.mentee_ids
    object_to_ranking(first)
    assert named(ground) == {("took_no_part",)}
    assert [mentee.id for mentee in cohort_of(ground.round).mentees] == [second]
    with pytest.raises(Invalid) as refused:
        actions.add_member(ground.hr, ground.round, MemberInput(person_id=first, side="mentee", revision=ground.revision))
    assert refused.value.faults[0].code == "takes_no_part"
    db.session.execute(sa.update(RoundMember).where(RoundMember.person_id == first).values(origin="self"))
    db.session.commit()
    assert named(ground) == set()
    assert [mentee.id for mentee in cohort_of(ground.round).mentees] == [first, second]


def test_who_found_a_mentor_meanwhile_gets_no_second_one(cast: Cast) -> None:
    ground = drafted(cast, mentees=2, mentors=2)
    pair_up(ground, ground.mentee_ids[0])
    assert named(ground) == {("has_mentor",)}
    assert [mentee.id for mentee in cohort_of(ground.round).mentees] == ground.mentee_ids[1:]
    ground.enrol(without_mentor=False)
    assert named(ground) == set()


def test_a_pair_that_is_blocked_meanwhile_shows_no_score_nor_reason_and_tells_no_block(cast: Cast) -> None:
    ground = drafted(cast, mentees=1, mentors=1)
    line = ground.lines()[0]
    assert line.mentor is not None
    block_person(cast.actor(line.mentor), line.mentee)
    assert draft_page(ground.round).changed == {line.id: ("not_possible",)}
    client, base = cast.client(cast.coordinator), f"/rounds/{ground.round_id}"
    page = client.get(f"{base}/draft").text
    assert "Not possible any more" in page
    assert "round-fit" not in page
    file = client.get(f"{base}/pairs.csv").text
    assert "Not possible any more" in file
    assert "Guide 0" not in file


def test_a_masked_pair_stands_in_no_reason_list_nor_comparison(cast: Cast) -> None:
    ground = contested(cast, mentees=3, mentors=2)
    assert ground.solve().state == "done"
    hinted = next(line for line in ground.lines() if line.mentor_id and line.why["first"])
    best = hinted.why["first"]["mentor"]
    name, client = db.session.get_one(Person, best).full_name, cast.client(cast.coordinator)
    base = f"/rounds/{ground.round_id}"
    move = f"{base}/draft/{hinted.id}"

    def told(address: str) -> str:
        soup = BeautifulSoup(client.get(address).text, "html.parser")
        return " ".join((soup.select_one(f"#line-{hinted.id}") or soup.select_one("main") or soup).get_text(" ").split())

    assert name in told(f"{base}/draft")
    assert name in told(move)
    block_person(cast.actor(db.session.get_one(Person, best)), hinted.mentee)
    assert name not in told(f"{base}/draft")
    assert name not in told(move)
    lines = csv.reader(io.StringIO(client.get(f"{base}/pairs.csv").text.lstrip("\ufeff")))
    assert all(name not in " ".join(line[2:]) for line in lines if line[0] == hinted.mentee.full_name)
    one, two = ((run, 1) for run in (ground.run(1), ground.run(2)))
    stop = two[0].stops[1]
    stop.pairs = [[mentee, best if mentee == hinted.mentee_id else mentor, score] for mentee, mentor, score in stop.pairs]
    db.session.commit()
    difference = next(row for row in comparison_of(ground.round, one, two).items if row.mentee.id == hinted.mentee_id)
    assert (difference.gone, difference.after) == ((False, True), None)
    page = told(f"{base}/compare?a=1-1&b=2-1")
    assert f"{hinted.mentee.name} {hinted.mentor.name if hinted.mentor else ''} not possible any more –" in page


def test_a_run_without_an_answer_is_compared_with_nothing(cast: Cast) -> None:
    ground = drafted(cast)
    number = actions.start_run(ground.hr, ground.round).number
    actions.cancel_run(ground.hr, ground.round, number)
    client = cast.client(cast.coordinator)
    for address in (f"a=1-0&b={number}-0", "a=1-0&b=77-0"):
        assert client.get(f"/rounds/{ground.round_id}/compare?{address}").status_code == 404
    assert "Two runs are needed" in client.get(f"/rounds/{ground.round_id}/compare?a=x&b=1-").text
    assert ground.solve().state == "done"
    told = client.get(f"/rounds/{ground.round_id}/compare?a=1-99&b={number + 1}-3&page=9").text
    assert "fares the same in both" in told or "fare the same in both" in told


def test_a_ban_takes_the_pair_out_and_no_stop_brings_it_or_a_block_back(cast: Cast) -> None:
    ground = drafted(cast, mentees=2, mentors=2)
    before = set(ground.pairs().items())
    first, second = ground.lines()
    assert first.mentor_id is not None
    assert second.mentor is not None
    ban = TieInput(mentee_id=first.mentee_id, mentor_id=first.mentor_id, kind="ban", revision=ground.revision)
    actions.tie_pair(ground.hr, ground.round, ban)
    assert ground.line(first.mentee_id).mentor_id is None
    block_person(cast.actor(second.mentor), second.mentee)
    ground.choose(3)
    assert before.isdisjoint(ground.pairs().items())


def test_while_the_draft_is_brought_to_a_stop_nothing_else_is_done_with_it(cast: Cast) -> None:
    ground = drafted(cast)
    before, run_id, client = ground.pairs(), ground.run(1).id, cast.client(cast.coordinator)
    line = ground.lines()[0]
    page = f"/rounds/{ground.round_id}/draft"

    def ask(position: int) -> None:
        actions.choose_stop(ground.hr, ground.round, StopInput(run_id=run_id, position=position, revision=ground.revision))

    ask(3)
    assert "The draft is being brought to the stop" in client.get(page).text
    for deed in (
        lambda: ask(0),
        lambda: actions.lock_pair(ground.hr, ground.round, line, LockInput(locked=True, revision=ground.revision)),
        lambda: actions.start_run(ground.hr, ground.round),
        lambda: ground.publish(),
    ):
        with pytest.raises(Conflict) as refused:
            deed()
        assert refused.value.code == "stop_under_way"
    assert (ground.round.draft_stop, ground.pairs()) == (1, before)
    jobs.run_due(only="rounds.stop")
    assert (ground.round.draft_stop, ground.round.stop_asked) == (3, None)
    assert "being brought" not in client.get(page).text
    ask(0)
    db.session.execute(sa.update(Round).values(stop_asked_at=clock.now() - SILENT * 2))
    db.session.commit()
    ask(2)
    jobs.run_due(only="rounds.stop")
    assert ground.round.draft_stop == 2, "the job that was cut off does nothing any more"


def test_a_stop_that_is_not_there_or_cannot_be_taken_leaves_the_draft_open(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ground = drafted(cast)
    with pytest.raises(NotFound):
        ground.choose(9)
    monkeypatch.setattr(effects, "board_of", lambda run: 1 / 0)
    ground.choose(3)
    assert (ground.round.draft_stop, ground.round.stop_asked) == (1, None)
    assert ground.solve().state == "done"


def test_a_run_that_was_cancelled_ends_no_other_way(cast: Cast) -> None:
    ground = drafted(cast)
    actions.start_run(ground.hr, ground.round)
    run = ground.run(2)
    db.session.execute(
        sa.update(RoundRun).where(RoundRun.id == run.id).values(state="cancelled").execution_options(synchronize_session=False)
    )
    assert run.state == "waiting"
    assert end_run(run, "done") is False
    assert run.state == "cancelled"


def test_hr_of_a_unit_reaches_nobody_beyond_it(cast: Cast) -> None:
    ground = Ground(cast)
    ground.programme.unit_id = cast.finance.id
    db.session.commit()
    story.offer(cast, cast.stranger)
    if cast.stranger.unit.path.startswith(cast.finance.path):
        pytest.fail("the stranger works elsewhere")
    with pytest.raises(Invalid) as refused:
        actions.add_member(
            ground.hr, ground.round, MemberInput(person_id=cast.stranger.id, side="mentor", revision=ground.revision)
        )
    assert refused.value.faults[0].code == "other_programme"
    assert cast.stranger.id not in {person.id for person in people_to_add(ground.round, "mentor", cast.stranger.full_name)}


def test_only_whom_the_cover_map_named_is_asked_for_help(cast: Cast) -> None:
    ground = Ground(cast, mentors=1)
    competency = db.session.scalars(sa.select(Competency).order_by(Competency.id)).first()
    assert competency is not None
    named, beyond = cast.stranger.id, cast.supervisor.id
    figures = dict.fromkeys(("needed", "levels", "covered", "unfillable", "level", "recruit"), 1)
    body = [{"code": competency.code, "candidates": [[named, 4]]} | figures]
    db.session.add(RoundSheet(round_id=ground.round_id, kind="cover", body=body, made_at=clock.now(), stamp=""))
    db.session.commit()
    with pytest.raises(Invalid):
        actions.seek_mentors(ground.hr, ground.round, SeekInput(competency_id=competency.id, person_ids=(beyond,)))
    assert actions.seek_mentors(ground.hr, ground.round, SeekInput(competency_id=competency.id, person_ids=(named, beyond))) == 1


def test_the_rounds_missed_are_counted_when_it_is_solved_and_change_who_is_chosen(cast: Cast) -> None:
    ground = drafted(cast, mentees=3, mentors=1)
    second = actions.add_round(ground.hr, ground.programme, RoundInput(name="Second half")).id
    first, ground.round_id = ground.round_id, second
    ground.enrol(without_mentor=False)
    ground.round_id = first
    missed = {mentee for mentee, mentor in ground.pairs().items() if mentor is None}
    ground.publish()
    ground.round_id = second
    assert cohort_of(ground.round).missed == dict.fromkeys(missed, 1)
    story.offer(cast, cast.second_mentor, places=1)
    ground.enrol(without_mentor=False)
    assert ground.solve().state == "done"
    assert ground.round.bonus == 5
    paired = [line for line in ground.lines() if line.mentor_id]
    assert {line.why["missed"] for line in paired if line.mentee_id in missed} <= {50_000}
    members = sa.select(RoundMember.person_id).where(RoundMember.round_id == second, RoundMember.missed == 1)
    assert set(db.session.scalars(members)) == missed


def test_a_number_of_places_beyond_reason_is_none(cast: Cast) -> None:
    ground = Ground(cast)
    ground.enrol()
    sent = cast.client(cast.coordinator).post(
        f"/rounds/{ground.round_id}/people/all-places", data={"revision": str(ground.revision), "places": "9" * 5000}
    )
    assert sent.status_code == 303
    assert set(db.session.scalars(sa.select(RoundMember.places))) == {None}


@pytest.mark.parametrize("field", ["units", "tiers"])
def test_rules_of_enrolment_are_of_reasonable_length(field: str) -> None:
    rows = [str(number) for number in range(201)]
    with pytest.raises(ValueError, match="at most 200"):
        Enrolment.model_validate({field: rows if field == "tiers" else list(map(int, rows))})


def test_a_mentor_sees_only_mentees_who_let_themselves_be_seen(cast: Cast) -> None:
    ground = Ground(cast, mentees=4)
    ground.enrol()
    _hidden, joined, found, ranking = ground.mentee_ids
    mentor = ground.mentor_ids[0]
    assert allowed_for(ground.round, "mentor", mentor, only=ground.mentee_ids) == []
    db.session.execute(sa.update(RoundMember).where(RoundMember.person_id == joined).values(origin="self"))
    db.session.add(FindingChoice(person_id=found, open_to_offers=True, changed_at=clock.now()))
    db.session.add(RoundWish(round_id=ground.round_id, side="mentee", person_id=ranking, place=1, wished_id=mentor))
    db.session.commit()
    assert allowed_for(ground.round, "mentor", mentor, only=ground.mentee_ids) == [joined, found, ranking]
    assert allowed_for(ground.round, "mentor", ground.mentor_ids[1], only=ground.mentee_ids) == [joined, found]


def test_whom_one_may_rank_goes_by_name(cast: Cast) -> None:
    ground = Ground(cast, mentors=3)
    ground.enrol()
    actions.open_round(ground.hr, ground.round, OpenInput(open_until=clock.today(), revision=ground.revision))
    mentee = cast.actor(db.session.get_one(Person, ground.mentee_ids[0]))
    for number, mentor in enumerate(ground.mentor_ids):
        person = db.session.get_one(Person, mentor)
        person.folded_name = "zyx"[number]
    db.session.commit()
    choices = choices_for(mentee, part_for(mentee, ground.round_id), "mentee")
    assert [choice.person.id for choice in choices] == ground.mentor_ids[::-1]
