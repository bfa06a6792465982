"""From talk to knowledge: who is asked, which answer helped, what a thread becomes, who stands by it."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.community import actions as community_actions
from mentorlink.community import queries as community_queries
from mentorlink.community.actions import knowledge
from mentorlink.community.inputs import InvitationInput, RoleInput
from mentorlink.community.inputs.knowledge import (
    AcceptInput,
    DeclineInput,
    MaterialInput,
    PageInput,
    PageVerdict,
    QuestionInput,
)
from mentorlink.community.models import Message
from mentorlink.community.models.knowledge import HelpAsked, KnowledgePage, TopicQuestion
from mentorlink.community.queries.knowledge import (
    asked_again_on,
    help_for,
    library_for,
    material_of,
    page_for,
    question_of,
    shown_version,
    versions_for,
)
from mentorlink.community.rules.knowledge import (
    Candidate,
    Line,
    Said,
    acceptable,
    authors_of,
    brought,
    choose,
    differences,
    is_answered,
    page_of,
    review_day,
)
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound
from mentorlink.kernel.inputs import read
from mentorlink.learning.models import DevelopmentPlan, PlanLine
from mentorlink.people.actions import block_person
from mentorlink.sessions.meetings import actions as meetings
from mentorlink.sessions.meetings.inputs import MeetingPlan
from mentorlink.sessions.meetings.models import HoursException
from tests.cast import Cast
from tests.community.living import Living
from tests.community.test_gatherings import credited


@pytest.fixture
def living(cast: Cast) -> Living:
    return Living(cast)


def asked(living: Living, title: str = "How large a sample?") -> int:
    """The mentee asks something about the first competency; returns the question's id."""
    topic_id = living.begin(living.cast.mentee, title, "Two islands, little time").topic_id
    mentee = living.actor(living.cast.mentee)
    data = QuestionInput(competency_id=living.cast.competencies[0].id)
    return knowledge.ask_question(mentee, community_queries.topic_for(mentee, topic_id), data).id


def morning(weeks: int = 0) -> datetime:
    """Nine o'clock on the next Wednesday, or so many weeks later: everybody is in the office and has time."""
    now = datetime.now(ZoneInfo("Asia/Jakarta"))
    day = now.date() + timedelta(days=(2 - now.weekday()) % 7 or 7, weeks=weeks)
    return datetime.combine(day, time(9), now.tzinfo)


def seek(question_id: int, *, weeks: int = 0) -> list[int]:
    with clock.at(morning(weeks)):
        return knowledge.seek_help(Actor.system(), db.session.get_one(TopicQuestion, question_id))


def a_line(cast: Cast) -> int:
    """A line of the mentee's plan of this year, about the first competency."""
    plan = DevelopmentPlan(person_id=cast.mentee.id, year=clock.today().year, state="not_begun", created_at=clock.now())
    plan.lines.append(
        PlanLine(
            client_id="one", competency_id=cast.competencies[0].id, required=3, actual=1, path="self_study", activity="Read it",
            jp=2, month_from=1, month_to=12,
        )
    )  # fmt: skip
    db.session.add(plan)
    db.session.commit()
    return plan.lines[0].id


CANDIDATES = st.lists(
    st.builds(Candidate, st.integers(1, 40), st.integers(0, 5), st.booleans()), unique_by=lambda one: one.person_id
)


@pytest.mark.one_database
@given(CANDIDATES, st.sets(st.integers(1, 40)), st.integers(0, 4))
def test_the_strongest_with_room_are_chosen(candidates: list[Candidate], room: set[int], count: int) -> None:
    chosen = choose(candidates, room, count)
    level = {one.person_id: one.level for one in candidates}
    left = [one.level for one in candidates if one.person_id in room and one.level >= 3 and one.person_id not in chosen]
    assert len(chosen) <= count
    assert set(chosen) <= room
    assert all(level[one] >= max(left, default=0) for one in chosen)


TEXTS = st.lists(st.text("ab \n", max_size=6), max_size=6)


