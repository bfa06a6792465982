"""Rows of communities as dicts, for JSON and for the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from mentorlink.community.actions.messages import Posted
from mentorlink.community.models import Community, Entry, Message, Room
from mentorlink.community.models.decisions import Decision
from mentorlink.community.models.gatherings import Gathering
from mentorlink.community.models.knowledge import KnowledgePage, Material, PageVersion, TopicQuestion
from mentorlink.community.models.lives import CycleReview, Measure, Promise
from mentorlink.community.models.safety import ModerationAct, Report, Withheld
from mentorlink.community.queries.catchup import CatchUp
from mentorlink.community.queries.decisions import Ballot
from mentorlink.community.queries.gatherings import Sheet
from mentorlink.community.queries.lives import Standing
from mentorlink.community.queries.log import Happened, News
from mentorlink.community.queries.rooms import TopicLine
from mentorlink.community.queries.search import Hit
from mentorlink.community.rules import unlink_names
from mentorlink.kernel.text import excerpt, plain

QUOTE = 100
"""Characters of a message shown in a quotation of it."""

Render = Callable[[Message], str]
"""Makes the page's own piece of HTML for a message, free of words that depend on the reader."""


def community(row: Community) -> dict[str, Any]:
    """A community."""
    return {"id": row.id, "name": row.name, "purpose": row.purpose, "joining": row.joining}


def room(row: Room, unread: int = 0) -> dict[str, Any]:
    """A room, with what the reader has not seen."""
    return {"id": row.id, "community_id": row.community_id, "name": row.name, "last_seq": row.last_seq, "unread": unread}


def topic(line: TopicLine) -> dict[str, Any]:
    """A topic, with what the reader has not seen. An empty title is the general talk."""
    row = line.topic
    return {"id": row.id, "title": row.title, "last_seq": row.last_seq, "last_at": row.last_at.isoformat(), "unread": line.unread,
            "resolved": row.resolved_at is not None, "choice": line.choice}  # fmt: skip


def message(row: Message) -> dict[str, Any]:
    """A message; deleted, it has no words."""
    return {
        "id": row.id,
        "seq": row.seq,
        "topic_id": row.topic_id,
        "author": {"id": row.author.id, "name": row.author.name},
        "at": row.created_at.isoformat(),
        "body": unlink_names(row.body),
        "html": row.html,
        "reply_to_id": row.reply_to_id,
        "version": row.version,
        "edited_at": row.edited_at.isoformat() if row.edited_at else None,
        "deleted": row.deleted_at is not None,
        "pinned": row.pinned_at is not None,
        "reactions": row.extras.get("r", {}),
        "files": [file(one) for one in row.extras.get("f", ())],
        "poll": _poll(row.extras["p"]) if "p" in row.extras else None,
    }


def receipt(posted: Posted) -> tuple[dict[str, Any], int]:
    """What who said something is given, and how it is answered: 201, or 200 where it stood there already."""
    return asdict(posted), 200 if posted.duplicate else 201


def file(one: dict[str, Any]) -> dict[str, Any]:
    """A file of a message."""
    return {"id": one["id"], "name": one["n"], "kind": one["k"], "size": one["s"], "width": one["w"], "height": one["h"]}


def _poll(poll: dict[str, Any]) -> dict[str, Any]:
    return {"options": poll["o"], "many": poll["m"], "closed": poll["c"], "votes": [len(voters) for voters in poll["v"]]}


def hit(found: Hit) -> dict[str, Any]:
    """A thing that search found: what it is, where its words begin, and its community."""
    thing = found.thing
    if found.kind == "message":
        words = quoted(thing.html)
    else:
        words = thing.name if found.kind == "room" else found.title or thing.title
    community_id = thing.room.community_id if found.kind in ("message", "topic") else thing.community_id
    return {"kind": found.kind, "id": found.thing_id, "at": found.at.isoformat(), "words": words, "community_id": community_id}


def question(row: TopicQuestion) -> dict[str, Any]:
    """A topic that asks something; answered when an answer is accepted."""
    return {
        "topic_id": row.topic_id, "title": row.topic.title, "community_id": row.community_id, "asker_id": row.asker_id,
        "asked_at": row.asked_at.isoformat(), "competency": row.competency.code if row.competency else None,
        "accepted_id": row.accepted_id,
    }  # fmt: skip


def gathering(row: Gathering) -> dict[str, Any]:
    """A gathering; the code that shows who was there is in nobody's JSON."""
    return {
        "id": row.id, "community_id": row.community_id, "title": row.title, "about": row.about,
        "starts_at": row.starts_at.isoformat(), "minutes": row.minutes, "mode": row.mode, "place": row.place,
        "places": row.places, "taken": row.taken, "host": {"id": row.host.id, "name": row.host.name}, "state": row.state,
    }  # fmt: skip


