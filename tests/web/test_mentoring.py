"""The pages of mentoring, as the two use them in a browser without script."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.people.models import Person
from mentorlink.programmes.rules import ProgrammeRules
from mentorlink.sessions.meetings.actions import plan_meeting
from mentorlink.sessions.meetings.inputs import MeetingPlan
from mentorlink.sessions.mentoring.actions import start_mentorship
from mentorlink.sessions.mentoring.queries import roadmap_for, targets_for
from tests.mentoring.pair import AGREEMENT, Pair
from tests.queries import count_queries

PARTS = ("", "/agreement", "/agreement/edit", "/goals", "/goals/edit", "/meetings", "/roadmap", "/closing", "/history")


class Two:
    """The two in their browsers."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.mentor, self.mentee = pair.cast.client(pair.cast.mentor), pair.cast.client(pair.cast.mentee)

    def see(self, client: FlaskClient, part: str = "") -> str:
        answer = client.get(f"/mentoring/{self.pair.id}{part}")
        assert answer.status_code == 200
        return answer.text

    def send(self, client: FlaskClient, part: str, **form: Any) -> str:
        """Send a form that is taken, and see where it leads."""
        answer = client.post(f"/mentoring/{self.pair.id}{part}", data=form)
        assert answer.status_code == 303, answer.text[-2000:]
        db.session.rollback()
        return client.get(answer.location).text


@pytest.fixture
def two(pair: Pair) -> Two:
    """Mentor and mentee, each in a browser."""
    return Two(pair)


def agreement(**changes: Any) -> dict[str, Any]:
    today = clock.today()
    dates = {"starts_on": today.isoformat(), "ends_on": (today + timedelta(days=90)).isoformat()}
    return AGREEMENT | dates | {"based_on": 0} | changes


def test_the_first_stage_by_hand(two: Two) -> None:
    assert f'href="/mentoring/{two.pair.id}/agreement/edit"' in two.see(two.mentor), "straight to the form"
    assert "turn" in two.see(two.mentee), "the mentee waits for the mentor's proposal"
    assert "Version 1" in two.send(two.mentor, "/agreement", **agreement())
    assert "You signed." in two.send(two.mentor, "/agreement/sign", number=1)
    signed = two.send(two.mentee, "/agreement/sign", number=1)
    assert "The agreement is in force." in signed
    assert "go on to the next stage" in signed, "the one next step stands where they are"
    assert "go on to the next stage" in two.see(two.mentee)
    assert "You entered the next stage." in two.send(two.mentee, "/advance", stage="prescriptive")
    assert "taken just before you" in two.send(two.mentor, "/advance", stage="prescriptive"), "both pressed at once"
    assert two.mentor.post(f"/mentoring/{two.pair.id}/advance", data={"stage": "collaborative"}).status_code == 409
    assert two.pair.row().stage == "persuasive"


def test_a_change_is_shown_word_by_word(two: Two) -> None:
    two.send(two.mentor, "/agreement", **agreement())
    two.send(two.mentee, "/agreement", **agreement(based_on=1, topics_in="Budget analysis and writing for leaders"))
    page = two.see(two.mentor, "/agreement")
    assert "1 clause differs from version 1" in page
    assert "the public</del>" in page
    assert "leaders</ins>" in page


def test_a_wrong_agreement_comes_back_with_what_was_written(two: Two) -> None:
    form = agreement(topics_in="Kept words", ends_on="2020-01-01")
    answer = two.mentor.post(f"/mentoring/{two.pair.id}/agreement", data=form)
    assert answer.status_code == 422
    assert "Kept words" in answer.text
    assert "The end comes after the start." in answer.text


def test_two_who_edit_at_once_see_both_texts(two: Two) -> None:
    two.send(two.mentor, "/agreement", **agreement(topics_in="From the mentor"))
    answer = two.mentee.post(f"/mentoring/{two.pair.id}/agreement", data=agreement(topics_in="From the mentee"))
    assert answer.status_code == 409
    assert "From the mentor" in answer.text
    assert "From the mentee" in answer.text
    assert "in force" not in two.send(two.mentee, "/agreement", **agreement(based_on=1, topics_in="From both"))


