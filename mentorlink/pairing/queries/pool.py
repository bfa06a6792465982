"""The pool: for each kind of offer one engine in this process, kept as fresh as the rows by the log of changes.

``index_of(kind)`` compares one row with the database and takes in what changed since. Two requests with differently old
views of the database share the pool: it only ever goes forward.

*All processes give the same list*: they read texts by the same edition of words, which stands in the database. The job
``pairing.refresh_pool`` learns the next one.

*Nobody waits*: where everybody is to be read again (a new edition, a change of very many) and they are more than `MANY`, a
thread builds new engines beside the old ones, which rank on; who may be listed is told them at once.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from mentorlink.competencies.models import Competency, CurrentLevel, Level
from mentorlink.competencies.queries import among
from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.kernel.logs import named
from mentorlink.matching import Mentor, MentorIndex, TextBridge, TextEncoder, TextModel, UnreadableFile
from mentorlink.pairing import rules
from mentorlink.pairing.models import Offer, OfferCompetency, PoolChange, PoolState, PoolWords
from mentorlink.pairing.stages import KINDS
from mentorlink.people.models import Field, Job, Person, Tier, Unit

log = structlog.get_logger(__name__)

Records = dict[str, list[Mentor]]

MANY = 100
"""So many are read again at once, in some hundredths of a second; more beside the requests."""


@dataclass(frozen=True, slots=True)
class Built:
    """Engines, and what of the database they hold."""

    indexes: dict[str, MentorIndex]
    paused: dict[int, date]
    day: date
    epoch: str | None
    seq: int
    edition: int
    shared: bool
    """Whether texts are read by words that all processes share."""


class Pool:
    """The engines of one process over one database."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._epoch: str | None = None
        self._seq = self._edition = 0
        self._day: date | None = None
        self._indexes: dict[str, MentorIndex] = {}
        self._paused: dict[int, date] = {}
        self._builder: threading.Thread | None = None
        self._whole = True
        self.shares_words = False

    def fresh(self) -> dict[str, MentorIndex]:
        """The engines as of what this transaction sees, or newer."""
        state = _state()
        with self._lock:
            if not self._indexes or self._epoch != (None if state is None else state.epoch):
                self._take(build(state))
            elif state is not None:
                if state.seq > self._seq:
                    self._catch_up(state)
                if not self._whole or state.edition > self._edition:
                    self._renew(state)
            self._end_pauses()
            return self._indexes

    def settle(self) -> None:
        """Wait for engines that are being built beside, if any are."""
        builder = self._builder
        if builder is not None:
            builder.join()

    def _take(self, built: Built) -> None:
        self._indexes, self._paused, self._day = built.indexes, built.paused, built.day
        self._epoch, self._seq, self._edition, self._whole = built.epoch, built.seq, built.edition, True
        self.shares_words = built.shared

    def _renew(self, state: Any) -> None:
        """Build anew: now if that is soon done, else beside; requests rank on with what is there."""
        if self._builder is not None and self._builder.is_alive():
            return
        if (db.session.scalar(_open_offers()) or 0) < MANY:
            self._take(build(state))
        else:
            self._builder = threading.Thread(target=self._build_beside, args=(db.engine,), name="build the pool", daemon=True)
            self._builder.start()

    def _build_beside(self, engine: sa.Engine) -> None:
        try:
            with Session(engine) as session:
                built = build(_state(session), session)
            with self._lock:
                self._take(built)
        except Exception as error:  # the old engines rank on; the next request tries again
            log.warning("pool not built", error=named(error))

    def _catch_up(self, state: Any) -> None:
        changes = db.session.scalars(
            sa.select(PoolChange.person_id).where(PoolChange.seq > self._seq, PoolChange.seq <= state.seq)
        ).all()
        if None in changes or len(changes) != state.seq - self._seq:
            self._whole = False
            self._restate()
        else:
            self._read_again({person_id for person_id in changes if person_id is not None})
        self._seq = state.seq

    def _restate(self) -> None:
        """Take in of everybody whether they may be listed at all: one query. The rest follows with the new engines."""
        states, self._paused = offer_states()
        self._day = clock.today()
        for kind, index in self._indexes.items():
            index.restate(states[kind])

    def _end_pauses(self) -> None:
        today = clock.today()
        if today != self._day:
            self._read_again({person_id for person_id, until in self._paused.items() if not rules.is_paused(until, today)})
            self._day = today

    def _read_again(self, person_ids: Collection[int]) -> None:
        if not person_ids:
            return
        records, paused = load_mentors(person_ids)
        for person_id in person_ids:
            self._paused.pop(person_id, None)
        self._paused.update(paused)
        for kind, index in self._indexes.items():
            there = {mentor.id for mentor in records[kind]}
            for mentor in records[kind]:
                index.update(mentor)
            for person_id in set(person_ids) - there:
                index.discard(person_id)


