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
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
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
START = datetime(2024, 1, 1, tzinfo=UTC)
PHRASES, WORDS, PARTS = 100_000, 4, 3
"""A message is three phrases of four words each, drawn from so many: to draw and stem each word of it would take hours."""

Write = Callable[[str, str, Iterable[tuple[Any, ...]]], None]


def build(url: str, messages: int) -> tuple[Any, str, list[int]]:
    """The agency, its talk, and somebody's cookie."""
    import sqlalchemy as sa

    os.environ.update(ENVIRONMENT, MENTORLINK_DATABASE_URL=url)
    from config import load_settings
    from mentorlink.app import create_app
    from mentorlink.cli.migrate import migrate
    from mentorlink.community.actions import create_community, create_room
    from mentorlink.community.inputs import CommunityInput, RoomInput
    from mentorlink.community.models import Room, SearchEntry, Topic
    from mentorlink.community.rules.search import facet
    from mentorlink.kernel import clock, crypto
    from mentorlink.kernel.actions import transaction
    from mentorlink.kernel.db import db
    from mentorlink.people.models import Person, SignIn, Unit
    from mentorlink.people.queries import actor_of

    app = create_app(load_settings())
    migrate(url)
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
        first_entry = (db.session.scalar(sa.select(sa.func.max(SearchEntry.id))) or 0) + 1
        db.session.remove()
        talk = Talk(rooms, (me, other), first_entry, facet)
        with unindexed(db.engine) as write:
            for begin in range(0, messages, BATCH):
                for table, columns, rows in talk.batch(begin, min(begin + BATCH, messages)):
                    write(table, columns, rows)
        with transaction():
            for _community, room_id, topic_id in rooms:
                db.session.execute(sa.update(Room).where(Room.id == room_id).values(last_seq=talk.seqs[room_id]))
                last = sa.update(Topic).where(Topic.id == topic_id)
                db.session.execute(last.values(last_seq=talk.seqs[room_id], last_at=START + timedelta(seconds=60 * messages)))
        with db.engine.connect() as connection:
            as_servers_do = "ANALYZE" if connection.dialect.name == "sqlite" else "VACUUM ANALYZE"
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(as_servers_do)
        db.session.remove()
    return app, token, [room for _c, room, _t in rooms[: MINE * ROOMS]]


class Talk:
    """What is said, as rows: a message, its entry in the log, its entry in the search."""

    def __init__(self, rooms: list[tuple[int, int, int]], people: tuple[int, int], first_entry: int, facet: Any) -> None:
        from mentorlink.community.rules.search import stems

        self.rooms, self.people, self.first_entry, self.facet = rooms, people, first_entry, facet
        self.seqs = dict.fromkeys((room for _community, room, _topic in rooms), 0)
        self.dice = random.Random(7)
        vocabulary = [form.format(root) for root in ROOTS for form in FORMS] + [f"kata{n}" for n in range(20_000)]
        weights = [1 / (place + 3) for place in range(len(vocabulary))]
        stemmed = {word: list(stems(word)) for word in vocabulary}
        drawn = self.dice.choices(vocabulary, weights, k=PHRASES * WORDS)
        words = [drawn[at : at + WORDS] for at in range(0, len(drawn), WORDS)]
        self.phrases = [(" ".join(some), [stem for word in some for stem in stemmed[word]]) for some in words]

    def batch(self, begin: int, end: int) -> list[tuple[str, str, list[tuple[Any, ...]]]]:
        """The rows of messages ``begin`` to ``end``, by table and columns."""
        messages, events, entries = [], [], []
        for number in range(begin, end):
            community, room, topic = self.rooms[number % len(self.rooms)]
            self.seqs[room] += 1
            seq, key, at = self.seqs[room], number + 1, START + timedelta(seconds=60 * number)
            author = self.people[0 if number % 3 == 0 else 1]
            parts = self.dice.choices(self.phrases, k=PARTS)
            body = " ".join(words for words, _stems in parts)
            found = dict.fromkeys(stem for _words, some in parts for stem in some)
            facets = (self.facet(sort, value) for sort, value in (("k", "message"), ("r", room), ("t", topic), ("u", author)))
            messages.append((key, room, topic, author, f"{number:036d}", seq, body, f"<p>{body}</p>", 1, at, "{}"))
            events.append((room, seq, "posted", "00000000", key, topic, author, at))
            words = " ".join([*facets, *found, self.facet("c", community)])
            entries.append((self.first_entry + number, "message", key, community, at, words))
        return [
            ("message", "id, room_id, topic_id, author_id, client_id, seq, body, html, version, created_at, extras", messages),
            ("room_event", "room_id, seq, kind, stamp, message_id, topic_id, person_id, at", events),
            ("search_entry", "id, kind, thing_id, community_id, at, words", entries),
        ]


@contextmanager
def unindexed(engine: Any) -> Iterator[Write]:
    """Rows go straight to the driver while their tables have no indexes, triggers or full-text search; those are made after."""
    raw = engine.raw_connection()
    there = raw.driver_connection
    work = there.cursor()
    if engine.dialect.name == "sqlite":
        work.execute("PRAGMA synchronous=OFF")
        work.execute("PRAGMA foreign_keys=OFF")
        named = "SELECT type, name, sql FROM sqlite_master WHERE tbl_name IN ('message', 'room_event', 'search_entry')"
        made = list(work.execute(f"{named} AND sql IS NOT NULL AND type IN ('index', 'trigger')"))
        for kind, name, _sql in made:
            work.execute(f"DROP {kind} {name}")
        work.execute("BEGIN")

        def write(table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
            marks = ", ".join("?" * (columns.count(",") + 1))
            plain = ([one.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(one, datetime) else one for one in row] for row in rows)
            work.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", plain)

        yield write
        for _kind, _name, sql in made:
            work.execute(sql)
        work.execute("INSERT INTO search_words(search_words) VALUES ('rebuild')")
        work.execute("COMMIT")
    else:
        work.execute("SET statement_timeout = 0")  # an index of a million rows takes longer than a page may
        work.execute("SET maintenance_work_mem = '512MB'")
        named = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('message', 'room_event', 'search_entry')"
        own = "(SELECT conname FROM pg_constraint)"
        made = work.execute(f"{named} AND indexname NOT IN {own}").fetchall()
        for name, _sql in made:
            work.execute(f"DROP INDEX {name}")

        def write(table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
            with work.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

        yield write
        for _name, sql in made:
            work.execute(sql)
    raw.commit()
    raw.close()
    engine.dispose()


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
    pages, hundreds, threads, size, used = [], [], [], 0, time.process_time()
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
        took, thread = timed(lambda room=room: client.get(f"/topics/{topics[room]}/knowledge?after=1000"))
        assert thread.text.count('class="list-row list-row-wrap"') == 100
        if number >= 5:
            threads.append(took)
    line(f"room page, newest {answer_count(client, rooms[0])} messages, request to HTML", pages)
    line("a topic of 100 messages: that page and the messages before them, request to HTML (at most 40, aim 15)", hundreds)
    line("the thread of a topic, 100 messages in one page, request to HTML", threads)
    print(f"processor, these pages alike: {(time.process_time() - used) / 60 / 4 * 1000:.1f} ms a request")
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
