"""Files by command, and the real input from two files to ranked lists."""

from __future__ import annotations

import csv
from pathlib import Path

import click
import numpy as np
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from scipy.optimize import linear_sum_assignment

from config import Settings
from mentorlink.app import create_app
from mentorlink.cli.exchange import EXAMPLES, match_file
from mentorlink.kernel import crypto, settings
from mentorlink.kernel.db import db
from mentorlink.people.models import Person, Unit
from tests.cast import Cast
from tests.conftest import settings_for
from tests.exchange.files import csv_bytes

SAMPLE = EXAMPLES / "mentor-match"
HEAD = ["first name", "last name", "email address", "both mentor and mentee", "job title", "grade", "organisation", "profession"]
NIP = "198503152010121001"


def run(cast: Cast, *arguments: str) -> Result:
    db.session.rollback()
    return cast.app.test_cli_runner().invoke(args=list(arguments))


def test_a_file_is_taken_in_by_command_and_faulty_rows_are_written(cast: Cast, tmp_path: Path) -> None:
    file, faults = tmp_path / "units.csv", tmp_path / "faults.csv"
    file.write_bytes(csv_bytes(["Kode", "Nama", "Induk"], ["A", "Satu", ""], ["B", "Dua", "nowhere"]))
    tried = run(cast, "import", "units", str(file), "--dry-run")
    assert "would be: 1 add" in tried.output
    assert db.session.scalar(sa.select(Unit).where(Unit.code == "A")) is None
    done = run(cast, "import", "units", str(file), "--faults", str(faults))
    assert done.exit_code == 1
    assert "row 3: Induk “nowhere”: There is no unit with the code “nowhere”." in done.output
    assert "done: 1 add, 0 change, 0 same, 0 repeat, 0 left out, 1 faulty" in done.output
    assert faults.read_text(encoding="utf-8-sig").splitlines()[1].startswith("3,B,Dua,nowhere,")
    db.session.rollback()
    assert db.session.scalar(sa.select(Unit.name).where(Unit.code == "A"))["id"] == "Satu"


def test_a_file_that_is_no_table_is_refused_in_words(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"%PDF-1.7")
    refused = run(cast, "import", "people", str(file))
    assert refused.exit_code == 1
    assert "This file is a PDF" in refused.output


def test_a_folder_that_is_not_there_is_told_in_a_line_before_any_work(cast: Cast, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "x.csv"
    files = ["--mentors", str(SAMPLE / "mentors-50.csv"), "--mentees", str(SAMPLE / "mentees-50.csv")]
    ranked = CliRunner().invoke(match_file(create_app), [*files, "--out", str(out)])
    for refused in (run(cast, "export", "units", str(out)), ranked):
        assert refused.exit_code == 2
        assert f"there is no folder {out.parent}" in refused.output
        assert "Traceback" not in refused.output


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_a_command_writes_another_takes_in_without_a_change(cast: Cast, tmp_path: Path, ending: str) -> None:
    assert cast.mentee
    file = tmp_path / f"people.{ending}"
    assert run(cast, "export", "people", str(file)).exit_code == 0
    again = run(cast, "import", "people", str(file))
    assert again.exit_code == 0, again.output
    assert "nothing to change" in again.output


def match(cast: Cast, tmp_path: Path, mentors: Path, mentees: Path, *more: str) -> tuple[str, list[dict[str, str]]]:
    """The command on a database of its own, made by the test's application maker; what it printed and the lists."""

    def make(chosen: Settings | None) -> object:
        return create_app(chosen or settings_for("sqlite://"))

    out = tmp_path / "out.csv"
    command: click.Command = match_file(make)  # type: ignore[arg-type]  # an application
    arguments = ["--mentors", str(mentors), "--mentees", str(mentees), "--out", str(out), *more]
    try:
        result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    finally:
        own = cast.app.config["SETTINGS"]
        settings.use(own)
        crypto.load_keys(own.data_keys)
    assert result.exit_code == 0, result.output
    with out.open(encoding="utf-8-sig", newline="") as stream:
        return result.output, list(csv.DictReader(stream))


Found = tuple[str, list[dict[str, str]]]
_found: dict[tuple[str, ...], Found] = {}


def of_fifty(cast: Cast, tmp_path: Path, *more: str) -> Found:
    """The command on the smaller sample, run once for all who look at what came of it."""
    if more not in _found:
        _found[more] = match(cast, tmp_path, SAMPLE / "mentors-50.csv", SAMPLE / "mentees-50.csv", *more)
    return _found[more]


ALL = ("--top", "500")
THREE_ROUNDS = ("--rounds", "3", "--ignore-both")


@pytest.mark.one_database
def test_every_mentee_of_the_real_input_gets_a_ranked_explained_list_and_the_agency_stays_as_it_is(
    cast: Cast, tmp_path: Path
) -> None:
    cast.mentee, cast.mentor  # noqa: B018  made when first asked for
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Person))
    told, lines = match(cast, tmp_path, SAMPLE / "mentors-50.csv", SAMPLE / "mentees-50.csv", *ALL)
    _found[ALL] = told, lines
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == before
    assert "mentors: 50 rows, 50 people" in told
    assert "mentees: 50 rows, 50 people, 50 of them ask" in told
    assert {line["Mentee"] for line in lines} >= {f"mentee {number:02}" for number in range(50)}
    by_mentee: dict[str, list[dict[str, str]]] = {}
    for line in lines:
        by_mentee.setdefault(line["Mentee"], []).append(line)
    for own in by_mentee.values():
        scores = [float(line["Score"]) for line in own if line["Mentor"]]
        assert scores == sorted(scores, reverse=True)
        assert all(line["Reasons"] for line in own)
    mentees = rows_of(SAMPLE / "mentees-50.csv")
    everyone = mentees | rows_of(SAMPLE / "mentors-50.csv")
    order = ["AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4"]
    for line in lines:
        if line["Mentor"]:
            mentee, mentor = everyone[line["Mentee's e-mail"]], everyone[line["Mentor's e-mail"]]
            assert mentee["organisation"] != mentor["organisation"]
            assert 1 <= order.index(mentor["grade"]) - order.index(mentee["grade"]) <= 2
            assert bool(line["Covers"]) == (
                mentee["profession"] == mentor["profession"] and order.index(mentor["grade"]) - order.index(mentee["grade"]) == 2
            ) or covers_by_one_grade(order, mentee, mentor)


