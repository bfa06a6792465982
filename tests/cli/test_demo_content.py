"""The demo agency's content is whole: every code leads somewhere, both languages are there, nothing stands twice."""

from __future__ import annotations

import ast
import csv
import json
import random
import re
import string
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

import mentorlink
from mentorlink.cli.demo import agency, loader
from mentorlink.competencies.inputs import FrameworkInput
from mentorlink.kernel.inputs import read
from mentorlink.people.inputs import PersonRow

pytestmark = pytest.mark.one_database

HOUSE = Path(mentorlink.__file__).parent
CONTENT = HOUSE / "cli" / "demo" / "content"
FILES = ("technical", "digital", "agency", "names", "texts", "communities", "cast")
LISTS = ("requests", "questions", "answers", "accepts", "declines", "early_end", "step_back", "roadmap_closed")
CLAUSES = {"period", "frequency", "mode", "topics_in", "topics_out", "confidentiality", "ending"}


def content(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((CONTENT / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def rows(feature: str, name: str) -> list[dict[str, str]]:
    with (HOUSE / feature / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def codes(feature: str, name: str) -> set[str]:
    return {row["code"] for row in rows(feature, name)}


def dictionary(*names: str) -> dict[str, dict[str, Any]]:
    return {item["code"]: item for name in names for item in content(name)["competencies"]}


def common() -> set[str]:
    return {row["competency"] for row in rows("competencies", "standards")}


def texts(value: Any) -> Iterator[str]:
    """Every string in a piece of content, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from chain.from_iterable(texts(item) for item in value.values())
    elif isinstance(value, list):
        yield from chain.from_iterable(texts(item) for item in value)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def held(person: dict[str, Any], required: dict[str, int]) -> dict[str, int]:
    """Competency → gap, where there is one."""
    return {code: level - person["levels"][code] for code, level in required.items() if level > person["levels"][code]}


def required_of(job: dict[str, Any]) -> dict[str, int]:
    default = {row["competency"]: int(row["level"]) for row in rows("competencies", "standards") if row["tier"] == job["tier"]}
    return {**default, **job["standards"]}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_printed_for_people_and_free_of_traces(name: str) -> None:
    raw = (CONTENT / f"{name}.json").read_text(encoding="utf-8")
    assert raw.endswith("}\n")
    assert raw.count("\n") > 50
    assert "\\u" not in raw
    loaded = json.loads(raw)
    for person in loaded.get("cast", []):
        del person["title_before"], person["title_after"]  # many people have none
    for text in texts(loaded):
        assert text.strip() == text, repr(text)
        assert text, "an empty text"
        assert not re.search(r"TODO|FIXME|lorem ipsum|https?://|www\.", text, re.IGNORECASE), text


# — the agency —


def test_the_agency_is_the_same_each_time_with_some_three_hundred_people_in_twenty_five_units() -> None:
    def rows_made() -> list[PersonRow]:
        dice = random.Random(loader.SEED)
        posts = agency._posts(agency.content("agency"))
        made = [agency._cast_row(entry, posts, dice) for entry in agency.content("cast")["cast"]]
        return made + agency._crowd(posts, agency.content("agency"), dice)

    people = rows_made()
    assert rows_made() == people
    assert 290 <= len(people) <= 320
    assert len({person.email for person in people}) == len({person.name for person in people}) == len(people)
    assert len(agency.content("agency")["units"]) == 25
    assert {person.unit for person in people} == {unit["code"] for unit in agency.content("agency")["units"]}


def test_what_the_demo_leaves_to_chance_is_thrown_by_dice_with_a_seed() -> None:
    """Two whole agencies of two processes are compared by ``tests.browser.same``; here is what would make them differ."""
    unseeded = [
        f"{path.name}:{node.lineno} {ast.unparse(node)}"
        for path in sorted((HOUSE / "cli" / "demo").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (
            ast.unparse(node.func).startswith(("secrets.", "uuid.uuid1", "uuid.uuid4"))
            or (ast.unparse(node.func).startswith("random.") and (ast.unparse(node.func) != "random.Random" or not node.args))
        )
    ]
    assert unseeded == []


# — dictionaries —


@pytest.mark.parametrize(("name", "at_least"), [("technical", 24), ("digital", 8)])
def test_a_dictionary_passes_the_door_of_frameworks(name: str, at_least: int) -> None:
    framework = read(FrameworkInput, content(name))
    assert framework.type == name
    assert len(framework.competencies) >= at_least
    for item in framework.competencies:
        for level in item.levels:
            assert 2 <= len(level.indicators) <= 3, item.code


def test_technical_codes_carry_their_field_and_every_field_has_a_competency() -> None:
    found = dictionary("technical")
    for code, item in found.items():
        assert re.fullmatch(r"T\.[A-Z]{3}\.\d\d", code)
        assert code.split(".")[1] == item["field"]
    assert {item["field"] for item in found.values()} == codes("competencies", "fields")
    assert set(dictionary("digital")) == {f"D.{number:02}" for number in range(1, 9)}
    assert {item["field"] for item in dictionary("digital").values()} == {None}


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_level_of_the_dictionaries_repeats_another(language: str) -> None:
    found = list(dictionary("technical", "digital").values())
    names = [item["name"][language] for item in found]
    assert len(set(names)) == len(names)
    for part in ("description", "indicators"):
        said = [text[language] for item in found for level in item["levels"] for text in
                (level["indicators"] if part == "indicators" else [level["description"]])]  # fmt: skip
        assert [text for text, times in Counter(said).items() if times > 1] == []
        assert all(15 <= len(text) <= 220 for text in said)


# — agency —


def test_units_form_one_tree_told_from_the_top() -> None:
    units = content("agency")["units"]
    assert len(units) == 25
    seen: set[str] = set()
    for unit in units:
        assert unit["code"] not in seen
        assert unit["parent"] in seen or (unit["parent"] is None and not seen)
        seen.add(unit["code"])
        assert unit["name"]["id"]
        assert unit["name"]["en"]


def test_the_tree_is_deep_enough_for_a_line_of_command_and_lies_in_three_zones() -> None:
    units = {unit["code"]: unit for unit in content("agency")["units"]}
    zones = {row["code"]: row["time_zone"] for row in rows("people", "places")}

    def depth(code: str) -> int:
        parent = units[code]["parent"]
        return 1 if parent is None else 1 + depth(parent)

    assert max(depth(code) for code in units) >= 4
    assert {zones[unit["place"]] for unit in units.values()} == {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}


def test_three_hundred_posts_with_one_head_for_each_unit() -> None:
    agency = content("agency")
    units = {unit["code"]: unit for unit in agency["units"]}
    jobs = {job["code"]: job for job in agency["jobs"]}
    assert len(jobs) == len(agency["jobs"]) >= 40
    posts = Counter({(code, unit): number for code, job in jobs.items() for unit, number in job["posts"].items()})
    assert sum(posts.values()) == 300
    assert {unit for _, unit in posts} == set(units)
    assert min(posts.values()) >= 1
    heads = [unit["head"] for unit in units.values()]
    assert len(set(heads)) == len(heads)
    for code, unit in units.items():
        assert jobs[unit["head"]]["posts"] == {code: 1}


def test_every_tier_is_filled_and_every_field_has_two_grades_to_learn_between() -> None:
    agency = content("agency")
    grade = {row["code"]: int(row["grade"]) for row in rows("competencies", "tiers")}
    assert {job["tier"] for job in agency["jobs"]} == set(grade)
    for field in codes("competencies", "fields"):
        grades = {grade[job["tier"]] for job in agency["jobs"] if job["field"] == field}
        assert max(grades) - min(grades) >= 2, field


def test_jobs_ask_for_known_competencies_of_their_own_field_first() -> None:
    known, fields = set(dictionary("technical", "digital")), codes("competencies", "fields")
    names: set[str] = set()
    for job in content("agency")["jobs"]:
        assert job["field"] in fields
        assert set(job["standards"]) <= known
        assert 3 <= len(job["standards"]) <= 6, job["code"]
        assert all(1 <= level <= 5 for level in job["standards"].values())
        assert next(iter(job["standards"])).startswith(f"T.{job['field']}.")
        assert job["name"]["id"] not in names
        names.add(job["name"]["id"])
        assert job["name"]["en"]


# — names —


def test_names_are_enough_for_three_hundred_people_and_tell_nothing_else() -> None:
    names = content("names")
    for group in names["groups"]:
        assert set(group) == {"key", "weight", "given", "second", "family", "patterns"}
        for part in ("given", "second", "family"):
            assert len(set(group[part])) == len(group[part]), group["key"]
        for pattern in group["patterns"]:
            assert placeholders(pattern) <= {"given", "second", "family"}
            assert "second" not in placeholders(pattern) or group["second"], group["key"]
    assert sum(len(group["given"]) * len(group["family"]) for group in names["groups"]) > 3000
    whole = names["whole"]
    assert len(set(whole)) == len(whole)
    assert min(len(name.split()) for name in whole) == 1
    assert max(len(name) for name in whole) >= 40


def test_every_field_has_titles() -> None:
    titles = content("names")["titles"]
    assert set(titles) == codes("competencies", "fields") | {"any"}
    assert all(found["after"] for found in titles.values())


# — texts —


def test_every_field_has_bios_and_wishes_mostly_in_indonesian() -> None:
    fields = content("texts")["fields"]
    assert set(fields) == codes("competencies", "fields")
    languages: Counter[str] = Counter()
    for code, found in fields.items():
        assert set(found) == {"bios", "help", "grow"}
        for kind, items in found.items():
            assert len(items) >= 6, (code, kind)
            languages.update(item["lang"] for item in items)
        assert {item["for"] for item in found["bios"]} == {"senior", "junior"}
    assert set(languages) == {"id", "en"}
    assert 0.6 <= languages["id"] / languages.total() <= 0.8


def test_placeholders_are_those_the_loader_knows() -> None:
    found = content("texts")
    bios = [item["text"] for field in found["fields"].values() for item in field["bios"]]
    assert all(placeholders(text) <= {"years"} for text in bios)
    assert all(placeholders(item["text"]) <= {"competency"} for item in found["requests"])
    assert any(placeholders(item["text"]) == {"competency"} for item in found["requests"])
    rest = {key: value for key, value in found.items() if key not in {"requests", "fields"}}
    wishes = [[field["help"], field["grow"]] for field in found["fields"].values()]
    assert [text for text in chain(texts(rest), texts(wishes)) if placeholders(text)] == []


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_words_has_a_dozen_in_two_languages(name: str) -> None:
    items = content("texts")[name]
    assert len({item["text"] for item in items}) == len(items) >= 12
    assert {item["lang"] for item in items} == {"id", "en"}
    assert all(20 <= len(item["text"]) <= 400 for item in items)


def test_reasons_are_those_the_product_knows() -> None:
    found = content("texts")
    assert {item["reason"] for item in found["declines"]} == {"full", "field", "distance", "time", "conflict", "other"}
    assert {item["reason"] for item in found["early_end"]} == {
        "mismatch", "distance", "manipulation", "lack_of_expertise", "other",
    }  # fmt: skip


def test_every_clause_of_an_agreement_has_a_dozen_wordings() -> None:
    clauses = content("texts")["agreement"]
    assert set(clauses) == CLAUSES
    for name, items in clauses.items():
        assert len({item["text"] for item in items}) == len(items) >= 12, name
        assert {item["lang"] for item in items} == {"id", "en"}


def test_a_story_has_all_that_four_stages_need() -> None:
    stories = content("texts")["stories"]
    known = set(dictionary("technical", "digital")) | common()
    sizes = {
        "indicators": 3, "agenda": 4, "summaries": 4, "private_mentor": 2, "private_mentee": 2, "actions": 4, "roadmap": 4,
        "issues": 3,
    }  # fmt: skip
    assert len({story["key"] for story in stories}) == len(stories) >= 14
    for story in stories:
        assert {part: len(story[part]) for part in sizes} == sizes, story["key"]
        assert story["competency"] in known
        assert story["lang"] in {"id", "en"}
        assert story["field"] is None or story["competency"].split(".")[1] == story["field"]
        assert set(story["reflection"]) == set(story["evaluation"]) == {"mentor", "mentee"}
        assert {action["by"] for action in story["actions"]} == {"mentor", "mentee"}
        assert [issue["scope"] for issue in story["issues"]] == ["general", "specific", "specific"]
        assert all(items for items in story["agenda"])
        assert story["next"]
    assert {story["field"] for story in stories} >= codes("competencies", "fields")


# — communities —


def communities() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = content("communities")["communities"]
    return found


@pytest.mark.parametrize("place", [0, 1])
def test_a_community_is_worth_reading(place: int) -> None:
    community = communities()[place]
    topics = [topic for room in community["rooms"] for topic in room["topics"]]
    messages = [message for topic in topics for message in topic["messages"]]
    assert len(community["rooms"]) >= 3
    assert len(topics) >= 5
    assert len(messages) >= 60
    assert len({message["text"] for message in messages}) == len(messages)
    assert {message["by"] for message in messages} == {speaker["key"] for speaker in community["speakers"]}
    by_speaker = Counter(message["by"] for message in messages)
    assert max(by_speaker.values()) <= len(messages) / 3, "one voice must not rule"
    assert any(topic["question"] for topic in topics)
    for part in ("name", "purpose", "why"):
        assert community[part]["id"]
        assert community[part]["en"]


@pytest.mark.parametrize("place", [0, 1])
def test_messages_follow_one_another_and_answer_what_was_said(place: int) -> None:
    community = communities()[place]
    speakers = {speaker["key"] for speaker in community["speakers"]}
    keys: set[str] = set()
    for room in community["rooms"]:
        for topic in room["topics"]:
            said: set[str] = set()
            last = (-1, 0, 0)
            for message in topic["messages"]:
                now = (message["day"], message["hour"], message["minute"])
                assert last < now
                assert now[0] < community["days"]
                assert 7 <= now[1] < 18
                last = now
                assert message["by"] in speakers
                assert message["reply_to"] is None or message["reply_to"] in said
                assert set(re.findall(r"@(p\d+)", message["text"])) <= speakers - {message["by"]}
                assert message["key"] not in keys
                keys.add(message["key"])
                said.add(message["key"])
            assert (topic["accepted"] in said) if topic["question"] else topic["accepted"] is None, topic["key"]


def test_an_accepted_answer_comes_from_somebody_else_than_the_asker() -> None:
    for community in communities():
        for room in community["rooms"]:
            for topic in room["topics"]:
                if topic["question"]:
                    by = {message["key"]: message["by"] for message in topic["messages"]}
                    assert by[topic["accepted"]] != topic["messages"][0]["by"], topic["key"]


def test_speakers_hold_posts_that_exist() -> None:
    posts: Counter[tuple[str, str, str]] = Counter()
    for job in content("agency")["jobs"]:
        for unit, number in job["posts"].items():
            posts[job["field"], job["tier"], unit] += number
    cast = {person["key"]: person for person in content("cast")["cast"]}
    jobs = {job["code"]: job for job in content("agency")["jobs"]}
    for community in communities():
        wanted = Counter((speaker["field"], speaker["tier"], speaker["unit"]) for speaker in community["speakers"])
        assert wanted - posts == Counter()
        for speaker in community["speakers"]:
            if speaker["cast"]:
                person = cast[speaker["cast"]]
                job = jobs[person["job"]]
                assert (job["field"], job["tier"], person["unit"]) == (speaker["field"], speaker["tier"], speaker["unit"])


# — cast —


def test_the_cast_shows_every_role_on_posts_that_exist() -> None:
    agency, cast = content("agency"), content("cast")["cast"]
    jobs = {job["code"]: job for job in agency["jobs"]}
    assert [person["key"] for person in cast] == [
        "mentee", "mentor", "mentor_full", "coach", "unit_head", "programme_manager", "administrator", "facilitator",
    ]  # fmt: skip
    assert set(chain.from_iterable(person["roles"] for person in cast)) == {
        "employee", "mentor", "coach", "unit_head", "programme_manager", "administrator",
    }  # fmt: skip
    taken = Counter((person["job"], person["unit"]) for person in cast)
    for person in cast:
        assert person["email"].endswith("@" + agency["email_domain"])
        assert taken[person["job"], person["unit"]] <= jobs[person["job"]]["posts"][person["unit"]]
        assert person["place"] in codes("people", "places")
        assert person["rank"] in codes("people", "ranks")
        assert set(person["help"]) | set(person["grow"]) <= set(dictionary("technical", "digital")) | common()
        assert all(len(re.findall(r"[.!?](?:\s|$)", person["story"][language])) == 2 for language in ("id", "en"))


def test_the_mentee_has_gaps_that_the_mentor_with_room_can_fill() -> None:
    jobs = {job["code"]: job for job in content("agency")["jobs"]}
    cast = {person["key"]: person for person in content("cast")["cast"]}
    mentee, mentor, full = cast["mentee"], cast["mentor"], cast["mentor_full"]
    gaps = held(mentee, required_of(jobs[mentee["job"]]))
    assert set(gaps) >= {"T.STA.01", "D.02"}
    covered = [code for code in gaps if code in mentor["help"] and mentor["levels"][code] >= mentee["levels"][code] + gaps[code]]
    assert set(covered) == {"T.STA.01", "D.02"}
    assert mentor["taken"] < mentor["capacity"]
    assert full["taken"] == full["capacity"]


def test_the_mentor_stands_outside_the_mentees_line_of_command() -> None:
    agency = content("agency")
    units = {unit["code"]: unit for unit in agency["units"]}
    cast = {person["key"]: person for person in content("cast")["cast"]}
    line: list[str] = []
    code: str | None = cast["mentee"]["unit"]
    while code is not None:
        line.append(units[code]["head"])
        code = units[code]["parent"]
    assert cast["unit_head"]["job"] == line[0]
    assert cast["mentor"]["job"] not in line
    assert cast["mentor_full"]["job"] not in line
