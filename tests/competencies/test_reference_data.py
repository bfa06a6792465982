"""The reference tables are whole, agree with each other and speak both languages."""

from __future__ import annotations

import csv
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import mentorlink
from mentorlink.competencies.inputs import FrameworkInput
from mentorlink.competencies.rules import SOURCES
from mentorlink.kernel.inputs import read

pytestmark = pytest.mark.one_database

HOUSE = Path(mentorlink.__file__).parent
DATA = HOUSE / "competencies" / "data"
PEOPLE = HOUSE / "people" / "data"
NINE = [*(f"M.{number}" for number in range(1, 9)), "SK.1"]
FRAMEWORKS = ("managerial", "socio_cultural")

# Required level by tier after PermenPANRB 38/2017, M.1 … M.8, SK.1
REQUIRED = {
    "jpt_madya": "555555555",
    "jpt_pratama": "444444444",
    "administrator": "333333333",
    "pengawas": "222222222",
    "pelaksana": "111111111",
    "jf_ahli_utama": "544444445",
    "jf_ahli_madya": "444444444",
    "jf_ahli_muda": "333333333",
    "jf_ahli_pertama": "222222222",
    "jf_penyelia": "333333333",
    "jf_mahir": "222222222",
    "jf_terampil": "221111112",
    "jf_pemula": "111111111",
}


def table(name: str, folder: Path = DATA) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def codes(name: str, folder: Path = DATA) -> list[str]:
    return [row["code"] for row in table(name, folder)]