def build(state: Any, session: Any = None) -> Built:
    """Engines over everybody who offers something, as of ``state`` or newer; texts are read by the words of its edition."""
    session = session or db.session
    words = _words(session) if state is not None and state.edition else None
    records, paused = load_mentors(session=session)
    bridge = _bridge(tuple(said_in_both(session))) if words is None else words.bridge
    known = {} if words is None else words.encoders
    indexes = {kind: MentorIndex(text_bridge=bridge).fit(records[kind], text_model=known.get(kind)) for kind in KINDS}
    epoch, seq, edition = (None, 0, 0) if state is None else (state.epoch, state.seq, state.edition)
    return Built(indexes, paused, clock.today(), epoch, seq, edition, words is not None)


def learn_words() -> TextModel:
    """What the offers and the dictionaries of today say, learnt anew: the next edition of the words."""
    records, _paused = load_mentors()
    said = tuple(said_in_both())
    db.session.rollback()  # learning takes a while, and nothing is to be held open meanwhile
    return TextModel({kind: TextEncoder().fit([mentor.text for mentor in records[kind]]) for kind in KINDS}, _bridge(said))


def words_are_due() -> bool:
    """Whether the words that all share are not of today, or a twentieth of the offers changed since; or there are none."""
    state, made = _state(), db.session.execute(sa.select(PoolWords.made_at, PoolWords.seq)).first()
    if state is None or made is None or made.made_at.date() != clock.now().date():
        return True
    return bool((state.seq - made.seq) * 20 > (db.session.scalar(_open_offers()) or 0))


def _open_offers() -> Any:
    return sa.select(sa.func.count()).select_from(Offer).where(Offer.closed_at.is_(None))


def _state(session: Any = None) -> Any:
    return (session or db.session).execute(sa.select(PoolState.epoch, PoolState.seq, PoolState.edition)).first()


def _words(session: Any) -> TextModel | None:
    """The words that all processes share; None where they cannot be read, until the next edition."""
    content = session.scalar(sa.select(PoolWords.content).order_by(PoolWords.edition.desc()).limit(1))
    try:
        return None if content is None else TextModel.from_bytes(content)
    except UnreadableFile as error:
        log.warning("words not read", error=error.code)
        return None


_pools: dict[str, Pool] = {}
_making = threading.Lock()


def index_of(kind: str) -> MentorIndex:
    """The engine over everyone with an open offer of this kind."""
    return _pool().fresh()[kind]


def warm_pool() -> bool:
    """Build the engines now, so that nobody's first request waits for it. Called once when the process starts.

    False: texts are read by words of this process alone, because there is no edition that it can read.
    """
    pool = _pool()
    pool.fresh()
    return pool.shares_words


def _pool() -> Pool:
    address = db.engine.url.render_as_string(hide_password=True)
    with _making:
        return _pools.setdefault(address, Pool())


def said_in_both(session: Any = None) -> list[tuple[str, str]]:
    """What the competency dictionaries say in both languages: from it texts in either find each other. Two queries."""
    session = session or db.session
    said = [words for row in session.execute(sa.select(Competency.name, Competency.definition)) for words in row]
    for title, description, indicators in session.execute(sa.select(Level.title, Level.description, Level.indicators)):
        said += [title, description, *indicators]
    return sorted({(words["id"], words["en"]) for words in said if words.get("id") and words.get("en")})


def bridge_now() -> TextBridge | None:
    """What leads from texts in one language to those in the other, as the lists have it."""
    return index_of(KINDS[0]).text_bridge


@lru_cache(maxsize=2)
def _bridge(said: tuple[tuple[str, str], ...]) -> TextBridge:
    return TextBridge().fit(said)


def load_mentors(
    person_ids: Collection[int] | None = None, *, states: Collection[str] = ("active",), session: Any = None
) -> tuple[Records, dict[int, date]]:
    """Read offers as the engine wants them: all, or those of some people; and who pauses until when. Three queries."""
    session = session or db.session
    offers = session.execute(_offers(person_ids, states)).all()
    levels = _levels(person_ids, session)
    chosen = _chosen(person_ids, session)
    today = clock.today()
    records: Records = {kind: [] for kind in KINDS}
    paused: dict[int, date] = {}
    for offer in offers:
        records[offer.kind].append(_mentor(offer, levels.get(offer.person_id, {}), chosen.get(offer.id, ()), today))
        if rules.is_paused(offer.paused_until, today):
            paused[offer.person_id] = min(offer.paused_until, paused.get(offer.person_id, offer.paused_until))
    return records, paused


