"""People whom the sign-in page of a demo offers."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from mentorlink.kernel import settings
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict
from mentorlink.people import policy
from mentorlink.people.actions.bulk import Saved, save_people
from mentorlink.people.inputs import PersonRow
from mentorlink.people.models import DemoSignIn, Person
from mentorlink.people.queries.accounts import demo_is_safe


@action
def offer_demo_sign_ins(actor: Actor, stories: Sequence[tuple[int, dict[str, str]]]) -> None:
    """Offer these people on the sign-in page, with a line each about what there is to see; Conflict over real people."""
    ensure(policy.may_load_demo, actor)
    _refuse_over_real_people()
    db.session.execute(sa.delete(DemoSignIn))
    for position, (person_id, story) in enumerate(stories):
        db.session.get_one(Person, person_id)
        db.session.add(DemoSignIn(person_id=person_id, story=story, position=position))


@action
def save_demo_people(actor: Actor, rows: Sequence[PersonRow]) -> Saved:
    """Take made-up people in: active without having taken an invitation, none with a password; Conflict over real people."""
    ensure(policy.may_load_demo, actor)
    _refuse_over_real_people()
    saved = save_people(actor, rows)
    db.session.execute(sa.update(Person).where(Person.id.in_(saved.added)).values(of_demo=True, state="active"))
    return saved


def _refuse_over_real_people() -> None:
    if not settings.current().demo or not demo_is_safe():
        raise Conflict("demo_over_real_people")
