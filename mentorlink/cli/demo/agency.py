"""Units, jobs, standards, people and what was assessed of them."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.actions import load_framework, save_assessments, save_standards
from mentorlink.competencies.inputs import AssessmentRow, StandardRow
from mentorlink.competencies.queries import competency_ids_by_code, needs_of
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.actions import grant_role, offer_demo_sign_ins, save_demo_people, save_jobs, save_units
from mentorlink.people.inputs import JobRow, PersonRow, UnitRow
from mentorlink.people.models import Job, Person, Tier
from mentorlink.people.queries import PLACES, actor_of

CONTENT = Path(__file__).parent / "content"
ROLES = {"coach": "coach", "mentor": "mentor", "programme_manager": "manager", "administrator": "administrator"}
SENIOR = 12
"""Years in the field from which somebody tells a senior's story."""

CONTRACT_SHARE = 0.12
"""Share of the expert posts that contract staff hold."""


@dataclass
class People:
    """Who there is: ids by cast key, and everyone with tier and field."""

    cast: dict[str, int]
    everyone: list[int]
    by_field: dict[str, list[int]] = field(default_factory=dict)
    grade: dict[int, int] = field(default_factory=dict)

    def actor(self, person_id: int) -> Actor:
        """The person as actor."""
        return actor_of(db.session.get_one(Person, person_id), door="command")


@cache
def content(name: str) -> Any:
    """A file of the demo's content."""
    return json.loads((CONTENT / f"{name}.json").read_text(encoding="utf-8"))


def make(dice: random.Random) -> People:
    """The agency as it stood at the beginning of its year."""
    house = Actor.system()
    plan = content("agency")
    for name in ("technical", "digital"):
        load_framework(house, content(name))
    save_units(house, [_unit_row(unit) for unit in plan["units"]])
    save_jobs(house, [_job_row(job) for job in plan["jobs"]])
    _standards(house, plan["jobs"])
    posts = _posts(plan)
    rows = [_cast_row(entry, posts, dice) for entry in content("cast")["cast"]]
    rows += _crowd(posts, plan, dice)
    saved = save_demo_people(house, rows)
    save_units(house, [UnitRow(code=unit["code"], name_id=unit["name"]["id"], head=_head(unit, rows)) for unit in plan["units"]])
    people = _known(saved.ids)
    for entry in content("cast")["cast"]:
        for role in entry["roles"]:
            if role in ROLES:
                grant_role(house, db.session.get_one(Person, people.cast[entry["key"]]), ROLES[role])
    _assess(house, people, dice)
    return people


def offer_sign_ins(people: People) -> None:
    """Offer the cast on the sign-in page, each with their story."""
    offer_demo_sign_ins(Actor.system(), [(people.cast[entry["key"]], entry["story"]) for entry in content("cast")["cast"]])


def _unit_row(unit: dict[str, Any]) -> UnitRow:
    place = PLACES[unit["place"]]
    return UnitRow(
        code=unit["code"], name_id=unit["name"]["id"], name_en=unit["name"]["en"], parent=unit["parent"] or "",
        place=place.name, timezone=place.timezone,
    )  # fmt: skip


def _job_row(job: dict[str, Any]) -> JobRow:
    return JobRow(code=job["code"], name_id=job["name"]["id"], name_en=job["name"]["en"], tier=job["tier"], field=job["field"])


def _standards(house: Actor, jobs: list[dict[str, Any]]) -> None:
    job_ids = dict(db.session.execute(sa.select(Job.code, Job.id)).all())
    competency_ids = competency_ids_by_code()
    save_standards(
        house,
        [
            StandardRow(competency_id=competency_ids[code], job_id=job_ids[job["code"]], required=level)
            for job in jobs
            for code, level in job["standards"].items()
        ],
    )


# People

Posts = dict[tuple[str, str], int]


def _posts(plan: dict[str, Any]) -> Posts:
    return {(job["code"], unit): number for job in plan["jobs"] for unit, number in job["posts"].items()}


@cache
def _tiers() -> dict[str, dict[str, str]]:
    file = Path(__file__).parents[2] / "competencies" / "data" / "tiers.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        return {row["code"]: row for row in csv.DictReader(stream)}