def test_an_outdated_page_signs_nothing_and_says_why(two: Two) -> None:
    two.send(two.mentor, "/agreement", **agreement())
    two.send(two.mentor, "/agreement", **agreement(based_on=1, minutes=45))
    answer = two.mentee.post(f"/mentoring/{two.pair.id}/agreement/sign", data={"number": 1})
    assert answer.status_code == 409
    assert "Nothing was signed: read it here, then sign it." in answer.text
    assert "45 minutes" in answer.text
    assert "not signed yet" in two.see(two.mentee, "/agreement")


def test_goals_by_hand(two: Two) -> None:
    two.pair.go_to("persuasive")
    form: dict[str, Any] = {"purpose": "Lead a budget round", "based_on": 0}
    for place, target in enumerate(targets_for(two.pair.mentee, two.pair.row(two.pair.mentee))):
        form |= {
            f"targets.{place}.competency_id": target.competency_id,
            f"targets.{place}.target": 3,
            f"targets.{place}.indicator": "A paper the head takes as it is",
        }
    low = two.mentee.post(f"/mentoring/{two.pair.id}/goals", data=form | {"targets.1.target": 1})
    assert low.status_code == 422
    assert "Choose a level above where you start (2)." in low.text
    assert "A paper the head takes as it is" in low.text
    db.session.rollback()
    assert "Both of you accept the goals now." in two.send(two.mentee, "/goals", **form)
    two.send(two.mentor, "/goals/accept", number=1)
    assert "You both accepted the goals." in two.send(two.mentee, "/goals/accept", number=1)


def test_the_gate_is_shown_before_one_meets_it(two: Two) -> None:
    page = two.see(two.mentee)
    assert "Both have signed the same version of the agreement" in page
    assert "Starting levels are recorded" in page
    answer = two.mentee.post(f"/mentoring/{two.pair.id}/advance", data={"stage": "prescriptive"})
    assert answer.status_code == 409
    assert "Still missing: Both have signed the same version of the agreement" in answer.text


def test_nobody_leaves_the_third_stage_alone(two: Two) -> None:
    two.pair.go_to("collaborative")
    series, due = two.pair.row().series_id, (clock.today() + timedelta(days=9)).isoformat()
    with clock.at(clock.now() + timedelta(days=1), everywhere=True):
        alone = two.pair.cast.client(two.pair.cast.mentee)
        for hours, status in ((4, 303), (4, 409), (2, 303)):
            here = (clock.now() - timedelta(hours=hours)).astimezone(two.pair.zone)
            form = {"day": here.date(), "at": f"{here:%H:%M}", "minutes": 30, "mode": "phone", "summary": "Alone"}
            assert alone.post(f"/meetings/log/{series}", data=form).status_code == status
    two.send(two.mentee, "/roadmap", text="One step", due_on=due)
    step = roadmap_for(two.pair.mentee, two.pair.row(two.pair.mentee))[0]
    two.mentee.post(f"/mentoring/roadmap/{step.id}/state", data={"state": "done"})
    two.send(two.mentee, "/goals/accept", number=1)
    answer = two.mentee.post(f"/mentoring/{two.pair.id}/advance", data={"stage": "collaborative"})
    assert answer.status_code == 409
    assert "Still missing: Both have accepted the same goals" in answer.text
    assert "They still hold" in two.see(two.mentor, "/goals")
    two.send(two.mentor, "/goals/accept", number=1)
    two.send(two.mentee, "/advance", stage="collaborative")


