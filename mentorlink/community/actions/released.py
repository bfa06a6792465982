"""What follows when words that were withheld are let stand."""

from __future__ import annotations

from mentorlink.community import rules
from mentorlink.community.actions.messages import competencies_of, note_mentions, to_tell, with_mentions
from mentorlink.community.events import MessagePosted
from mentorlink.community.models import Message
from mentorlink.community.policy.safety import may_tend_rooms
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db


@action
def tell_of_released(actor: Actor, message_id: int, *, first: bool) -> None:
    """Names and competencies in the words lead where they should; ``first``: who is named, answered or follows is told now."""
    ensure(may_tend_rooms, actor)
    message = db.session.get_one(Message, message_id)
    body, names = with_mentions(message.body, message.room)
    message.html = rules.render(body, names, competencies_of(message.id, body))
    told = note_mentions(message, names)
    if first:
        answered = db.session.get(Message, message.reply_to_id) if message.reply_to_id is not None else None
        record(
            MessagePosted(
                message.id, message.room_id, message.topic_id, message.author_id, mentioned=told,
                answered_id=to_tell(message, answered),
            )
        )  # fmt: skip
