"""What use cases of communities take from outside."""

from mentorlink.community.inputs.communities import AnswerInput, AskInput, CommunityInput, InvitationInput, RoleInput
from mentorlink.community.inputs.rooms import (
    MESSAGE_LENGTH,
    Body,
    ClientId,
    EditInput,
    MessageInput,
    PresenceInput,
    RoomInput,
    SeenInput,
    Title,
    TitleInput,
    TopicInput,
)

__all__ = [
    "MESSAGE_LENGTH",
    "AnswerInput",
    "AskInput",
    "Body",
    "ClientId",
    "CommunityInput",
    "EditInput",
    "InvitationInput",
    "MessageInput",
    "PresenceInput",
    "RoleInput",
    "RoomInput",
    "SeenInput",
    "Title",
    "TitleInput",
    "TopicInput",
]