@pytest.mark.one_database
@given(TEXTS, TEXTS)
def test_two_versions_are_told_apart_line_by_line(old: list[str], new: list[str]) -> None:
    changes = differences("\n".join(old), "\n".join(new))
    assert [one.text for one in changes if one.kind != "added"] == "\n".join(old).splitlines()
    assert [one.text for one in changes if one.kind != "gone"] == "\n".join(new).splitlines()


@pytest.mark.one_database
@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(1, 36))
def test_a_page_is_looked_at_again_so_many_months_later(today: date, months: int) -> None:
    day = review_day(today, months)
    assert (day.year - today.year) * 12 + day.month - today.month == months
    assert day.day <= today.day


@pytest.mark.one_database
def test_the_accepted_answer_stands_before_the_rest_of_the_talk() -> None:
    thread = [Line(1, "How large?"), Line(2, "Not sure"), Line(3, "Thirty each")]
    assert page_of(thread, 3) == "> How large?\n\nThirty each\n\n---\n\nNot sure"
    assert page_of(thread, None) == "> How large?\n\nNot sure\n\nThirty each"


@pytest.mark.one_database
def test_authors_of_a_page_are_who_asked_who_helped_and_who_brought_more_than_a_remark() -> None:
    thread = [Line(1, "How large?", 1), Line(2, "Thirty", 2), Line(3, "+1 " * 7, 3), Line(4, "+1 " * 7, 3), Line(5, "Me too", 4)]
    assert authors_of(thread, 2) == {1, 2, 3}
    assert authors_of(thread, None) == {1, 3}


@pytest.mark.one_database
@given(st.lists(st.sampled_from("ab"), max_size=9), st.lists(st.sampled_from("ab"), max_size=9))
def test_an_edit_brings_no_more_words_than_stand_there_and_none_where_it_only_takes_away(old: list[str], new: list[str]) -> None:
    count = len(brought(" ".join(old), " ".join(new)))
    assert max(0, len(new) - len(old)) <= count <= len(new)
    assert brought(" ".join(old + new), " ".join(old)) == []


@pytest.mark.one_database
@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 200))
def test_nobody_accepts_their_own_words_and_only_who_asked_accepts_at_once(author: int, by: int, hours: int) -> None:
    said = datetime(2026, 1, 1, tzinfo=UTC)
    found = acceptable(author, said, by_id=by, asker_id=1, now=said + timedelta(hours=hours))
    assert found == (author not in (by, 1) and (by == 1 or hours >= 72))


@pytest.mark.one_database
def test_words_that_the_asker_lets_stand_for_a_day_are_an_answer() -> None:
    asked_at = datetime(2026, 1, 1, tzinfo=UTC)
    said = Said(other_at=asked_at)
    assert is_answered(Said(), asked_at) is False
    assert [is_answered(said, asked_at + timedelta(hours=hours)) for hours in (1, 24)] == [None, True]
    assert is_answered(Said(asked_at + timedelta(hours=2), asked_at), asked_at + timedelta(days=9)) is False


def test_after_a_day_without_an_answer_the_strongest_are_asked_and_may_join_by_that(living: Living, cast: Cast) -> None:
    strong = cast.person("strong", cast.statistics, levels=(5, 1, 1))
    cast.person("weak", cast.statistics, levels=(2, 1, 1))
    question_id = asked(living)
    with clock.at(morning()):
        jobs.run_due(only=False)
    asked_ids = list(db.session.scalars(sa.select(HelpAsked.person_id).order_by(HelpAsked.person_id)))
    assert asked_ids == sorted([strong.id, cast.mentor.id])
    knowledge.take_help(cast.actor(strong), help_for(cast.actor(strong), question_id))
    assert community_queries.room_for(cast.actor(strong), living.room_id).id == living.room_id