def sheet(found: Sheet) -> dict[str, Any]:
    """What is on the agenda of a gathering, who comes, what follows."""
    return {
        "agenda": [{"id": one.id, "text": one.text, "done": one.done_at is not None} for one in found.points],
        "people": [
            {"id": one.person.id, "name": one.person.name, "answer": one.state, "present": one.present_at is not None}
            for one in found.people
        ],
        "follow_ups": [
            {"id": one.id, "text": one.text, "owner_id": one.owner_id, "due_on": one.due_on.isoformat() if one.due_on else None,
             "state": one.state}
            for one in found.follow_ups
        ],
        "mine": found.mine.state if found.mine else None,
    }  # fmt: skip


def page(row: KnowledgePage) -> dict[str, Any]:
    """A page of knowledge in a list."""
    return {
        "id": row.id, "community_id": row.community_id, "title": row.title, "state": row.state, "version": row.version,
        "open_to": row.open_to, "reviewed_version": row.reviewed_version,
        "review_on": row.review_on.isoformat() if row.review_on else None,
        "authors": [{"id": one.id, "name": one.name} for one in row.authors],
    }  # fmt: skip


def whole_page(row: KnowledgePage, older: PageVersion | None) -> dict[str, Any]:
    """A page with its words; a stranger reads the version that was reviewed."""
    shown = {"title": older.title, "body": older.body, "version": older.number} if older else {"body": row.body}
    return page(row) | shown | {"competencies": [one.code for one in row.competencies], "topic_id": row.topic_id}


def material(row: Material) -> dict[str, Any]:
    """A piece of the library."""
    return {
        "id": row.id, "community_id": row.community_id, "kind": row.kind, "title": row.title, "about": row.about,
        "link": row.link, "page_id": row.page_id, "competencies": [one.code for one in row.competencies],
    }  # fmt: skip


def waiting(row: Entry) -> dict[str, Any]:
    """Somebody at the door."""
    return {
        "id": row.id, "kind": row.kind, "person_id": row.person_id, "name": row.person.name, "message": row.message,
        "at": row.created_at.isoformat(),
    }  # fmt: skip


def life(found: Standing) -> dict[str, Any]:
    """Where a community stands, and what each step must yield."""
    return {
        "step": found.life.step, "cycle": found.life.cycle, "ready": found.ready, "belongs": found.life.belongs,
        "steps": {
            step: [
                {"code": one.code, "done": one.done, "needed": one.gate, "have": one.have, "of": one.of,
                 "keeper_id": one.keeper.id if one.keeper else None}
                for one in duties
            ]
            for step, duties in found.duties.items()
        },
    }  # fmt: skip


def promise(row: Promise) -> dict[str, Any]:
    """What a member promises."""
    return {"id": row.id, "person_id": row.person_id, "name": row.person.name, "text": row.text, "state": row.state}


def measure(row: Measure) -> dict[str, Any]:
    """By what a community measures itself; figures as text, exact."""
    return {
        "id": row.id, "name": row.name, "unit": row.unit, "start": str(row.start), "start_on": row.start_on.isoformat(),
        "aim": str(row.aim), "result": str(row.result) if row.result is not None else None,
        "result_on": row.result_on.isoformat() if row.result_on else None,
    }  # fmt: skip


def review(row: CycleReview) -> dict[str, Any]:
    """What a cycle came to."""
    return {
        "cycle": row.cycle, "changed": row.changed, "keep": row.keep, "lessons": row.lessons, "outcome": row.outcome,
        "version": row.version,
    }  # fmt: skip


def decision(row: Decision) -> dict[str, Any]:
    """A question in a list."""
    return {
        "id": row.id, "community_id": row.community_id, "question": row.question, "method": row.method, "state": row.state,
        "closes_at": row.closes_at.isoformat(), "outcome": row.outcome, "chosen": row.chosen, "gathering_id": row.gathering_id,
    }  # fmt: skip


def ballot(found: Ballot) -> dict[str, Any]:
    """The ways, and how many stand where; objections with their reasons, one's own stance, nobody else's vote."""
    mine = found.mine
    return {
        "ways": [
            {"id": one.id, "position": one.position, "text": one.text, "pros": one.pros, "cons": one.cons,
             "votes": found.votes.get(one.id, 0)}
            for one in found.alternatives
        ],
        "agreed": found.agreed, "aside": found.aside, "said": found.said, "members": found.members, "needed": found.needed,
        "objections": [{"person_id": one.person_id, "name": one.person.name, "reason": one.reason} for one in found.objections],
        "mine": {"stance": mine.stance, "alternative_id": mine.alternative_id, "reason": mine.reason} if mine else None,
    }  # fmt: skip