def test_roadmap_and_issues_by_hand(two: Two) -> None:
    two.pair.go_to("collaborative")
    due = (clock.today() + timedelta(days=9)).isoformat()
    assert "Paper too long" in two.send(two.mentee, "/issues", kind="specific", text="Paper too long")
    assert "Two pages" in two.send(two.mentor, "/roadmap", text="Two pages", due_on=due)
    faulty = two.mentor.post(f"/mentoring/{two.pair.id}/roadmap", data={"text": "Kept words", "due_on": "tomorrow"})
    assert faulty.status_code == 422
    assert "Kept words" in faulty.text
    refused = two.mentee.post("/mentoring/roadmap/1/state", data={"state": "dropped"})
    assert refused.status_code == 422
    assert "Please say why" in refused.text
    assert (
        two.mentee.post("/mentoring/roadmap/1/state", data={"state": "dropped", "reason": "No longer asked"}).status_code == 303
    )
    assert "No longer asked" in two.see(two.mentor, "/roadmap")
    assert two.mentor.post("/mentoring/issues/1/settle", data={"outcome": "Cut to two pages"}).status_code == 303
    assert "Cut to two pages" in two.see(two.mentee, "/roadmap")


def test_who_has_a_step_of_their_own_is_not_told_to_wait(two: Two) -> None:
    two.pair.go_to("confirmative")
    two.send(two.mentee, "/reflection", changed="I ask first", helped="Examples")
    head = BeautifulSoup(two.see(two.mentee), "html.parser").select_one(".page-head")
    assert head is not None
    assert "Your turn" in head.text
    assert "Waiting for" not in head.text


def test_closing_by_hand(two: Two) -> None:
    two.pair.go_to("confirmative")
    ids = [target.id for target in targets_for(two.pair.mentor, two.pair.row())]
    for client, levels in ((two.mentor, (3, 3)), (two.mentee, (3, 2))):
        two.send(client, "/reflection", changed="I ask first", helped="Examples")
        two.send(client, "/after-levels", **{f"levels.{id}": level for id, level in zip(ids, levels, strict=True)})
        two.send(client, "/evaluation", useful=5, trust=5, time=4, comment="Thank you")
    page = two.see(two.mentor, "/closing")
    assert "You see it differently" in page
    assert "Agree on level 2" in page
    two.send(two.mentor, "/after-levels", **{f"levels.{ids[1]}": 2})
    assert "Close the mentoring" in two.send(two.mentor, "/direction", text="Lead the next round", version=0)
    assert "now count on the competency map" in two.send(two.mentee, "/close", stage="confirmative")
    assert "Well done, both of you" in two.see(two.mentor)


def test_a_pause_and_an_early_end_by_hand(two: Two) -> None:
    wrong = two.mentee.post(f"/mentoring/{two.pair.id}/pause", data={"returns_on": "2020-01-01"})
    assert wrong.status_code == 422
    assert "choose tomorrow or later" in wrong.text
    back = (clock.today() + timedelta(days=20)).isoformat()
    said = two.send(two.mentee, "/pause", returns_on=back)
    assert "This mentoring is paused" in said
    assert "Until then nothing is expected of you" in said
    assert "Both have signed" not in said
    assert "given first holds" in two.send(two.mentor, "/pause", returns_on=back)
    assert "Good to have you back." in two.send(two.mentor, "/resume")
    assert "goes on already" in two.send(two.mentee, "/resume")
    unsaid = two.mentee.post(f"/mentoring/{two.pair.id}/end", data={"text": "Kept words"})
    assert unsaid.status_code == 422
    assert "Kept words" in unsaid.text
    assert "stays with you alone" in two.send(two.mentee, "/end", code="distance", text="We never met")
    assert "had ended just before you" in two.send(two.mentor, "/end", code="other")
    assert "We never met" not in two.see(two.mentor)


def test_every_page_in_every_stage_for_both_in_both_languages(two: Two) -> None:
    for stage in ("prescriptive", "persuasive", "collaborative", "confirmative"):
        two.pair.go_to(stage)
        for locale in ("id", "en"):
            for person in (two.pair.cast.mentor, two.pair.cast.mentee):
                db.session.get_one(Person, person.id).locale = locale
            db.session.commit()
            for client in (two.mentor, two.mentee):
                for part in PARTS:
                    assert f'lang="{locale}"' in two.see(client, part)


