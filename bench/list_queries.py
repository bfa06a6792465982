"""Queries and time of the list pages with few and with many rows in the database, printed as a table.

    python bench/list_queries.py [--few 10] [--many 10000]

Each page is asked for twice with ``--few`` rows in its list and twice with ``--many``; the second answer of each is counted and
timed. "equal" says that the number of queries does not depend on the rows; "MORE" would be a fault.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("OMP_NUM_THREADS", "1")

import sqlalchemy as sa

from mentorlink.app import create_app
from mentorlink.cli.migrate import migrate
from mentorlink.community.actions import create_community
from mentorlink.community.inputs import CommunityInput
from mentorlink.community.models import Community, Message, Room, RoomEvent, Topic
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning.actions import load_hours_rule
from mentorlink.notifications.models import Notice
from mentorlink.pairing.models import Offer, Request
from mentorlink.people.models import AuditEntry, Person
from mentorlink.sessions.meetings.models import Meeting
from tests import story
from tests.cast import Cast, lay_ground
from tests.conftest import settings_for
from tests.queries import count_queries


class Agency:
    """A pair, a room and the lists around them, which grow."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.rows = cast, 0
        load_hours_rule(Actor.system(), valid_from=clock.today() - timedelta(days=3650))
        self.mentorship = story.pair(cast)
        self.offer = db.session.scalars(sa.select(Offer)).one()
        data = CommunityInput(name="Data", purpose="Better data for services.", joining="open")
        self.community = create_community(cast.actor(cast.mentor), data)
        self.room = db.session.scalars(sa.select(Room).where(Room.community_id == self.community.id)).one()
        self.topic = db.session.scalars(sa.select(Topic).where(Topic.room_id == self.room.id)).one()
        self.pages = {
            "people": (cast.coordinator, "/people"),
            "record of acts": (cast.administrator, "/audit"),
            "mentors to choose from": (cast.person("seeker", cast.budget, levels=(1, 1, 1)), "/find"),
            "requests to a mentor": (cast.mentor, "/requests?box=in"),
            "sessions of a pair": (cast.mentee, f"/mentoring/{self.mentorship.id}/meetings"),
            "notices": (cast.mentee, "/notices"),
            "communities": (cast.mentee, "/communities"),
            "room": (cast.mentor, f"/rooms/{self.room.id}"),
            "HR's figures": (cast.coordinator, "/programme"),
            "home": (cast.mentee, "/"),
        }

    def grow(self, rows: int) -> None:
        """Every list has ``rows`` rows."""
        new = range(self.rows, rows)
        people = self._add(Person, [self._person(number) for number in new])
        self._add(Offer, [self._offer(person_id) for person_id in people])
        self._add(Request, [self._request(person_id) for person_id in people])
        self._add(Notice, [self._notice() for _ in new])
        self._add(
            AuditEntry, [{"at": clock.now(), "act": "signed_in", "thing": "person", "facts": {}, "address": ""} for _ in new]
        )
        self._add(Community, [self._community(number) for number in new])
        self._add(Meeting, [self._meeting(number) for number in new])
        self._talk(new)
        self.rows = rows

    def _add(self, model: Any, rows: list[dict[str, Any]]) -> list[int]:
        before = db.session.scalar(sa.select(sa.func.max(model.id))) or 0
        db.session.execute(sa.insert(model), rows)
        db.session.commit()
        return list(db.session.scalars(sa.select(model.id).where(model.id > before).order_by(model.id)))

    def _person(self, number: int) -> dict[str, Any]:
        return {
            "email": f"n{number}@nusaraya.example", "name": f"Nama {number}", "folded_name": f"nama {number}", "bio": "",
            "unit_id": self.cast.statistics.id, "job_id": self.cast.job.id, "state": "active", "created_at": clock.now(),
        }  # fmt: skip

    def _offer(self, person_id: int) -> dict[str, Any]:
        return {
            "person_id": person_id,
            "kind": "mentor",
            "capacity": 2,
            "taken": 0,
            "languages": ["id"],
            "opened_at": clock.now(),
        }

    def _request(self, person_id: int) -> dict[str, Any]:
        sent = clock.now() - timedelta(days=5)
        return {
            "offer_id": self.offer.id, "person_id": person_id, "client_id": uuid.uuid4().hex, "state": "sent", "message": "Mohon",
            "sent_at": sent, "expires_at": sent + timedelta(days=30),
        }  # fmt: skip

    def _notice(self) -> dict[str, Any]:
        return {
            "person_id": self.cast.mentee.id,
            "kind": "levels_changed",
            "about": "map",
            "about_id": 1,
            "facts": {},
            "created_at": clock.now(),
        }

    def _community(self, number: int) -> dict[str, Any]:
        name = f"Komunitas {number}"
        return {"name": name, "folded_name": name.lower(), "purpose": "Belajar", "joining": "open", "created_at": clock.now()}

    def _meeting(self, number: int) -> dict[str, Any]:
        began = clock.now() - timedelta(days=number + 2)
        return {
            "series_id": self.mentorship.series_id, "number": number + 1, "starts_at": began, "minutes": 60, "mode": "video",
            "state": "held", "created_at": began, "settled_at": began,
        }  # fmt: skip

    def _talk(self, new: range) -> None:
        first = self.room.last_seq + 1
        author, instant = self.cast.second_mentor.id, clock.now()
        said = [
            {"room_id": self.room.id, "topic_id": self.topic.id, "author_id": author, "client_id": str(uuid.uuid4()),
             "seq": first + at, "body": f"Pesan {number}", "html": f"<p>Pesan {number}</p>", "created_at": instant}
            for at, number in enumerate(new)
        ]  # fmt: skip
        ids = self._add(Message, said)
        log = [
            {"room_id": self.room.id, "seq": first + at, "kind": "posted", "stamp": uuid.uuid4().hex[:16],
             "message_id": message_id, "topic_id": self.topic.id, "person_id": author, "at": instant}
            for at, message_id in enumerate(ids)
        ]  # fmt: skip
        db.session.execute(sa.insert(RoomEvent), log)
        last = first + len(said) - 1
        db.session.execute(sa.update(Room).where(Room.id == self.room.id).values(last_seq=last))
        db.session.execute(sa.update(Topic).where(Topic.id == self.topic.id).values(last_seq=last))
        db.session.commit()


