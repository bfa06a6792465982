"""The key that signs badges: made when first needed, one for the house, kept sealed."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into
from mentorlink.learning.models import SigningKey
from mentorlink.learning.policy import may_issue_certificate
from mentorlink.learning.rules.badges import new_key


@action
def signing_key(actor: Actor) -> SigningKey:
    """The key that signs now; of two who make the first one at once, one is kept."""
    ensure(may_issue_certificate, actor)
    current = sa.select(SigningKey).where(SigningKey.only)
    key = db.session.scalar(current)
    if key is None:
        name, public, private = new_key()
        row = {"name": name, "public": public, "private": private, "made_at": clock.now(), "only": True}
        db.session.execute(insert_into(SigningKey).values(row).on_conflict_do_nothing())
        key = db.session.scalars(current).one()
    return key
