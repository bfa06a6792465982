"""Search: forms of a word, filters, and nothing of what one may not read."""

from __future__ import annotations

import random
from datetime import date
from html import escape

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.community import actions, queries, rules
from mentorlink.community.actions.index import put_message
from mentorlink.community.actions.knowledge import add_material, ask_question, edit_page, review_page, send_page, write_page
from mentorlink.community.inputs import EditInput, MergeInput, RoleInput, SearchInput, TitleInput
from mentorlink.community.inputs.knowledge import MaterialInput, PageInput, PageVerdict, QuestionInput
from mentorlink.community.models import Message
from mentorlink.community.queries.knowledge import page_for
from mentorlink.community.rules.search import entry_words, facet, stems
from mentorlink.kernel import clock
from mentorlink.kernel.actions import transaction
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning.actions import load_hours_rule
from mentorlink.people.models import Person
from tests.cast import Cast
from tests.community.talk import Talk


def found(talk: Talk, person: Person, q: str = "", **filters: object) -> list[tuple[str, int]]:
    hits = queries.search_for(talk.actor(person), SearchInput(q=q, **filters))  # type: ignore[arg-type]
    return [(hit.kind, hit.thing_id) for hit in hits.hits]


@pytest.mark.one_database
@given(st.text(max_size=80))
def test_no_text_makes_a_word_that_means_a_filter(text: str) -> None:
    assert not [word for word in stems(text) if word.startswith("_") or not word or " " in word or "'" in word or '"' in word]
    assert entry_words(text, [facet("r", 1)], facet("c", 2)).split(" ")[-1] == "_c2"


@pytest.mark.one_database
def test_forms_of_an_indonesian_word_meet() -> None:
    assert set(stems("pelatihan")) == set(stems("Melatih")) == set(stems("dilatih"))


def test_a_message_is_found_by_another_form_of_its_words_newest_first(talk: Talk, cast: Cast) -> None:
    first = talk.say(cast.mentor, "Kami melatih petugas pencatatan data")
    second = talk.say(cast.mentee, "Pelatihan berikutnya soal mutu data, 2026")
    talk.say(cast.mentee, "Sesuatu yang lain")
    assert found(talk, cast.mentee, "latihan data") == [("message", second.id), ("message", first.id)]
    assert found(talk, cast.mentee, "2026") == [("message", second.id)]
    assert found(talk, cast.mentee, "data", by=cast.mentor.id) == [("message", first.id)]
    assert found(talk, cast.mentee, "yang di ke") == []


def test_nothing_is_found_of_what_one_may_not_read(talk: Talk, cast: Cast) -> None:
    said = talk.say(cast.mentee, "Anggaran perjalanan")
    assert found(talk, cast.mentor, "anggaran") == [("message", said.id)]
    for person in (cast.stranger, cast.administrator, cast.coordinator):
        assert found(talk, person, "anggaran") == found(talk, person, "anggaran", community=talk.community_id) == []
    actions.leave_community(cast.actor(cast.mentee), talk.community)
    assert found(talk, cast.mentee, "anggaran") == []


def test_search_knows_what_was_edited_removed_and_moved(talk: Talk, cast: Cast) -> None:
    posted = talk.begin(cast.mentor, "Kearsipan", "Dokumen lama")
    row = db.session.get_one(Message, posted.id)
    actions.edit_message(cast.actor(cast.mentor), row, EditInput(body="Naskah baru"))
    assert found(talk, cast.mentee, "dokumen") == []
    assert found(talk, cast.mentee, "naskah", topic=posted.topic_id) == [("message", posted.id)]
    assert found(talk, cast.mentee, "arsip") == [("topic", posted.topic_id)]
    other = talk.begin(cast.mentor, "Lainnya").topic_id
    actions.merge_topic(
        cast.actor(cast.mentor), queries.topic_for(cast.actor(cast.mentor), posted.topic_id), MergeInput(topic_id=other)
    )
    assert found(talk, cast.mentee, "naskah", topic=other) == [("message", posted.id)]
    assert found(talk, cast.mentee, "arsip") == []
    actions.delete_message(cast.actor(cast.mentor), db.session.get_one(Message, posted.id))
    assert found(talk, cast.mentee, "naskah") == []


WORDS = (
    "melatih",
    "Pelatihan",
    "dilatih",
    "data",
    "datanya",
    "mutu",
    "café",
    "Anggaran",
    "2026",
    "yang",
    "di",
    "O'Neil",
    "arsip_lama",
)
"""Forms of words, words in every text, accents, figures and what a query language might stumble over."""


def test_both_databases_find_what_has_all_words_and_filters_and_nothing_else(talk: Talk, cast: Cast) -> None:
    choice, people = random.Random(5), (cast.mentor, cast.mentee)
    topics = [talk.topic.id, talk.begin(cast.mentor, "Lainnya").topic_id]
    rows = [
        {"room_id": talk.room_id, "topic_id": choice.choice(topics), "author_id": choice.choice(people).id, "client_id": str(n),
         "seq": 1000 + n, "body": " ".join(choice.choices(WORDS, k=4)), "created_at": clock.now(), "version": 1, "extras": {}}
        for n in range(60)
    ]  # fmt: skip
    with transaction():
        db.session.execute(sa.insert(Message), [row | {"html": f"<p>{escape(row['body'])}</p>"} for row in rows])
        said = db.session.scalars(sa.select(Message).where(Message.seq >= 1000).order_by(Message.seq)).all()
        for message in said:
            put_message(message, talk.community_id)
    said = [(one.id, one.topic_id, one.author_id, set(stems(one.body))) for one in said]
    missed = 0
    for _each in range(40):
        words = choice.sample(WORDS, choice.randint(0, 2))
        topic, by = choice.choice([None, *topics]), choice.choice([None, *(one.id for one in people)])
        wanted = {stem for word in words for stem in stems(word)}
        expected = [one for one, at, who, has in said if wanted <= has and topic in (None, at) and by in (None, who)]
        hits = found(talk, cast.mentee, " ".join(words), kind="message", topic=topic, by=by)
        assert [one for kind, one in hits if one >= said[0][0]] == expected[::-1][: len(hits)], (words, topic, by)
        assert len(hits) >= min(20, len(expected))
        missed += not expected
    assert 0 < missed < 40


