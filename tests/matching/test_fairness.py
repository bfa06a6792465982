"""What must never be compared: sex, religion, ethnicity, marital status, age, birth date, and the number that gives them away."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given

import mentorlink.matching
from mentorlink.exchange.rules.columns import COLUMNS
from mentorlink.matching import (
    FILTERS,
    RULES,
    TERMS,
    Filters,
    Mentee,
    Mentor,
    MentorColumns,
    MentorIndex,
    MonotoneAdditive,
    Rules,
    TextBridge,
    Weights,
)
from mentorlink.matching._explain import Explanation
from mentorlink.matching._pool import FEATURES
from mentorlink.matching._stem import UNCOMPARED, stem
from mentorlink.pairing.queries import mentees, pool
from mentorlink.people.models import Person
from mentorlink.rounds.queries import cohort as rounds_cohort
from mentorlink.rounds.rules import Cohort

from . import people

pytestmark = pytest.mark.one_database

FORBIDDEN = re.compile(
    r"(^|_)(sex|gender|kelamin|religion|agama|faith|ethnic\w*|suku|race|tribe|marital|married|marriage|kawin|nikah|age|usia|umur|"
    r"birth\w*|born|lahir|nip|nik|name|nama|photo|title|appointed)(_|$)"
)


def test_the_pattern_finds_what_it_should():
    for name in ("sex", "birth_date", "date_of_birth", "nip", "marital_status", "ethnicity", "agama", "age_band"):
        assert FORBIDDEN.search(name)
    for name in ("languages", "language", "place", "grade", "years"):
        assert not FORBIDDEN.search(name)


def test_no_input_names_a_forbidden_thing():
    for kind in (Mentor, Mentee, MentorColumns, Weights, Rules, Filters, Explanation):
        names = kind._fields if kind is Explanation else [each.name for each in fields(kind)]
        assert len(names) > 2
        assert not [name for name in names if FORBIDDEN.search(name)], kind


def test_the_inputs_are_these_and_a_new_one_needs_a_decision():
    shared = {
        "id",
        "levels",
        "unit",
        "field",
        "grade",
        "years",
        "languages",
        "time_zone",
        "place",
        "text",
        "blocked",
        "failed_with",
    }
    assert {each.name for each in fields(Mentor)} - {"_"} == shared | {"room", "paused"}
    assert {each.name for each in fields(Mentee)} - {"_"} == shared | {"required", "priorities", "line"}


def test_no_feature_names_a_forbidden_thing():
    names = MentorIndex().fit([Mentor(1, {"M.1": 2})]).feature_names_in_.tolist()
    assert set(names) == {"level:M.1", "text", "years", "grade", "place", "time_zone", "field", "languages"}
    assert not [name for name in names if FORBIDDEN.search(name)]


def test_no_encoder_and_no_part_of_the_model_names_a_forbidden_thing():
    index = MentorIndex(text_bridge=TextBridge().fit([])).fit([Mentor(1, {"M.1": 2}, text="anggaran")])
    encoders = [index._pool.level_encoder, *index._pool.encoders.values(), index.text_encoder_, index.text_bridge]
    named = {name for encoder in encoders for name in encoder.feature_names_in_.tolist()}
    assert named == {"level:M.1", "years", "grade", "field", "place", "time_zone", "languages", "unit", "text"}
    everything = [*named, *FEATURES, *TERMS, *FILTERS, *RULES, *MonotoneAdditive().get_params(), *index.get_params()]
    assert not [name for name in everything if FORBIDDEN.search(name)]


def test_no_column_that_the_pool_reads_and_none_that_an_import_fills_it_by_is_a_forbidden_thing():
    read = [str(column) for column in pool._offers(None, None).selected_columns]
    assert "person.in_field_since" in read
    filled = {column.code for columns in COLUMNS.values() for column in columns}
    told = {column.code for columns in COLUMNS.values() for column in columns if FORBIDDEN.search(column.code)}
    assert filled & {"nip", "email"}
    known = {"nip", "name", "name_id", "name_en", "title_before", "title_after"}
    assert told == known, "an import column that tells of a forbidden thing needs a decision"
    names = {name.rpartition(".")[2] for name in read}
    assert not names & told
    assert not [name for name in names if FORBIDDEN.search(name)]


MENTEE_SIDE = {
    "id", "state", "is_active", "unit", "unit_id", "field", "job", "in_field_since",
    "languages", "timezone", "place", "wants_to_grow_in",
}  # fmt: skip
"""What is read of a person who looks for a mentor, in a list and in a round; a new one needs a decision."""


@pytest.mark.parametrize("module", [mentees, rounds_cohort])
def test_the_mentees_side_and_a_rounds_cohort_read_nothing_forbidden_of_anybody(module):
    tree = ast.parse(inspect.getsource(module))
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    read = {name for node in attributes for name in re.findall(r"\b[Pp]erson\.(\w+)", ast.unparse(node))}
    assert "id" in read
    assert read <= MENTEE_SIDE
    personal = {column.key for column in Person.__table__.columns if FORBIDDEN.search(column.key)}
    assert {"nip", "name"} <= personal
    assert not {node.attr for node in attributes} & personal
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not called & {"getattr", "vars", "eval"}


def test_a_rounds_cohort_holds_nothing_forbidden():
    assert {each.name for each in fields(Cohort)} >= {"mentees", "mentors", "mentee_wishes"}
    assert not [each.name for each in fields(Cohort) if FORBIDDEN.search(each.name)]


def test_the_library_knows_nothing_of_the_rest_of_the_house():
    for path in Path(mentorlink.matching.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                assert node.module.split(".")[0] in {*LIBRARIES, *sys.stdlib_module_names}, (path, node.module)
            if isinstance(node, ast.ImportFrom) and node.level:
                assert node.level == 1
            if isinstance(node, ast.Import):
                assert {each.name.split(".")[0] for each in node.names} <= {*LIBRARIES, *sys.stdlib_module_names}, path


LIBRARIES = {"numpy", "scipy", "sklearn", "numba"}


@pytest.mark.parametrize(
    "word", ["muslimah", "Katolik", "perempuan", "menikah", "Sunda", "umur", "lajang", "keislaman", "usianya"]
)
def test_a_text_does_not_match_by_such_a_word(word):
    index = MentorIndex().fit([Mentor(1, text=f"{word} {word}"), Mentor(2, text="anggaran")])
    assert index.explain(Mentee(9, text=word), 1).text_similarity == 0
    assert stem(word.lower()) == ""
    assert not {stem(each) for each in UNCOMPARED} - {""}


def test_a_second_language_in_common_adds_nothing():
    index = MentorIndex().fit([Mentor(1, languages=["id", "jv"]), Mentor(2, languages=["id"])])
    ranking = index.rank(Mentee(9, languages=["id", "jv"]))
    assert [match.place for match in ranking] == [1, 1]


@people.thorough
@given(people.pools, people.mentees)
def test_more_years_never_cost_a_mentor_points(pool, mentee):
    index = MentorIndex().fit(pool)
    for mentor in pool:
        if mentor.years is None or mentor.years > 70:
            continue
        before = index.explain(mentee, mentor.id).score
        index.update(replace(mentor, years=mentor.years + 10))
        assert index.explain(mentee, mentor.id).score >= before


@people.thorough
@given(people.pools, people.mentees)
def test_a_higher_level_never_costs_a_mentor_points(pool, mentee):
    index = MentorIndex().fit(pool)
    for mentor in pool:
        before = index.explain(mentee, mentor.id).score
        index.update(replace(mentor, levels={code: min(5, level + 1) for code, level in mentor.levels.items()}))
        assert index.explain(mentee, mentor.id).score >= before
