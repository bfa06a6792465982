"""A round on two files: by that matcher's own rules through the page, with faults told and nothing stored."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from scipy.optimize import linear_sum_assignment

from mentorlink.exchange.rules.examples import sample_path
from mentorlink.kernel.db import db
from mentorlink.people.models import Person
from tests.cast import Cast
from tests.rounds.ground import Ground

pytestmark = pytest.mark.one_database  # nothing is stored

ORDER = ["AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4"]
HEAD = ["first name", "last name", "email address", "both mentor and mentee", "job title", "grade", "organisation", "profession"]


def rows_of(name: str) -> dict[str, dict[str, str]]:
    with sample_path(name).open(encoding="utf-8") as stream:
        return {row["email address"]: row for row in csv.DictReader(stream)}


def points_of(mentor: dict[str, str], mentee: dict[str, str]) -> int:
    """That matcher's own points, 0 where its rules bar the pair."""
    above = ORDER.index(mentor["grade"]) - ORDER.index(mentee["grade"])
    if mentor["organisation"] == mentee["organisation"] or above not in (1, 2):
        return 0
    return {1: 9, 2: 12}[above] + 10 * (mentor["profession"] == mentee["profession"])


@cache
def their_points() -> np.ndarray:
    """That matcher's points of every mentee with every mentor of the sample."""
    mentors, mentees = rows_of("mentors-500.csv"), rows_of("mentees-500.csv")
    return np.array([[points_of(mentor, mentee) for mentor in mentors.values()] for mentee in mentees.values()])


@cache
def their_rounds(bonus: int, rounds: int = 3) -> tuple[list[int], int, int, int]:
    """What that matcher does: points plus a bonus where either side has nobody yet, optimal, so often. Pairs by round, points in
    all, people with somebody on either side."""
    points = their_points()
    left, pairs, total = points.copy(), [], 0
    served = [np.zeros(side, bool) for side in points.shape]
    for _ in range(rounds):
        alone = ~served[0][:, None] | ~served[1][None, :]
        rows, columns = linear_sum_assignment(left + bonus * alone * (left > 0), maximize=True)
        real = left[rows, columns] > 0
        rows, columns = rows[real], columns[real]
        pairs.append(len(rows))
        total += int(points[rows, columns].sum())
        left[rows, columns] = 0
        served[0][rows], served[1][columns] = True, True
    return pairs, total, int(served[0].sum()), int(served[1].sum())


def lines_of(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return [line for line in csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))) if line["Mentor"]]


@pytest.fixture
def attempt(cast: Cast) -> Callable[..., Any]:
    client = cast.client(cast.coordinator)
    usual = {"source": "500", "rounds": "3", "aim": "fit", "rules": "pack", "as": "csv"}
    return lambda **form: client.post("/rounds/trial", data=usual | form, content_type="multipart/form-data")


@pytest.mark.parametrize(("aim", "bonus"), [("fit", 1), ("people", 36)])
def test_through_the_page_no_fewer_are_paired_and_no_worse_than_by_that_matcher_itself(
    attempt: Callable[..., Any], aim: str, bonus: int
) -> None:
    lines = lines_of(attempt(aim=aim))
    mentors, mentees = rows_of("mentors-500.csv"), rows_of("mentees-500.csv")
    own = [points_of(mentors[line["Mentor's e-mail"]], mentees[line["Mentee's e-mail"]]) for line in lines]
    pairs, points, asked, offered = their_rounds(bonus)
    assert min(own) > 0
    assert [float(line["Points"]) for line in lines] == own
    assert len(lines) >= sum(pairs)
    first = [value for value, line in zip(own, lines, strict=True) if line["Round"] == "1"]
    assert (len(first), sum(first)) == (pairs[0], their_rounds(bonus, 1)[1])
    assert aim == "people" or sum(own) >= points
    usual_pairs, usual_points, usual_asked, usual_offered = their_rounds(6)
    assert sum(own) >= usual_points if aim == "fit" else len(lines) >= sum(usual_pairs)
    assert len({line["Mentee's e-mail"] for line in lines}) >= max(asked, usual_asked)
    assert len({line["Mentor's e-mail"] for line in lines}) >= max(offered, usual_offered)
    assert len({(line["Mentee"], line["Mentor"]) for line in lines}) == len(lines)