def _cast_row(entry: dict[str, Any], posts: Posts, dice: random.Random) -> PersonRow:
    posts[entry["job"], entry["unit"]] -= 1
    place = PLACES[entry["place"]]
    texts = content("texts")["fields"].get(_job(entry["job"])["field"] or "PAR", {})
    return PersonRow(
        name=entry["name"], title_before=entry["title_before"], title_after=entry["title_after"], email=entry["email"],
        nip=_nip(dice, entry["years"]), contract="pns", rank=entry["rank"], unit=entry["unit"], job=entry["job"],
        in_field_since=clock.today().year - entry["years"], languages=("id", "en"), place=place.name, timezone=place.timezone,
        locale=entry["language"], bio=entry.get("bio") or _text(texts.get("bios"), dice, entry["years"]),
        can_help_with=entry.get("can_help_with") or (_text(texts.get("help"), dice) if entry["help"] else ""),
        wants_to_grow_in=entry.get("wants_to_grow_in") or _text(texts.get("grow"), dice),
    )  # fmt: skip


def _job(code: str) -> dict[str, Any]:
    return next(job for job in content("agency")["jobs"] if job["code"] == code)


def _crowd(posts: Posts, plan: dict[str, Any], dice: random.Random) -> list[PersonRow]:
    names = _names(dice, sum(posts.values()))
    taken = {entry["email"] for entry in content("cast")["cast"]}
    places = {unit["code"]: PLACES[unit["place"]] for unit in plan["units"]}
    rows = []
    for (job_code, unit), number in posts.items():
        for _ in range(number):
            rows.append(_row(next(names), _job(job_code), unit, places[unit], taken, dice))
    return rows


def _row(name: str, job: dict[str, Any], unit: str, place: Any, taken: set[str], dice: random.Random) -> PersonRow:
    tier = _tiers()[job["tier"]]
    grade = int(tier["grade"])
    years = max(1, min(34, grade * 5 + dice.randint(-3, 5)))
    contract = "pppk" if tier["kind"] == "jf" and grade <= 3 and dice.random() < CONTRACT_SHARE else "pns"
    titles = content("names")["titles"]
    pool = titles.get(job["field"] or "any", titles["any"])
    senior = grade >= 4 and dice.random() < 0.4
    after = (
        dice.choice(content("names")["senior_after"] if senior else pool["after"]) if grade >= 2 and dice.random() < 0.85 else ""
    )
    before = dice.choice(content("names")["senior_before"]) if senior and dice.random() < 0.3 else ""
    texts = content("texts")["fields"].get(job["field"] or "PAR", {})
    told = dice.random()
    return PersonRow(
        name=name, title_before=before, title_after=after, email=_email(name, taken), contract=contract,
        nip=_nip(dice, years) if contract == "pns" else _pppk_number(dice, years),
        rank=dice.choice([tier["rank_from"], tier["rank_to"]]) if contract == "pns" and tier["rank_from"] else None,
        unit=unit, job=job["code"], in_field_since=clock.today().year - years,
        languages=("id", "en") if dice.random() < 0.35 else ("id",),
        place=place.name, timezone=place.timezone, locale="id",
        bio=_text(texts.get("bios"), dice, years) if told < 0.8 else "",
        can_help_with=_text(texts.get("help"), dice) if grade >= 3 and told < 0.9 else "",
        wants_to_grow_in=_text(texts.get("grow"), dice) if told < 0.75 else "",
    )  # fmt: skip


def _text(choices: list[dict[str, str]] | None, dice: random.Random, years: int | None = None) -> str:
    """One of the Indonesian texts; of a life's story one that fits the years in the field."""
    who = None if years is None else "senior" if years >= SENIOR else "junior"
    fitting = [text for text in choices or () if text["lang"] == "id" and (who is None or text.get("for", who) == who)]
    return dice.choice(fitting)["text"].replace("{years}", str(years)) if fitting else ""


