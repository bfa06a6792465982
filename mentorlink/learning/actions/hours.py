"""The ledger: what deeds count, and corrections of it."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict
from mentorlink.learning.events import DeedTooLate
from mentorlink.learning.models import Claim, HoursEntry, HoursRule
from mentorlink.learning.policy import may_credit_hours
from mentorlink.learning.queries import rule_on
from mentorlink.learning.queries.credit import Standing, allocated, deeds_of, sharing
from mentorlink.learning.queries.periods import period_on
from mentorlink.learning.rules import Deed, Share, full_jp, paths_of
from mentorlink.learning.rules.periods import months_between
from mentorlink.people.models import Person
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring.models import Mentorship


@action
def credit_deed(actor: Actor, person_id: int, *, path: str, happened_on: date, origin: str, minutes: int = 0, units: int = 1,
                jp: int | None = None, claim: Claim | None = None) -> None:  # fmt: skip
    """Credit a deed to a person under its cap; the same deed is credited once. Without ``jp`` the table says how much.

    Where a better paid session takes the room of one that stood, that one is corrected. A day of a frozen period takes nothing
    any more: the deed stands without hours, and the person is told.
    """
    ensure(may_credit_hours, actor)
    lock(db.session.get_one(Person, person_id))
    if db.session.scalar(sa.select(HoursEntry.id).where(HoursEntry.person_id == person_id, HoursEntry.origin == origin)):
        return
    period = period_on(happened_on, hold=True)
    if period is not None and period.state == "frozen":
        record(DeedTooLate(person_id=person_id, period_id=period.id, happened_on=happened_on))
        return
    rule = rule_on(happened_on)
    table = paths_of(rule.paths)[path]
    full = full_jp(table, units=units, minutes=minutes) if jp is None else jp
    others = sharing(person_id, path, rule, table, happened_on)
    *before, own = allocated(table, others, Deed(full, units))
    _correct(others, before)
    db.session.add(
        HoursEntry(
            person_id=person_id, path=path, happened_on=happened_on, minutes=minutes, units=units, jp=own.jp, counted=own.units,
            capped_from=full if own.jp < full else None, rule_id=rule.id, origin=origin, turn=0, reason="",
            claim_id=claim.id if claim else None, approved_by_id=claim.decided_by_id if claim else None, created_at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()


@action
def withdraw_deed(actor: Actor, person_id: int, *, origin: str, by_id: int | None = None) -> None:
    """Take back what a deed counts, by a new entry; others that its cap kept out may count then. Once per deed."""
    ensure(may_credit_hours, actor)
    lock(db.session.get_one(Person, person_id))
    first = db.session.scalar(
        sa.select(HoursEntry).where(HoursEntry.person_id == person_id, HoursEntry.origin == origin, HoursEntry.turn == 0)
    )
    if first is None:
        return
    refuse_frozen(first.happened_on, first.happened_on)
    rule = db.session.get_one(HoursRule, first.rule_id)
    table = paths_of(rule.paths)[first.path]
    beside = sharing(person_id, first.path, rule, table, first.happened_on, of=origin)
    deed = next((standing for standing in beside if standing.first.origin == origin), None)
    if deed is None:
        return
    _add_turn(deed, Share(0, 0), "withdrawn", by_id)
    others = [standing for standing in beside if standing is not deed]
    _correct(others, allocated(table, others))
    db.session.flush()


def refuse_frozen(first: date, last: date) -> None:
    """Refuse what would change the hours of a day between two that lies in a frozen period."""
    for month in months_between(first, last):
        period = period_on(month, hold=True)
        if period is not None and period.state == "frozen":
            raise Conflict("period_frozen", period=period.name)


def credit_meeting(actor: Actor, meeting: Meeting, mentorship: Mentorship) -> None:
    """A held mentoring session counts for the mentee, and for the mentor where the rule says so."""
    _credit_session(actor, meeting, "mentoring", mentorship.mentee_id, mentorship.mentor_id)


def credit_coaching(actor: Actor, meeting: Meeting, engagement: Engagement) -> None:
    """A held coaching session counts alike; the first talk, before either was committed, does not."""
    if engagement.engaged_at is not None and meeting.starts_at >= engagement.engaged_at:
        _credit_session(actor, meeting, "coaching", engagement.coachee_id, engagement.coach_id)


def _credit_session(actor: Actor, meeting: Meeting, path: str, learner_id: int, helper_id: int) -> None:
    for person_id in (learner_id, helper_id):
        person = db.session.get_one(Person, person_id)
        day = meeting.starts_at.astimezone(ZoneInfo(person.timezone)).date()
        if person_id == helper_id and not rule_on(day).paths[path]["mentor_earns"]:
            continue
        once = meeting.of_id if person_id == helper_id and meeting.of_id else meeting.id  # who leads a group met once
        credit_deed(actor, person_id, path=path, happened_on=day, minutes=meeting.minutes, origin=f"meeting:{once}")


def credit_claim(actor: Actor, claim: Claim) -> None:
    """What was claimed and approved; a path that is capped by the day is shared out over its days."""
    for day, jp, units, minutes, origin in deeds_of(claim):
        credit_deed(
            actor, claim.person_id, path=claim.path, happened_on=day, origin=origin, minutes=minutes, units=units, jp=jp,
            claim=claim,
        )  # fmt: skip


def _correct(standings: list[Standing], shares: list[Share]) -> None:
    for standing, share in zip(standings, shares, strict=True):
        if (standing.jp, standing.counted) != (share.jp, share.units):
            _add_turn(standing, share, "recount", None)


def _add_turn(standing: Standing, share: Share, reason: str, by_id: int | None) -> None:
    db.session.add(HoursEntry(**turn_of(standing, share, reason, by_id)))


def turn_of(standing: Standing, share: Share, reason: str, by_id: int | None = None) -> dict[str, Any]:
    """The columns of a correction that brings a deed from what it counts now to ``share``."""
    first = standing.first
    return {
        "person_id": first.person_id, "path": first.path, "happened_on": first.happened_on, "minutes": 0, "units": 0,
        "jp": share.jp - standing.jp, "counted": share.units - standing.counted, "capped_from": None, "rule_id": first.rule_id,
        "origin": first.origin, "turn": standing.turns + 1, "reason": reason, "claim_id": first.claim_id,
        "approved_by_id": by_id, "created_at": clock.now(),
    }  # fmt: skip
