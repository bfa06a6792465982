"""What came of lists, and what is made of it: counted for nobody in particular, judged, proposed, adopted or not."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
import sqlalchemy as sa

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, NotFound
from mentorlink.kernel.groups import FEWEST, hidden_groups
from mentorlink.learning.actions import load_hours_rule
from mentorlink.matching import Evidence, make_outcomes
from mentorlink.notifications.models import Notice
from mentorlink.pairing.actions import (
    accept_request,
    adopt_model,
    decline_model,
    decline_request,
    note_shown,
    propose_model,
    retire_model,
    withdraw_request,
)
from mentorlink.pairing.effects import fit_rankings
from mentorlink.pairing.inputs import DecisionInput, DeclineInput, FindInput
from mentorlink.pairing.models import Invitation, RankingModel, Request
from mentorlink.pairing.queries import (
    evidence_of,
    list_shown,
    model_for,
    outcomes_of,
    parts_of,
    ranking_page_for,
    suggestions_for,
    terms_of,
    verdict_of,
)
from mentorlink.pairing.queries.outcomes import (
    ASKS_WITHIN,
    MEETS_WITHIN,
    TAKES_TIME,
    Answer,
    attributed,
    ending,
)
from mentorlink.people.models import AuditEntry
from mentorlink.programmes.actions import make_default_programme
from mentorlink.programmes.models import Programme
from tests import story
from tests.cast import Cast
from tests.pairing.history import a_model, live_through
from tests.pairing.stage import ask, offer
from tests.queries import count_queries

WHY = DecisionInput(reason="Seen by the council of HR.")
TRUTH = make_outcomes(170, seed=11)
NOISE = make_outcomes(260, noise=True, seed=3)


def look(cast: Cast, *, days_ago: int = 0) -> None:
    """The mentee looks at the list."""
    actor = cast.actor(cast.mentee)
    with clock.at(clock.now() - timedelta(days=days_ago)):
        seen = list_shown(actor, suggestions_for(actor, FindInput()), door="find")
        assert seen is not None
        note_shown(actor, seen)


def proposal(cast: Cast, evidence: Evidence = TRUTH) -> RankingModel:
    live_through(evidence, unit_id=cast.budget.id, job_id=cast.job.id)
    fit_rankings({})
    db.session.rollback()
    return db.session.scalars(sa.select(RankingModel).where(RankingModel.state == "proposed")).one()


def row_of(cast: Cast) -> tuple[int, bool, bool, bool]:
    """Rows of evidence, and asked, known, good of the mentor's."""
    found = evidence_of("mentor")
    assert found is not None
    at = int(np.flatnonzero(found.asked)[0])
    return len(found), bool(found.asked[at]), bool(found.known[at]), bool(found.good[at])


# What a line becomes


@pytest.mark.parametrize(
    ("days_ago", "asked_ago", "counts"),
    [
        ([40, 20, 3], 2, 2),
        ([40, 20, 3], 10, 1),
        ([40], 2, None),
        ([3], None, None),
        ([40, 20, 3], None, 1),
        ([1], 5, None),
        ([5], 5, 0),
    ],
)
def test_which_look_a_request_or_a_silence_belongs_to(days_ago: list[int], asked_ago: int | None, counts: int | None) -> None:
    today = date(2026, 3, 2)
    answer = None if asked_ago is None else Answer(1, 2, today - timedelta(days=asked_ago), "met", None, True, True)
    assert attributed([today - timedelta(days=days) for days in days_ago], answer, today) == counts
    assert timedelta(days=30) == ASKS_WITHIN
    assert timedelta(days=14) == TAKES_TIME


