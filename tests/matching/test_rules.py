"""Each rule and filter at its edge, one by one."""

from __future__ import annotations

import pytest

from mentorlink.matching import FILTERS, RULES, Filters, Mentee, Mentor, MentorIndex, Rules

pytestmark = pytest.mark.one_database

MENTEE = Mentee(1, {"M.1": 2}, {"M.1": 4}, unit=(1, 2), field="tax", grade=5, line={7}, blocked={8}, failed_with={9})
OFF = Rules(outside_line=False, with_room=False)


@pytest.mark.parametrize(
    ("mentor", "rules", "code"),
    [
        (Mentor(1), Rules(), "self"),
        (Mentor(7), Rules(), "line_of_command"),
        (Mentor(7), OFF, None),
        (Mentor(2, room=0), Rules(), "no_room"),
        (Mentor(2, room=-2), Rules(), "no_room"),
        (Mentor(2, room=0), OFF, None),
        (Mentor(2, paused=True), OFF, "paused"),
        (Mentor(8), OFF, "blocked"),
        (Mentor(2, blocked=[1]), OFF, "blocked"),
        (Mentor(2, blocked=[3]), OFF, None),
        (Mentor(9), OFF, "past_failed_pair"),
        (Mentor(2, failed_with=[1]), OFF, "past_failed_pair"),
        (Mentor(2, field="law"), Rules(same_field=True), "other_field"),
        (Mentor(2, field=""), Rules(same_field=True), "other_field"),
        (Mentor(2, field="tax"), Rules(same_field=True), None),
        (Mentor(2, field="law"), Rules(), None),
        (Mentor(2, unit=(1, 2)), Rules(other_unit=True), "same_unit"),
        (Mentor(2, unit=(1, 2, 3)), Rules(other_unit=True), None),
        (Mentor(2, unit=(1,)), Rules(other_unit=True), None),
        (Mentor(2, unit=()), Rules(other_unit=True), None),
        (Mentor(2, unit=(1, 2)), Rules(), None),
        *(
            (Mentor(2, grade=grade), Rules(grade_min=1, grade_max=2), None if grade in (6, 7) else "grade_distance")
            for grade in (None, -1000, 4, 5, 6, 7, 8, 1000)
        ),
        (Mentor(2, grade=6), Rules(grade_min=1), None),
        (Mentor(2, grade=5), Rules(grade_min=1), "grade_distance"),
        (Mentor(2, grade=7), Rules(grade_max=2), None),
        (Mentor(2, grade=8), Rules(grade_max=2), "grade_distance"),
        (Mentor(2), Rules(grade_max=2), "grade_distance"),
    ],
)
def test_a_rule_bars_whom_it_should_and_nobody_else(mentor, rules, code):
    index = MentorIndex().fit([mentor, Mentor(50, paused=True)])
    ranking = index.rank(MENTEE, rules=rules)
    assert index.why_not(MENTEE, mentor.id, rules=rules) == ((code,) if code else ())
    assert [match.mentor_id for match in ranking] == ([] if code else [mentor.id])
    if code and code != "paused":
        assert ranking.masked_only[code] == 1


