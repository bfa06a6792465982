"""The pool: for each kind of offer one engine in this process, kept as fresh as the rows by the log of changes.

``index_of(kind)`` compares one number with the database and takes in what changed since. Two requests with differently old
views of the database share the pool: it only ever goes forward.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.models import Competency, CurrentLevel, Level
from mentorlink.competencies.queries import among
from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.matching import Mentor, MentorIndex, TextBridge
from mentorlink.pairing import rules
from mentorlink.pairing.models import Offer, OfferCompetency, PoolChange, PoolState
from mentorlink.pairing.stages import KINDS
from mentorlink.people.models import Field, Job, Person, Tier, Unit

Records = dict[str, list[Mentor]]


class Pool:
    """The engines of one process over one database."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._epoch: str | None = None
        self._seq = 0
        self._day: date | None = None
        self._indexes: dict[str, MentorIndex] = {}
        self._paused: dict[int, date] = {}

    def fresh(self) -> dict[str, MentorIndex]:
        """The engines as of what this transaction sees, or newer."""
        state = db.session.execute(sa.select(PoolState.epoch, PoolState.seq)).first()
        with self._lock:
            if state is None or state.epoch != self._epoch:
                self._build(state)
            elif state.seq > self._seq:
                self._catch_up(state)
            self._end_pauses()
            return self._indexes

    def _build(self, state: Any) -> None:
        records, paused = load_mentors()
        bridge = _bridge(tuple(said_in_both()))
        self._indexes = {kind: MentorIndex(text_bridge=bridge).fit(records[kind]) for kind in KINDS}
        self._paused, self._day = paused, clock.today()
        self._epoch, self._seq = (state.epoch, state.seq) if state else (None, 0)

    def _catch_up(self, state: Any) -> None:
        changes = db.session.scalars(
            sa.select(PoolChange.person_id).where(PoolChange.seq > self._seq, PoolChange.seq <= state.seq)
        ).all()
        if None in changes or len(changes) != state.seq - self._seq:
            self._build(state)
            return
        self._read_again({person_id for person_id in changes if person_id is not None})
        self._seq = state.seq

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


_pools: dict[str, Pool] = {}
_making = threading.Lock()


def index_of(kind: str) -> MentorIndex:
    """The engine over everyone with an open offer of this kind."""
    return _pool().fresh()[kind]


def warm_pool() -> None:
    """Build the engines now, so that nobody's first request waits for it. Called once when the process starts."""
    _pool().fresh()


def _pool() -> Pool:
    address = db.engine.url.render_as_string(hide_password=True)
    with _making:
        return _pools.setdefault(address, Pool())


def said_in_both() -> list[tuple[str, str]]:
    """What the competency dictionaries say in both languages: from it texts in either find each other. Two queries."""
    said = [words for row in db.session.execute(sa.select(Competency.name, Competency.definition)) for words in row]
    for title, description, indicators in db.session.execute(sa.select(Level.title, Level.description, Level.indicators)):
        said += [title, description, *indicators]
    return sorted({(words["id"], words["en"]) for words in said if words.get("id") and words.get("en")})


@lru_cache(maxsize=2)
def _bridge(said: tuple[tuple[str, str], ...]) -> TextBridge:
    return TextBridge().fit(said)


def load_mentors(
    person_ids: Collection[int] | None = None, *, states: Collection[str] = ("active",)
) -> tuple[Records, dict[int, date]]:
    """Read offers as the engine wants them: all, or those of some people; and who pauses until when. Three queries."""
    offers = db.session.execute(_offers(person_ids, states)).all()
    levels = _levels(person_ids)
    chosen = _chosen(person_ids)
    today = clock.today()
    records: Records = {kind: [] for kind in KINDS}
    paused: dict[int, date] = {}
    for offer in offers:
        records[offer.kind].append(_mentor(offer, levels.get(offer.person_id, {}), chosen.get(offer.id, ()), today))
        if rules.is_paused(offer.paused_until, today):
            paused[offer.person_id] = min(offer.paused_until, paused.get(offer.person_id, offer.paused_until))
    return records, paused


def mentor_record(offer: Offer) -> Mentor:
    """One offer as the engine wants it, read now; for the decision about one pair, so without the texts' words."""
    levels = _levels((offer.person_id,)).get(offer.person_id, {})
    columns = db.session.execute(_offers((offer.person_id,), None).where(Offer.id == offer.id)).one()
    return _mentor(columns, levels, _chosen((offer.person_id,)).get(offer.id, ()), clock.today())


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


def _levels(person_ids: Collection[int] | None) -> dict[int, dict[str, int]]:
    holders = sa.select(Offer.person_id).where(Offer.closed_at.is_(None))
    rows = db.session.execute(
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


def _chosen(person_ids: Collection[int] | None) -> dict[int, list[str]]:
    query = (
        sa.select(OfferCompetency.offer_id, Competency.code)
        .join(Offer, OfferCompetency.offer_id == Offer.id)
        .join(Competency, OfferCompetency.competency_id == Competency.id)
        .where(Offer.closed_at.is_(None))
    )
    if person_ids is not None:
        query = query.where(among(Offer.person_id, person_ids))
    found: dict[int, list[str]] = defaultdict(list)
    for offer_id, code in db.session.execute(query):
        found[offer_id].append(code)
    return found