def covers_by_one_grade(order: list[str], mentee: dict[str, str], mentor: dict[str, str]) -> bool:
    """One grade above makes a level only where the pair of grades straddles two levels."""
    level = [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    same = mentee["profession"] == mentor["profession"]
    return same and level[order.index(mentor["grade"])] > level[order.index(mentee["grade"])]


def rows_of(file: Path) -> dict[str, dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return {row["email address"]: row for row in csv.DictReader(stream)}


@pytest.mark.one_database
def test_the_order_of_the_rows_changes_no_list(cast: Cast, tmp_path: Path) -> None:
    def turned(name: str) -> Path:
        lines = (SAMPLE / name).read_text(encoding="utf-8").splitlines()
        file = tmp_path / name
        file.write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n", encoding="utf-8")
        return file

    def scores(lines: list[dict[str, str]]) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for line in lines:
            found.setdefault(line["Mentee"], []).append((line["Place"], line["Score"]))
        return found

    _, straight = of_fifty(cast, tmp_path, *ALL)
    _, reverse = match(cast, tmp_path, turned("mentors-50.csv"), turned("mentees-50.csv"), *ALL)
    assert scores(straight) == scores(reverse)
    assert {(line["Mentee"], line["Mentor"], line["Score"]) for line in straight} == {
        (line["Mentee"], line["Mentor"], line["Score"]) for line in reverse
    }


@pytest.mark.one_database
def test_missing_doubled_and_unknown_values_are_told_and_the_rest_goes_on(cast: Cast, tmp_path: Path) -> None:
    mentors, mentees = tmp_path / "m.csv", tmp_path / "e.csv"
    mentors.write_bytes(csv_bytes(HEAD, ["Ann", "One", "ann@x.example", "no", "Some role", "SEO", "Dept A", "Policy"]))
    mentees.write_bytes(
        csv_bytes(
            HEAD,
            ["Bob", "Two", "", "no", "Some role", "EO", "Dept B", "Policy"],
            ["Cat", "Three", "cat@x.example", "no", "Some role", "EO", "Dept B", "Policy"],
            ["Dan", "Four", "cat@x.example", "no", "Some role", "EO", "Dept B", "Policy"],
            ["Eve", "Five", "eve@x.example", "no", "Some role", "Grade 9", "Dept B", "Policy"],
            ["Fay", "Six", "fay@x.example", "no", "Some role", "EO", "Dept B", "Policy"],
        )
    )
    told, lines = match(cast, tmp_path, mentors, mentees)
    assert "mentees: 5 rows, 2 people, 2 of them ask" in told
    assert "Row 4 is about the same and says something else" in told
    assert "“Grade 9”: There is no job tier with the code “Grade 9”" in told
    assert [(line["Mentee"], line["Mentee's e-mail"], line["Mentor"]) for line in lines] == [
        ("Bob Two", "", "Ann One"),
        ("Fay Six", "fay@x.example", "Ann One"),
    ]


def pairs_in(found: Found) -> Found:
    """What was told, and the lines that are pairs."""
    return found[0], [line for line in found[1] if line["Mentor"]]


def sample_points(mentor: dict[str, str], mentee: dict[str, str]) -> int:
    """That matcher's own points for a pair, 0 where it is barred."""
    order = ["AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4"]
    above = order.index(mentor["grade"]) - order.index(mentee["grade"])
    if (
        above not in (1, 2)
        or mentor["organisation"] == mentee["organisation"]
        or mentor["email address"] == mentee["email address"]
    ):
        return 0
    return {1: 9, 2: 12}[above] + 10 * (mentor["profession"] == mentee["profession"])


@pytest.mark.one_database
@pytest.mark.parametrize("size", [50, 500])
def test_three_rounds_of_the_real_input_pair_no_fewer_and_no_worse_than_an_optimal_assignment(
    cast: Cast, tmp_path: Path, size: int
) -> None:
    files = SAMPLE / f"mentors-{size}.csv", SAMPLE / f"mentees-{size}.csv"
    told, lines = pairs_in(
        of_fifty(cast, tmp_path, *THREE_ROUNDS) if size == 50 else match(cast, tmp_path, *files, *THREE_ROUNDS)
    )
    mentors, mentees = (rows_of(file) for file in files)
    points = np.array([[sample_points(mentor, mentee) for mentor in mentors.values()] for mentee in mentees.values()])
    most, pairs = 0, 0
    for _ in range(3):
        rows, columns = linear_sum_assignment(points, maximize=True)
        most += int(points[rows, columns].sum())
        pairs += int((points[rows, columns] > 0).sum())
        points[rows, columns] = 0
    own = [sample_points(mentors[line["Mentor's e-mail"]], mentees[line["Mentee's e-mail"]]) for line in lines]
    assert min(own) > 0
    assert [float(line["Points"]) for line in lines] == own
    assert sum(own) >= most
    assert len(lines) >= pairs
    assert len({(line["Mentee"], line["Mentor"]) for line in lines}) == len(lines)
    for number in "123":
        one = [line for line in lines if line["Round"] == number]
        assert len({line["Mentor"] for line in one}) == len({line["Mentee"] for line in one}) == len(one)
    assert f"in all: {len(lines)} pairs, {sum(own)} points" in told
    assert told.count("no plan is better") == 3


@pytest.mark.one_database
def test_the_most_people_are_paired_where_that_is_worth_more(cast: Cast, tmp_path: Path) -> None:
    files = SAMPLE / "mentors-50.csv", SAMPLE / "mentees-50.csv"
    _, by_points = pairs_in(of_fifty(cast, tmp_path, *THREE_ROUNDS))
    _, by_people = pairs_in(match(cast, tmp_path, *files, *THREE_ROUNDS, "--value", "3"))
    assert len(by_people) >= len(by_points)
    mentors, mentees = (rows_of(file) for file in files)
    allowed = np.array([[sample_points(mentor, mentee) > 0 for mentor in mentors.values()] for mentee in mentees.values()])
    rows, columns = linear_sum_assignment(allowed, maximize=True)
    assert sum(line["Round"] == "1" for line in by_people) == allowed[rows, columns].sum()


@pytest.mark.one_database
def test_the_order_of_the_rows_changes_no_pair(cast: Cast, tmp_path: Path) -> None:
    def turned(name: str) -> Path:
        lines = (SAMPLE / name).read_text(encoding="utf-8").splitlines()
        file = tmp_path / name
        file.write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n", encoding="utf-8")
        return file

    _, straight = pairs_in(of_fifty(cast, tmp_path, *THREE_ROUNDS))
    _, reverse = pairs_in(match(cast, tmp_path, turned("mentors-50.csv"), turned("mentees-50.csv"), *THREE_ROUNDS))
    keys = ("Round", "Mentee", "Mentor", "Points")
    assert {tuple(line[key] for key in keys) for line in straight} == {tuple(line[key] for key in keys) for line in reverse}
