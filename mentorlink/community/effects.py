"""What communities do when another has spoken, or when something is due."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mentorlink.community import actions
from mentorlink.community.actions import let_go
from mentorlink.community.actions.decisions import conclude_decision
from mentorlink.community.actions.knowledge import remind_of_pages, seek_help
from mentorlink.community.actions.lives import begin_life
from mentorlink.community.actions.released import tell_of_released
from mentorlink.community.actions.reminding import remind_of_gathering
from mentorlink.community.actions.safety import BATCH, delete_own_words, let_words_go, note_removal
from mentorlink.community.events.communities import CommunityCreated, MemberRemoved
from mentorlink.community.events.safety import MessageReleased
from mentorlink.community.models.communities import Community
from mentorlink.community.models.decisions import Decision
from mentorlink.community.models.gatherings import Gathering
from mentorlink.community.models.knowledge import TopicQuestion
from mentorlink.community.models.marks import PresenceChoice, RoomChoice, TopicChoice
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.events import ErasureGranted, PersonLeft


def let_person_go(event: PersonLeft) -> None:
    """Within: who left the agency belongs to no community."""
    let_go(Actor.system(), event.person_id)


def begin_a_life(event: CommunityCreated) -> None:
    """Within: a new community stands at the beginning of its preparation."""
    begin_life(Actor.system(), event.community_id)


def seek_when_due(payload: dict[str, Any]) -> None:
    """Job: a question has waited for a day."""
    question = db.session.get(TopicQuestion, payload["question_id"])
    if question is not None:
        seek_help(Actor.system(), question)


def remind_when_due(payload: dict[str, Any]) -> None:
    """Job ``community.remind``: a day or an hour is left until a gathering."""
    if (gathering := db.session.get(Gathering, payload["gathering_id"])) is not None:
        remind_of_gathering(Actor.system(), gathering, which=payload["which"], revision=payload["revision"])


def look_at_pages(_payload: dict[str, Any]) -> None:
    """Job: pages whose day of another look has come."""
    remind_of_pages(Actor.system())


def note_removed_member(event: MemberRemoved) -> None:
    """Within: that a member was removed stands in the record of what moderators did, and they may appeal."""
    note_removal(Actor.system(), event.community_id, event.person_id, event.by_id)


def dress_released(event: MessageReleased) -> None:
    """Within: released words name people and competencies as others do; held ones tell whom they name now."""
    tell_of_released(Actor.system(), event.message_id, first=event.held)


def let_old_words_go(payload: dict[str, Any]) -> None:
    """Job: rooms that keep words for so long let older ones go; where there are many, in several goes."""
    if let_words_go(Actor.system()) >= BATCH:
        turn = int(payload.get("turn", 0)) + 1
        key = f"let_words_go:{clock.today().isoformat()}:{turn}"
        jobs.enqueue("community.let_words_go", {"turn": turn}, dedupe_key=key)


def take_back_words(payload: dict[str, Any]) -> None:
    """Job: the rest of what somebody said and takes back."""
    community = db.session.get(Community, payload["community_id"]) if payload["community_id"] else None
    delete_own_words(Actor(payload["person_id"]), community)


def conclude_when_due(payload: dict[str, Any]) -> None:
    """Job: the day of a decision has come."""
    decision = db.session.get(Decision, payload["decision_id"])
    if decision is not None and decision.state == "open":
        conclude_decision(Actor.system(), decision)


def clear_files(_payload: dict[str, Any]) -> None:
    """Files whose message never came go."""
    actions.clear_files(Actor.system())


def erase_words(event: ErasureGranted) -> None:
    """Within: what somebody said loses its words and files (of very many the rest follows as a job), and what they chose goes."""
    if "words" in event.parts:
        delete_own_words(Actor(event.person_id))
    if "traces" in event.parts:
        for table in (PresenceChoice, RoomChoice, TopicChoice):
            db.session.execute(sa.delete(table).where(table.person_id == event.person_id))