def test_a_list_that_led_to_a_pair_that_met(cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    offer(cast, cast.second_mentor)
    there = offer(cast, cast.mentor)
    look(cast, days_ago=20)
    assert evidence_of("mentor") is None
    request = ask(cast, cast.mentee, there)
    assert row_of(cast) == (2, True, False, False)
    accepted = accept_request(cast.actor(cast.mentor), request)
    assert row_of(cast) == (2, True, False, False)
    story.met(cast, accepted.mentorship)
    assert row_of(cast) == (2, True, True, True)
    counted = outcomes_of("mentor")
    assert (counted.people, counted.shown, counted.asked, counted.known, dict(counted.ends)) == (1, 2, 1, 1, {"met": 1})


def test_a_pair_closed_with_a_level_gained_is_told_apart(cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    there = offer(cast, cast.mentor)
    look(cast, days_ago=2)
    accepted = accept_request(cast.actor(cast.mentor), ask(cast, cast.mentee, there, competencies=["T.1"]))
    story.walk(cast, accepted.mentorship)
    assert dict(outcomes_of("mentor").ends) == {"gained": 1}


def test_a_pair_that_never_meets_comes_to_nothing_in_time(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    look(cast, days_ago=2)
    accept_request(cast.actor(cast.mentor), ask(cast, cast.mentee, there))
    assert row_of(cast)[2:] == (False, False)
    with clock.at(clock.now() + MEETS_WITHIN + timedelta(days=1)):
        assert row_of(cast)[2:] == (True, False)


@pytest.mark.parametrize(
    ("reason", "known"),
    [("field", True), ("distance", True), ("other", True), ("full", False), ("time", False), ("conflict", False)],
)
def test_only_a_no_about_the_two_is_learned_from(cast: Cast, reason: str, known: bool) -> None:
    there = offer(cast, cast.mentor)
    look(cast, days_ago=2)
    decline_request(cast.actor(cast.mentor), ask(cast, cast.mentee, there), DeclineInput.model_validate({"reason": reason}))
    assert row_of(cast)[2:] == (known, False)
    assert dict(outcomes_of("mentor").declined) == {reason: 1}


@pytest.mark.parametrize(
    ("pair", "met", "end"),
    [
        ("conversation", False, ("accepted", False, False)),
        ("conversation", True, ("met", True, True)),
        ("engaged", True, ("met", True, True)),
        ("declined", True, ("ended_early", True, False)),
        ("ended_early", True, ("ended_early", True, False)),
        ("closed", True, ("met", True, True)),
        (None, False, ("accepted", False, False)),
    ],
)
def test_coaching_comes_to_something_when_the_two_met_and_went_on(
    pair: str | None, met: bool, end: tuple[str, bool, bool]
) -> None:
    row = SimpleNamespace(state="accepted", pair=pair, met_at=clock.now() if met else None, closed_at=clock.now())
    assert ending(row, gained=False, now=clock.now()) == end


def test_a_list_of_coaches_is_learned_from_by_itself(cast: Cast) -> None:
    there = offer(cast, cast.mentor, kind="coach")
    actor = cast.actor(cast.mentee)
    seen = list_shown(actor, suggestions_for(actor, FindInput(kind="coach")), door="find")
    assert seen is not None
    note_shown(actor, seen)
    accept_request(cast.actor(cast.mentor), ask(cast, cast.mentee, there))
    assert evidence_of("mentor") is None
    found = evidence_of("coach")
    assert found is not None
    assert (found.asked.tolist(), found.known.tolist()) == ([True], [False])
    assert dict(outcomes_of("coach").ends) == {"accepted": 1}


def test_what_was_taken_back_or_began_otherwise_says_nothing(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    look(cast, days_ago=2)
    request = withdraw_request(cast.actor(cast.mentee), ask(cast, cast.mentee, there))
    assert row_of(cast)[2:] == (False, False)
    db.session.add(
        Invitation(offer_id=there.id, person_id=cast.mentee.id, message="Shall we?", sent_at=clock.now(), expires_at=clock.now(),
                   state="accepted", closed_at=clock.now(), request_id=request.id)
    )  # fmt: skip
    db.session.commit()
    assert outcomes_of("mentor").asked == 0


def test_evidence_and_counts_take_as_many_queries_for_few_as_for_many(cast: Cast) -> None:
    live_through(make_outcomes(3, seed=1), unit_id=cast.budget.id)
    with count_queries() as few:
        evidence_of("mentor")
        outcomes_of("mentor")
    live_through(make_outcomes(60, seed=1), unit_id=cast.budget.id)
    with count_queries() as many:
        evidence_of("mentor")
        outcomes_of("mentor")
    assert len(many) == len(few)


# Small groups


def test_a_small_group_is_hidden_and_the_sum_does_not_give_it_away(cast: Cast) -> None:
    assert FEWEST == 5
    assert hidden_groups({"a": 10, "b": 1, "c": 1}) == {"a", "b", "c"}
    assert hidden_groups({"a": 1, "b": 1}) == {"a", "b"}
    assert hidden_groups({"a": 30, "b": 1, "c": 1, "d": 7}) == {"b", "c", "d"}
    assert hidden_groups({"a": 9, "b": 4, "c": 6}) == {"b", "c"}
    assert hidden_groups({"a": 9, "b": 4, "c": 2}) == {"b", "c"}
    assert hidden_groups({"a": 9, "c": 5}) == set()
    live_through(make_outcomes(9, seed=2), unit_id=cast.budget.id, job_id=cast.job.id)
    for sort in outcomes_of("mentor").groups.values():
        for group in sort:
            assert group.people is None or group.people >= FEWEST
    small = outcomes_of("mentor").groups["clock"]
    assert [(group.people, group.asked, group.accepted, group.good) for group in small] == [(None, None, None, None)] * 2
    page = cast.client(cast.coordinator).get("/ranking")
    assert page.text.count("too few to tell") == 2


def test_when_fewer_than_five_saw_a_list_no_total_is_told(cast: Cast) -> None:
    live_through(make_outcomes(3, seed=2), unit_id=cast.budget.id)
    came = outcomes_of("mentor")
    assert 0 < came.people < FEWEST
    assert not came.told
    page = cast.client(cast.coordinator).get("/ranking").text
    assert "Nothing is counted for so few" in page
    assert "People who saw a list" not in page
    assert "By group" not in page


# From evidence to a proposal


def test_what_was_written_down_comes_back_as_it_was(cast: Cast) -> None:
    live_through(TRUTH, unit_id=cast.budget.id)
    found = evidence_of("mentor")
    assert found is not None
    askers = set(TRUTH.mentees[TRUTH.asked].tolist())
    kept = np.isin(TRUTH.mentees, list(askers))
    assert len(found) == int(kept.sum())
    assert (found.asked.sum(), found.known.sum(), found.good.sum()) == (TRUTH.asked.sum(), TRUTH.known.sum(), TRUTH.good.sum())
    np.testing.assert_allclose(np.sort(found.shares.sum(axis=1)), np.sort(TRUTH.shares[kept].sum(axis=1)))


def test_a_better_model_is_proposed_once_and_ranks_nothing_by_itself(cast: Cast) -> None:
    administrator = cast.administrator.id
    model = proposal(cast)
    assert (model.number, model.kind, model.state) == (1, "mentor", "proposed")
    assert model.figures["outcomes"] >= 200
    assert model.figures["gain"][1] > 0
    assert sum(model.weights.values()) == pytest.approx(1)
    assert terms_of("mentor").model is None
    fit_rankings({})
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RankingModel)) == 1
    told = db.session.execute(sa.select(Notice.person_id, Notice.about_id).where(Notice.kind == "ranking_proposed")).all()
    assert told == [(administrator, model.id)], "administrators learn of it, once, and nobody else"
    assert "Ranking model 1 has ordered lists better" in cast.client(cast.administrator).get("/notices").text


def test_noise_and_too_little_propose_nothing(cast: Cast) -> None:
    live_through(make_outcomes(40, seed=1), unit_id=cast.budget.id)
    found = verdict_of("mentor")
    assert found is not None
    assert found[1].reasons[0] == "too_few_outcomes"
    fit_rankings({})
    live_through(NOISE, unit_id=cast.budget.id)
    found = verdict_of("mentor")
    assert found is not None
    assert found[1].outcomes >= 200
    assert propose_model(Actor.system(), "mentor", evidence=found[0], verdict=found[1], seed=0) is None
    fit_rankings({})
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RankingModel)) == 0


