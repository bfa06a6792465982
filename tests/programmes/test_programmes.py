"""Programmes: their rules, their weights, who runs them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.kernel.actor import Actor, Grant, Role
from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound
from mentorlink.kernel.inputs import read
from mentorlink.matching import Weights
from mentorlink.programmes import rules
from mentorlink.programmes.actions import add_programme, edit_programme, load_reference, make_default_programme
from mentorlink.programmes.inputs import ProgrammeInput
from mentorlink.programmes.models import Programme
from mentorlink.programmes.queries import (
    default_programme,
    nearest_programmes,
    programme_for,
    programmes_for,
    rules_of,
    weights_of,
)
from tests.cast import Cast

SYSTEM = Actor.system()
BASE = {"name": {"id": "Program Uji", "en": "Trial programme"}, "starts_on": "2026-01-01", "ends_on": "2026-12-31"}


def data(**changes: object) -> ProgrammeInput:
    return read(ProgrammeInput, BASE | changes)


def local_hr(cast: Cast) -> Actor:
    """HR of Finance and below."""
    return Actor(person_id=cast.stranger.id, grants=(Grant(Role.MANAGER, cast.finance.path),))


def test_a_new_agency_has_its_programme_of_the_year_once(cast: Cast) -> None:
    assert default_programme() is None
    first = load_reference(SYSTEM)
    assert load_reference(SYSTEM).id == first.id
    assert default_programme() == first
    assert str(first.starts_on.year) in first.name["en"]


def test_without_a_programme_the_usual_rules_hold() -> None:
    usual = rules_of(None)
    assert (usual.same_field, usual.request_days, usual.usual_days.prescriptive) == (False, 7, 14)
    assert set(usual.agreement) == set(rules.CLAUSES)
    assert all(text["id"] and text["en"] for text in usual.agreement.values())


def test_usual_weights_are_those_of_the_match() -> None:
    assert weights_of(None) == {name: getattr(Weights(), name) for name in rules.TERMS}
    assert sum(weights_of(None).values()) == pytest.approx(1)


@given(st.sampled_from(rules.TERMS), st.permutations(rules.IMPORTANCES))
def test_more_important_never_weighs_less(term: str, importances: list[str]) -> None:
    order = sorted(importances, key=rules.IMPORTANCES.index)
    weights = [rules.weights({term: importance})[term] for importance in order]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] == 0


def test_hr_edits_rules_and_weights(cast: Cast) -> None:
    programme = add_programme(cast.actor(cast.coordinator), data())
    edited = edit_programme(
        cast.actor(cast.coordinator),
        programme,
        data(
            rules={"same_field": True, "grade_min": 1, "usual_days": {"prescriptive": 10}}, weights={"field": "high"}, revision=1
        ),
    )
    assert (rules_of(edited).same_field, rules_of(edited).grade_min, rules_of(edited).usual_days.prescriptive) == (True, 1, 10)
    assert weights_of(edited)["field"] == pytest.approx(0.21)
    assert edited.revision == 2


def test_of_two_edits_of_the_same_revision_the_second_is_refused(cast: Cast) -> None:
    hr = cast.actor(cast.coordinator)
    programme = add_programme(hr, data())
    edit_programme(hr, programme, data(name={"id": "Pertama", "en": "First"}, revision=1))
    with pytest.raises(Conflict, match="programme_changed"):
        edit_programme(hr, programme, data(name={"id": "Kedua", "en": "Second"}, revision=1))
    assert programme.name["en"] == "First"


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"ends_on": "2025-12-31"}, "ends_on", "ends_before_start"),
        ({"ends_on": "2025-12-31", "name": {"id": "", "en": "First"}}, "ends_on", "ends_before_start"),
        ({"rules": {"grade_min": 3, "grade_max": 1}}, "rules", "grades_crossed"),
        ({"rules": {"request_days": 0}}, "rules.request_days", "greater_than_equal"),
        ({"rules": {"usual_days": {"persuasive": 900}}}, "rules.usual_days.persuasive", "less_than_equal"),
        ({"weights": dict.fromkeys(rules.TERMS, "off")}, "", "nothing_weighs"),
        ({"weights": {"cover": "enormous"}}, "weights.cover", "literal_error"),
        ({"rules": {"score_by_age": True}}, "rules.score_by_age", "extra_forbidden"),
    ],
)
def test_every_fault_of_a_programme_stands_at_its_field(changes: dict[str, object], field: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        data(**changes)
    assert (field, code) in {(fault.field, fault.code) for fault in refused.value.faults}


def test_hr_of_a_unit_runs_its_own_programmes_and_sees_no_others(cast: Cast) -> None:
    local, general = local_hr(cast), cast.actor(cast.coordinator)
    own = add_programme(local, data(unit_id=cast.finance.id))
    whole = add_programme(general, data())
    assert [programme.id for programme in programmes_for(local)] == [own.id]
    assert {programme.id for programme in programmes_for(general)} == {own.id, whole.id}
    with pytest.raises(NotFound):
        programme_for(local, whole.id)
    with pytest.raises(Denied, match="may_edit_programme"):
        edit_programme(local, whole, data(revision=1))
    with pytest.raises(Denied, match="may_add_programme"):
        add_programme(local, data())
    with pytest.raises(Denied, match="may_add_programme"):
        add_programme(local, data(unit_id=cast.statistics.id))


@pytest.mark.parametrize("who", ["mentee", "supervisor", "administrator"])
def test_who_is_not_hr_makes_no_programme(cast: Cast, who: str) -> None:
    actor = cast.actor(getattr(cast, who))
    with pytest.raises(Denied, match="may_add_programme"):
        add_programme(actor, data())
    with pytest.raises(Denied, match="may_add_programme"):
        make_default_programme(actor)


def test_the_default_is_the_newest_running_one_of_the_whole_agency(cast: Cast) -> None:
    hr = cast.actor(cast.coordinator)
    old = make_default_programme(SYSTEM, year=2025)
    new = make_default_programme(SYSTEM, year=2026)
    add_programme(hr, data(state="active", starts_on="2026-06-01", unit_id=cast.finance.id))
    assert default_programme() == new
    edit_programme(hr, new, data(state="closed", revision=1))
    assert default_programme() == old
    assert (old.starts_on, default_programme("coaching")) == (date(2025, 1, 1), None)


def test_the_programme_nearest_to_a_unit_holds_for_its_people(cast: Cast) -> None:
    whole = make_default_programme(SYSTEM)
    hr = cast.actor(cast.coordinator)
    made = {
        unit.path: add_programme(hr, data(unit_id=unit.id, state="active", name={"id": unit.code, "en": unit.code}))
        for unit in (cast.finance, cast.budget)
    }
    add_programme(hr, data(unit_id=cast.statistics.id, state="draft"))
    below = cast.unit("team", cast.budget).path
    expected = made | {below: made[cast.budget.path], cast.statistics.path: whole, "/": whole}
    assert nearest_programmes("mentoring", expected.keys()) == expected
    assert set(nearest_programmes("coaching", expected.keys()).values()) == {None}


def test_the_kind_of_a_programme_stays(cast: Cast) -> None:
    programme: Programme = make_default_programme(SYSTEM)
    with pytest.raises(Invalid) as refused:
        edit_programme(SYSTEM, programme, data(kind="coaching", revision=1))
    assert [fault.code for fault in refused.value.faults] == ["kind_stays"]


def test_the_distance_of_tiers_counts_only_where_a_programme_says_so() -> None:
    assert rules.weights({})["grade"] == 0
    assert rules.weights({"grade": "medium"})["grade"] == pytest.approx(0.10)
    assert rules.weights({"grade": "high"})["grade"] == pytest.approx(0.15)
    assert rules.ProgrammeRules().grade_points == {1: 0.75, 2: 1.0}


def test_own_points_stand_in_place_of_importances() -> None:
    weights = rules.weights({"cover": "mandatory"}, {"grade": 12, "field": 10})
    assert weights["grade"] == 12
    assert weights["field"] == 10
    assert weights["cover"] == weights["text"] == 0
    assert rules.weights({}, {})["cover"] == pytest.approx(0.55)


def test_own_points_and_shares_of_distances_come_back_as_they_were_saved(cast: Cast) -> None:
    hr = cast.actor(cast.coordinator)
    own = {"points": {"grade": 12, "field": 10}, "grade_points": {"1": 0.5, "2": 1}, "grade_min": 1, "grade_max": 2}
    programme = add_programme(hr, data(rules=own))
    page = cast.client(cast.coordinator).get(f"/programmes/{programme.id}/edit").text
    assert re.search(r'name="rules\.points\.grade"[^>]*value="12', page)
    assert re.search(r'name="rules\.grade_points\.1"[^>]*value="0\.5"', page)
    assert rules_of(programme).grade_points == {1: 0.5, 2: 1.0}
    assert weights_of(programme)["grade"] == 12
