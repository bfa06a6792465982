"""A year of an agency of 50,000 people: generated, credited, closed; and the pages of figures at that size.

    python bench/learning_year.py [--people 50000] [--url postgresql+psycopg://…] [--certificates 1000] [--pages-only]

Printed: seconds, seconds of CPU and peak memory of making the year, of crediting it, of working the figures out; milliseconds and
queries of the heat map and the funnel, as reads and as whole pages; then of crediting it again (which adds nothing), of
building the recap of the year, of issuing certificates in one run. In an empty database of its own.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("OMP_NUM_THREADS", "1")

import sqlalchemy as sa
from flask import Flask

from mentorlink.app import create_app
from mentorlink.cli.migrate import migrate
from mentorlink.competencies.models import Assessment, Competency, CurrentLevel, Framework, Standard
from mentorlink.insights.actions import refresh_figures
from mentorlink.insights.queries import funnel_for, pairs_for
from mentorlink.insights.queries.agency import agency_figures_for
from mentorlink.insights.queries.outcome import outcome_for
from mentorlink.kernel import clock, crypto, jobs
from mentorlink.kernel.actor import Actor, Grant, Role
from mentorlink.kernel.db import db
from mentorlink.learning import actions
from mentorlink.learning.inputs import PeriodInput, PeriodStep
from mentorlink.learning.models import Certificate, Claim, GivenDeed, HoursEntry, LearningPeriod, RecapRow
from mentorlink.people.models import Job, Person, RoleGrant, SignIn, Tier, Unit
from mentorlink.sessions.meetings.models import Meeting, Series
from mentorlink.sessions.mentoring.models import Mentorship, StagePeriod, Target
from mentorlink.web.guard import cookie_name
from mentorlink.web.learning import papers
from tests.conftest import settings_for
from tests.queries import count_queries

YEAR = 2025
NOW = datetime(YEAR + 1, 1, 12, 3, tzinfo=UTC)
SYSTEM = Actor.system()
UNITS, COMPETENCIES, PART = 500, 9, 20_000
HEAD, HR = 1, 2


def peak() -> str:
    """The most memory that this process has had."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:6.0f} MiB"


def timed(label: str, deed: Callable[[], Any]) -> Any:
    """Do it, and print how long it took."""
    start, busy = time.perf_counter(), time.process_time()
    found = deed()
    took, worked = time.perf_counter() - start, time.process_time() - busy
    print(f"{label:48} {took:8.2f} s   {worked:8.2f} s of CPU   peak {peak()}   {found if found is not None else ''}", flush=True)
    return found


def insert(table: type, rows: Iterator[dict[str, Any]]) -> int:
    """Rows in parts, each a transaction."""
    count, part = 0, []
    for row in rows:
        part.append(row)
        if len(part) == PART:
            count += _keep(table, part)
            part = []
    return count + _keep(table, part)


def _keep(table: type, part: list[dict[str, Any]]) -> int:
    if part:
        db.session.execute(sa.insert(table), part)
        db.session.commit()
    return len(part)


