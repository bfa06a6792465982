"""Finding what was said, and topics, rooms and pages: in what the reader may read, the newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import joinedload, lazyload

from mentorlink.community.inputs import SearchInput
from mentorlink.community.models import Membership, Message, Room, SearchEntry, Topic
from mentorlink.community.models.knowledge import KnowledgePage, Material, PageVersion
from mentorlink.community.queries.communities import has_word
from mentorlink.community.queries.rooms import with_author
from mentorlink.community.rules import search as rules
from mentorlink.competencies.models import Competency
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.text import fold
from mentorlink.people.models import Person

PAGE = 20
"""Things shown at once."""

NAMED = 20
"""So many people with such a name are looked for as authors."""


@dataclass(frozen=True)
class Hit:
    """A thing that was found."""

    kind: str
    thing_id: int
    at: datetime
    thing: Any = None
    """Its row."""
    title: str = ""
    """Of a page: as the reader sees it."""


@dataclass(frozen=True)
class Hits:
    """A page of what was found; ``before`` leads to the next one."""

    hits: tuple[Hit, ...] = ()
    before: int | None = None
    empty: bool = False
    """Nothing was asked, or only words that are in every text."""


def search_for(actor: Actor, data: SearchInput) -> Hits:
    """What the actor may read and matches all words and filters."""
    words = list(dict.fromkeys(rules.stems(data.q)))[: rules.MOST_WORDS]
    begun = rules.begun_words(data.q) if len(words) < rules.MOST_WORDS else []
    if begun:
        words = [word for word in words if word != begun[0]]
    every = words + _facets(data)
    if not every and not begun and not data.author:
        return Hits(empty=True)
    if data.kind == "person":
        return Hits()
    mine, conditions = _communities(actor), list(_bounds(actor, data))
    groups = [[rules.facet("c", each) for each in mine if data.community in (None, each)] + [rules.AGENCY]]
    if data.community is not None:
        conditions.append(SearchEntry.community_id == data.community)
    if data.author:
        authors = [rules.facet("u", one) for one in _named(data.author, mine)]
        if not authors:
            return Hits()
        groups.append(authors)
    rows = list(db.session.execute(_matching(every, groups, *conditions, begun=begun).limit(PAGE + 1)))
    things = _read(rows[:PAGE])
    titles = _titles((thing for (kind, _id), thing in things.items() if kind == "page"), mine)
    hits = tuple(
        Hit(row.kind, row.thing_id, row.at, things[row.kind, row.thing_id], titles.get(row.thing_id, ""))
        for row in rows[:PAGE]
        if (row.kind, row.thing_id) in things
    )
    return Hits(hits, rows[PAGE - 1].id if len(rows) > PAGE else None)


def _named(text: str, mine: list[int]) -> list[int]:
    """Who has such words in their name and belongs, or belonged, to one of these communities."""
    words = fold(text).split()[:6]
    if not words:
        return []
    here = sa.select(Message.author_id).join(Room, Room.id == Message.room_id).where(Room.community_id.in_(mine))
    belongs = sa.select(Membership.person_id).where(Membership.community_id.in_(mine))
    people = sa.select(Person.id).where(*map(has_word, words)).order_by(Person.folded_name, Person.id).limit(NAMED)
    wrote = sa.or_(Person.id.in_(belongs), here.where(Message.author_id == Person.id).exists())
    return list(db.session.scalars(people.where(wrote)))


def _titles(pages: Iterable[KnowledgePage], mine: list[int]) -> dict[int, str]:
    """The titles of pages that a stranger reads as they were reviewed."""
    older = [(page.id, page.reviewed_version) for page in pages if page.community_id not in mine]
    named = sa.select(PageVersion.page_id, PageVersion.title).where(sa.tuple_(PageVersion.page_id, PageVersion.number).in_(older))
    return {row.page_id: row.title for row in db.session.execute(named)} if older else {}


def _matching(every: list[str], groups: list[list[str]], *conditions: sa.ColumnElement[bool], begun: list[str]) -> Any:
    entry = SearchEntry
    columns = sa.select(entry.id, entry.kind, entry.thing_id, entry.at).where(*conditions)
    if db.engine.dialect.name == "sqlite":
        index = sa.table("search_words", sa.column("rowid"), sa.column("search_words"))
        query = rules.sqlite_query(every, groups, begun=begun)
        joined = columns.join_from(index, entry, entry.id == index.c.rowid).where(index.c.search_words.op("MATCH")(query))
        return joined.order_by(index.c.rowid.desc())
    lexemes = sa.func.array_to_tsvector(sa.func.string_to_array(entry.words, sa.literal_column("' '")))
    query = sa.cast(sa.literal(rules.postgres_query(every, groups, begun=begun), sa.Text), postgresql.TSQUERY)
    return columns.where(lexemes.op("@@")(query)).order_by(entry.id.desc())


def _bounds(actor: Actor, data: SearchInput) -> Iterable[sa.ColumnElement[bool]]:
    zone = ZoneInfo(actor.timezone) if getattr(actor, "timezone", None) else clock.zone()
    if data.before is not None:
        yield SearchEntry.id < data.before
    if data.since is not None:
        yield SearchEntry.at >= _begin(data.since, zone)
    if data.until is not None:
        yield SearchEntry.at < _begin(data.until + timedelta(days=1), zone)


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _facets(data: SearchInput) -> list[str]:
    named = (("k", data.kind), ("r", data.room), ("t", data.topic), ("u", data.by), ("h", data.has))
    return [rules.facet(sort, value) for sort, value in named if value is not None]


def _communities(actor: Actor) -> list[int]:
    return list(db.session.scalars(sa.select(Membership.community_id).where(Membership.person_id == actor.person_id)))


def _read(rows: Iterable[Any]) -> dict[tuple[str, int], Any]:
    """The rows behind the entries, a query for each kind."""
    ids: dict[str, list[int]] = {}
    for row in rows:
        ids.setdefault(row.kind, []).append(row.thing_id)
    return {(kind, key): thing for kind, wanted in ids.items() for key, thing in LOADERS[kind](wanted).items()}


def _messages(ids: list[int]) -> dict[int, Any]:
    found = sa.select(Message).where(Message.id.in_(ids), Message.deleted_at.is_(None))
    whole = found.options(with_author(), joinedload(Message.topic), joinedload(Message.room))
    return {row.id: row for row in db.session.scalars(whole)}


def _topics(ids: list[int]) -> dict[int, Any]:
    return {row.id: row for row in db.session.scalars(sa.select(Topic).where(Topic.id.in_(ids), Topic.merged_into_id.is_(None)))}


def _rooms(ids: list[int]) -> dict[int, Any]:
    return {row.id: row for row in db.session.scalars(sa.select(Room).where(Room.id.in_(ids)))}


def _pages(ids: list[int]) -> dict[int, Any]:
    found = sa.select(KnowledgePage).where(KnowledgePage.id.in_(ids), KnowledgePage.state != "withdrawn")
    return {row.id: row for row in db.session.scalars(found.options(joinedload(KnowledgePage.community)))}


def _material(ids: list[int]) -> dict[int, Any]:
    found = sa.select(Material).where(Material.id.in_(ids)).options(joinedload(Material.community))
    return {row.id: row for row in db.session.scalars(found)}


LOADERS: dict[str, Callable[[list[int]], dict[int, Any]]] = {
    "message": _messages,
    "topic": _topics,
    "room": _rooms,
    "page": _pages,
    "material": _material,
}
"""Kind → what reads its rows by id."""


def competencies_named(text: str, *, limit: int) -> list[Competency]:
    """Competencies in force whose name, in any language, or code has every word of ``text``; those that begin so first."""
    words = fold(text).split()
    in_force = sa.select(Competency).where(Competency.retired_at.is_(None)).options(lazyload("*"))
    rows = db.session.scalars(in_force.order_by(Competency.position, Competency.id))
    known = [(fold(" ".join([*row.name.values(), row.code])), row) for row in rows]
    found = [(not name.startswith(words[0]), row.id, row) for name, row in known if words and all(word in name for word in words)]
    return [row for _later, _id, row in sorted(found, key=lambda one: one[:2])[:limit]]
