"""Search: forms of a word, filters, and nothing of what one may not read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.community import actions, queries, rules
from mentorlink.community.inputs import EditInput, MergeInput, SearchInput
from mentorlink.community.models import Message
from mentorlink.community.rules.search import entry_words, facet, stems
from mentorlink.kernel.db import db
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