def measure(cast: Cast, person: Person, path: str) -> tuple[int, float]:
    """Queries and milliseconds of the second of two answers."""
    client = cast.client(person)
    client.get(path)
    with count_queries() as statements:
        began = time.perf_counter()
        answer = client.get(path)
        took = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{path} answers {answer.status_code}")
    return len(statements), took


def verdict(few: int, many: int) -> str:
    """Whether more rows cost more queries."""
    return "equal" if few == many else "fewer" if many < few else "MORE"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=10)
    parser.add_argument("--many", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mentorlink-bench-") as folder:
        url = f"sqlite:///{folder}/bench.db"
        migrate(url)
        app = create_app(settings_for(url))
        with app.app_context():
            lay_ground()
            agency = Agency(Cast(app))
            found: dict[str, list[tuple[int, float]]] = {}
            for rows in (options.few, options.many):
                agency.grow(rows)
                for name, (person, path) in agency.pages.items():
                    found.setdefault(name, []).append(measure(agency.cast, person, path))
    print(f"{'page':26} {'queries at ' + str(options.few):>16} {'at ' + str(options.many):>10} {'':8} {'ms':>8} {'ms':>8}")
    for name, ((few, quick), (many, slow)) in found.items():
        print(f"{name:26} {few:16} {many:10} {verdict(few, many):8} {quick:8.1f} {slow:8.1f}")


if __name__ == "__main__":
    main()