def test_a_question_that_was_answered_asks_nobody_until_the_asker_comes_back_to_it(living: Living, cast: Cast) -> None:
    question_id = asked(living)
    topic_id = db.session.get_one(TopicQuestion, question_id).topic_id
    living.say(cast.mentor, "Thirty each", topic_id=topic_id)
    assert seek(question_id) == []
    living.say(cast.mentee, "Thanks, but on which island?", topic_id=topic_id)
    assert seek(question_id) == [cast.mentor.id]


def test_a_competency_that_is_named_later_finds_people_too(living: Living, cast: Cast) -> None:
    topic_id, mentee = living.begin(cast.mentee, "How large a sample?").topic_id, cast.actor(cast.mentee)
    for competency_id in (None, cast.competencies[0].id, cast.competencies[0].id):
        topic = community_queries.topic_for(mentee, topic_id)
        knowledge.ask_question(mentee, topic, QuestionInput(competency_id=competency_id))
    assert cast.mentor.id
    with clock.at(morning()):
        jobs.run_due(only=False)
    assert db.session.scalars(sa.select(HelpAsked.person_id)).all() == [cast.mentor.id]


def test_who_is_away_today_is_not_asked(living: Living, cast: Cast) -> None:
    question_id, day = asked(living), morning().date()
    away = HoursException(person_id=cast.mentor.id, kind="away", from_on=day, to_on=day + timedelta(days=2))
    db.session.add(away)
    db.session.commit()
    assert seek(question_id) == []
    assert seek(question_id, weeks=1) == [cast.mentor.id]


def test_nobody_is_asked_twice_within_a_week(living: Living, cast: Cast) -> None:
    first, second = asked(living), asked(living, "And which questions?")
    assert seek(first) == [cast.mentor.id]
    assert seek(second) == []
    assert seek(second, weeks=1) == [cast.mentor.id]


def test_of_two_questions_at_once_one_has_the_helpers_week(living: Living, cast: Cast) -> None:
    ids, start = [asked(living), asked(living, "And which questions?")], threading.Barrier(2)
    assert cast.mentor.id
    db.session.rollback()

    def look(question_id: int) -> None:
        with cast.app.app_context():
            start.wait()
            seek(question_id)

    threads = [threading.Thread(target=look, args=(question_id,)) for question_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(HelpAsked)) == 1


def test_who_declines_may_have_some_weeks_of_peace_and_who_is_blocked_is_never_asked(living: Living, cast: Cast) -> None:
    mentor = cast.actor(cast.mentor)
    question_id = asked(living)
    seek(question_id)
    knowledge.decline_help(mentor, help_for(mentor, question_id), DeclineInput(weeks=4))
    later = asked(living, "And which questions?")
    assert seek(later, weeks=2) == []
    assert asked_again_on(mentor) == clock.today() + timedelta(weeks=4)
    page = cast.client(cast.mentor)
    assert "Ask me again from now on" in page.get("/notices/settings").text
    assert page.post("/questions/pause", data={"weeks": "0"}).status_code == 303
    assert asked_again_on(mentor) is None
    assert page.post("/api/v1/me/questions", json={"weeks": 1}).json == {"paused_until": str(clock.today() + timedelta(weeks=1))}
    assert page.post("/api/v1/me/questions", json={"weeks": 0}).json == {"paused_until": None}
    block_person(cast.actor(cast.mentee), cast.mentor)
    assert seek(later, weeks=3) == []


def test_in_a_community_by_request_only_members_are_asked(cast: Cast) -> None:
    living = Living(cast, joining="request")
    community_actions.invite_person(cast.actor(cast.mentor), living.community, InvitationInput(person_id=cast.mentee.id))
    community_actions.join_community(cast.actor(cast.mentee), living.community)
    cast.person("strong", cast.statistics, levels=(5, 5, 5))
    assert seek(asked(living)) == [cast.mentor.id]


