"""Answering without words: reactions, votes; and pins."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.community import policy
from mentorlink.community.actions import extras, index, log
from mentorlink.community.actions.messages import Posted, hold_message, refuse_where_closed, refuse_where_still, said_before, say
from mentorlink.community.inputs import MessageInput, PinInput, PollInput, ReactionInput, VoteInput
from mentorlink.community.models import Message, Poll, PollVote, Reaction, Room
from mentorlink.community.queries.ground import ground_for
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Fault, Invalid, NotFound

OPTIONS = 10
"""A poll offers two to so many."""


@action
def react(actor: Actor, message: Message, data: ReactionInput) -> None:
    """The actor's answer of this sort stands, or stands no more; twice is once."""
    ensure(policy.may_react, actor, message)
    hold_message(actor, message)
    refuse_where_still(actor, message, words=False)
    found = db.session.get(Reaction, (message.id, actor.person_id, data.code))
    if data.on == (found is not None):
        return
    if found is not None:
        db.session.delete(found)
    else:
        db.session.add(Reaction(message_id=message.id, person_id=actor.person_id, code=data.code, at=clock.now()))
    extras.show(message, actor)


@action
def pin_message(actor: Actor, message: Message, data: PinInput) -> None:
    """The message stands among the pinned ones of its topic, or no more."""
    ensure(policy.may_pin_message, actor, message)
    hold_message(actor, message)
    refuse_where_still(actor, message, words=False)
    if data.pinned == (message.pinned_at is not None):
        return
    message.pinned_at = clock.now() if data.pinned else None
    message.pinned_by_id = actor.person_id if data.pinned else None
    extras.show(message, actor)


@action
def ask_poll(actor: Actor, room: Room, data: PollInput) -> Posted:
    """The question stands in the topic with its options. Sent twice, it stands once."""
    ensure(policy.may_post_message, actor, room)
    options = list(dict.fromkeys(" ".join(line.split())[:120] for line in data.options.split("\n") if line.strip()))
    if not 2 <= len(options) <= OPTIONS:
        raise Invalid(Fault("options", "poll_options", {"most": OPTIONS}))
    log.hold(room.id)
    ground = ground_for(actor, room.id, data.topic_id, data.client_id)
    said = said_before(ground)
    if said is not None:
        return said
    if ground.topic_id is None or ground.merged_into_id is not None:
        raise NotFound()
    refuse_where_closed(actor, ground)
    words = MessageInput(topic_id=ground.topic_id, body=data.body, client_id=data.client_id)
    posted = say(actor, ground, ground.topic_id, words, beside="\n".join(options))
    message = db.session.get_one(Message, posted.id)
    db.session.add(Poll(message_id=message.id, options=options, many=data.many))
    db.session.flush()
    if message.deleted_at is not None:
        return posted
    message.extras = extras.gather(message)
    index.put_message(message, ground.community_id)
    return posted


@action
def vote(actor: Actor, message: Message, data: VoteInput) -> None:
    """The actor chose these options and no others; none takes the vote back."""
    ensure(policy.may_vote, actor, message)
    hold_message(actor, message)
    refuse_where_still(actor, message, words=False)
    poll = _poll(message)
    if poll.closed_at is not None:
        raise Conflict("poll_closed")
    wanted = set(data.options)
    if any(place >= len(poll.options) for place in wanted) or (len(wanted) > 1 and not poll.many):
        raise Invalid(Fault("options", "poll_choice"))
    mine = sa.select(PollVote.option).where(PollVote.message_id == message.id, PollVote.person_id == actor.person_id)
    if set(db.session.scalars(mine)) == wanted:
        return
    db.session.execute(sa.delete(PollVote).where(PollVote.message_id == message.id, PollVote.person_id == actor.person_id))
    db.session.add_all(PollVote(message_id=message.id, person_id=actor.person_id, option=place) for place in sorted(wanted))
    extras.show(message, actor)


@action
def close_poll(actor: Actor, message: Message) -> None:
    """Nobody votes any more; what was chosen stays to be seen."""
    ensure(policy.may_close_poll, actor, message)
    hold_message(actor, message)
    poll = _poll(message)
    if poll.closed_at is None:
        poll.closed_at = clock.now()
        extras.show(message, actor)


def _poll(message: Message) -> Poll:
    poll = db.session.get(Poll, message.id, populate_existing=True)
    if poll is None:
        raise NotFound()
    return poll
