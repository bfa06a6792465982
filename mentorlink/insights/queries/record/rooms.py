"""What the house keeps of somebody in learning communities: what they wrote, gave, chose and agreed."""

from __future__ import annotations

from collections.abc import Iterator

from mentorlink.community.models import (
    Attachment,
    Community,
    Entry,
    Membership,
    Mention,
    Message,
    PollVote,
    Reaction,
    Room,
    RoomChoice,
    Topic,
    TopicChoice,
)
from mentorlink.community.models.decisions import Alternative, Decision, Stance
from mentorlink.community.models.gatherings import AgendaPoint, Attendance, FollowUp, Gathering, Hand
from mentorlink.community.models.knowledge import (
    HelpAsked,
    Helper,
    KnowledgePage,
    Material,
    PageAuthor,
    PageVersion,
    TopicQuestion,
)
from mentorlink.community.models.lives import CycleReview, Keeper, Promise
from mentorlink.community.models.safety import ModerationAct, Moderator, Report
from mentorlink.insights.queries.record.part import Part, part


def parts(me: int) -> Iterator[Part]:
    """Part by part."""
    yield from _belonging(me)
    yield from _talk(me)
    yield from _together(me)
    yield from _knowledge(me)


def _belonging(me: int) -> Iterator[Part]:
    yield part("communities", "room", me, Membership.person_id,
               {"community": Community.name, "role": Membership.role, "at": Membership.joined_at},
               (Community, Membership.community_id == Community.id))  # fmt: skip
    yield part(
        "founded", "agency", me, Community.created_by_id,
        {"community": Community.name, "text": Community.purpose, "why": Community.why, "at": Community.created_at},
    )  # fmt: skip
    yield part(
        "entries", "room", me, Entry.person_id,
        {"community": Community.name, "kind": Entry.kind, "text": Entry.message, "state": Entry.state, "at": Entry.created_at},
        (Community, Entry.community_id == Community.id),
    )  # fmt: skip
    yield part("keeping", "room", me, Keeper.person_id, {"community": Community.name, "kind": Keeper.code},
               (Community, Keeper.community_id == Community.id))  # fmt: skip
    yield part("promises", "room", me, Promise.person_id,
               {"community": Community.name, "text": Promise.text, "state": Promise.state, "at": Promise.made_at},
               (Community, Promise.community_id == Community.id))  # fmt: skip
    yield part(
        "cycle_reviews", "room", me, CycleReview.written_by_id,
        {"community": Community.name, "changed": CycleReview.changed, "keep": CycleReview.keep, "lessons": CycleReview.lessons,
         "at": CycleReview.written_at},
        (Community, CycleReview.community_id == Community.id),
    )  # fmt: skip
    yield part("moderating", "room", me, Moderator.person_id, {"community": Community.name},
               (Community, Moderator.community_id == Community.id))  # fmt: skip
    yield part(
        "moderation", "moderators", me, ModerationAct.person_id,
        {"community": Community.name, "kind": ModerationAct.kind, "reason": ModerationAct.reason, "at": ModerationAct.at,
         "text": ModerationAct.appeal, "state": ModerationAct.appeal_state},
        (Community, ModerationAct.community_id == Community.id),
    )  # fmt: skip
    yield part(
        "reports", "moderators", me, Report.by_id,
        {"community": Community.name, "reason": Report.reason, "text": Report.note, "state": Report.state, "at": Report.at},
        (Community, Report.community_id == Community.id),
    )  # fmt: skip