def make(people: int) -> str:
    """People in 500 units with levels; a fifth are mentees who meet every month; most claim three things in the year."""
    dice = random.Random(20_251_231)
    began = datetime(YEAR, 1, 2, tzinfo=UTC)
    tiers = [Tier(id=number, code=code, name={"id": code}, grade=number) for number, code in
             enumerate(("jf_ahli_pertama", "jf_ahli_muda", "pelaksana", "pengawas"), 1)]  # fmt: skip
    db.session.add_all(tiers)
    for number in range(1, 41):
        db.session.add(Job(id=number, code=f"j{number}", name={"id": f"Job {number}"}, tier_id=1 + number % 4))
    framework = Framework(id=1, code="f", kind="managerial", name={"id": "F"})
    db.session.add(framework)
    db.session.flush()
    for number in range(1, COMPETENCIES + 1):
        words = {"id": f"Kompetensi {number}", "en": f"Competency {number}"}
        db.session.add(Competency(id=number, framework_id=1, code=f"M.{number}", name=words, definition=words, position=number))
    db.session.flush()
    db.session.add_all(
        Standard(competency_id=number, tier_id=tier.id, required=1 + (tier.id + number) % 4)
        for tier in tiers
        for number in range(1, COMPETENCIES + 1)
    )
    units = [{"id": 1, "code": "u1", "name": {"id": "Agency"}, "parent_id": None, "path": "/1/"}]
    for number in range(2, UNITS + 1):
        parent = 1 if number <= 21 else 2 + (number - 22) % 20
        units.append({"id": number, "code": f"u{number}", "name": {"id": f"Unit {number}"}, "parent_id": parent,
                      "path": f"/1/{number}/" if parent == 1 else f"/1/{parent}/{number}/"})  # fmt: skip
    db.session.execute(sa.insert(Unit), units)
    db.session.commit()
    insert(Person, ({
        "id": number, "email": f"p{number}@a.example", "nip": f"19800101{number:010d}",
        "name": f"Person {number}", "folded_name": f"person {number}", "unit_id": 1 + number % UNITS, "job_id": 1 + number % 40,
        "contract": "pppk" if number % 5 == 0 else "pns", "state": "active", "languages": ["id"], "timezone": "Asia/Jakarta",
        "locale": "id", "created_at": began,
    } for number in range(1, people + 1)))  # fmt: skip
    level = [[dice.randint(1, 4) for _n in range(COMPETENCIES)] for _person in range(people)]
    insert(Assessment, ({
        "id": (person - 1) * COMPETENCIES + number, "person_id": person, "competency_id": number, "source": "assessment_centre",
        "level": level[person - 1][number - 1], "assessed_on": date(YEAR - 1, 6, 1), "created_at": began,
    } for person in range(1, people + 1) for number in range(1, COMPETENCIES + 1)))  # fmt: skip
    insert(CurrentLevel, ({
        "person_id": person, "competency_id": number, "level": level[person - 1][number - 1],
        "assessment_id": (person - 1) * COMPETENCIES + number,
    } for person in range(1, people + 1) for number in range(1, COMPETENCIES + 1)))  # fmt: skip
    pairs = people // 5
    insert(Series, ({"id": number, "state": "open", "created_at": began} for number in range(1, pairs + 1)))
    insert(Mentorship, ({
        "id": number, "mentor_id": people - number + 1, "mentee_id": number, "series_id": number, "stage": "collaborative",
        "state": "active", "started_at": began, "touched_at": began,
    } for number in range(1, pairs + 1)))  # fmt: skip
    insert(StagePeriod, ({"mentorship_id": number, "stage": "collaborative", "entered_at": began, "back": False}
                         for number in range(1, pairs + 1)))  # fmt: skip
    insert(Target, ({"mentorship_id": number, "competency_id": 1 + number % COMPETENCIES, "position": 0}
                    for number in range(1, pairs + 1)))  # fmt: skip
    meetings = insert(Meeting, ({
        "series_id": number, "number": 1 + turn, "starts_at": began + timedelta(days=10 + turn * 18 + number % 5),
        "minutes": 60, "mode": "video", "state": "held", "created_at": began,
    } for number in range(1, pairs + 1) for turn in range(18)))  # fmt: skip
    paths = ("seminar", "e_learning", "technical", "self_study", "workshop")
    claims = insert(
        Claim, (_claim(person, turn, paths[(person + turn) % 5], began) for person in range(1, people + 1) for turn in range(3))
    )
    given = insert(GivenDeed, (_given(person, turn) for person in range(1, people + 1, 2) for turn in range(2)))
    db.session.execute(sa.update(Unit).where(Unit.id == 1).values(head_id=HEAD))
    db.session.add(RoleGrant(person_id=HR, role=Role.MANAGER, granted_at=began))
    db.session.commit()
    look_around()
    return f"{people} people, {meetings} sessions, {claims} claims, {given} gatherings attended"


def _given(person: int, turn: int) -> dict[str, Any]:
    return {
        "person_id": person, "deed": "gathering_attended", "origin": f"gathering:{1 + person % 500 + 500 * turn}",
        "path": "community", "at": datetime(YEAR, 4 + 4 * turn, 1 + person % 28, 3, tzinfo=UTC), "minutes": 90,
    }  # fmt: skip


def _claim(person: int, turn: int, path: str, began: datetime) -> dict[str, Any]:
    day = date(YEAR, 2 + 3 * turn, 1 + person % 28)
    return {
        "client_id": f"c{turn}-{person}", "person_id": person, "state": "approved", "path": path, "activity": f"Activity {turn}",
        "folded_activity": f"activity {turn}", "starts_on": day, "ends_on": day, "sent_at": began, "decided_at": began,
        "minutes": 150 if path in ("e_learning", "self_study") else None, "stated_jp": 6 if path == "technical" else None,
        "units": None, "abroad": False, "revision": 1, "link": "https://a.example/b",
    }  # fmt: skip


def look_around() -> None:
    """Let the database see what has come, as it does by itself a while after so much did."""
    db.session.execute(sa.text("ANALYZE"))
    db.session.commit()


def credit() -> str:
    """Part by part, as the command does it, each a transaction."""
    entries = sum(actions.credit_people(SYSTEM, YEAR, part) for part in actions.parts_of_year(YEAR))
    look_around()
    return f"{entries} entries"