def test_a_newer_proposal_overtakes_one_that_nobody_decided_on(cast: Cast) -> None:
    first = proposal(cast).id
    second = proposal(cast, make_outcomes(60, seed=12))
    assert second.number == 2
    assert db.session.get_one(RankingModel, first).state == "overtaken"


def test_the_job_runs_apart_so_that_nobody_waits_for_the_lock(cast: Cast) -> None:
    assert "pairing.fit_rankings" in jobs.apart
    assert jobs.every["pairing.fit_rankings"] == timedelta(days=30)
    assert jobs.every["pairing.forget_old_lists"] == timedelta(days=1)


# The decision


def test_an_adopted_model_ranks_from_the_next_list_on_and_the_terms_sum_to_the_score(cast: Cast) -> None:
    offer(cast, cast.mentor)
    offer(cast, cast.second_mentor)
    actor = cast.actor(cast.mentee)
    before = {item.offer.person_id: item.match.score for item in suggestions_for(actor, FindInput()).items}
    model = adopt_model(cast.actor(cast.administrator), proposal(cast), WHY)
    found = suggestions_for(actor, FindInput())
    assert found.terms.model is not None
    assert (found.terms.model.number, found.terms.model.answers) == (1, model.figures["outcomes"])
    assert {item.offer.person_id: item.match.score for item in found.items} != before
    for item in found.items:
        assert sum(item.why.terms.values()) == pytest.approx(item.match.score, abs=1e-6)
    seen = list_shown(actor, found, door="find")
    assert seen is not None
    assert seen.model_id == model.id
    assert adopt_model(cast.actor(cast.administrator), model, WHY).state == "adopted"
    retire_model(cast.actor(cast.administrator), model, WHY)
    again = suggestions_for(actor, FindInput())
    assert again.terms.model is None
    assert {item.offer.person_id: item.match.score for item in again.items if item.offer.person_id in before} == before