def test_questions_are_found_as_such_however_they_are_renamed(talk: Talk, cast: Cast) -> None:
    mentee = cast.actor(cast.mentee)
    plain, asked = (talk.begin(cast.mentee, title).topic_id for title in ("Sampel", "Berapa sampel?"))
    ask_question(mentee, queries.topic_for(mentee, asked), QuestionInput())
    assert found(talk, cast.mentor, "sampel", kind="question") == [("topic", asked)]
    assert found(talk, cast.mentor, "sampel", kind="topic") == [("topic", asked), ("topic", plain)]
    actions.rename_topic(mentee, queries.topic_for(mentee, asked), TitleInput(title="Besar contoh"))
    assert found(talk, cast.mentor, kind="question") == [("topic", asked)]
    assert "Question" in cast.client(cast.mentor).get("/search?kind=question").text


def test_messages_are_found_by_the_name_of_who_wrote_them(talk: Talk, cast: Cast) -> None:
    said = talk.say(cast.mentee, "Mutu data")
    talk.say(cast.mentor, "Mutu data juga")
    assert found(talk, cast.mentor, "mutu", author="ment") == found(talk, cast.mentor, "mutu")
    assert (
        found(talk, cast.mentor, "mutu", author="mentee") == found(talk, cast.mentor, author="Mentee") == [("message", said.id)]
    )
    assert found(talk, cast.mentor, author="Stranger") == found(talk, cast.stranger, author="mentee") == []


def test_what_is_open_to_the_agency_is_found_by_everybody_as_it_was_reviewed(talk: Talk, cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    mentee, expert = cast.actor(cast.mentee), cast.actor(cast.second_mentor)
    actions.join_community(expert, talk.community)
    actions.change_role(cast.actor(cast.mentor), talk.community, cast.second_mentor.id, RoleInput(role="expert"))
    words = {"body": "Stratifikasi di kepulauan kecil", "open_to": "agency"}
    page_id = write_page(mentee, talk.community, PageInput(title="Sampling", **words)).id
    for open_to in ("members", "agency"):
        link = MaterialInput(kind="link", title=f"Stratifikasi {open_to}", link="https://x.example", open_to=open_to)
        shared = add_material(mentee, talk.community, link).id
    assert found(talk, cast.stranger, "stratifikasi") == [("material", shared)]
    send_page(mentee, page_for(mentee, page_id))
    review_page(expert, page_for(expert, page_id), PageVerdict(verdict="approve", version=1))
    assert found(talk, cast.stranger, "stratifikasi", kind="page") == [("page", page_id)]
    edit_page(
        mentee,
        page_for(mentee, page_id),
        PageInput(title="Rahasia", body="Klaster di kepulauan besar", open_to="agency", version=1),
    )
    assert found(talk, cast.stranger, "stratifikasi", community=talk.community_id, kind="page") == [("page", page_id)]
    assert found(talk, cast.stranger, "klaster") == found(talk, cast.stranger, "stratifikasi", kind="message") == []
    shown = cast.client(cast.stranger).get("/search?q=stratifikasi").text
    assert ("Sampling" in shown, "Rahasia" in shown) == (True, False)
    edit_page(mentee, page_for(mentee, page_id), PageInput(title="Rahasia", body="Klaster di kepulauan besar", version=2))
    assert found(talk, cast.stranger, "stratifikasi", kind="page") == []


def test_colleagues_are_found_all_and_within_one_community(talk: Talk, cast: Cast) -> None:
    for number in range(7):
        cast.person(f"colleague_{number}")
    client = cast.client(cast.mentor)
    first, every = client.get("/search?q=colleague").text, client.get("/search?q=colleague&kind=person").text
    assert [page.count('href="/people/') for page in (first, every)].count(0) == 0
    assert first.count(">Colleague") < every.count(">Colleague")
    assert "kind=person" in first
    here = client.get(f"/search?q=ment&community={talk.community_id}").text
    assert (f"/people/{cast.mentee.id}" in here, f"/people/{cast.second_mentor.id}" in here) == (True, False)


def test_pages_of_hits_follow_each_other_without_gap_and_overlap(talk: Talk, cast: Cast) -> None:
    talk.moment = None
    for _each in range(15):
        talk.say(cast.mentor, "evaluasi kinerja")
        talk.say(cast.mentee, "evaluasi kinerja")
    who, seen, before = cast.actor(cast.mentee), [], None
    while True:
        page = queries.search_for(who, SearchInput(q="kinerja evaluasi", before=before))
        seen += [hit.thing_id for hit in page.hits]
        before = page.before
        if before is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == len(seen) == 30
    assert rules.new_client_id()


def test_the_last_word_is_found_by_its_beginning_while_somebody_types_it(talk: Talk, cast: Cast) -> None:
    said = talk.say(cast.mentor, "Jadwal kapal di pelabuhan")
    for typed in ("kapa", "jadwal kap", "pelabuh"):
        assert found(talk, cast.mentee, typed) == [("message", said.id)]
    assert found(talk, cast.mentee, "kap jadwal") == []
    assert found(talk, cast.mentee, "ka") == []
