"""Who looked for a mentor: told alike in the funnel and in the tables of access."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from mentorlink.pairing.models import Offer, Request
from mentorlink.rounds.models import Round, RoundMember
from mentorlink.sessions.mentoring.groups.models import GroupMember
from mentorlink.sessions.mentoring.models import Mentorship

WAYS = ("request", "round", "group")
"""By a request to a mentor, as a mentee of a round, or by asking for or coming into a group."""


def who_looked(since: datetime, until: datetime) -> sa.CompoundSelect[tuple[int, str]]:
    """``person_id`` and ``way`` of everybody who looked for a mentor in that time; somebody may stand there several times.

    ``paired`` is the way of who came to be paired, in whatever way.
    """

    def within(column: InstrumentedAttribute[datetime]) -> sa.ColumnElement[bool]:
        return sa.and_(column >= since, column < until)

    def by(way: str) -> sa.ColumnElement[str]:
        return sa.literal(way, sa.String(8)).label("way")

    return sa.union_all(
        sa.select(Request.person_id.label("person_id"), by("request"))
        .join(Offer, Request.offer_id == Offer.id)
        .where(Offer.kind == "mentor", within(Request.sent_at)),
        sa.select(RoundMember.person_id, by("round"))
        .join(Round, RoundMember.round_id == Round.id)
        .where(RoundMember.side == "mentee", RoundMember.out.is_(False), within(Round.created_at)),
        sa.select(GroupMember.person_id, by("group")).where(GroupMember.state != "invited", within(GroupMember.began_at)),
        sa.select(Mentorship.mentee_id, by("paired")).where(within(Mentorship.started_at)),
    )
