"""Mentions and client ids, by value."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.community import rules
from mentorlink.community.inputs import MessageInput
from mentorlink.kernel.inputs import read

words = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60)


@pytest.mark.one_database
def test_client_ids_are_uuids_of_version_7_and_differ() -> None:
    made = [rules.new_client_id() for _ in range(100)]
    assert len(set(made)) == 100
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", one) for one in made)
    assert read(MessageInput, {"topic_id": 1, "body": "x", "client_id": made[0]}).client_id == made[0]


@pytest.mark.one_database
def test_the_longest_name_wins() -> None:
    people = {"siti": 1, "siti rahma": 2}
    assert rules.link_names("Halo @Siti Rahma, apa kabar @siti?", people) == "Halo @[Siti Rahma](2), apa kabar @[siti](1)?"


@pytest.mark.one_database
def test_what_was_linked_reads_as_it_was_written() -> None:
    assert rules.unlink_names("Halo @[Siti Rahma](2)!") == "Halo @Siti Rahma!"


@pytest.mark.one_database
@given(words)
def test_rendering_any_text_gives_no_script_and_no_mention_of_who_is_not_a_member(text: str) -> None:
    html = rules.render(text + " @[x](7) @[y](8)", {7: "<b>Xavier</b>"})
    assert "<script" not in html
    assert "<b>" not in html
    assert 'data-person="8"' not in html


@pytest.mark.one_database
@given(words, words)
def test_linking_names_changes_nothing_but_the_names(before: str, after: str) -> None:
    body = f"{before} @siti rahma {after}"
    assert rules.unlink_names(rules.link_names(body, {"siti rahma": 2})) == rules.unlink_names(body)