def report(row: Report) -> dict[str, Any]:
    """What somebody told the moderators."""
    return {
        "id": row.id, "reason": row.reason, "note": row.note, "message_id": row.message_id, "person_id": row.person_id,
        "name": row.person.name, "at": row.at.isoformat(),
    }  # fmt: skip


def withheld(row: Withheld) -> dict[str, Any]:
    """Words that wait for a moderator."""
    return {"message_id": row.message_id, "author_id": row.message.author_id, "why": row.why, "body": row.body}


def act(row: ModerationAct, *, named: bool) -> dict[str, Any]:
    """What a moderator did; ``named``: with whom it concerned, and how an appeal stands."""
    shape = {"id": row.id, "kind": row.kind, "at": row.at.isoformat()}
    concerns = {"reason": row.reason, "person_id": row.person_id, "message_id": row.message_id, "appeal_state": row.appeal_state}
    return shape | (concerns if named else {})


def catch_up(found: CatchUp) -> dict[str, Any]:
    """What mattered, by topic, and what waits for one's voice."""
    return {
        "topics": [
            {"topic_id": one.topic.id, "room_id": one.topic.room_id, "title": one.topic.title, "community": one.community,
             "unread": one.weight.unread, "mentions": one.weight.mentions, "replies": one.weight.replies}
            for one in found.topics
        ],
        "more": found.more,
        "questions": [{"id": one.question_id, "title": one.question.topic.title} for one in found.helps],
        "decisions": [decision(one) for one in found.decisions],
        "gatherings": [gathering(one) for one in found.gatherings],
        "pages": [{"id": one.id, "title": one.title} for one in found.pages],
    }  # fmt: skip


def quoted(html: str) -> str:
    """The words of a message in a quotation of it."""
    return excerpt(plain(html), QUOTE)


def entry(happened: Happened, render: Render | None) -> dict[str, Any]:
    """One entry of a room's log for the wire: short names, no empty ones. ``html`` is the page's own piece."""
    row, said, about = happened.entry, happened.message, happened.topic
    shape: dict[str, Any] = {"seq": row.seq, "kind": row.kind, "stamp": row.stamp}
    if about is not None:
        shape["topic"] = about.id
    if row.kind == "moved":
        return shape | _moved(happened)
    if row.kind == "ruled":
        return shape
    if happened.glass is not None:
        told = happened.glass
        return shape | {"names": [told.by, told.second], "opened": int(told.at.timestamp() * 1000)}
    if said is not None:
        shape["id"] = said.id
        if row.kind == "posted":
            shape["by"] = said.author_id
            shape |= {"gone": True} if said.deleted_at is not None else {}
        if render is not None:
            shape["html"] = render(said)
        if row.kind in ("edited", "deleted"):
            shape |= {"at": said.seq, "quote": quoted(said.html), "pinned": _is_pinned(said)}
            shape |= {"released": True} if row.kind == "edited" and row.person_id != said.author_id else {}
        elif row.kind == "changed":
            shape |= {"at": said.seq, "pinned": _is_pinned(said)}
    elif about is not None:
        shape |= {"title": about.title, "by": row.person_id}
        if row.kind == "settled":
            shape["resolved"] = about.resolved_at is not None
    elif happened.person is not None:
        shape |= {"by": row.person_id, "name": happened.person.name}
    return shape


def _moved(happened: Happened) -> dict[str, Any]:
    """Where what moved stood before; ``merged``: that topic is no more; ``room``: it stands in another room now."""
    row, about, source = happened.entry, happened.topic, happened.source
    shape: dict[str, Any] = {"from": row.from_topic_id, "by": row.person_id}
    if source is not None and source.merged_into_id is not None:
        shape["merged"] = True
    if about is not None and about.room_id != row.room_id:
        shape["room"] = about.room_id
    return shape


def _is_pinned(said: Message) -> bool:
    return said.pinned_at is not None and said.deleted_at is None


def entries(happened: Iterable[Happened], render: Render | None) -> list[dict[str, Any]]:
    """Entries for the wire, in order."""
    return [entry(item, render) for item in happened]


def news(found: News, render: Render | None) -> dict[str, Any]:
    """What came after a cursor, for the wire."""
    if found.reload:
        return {"reload": True, "last": found.last}
    return {"last": found.last, "more": found.more, "events": entries(found.happened, render)}