def test_an_accepted_answer_counts_for_who_gave_it_and_follows_a_change_of_mind(living: Living, cast: Cast) -> None:
    question = db.session.get_one(TopicQuestion, asked(living))
    answers = [living.say(cast.mentor, text, topic_id=question.topic_id).id for text in ("Thirty each", "Or fifty")]
    mentee = cast.actor(cast.mentee)
    for chosen, jp in ((answers[0], 1), (answers[0], 1), (answers[1], 1), (None, 0), (answers[1], 1)):
        knowledge.accept_answer(mentee, question_of(question.topic_id), AcceptInput(message_id=chosen))
        assert credited(cast.mentor) == jp
    other = cast.person("third")
    community_actions.join_community(cast.actor(other), living.community)
    with pytest.raises(Denied):
        knowledge.accept_answer(cast.actor(other), question_of(question.topic_id), AcceptInput(message_id=answers[0]))


def test_others_say_that_an_answer_helped_only_after_some_days_and_never_of_their_own(living: Living, cast: Cast) -> None:
    topic_id = db.session.get_one(TopicQuestion, asked(living)).topic_id
    community_actions.join_community(cast.actor(cast.second_mentor), living.community)
    own, theirs = (living.say(who, "Thirty each", topic_id=topic_id).id for who in (cast.mentor, cast.second_mentor))

    def accept(message_id: int | None, days: int = 0, who: Any = cast.mentor) -> str | None:
        with clock.at(clock.now() + timedelta(days=days)):
            try:
                knowledge.accept_answer(cast.actor(who), question_of(topic_id), AcceptInput(message_id=message_id))
            except Conflict as refused:
                return refused.code
        return None

    refused = [accept(own), accept(theirs), accept(own, days=9), accept(theirs, days=9), accept(own, who=cast.mentee)]
    assert refused == ["answer_own", "asker_first", "answer_own", None, None]
    assert accept(theirs, days=9) == "asker_chose"


def made_page(living: Living, cast: Cast) -> KnowledgePage:
    """The page of a thread in which the mentee and the mentor wrote; an expert is there."""
    question = db.session.get_one(TopicQuestion, asked(living))
    living.say(cast.mentor, "Thirty each on either of the two islands", topic_id=question.topic_id)
    expert = cast.person("expert", cast.statistics)
    community_actions.join_community(cast.actor(expert), living.community)
    living.steer(community_actions.change_role, living.community, expert.id, RoleInput(role="expert"))
    mentee = cast.actor(cast.mentee)
    topic = community_queries.topic_for(mentee, question.topic_id)
    made = knowledge.make_page(mentee, topic)
    assert knowledge.make_page(mentee, community_queries.topic_for(mentee, question.topic_id)).id == made.id
    return page_for(mentee, made.id)


def review(cast: Cast, page: KnowledgePage, **more: object) -> None:
    expert = cast.actor(cast.person("expert"))
    row = page_for(expert, page.id)
    knowledge.review_page(expert, row, PageVerdict(**{"verdict": "approve", "version": row.version} | more))  # type: ignore[arg-type]


def test_a_thread_becomes_a_page_credited_to_all_who_wrote_and_counts_once_reviewed(living: Living, cast: Cast) -> None:
    page = made_page(living, cast)
    assert {author.id for author in page.authors} == {cast.mentor.id, cast.mentee.id}
    assert [one.id for one in page.competencies] == [cast.competencies[0].id]
    knowledge.send_page(cast.actor(cast.mentee), page)
    assert credited(cast.mentor) == 0
    review(cast, page)
    assert (credited(cast.mentor), credited(cast.mentee), credited(cast.person("expert"))) == (2, 2, 1)
    again = page_for(cast.actor(cast.mentee), page.id)
    assert again.review_on > clock.today()
    review(cast, page)
    assert credited(cast.mentor) == 2


