"""What came of what lists showed: joined by query, counted for people, given to the model as columns.

One row of evidence is a pair of somebody who saw a list and somebody who stood in it. How it ended is read from requests,
mentorships and meetings when asked, so a line says nothing about anybody that those rows do not say already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.kernel.groups import FEWEST, hidden_groups
from mentorlink.matching import TERMS, Evidence
from mentorlink.pairing.models import Invitation, Offer, Request, ShownPerson
from mentorlink.people.models import Job, Person, Tier
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring.models import AfterLevel, Mentorship, Target

ASKS_WITHIN = timedelta(days=30)
"""Whoever asks within so long of seeing somebody in a list has asked from the list."""

TAKES_TIME = timedelta(days=14)
"""Whoever was seen a shorter time ago and not asked may still be asked: not counted yet."""

MEETS_WITHIN = timedelta(days=60)
"""A pair that has not met so long after the yes has come to nothing so far."""

ABOUT_THE_PAIR = ("field", "distance", "other")
"""Reasons of a no that say something about the two. No time, bad timing, a conflict of interest, a closed offer say nothing."""

"""The calendar by which days of lists are counted (``clock.today``)."""

FETCHED = 5000
"""So many lines are fetched at a time."""


class Answer(NamedTuple):
    """What became of one request."""

    asker_id: int
    mentor_id: int
    asked_on: date
    end: str
    """open, withdrawn, declined, expired, accepted, met, gained or ended_early: the furthest it came."""
    reason: str | None
    known: bool
    """True when it says something about how well the two fit."""
    good: bool
    """Accepted, met, and not ended early."""


@dataclass(frozen=True)
class Outcomes:
    """What lists showed and what came of it, in numbers that name nobody."""

    people: int
    """Who saw a list."""
    shown: int
    """Pairs of a reader and somebody in their list."""
    ends: Mapping[str, int]
    """How far the requests came that followed."""
    declined: Mapping[str, int]
    """Why mentors said no."""
    asked: int
    known: int
    groups: Mapping[str, Sequence[Group]]
    """By tier of the job and by clock of who asks; groups of fewer than five people without numbers."""

    @property
    def told(self) -> bool:
        """False when so few saw a list that even the totals would tell of persons."""
        return self.people >= FEWEST


@dataclass(frozen=True)
class Group:
    """How people of one group fared. Numbers are None where the group is too small to be told, or would give such a one away."""

    name: Any
    people: int | None
    asked: int | None = None
    accepted: int | None = None
    good: int | None = None


def evidence_of(kind: str) -> Evidence | None:
    """All that a model of this kind can learn from; None when there is nothing. Three queries,
    whatever the size."""
    rows = list(_joined(kind))
    asked_somebody = {viewer for viewer, _line, answer in rows if answer is not None}
    rows = [row for row in rows if row[0] in asked_somebody]
    if not rows:
        return None
    known = [answer is not None and answer.known for _viewer, _line, answer in rows]
    return Evidence(
        mentees=np.array([viewer for viewer, _line, _answer in rows], np.int64),
        shares=np.array([[line.shares.get(term, 0.0) for term in TERMS] for _viewer, line, _answer in rows], np.float64),
        slots=np.array([line.slot for _viewer, line, _answer in rows], np.int64),
        chances=np.array([line.chance for _viewer, line, _answer in rows], np.float64),
        asked=np.array([answer is not None for _viewer, _line, answer in rows]),
        known=np.array(known),
        good=np.array([answer is not None and answer.known and answer.good for _viewer, _line, answer in rows]),
    )


def outcomes_of(kind: str) -> Outcomes:
    """What lists showed and what came of it, counted. Six queries, whatever the size."""
    came = _from_lists(kind)
    people = set(db.session.scalars(sa.select(ShownPerson.viewer_id).where(ShownPerson.kind == kind).distinct()))
    pairs = sa.select(ShownPerson.viewer_id, ShownPerson.mentor_id).where(ShownPerson.kind == kind).distinct().subquery()
    return Outcomes(
        people=len(people),
        shown=db.session.scalar(sa.select(sa.func.count()).select_from(pairs)) or 0,
        ends=Counter(answer.end for answer in came),
        declined=Counter(answer.reason or "other" for answer in came if answer.end == "declined"),
        asked=len(came),
        known=sum(answer.known for answer in came),
        groups={name: _grouped(of, people, came) for name, of in _groups_of(kind).items()},
    )


def attributed(days: Sequence[date], answer: Answer | None, today: date) -> int | None:
    """Which of the days somebody was seen counts; None: none of them does.

    Who was asked counts as seen when last seen before, if that was not too long before. Who was not asked counts as seen last,
    once there was time to ask.
    """
    if answer is not None:
        before = [at for at, day in enumerate(days) if timedelta(0) <= answer.asked_on - day <= ASKS_WITHIN]
        return before[-1] if before else None
    long_ago = [at for at, day in enumerate(days) if today - day >= TAKES_TIME]
    return long_ago[-1] if long_ago else None


def _joined(kind: str) -> Iterator[tuple[int, Any, Answer | None]]:
    """Yield (who saw, line, answer) for each pair that counts, by who saw and who was seen; one line of each is held at a time.

    Of those who ever asked somebody: others say nothing about whom they would ask.
    """
    answers, today, line = _answers(kind), clock.today(), ShownPerson
    rows = db.session.execute(
        sa.select(line.viewer_id, line.mentor_id, line.day, line.slot, line.chance, line.shares)
        .where(line.kind == kind, line.viewer_id.in_(sa.select(Request.person_id)))
        .order_by(line.viewer_id, line.mentor_id, line.day)
        .execution_options(yield_per=FETCHED)
    )
    for pair, days in groupby(rows, key=lambda row: (row.viewer_id, row.mentor_id)):
        seen, answer = list(days), answers.get(pair)
        at = attributed([row.day for row in seen], answer, today)
        if at is not None:
            yield pair[0], seen[at], answer


def _from_lists(kind: str) -> list[Answer]:
    """The answers to requests that came from a list, by who asked and who was asked. Three queries; only their lines are read."""
    line, today = ShownPerson, clock.today()
    rows = db.session.execute(
        sa.select(line.viewer_id, line.mentor_id, line.day)
        .join(Offer, sa.and_(Offer.person_id == line.mentor_id, Offer.kind == line.kind))
        .join(Request, sa.and_(Request.offer_id == Offer.id, Request.person_id == line.viewer_id))
        .where(line.kind == kind)
        .distinct()
        .order_by(line.viewer_id, line.mentor_id, line.day)
    )
    answers = _answers(kind)
    found = []
    for pair, days in groupby(rows, key=lambda row: (row.viewer_id, row.mentor_id)):
        answer = answers.get(pair)
        if answer is not None and attributed([row.day for row in days], answer, today) is not None:
            found.append(answer)
    return found


def _answers(kind: str) -> dict[tuple[int, int], Answer]:
    """(who asked, who was asked) → the first request of the two that came from a list, not from an invitation."""
    first_met = (
        sa.select(Meeting.series_id, sa.func.min(Meeting.starts_at).label("met_at"))
        .where(Meeting.state == "held")
        .group_by(Meeting.series_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(
            Request.person_id, Offer.person_id.label("mentor_id"), Offer.kind, Request.sent_at, Request.state,
            Request.decline_reason, Request.closed_at, Mentorship.id.label("mentorship_id"),
            sa.func.coalesce(Mentorship.state, Engagement.state).label("pair"), first_met.c.met_at,
        )
        .join(Offer, Request.offer_id == Offer.id)
        .outerjoin(Mentorship, Request.mentorship_id == Mentorship.id)
        .outerjoin(Engagement, Request.engagement_id == Engagement.id)
        .outerjoin(first_met, first_met.c.series_id == sa.func.coalesce(Mentorship.series_id, Engagement.series_id))
        .where(Offer.kind == kind, Request.id.not_in(sa.select(Invitation.request_id).where(Invitation.request_id.is_not(None))))
        .order_by(Request.sent_at, Request.id)
    ).all()  # fmt: skip
    gained = _gained()
    found: dict[tuple[int, int], Answer] = {}
    for row in rows:
        pair = row.person_id, row.mentor_id
        if pair not in found:
            end, known, good = ending(row, gained=row.mentorship_id in gained, now=clock.now())
            found[pair] = Answer(*pair, row.sent_at.astimezone(clock.zone()).date(), end, row.decline_reason, known, good)
    return found


def ending(row: Any, *, gained: bool, now: datetime) -> tuple[str, bool, bool]:
    """How far a request came, whether that says something about how well the two fit, and whether it came to something."""
    if row.state in ("sent", "asked_back"):
        return "open", False, False
    if row.state == "withdrawn":
        return "withdrawn", False, False
    if row.state == "declined":
        return "declined", row.decline_reason in ABOUT_THE_PAIR, False
    if row.state == "expired":
        return "expired", True, False
    if row.pair is None:
        return "accepted", False, False
    if row.pair in ("ended_early", "declined"):  # declined: after the first talk, by coach or coachee
        return "ended_early", True, False
    if row.met_at is None and row.pair != "closed":
        return "accepted", now - row.closed_at > MEETS_WITHIN, False
    return ("gained" if gained else "met"), True, True


def _gained() -> set[int]:
    """Closed mentorships in which a level rose that both say was reached."""
    confirmed = (
        sa.select(AfterLevel.target_id, sa.func.min(AfterLevel.level).label("level"))
        .group_by(AfterLevel.target_id)
        .having(sa.func.count() == 2)
        .subquery()
    )
    rows = db.session.scalars(
        sa.select(Target.mentorship_id)
        .join(confirmed, confirmed.c.target_id == Target.id)
        .join(Mentorship, Target.mentorship_id == Mentorship.id)
        .where(Mentorship.state == "closed", confirmed.c.level > Target.baseline)
    )
    return set(rows)


def _groups_of(kind: str) -> dict[str, dict[int, Any]]:
    """Which way of grouping → who saw a list → group: the tier of the job, and the clock of the place."""
    rows = db.session.execute(
        sa.select(Person.id, Person.timezone, Tier.name, Tier.grade)
        .outerjoin(Job, Person.job_id == Job.id)
        .outerjoin(Tier, Job.tier_id == Tier.id)
        .where(Person.id.in_(sa.select(ShownPerson.viewer_id).where(ShownPerson.kind == kind)))
        .order_by(Tier.grade.desc(), Tier.id, Person.timezone, Person.id)
    )
    tiers: dict[int, Any] = {}
    clocks: dict[int, Any] = {}
    for person_id, timezone, name, _grade in rows:
        tiers[person_id] = tuple(sorted((name or {}).items()))
        clocks[person_id] = timezone
    return {"tier": tiers, "clock": clocks}


def _grouped(group_of: Mapping[int, Any], people: set[int], came: Sequence[Answer]) -> list[Group]:
    sizes = Counter(group_of[person] for person in people if person in group_of)
    hidden = hidden_groups(sizes)
    of_group: dict[Any, list[Answer]] = {}
    for answer in came:
        of_group.setdefault(group_of.get(answer.asker_id), []).append(answer)
    found = []
    for name in dict.fromkeys(group_of.values()):
        theirs = of_group.get(name, [])
        if name in hidden:
            found.append(Group(name, None))
        else:
            yes = sum(answer.end in ("accepted", "met", "gained", "ended_early") for answer in theirs)
            found.append(Group(name, sizes[name], len(theirs), yes, sum(answer.good for answer in theirs)))
    return found