@pytest.mark.parametrize(
    ("mentor", "filters", "kept"),
    [
        (Mentor(2, field="tax"), Filters(fields=["law", "tax"]), True),
        (Mentor(2, field="law"), Filters(fields=["tax"]), False),
        (Mentor(2), Filters(fields=["tax"]), False),
        (Mentor(2, time_zone="WIT"), Filters(time_zones=["WIT"]), True),
        (Mentor(2, time_zone="WIT"), Filters(time_zones=["WIB"]), False),
        (Mentor(2, place="Ende"), Filters(places={"Ende"}), True),
        (Mentor(2), Filters(places={"Ende"}), False),
        (Mentor(2, languages=["id", "en"]), Filters(languages=["en", "fr"]), True),
        (Mentor(2, languages=["id"]), Filters(languages=["en"]), False),
        (Mentor(2), Filters(languages=["en"]), False),
        (Mentor(2, unit=(1, 4)), Filters(unit=4), True),
        (Mentor(2, unit=(1, 4)), Filters(unit=1), True),
        (Mentor(2, unit=(1, 4)), Filters(unit=2), False),
        (Mentor(2), Filters(unit=2), False),
        (Mentor(2, {"M.1": 3}), Filters(covers=["M.1"]), True),
        (Mentor(2, {"M.1": 2}), Filters(covers=["M.1"]), False),
        (Mentor(2, {"M.1": 3}), Filters(covers=["M.1", "T.1"]), False),
        (Mentor(2, {"M.1": 3, "T.1": 1}), Filters(covers=["M.1", "T.1"]), True),
        (Mentor(2, years=5.9), Filters(min_years=5), True),
        (Mentor(2, years=5.9), Filters(min_years=6), False),
        (Mentor(2), Filters(min_years=0), False),
        (Mentor(2, years=0), Filters(min_years=0), True),
        (Mentor(2, grade=3), Filters(grades=[2, 3]), True),
        (Mentor(2, grade=3), Filters(grades=[2]), False),
        (Mentor(2), Filters(grades=[2]), False),
    ],
)
def test_a_filter_keeps_whom_it_should_and_nobody_else(mentor, filters, kept):
    index = MentorIndex().fit([mentor, Mentor(50, paused=True)])
    ranking = index.rank(MENTEE, filters=filters)
    assert ranking.total == kept
    assert len(index.why_not(MENTEE, 2, filters=filters)) == (not kept)
    assert sum(ranking.filtered_only.values()) == (not kept)


def test_every_rule_and_filter_of_the_list_has_been_tried_above():
    marks = [test_a_rule_bars_whom_it_should_and_nobody_else, test_a_filter_keeps_whom_it_should_and_nobody_else]
    ruled, filtered = (function.pytestmark[0].args[1] for function in marks)
    assert {code for *_, code in ruled} - {None} == set(RULES)
    used = {name for _, filters, _ in filtered for name in FILTERS if getattr(filters, name) not in ((), None)}
    assert used == set(FILTERS)


def test_a_priority_shifts_the_cover_to_what_matters_more():
    index = MentorIndex().fit([Mentor(2, {"M.1": 4}), Mentor(3, {"M.2": 4})])
    plain = Mentee(1, {"M.1": 2, "M.2": 2}, {"M.1": 4, "M.2": 4})
    urgent = Mentee(1, plain.levels, plain.required, priorities={"M.2": 3})
    eased = Mentee(1, plain.levels, plain.required, priorities={"M.2": 0.1})
    assert [(m.mentor_id, m.score, m.place) for m in index.rank(plain)] == [(2, 0.275, 1), (3, 0.275, 1)]
    assert [(m.mentor_id, m.score) for m in index.rank(urgent)] == [(3, 0.4125), (2, 0.1375)]
    assert [(m.mentor_id, m.score) for m in index.rank(eased)] == [(2, 0.5), (3, 0.05)]


def test_equal_merit_from_unlike_terms_is_a_tie():
    third = Mentee(1, {"M.1": 0}, {"M.1": 3}, field="tax", place="Ende", years=0)
    field_and_place = Mentor(3, {"M.1": 2}, field="tax", place="Ende", years=0)
    two_lead_years = Mentor(4, {"M.1": 2}, field="tax", years=2)
    ranking = MentorIndex().fit([two_lead_years, field_and_place]).rank(third)
    assert [(match.mentor_id, match.place, match.tied) for match in ranking] == [(3, 1, 2), (4, 1, 2)]
    assert ranking.matches[0].score == round(0.55 * 2 / 3 + 0.07 + 0.04, 6)


def test_at_most_five_words_are_shown_the_strongest_first():
    words = "anggaran pajak hukum statistik rapat arsip audit"
    index = MentorIndex().fit([Mentor(2, text=words), Mentor(3, text="pajak hukum")])
    told = index.explain(Mentee(1, text=words), 2).words
    assert len(told) == 5
    assert {each.word for each in told}.isdisjoint({"pajak", "hukum"})
