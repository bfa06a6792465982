"""Rows of communities, their rooms and what is said there."""

from mentorlink.community.models.communities import Community, Entry, Membership
from mentorlink.community.models.marks import PresenceChoice, RoomMark, TopicMark
from mentorlink.community.models.messages import Mention, Message, MessageVersion
from mentorlink.community.models.rooms import Room, RoomEvent, Topic

__all__ = [
    "Community",
    "Entry",
    "Membership",
    "Mention",
    "Message",
    "MessageVersion",
    "PresenceChoice",
    "Room",
    "RoomEvent",
    "RoomMark",
    "Topic",
    "TopicMark",
]
