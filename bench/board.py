"""A mentor's board over 50 mentees with 2,000 sessions, and a superior's page over 500 people, as the database grows.

    python bench/board.py [--meetings 100000]

Printed for each page: queries, and the median time of an answer, with these pairs alone and with so many sessions of other
pairs beside them. The number of queries is the same; the time must not follow the size of the database.
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
    """A mentor with many mentees, a superior with many people, and any number of others."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.people = cast, 0
        self.mentor, self.superior = cast.mentor.id, cast.supervisor.id
        self.pairs([(self.mentor, mentee) for mentee in self.some(MENTEES, cast.statistics)], EACH)
        others = self.some(20, cast.statistics)
        team = self.some(TEAM, cast.budget)
        self.pairs([(others[number % len(others)], mentee) for number, mentee in enumerate(team)], 4)

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

    def measure(self) -> list[tuple[str, int, float]]:
        """Page → queries, median milliseconds."""
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
            spent = []
            for _ in range(TIMES):
                began = time.perf_counter()
                client.get(address)
                spent.append((time.perf_counter() - began) * 1000)
            found.append((name, len(statements), statistics.median(spent)))
        return found


def main() -> None:
    """Print the figures at both sizes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--meetings", type=int, default=100_000)
    wanted = parser.parse_args().meetings
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        migrate(url)
        app = create_app(settings_for(url))
        with app.app_context():
            lay_ground()
            cast = Cast(app)
            agency = Agency(cast)
            small = agency.measure()
            here = db.session.scalar(sa.select(sa.func.count()).select_from(Meeting)) or 0
            crowd = max(0, wanted - here) // EACH
            if crowd:
                people = agency.some(crowd, cast.statistics)
                agency.pairs([(people[number - 1], person) for number, person in enumerate(people)], EACH)
            total = db.session.scalar(sa.select(sa.func.count()).select_from(Meeting)) or 0
            large = agency.measure()
            print(f"{'page':18} {'sessions':>10} {'queries':>8} {'ms':>7}")
            for size, figures in ((here, small), (total, large)):
                for name, queries, spent in figures:
                    print(f"{name:18} {size:10,} {queries:8} {spent:7.1f}")
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    main()