def file_of(*rows: Sequence[str]) -> tuple[io.BytesIO, str]:
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *rows])
    return io.BytesIO(text.getvalue().encode()), "people.csv"


def test_own_files_in_any_order_give_the_same_pairs_and_faults_are_named(cast: Cast, attempt: Callable[..., Any]) -> None:
    def sides(turn: int) -> dict[str, Any]:
        files = {}
        for side in ("mentors", "mentees"):
            rows = [list(row.values()) for row in rows_of(f"{side}-50.csv").values()]
            files[side] = file_of(*rows[::turn])
        return files

    before = db.session.scalar(sa.select(sa.func.count()).select_from(Person))
    straight, turned = (lines_of(attempt(source="own", **sides(turn))) for turn in (1, -1))
    key = ("Round", "Mentee", "Mentor", "Points", "Reasons")
    assert {tuple(line[name] for name in key) for line in straight} == {tuple(line[name] for name in key) for line in turned}
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == before, "nothing is stored"

    mentors = file_of(["Ann", "One", "ann@x.example", "no", "Role", "SEO", "Dept A", "Policy"])
    wrong = file_of(
        ["Bob", "Two", "bob@x.example", "no", "Role", "EO", "Dept B", "Policy"],
        ["Cat", "Three", "cat@x.example", "no", "Role", "EO", "Dept B", "Policy"],
        ["Dan", "Four", "cat@x.example", "no", "Role", "EO", "Dept B", "Policy"],
        ["Eve", "Five", "eve@x.example", "no", "Role", "Grade 9", "Dept B", "Policy"],
    )
    page = attempt(source="own", mentors=mentors, mentees=wrong, **{"as": "page"}).text
    assert "Grade 9" in page
    assert "Row 4 is about the same and says something else" in page
    assert "1 of 1 mentees" in page


def test_without_files_or_with_other_columns_the_page_says_what_is_missing(attempt: Callable[..., Any]) -> None:
    missing = attempt(source="own")
    assert missing.status_code == 422
    assert missing.text.count('href="#f-ment') == 2
    other = (io.BytesIO(b"name,boss\nA,B\n"), "x.csv")
    answer = attempt(source="own", mentors=other, mentees=file_of(["A", "B", "a@x.example", "no", "R", "EO", "D", "HR"]))
    assert answer.status_code == 422
    assert "no column headed “organisation”" in answer.text
    nobody = attempt(source="own", mentors=file_of(["A", "B", "a@x.example", "no", "R", "Boss", "D", "HR"]), mentees=file_of())
    assert nobody.status_code == 422


def test_the_rules_of_ones_own_programme_count_where_they_are_chosen(cast: Cast, attempt: Callable[..., Any]) -> None:
    ground = Ground(cast, rules={"grade_min": 2, "grade_max": 2, "points": {"grade": 10}})
    lines = lines_of(attempt(source="50", rounds="1", rules=str(ground.programme.id)))
    mentors, mentees = rows_of("mentors-50.csv"), rows_of("mentees-50.csv")
    assert lines
    for line in lines:
        pair = mentors[line["Mentor's e-mail"]], mentees[line["Mentee's e-mail"]]
        assert ORDER.index(pair[0]["grade"]) - ORDER.index(pair[1]["grade"]) == 2
        assert line["Points"] == "10"


def test_only_programme_managers_try_rounds_and_the_sample_can_be_taken_away(cast: Cast) -> None:
    assert cast.client(cast.mentee).get("/rounds/trial").status_code in (403, 404)
    client = cast.client(cast.coordinator)
    assert client.get("/rounds/trial").status_code == 200
    assert client.get("/rounds/trial/mentors-50.csv").data == sample_path("mentors-50.csv").read_bytes()
    assert client.get("/rounds/trial/mentor-match.json").status_code == 404
