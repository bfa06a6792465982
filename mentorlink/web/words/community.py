"""Sentences of communities and rooms."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

SENTENCES = {
    "community_name_taken": lambda f: _("There is a community called “%(name)s” already.", name=f["name"]),
    "room_name_taken": lambda f: _("This community has a room called “%(name)s” already.", name=f["name"]),
    "topic_title_taken": lambda f: _(
        "This room has a topic “%(title)s” already. Please write there, or choose another title.", title=f["title"]
    ),
    "already_member": lambda f: _("This colleague belongs to the community already."),
    "entry_open_already": lambda f: _("There is a request or an invitation already; it waits for an answer."),
    "entry_answered": lambda f: _("This has been answered in the meantime."),
    "last_facilitator": lambda f: _("A community needs a facilitator. Please make another member one first."),
    "message_deleted": lambda f: _("This message was removed in the meantime."),
    "message_changed": lambda f: _("You edited this message elsewhere in the meantime. Please look at it again."),
    "message_said_elsewhere": lambda f: _("This message stands in another room already."),
    "reply_elsewhere": lambda f: _("One replies to a message of the same topic."),
    "person_unknown": lambda f: _("Please choose a colleague from the list."),
    "try_again": lambda f: _("That did not work. Please try again."),
    "too_many_messages": lambda f: ngettext(
        "That was very fast. Please wait %(num)s second.", "That was very fast. Please wait %(num)s seconds.", f["retry_after"]
    ),
    "may_see_community": lambda f: _("This community is not open to you."),
    "may_create_community": lambda f: _("You cannot create a community."),
    "may_change_community": lambda f: _("Only facilitators of this community may change it."),
    "may_manage_members": lambda f: _("Only facilitators decide who belongs."),
    "may_create_room": lambda f: _("Only facilitators of this community make rooms."),
    "may_change_room": lambda f: _("Only facilitators of this community change its rooms."),
    "may_join_community": lambda f: _("One does not join this community like that. Please look at its page."),
    "may_ask_to_join": lambda f: _("One does not join this community by request."),
    "may_leave_community": lambda f: _("You do not belong to this community."),
    "may_answer_invitation": lambda f: _("There is no invitation for you, or no longer."),
    "may_withdraw_asking": lambda f: _("There is no request of yours that waits."),
    "may_see_members": lambda f: _("This community is not open to you."),
    "may_read_room": lambda f: _("Only members read this room."),
    "may_post_message": lambda f: _("Only members write in this room."),
    "may_start_topic": lambda f: _("Only members start topics in this room."),
    "may_mark_room": lambda f: _("Only members read this room."),
    "may_rename_topic": lambda f: _("Whoever started the topic, and facilitators, may rename it."),
    "may_edit_message": lambda f: _("Only who wrote a message may edit it."),
    "may_delete_message": lambda f: _("Whoever wrote the message, and facilitators, may remove it."),
    "may_choose_presence": lambda f: _("Please sign in first."),
    "may_let_go": lambda f: _("Only the house itself does this."),
}
