"""Use cases of communities, rooms and messages."""

from mentorlink.community.actions.communities import change_community, change_role, create_community, remove_member
from mentorlink.community.actions.joining import (
    answer_entry,
    ask_to_join,
    decline_invitation,
    invite_person,
    join_community,
    leave_community,
    let_go,
    withdraw_asking,
)
from mentorlink.community.actions.marks import choose_presence, mark_room_read, mark_seen
from mentorlink.community.actions.messages import Posted, delete_message, edit_message, post_message
from mentorlink.community.actions.rooms import change_room, create_room, rename_topic, start_topic

__all__ = [
    "Posted",
    "answer_entry",
    "ask_to_join",
    "change_community",
    "change_role",
    "change_room",
    "choose_presence",
    "create_community",
    "create_room",
    "decline_invitation",
    "delete_message",
    "edit_message",
    "invite_person",
    "join_community",
    "leave_community",
    "let_go",
    "mark_room_read",
    "mark_seen",
    "post_message",
    "remove_member",
    "rename_topic",
    "start_topic",
    "withdraw_asking",
]