def test_shares_are_noted_before_weights_and_curves_whatever_ranks(cast: Cast) -> None:
    offer(cast, cast.mentor)
    actor = cast.actor(cast.mentee)

    def shares() -> dict[str, float]:
        seen = list_shown(actor, suggestions_for(actor, FindInput()), door="find")
        assert seen is not None
        return dict(next(line.shares for line in seen.lines if line.mentor_id == cast.mentor.id))

    by_policy = shares()
    adopt_model(cast.actor(cast.administrator), proposal(cast), WHY)
    assert shares() == pytest.approx(by_policy, abs=2e-5)


def test_odds_are_shown_with_an_adopted_calibrated_model_alone(cast: Cast) -> None:
    offer(cast, cast.mentor)
    model = proposal(cast)
    client = cast.client(cast.mentee)
    model.odds = {"slope": 4.0, "base": -1.0}
    db.session.commit()
    assert "lead to a first session" not in client.get("/find").text
    adopt_model(cast.actor(cast.administrator), model, WHY)
    assert "lead to a first session" in client.get("/find").text
    db.session.get_one(RankingModel, model.id).odds = {}
    db.session.commit()
    assert "lead to a first session" not in client.get("/find").text


def test_a_programme_with_weights_of_its_own_always_ranks_by_them(cast: Cast) -> None:
    programme = make_default_programme(Actor.system())
    adopt_model(cast.actor(cast.administrator), proposal(cast), WHY)
    assert terms_of("mentor").model is not None
    for change in (
        {"weights": programme.weights | {"text": "off"}},
        {"rules": programme.rules | {"points": {"cover": 50, "text": 5}}},
    ):
        before = {name: getattr(programme, name) for name in change}
        db.session.execute(sa.update(Programme).where(Programme.id == programme.id).values(**change))
        db.session.commit()
        terms = terms_of("mentor")
        assert terms.model is None
        assert terms.own_weights
        assert terms.weights.curves is None
        db.session.execute(sa.update(Programme).where(Programme.id == programme.id).values(**before))
        db.session.commit()
    assert terms_of("mentor").model is not None


def test_one_model_ranks_at_a_time_and_one_taken_back_may_return(cast: Cast) -> None:
    who = cast.actor(cast.administrator)
    first = adopt_model(who, proposal(cast), WHY)
    second = adopt_model(who, proposal(cast, make_outcomes(60, seed=12)), WHY)
    assert (first.state, second.state) == ("retired", "adopted")
    assert adopt_model(who, first, WHY).state == "adopted"
    assert db.session.get_one(RankingModel, second.id).state == "retired"
    db.session.rollback()
    acts = db.session.scalars(sa.select(AuditEntry.act).where(AuditEntry.thing == "ranking_model").order_by(AuditEntry.id)).all()
    assert acts == ["model_proposed", "model_adopted", "model_proposed", "model_adopted", "model_adopted"]


