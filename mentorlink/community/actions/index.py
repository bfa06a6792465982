"""Keeping what search looks through. Actions of communities call it where they write."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mentorlink.community.models import Message, Room, SearchEntry, Topic
from mentorlink.community.models.knowledge import KnowledgePage, Material, PageVersion, TopicQuestion
from mentorlink.community.rules.search import AGENCY, entry_words, facet
from mentorlink.kernel.db import db, insert_into
from mentorlink.kernel.prepared import Prepared
from mentorlink.kernel.text import markdown, plain

_TABLE = SearchEntry.__table__


def put(kind: str, thing_id: int, *, community_id: int, at: datetime, text: str, facets: Iterable[str] = ()) -> None:
    """Let search find a thing by its words as they are now, inside an action."""
    words = entry_words(text, [facet("k", kind), *facets], facet("c", community_id))
    entry = {"kind": kind, "thing_id": thing_id, "community_id": community_id, "at": at, "words": words}
    _put.run(entry)


def drop(kind: str, thing_id: int) -> None:
    """Let search find it no more, inside an action."""
    db.session.execute(sa.delete(SearchEntry).where(SearchEntry.kind == kind, SearchEntry.thing_id == thing_id))


def put_message(message: Message, community_id: int) -> None:
    """A message: its words, and by filter its room, topic, author and what it carries."""
    has = [facet("h", name) for name in sorted(_carries(message))]
    facets = [facet("r", message.room_id), facet("t", message.topic_id), facet("u", message.author_id), *has]
    files = " ".join(one["n"] for one in message.extras.get("f", ()))
    options = " ".join(message.extras.get("p", {}).get("o", ()))
    text = f"{plain(message.html)} {files} {options}"
    put("message", message.id, community_id=community_id, at=message.created_at, text=text, facets=facets)


def put_topic(topic: Topic, room: Room) -> None:
    """A topic by its title, and as a question where it asks something."""
    asks = db.session.scalar(sa.select(TopicQuestion.id).where(TopicQuestion.topic_id == topic.id)) is not None
    facets = [facet("r", room.id), *([facet("k", "question")] if asks else [])]
    put("topic", topic.id, community_id=room.community_id, at=topic.created_at, text=topic.title, facets=facets)


def put_room(room: Room) -> None:
    """A room by its name and purpose."""
    put("room", room.id, community_id=room.community_id, at=room.created_at, text=f"{room.name} {room.purpose}")


def put_page(page: KnowledgePage) -> None:
    """A page by what one reads: of one that is open to the agency, that is what an expert has reviewed."""
    shown: KnowledgePage | PageVersion = page
    opened = page.open_to == "agency" and page.reviewed_version is not None
    if opened and page.reviewed_version != page.version:
        shown = db.session.get_one(PageVersion, (page.id, page.reviewed_version))
    text = f"{shown.title} {plain(markdown(shown.body))}"
    put("page", page.id, community_id=page.community_id, at=page.created_at, text=text, facets=[AGENCY] if opened else [])


def put_material(material: Material) -> None:
    """Material by its title, what it is about and the name of its file."""
    text = f"{material.title} {material.about} {material.name or ''}"
    facets = [AGENCY] if material.open_to == "agency" else []
    put("material", material.id, community_id=material.community_id, at=material.at, text=text, facets=facets)


def retopic(message_ids: list[int], old: int, new: int) -> None:
    """Messages stand in another topic now."""
    for start in range(0, len(message_ids), 500):
        db.session.execute(
            sa.update(_TABLE)
            .where(_TABLE.c.kind == "message", _TABLE.c.thing_id.in_(message_ids[start : start + 500]))
            .values(words=sa.func.replace(_TABLE.c.words, f"{facet('t', old)} ", f"{facet('t', new)} "))
        )


def reroom(topic: Topic, room: Room, message_ids: list[int], old_room_id: int) -> None:
    """A topic and its messages stand in another room of the community now."""
    put_topic(topic, room)
    for start in range(0, len(message_ids), 500):
        db.session.execute(
            sa.update(_TABLE)
            .where(_TABLE.c.kind == "message", _TABLE.c.thing_id.in_(message_ids[start : start + 500]))
            .values(words=sa.func.replace(_TABLE.c.words, f"{facet('r', old_room_id)} ", f"{facet('r', room.id)} "))
        )


def _carries(message: Message) -> set[str]:
    files = message.extras.get("f", ())
    carried = {"file"} if files else set()
    carried |= {"image" for one in files if one["k"] == "image"}
    carried |= {"poll"} if "p" in message.extras else set()
    carried |= {"link"} if "<a href" in message.html else set()
    carried |= {"competency"} if 'href="/competencies/' in message.html else set()
    return carried


@Prepared
def _put() -> Any:
    put = insert_into(SearchEntry)
    names = ("kind", "thing_id", "community_id", "at", "words")
    put = put.values({name: sa.bindparam(name, type_=_TABLE.c[name].type) for name in names})
    return put.on_conflict_do_update(index_elements=["kind", "thing_id"], set_={"words": put.excluded.words})