def test_an_edit_makes_a_version_and_others_read_what_was_reviewed(living: Living, cast: Cast) -> None:
    page = made_page(living, cast)
    mentee, stranger = cast.actor(cast.mentee), cast.actor(cast.stranger)
    knowledge.send_page(mentee, page)
    review(cast, page)
    with pytest.raises(NotFound):
        page_for(stranger, page.id)
    row = page_for(mentee, page.id)
    words = {"title": row.title, "competency_ids": [cast.competencies[0].id], "open_to": "agency"}
    knowledge.edit_page(mentee, row, PageInput(body="Quite another text, not reviewed yet", version=1, **words))
    with pytest.raises(Conflict):
        knowledge.edit_page(mentee, page_for(mentee, page.id), PageInput(body="A stale text of somebody", version=1, **words))
    third = cast.actor(cast.person("expert"))
    comma = PageInput(body="Quite another text, not reviewed, yet", version=2, **words)
    knowledge.edit_page(third, page_for(third, page.id), comma)
    assert {author.id for author in page_for(mentee, page.id).authors} == {cast.mentor.id, cast.mentee.id}
    found = page_for(stranger, page.id)
    assert "Thirty each" in shown_version(stranger, found).body
    assert shown_version(mentee, page_for(mentee, page.id)) is None
    assert [one.number for one in versions_for(mentee, page_for(mentee, page.id))] == [3, 2, 1]
    with pytest.raises(NotFound):
        versions_for(stranger, page_for(stranger, page.id))
    assert [one.id for one in library_for(stranger, competency_id=cast.competencies[0].id)[0]] == [page.id]
    assert library_for(stranger, competency_id=cast.competencies[1].id) == ([], [])


def test_a_long_talk_keeps_every_word_and_a_taken_title_is_no_end(living: Living, cast: Cast) -> None:
    topic_id, mentee = living.begin(cast.mentee, "Sampling", "Where do we begin with it?").topic_id, cast.actor(cast.mentee)
    knowledge.write_page(mentee, living.community, PageInput(title="Sampling", body="An older page of the same name"))
    room_id, now = living.room_id, clock.now()
    rows = [
        {"room_id": room_id, "topic_id": topic_id, "author_id": cast.mentor.id, "client_id": str(n), "seq": 10_000 + n,
         "body": f"Step {n}", "html": "", "created_at": now, "version": 1, "extras": {}} for n in range(250)
    ]  # fmt: skip
    db.session.execute(sa.insert(Message), rows)
    db.session.commit()
    made = knowledge.make_page(mentee, community_queries.topic_for(mentee, topic_id))
    assert (made.title, "Step 249" in made.body) == ("Sampling (2)", True)
    assert {author.id for author in page_for(mentee, made.id).authors} == {cast.mentor.id, cast.mentee.id}
    with pytest.raises(Invalid):
        knowledge.write_page(mentee, living.community, PageInput(title="Sampling", body="And once more of that name"))
    for title, words, code in (("Short", "Yes", "thread_too_short"), ("Long", "word " * 700, "thread_too_long")):
        talk = living.begin(cast.mentee, title, words).topic_id
        for _each in range(18 if code == "thread_too_long" else 0):
            living.say(cast.mentee, words, topic_id=talk)
        with pytest.raises(Conflict) as refused:
            knowledge.make_page(mentee, community_queries.topic_for(mentee, talk))
        assert refused.value.code == code


def test_nobody_stands_by_what_they_alone_have_written_and_nobody_but_experts_reviews(living: Living, cast: Cast) -> None:
    page = made_page(living, cast)
    knowledge.send_page(cast.actor(cast.mentee), page)
    with pytest.raises(Denied):
        living.steer(knowledge.review_page, page_for(cast.actor(cast.mentor), page.id), PageVerdict(verdict="approve", version=1))
    expert = cast.actor(cast.person("expert"))
    own = knowledge.write_page(expert, living.community, PageInput(title="My own", body="All of it is from me alone"))
    knowledge.send_page(expert, page_for(expert, own.id))
    with pytest.raises(Denied):
        knowledge.review_page(expert, page_for(expert, own.id), PageVerdict(verdict="approve", version=1))