def _names(dice: random.Random, number: int) -> Any:
    """Distinct names of many regions; one word or long as they come."""
    stock = content("names")
    groups, weights = stock["groups"], [group["weight"] for group in stock["groups"]]
    seen = {entry["name"] for entry in content("cast")["cast"]}
    whole = list(stock["whole"])
    dice.shuffle(whole)
    while number:
        if whole and dice.random() < 0.12:
            name = whole.pop()
        else:
            group = dice.choices(groups, weights)[0]
            parts = {key: dice.choice(group[key]) for key in ("given", "second", "family") if group.get(key)}
            name = dice.choice(group["patterns"]).format(**parts)
        words = name.split()
        if name not in seen and len(words) == len(set(words)):
            seen.add(name)
            number -= 1
            yield name


def _email(name: str, taken: set[str]) -> str:
    words = ["".join(c for c in word.lower() if c.isascii() and c.isalpha()) for word in name.split()]
    local = ".".join(word for word in (words[0], words[-1] if len(words) > 1 else "") if word)
    domain = content("agency")["email_domain"]
    address, number = f"{local}@{domain}", 2
    while address in taken:
        address, number = f"{local}{number}@{domain}", number + 1
    taken.add(address)
    return address


def _nip(dice: random.Random, years: int) -> str:
    joined = clock.today().year - years
    born = joined - dice.randint(22, 27)
    return f"{born}{_birthday(dice)}{joined}{dice.choice((3, 12)):02}{dice.choice('12')}{dice.randint(1, 999):03}"


def _pppk_number(dice: random.Random, years: int) -> str:
    born = clock.today().year - years - dice.randint(23, 35)
    joined = clock.today().year - min(years, 3)
    return f"{born}{_birthday(dice)}{joined}21{dice.choice('12')}{dice.randint(1, 999):03}"


def _birthday(dice: random.Random) -> str:
    return f"{dice.randint(1, 12):02}{dice.randint(1, 28):02}"


def _head(unit: dict[str, Any], rows: list[PersonRow]) -> str | None:
    return next((row.email for row in rows if row.unit == unit["code"] and row.job == unit["head"]), None)


def _known(ids: tuple[int, ...]) -> People:
    cast = {entry["key"]: ids[position] for position, entry in enumerate(content("cast")["cast"])}
    people = People(cast=cast, everyone=list(ids))
    rows = db.session.execute(
        sa.select(Person.id, Job, Tier.grade).join(Job, Person.job_id == Job.id).join(Tier, Job.tier_id == Tier.id)
    )
    for person_id, job, grade in rows:
        people.grade[person_id] = grade
        people.by_field.setdefault(job.field.code if job.field else "", []).append(person_id)
    return people


# What was assessed


def _assess(house: Actor, people: People, dice: random.Random) -> None:
    named = {people.cast[entry["key"]]: entry["levels"] for entry in content("cast")["cast"]}
    ids = competency_ids_by_code()
    codes = {number: code for code, number in ids.items()}
    rows: list[AssessmentRow] = []
    for person_id, needs in sorted(needs_of(people.everyone).items()):
        day = clock.today() - timedelta(days=dice.randint(20, 700))
        able = dice.gauss(0, 0.5) + (0.35 if people.grade.get(person_id, 1) >= 4 else 0)
        fixed = named.get(person_id)
        for need in needs:
            if fixed is not None:
                level = fixed.get(codes[need.competency_id])
            else:
                level = None if dice.random() < 0.05 else max(0, min(5, round(need.required + dice.gauss(-0.45 + able, 0.75))))
            if level is None:
                continue
            rows.append(_found(person_id, need.competency_id, "assessment_centre", level, day))
            if dice.random() < 0.18:
                rows.append(
                    _found(
                        person_id, need.competency_id, "self", min(5, level + dice.choice((0, 0, 1))), day - timedelta(days=30)
                    )
                )
            if dice.random() < 0.10:
                rows.append(
                    _found(
                        person_id,
                        need.competency_id,
                        "superior",
                        max(0, level - dice.choice((0, 0, 1))),
                        day - timedelta(days=90),
                    )
                )
        for code, level in (fixed or {}).items():
            if ids[code] not in {need.competency_id for need in needs}:
                rows.append(_found(person_id, ids[code], "superior", level, day))
    save_assessments(house, rows)


def _found(person_id: int, competency_id: int, source: str, level: int, day: date) -> AssessmentRow:
    return AssessmentRow(person_id=person_id, competency_id=competency_id, source=source, level=level, assessed_on=day)
