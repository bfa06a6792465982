"""People are told of what concerns them, as they wish, once, with a link to where they act."""

from __future__ import annotations

import re
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
import sqlalchemy as sa

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Denied, NotFound
from mentorlink.kernel.jobs import Task
from mentorlink.learning.actions import load_hours_rule
from mentorlink.notifications.actions import choose_preferences, notify, read_all_notices, read_notice
from mentorlink.notifications.inputs import PreferencesInput
from mentorlink.notifications.models import Notice
from mentorlink.notifications.queries import notice_for, notices_for, unread_count
from mentorlink.notifications.rules import GROUPS, KINDS
from mentorlink.notifications.shapes import SENTENCES, sentence
from mentorlink.people.actions import grant_role
from mentorlink.people.models import Person
from tests import story
from tests.cast import Cast


def kinds_of(person: Person) -> list[str]:
    return list(db.session.scalars(sa.select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)))


def tell(cast: Cast, person: Person, kind: str = "join_accepted", **facts: str) -> None:
    notify(Actor.system(), person.id, kind=kind, about="community", about_id=1, facts=facts or {"community": "Data"})


@pytest.mark.one_database
def test_every_kind_has_a_group_and_a_sentence() -> None:
    assert set(KINDS) == set(SENTENCES)
    assert set(KINDS.values()) == set(GROUPS)


