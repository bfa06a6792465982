"""The table of paths, from which the first rule of hours is made."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import mentorlink

pytestmark = pytest.mark.one_database

with (Path(mentorlink.__file__).parent / "learning" / "data" / "paths.csv").open(encoding="utf-8", newline="") as stream:
    ROWS = list(csv.DictReader(stream))

RECORD_IDS = {
    "coaching": 14, "mentoring": 15, "guidance": 24, "self_study": 22, "community": 23, "e_learning": 16, "distance": 17,
    "outbound": 19, "benchmarking": 20, "internship": 10, "secondment": 18, "exchange": 21, "workshop": 4, "seminar": 9,
    "socialisation": 7, "course": 11, "upgrading": 12, "technical_guidance": 8, "structural": 1, "functional": 2,
    "technical": 3, "managerial": 5, "socio_cultural": 6, "other_classical": 13, "other": 25,
}  # fmt: skip
"""The national record system's id of each path."""


def test_every_row_fills_its_columns_and_no_more() -> None:
    for row in ROWS:
        assert None not in row
        assert None not in row.values()
        assert all(value == value.strip() for value in row.values())


def test_codes_and_names_occur_once_in_each_language() -> None:
    for column in ("code", "name_id", "name_en"):
        values = [row[column] for row in ROWS]
        assert all(values)
        assert len(set(values)) == len(values)


def test_paths_carry_the_ids_of_the_national_record() -> None:
    assert {row["code"]: int(row["record_id"]) for row in ROWS} == RECORD_IDS


def test_every_path_says_how_it_turns_into_hours() -> None:
    for row in ROWS:
        stated = row["rule"] == "as_stated"
        assert row["rule"] in {"per_session", "per_minutes", "per_day", "per_activity", "as_stated"}
        assert (row["jp"] == "") == stated, row
        assert (row["minutes"] != "") == (row["rule"] == "per_minutes"), row
        assert len({row["cap"] == "", row["cap_unit"] == "", row["cap_period"] == ""}) == 1, row
        assert row["classical"] in {"yes", "no"}
        assert row["cap_period"] in {"", "month", "day"}
        assert row["cap_unit"] in {"", "session", "jp"}
        assert int(row["abroad_percent"]) in {0, 20}


def test_coaching_mentoring_and_guidance_count_two_hours_a_session_twice_a_month() -> None:
    found = {row["code"]: row for row in ROWS}
    for code in ("coaching", "mentoring", "guidance"):
        says = [found[code][column] for column in ("rule", "jp", "cap", "cap_unit", "cap_period")]
        assert says == ["per_session", "2", "2", "session", "month"]
    assert {code: found[code]["cap"] for code in ("self_study", "community", "e_learning")} == {
        "self_study": "2", "community": "2", "e_learning": "3",
    }  # fmt: skip
    assert {found[code]["minutes"] for code in ("self_study", "community", "e_learning")} == {"45"}
