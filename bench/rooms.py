"""Topic pages and search with very many messages: time from request to answer, bytes on the wire.

    python bench/rooms.py [--messages 1000000] [--searches 300] [--database postgresql+psycopg://…]

Fifty communities of four rooms share the messages; who asks belongs to ten of them. Words follow a long-tailed distribution, so
that searches hit a few messages and very many alike. The application answers in this process: no server stands between.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

ENVIRONMENT = {
    "MENTORLINK_SECRET_KEY": "b3Jx9-qLw7_Zt5vB1nRm8YpDf2Hs6Gc4",
    "MENTORLINK_DATA_KEYS": "3q2-7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs=",
    "MENTORLINK_BACKGROUND": "0",
    "MENTORLINK_LOG_LEVEL": "error",
}
ROOTS = [
    "anggaran", "arsip", "audit", "belanja", "bimbing", "capai", "daerah", "data", "dokumen", "evaluasi", "guna",
    "hasil", "informasi", "indikator", "inovasi", "jadwal", "jawab", "kelola", "kinerja", "kerja", "koordinasi",
    "laksana", "lapor", "latih", "layan", "lengkap", "masalah", "masyarakat", "mutu", "nilai", "olah", "pantau",
    "pegawai", "pelajar", "periksa", "publik", "rapat", "rencana", "saran", "sistem", "statistik", "susun", "tanggap",
    "target", "tugas", "ubah", "usul", "verifikasi", "wilayah",
]  # fmt: skip
FORMS = ("{}", "me{}", "di{}kan", "pe{}an", "ber{}", "{}nya", "ter{}")
COMMUNITIES, ROOMS, MINE, BATCH = 50, 4, 10, 20_000


def build(url: str, messages: int) -> tuple[Any, str, list[int]]:
    """The agency, its talk, and somebody's cookie."""
    import sqlalchemy as sa

    os.environ.update(ENVIRONMENT, MENTORLINK_DATABASE_URL=url)
    from config import load_settings
    from mentorlink.app import create_app
    from mentorlink.cli.migrate import migrate
    from mentorlink.community.actions import create_community, create_room
    from mentorlink.community.inputs import CommunityInput, RoomInput
    from mentorlink.community.models import Message, Room, RoomEvent, SearchEntry, Topic
    from mentorlink.community.rules.search import entry_words, facet
    from mentorlink.kernel import clock, crypto
    from mentorlink.kernel.actions import transaction
    from mentorlink.kernel.db import db
    from mentorlink.people.models import Person, SignIn, Unit
    from mentorlink.people.queries import actor_of

    app = create_app(load_settings())
    migrate(url)
    dice = random.Random(7)
    vocabulary = [form.format(root) for root in ROOTS for form in FORMS] + [f"kata{n}" for n in range(20_000)]
    weights = [1 / (place + 3) for place in range(len(vocabulary))]
    with app.app_context():
        with transaction():
            unit = Unit(code="unit", name={"id": "Unit", "en": "Unit"}, path="/1/")
            db.session.add(unit)
            db.session.flush()
            people = [
                Person(
                    email=f"p{n}@nusaraya.example",
                    name=f"Pegawai {n}",
                    folded_name=f"pegawai {n}",
                    unit_id=unit.id,
                    state="active",
                    in_field_since=2015,
                    languages=["id"],
                    locale="id",
                    created_at=clock.now(),
                    timezone="Asia/Jakarta",
                )
                for n in range(2)
            ]
            db.session.add_all(people)
            db.session.flush()
            token, me, other = crypto.new_token(), people[0].id, people[1].id
            now = clock.now()
            db.session.add(SignIn(person_id=me, token_hash=crypto.token_hash(token), created_at=now, seen_at=now))
        rooms: list[tuple[int, int, int]] = []
        for number in range(COMMUNITIES):
            host = actor_of(db.session.get_one(Person, me if number < MINE else other), door="page")
            made = create_community(host, CommunityInput(name=f"Komunitas {number}", purpose="Belajar bersama", joining="open"))
            community_id = made.id
            for extra in range(1, ROOMS):
                create_room(host, made, RoomInput(name=f"Ruang {extra}"))
            found = db.session.execute(sa.select(Room.id, Topic.id).join(Topic, Topic.room_id == Room.id).where(
                Room.community_id == community_id))  # fmt: skip
            rooms += [(community_id, row[0], row[1]) for row in found]
        start = datetime(2024, 1, 1, tzinfo=UTC)
        first_entry = (db.session.scalar(sa.select(sa.func.max(SearchEntry.id))) or 0) + 1
        seqs = dict.fromkeys((room for _c, room, _t in rooms), 0)
        for begin in range(0, messages, BATCH):
            rows, events, entries = [], [], []
            for number in range(begin, min(begin + BATCH, messages)):
                community_id, room_id, topic_id = rooms[number % len(rooms)]
                seqs[room_id] += 1
                words = " ".join(dice.choices(vocabulary, weights, k=12))
                at, key, seq = start + timedelta(seconds=60 * number), number + 1, seqs[room_id]
                author = me if number % 3 == 0 else other
                rows.append({
                    "id": key, "room_id": room_id, "topic_id": topic_id, "author_id": author, "client_id": f"{number:036d}",
                    "seq": seq, "body": words, "html": f"<p>{words}</p>", "version": 1, "created_at": at, "extras": {},
                })  # fmt: skip
                events.append({"room_id": room_id, "seq": seq, "kind": "posted", "stamp": "00000000", "message_id": key,
                               "topic_id": topic_id, "person_id": author, "at": at})  # fmt: skip
                facets = [facet("k", "message"), facet("r", room_id), facet("t", topic_id), facet("u", author)]
                entries.append({"id": first_entry + number, "kind": "message", "thing_id": key, "community_id": community_id,
                                "at": at, "words": entry_words(words, facets, facet("c", community_id))})  # fmt: skip
            with transaction():
                for table, values in ((Message, rows), (RoomEvent, events), (SearchEntry, entries)):
                    db.session.execute(sa.insert(table.__table__), values)
        with transaction():
            for _community, room_id, topic_id in rooms:
                db.session.execute(sa.update(Room).where(Room.id == room_id).values(last_seq=seqs[room_id]))
                last = sa.update(Topic).where(Topic.id == topic_id)
                db.session.execute(last.values(last_seq=seqs[room_id], last_at=start + timedelta(seconds=60 * messages)))
        with db.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
        db.session.remove()
    return app, token, [room for _c, room, _t in rooms[: MINE * ROOMS]]


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of one call, and what it returned."""
    began = time.perf_counter()
    found = work()
    return (time.perf_counter() - began) * 1000, found


def line(name: str, times: list[float]) -> None:
    """Print the middle and the tail."""
    times.sort()
    print(f"{name}: p50 {times[len(times) // 2]:.1f} ms, p95 {times[int(len(times) * 0.95) - 1]:.1f} ms, n = {len(times)}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--searches", type=int, default=300)
    parser.add_argument("--database", default="")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="bench-rooms-")
    try:
        took, (app, token, rooms) = timed(lambda: build(options.database or f"sqlite:///{folder}/bench.db", options.messages))
        print(f"{options.messages:,} messages written in {took / 1000:.0f} s")
        measure(app, token, rooms, options.searches)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(app: Any, token: str, rooms: list[int], searches: int) -> None:
    """Pages, then searches with one to three words, with and without filters."""
    import sqlalchemy as sa

    from mentorlink.community.inputs import SearchInput
    from mentorlink.community.queries import search_for
    from mentorlink.kernel.db import db
    from mentorlink.people.models import Person
    from mentorlink.people.queries import actor_of

    client = app.test_client()
    client.set_cookie("mentorlink", token, domain="localhost")
    dice = random.Random(11)
    topics = topics_of(app, rooms)
    pages, hundreds, size, used = [], [], 0, time.process_time()
    for number in range(60):
        room = dice.choice(rooms)
        took, answer = timed(lambda room=room: client.get(f"/rooms/{room}?before={2**52}", headers={"Accept-Encoding": "br"}))
        assert answer.status_code == 200
        size = len(answer.data)
        shown = client.get(f"/rooms/{room}?before={2**52}").text
        first = re.search(r'<li class="msg[^>]* data-seq="(\d+)"', shown)
        assert first is not None
        more, older = timed(lambda room=room, first=first: client.get(f"/topics/{topics[room]}/messages?before={first[1]}"))
        assert older.status_code == 200
        if number >= 5:
            pages.append(took)
            hundreds.append(took + more)
    line(f"room page, newest {answer_count(client, rooms[0])} messages, request to HTML", pages)
    line("a topic of 100 messages: that page and the messages before them, request to HTML (at most 40, aim 15)", hundreds)
    print(f"room page, processor, with what came before: {(time.process_time() - used) / 61 / 3 * 1000:.1f} ms a request")
    print(f"room page, compressed: {size / 1000:.1f} kB")
    plain, filtered, hits, used = [], [], 0, time.process_time()
    with app.app_context():
        who = actor_of(db.session.get_one(Person, db.session.scalar(sa.select(sa.func.min(Person.id)))), door="page")
        for _each in range(searches):
            rare = [f"kata{dice.randrange(20_000)}"] if dice.random() < 0.3 else []
            words = " ".join(rare + [dice.choice(FORMS).format(dice.choice(ROOTS)) for _n in range(dice.randint(1, 3))])
            took, found = timed(lambda words=words: search_for(who, SearchInput(q=words)))
            plain.append(took)
            hits += len(found.hits)
            room = dice.choice(rooms)
            took, _found = timed(
                lambda words=words, room=room: search_for(who, SearchInput(q=words, room=room, by=who.person_id))
            )
            filtered.append(took)
            db.session.rollback()
    line("search, newest twenty (p95 at most 300, aim 80)", plain)
    line("search in one room and by one author", filtered)
    print(f"a search, processor: {(time.process_time() - used) / searches / 2 * 1000:.1f} ms")
    print(f"hits a search: {hits / searches:.1f}")


def topics_of(app: Any, rooms: list[int]) -> dict[int, int]:
    """The general talk of each room."""
    import sqlalchemy as sa

    from mentorlink.community.models import Topic
    from mentorlink.kernel.db import db

    with app.app_context():
        rows = db.session.execute(
            sa.select(Topic.room_id, sa.func.min(Topic.id)).where(Topic.room_id.in_(rooms)).group_by(Topic.room_id)
        )
        return {row[0]: row[1] for row in rows}


def answer_count(client: Any, room: int) -> int:
    """Messages on a page."""
    return int(client.get(f"/rooms/{room}?before={2**52}").text.count('<li class="msg'))


if __name__ == "__main__":
    main()
