"""Rows of communities, their rooms and what is said there."""

from mentorlink.community.models.communities import Community, Entry, Membership
from mentorlink.community.models.marks import PresenceChoice, RoomChoice, RoomMark, TopicChoice, TopicMark
from mentorlink.community.models.messages import (
    REACTIONS,
    Attachment,
    AttachmentContent,
    Mention,
    Message,
    MessageCompetency,
    MessageVersion,
    Poll,
    PollVote,
    Reaction,
)
from mentorlink.community.models.rooms import Room, RoomEvent, Topic
from mentorlink.community.models.search import SearchEntry

__all__ = [
    "REACTIONS",
    "Attachment",
    "AttachmentContent",
    "Community",
    "Entry",
    "Membership",
    "Mention",
    "Message",
    "MessageCompetency",
    "MessageVersion",
    "Poll",
    "PollVote",
    "PresenceChoice",
    "Reaction",
    "Room",
    "RoomChoice",
    "RoomEvent",
    "RoomMark",
    "SearchEntry",
    "Topic",
    "TopicChoice",
    "TopicMark",
]