def test_a_page_sent_back_says_what_is_missing_and_one_that_is_due_is_looked_at_again(living: Living, cast: Cast) -> None:
    page = made_page(living, cast)
    knowledge.send_page(cast.actor(cast.mentee), page)
    with pytest.raises(Invalid):
        review(cast, page, verdict="return")
    review(cast, page, verdict="return", note="Where do the thirty come from?")
    knowledge.send_page(cast.actor(cast.mentee), page_for(cast.actor(cast.mentee), page.id))
    review(cast, page, months=6)
    with clock.at(clock.now() + timedelta(days=200)):
        knowledge.remind_of_pages(Actor.system())
    assert page_for(cast.actor(cast.mentee), page.id).state == "in_review"


def test_material_is_read_by_members_or_by_all_and_leads_to_the_web_alone(living: Living, cast: Cast) -> None:
    with pytest.raises(Invalid):
        read(MaterialInput, {"kind": "link", "title": "Guide", "link": "javascript:alert(1)"})
    words = {"kind": "link", "title": "Sampling guide", "link": "https://statistik.example/guide"}
    row = knowledge.add_material(cast.actor(cast.mentee), living.community, MaterialInput(**words))
    gathering = living.plan()
    knowledge.point_gathering(cast.actor(cast.mentee), gathering, row)
    assert [one.id for one in library_for(cast.actor(cast.mentee), text="sampling")[1]] == [row.id]
    assert library_for(cast.actor(cast.stranger), text="sampling")[1] == []
    knowledge.drop_material(cast.actor(cast.mentee), row)
    assert library_for(cast.actor(cast.mentee))[1] == []


def test_who_was_asked_once_is_not_asked_the_same_again(living: Living, cast: Cast) -> None:
    assert cast.mentor.id
    question_id = asked(living)
    assert seek(question_id) == [cast.mentor.id]
    assert seek(question_id, weeks=2) == []


def test_pages_and_material_are_found_by_their_words_until_a_page_is_withdrawn(living: Living, cast: Cast) -> None:
    mentee = living.actor(cast.mentee)
    page = knowledge.write_page(mentee, living.community, PageInput(title="Sampling", body="Stratifikasi di kepulauan"))
    data = read(MaterialInput, {"kind": "link", "title": "Panduan stratifikasi", "link": "https://example.org/guide"})
    material = knowledge.add_material(mentee, living.community, data)
    page_id, material_id = page.id, material.id
    client = cast.client(cast.mentee)
    shown = client.get("/search?q=stratifikasi").text
    assert f'href="/pages/{page_id}"' in shown
    assert f"/material/{material_id}" in shown
    knowledge.withdraw_page(living.actor(cast.mentor), page_for(living.actor(cast.mentor), page_id))
    assert f'href="/pages/{page_id}"' not in client.get("/search?q=stratifikasi").text


def test_a_session_and_a_line_of_a_plan_point_to_material_that_each_reader_may_read(living: Living, cast: Cast) -> None:
    mentee, mentor = cast.actor(cast.mentee), cast.actor(cast.mentor)
    ours = knowledge.add_material(mentee, living.community, MaterialInput(kind="link", title="Ours", link="https://a.example"))
    open_to = MaterialInput(kind="link", title="For all", link="https://b.example", open_to="agency")
    theirs = knowledge.add_material(mentor, living.community, open_to)
    series = meetings.begin_series(mentee, (cast.mentor.id, cast.mentee.id))
    day = clock.today() + timedelta(days=9)
    session = meetings.plan_meeting(mentee, series, MeetingPlan(day=day, at="09:00")).id
    for path in (f"/meetings/{session}/material", f"/plan-lines/{a_line(cast)}/material"):
        client = cast.client(cast.mentee)
        assert "For all" in client.get(path).text
        for row in (ours, theirs, ours):
            assert client.post(path, data={"material_id": row.id}).status_code == 303
        page = client.get(client.post(path, data={"material_id": ours.id}).headers["Location"]).text
        assert [title in page for title in ("Ours", "For all")] == [True, True]
        assert cast.client(cast.stranger).get(path).status_code == 404
        assert cast.client(cast.stranger).post(path, data={"material_id": theirs.id}).status_code == 404
    assert [row.title for row in material_of(cast.actor(cast.stranger), "meeting", session)] == ["For all"]
