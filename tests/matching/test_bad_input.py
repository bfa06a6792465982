"""Whatever is wrong comes back as a code with facts; whatever is merely missing gets a sensible answer."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from mentorlink.matching import (
    Filters,
    InvalidInput,
    InvalidParameter,
    Mentee,
    Mentor,
    MentorColumns,
    MentorIndex,
    Rules,
    TextEncoder,
    UnknownCompetency,
    UnknownMentor,
    Weights,
)

pytestmark = pytest.mark.one_database

NAN = math.nan


@pytest.mark.parametrize(
    ("changed", "code", "facts"),
    [
        ({"levels": {"M.1": 6}}, "level_out_of_range", {"competency": "M.1", "value": 6}),
        ({"levels": {"M.1": -1}}, "level_out_of_range", {"competency": "M.1", "value": -1}),
        ({"levels": {"M.1": 2.5}}, "level_out_of_range", {"competency": "M.1", "value": 2.5}),
        ({"levels": {"M.1": 10**30}}, "level_out_of_range", {"competency": "M.1"}),
        ({"levels": {"M.1": NAN}}, "not_a_number", {"competency": "M.1"}),
        ({"levels": {"M.1": None}}, "not_a_number", {"competency": "M.1", "value": None}),
        ({"levels": {"M.1": "3"}}, "not_a_number", {"competency": "M.1", "value": "'3'"}),
        ({"levels": {1: 3}}, "bad_code", {"value": 1}),
        ({"levels": [3]}, "bad_record", {"column": "levels"}),
        ({"years": NAN}, "not_a_number", {"column": "years"}),
        ({"years": -1}, "years_out_of_range", {"column": "years", "value": -1}),
        ({"years": 81}, "years_out_of_range", {"column": "years", "value": 81}),
        ({"years": "9"}, "not_a_number", {"column": "years"}),
        ({"grade": 2.5}, "bad_grade", {"column": "grade", "value": 2.5}),
        ({"grade": 5000}, "bad_grade", {"column": "grade"}),
        ({"unit": "1/2"}, "bad_unit", {"value": "'1/2'"}),
        ({"unit": (1, None)}, "bad_unit", {}),
        ({"field": 7}, "bad_code", {"column": "field", "value": 7}),
        ({"time_zone": 7}, "bad_code", {"column": "time_zone"}),
        ({"place": ["Ende"]}, "bad_code", {"column": "place"}),
        ({"languages": "id"}, "bad_set", {"column": "languages"}),
        ({"languages": [1]}, "bad_set", {"column": "languages"}),
        ({"blocked": [1, "2"]}, "bad_set", {"column": "blocked"}),
        ({"failed_with": 3}, "bad_set", {"column": "failed_with"}),
        ({"text": None}, "bad_text", {}),
    ],
)
def test_a_fault_in_a_person_is_named_with_its_column_and_value(changed, code, facts):
    for person in (Mentor(7, {"M.1": 1}), Mentee(7, {"M.1": 1})):
        wrong = replace(person, **changed)
        index = MentorIndex().fit([Mentor(1)])
        with pytest.raises(InvalidInput) as error:
            index.update(wrong) if isinstance(wrong, Mentor) else index.rank(wrong)
        assert error.value.code == code
        assert error.value.facts.items() >= facts.items()
        assert error.value.facts.get("id", 7) == 7
        assert code in str(error.value)
        if isinstance(wrong, Mentee):
            with pytest.raises(InvalidInput) as error:
                index.batch([Mentee(9), wrong, Mentee(8)])
            assert (error.value.code, error.value.facts.get("id", 7)) == (code, 7)


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"room": NAN}, "bad_room"), ({"room": None}, "bad_room"), ({"room": 1.5}, "bad_room"), ({"paused": "no"}, "bad_record")],
)
def test_a_fault_in_an_offer_is_named(changed, code):
    with pytest.raises(InvalidInput) as error:
        MentorIndex().fit([replace(Mentor(7), **changed)])
    assert (error.value.code, error.value.facts["id"]) == (code, 7)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"required": {"M.1": 9}}, "level_out_of_range"),
        ({"required": {"M.1": NAN}}, "not_a_number"),
        ({"priorities": {"M.1": 0}}, "bad_priority"),
        ({"priorities": {"M.1": 11}}, "bad_priority"),
        ({"priorities": {"M.1": NAN}}, "not_a_number"),
        ({"priorities": {"M.1": "high"}}, "not_a_number"),
        ({"line": "boss"}, "bad_set"),
    ],
)
def test_a_fault_in_a_wish_is_named(changed, code):
    with pytest.raises(InvalidInput) as error:
        MentorIndex().fit([Mentor(1)]).rank(replace(Mentee(7), **changed))
    assert (error.value.code, error.value.facts["id"]) == (code, 7)


def test_of_many_faults_the_lowest_id_is_named_in_any_order():
    wrong = [Mentor(person, {"M.1": 9, "A": 8}) for person in (5, 3, 8)]
    for pool in (wrong, wrong[::-1]):
        with pytest.raises(InvalidInput) as error:
            MentorIndex().fit(pool)
        assert error.value.facts == {"id": 3, "competency": "A", "value": 8}
    asking = [Mentee(person, {}, {"A": 8}) for person in (5, 3, 8)]
    for mentees in (asking, asking[::-1]):
        with pytest.raises(InvalidInput) as error:
            MentorIndex().fit([]).batch(mentees)
        assert error.value.facts == {"id": 3, "competency": "A", "value": 8}


@pytest.mark.parametrize("person", [None, "7", 7.0, True, 2**63, NAN])
def test_an_id_must_be_a_whole_number(person):
    with pytest.raises(InvalidInput, match="bad_id"):
        MentorIndex().fit([Mentor(person)])
    with pytest.raises(InvalidInput, match="bad_id"):
        MentorIndex().fit([]).rank(Mentee(person))


def test_an_id_given_twice_is_named():
    with pytest.raises(InvalidInput) as error:
        MentorIndex().fit([Mentor(5), Mentor(9), Mentor(2), Mentor(9), Mentor(5)])
    assert (error.value.code, error.value.facts) == ("duplicate_id", {"id": 5})


def test_something_else_than_a_record_is_refused():
    with pytest.raises(InvalidInput, match="bad_record"):
        MentorIndex().fit([{"id": 1}])
    with pytest.raises(InvalidInput, match="bad_record"):
        MentorIndex().fit([]).rank(Mentor(1))


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        (MentorColumns([1, 2], ["M.1"], [[1]]), "length_mismatch"),
        (MentorColumns([1, 2], ["M.1"], [[1], [2]], texts=["one"]), "length_mismatch"),
        (MentorColumns([1], ["M.1"], np.array([[NAN]])), "not_a_number"),
        (MentorColumns([1], ["M.1"], np.array([[7]])), "level_out_of_range"),
        (MentorColumns([1], ["M.1", "M.1"], np.array([[1, 1]])), "bad_code"),
        (MentorColumns([1, 1], ["M.1"], np.array([[1], [1]])), "duplicate_id"),
        (MentorColumns([1.5], ["M.1"], np.array([[1]])), "bad_id"),
        (MentorColumns([1], ["M.1"], np.array([[1]]), fields=[3]), "bad_code"),
        (MentorColumns([1], ["M.1"], np.array([[1]]), paused=["yes"]), "bad_record"),
        (MentorColumns([[1]], ["M.1"], np.array([[1]])), "bad_id"),
    ],
)
def test_faulty_columns_are_refused(columns, code):
    with pytest.raises(InvalidInput) as error:
        MentorIndex().fit(columns)
    assert error.value.code == code


@pytest.mark.parametrize(
    "params",
    [
        {"lead_years": 0}, {"lead_years": 2.5}, {"lead_years": True}, {"competencies": "M.1"}, {"competencies": ["a", "a"]},
        {"competencies": [1]}, {"utc_offsets": {"X": 2000}}, {"utc_offsets": {"X": None}}, {"text_encoder": "tfidf"},
        {"text_encoder": TextEncoder(min_df=0)}, {"text_encoder": TextEncoder(pairs="yes")}, {"weights": {"cover": 1}},
        {"weights": Weights(cover=NAN)}, {"weights": Weights(0, 0, 0, 0, 0, 0)}, {"weights": Weights(text=True)},
        {"rules": {"same_field": True}}, {"rules": Rules(same_field="yes")}, {"rules": Rules(grade_min=2, grade_max=1)},
        {"rules": Rules(grade_min=NAN)},
    ],
)  # fmt: skip
def test_a_faulty_parameter_is_refused_when_fitting(params):
    with pytest.raises(InvalidParameter) as error:
        MentorIndex(**params).fit([Mentor(1)])
    assert error.value.code == "bad_parameter"
    assert error.value.facts["name"].split(".")[0] in {*params, "min_df", "pairs"}


@pytest.mark.parametrize(
    "filters",
    [
        Filters(fields="tax"),
        Filters(grades=["3"]),
        Filters(min_years=NAN),
        Filters(min_years=-1),
        Filters(covers=[3]),
        {"unit": 3},
    ],
)
def test_a_faulty_filter_is_refused(filters):
    with pytest.raises(InvalidParameter, match="bad_parameter"):
        MentorIndex().fit([Mentor(1)]).rank(Mentee(2), filters=filters)


@pytest.mark.parametrize("page", [{"k": 0}, {"k": -1}, {"k": 2.0}, {"offset": -1}, {"offset": None}, {"k": True}])
def test_a_page_that_cannot_be_is_refused(page):
    with pytest.raises(InvalidInput, match="bad_page"):
        MentorIndex().fit([Mentor(1)]).rank(Mentee(2), **page)


def test_nobody_to_ask_gives_an_empty_list():
    for index in (MentorIndex().fit([]), MentorIndex(competencies=[]).fit([])):
        ranking = index.rank(Mentee(1, {}, {} if index.competencies == [] else {"M.1": 3}, text="anggaran"), choices=True)
        assert (ranking.matches, ranking.total, ranking.pool, ranking.masked) == ((), 0, 0, {})
        assert all(not each for each in ranking.choices.values())
        assert index.kneighbors(Mentee(1), 2)[1].tolist() == [[-1, -1]]


def test_the_only_person_in_the_pool_is_not_their_own_mentor():
    index = MentorIndex().fit([Mentor(1, {"M.1": 5})])
    assert index.rank(Mentee(1, {}, {"M.1": 3})).masked == {"self": 1}
    assert index.why_not(Mentee(1), 1) == ("self",)
    assert index.rank(Mentee(2, {}, {"M.1": 3})).total == 1


def test_without_gaps_the_other_terms_rank():
    index = MentorIndex().fit([Mentor(1, {"M.1": 5}), Mentor(2, languages=["id"])])
    ranking = index.rank(Mentee(9, {"M.1": 5}, {"M.1": 3}, languages=["id"]))
    assert [(match.mentor_id, match.score) for match in ranking] == [(2, 0.05), (1, 0.0)]
    assert all(match.explanation.competencies == () for match in ranking)


def test_a_level_without_a_requirement_makes_no_gap_and_a_requirement_without_a_level_counts_from_nought():
    index = MentorIndex().fit([Mentor(1, {"M.1": 5, "M.2": 5})])
    (only,) = index.explain(Mentee(9, {"M.1": 0}, {"M.2": 3}), 1).competencies
    assert (only.code, only.actual, only.gap) == ("M.2", 0, 3)


def test_a_gap_that_nobody_can_fill_is_told_and_weighs():
    index = MentorIndex().fit([Mentor(1, {"M.1": 5})])
    told = index.explain(Mentee(9, {}, {"M.1": 2, "T.404": 2}), 1)
    assert [(each.code, each.covered, each.remaining) for each in told.competencies] == [("M.1", 2, 0), ("T.404", 0, 2)]
    assert told.terms["cover"] == pytest.approx(0.275)
    assert index.rank(Mentee(9), filters=Filters(covers=["T.404"])).filtered_only == {"covers": 1}


def test_when_all_are_alike_all_share_the_first_place():
    ranking = MentorIndex().fit([Mentor(person, {"M.1": 3}) for person in (9, 4, 7)]).rank(Mentee(1, {}, {"M.1": 3}), 2)
    assert [(match.mentor_id, match.place, match.tied) for match in ranking] == [(4, 1, 3), (7, 1, 3)]


def test_with_a_fixed_list_of_competencies_others_are_refused_everywhere():
    index = MentorIndex(competencies=["M.1"]).fit([Mentor(1, {"M.1": 2})])
    for ask in (
        lambda: index.fit([Mentor(1, {"X": 2})]),
        lambda: index.update(Mentor(1, {"X": 2})),
        lambda: index.rank(Mentee(9, {"X": 1})),
        lambda: index.rank(Mentee(9, {}, {"X": 1})),
        lambda: index.rank(Mentee(9), filters=Filters(covers=["X"])),
    ):
        with pytest.raises(UnknownCompetency) as error:
            ask()
        assert (error.value.code, error.value.facts) == ("unknown_competency", {"competencies": ("X",)})


def test_somebody_who_is_not_in_the_pool_cannot_be_explained():
    index = MentorIndex().fit([Mentor(1)])
    for ask in (lambda: index.explain(Mentee(9), 2), lambda: index.why_not(Mentee(9), 2)):
        with pytest.raises(UnknownMentor) as error:
            ask()
        assert (error.value.code, error.value.facts) == ("unknown_mentor", {"id": 2})


def test_a_forbidden_pair_can_still_be_explained():
    index = MentorIndex().fit([Mentor(1, {"M.1": 3}, room=0)])
    assert index.explain(Mentee(9, {}, {"M.1": 3}), 1).score == pytest.approx(0.55)


def test_unknown_values_break_the_rules_that_ask_for_them_and_no_others():
    index = MentorIndex().fit([Mentor(1)])
    assert index.why_not(Mentee(9), 1, rules=Rules(same_field=True, grade_min=0, other_unit=True)) == (
        "other_field",
        "grade_distance",
    )
    assert index.why_not(Mentee(9, field="tax", grade=3), 1, rules=Rules(same_field=True, grade_max=5)) == (
        "other_field",
        "grade_distance",
    )


def test_clocks_are_compared_by_hours_and_unknown_zones_by_name():
    pool = [Mentor(1, time_zone="WIT"), Mentor(2, time_zone="Asia/Jakarta"), Mentor(3, time_zone="Mars"), Mentor(4)]
    index = MentorIndex().fit(pool)
    told = {person: index.explain(Mentee(9, time_zone="WIB"), person) for person in (1, 2, 3, 4)}
    assert {person: each.time_zone_distance for person, each in told.items()} == {1: 2.0, 2: 0.0, 3: None, 4: None}
    assert {person: each.terms["place"] for person, each in told.items()} == pytest.approx({1: 0.03, 2: 0.04, 3: 0, 4: 0})
    assert index.explain(Mentee(9, time_zone="Mars"), 3).time_zone_distance == 0.0
    across = MentorIndex(utc_offsets={"East": 720, "West": -660}).fit([Mentor(1, time_zone="East")])
    assert across.explain(Mentee(9, time_zone="West"), 1).time_zone_distance == 1.0
