"""What happened in a community."""

from mentorlink.community.events.communities import (
    CommunityCreated,
    InvitationDeclined,
    JoinAnswered,
    JoinAsked,
    JoinedCommunity,
    LeftCommunity,
    MemberInvited,
    MemberRemoved,
    MemberRoleChanged,
)
from mentorlink.community.events.rooms import ChoiceMade, MessageEdited, MessagePosted, PresenceChosen, RoomMoved, TopicSeen

__all__ = [
    "ChoiceMade",
    "CommunityCreated",
    "InvitationDeclined",
    "JoinAnswered",
    "JoinAsked",
    "JoinedCommunity",
    "LeftCommunity",
    "MemberInvited",
    "MemberRemoved",
    "MemberRoleChanged",
    "MessageEdited",
    "MessagePosted",
    "PresenceChosen",
    "RoomMoved",
    "TopicSeen",
]