def test_two_administrators_at_once_leave_one_model_ranking(cast: Cast) -> None:
    who = cast.actor(cast.administrator)
    numbers = [
        adopt_model(who, a_model(number=number, state="retired", inputs_hash=str(number) * 64), WHY).id for number in range(1, 5)
    ]
    retire_model(who, db.session.get_one(RankingModel, numbers[-1]), WHY)
    start = threading.Barrier(4)
    answers: list[str] = []

    def decide(number: int) -> None:
        with cast.app.app_context():
            model = db.session.get_one(RankingModel, number)
            start.wait()
            try:
                answers.append(adopt_model(who, model, WHY).state)
            except Conflict as error:
                answers.append(error.code)

    db.session.rollback()
    threads = [threading.Thread(target=decide, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {"adopted", "retired", "model_moved_on"}, "retired: another was adopted before it was read again"
    states = db.session.scalars(sa.select(RankingModel.state)).all()
    assert sorted(states) == ["adopted", "retired", "retired", "retired"]


def test_a_decision_that_came_too_late_is_refused(cast: Cast) -> None:
    who, model = cast.actor(cast.administrator), proposal(cast)
    assert decline_model(who, model, WHY).state == "declined"
    assert decline_model(who, model, WHY).state == "declined"
    for deed in (adopt_model, retire_model):
        with pytest.raises(Conflict):
            deed(who, model, WHY)


def test_hr_sees_figures_and_an_administrator_of_all_decides(cast: Cast) -> None:
    model = proposal(cast)
    regional = cast.person("regional", cast.finance, role="manager")
    db.session.execute(
        sa.text("UPDATE role_grant SET unit_id = :unit WHERE person_id = :person"),
        {"unit": cast.finance.id, "person": regional.id},
    )
    db.session.commit()
    assert ranking_page_for(cast.actor(cast.coordinator), "mentor").proposed is not None
    for person in (cast.mentee, cast.mentor, regional):
        with pytest.raises(NotFound):
            ranking_page_for(cast.actor(person), "mentor")
        with pytest.raises(NotFound):
            model_for(cast.actor(person), model.id)
    for person in (cast.coordinator, cast.mentee, regional):
        for deed in (adopt_model, decline_model, retire_model):
            with pytest.raises(Denied):
                deed(cast.actor(person), model, WHY)
    with pytest.raises(Denied):
        propose_model(cast.actor(cast.administrator), "mentor", evidence=TRUTH, verdict=None, seed=0)  # type: ignore[arg-type]


def test_no_page_tells_who_saw_or_asked_whom(cast: Cast) -> None:
    model = proposal(cast)
    readers = [f"Past {who}" for who in db.session.scalars(sa.select(Request.person_id).distinct())]
    assert len(readers) > 50
    for person in (cast.coordinator, cast.administrator):
        client = cast.client(person)
        for address in ("/ranking", f"/ranking/{model.id}", "/ranking/how"):
            answer = client.get(address)
            assert answer.status_code == 200
            assert [name for name in readers if f"{name}<" in answer.text] == []


# The pages


def test_an_administrator_adopts_with_a_reason_and_goes_back(cast: Cast) -> None:
    model = proposal(cast)
    client = cast.client(cast.administrator)
    page = client.get("/ranking").text
    assert "Model 1 is proposed" in page
    refused = client.post(f"/ranking/{model.id}/adopt", data={"reason": "short"})
    assert refused.status_code == 422
    assert "short" in refused.text
    done = client.post(f"/ranking/{model.id}/adopt", data={"reason": WHY.reason}, follow_redirects=True)
    assert "This model ranks from the next list on." in done.text
    assert (
        "Ranked by model 1, learned from" in cast.client(cast.mentee).get("/find").text
        or not suggestions_for(cast.actor(cast.mentee), FindInput()).total
    )
    how = cast.client(cast.mentee).get("/ranking/how").text
    assert "Model 1, learned from" in how
    client.post(f"/ranking/{model.id}/retire", data={"reason": WHY.reason})
    assert client.post(f"/ranking/{model.id}/decline", data={"reason": WHY.reason}).status_code == 409
    assert "The policy weights of the agency" in cast.client(cast.mentee).get("/ranking/how").text


def test_parts_before_and_after_never_fall_and_sum_to_a_hundred(cast: Cast) -> None:
    model = proposal(cast)
    parts = parts_of(model, "mentor")
    assert sum(part.policy for part in parts) == pytest.approx(100, abs=0.5)
    assert sum(part.model for part in parts) == pytest.approx(100, abs=0.5)
    for part in parts:
        assert list(part.after) == sorted(part.after)
        assert part.after[0] == 0
        assert part.after[-1] == part.model


def test_the_command_prints_and_proposes_only_what_is_better(cast: Cast) -> None:
    runner = cast.app.test_cli_runner()
    assert "nothing to learn from" in runner.invoke(args=["fit-ranking"]).output
    live_through(make_outcomes(30, seed=1), unit_id=cast.budget.id)
    poor = runner.invoke(args=["fit-ranking"])
    assert "no model proposed" in poor.output
    assert "200 are needed" in poor.output
    live_through(TRUTH, unit_id=cast.budget.id)
    tried = runner.invoke(args=["fit-ranking", "--dry-run"])
    assert "nothing was stored" in tried.output
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RankingModel)) == 0
    db.session.rollback()
    good = runner.invoke(args=["fit-ranking"])
    assert "model 1 is proposed" in good.output
    assert "policy     AUC 0." in good.output
    assert "gain       0." in good.output
