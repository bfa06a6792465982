"""A round compares texts in two languages by the dictionaries that were stored with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mentorlink.matching import Mentee, Mentor, Rules, Weights
from mentorlink.rounds.rules import Board, Cohort, fingerprint, pack, unpack

pytestmark = pytest.mark.one_database

SAID = (("anggaran kas", "cash budget"), ("menulis surat", "writing letters"), ("rapat kerja", "working meeting"))


def test_texts_in_two_languages_find_each_other_and_still_do_when_the_round_is_solved_again() -> None:
    cohort = Cohort(
        mentees=(Mentee(1, text="anggaran kas"),),
        mentors=(Mentor(2, text="cash budget"), Mentor(3, text="working meeting")),
        rules=Rules(), weights=Weights(), capacity={2: 1, 3: 1}, params={}, values=(0.0,), said=SAID,
    )  # fmt: skip
    scores = Board(cohort).scores.scores(0).tolist()
    assert scores[0] > scores[1] == 0
    again = unpack(pack(cohort))
    assert again.said == SAID
    assert Board(again).scores.scores(0).tolist() == scores
    alone = replace(cohort, said=())
    assert Board(alone).scores.scores(0).tolist() == [0, 0]
    assert fingerprint(alone) != fingerprint(cohort) == fingerprint(again)
    assert unpack(pack(alone)).said == ()
