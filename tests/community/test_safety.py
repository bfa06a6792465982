"""Keeping a community safe: held, hidden, locked, slow; reports, appeals, the broken glass, one's own words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.community import actions as community_actions
from mentorlink.community import queries as community_queries
from mentorlink.community.actions import decisions, gatherings, knowledge, safety
from mentorlink.community.inputs import EditInput, PollInput, RoomInput, Upload
from mentorlink.community.inputs.decisions import DecisionInput
from mentorlink.community.inputs.gatherings import PointInput
from mentorlink.community.inputs.knowledge import MaterialInput, PageInput
from mentorlink.community.inputs.safety import (
    AppealAnswerInput,
    AppealInput,
    CommunityRuleInput,
    GlassInput,
    ModeratorInput,
    ReasonInput,
    ReportInput,
    RoomRuleInput,
    SettleReportInput,
)
from mentorlink.community.models import Message
from mentorlink.community.models.safety import BreakGlass, ModerationAct, Report, Withheld
from mentorlink.community.policy import role_in
from mentorlink.community.queries import safety as reads
from mentorlink.community.queries.knowledge import page_for
from mentorlink.community.rules import new_client_id
from mentorlink.community.rules.safety import wait, why_held, words_of
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound, TooMany
from mentorlink.notifications.models import Notice
from tests.cast import Cast
from tests.community.living import Living
from tests.overtaking import overtaken

NOW = datetime(2026, 1, 10, tzinfo=UTC)


@pytest.fixture
def living(cast: Cast) -> Living:
    found = Living(cast)
    found.moment = None
    return found


def told(kind: str) -> list[int]:
    return list(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == kind).order_by(Notice.person_id)))


def words(message_id: int) -> str:
    db.session.rollback()
    return db.session.get_one(Message, message_id).body


@pytest.mark.one_database
@given(st.text(max_size=60), st.integers(0, 30))
def test_nothing_of_who_is_no_newcomer_is_held(body: str, days: int) -> None:
    joined = NOW - timedelta(days=days)
    assert why_held(body, joined_at=joined, now=NOW, newcomer_days=days, words=["a"]) is None


@pytest.mark.one_database
def test_a_newcomers_links_and_held_words_wait() -> None:
    held = {
        body: why_held(body, joined_at=NOW, now=NOW, newcomer_days=7, words=words_of("Pinjaman online\n\nJudi"))
        for body in ("See https://x.example", "Ada PINJAMAN, online!", "judi", "perjudikasian", "A good day")
    }
    assert list(held.values()) == ["links", "words", "words", None, None]


@pytest.mark.one_database
@pytest.mark.parametrize("body", [
    "bit.ly/3xYz", "s.id/abc", "t.me/pinjam", "wa.me/628123", "Lihat bps.go.id", "nusaraya.id", "[klik](//host.id)", "HTTP://X",
    "bit\u200b.ly/x", "ｂｉｔ．ｌｙ/x", "www.x", "tulis ke a@b.com", "//host/x", "kedai.example/promo", "toko.online.",
])  # fmt: skip
def test_links_however_they_are_written_are_held(body: str) -> None:
    assert why_held(body, joined_at=NOW, now=NOW, newcomer_days=7, words=[]) == "links"


@pytest.mark.one_database
@pytest.mark.parametrize("body", [
    "Selesai. Id pegawai menyusul", "laporan.pdf", "3.5 dari 4", "dan/atau, s.d. Mei", "Lihat /topics/4", "dst...", "50/50",
])  # fmt: skip
def test_what_is_no_link_is_not_held(body: str) -> None:
    assert why_held(body, joined_at=NOW, now=NOW, newcomer_days=7, words=[]) is None


@pytest.mark.one_database
@given(st.integers(0, 600), st.integers(0, 600))
def test_in_a_slow_room_one_waits_what_is_left(since: int, slow: int) -> None:
    assert wait(NOW - timedelta(seconds=since), NOW, slow) == max(0, slow - since)


def test_a_newcomers_link_is_read_by_nobody_until_a_moderator_lets_it_stand(living: Living, cast: Cast) -> None:
    living.steer(safety.set_community_rule, living.community, CommunityRuleInput(newcomer_days=7))
    posted = living.say(cast.mentee, "Cheap at https://shop.example")
    assert words(posted.id) == ""
    assert told("message_held") == [cast.mentor.id]
    assert "shop.example" not in str(db.session.scalars(sa.text("SELECT body FROM message")).all())
    assert reads.held_for(cast.actor(cast.mentee), living.community) == []
    held = reads.held_for(cast.actor(cast.mentor), living.community)
    living.steer(safety.release_message, held[0])
    assert words(posted.id) == "Cheap at https://shop.example"
    with pytest.raises(NotFound):
        reads.withheld_for(cast.actor(cast.mentor), posted.id)


def test_words_taken_back_meanwhile_stay_away_though_a_moderator_lets_them_stand(
    living: Living, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    living.steer(safety.set_community_rule, living.community, CommunityRuleInput(newcomer_days=7))
    message_id = living.say(cast.mentee, "Cheap at https://shop.example").id
    moderator, author = cast.actor(cast.mentor), cast.actor(cast.mentee)
    outcomes = overtaken(
        cast.app, monkeypatch, (safety.log, "hold"),
        lambda: safety.release_message(moderator, reads.withheld_for(moderator, message_id)),
        lambda: community_actions.delete_message(author, community_queries.message_for(author, message_id)),
    )  # fmt: skip
    assert outcomes == (None, None)
    assert words(message_id) == ""
    assert db.session.get_one(Message, message_id).deleted_at is not None


def test_who_is_named_in_a_held_message_is_told_when_it_stands_and_not_before(living: Living, cast: Cast) -> None:
    living.steer(safety.set_community_rule, living.community, CommunityRuleInput(newcomer_days=7))
    asked = living.say(cast.mentor, "Does anybody know?")
    named = f"@[Mentor]({cast.mentor.id}) see https://x.example #[Competency 1]({cast.competencies[0].id})"
    posted = living.say(cast.mentee, named, reply_to_id=asked.id)
    assert told("mentioned") == []
    held = reads.held_for(cast.actor(cast.mentor), living.community)[0]
    living.steer(safety.release_message, held)
    living.steer(safety.release_message, held)
    assert told("mentioned") == [cast.mentor.id]
    html = db.session.get_one(Message, posted.id).html
    assert (f'data-person="{cast.mentor.id}"' in html, "/competencies/T.1" in html) == (True, True)
    with pytest.raises(NotFound):
        reads.withheld_for(cast.actor(cast.mentor), posted.id)


def test_a_newcomer_passes_no_link_by_an_edit_a_poll_a_file_or_a_title(living: Living, cast: Cast) -> None:
    living.steer(safety.set_community_rule, living.community, CommunityRuleInput(newcomer_days=7))
    mentee, link = cast.actor(cast.mentee), "https://shop.example"
    plain = living.say(cast.mentee, "Nothing to see")
    community_actions.edit_message(mentee, community_queries.message_for(mentee, plain.id), EditInput(body=f"See {link}"))
    poll = PollInput(topic_id=living.topic.id, body="Which?", options=f"{link}\nNone", client_id=new_client_id())
    asked = community_actions.ask_poll(mentee, living.room, poll)
    with pytest.raises(Invalid):
        living.begin(cast.mentee, f"Cheap {link}")
    page = cast.client(cast.mentor).get(f"/rooms/{living.room_id}?topic={living.topic.id}").text
    assert "shop.example" not in page
    assert cast.client(cast.mentor).get(f"/messages/{plain.id}/history").text.count("Nothing to see") == 0
    living.steer(safety.release_message, reads.withheld_for(cast.actor(cast.mentor), asked.id))
    assert db.session.get_one(Message, asked.id).extras["p"]["o"] == [link, "None"]


def test_a_newcomer_passes_no_link_by_a_page_material_a_decision_a_point_or_a_promise(living: Living, cast: Cast) -> None:
    living.steer(safety.set_community_rule, living.community, CommunityRuleInput(newcomer_days=7))
    mentee, link, gathering = cast.actor(cast.mentee), "See bit.ly/3xYz now", living.plan()
    page = PageInput(title="Sampling", body="All that we know of it")
    page_id = knowledge.write_page(
        cast.actor(cast.mentor), living.community, page.model_copy(update={"body": f"{page.body} {link}"})
    ).id
    day = clock.today() + timedelta(days=3)
    passes = {
        "body": lambda: knowledge.write_page(
            mentee, living.community, page.model_copy(update={"title": "Ours", "body": link * 2})
        ),
        "link": lambda: knowledge.add_material(
            mentee, living.community, MaterialInput(kind="link", title="Guide", link="https://x.example")
        ),
        "question": lambda: decisions.open_decision(
            mentee, living.community, DecisionInput(question=link, method="consent", closes_on=day, way1="A")
        ),
        "text": lambda: gatherings.add_point(mentee, gathering, PointInput(text=link)),
        "title": lambda: knowledge.edit_page(
            mentee, page_for(mentee, page_id), page.model_copy(update={"title": link, "version": 1})
        ),
    }
    for field, attempt in passes.items():
        with pytest.raises(Invalid) as refused:
            attempt()
        assert [(fault.field, fault.code) for fault in refused.value.faults] == [(field, "text_of_newcomer")]
    kept = page.model_copy(update={"body": f"{page.body} {link} and more of it", "version": 1})
    knowledge.edit_page(mentee, page_for(mentee, page_id), kept)
    assert page_for(mentee, page_id).body.endswith("and more of it")


def test_a_report_is_told_once_and_settled_by_somebody_it_is_not_about(living: Living, cast: Cast) -> None:
    posted = living.say(cast.mentor, "You are all wrong")
    mentee = cast.actor(cast.mentee)
    for _twice in range(2):
        found = community_queries.message_for(mentee, posted.id)
        safety.report_message(mentee, found, ReportInput(reason="rude", note="It hurt"))
    assert len(db.session.scalars(sa.select(Report)).all()) == 1
    assert told("reported") == []
    assert reads.reports_for(cast.actor(cast.mentor), living.community) == []
    third = cast.person("third")
    community_actions.join_community(cast.actor(third), living.community)
    living.steer(safety.name_moderator, living.community, ModeratorInput(person_id=third.id, named=True))
    report = reads.reports_for(cast.actor(third), living.community)[0]
    with pytest.raises(Denied):
        safety.settle_report(cast.actor(cast.mentor), report, SettleReportInput(state="dismissed"))
    report = reads.report_for(cast.actor(third), report.id)
    safety.settle_report(cast.actor(third), report, SettleReportInput(state="upheld", hide=True))
    assert words(posted.id) == ""
    assert told("report_settled") == [cast.mentee.id]
    assert told("moderated_hidden") == [cast.mentor.id]


def test_an_appeal_is_answered_by_another_moderator_and_undoes_the_act(living: Living, cast: Cast) -> None:
    second = cast.person("second")
    community_actions.join_community(cast.actor(second), living.community)
    living.steer(safety.name_moderator, living.community, ModeratorInput(person_id=second.id, named=True))
    posted = living.say(cast.mentee, "I think otherwise")
    found = community_queries.message_for(cast.actor(cast.mentor), posted.id)
    living.steer(safety.hide_message, found, ReasonInput(reason="rude"))
    act_id = db.session.scalars(sa.select(ModerationAct.id)).one()
    mentee = cast.actor(cast.mentee)
    safety.appeal(mentee, reads.act_for(mentee, act_id), AppealInput(text="It was an honest opinion"))
    with pytest.raises(Conflict):
        safety.appeal(mentee, reads.act_for(mentee, act_id), AppealInput(text="And once again I say so"))
    with pytest.raises(Conflict) as refused:
        living.steer(safety.answer_appeal, reads.act_for(cast.actor(cast.mentor), act_id), AppealAnswerInput(answer="kept"))
    assert refused.value.code == "appeal_by_another"
    safety.answer_appeal(cast.actor(second), reads.act_for(cast.actor(second), act_id), AppealAnswerInput(answer="reversed"))
    assert words(posted.id) == "I think otherwise"
    kinds = [act.kind for act in reads.acts_for(mentee, living.community)]
    assert kinds == ["restored", "hidden"]


def test_the_author_and_moderators_alone_open_the_file_and_read_the_words_that_are_withheld(living: Living, cast: Cast) -> None:
    community_actions.join_community(cast.actor(cast.stranger), living.community)
    living.steer(safety.set_community_rule, living.community, CommunityRuleInput(newcomer_days=7))
    brought = community_actions.attach_file(cast.actor(cast.mentee), living.room, Upload("numbers.csv", b"1,2\n")).id
    held = living.say(cast.mentee, "See https://shop.example", files=(brought,)).id
    clients = [cast.client(one) for one in (cast.mentee, cast.mentor, cast.stranger)]
    assert [one.get(f"/attachments/{brought}").status_code for one in clients] == [200, 200, 404]
    waiting = clients[1].get(f"/communities/{living.community_id}/moderation").text
    assert "shop.example" in waiting
    assert f"/attachments/{brought}" in waiting
    assert clients[1].post(f"/messages/{held}/refuse", data={"reason": "dangerous"}).status_code == 303
    act = db.session.scalars(sa.select(ModerationAct).where(ModerationAct.kind == "hidden")).one()
    assert act.reason == "dangerous"
    act_page = f"/moderation/{act.id}"
    assert ["shop.example" in one.get(act_page).text for one in clients] == [True, True, False]
    living.steer(community_actions.remove_member, living.community, cast.mentee.id)
    gone = clients[0].get(act_page).text
    assert ("shop.example" in gone, f"/attachments/{brought}" in gone) == (True, False)
    assert clients[0].get(f"/attachments/{brought}").status_code == 404


def test_who_was_removed_may_appeal_and_come_back(living: Living, cast: Cast) -> None:
    living.steer(community_actions.remove_member, living.community, cast.mentee.id)
    mentee = cast.actor(cast.mentee)
    act_id = db.session.scalars(sa.select(ModerationAct.id)).one()
    safety.appeal(mentee, reads.act_for(mentee, act_id), AppealInput(text="I was on leave, not away"))
    living.steer(safety.answer_appeal, reads.act_for(cast.actor(cast.mentor), act_id), AppealAnswerInput(answer="reversed"))
    db.session.rollback()
    assert role_in(mentee, living.community_id) == "member"


def test_in_a_locked_topic_or_room_only_facilitators_write_and_a_slow_room_goes_slowly(living: Living, cast: Cast) -> None:
    topic_id = living.begin(cast.mentee, "Numbers").topic_id
    topic = community_queries.topic_for(cast.actor(cast.mentor), topic_id)
    living.steer(safety.lock_topic, topic, locked=True)
    with pytest.raises(Conflict):
        living.say(cast.mentee, "One more thing", topic_id=topic_id)
    living.say(cast.mentor, "Closed for now", topic_id=topic_id)
    living.steer(safety.set_room_rule, living.room, RoomRuleInput(slow_seconds=600))
    with pytest.raises(TooMany):
        living.say(cast.mentee, "Too fast")
    with clock.at(clock.now() + timedelta(minutes=11)):
        living.say(cast.mentee, "In good time")
    living.steer(safety.set_room_rule, living.room, RoomRuleInput(locked=True))
    with clock.at(clock.now() + timedelta(hours=2)), pytest.raises(Conflict):
        living.begin(cast.mentee, "Another topic")


def test_a_room_that_keeps_words_for_a_month_lets_older_ones_go_and_keeps_the_thread(living: Living, cast: Cast) -> None:
    old = living.say(cast.mentee, "Long ago").id
    living.steer(safety.set_room_rule, living.room, RoomRuleInput(retention_days=30))
    with clock.at(clock.now() + timedelta(days=31)):
        new = living.say(cast.mentee, "Just now").id
        assert safety.let_words_go(Actor.system()) == 1
        assert safety.let_words_go(Actor.system()) == 0
    assert (words(old), words(new)) == ("", "Just now")


def test_withheld_words_go_when_their_time_is_over_and_when_their_author_takes_them_back(living: Living, cast: Cast) -> None:
    def hide(body: str) -> None:
        found = community_queries.message_for(cast.actor(cast.mentor), living.say(cast.mentee, body).id)
        living.steer(safety.hide_message, found, ReasonInput(reason="rude"))

    hide("Long ago")
    living.steer(safety.set_room_rule, living.room, RoomRuleInput(retention_days=30))
    with clock.at(clock.now() + timedelta(days=31)):
        hide("Just now")
        assert safety.let_words_go(Actor.system()) == 1
        assert [row.body for row in db.session.scalars(sa.select(Withheld))] == ["Just now"]
        assert safety.delete_own_words(cast.actor(cast.mentee)) == 1
        assert db.session.scalars(sa.select(Withheld)).all() == []


def test_ones_own_words_are_taken_along_and_taken_back(living: Living, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, others = living.say(cast.mentee, "My view").id, living.say(cast.mentor, "Mine is another").id
    mentee = cast.actor(cast.mentee)
    hidden = living.say(cast.mentee, "What I should not have said").id
    living.steer(safety.hide_message, community_queries.message_for(cast.actor(cast.mentor), hidden), ReasonInput())
    file = community_actions.attach_file(mentee, living.room, Upload("numbers.csv", b"a,b"))
    file_id = file.id
    living.say(cast.mentee, "", files=(file_id,))
    taken = [(row["words"], row["withheld"], [one["name"] for one in row["files"]]) for row in reads.own_words(mentee)]
    assert taken == [("My view", None, []), ("What I should not have said", "hidden", []), ("", None, ["numbers.csv"])]
    monkeypatch.setattr(safety, "OWN_BATCH", 2)
    assert safety.delete_own_words(mentee) == 2
    jobs.run_due(only=False)
    assert reads.own_words(mentee) == []
    living.say(cast.mentee, "My view again")
    assert safety.delete_own_words(mentee) == 1
    assert safety.delete_own_words(mentee) == 0
    assert (words(mine), words(others)) == ("", "Mine is another")
    assert reads.own_words(mentee) == []


def test_rooms_are_closed_to_administrators_until_a_second_agrees_and_the_members_know(living: Living, cast: Cast) -> None:
    living.say(cast.mentee, "Between us")
    first, second = cast.actor(cast.administrator), cast.actor(cast.person("second_admin", role="administrator"))
    with pytest.raises(NotFound):
        community_queries.room_for(first, living.room_id)
    with pytest.raises(Denied):
        safety.ask_for_glass(cast.actor(cast.coordinator), living.community, GlassInput(reason="I would like to know that"))
    glass = safety.ask_for_glass(first, living.community, GlassInput(reason="A threat was reported to the police"))
    with pytest.raises(Denied):
        safety.break_glass(first, glass)
    with pytest.raises(NotFound):
        reads.through_glass(first, reads.glass_for(first, glass.id))
    safety.break_glass(second, reads.glass_for(second, glass.id))
    assert [row.body for row in reads.through_glass(first, reads.glass_for(first, glass.id))] == ["Between us"]
    with pytest.raises(NotFound):
        reads.through_glass(second, reads.glass_for(second, glass.id))
    assert told("glass_broken") == sorted([cast.mentor.id, cast.mentee.id])
    assert reads.broken_for(cast.actor(cast.mentee), living.community)[0].reason == "A threat was reported to the police"
    with clock.at(clock.now() + timedelta(days=2)), pytest.raises(NotFound):
        reads.through_glass(first, reads.glass_for(first, glass.id))


def test_that_the_glass_was_broken_is_a_line_of_every_rooms_log(living: Living, cast: Cast) -> None:
    first, second = cast.actor(cast.administrator), cast.actor(cast.person("second_admin", role="administrator"))
    living.say(cast.mentee, "Before")
    before = living.room.last_seq
    safety.break_glass(second, safety.ask_for_glass(first, living.community, GlassInput(reason="A threat was reported")))
    safety.break_glass(second, reads.glasses_for(second)[0])  # pressed twice
    living.say(cast.mentee, "After")
    made = living.steer(community_actions.create_room, living.community, RoomInput(name="Made meanwhile"))
    client = cast.client(cast.mentee)
    happened = client.get(f"/rooms/{living.room_id}/events?after={before}").get_json()["events"]
    opened = int(db.session.scalars(sa.select(BreakGlass)).one().opened_at.timestamp() * 1000)
    told = [{name: value for name, value in one.items() if name != "stamp"} for one in happened if one["kind"] == "glass"]
    assert told == [{"seq": before + 1, "kind": "glass", "names": ["Administrator", "Second Admin"], "opened": opened}]
    page = client.get(f"/rooms/{living.room_id}").text
    assert page.index("Before") < page.index("Administrator and Second Admin, administrators, opened") < page.index("After")
    assert "A threat was reported" not in page
    assert "Administrator and Second Admin, administrators, opened" in client.get(f"/rooms/{made.id}").text


def test_withheld_words_are_their_authors_to_take_back_in_the_room(living: Living, cast: Cast) -> None:
    hidden = living.say(cast.mentee, "What I should not have said").id
    living.steer(safety.hide_message, community_queries.message_for(cast.actor(cast.mentor), hidden), ReasonInput())
    client, address = cast.client(cast.mentee), f"/messages/{hidden}/delete"
    assert f'href="{address}"' in client.get(f"/rooms/{living.room_id}").text, "with forms alone"
    assert f'href="{address}"' not in cast.client(cast.mentor).get(f"/rooms/{living.room_id}").text
    assert client.get(address).status_code == 200
    for _twice in range(2):
        assert client.post(address).status_code == 303
    assert db.session.scalars(sa.select(Withheld)).all() == []
    room = client.get(f"/rooms/{living.room_id}").text
    assert "This message was removed." in room
    assert f'href="{address}"' not in room
    act = db.session.scalars(sa.select(ModerationAct).where(ModerationAct.message_id == hidden)).one()
    assert client.get(f"/moderation/{act.id}").status_code == 200


def test_words_withheld_and_what_reports_say_are_sealed(living: Living, cast: Cast) -> None:
    posted = living.say(cast.mentee, "Kerahasiaan-9Z")
    living.steer(safety.hide_message, community_queries.message_for(cast.actor(cast.mentor), posted.id), ReasonInput())
    raw = db.session.execute(sa.text("SELECT body FROM withheld_message")).scalar_one()
    assert b"Kerahasiaan-9Z" not in bytes(raw)
    assert db.session.scalars(sa.select(Withheld)).one().body == "Kerahasiaan-9Z"


def test_a_reported_message_hidden_from_its_own_menu_settles_what_was_reported(living: Living, cast: Cast) -> None:
    said = living.say(cast.mentee, "Words that hurt")
    third = cast.person("third")
    community_actions.join_community(cast.actor(third), living.community)
    safety.report_message(
        cast.actor(third), community_queries.message_for(cast.actor(third), said.id), ReportInput(reason="rude")
    )
    moderator = cast.actor(cast.mentor)
    assert len(reads.reports_for(moderator, living.community)) == 1
    safety.hide_message(moderator, community_queries.message_for(moderator, said.id), ReasonInput(reason="rude"))
    assert reads.reports_for(moderator, living.community) == []
    act = next(act for act in reads.acts_for(moderator, living.community) if act.kind == "hidden")
    sealed = reads.sealed_for(moderator, act)
    assert sealed is not None
    assert sealed.body == "Words that hurt"