def framework(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return content


def levels(name: str) -> list[tuple[str, dict[str, Any]]]:
    return [(item["code"], level) for item in framework(name)["competencies"] for level in item["levels"]]


@pytest.mark.parametrize("name", ["tiers", "standards", "evidence", "fields", "levels"])
def test_every_row_of_a_table_fills_its_columns_and_no_more(name: str) -> None:
    rows = table(name)
    assert rows
    for row in rows:
        assert None not in row, f"{name}: more cells than columns in {row}"
        assert None not in row.values(), f"{name}: fewer cells than columns in {row}"
        assert all(value == value.strip() for value in row.values()), f"{name}: stray space in {row}"


@pytest.mark.parametrize("name", ["tiers", "evidence", "fields", "levels"])
def test_codes_and_names_of_a_table_occur_once_in_each_language(name: str) -> None:
    for column in ("code", "name_id", "name_en"):
        values = [row[column] for row in table(name)]
        assert all(values), f"{name}.{column} has an empty cell"
        assert len(set(values)) == len(values), f"{name}.{column} has a value twice"


def test_every_tier_has_the_required_levels_of_the_regulation() -> None:
    found: dict[str, dict[str, str]] = {}
    for row in table("standards"):
        assert row["competency"] not in found.get(row["tier"], {}), f"{row} stands twice"
        found.setdefault(row["tier"], {})[row["competency"]] = row["level"]
    assert {tier: "".join(given[code] for code in NINE) for tier, given in found.items()} == REQUIRED
    assert set(codes("tiers")) == set(REQUIRED)


def test_standards_name_only_competencies_that_are_described() -> None:
    described = {item["code"] for name in FRAMEWORKS for item in framework(name)["competencies"]}
    assert {row["competency"] for row in table("standards")} == described == set(NINE)


def test_a_higher_step_of_the_same_kind_never_asks_for_less() -> None:
    asked = {tier: sum(map(int, required)) for tier, required in REQUIRED.items()}
    for prefix in ("jpt_", "jf_ahli_"):
        ladder = sorted((int(row["grade"]), asked[row["code"]]) for row in table("tiers") if row["code"].startswith(prefix))
        assert len(ladder) > 1
        assert all(lower[0] < upper[0] and lower[1] < upper[1] for lower, upper in pairwise(ladder))


def test_tiers_point_at_ranks_in_ascending_order() -> None:
    position = {row["code"]: int(row["position"]) for row in table("ranks", PEOPLE)}
    for row in table("tiers"):
        assert row["kind"] in {"jpt", "administrasi", "jf"}
        assert position[row["rank_from"]] <= position[row["rank_to"]], row


def test_ranks_run_from_i_a_to_iv_e() -> None:
    ranks = table("ranks", PEOPLE)
    steps = {"I": "abcd", "II": "abcd", "III": "abcd", "IV": "abcde"}
    assert [row["code"] for row in ranks] == [f"{group}/{step}" for group, letters in steps.items() for step in letters]
    assert [int(row["position"]) for row in ranks] == list(range(1, 18))


def test_places_lie_in_the_three_indonesian_time_zones() -> None:
    places = table("places", PEOPLE)
    assert {row["time_zone"] for row in places} == {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}
    assert {ZoneInfo(row["time_zone"]).key for row in places} == {row["time_zone"] for row in places}
    assert len(set(codes("places", PEOPLE))) == len(places) >= 40
    by_province: dict[str, set[str]] = {}
    for row in places:
        by_province.setdefault(row["province_id"], set()).add(row["time_zone"])
    assert {province: zones for province, zones in by_province.items() if len(zones) > 1} == {}


def test_evidence_that_others_confirm_outweighs_ones_own_word() -> None:
    rows = {row["code"]: row for row in table("evidence")}
    weight = {code: int(row["weight"]) for code, row in rows.items()}
    assert all(1 <= value <= 5 for value in weight.values())
    assert all(int(row["validity_months"]) >= 12 for row in rows.values())
    assert weight["self"] < weight["peer"] < weight["superior"] < weight["mentorship"] < weight["assessment_centre"]
    assert tuple(rows) == SOURCES


def test_the_five_levels_ascend() -> None:
    assert [(row["level"], row["code"]) for row in table("levels")] == [
        ("1", "paham"), ("2", "dasar"), ("3", "menengah"), ("4", "mumpuni"), ("5", "ahli"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_a_framework_passes_the_same_door_as_an_agencys_own(name: str) -> None:
    content = read(FrameworkInput, framework(name))
    assert content.code == content.type == name


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_every_level_has_a_title_a_description_and_three_indicators_of_useful_length(name: str) -> None:
    for code, level in levels(name):
        assert len(level["indicators"]) == 3, f"{code} level {level['level']}"
        for language in ("id", "en"):
            assert 3 <= len(level["title"][language]) <= 60, f"{code}: {level['title']}"
            for text in (level["description"], *level["indicators"]):
                assert 25 <= len(text[language]) <= 240, f"{code}: {text}"
                assert text[language].endswith("."), f"{code}: {text}"


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_wording_serves_two_levels(language: str) -> None:
    for part in ("title", "description"):
        texts = [level[part][language] for name in FRAMEWORKS for _, level in levels(name)]
        assert len(set(texts)) == len(texts)
    indicators = [item[language] for name in FRAMEWORKS for _, level in levels(name) for item in level["indicators"]]
    assert len(set(indicators)) == len(indicators) == len(NINE) * 5 * 3


def test_levels_differ_by_more_than_a_swapped_noun() -> None:
    """Any two descriptions of one competency, and the same level of any two, share less than half of their words."""
    words = {(code, level["level"]): set(re.findall(r"\w{3,}", level["description"]["id"].casefold()))
             for name in FRAMEWORKS for code, level in levels(name)}  # fmt: skip
    keys = list(words)
    for place, one in enumerate(keys):
        for other in keys[place + 1 :]:
            shared = len(words[one] & words[other]) / len(words[one] | words[other])
            assert shared < 0.5, f"{one} and {other} say nearly the same"


def test_the_two_languages_of_a_text_are_two_texts() -> None:
    for name in FRAMEWORKS:
        for code, level in levels(name):
            for text in (level["title"], level["description"], *level["indicators"]):
                assert text["id"] != text["en"], f"{code}: {text}"
