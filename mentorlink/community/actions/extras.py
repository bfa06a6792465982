"""What a message shows beside its words, gathered from its rows while the room is held."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mentorlink.community.actions import log
from mentorlink.community.models import REACTIONS, Attachment, Message, Poll, PollVote, Reaction
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db


def gather(message: Message) -> dict[str, Any]:
    """``r`` reactions: code → person ids; ``f`` files; ``p`` poll: options, votes by option. Nothing empty."""
    extras: dict[str, Any] = {}
    answered = db.session.execute(
        sa.select(Reaction.code, Reaction.person_id)
        .where(Reaction.message_id == message.id)
        .order_by(Reaction.at, Reaction.person_id)
    ).all()
    if answered:
        extras["r"] = {code: ids for code in REACTIONS if (ids := [row.person_id for row in answered if row.code == code])}
    files = db.session.scalars(sa.select(Attachment).where(Attachment.message_id == message.id).order_by(Attachment.id)).all()
    if files:
        extras["f"] = [
            {"id": one.id, "n": one.name, "k": one.kind, "s": one.size, "w": one.width, "h": one.height} for one in files
        ]
    poll = db.session.get(Poll, message.id)
    if poll is not None:
        votes = db.session.execute(
            sa.select(PollVote.option, PollVote.person_id).where(PollVote.message_id == message.id).order_by(PollVote.person_id)
        ).all()
        chosen = [[row.person_id for row in votes if row.option == place] for place in range(len(poll.options))]
        extras["p"] = {"o": poll.options, "m": poll.many, "c": poll.closed_at is not None, "v": chosen}
    return extras


def show(message: Message, actor: Actor) -> None:
    """The message shows what its rows say now, and its room hears of it."""
    db.session.flush()
    message.extras = gather(message)
    log.write(
        message.room_id, log.next_number(message.room_id), "changed", message_id=message.id, topic_id=message.topic_id,
        person_id=actor.person_id,
    )  # fmt: skip