def _talk(me: int) -> Iterator[Part]:
    yield part("messages", "room", me, Message.author_id,
               {"text": Message.body, "at": Message.created_at, "ended_at": Message.deleted_at})  # fmt: skip
    yield part("attachments", "room", me, Attachment.person_id,
               {"file": Attachment.name, "kind": Attachment.media_type, "at": Attachment.created_at})  # fmt: skip
    yield part("mentions", "room", me, Mention.person_id, {"at": Message.created_at}, (Message, Mention.message_id == Message.id))
    yield part("reactions", "room", me, Reaction.person_id, {"kind": Reaction.code, "at": Reaction.at})
    yield part("votes", "room", me, PollVote.person_id, {"number": PollVote.option})
    yield part("rooms_made", "room", me, Room.created_by_id, {"name": Room.name, "at": Room.created_at})
    yield part("topics", "room", me, (Topic.created_by_id, Topic.resolved_by_id), {"title": Topic.title, "at": Topic.created_at})
    yield part("room_choices", "me", me, RoomChoice.person_id, {"name": Room.name, "kind": RoomChoice.choice},
               (Room, RoomChoice.room_id == Room.id))  # fmt: skip
    yield part("topic_choices", "me", me, TopicChoice.person_id, {"title": Topic.title, "kind": TopicChoice.choice},
               (Topic, TopicChoice.topic_id == Topic.id))  # fmt: skip


def _together(me: int) -> Iterator[Part]:
    yield part(
        "gatherings", "room", me, (Gathering.host_id, Gathering.created_by_id, Gathering.minutes_by_id),
        {"title": Gathering.title, "day": Gathering.starts_at, "minutes": Gathering.minutes, "state": Gathering.state},
    )  # fmt: skip
    yield part(
        "attendance", "room", me, Attendance.person_id,
        {"title": Gathering.title, "day": Gathering.starts_at, "state": Attendance.state, "at": Attendance.present_at},
        (Gathering, Attendance.gathering_id == Gathering.id),
    )  # fmt: skip
    yield part("points", "room", me, AgendaPoint.by_id, {"text": AgendaPoint.text, "ended_at": AgendaPoint.done_at})
    yield part("follow_ups", "room", me, FollowUp.owner_id,
               {"text": FollowUp.text, "day": FollowUp.due_on, "state": FollowUp.state})  # fmt: skip
    yield part("hands", "room", me, Hand.person_id, {"at": Hand.raised_at, "ended_at": Hand.ended_at})
    yield part("decisions", "room", me, Decision.opened_by_id,
               {"text": Decision.question, "state": Decision.state, "at": Decision.opened_at})  # fmt: skip
    yield part(
        "stances", "stance", me, Stance.person_id,
        {"title": Decision.question, "kind": Stance.stance, "reason": Stance.reason, "at": Stance.said_at},
        (Alternative, Stance.alternative_id == Alternative.id), (Decision, Stance.decision_id == Decision.id),
    )  # fmt: skip


def _knowledge(me: int) -> Iterator[Part]:
    yield part("questions", "room", me, (TopicQuestion.asker_id, TopicQuestion.accepted_by_id),
               {"title": Topic.title, "at": TopicQuestion.asked_at, "ended_at": TopicQuestion.accepted_at},
               (Topic, TopicQuestion.topic_id == Topic.id))  # fmt: skip
    yield part("help_asked", "me", me, HelpAsked.person_id, {"state": HelpAsked.state, "at": HelpAsked.asked_at})
    yield part("help_pause", "me", me, Helper.person_id, {"at": Helper.asked_at, "until": Helper.paused_until})
    yield part(
        "knowledge_pages", "room", me, (PageAuthor.person_id, KnowledgePage.created_by_id, KnowledgePage.reviewed_by_id),
        {"title": KnowledgePage.title, "state": KnowledgePage.state, "at": KnowledgePage.changed_at},
        (KnowledgePage, PageAuthor.page_id == KnowledgePage.id),
    )  # fmt: skip
    yield part(
        "page_versions", "room", me, PageVersion.by_id,
        {"title": PageVersion.title, "number": PageVersion.number, "text": PageVersion.body, "at": PageVersion.at},
    )  # fmt: skip
    yield part(
        "material", "room", me, Material.by_id,
        {"title": Material.title, "kind": Material.kind, "text": Material.about, "link": Material.link,
         "file": Material.name, "at": Material.at},
    )  # fmt: skip
