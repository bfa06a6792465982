"""Reads of requests about one's own data, and of consent."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.models import Consent, DataRequest
from mentorlink.learning.policy import may_answer_data_request, may_ask_about_data, may_see_data_requests
from mentorlink.learning.stages import PURPOSES
from mentorlink.people.models import Person, Unit

SHOWN = 100


def data_requests_for(actor: Actor, person: Person) -> Sequence[DataRequest]:
    """What somebody asked about their own data, newest first."""
    if not may_ask_about_data(actor, person):
        raise NotFound()
    return db.session.scalars(
        sa.select(DataRequest)
        .options(joinedload(DataRequest.answered_by))
        .where(DataRequest.person_id == person.id)
        .order_by(DataRequest.id.desc())
        .limit(SHOWN)
    ).all()


def waiting_data_requests_for(actor: Actor) -> Sequence[DataRequest]:
    """Open requests of the people whom HR looks after, the most urgent first, then the latest answers."""
    if not may_see_data_requests(actor):
        raise NotFound()
    over = [grant.unit_path for grant in actor.grants if grant.role is Role.MANAGER]
    reach = (
        sa.true()
        if actor.is_system or None in over
        else sa.or_(sa.false(), *(Unit.path.startswith(path, autoescape=True) for path in over if path))
    )
    return db.session.scalars(
        sa.select(DataRequest)
        .join(Person, DataRequest.person_id == Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .options(joinedload(DataRequest.person), joinedload(DataRequest.answered_by))
        .where(reach, DataRequest.person_id != (actor.person_id or 0))
        .order_by(DataRequest.answered_at.is_not(None), DataRequest.due_at, DataRequest.id)
        .limit(SHOWN)
    ).all()


def data_request_for(actor: Actor, request_id: int) -> DataRequest:
    """One request that HR may answer."""
    row = db.session.get(DataRequest, request_id, options=[joinedload(DataRequest.person)])
    if row is None or not may_answer_data_request(actor, row):
        raise NotFound()
    return row


def consents_of(person_id: int) -> dict[str, bool | None]:
    """Purpose → yes, no, or None where nothing was said yet. Until somebody says no, the purpose is served."""
    found: dict[str, bool | None] = dict.fromkeys(PURPOSES)
    rows = db.session.execute(
        sa.select(Consent.purpose, Consent.given).where(Consent.person_id == person_id).order_by(Consent.id)
    )
    return found | dict(rows.all())


def objecting(purpose: str) -> sa.Select[tuple[int]]:
    """Ids of people who said no to a purpose, as a subquery."""
    newest = sa.select(sa.func.max(Consent.id)).where(Consent.purpose == purpose).group_by(Consent.person_id)
    return sa.select(Consent.person_id).where(Consent.id.in_(newest), Consent.given.is_(False))