@pytest.mark.one_database
def test_a_whole_mentorship_tells_the_right_ones(cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    story.walk(cast, story.pair(cast))
    mentor, mentee = kinds_of(cast.mentor), kinds_of(cast.mentee)
    assert mentor[0] == "request_received"
    assert mentee[:2] == ["request_accepted", "agreement_proposed"]
    assert {
        "agreement_signed",
        "stage_entered",
        "goals_accepted",
        "after_levels_said",
        "mentorship_closed",
        "certificate_issued",
    } <= set(mentee)
    assert {
        "agreement_complete",
        "goals_changed",
        "goals_complete",
        "meeting_held",
        "evaluations_open",
        "mentorship_closed",
    } <= set(mentor)
    assert "certificate_issued" not in mentor
    assert kinds_of(cast.stranger) == []


def test_nobody_is_told_of_their_own_act(cast: Cast) -> None:
    story.pair(cast)
    assert "request_received" not in kinds_of(cast.mentee)
    assert "request_accepted" not in kinds_of(cast.mentor)


def test_if_the_deed_fails_nobody_is_told(cast: Cast) -> None:
    mentorship = story.pair(cast)
    before = len(kinds_of(cast.mentor))
    with pytest.raises(NotFound):
        story.met(cast, mentorship)  # no hours rule is loaded, so the session is not held
    assert len(kinds_of(cast.mentor)) == before


def test_said_twice_it_is_told_once(cast: Cast) -> None:
    for _ in range(2):
        notify(Actor.system(), cast.mentee.id, kind="levels_changed", about="map", about_id=1, facts={}, dedupe_key="k")
    assert kinds_of(cast.mentee) == ["levels_changed"]


def test_who_wants_nothing_of_a_group_gets_neither_notice_nor_mail(cast: Cast) -> None:
    choose_preferences(cast.actor(cast.mentee), PreferencesInput(in_app=[], by_mail=[]))
    tell(cast, cast.mentee)
    assert kinds_of(cast.mentee) == []
    assert db.session.scalars(sa.select(Task).where(Task.kind == "mail.send")).all() == []


def test_who_wants_mail_only_has_nothing_unread(cast: Cast) -> None:
    choose_preferences(cast.actor(cast.mentee), PreferencesInput(in_app=[], by_mail=["community"]))
    tell(cast, cast.mentee)
    assert unread_count(cast.actor(cast.mentee)) == 0
    assert len(db.session.scalars(sa.select(Task).where(Task.kind == "mail.send")).all()) == 1


@pytest.mark.one_database
def test_a_name_that_ends_in_a_full_stop_brings_no_second_one() -> None:
    notice = Notice(kind="answer_accepted", facts={"who": "Endang Pratiwi, S.H."})
    assert sentence(notice) == "Your answer helped Endang Pratiwi, S.H."
    topic = Notice(kind="replied", facts={"who": "Endang Pratiwi, S.H.", "topic": "What now..."})
    assert sentence(topic) == "Endang Pratiwi, S.H. replied to you in “What now...”."


def test_only_the_house_tells(cast: Cast) -> None:
    with pytest.raises(Denied):
        notify(cast.actor(cast.administrator), cast.mentee.id, kind="levels_changed", about="map", about_id=1, facts={})


def test_a_notice_of_another_is_not_found(cast: Cast) -> None:
    tell(cast, cast.mentee)
    notice = notices_for(cast.actor(cast.mentee))[0]
    assert notice_for(cast.actor(cast.mentee), notice.id) is notice
    with pytest.raises(NotFound):
        notice_for(cast.actor(cast.mentor), notice.id)
    with pytest.raises(Denied):
        read_notice(cast.actor(cast.mentor), notice)
    assert cast.client(cast.mentor).post(f"/notices/{notice.id}/open").status_code == 404


def test_opening_reads_one_and_reading_all_reads_the_rest(cast: Cast) -> None:
    for _ in range(3):
        tell(cast, cast.mentee, "levels_changed")
    newest = notices_for(cast.actor(cast.mentee))[0]
    db.session.execute(sa.update(Notice).values(about="map"))
    db.session.commit()
    answer = cast.client(cast.mentee).post(f"/notices/{newest.id}/open")
    assert (answer.status_code, answer.location) == (303, "/competencies")
    assert unread_count(cast.actor(cast.mentee)) == 2
    read_all_notices(cast.actor(cast.mentee))
    assert unread_count(cast.actor(cast.mentee)) == 0


def test_the_page_of_notices_goes_back_in_pages_without_gaps(cast: Cast) -> None:
    for _ in range(65):
        tell(cast, cast.mentee, "levels_changed")
    client, seen, path = cast.client(cast.mentee), [], "/notices"
    while path:
        page = client.get(path).text
        seen += re.findall(r"/notices/(\d+)/open", page)
        older = re.search(r'href="(/notices\?before=\d+)"', page)
        path = older[1] if older else ""
    assert len(seen) == len(set(seen)) == 65
    assert seen == sorted(seen, key=int, reverse=True)


def test_choosing_is_kept_and_unknown_groups_are_refused(cast: Cast) -> None:
    client = cast.client(cast.mentee)
    assert client.post("/notices/settings", data={"in_app": ["requests"], "by_mail": ["meetings"]}).status_code == 303
    page = client.get("/notices/settings").text
    assert len(re.findall("checked", page)) == 2
    assert client.post("/notices/settings", data={"in_app": ["everything"]}).status_code == 422


@pytest.mark.parametrize(("locale", "subject"), [("id", "meminta Anda menjadi mentor"), ("en", "asks you for mentoring")])
def test_the_mail_speaks_the_readers_language_and_links_to_the_request(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, locale: str, subject: str
) -> None:
    sent: list[bytes] = []
    monkeypatch.setattr("mentorlink.web.mail._deliver", lambda message: sent.append(message.as_bytes()))
    mentor = cast.person("reader", cast.statistics, levels=(4, 4, 4), locale=locale, name="Siti\tNurhaliza")
    asked = story.request(cast, cast.mentee, story.offer(cast, mentor))
    jobs.run_due()
    mail = message_from_bytes(sent[0], policy=default)
    assert subject in mail["Subject"]
    assert mail["To"].addresses[0].addr_spec == "reader@nusaraya.example"
    for part in ("plain", "html"):
        body = mail.get_body((part,))
        assert body is not None
        assert f"http://localhost/requests/{asked.id}" in body.get_content()
        assert "learn from you" not in body.get_content()


def test_a_mail_that_could_not_be_sent_goes_again_under_the_same_id(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    def deliver(message):  # type: ignore[no-untyped-def]
        sent.append(message["Message-ID"])
        if len(sent) == 1:
            raise ConnectionError("the mail server is away")

    monkeypatch.setattr("mentorlink.web.mail._deliver", deliver)
    story.request(cast, cast.mentee, story.offer(cast, cast.mentor))
    jobs.run_due()
    assert len(sent) == 1
    with clock.at(clock.now() + timedelta(days=1)):
        jobs.run_due()
    mail_ids = [number for number in sent if sent.count(number) > 1]
    assert len(set(mail_ids)) == 1


def test_who_is_made_a_mentor_is_told_by_whom_and_where_to_begin(cast: Cast) -> None:
    grant_role(cast.actor(cast.administrator), cast.mentor, "mentor")
    grant_role(Actor.system(), cast.mentee, "mentor")
    grant_role(cast.actor(cast.administrator), cast.mentee, "manager")
    told = db.session.execute(sa.select(Notice.person_id, Notice.kind, Notice.about)).all()
    assert told == [(cast.mentor.id, "named_mentor", "offers")]
    page = cast.client(cast.mentor).get("/notices").text
    assert f"{cast.administrator.name} made you a mentor" in page