def test_the_board_names_whose_turn_it_is_and_invites_who_has_no_pair(two: Two) -> None:
    assert "My mentees" in two.mentor.get("/mentoring").text
    board = two.mentee.get("/mentoring").text
    assert "My mentors" in board
    assert "Waiting for Mentor" in board
    assert "You have no mentoring yet" in two.pair.cast.client(two.pair.cast.stranger).get("/mentoring").text


def test_the_board_takes_the_same_queries_for_one_mentee_and_for_eight(two: Two) -> None:
    def board() -> int:
        db.session.expire_all()
        db.session.rollback()
        with count_queries() as statements:
            assert two.mentor.get("/mentoring").status_code == 200
        return len(statements)

    cast = two.pair.cast
    two.mentor.get("/mentoring")
    few = board()
    for number in range(7):
        more = Pair(cast, start=False)
        more.mentee_id = cast.person(f"mentee_{number}", cast.budget, levels=(1, 1, 1)).id
        start_mentorship(more.mentor, mentor_id=more.mentor_id, mentee_id=more.mentee_id, competency_ids=more.competency_ids)
    assert "Mentee 6" in two.mentor.get("/mentoring").text
    assert board() == few
    assert few <= 16


@pytest.mark.parametrize("part", PARTS)
def test_a_page_takes_few_queries(two: Two, part: str) -> None:
    two.pair.go_to("collaborative")
    two.see(two.mentee, part)
    db.session.rollback()
    with count_queries() as statements:
        two.see(two.mentee, part)
    assert len(statements) <= 20, "\n".join(statements)


@pytest.mark.one_database
def test_who_agrees_to_a_level_that_the_other_has_left_sees_what_each_says_now(two: Two) -> None:
    two.pair.go_to("confirmative")
    two.pair.say_levels(two.pair.mentor, 4)
    two.pair.say_levels(two.pair.mentee, 3)
    target = targets_for(two.pair.mentee, two.pair.row(two.pair.mentee))[0].id
    assert 'name="agreeing"' in two.see(two.mentor, "/closing")
    form = {f"levels.{target}": "3", "agreeing": "1"}
    assert two.mentor.post(f"/mentoring/{two.pair.id}/after-levels", data=form).status_code == 303
    late = two.mentee.post(f"/mentoring/{two.pair.id}/after-levels", data=form | {f"levels.{target}": "4"})
    assert (late.status_code, "Nothing was changed for you" in late.text, "You say the same" in late.text) == (409, True, True)


@pytest.mark.one_database
def test_who_closes_is_told_first_what_is_called_off_with_it(two: Two) -> None:
    two.pair.go_to("confirmative")
    two.pair.fill("confirmative")
    assert "will be called off" not in two.see(two.mentor)
    plan = MeetingPlan(day=clock.today() + timedelta(days=5), at="09:00", every_weeks=1, times=3)
    plan_meeting(two.pair.mentor, two.pair.row().series, plan)
    for part in ("", "/closing"):
        assert "3 planned sessions will be called off." in two.see(two.mentor, part)


@pytest.mark.one_database
def test_clauses_as_the_template_has_them_are_read_by_each_in_their_language(two: Two) -> None:
    db.session.get_one(Person, two.pair.cast.mentor.id).locale = "id"
    db.session.commit()
    form = BeautifulSoup(two.see(two.mentor, "/agreement/edit"), "html.parser")
    sent = {str(each["name"]): each.text.strip() for each in form.select("form textarea[name]")}
    own = agreement(**sent | {"topics_out": "Hal pribadi rekan kerja"})
    assert "Saved as a new version" not in two.send(two.mentor, "/agreement", **own)
    texts = ProgrammeRules().agreement
    read = BeautifulSoup(two.see(two.mentee, "/agreement"), "html.parser").select_one("dl.clauses")
    assert read is not None
    for code in ("topics_in", "confidentiality", "ending"):
        assert (texts[code]["en"] in read.text, texts[code]["id"] in read.text) == (True, False)
    assert "Hal pribadi rekan kerja" in read.text, "what one wrote oneself stays as it is"
    assert texts["ending"]["id"] in two.see(two.mentor, "/agreement")
