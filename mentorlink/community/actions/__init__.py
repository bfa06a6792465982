"""Use cases of communities, rooms and messages."""

from mentorlink.community.actions.answers import ask_poll, close_poll, pin_message, react, vote
from mentorlink.community.actions.communities import change_community, change_role, create_community, remove_member
from mentorlink.community.actions.files import attach_file, clear_files, drop_file
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
from mentorlink.community.actions.messages import Posted, delete_message, edit_message, post_message, speak_in
from mentorlink.community.actions.rooms import change_room, create_room, rename_topic, start_topic
from mentorlink.community.actions.topics import choose_room, choose_topic, merge_topic, move_message, move_topic, settle_topic

__all__ = [
    "Posted",
    "answer_entry",
    "ask_poll",
    "ask_to_join",
    "attach_file",
    "change_community",
    "change_role",
    "change_room",
    "choose_presence",
    "choose_room",
    "choose_topic",
    "clear_files",
    "close_poll",
    "create_community",
    "create_room",
    "decline_invitation",
    "delete_message",
    "drop_file",
    "edit_message",
    "invite_person",
    "join_community",
    "leave_community",
    "let_go",
    "mark_room_read",
    "mark_seen",
    "merge_topic",
    "move_message",
    "move_topic",
    "pin_message",
    "post_message",
    "react",
    "remove_member",
    "rename_topic",
    "settle_topic",
    "speak_in",
    "start_topic",
    "vote",
    "withdraw_asking",
]