def close() -> LearningPeriod:
    """HR's period of the year, built by its job."""
    hr = Actor(person_id=1, grants=(Grant(Role.MANAGER),))
    said = PeriodInput(name="The year", begins_on=date(YEAR, 1, 1), ends_on=date(YEAR, 12, 31), issuing_unit="Human resources",
                       signatory_name="Somebody", signatory_title="Head", place="Jakarta")  # fmt: skip
    period = actions.add_period(hr, said)
    actions.take_period_step(hr, period, PeriodStep(step="build", revision=1))
    jobs.run_due()
    for who, code in ((hr, "check"), (Actor(person_id=2, grants=hr.grants), "approve"), (hr, "freeze")):
        db.session.refresh(period)
        actions.take_period_step(who, period, PeriodStep(step=code, revision=period.revision))  # type: ignore[arg-type]
    return period


def certificates(period_id: int, number: int) -> str:
    """As many as ``number`` of the period's certificates by the worker's own way."""
    period = db.session.get_one(LearningPeriod, period_id)
    actions.start_certificates(Actor(person_id=1, grants=(Grant(Role.MANAGER),)), period)
    for _batch in range(number // papers.BATCH):
        drafts = papers.drafts_of(period, papers.uncertified(period, limit=papers.BATCH))
        actions.issue_drafts(SYSTEM, period, drafts)
    return f"{db.session.scalar(sa.select(sa.func.count()).select_from(Certificate))} certificates"


def pages() -> None:
    """Milliseconds and queries of each page's reads, the best and the middle of nine."""
    hr = Actor(person_id=1, grants=(Grant(Role.MANAGER),))
    head = Actor(person_id=1, heads=("/1/",))
    for label, deed in (
        ("head's heat map", lambda: agency_figures_for(head)), ("one unit's heat map", lambda: agency_figures_for(head, 2)),
        ("HR's funnel", lambda: funnel_for(hr, YEAR)), ("outcome and access", lambda: outcome_for(hr, YEAR)),
        ("all pairs, for the file", lambda: sum(1 for _pair in pairs_for(hr, YEAR))),
    ):  # fmt: skip
        times = []
        for _turn in range(9):
            db.session.rollback()
            db.session.expunge_all()
            with count_queries() as queries:
                start = time.perf_counter()
                deed()
                times.append((time.perf_counter() - start) * 1000)
        print(f"{label:48} {sorted(times)[4]:8.1f} ms  best {min(times):7.1f} ms   {len(queries)} queries", flush=True)


def whole_pages(app: Flask) -> None:
    """The same as somebody signed in waits for them: the whole page, best and middle of nine, and how many queries."""
    for label, person_id, path in (
        ("page: head's heat map", HEAD, "/agency"), ("page: one unit", HEAD, "/agency?unit=2"),
        ("page: HR's funnel", HR, f"/programme?year={YEAR}"), ("page: plans together", HR, f"/plans?year={YEAR}"),
    ):  # fmt: skip
        with app.app_context():
            client, token = app.test_client(), crypto.new_token()
            db.session.add(
                SignIn(person_id=person_id, token_hash=crypto.token_hash(token), created_at=clock.now(), seen_at=clock.now())
            )
            db.session.commit()
            client.set_cookie(cookie_name(), token, domain="localhost")
            times, weight = [], 0
            for _turn in range(9):
                with count_queries() as queries:
                    start = time.perf_counter()
                    answer = client.get(path)
                    times.append((time.perf_counter() - start) * 1000)
                weight = len(answer.data)
        print(f"{label:48} {sorted(times)[4]:8.1f} ms  best {min(times):7.1f} ms   {len(queries)} queries   {answer.status_code}"
              f"   {weight / 1000:.0f} kB", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--url", default="")
    parser.add_argument("--certificates", type=int, default=1000)
    parser.add_argument("--pages-only", action="store_true", help="no second credit, no recap, no certificates")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    url = options.url or f"sqlite:///{folder}/bench.db"
    migrate(url)
    app = create_app(settings_for(url))
    with app.app_context(), clock.at(NOW, everywhere=True):
        actions.load_hours_rule(SYSTEM, valid_from=date(2020, 1, 1))
        timed("a year made", lambda: make(options.people))
        timed("credited", credit)
        print(f"{'JP in the ledger':48} {db.session.scalar(sa.select(sa.func.sum(HoursEntry.jp))):8}", flush=True)
        timed("figures worked out", lambda: refresh_figures({}))
        pages()
        whole_pages(app)
        if options.pages_only:
            return
        timed("credited again", credit)
        period_id = close_timed().id
        if options.certificates:
            timed("certificates in one run", lambda: certificates(period_id, options.certificates))


def close_timed() -> LearningPeriod:
    """Build, check, approve and freeze, timed."""
    held: list[LearningPeriod] = []
    timed("recap built, checked, approved, frozen", lambda: held.append(close()))
    print(f"{'lines of the recap':48} {db.session.scalar(sa.select(sa.func.count()).select_from(RecapRow)):8}", flush=True)
    return held[0]


if __name__ == "__main__":
    main()
