"""A mentor's board and a superior's page, from ten sessions in the database to 100,000.

    python bench/board.py [--meetings 100000] [--url postgresql+psycopg://…]

Three sizes: ten sessions in all (two mentees on the board, four people on the superior's page); 50 mentees with 2,022
sessions and 500 people with 1,988; the same with sessions of other pairs beside them, up to 100,000. Printed for each page:
queries, the median and the best time of an answer, and the median of what this process computed for it (with SQLite that is all
of it). The number of queries stays the same, and between the last two sizes the time does too. In an empty database of its own.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import sqlalchemy as sa

from mentorlink.app import create_app
from mentorlink.cli.migrate import migrate
from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.people.models import Person, Unit
from mentorlink.sessions.meetings.models import Meeting, Series, SeriesMember
from mentorlink.sessions.mentoring.models import Mentorship, StagePeriod
from tests.cast import Cast, lay_ground
from tests.conftest import settings_for
from tests.queries import count_queries

MENTEES, EACH, TEAM, TIMES = 50, 40, 500, 9


class Agency:
    """A mentor with mentees, a superior with people, and any number of others."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.people = cast, 0
        self.mentor, self.superior = cast.mentor.id, cast.supervisor.id

    def begin(self) -> None:
        """Ten sessions in all."""
        self.board(2, 3)
        self.team(4, 1)

    def fill(self) -> None:
        """The board over 50 mentees with 2,022 sessions, the page over 500 people with 1,988."""
        self.board(MENTEES - 2, EACH + 2)
        self.team(TEAM - 4, 4)

    def board(self, mentees: int, each: int) -> None:
        """So many mentees more for the mentor."""
        self.pairs([(self.mentor, mentee) for mentee in self.some(mentees, self.cast.statistics)], each)

    def team(self, people: int, each: int) -> None:
        """So many people more under the superior, who have mentors elsewhere."""
        others = self.some(min(people, 20), self.cast.statistics)
        team = self.some(people, self.cast.budget)
        self.pairs([(others[number % len(others)], mentee) for number, mentee in enumerate(team)], each)

    def crowd(self, sessions: int) -> None:
        """Pairs of others, until there are about so many sessions."""
        people = self.some(max(0, sessions - self.sessions()) // EACH, self.cast.statistics)
        self.pairs([(people[number - 1], person) for number, person in enumerate(people)], EACH)

    def sessions(self) -> int:
        """In the database."""
        return db.session.scalar(sa.select(sa.func.count()).select_from(Meeting)) or 0

    def some(self, count: int, unit: Unit) -> list[int]:
        """So many colleagues of a unit."""
        rows = [
            {
                "email": f"n{number}@nusaraya.example", "name": f"Nama {number}", "folded_name": f"nama {number}", "bio": "",
                "unit_id": unit.id, "job_id": self.cast.job.id, "state": "active", "created_at": clock.now(),
            }
            for number in range(self.people, self.people + count)
        ]  # fmt: skip
        self.people += count
        return self._add(Person, rows)

    def pairs(self, pairs: list[tuple[int, int]], meetings: int) -> None:
        """Each of these a running mentorship with so many sessions held."""
        began = clock.now() - timedelta(days=400)
        series = self._add(Series, [{"state": "open", "created_at": began} for _pair in pairs])
        members = [{"series_id": id_, "person_id": who} for id_, pair in zip(series, pairs, strict=True) for who in pair]
        db.session.execute(sa.insert(SeriesMember), members)
        rows = [
            {
                "mentor_id": mentor, "mentee_id": mentee, "series_id": id_, "stage": "collaborative", "state": "active",
                "started_at": began, "touched_at": clock.now() - timedelta(days=number % 20), "agreement_number": 0,
                "goals_revision": 0,
            }
            for number, (id_, (mentor, mentee)) in enumerate(zip(series, pairs, strict=True))
        ]  # fmt: skip
        ids = self._add(Mentorship, rows)
        period = {"stage": "collaborative", "entered_at": began, "back": False}
        db.session.execute(sa.insert(StagePeriod), [{"mentorship_id": id_, **period} for id_ in ids])
        for first in range(0, len(series), 500):
            held = [self._held(id_, number) for id_ in series[first : first + 500] for number in range(meetings)]
            db.session.execute(sa.insert(Meeting), held)
        db.session.commit()

    def _held(self, series_id: int, number: int) -> dict[str, Any]:
        moment = clock.now() - timedelta(days=390 - number * 9, minutes=series_id % 50)
        return {
            "series_id": series_id, "number": number + 1, "starts_at": moment, "minutes": 60, "mode": "video", "state": "held",
            "created_at": moment, "uid": uuid.uuid4().hex, "logged": False, "notes_version": 0, "revision": 0,
        }  # fmt: skip

    def _add(self, model: Any, rows: list[dict[str, Any]]) -> list[int]:
        before = db.session.scalar(sa.select(sa.func.max(model.id))) or 0
        db.session.execute(sa.insert(model), rows)
        db.session.commit()
        return list(db.session.scalars(sa.select(model.id).where(model.id > before).order_by(model.id)))

    def measure(self) -> list[tuple[str, int, int, float, float, float]]:
        """Page, sessions in the database, queries, median and best milliseconds, median milliseconds of computing."""
        found = []
        for name, who, address in (
            ("mentor's board", self.mentor, "/mentoring/board"),
            ("superior's page", self.superior, "/mentoring/people"),
        ):
            client = self.cast.client(db.session.get_one(Person, who))
            client.get(address)
            with count_queries() as statements:
                answer = client.get(address)
            assert answer.status_code == 200, address
            spent, worked = [], []
            for _ in range(TIMES):
                began, busy = time.perf_counter(), time.process_time()
                client.get(address)
                spent.append((time.perf_counter() - began) * 1000)
                worked.append((time.process_time() - busy) * 1000)
            middle = statistics.median(spent), min(spent), statistics.median(worked)
            found.append((name, self.sessions(), len(statements), *middle))
        return found


def main() -> None:
    """Print the figures at the three sizes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--meetings", type=int, default=100_000)
    parser.add_argument("--url", default="", help="an empty database; without one, SQLite in a folder that is thrown away")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{folder}/bench.db"
        migrate(url)
        app = create_app(settings_for(url))
        with app.app_context():
            lay_ground()
            agency = Agency(Cast(app))
            print(f"{db.engine.dialect.name:18} {'sessions':>10} {'queries':>8} {'median':>9} {'best':>9} {'computing':>10}")
            for grow in (agency.begin, agency.fill, lambda: agency.crowd(options.meetings)):
                grow()
                look_again()
                for name, sessions, queries, median, best, worked in agency.measure():
                    times = f"{median:6.1f} ms {best:6.1f} ms {worked:7.1f} ms"
                    print(f"{name:18} {sessions:10,} {queries:8} {times}", flush=True)
            db.session.remove()
            db.engine.dispose()


def look_again() -> None:
    """Let the database see how many rows there are now; in service it does so by itself."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))


if __name__ == "__main__":
    main()
