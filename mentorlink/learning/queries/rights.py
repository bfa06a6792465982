"""Reads of requests about one's own data, and of consent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, joinedload

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
    return db.session.scalars(
        _of_people_in_reach(actor)
        .options(joinedload(DataRequest.person).joinedload(Person.unit), joinedload(DataRequest.answered_by))
        .order_by(DataRequest.answered_at.is_not(None), DataRequest.due_at, DataRequest.id)
        .limit(SHOWN)
    ).all()


def open_data_requests_for(actor: Actor) -> tuple[int, datetime | None]:
    """How many requests wait for HR to answer, and until when the first of them; none for whom they are not. One query."""
    if not may_see_data_requests(actor):
        return 0, None
    waiting = _of_people_in_reach(actor).where(DataRequest.state == "open")
    count, due_at = db.session.execute(waiting.with_only_columns(sa.func.count(), sa.func.min(DataRequest.due_at))).one()
    return count, due_at


def _of_people_in_reach(actor: Actor) -> sa.Select[tuple[DataRequest]]:
    over = [grant.unit_path for grant in actor.grants if grant.role is Role.MANAGER]
    reach = (
        sa.true()
        if actor.is_system or None in over
        else sa.or_(sa.false(), *(Unit.path.startswith(path, autoescape=True) for path in over if path))
    )
    return (
        sa.select(DataRequest)
        .join(Person, DataRequest.person_id == Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .where(reach, DataRequest.person_id != (actor.person_id or 0))
    )


def data_request_for(actor: Actor, request_id: int) -> DataRequest:
    """One request that HR may answer."""
    row = db.session.get(DataRequest, request_id, options=[joinedload(DataRequest.person)])
    if row is None or not may_answer_data_request(actor, row):
        raise NotFound()
    return row


@dataclass(frozen=True)
class Purpose:
    """What somebody's data are used for, on which ground, and what they said to it, the newest word first."""

    code: str
    ground: str
    said: tuple[tuple[bool, datetime], ...]

    @property
    def given(self) -> bool | None:
        """Yes, no, or None where nothing was said yet."""
        return self.said[0][0] if self.said else None

    @property
    def served(self) -> bool:
        """Whether the data are used for it: with a yes where consent is the ground, else until somebody objects."""
        return self.given is True if self.ground == "consent" else self.given is not False


def purposes_of(person_id: int) -> list[Purpose]:
    """Every purpose, with all that somebody said to it."""
    rows = db.session.execute(
        sa.select(Consent.purpose, Consent.given, Consent.said_at)
        .where(Consent.person_id == person_id)
        .order_by(Consent.id.desc())
    ).all()
    return [
        Purpose(code, ground, tuple((row.given, row.said_at) for row in rows if row.purpose == code))
        for code, ground in PURPOSES.items()
    ]


def serves(person_id: int, purpose: str) -> bool:
    """Whether somebody's data may be used for a purpose."""
    return next(each.served for each in purposes_of(person_id) if each.code == purpose)


def usable(purpose: str, person_id: InstrumentedAttribute[int]) -> sa.ColumnElement[bool]:
    """The condition that the data of whom ``person_id`` names may be used for a purpose."""
    consent = PURPOSES[purpose] == "consent"
    newest = sa.select(sa.func.max(Consent.id)).where(Consent.purpose == purpose).group_by(Consent.person_id)
    said = sa.select(Consent.person_id).where(Consent.id.in_(newest), Consent.given.is_(consent))
    return person_id.in_(said) if consent else person_id.not_in(said)
