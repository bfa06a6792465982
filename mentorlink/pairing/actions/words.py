"""The words by which all processes read texts."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from mentorlink.kernel import clock, crypto
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into
from mentorlink.matching import TextModel
from mentorlink.pairing.models import PoolChange, PoolState, PoolWords
from mentorlink.pairing.policy import may_keep_words

KEEP_NOTES = timedelta(days=7)


@action
def keep_words(actor: Actor, words: TextModel) -> int:
    """From now on all processes read texts by these words; the number of their edition. Old notes of changes go."""
    ensure(may_keep_words, actor)
    first = insert_into(PoolState).values(id=1, epoch=crypto.new_token()[:32], seq=0, edition=1)
    next_ = {"edition": PoolState.edition + 1}
    edition, seq = db.session.execute(
        first.on_conflict_do_update(index_elements=[PoolState.id], set_=next_).returning(PoolState.edition, PoolState.seq)
    ).one()
    db.session.execute(sa.delete(PoolWords))
    db.session.add(PoolWords(edition=edition, content=words.to_bytes(), made_at=clock.now(), seq=seq))
    db.session.execute(sa.delete(PoolChange).where(PoolChange.changed_at < clock.now() - KEEP_NOTES))
    return int(edition)