def offer_states() -> tuple[dict[str, dict[int, tuple[int, bool]]], dict[int, date]]:
    """Free places and pause of everybody who offers something, by kind; and who pauses until when. One query."""
    today = clock.today()
    states: dict[str, dict[int, tuple[int, bool]]] = {kind: {} for kind in KINDS}
    paused: dict[int, date] = {}
    rows = (
        sa.select(Offer.kind, Offer.person_id, Offer.capacity - Offer.taken - Offer.held, Offer.paused_until)
        .join(Person, Offer.person_id == Person.id)
        .where(Offer.closed_at.is_(None), Person.state == "active")
    )
    for kind, person_id, free, until in db.session.execute(rows):
        states[kind][person_id] = free, rules.is_paused(until, today)
        if states[kind][person_id][1]:
            paused[person_id] = min(until, paused.get(person_id, until))
    return states, paused


def mentor_record(offer: Offer) -> Mentor:
    """One offer as the engine wants it, read now; for the decision about one pair, so without the texts' words."""
    levels = _levels((offer.person_id,), db.session).get(offer.person_id, {})
    columns = db.session.execute(_offers((offer.person_id,), None).where(Offer.id == offer.id)).one()
    return _mentor(columns, levels, _chosen((offer.person_id,), db.session).get(offer.id, ()), clock.today())


def _mentor(offer: Any, levels: dict[str, int], chosen: Collection[str], today: date) -> Mentor:
    return Mentor(
        offer.person_id,
        rules.offered(levels, chosen),
        unit=tuple(int(part) for part in offer.path.split("/") if part),
        field=offer.field,
        grade=offer.grade,
        years=rules.years_in_field(offer.in_field_since, today),
        languages=frozenset(offer.languages or offer.spoken or ()),
        time_zone=rules.zone_code(offer.timezone),
        place=offer.place or offer.unit_place,
        text="\n".join(part for part in (offer.can_help_with, offer.message, offer.bio) if part),
        room=offer.capacity - offer.taken - offer.held,
        paused=rules.is_paused(offer.paused_until, today),
    )


def _offers(person_ids: Collection[int] | None, states: Collection[str] | None) -> Any:
    query = (
        sa.select(
            Offer.id, Offer.person_id, Offer.kind, Offer.capacity, Offer.taken, Offer.held, Offer.languages, Offer.message,
            Offer.paused_until, Person.languages.label("spoken"), Person.in_field_since, Person.place, Person.timezone,
            Person.bio, Person.can_help_with, Unit.path, Unit.place.label("unit_place"), Tier.grade, Field.code.label("field"),
        )
        .join(Person, Offer.person_id == Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .outerjoin(Job, Person.job_id == Job.id)
        .outerjoin(Tier, Job.tier_id == Tier.id)
        .outerjoin(Field, Job.field_id == Field.id)
        .order_by(Offer.id)
    )  # fmt: skip
    if states is not None:
        # a state that is computed keeps SQLite from going through everybody of it where a few people are asked for
        state = Person.state if person_ids is None else Person.state.concat("")
        query = query.where(Offer.closed_at.is_(None), state.in_(states))
    return query if person_ids is None else query.where(among(Offer.person_id, person_ids))


def _levels(person_ids: Collection[int] | None, session: Any) -> dict[int, dict[str, int]]:
    holders = sa.select(Offer.person_id).where(Offer.closed_at.is_(None))
    rows = session.execute(
        sa.select(CurrentLevel.person_id, Competency.code, CurrentLevel.level)
        .join(Competency, CurrentLevel.competency_id == Competency.id)
        .where(
            CurrentLevel.level > 0,
            Competency.retired_at.is_(None),
            CurrentLevel.person_id.in_(holders) if person_ids is None else among(CurrentLevel.person_id, person_ids),
        )
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for person_id, code, level in rows:
        found[person_id][code] = level
    return found


def _chosen(person_ids: Collection[int] | None, session: Any) -> dict[int, list[str]]:
    query = (
        sa.select(OfferCompetency.offer_id, Competency.code)
        .join(Offer, OfferCompetency.offer_id == Offer.id)
        .join(Competency, OfferCompetency.competency_id == Competency.id)
        .where(Offer.closed_at.is_(None))
    )
    if person_ids is not None:
        query = query.where(among(Offer.person_id, person_ids))
    found: dict[int, list[str]] = defaultdict(list)
    for offer_id, code in session.execute(query):
        found[offer_id].append(code)
    return found
