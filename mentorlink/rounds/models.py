"""Rows of rounds: who takes part, what they wish, what was solved, and the draft."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant, Json, Secret, one_of
from mentorlink.pairing.models import Offer
from mentorlink.people.models import Person
from mentorlink.programmes.models import Programme
from mentorlink.rounds.stages import BUSY, GROUPS, MODES, ORIGINS, RUN_STATES, SHEETS, SIDES, STATES, TIES
from mentorlink.sessions.mentoring.models import Mentorship

_RUN_IS_BUSY = sa.text(one_of("state", BUSY))


class Round(Base):
    """A matching round of a programme, from who takes part to what was published."""

    __tablename__ = "round"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120), comment="as HR calls it; participants read it too")
    state: Mapped[str] = mapped_column(sa.String(10), default="preparing")
    mode: Mapped[str] = mapped_column(sa.String(8), default="sum")
    importances: Mapped[dict[str, str]] = mapped_column(Json, comment="part of the score → mandatory, high, medium, low or off")
    enrolment: Mapped[dict[str, Any]] = mapped_column(Json, comment="who takes part by rule (programmes.rules.Enrolment)")
    bonus: Mapped[int] = mapped_column(default=5, comment="points of 100 for each round missed before")
    own_points: Mapped[bool] = mapped_column(default=False, comment="the programme's own points count instead of importances")
    open_until: Mapped[date | None] = mapped_column(comment="last day on which participants enrol and rank")
    revision: Mapped[int] = mapped_column(default=1, comment="counts what HR does; an act upon an older one is refused")
    draft_run_id: Mapped[int | None] = mapped_column(
        comment="the run that the draft came from; runs point here, so it has no key"
    )
    draft_stop: Mapped[int] = mapped_column(default=0, comment="which of its stops between best fit and most people")
    stop_asked: Mapped[int | None] = mapped_column(comment="the draft is being brought to this stop by a job; closed until then")
    stop_asked_at: Mapped[datetime | None] = mapped_column(Instant)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    publishing_since: Mapped[datetime | None] = mapped_column(Instant, comment="it is being published; the draft is closed")
    publishing_beat_at: Mapped[datetime | None] = mapped_column(Instant, comment="last sign of life of who publishes it")
    without_changed: Mapped[bool] = mapped_column(default=False, comment="publish without pairs that a rule forbids by now")
    publish_fault: Mapped[str] = mapped_column(sa.String(20), default="", comment="why the last try to publish came to nothing")

    programme: Mapped[Programme] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (
        sa.CheckConstraint(one_of("state", STATES), name="state"),
        sa.CheckConstraint(one_of("mode", MODES), name="mode"),
        sa.CheckConstraint("bonus BETWEEN 0 AND 50", name="bonus"),
        sa.CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published"),
        sa.UniqueConstraint("programme_id", "name"),
    )


class RoundSheet(Base):
    """What a page says of the whole cohort, worked out apart: as of when, and from what."""

    __tablename__ = "round_sheet"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(8), primary_key=True, comment="cover: the cover map; check: pairs that changed")
    stamp: Mapped[str] = mapped_column(sa.String(64), default="", comment="digest of what it was worked out from")
    body: Mapped[Any] = mapped_column(Json, default=list)
    made_at: Mapped[datetime | None] = mapped_column(Instant, comment="none: never yet")
    asked_at: Mapped[datetime | None] = mapped_column(Instant, comment="a job is to make it anew; none: nothing is under way")

    __table_args__ = (sa.CheckConstraint(one_of("kind", SHEETS), name="kind"),)


class RoundMember(Base):
    """Somebody takes part on one side; who was taken out by hand stays as ``out``, so that the rules do not bring them back."""

    __tablename__ = "round_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    side: Mapped[str] = mapped_column(sa.String(6))
    origin: Mapped[str] = mapped_column(sa.String(4))
    out: Mapped[bool] = mapped_column(default=False, comment="taken out by HR, or left")
    places: Mapped[int | None] = mapped_column(comment="a mentor's places in this round; none: as many as their offer has free")
    missed: Mapped[int] = mapped_column(default=0, comment="rounds of this programme in a row that left them without a mentor")
    moved_at: Mapped[datetime | None] = mapped_column(Instant, comment="when they last came in or went out")
    wished_at: Mapped[datetime | None] = mapped_column(Instant, comment="when they last ranked, or took that back")

    round: Mapped[Round] = relationship()
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (
        sa.CheckConstraint(one_of("side", SIDES), name="side"),
        sa.CheckConstraint(one_of("origin", ORIGINS), name="origin"),
        sa.CheckConstraint("places BETWEEN 0 AND 50", name="places"),
        sa.UniqueConstraint("round_id", "side", "person_id"),
    )


class RoundWish(Base):
    """A place on somebody's list of whom they would like; read by them and by the solver, by nobody else."""

    __tablename__ = "round_wish"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    side: Mapped[str] = mapped_column(sa.String(6), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    place: Mapped[int] = mapped_column(primary_key=True, comment="1 is wished most")
    wished_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)

    __table_args__ = (
        sa.CheckConstraint(one_of("side", SIDES), name="side"),
        sa.CheckConstraint("place BETWEEN 1 AND 5", name="place"),
        sa.CheckConstraint("person_id <> wished_id", name="not_oneself"),
        sa.UniqueConstraint("round_id", "side", "person_id", "wished_id"),
    )


class RoundTie(Base):
    """HR says: these two in any case, or these two never."""

    __tablename__ = "round_tie"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    mentee_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    mentor_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(3))

    mentee: Mapped[Person] = relationship(foreign_keys=[mentee_id], lazy="joined", innerjoin=True)
    mentor: Mapped[Person] = relationship(foreign_keys=[mentor_id], lazy="joined", innerjoin=True)

    __table_args__ = (
        sa.CheckConstraint(one_of("kind", TIES), name="kind"),
        sa.CheckConstraint("mentee_id <> mentor_id", name="two_people"),
    )


class RoundQuota(Base):
    """Of a group there must be so many pairs at least, or may be so many at most."""

    __tablename__ = "round_quota"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    side: Mapped[str] = mapped_column(sa.String(6), comment="whose group it is")
    kind: Mapped[str] = mapped_column(sa.String(5), comment="what makes the group")
    key: Mapped[str] = mapped_column(sa.String(120), comment="id of the unit (and all below it) or tier, or the place")
    at_least: Mapped[int | None] = mapped_column(comment="so many pairs at least")
    at_most: Mapped[int | None] = mapped_column(comment="so many pairs at most")

    __table_args__ = (
        sa.CheckConstraint(one_of("side", SIDES), name="side"),
        sa.CheckConstraint(one_of("kind", GROUPS), name="kind"),
        sa.CheckConstraint("at_least IS NOT NULL OR at_most IS NOT NULL", name="says_something"),
        sa.CheckConstraint("at_least >= 0 AND at_most >= 0 AND at_least <= at_most", name="in_order"),
        sa.UniqueConstraint("round_id", "side", "kind", "key"),
    )


class RoundRun(Base):
    """One solving of a round: what went in, whole and sealed, how far it is, and what came out."""

    __tablename__ = "round_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    number: Mapped[int] = mapped_column(comment="counts within the round")
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    revision: Mapped[int] = mapped_column(comment="of the round when the run was asked for")
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    beat_at: Mapped[datetime | None] = mapped_column(Instant, comment="last sign of life; long silent means killed")
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    progress: Mapped[int] = mapped_column(default=0, comment="percent")
    phase: Mapped[str] = mapped_column(sa.String(20), default="", comment="what it is doing, by code")
    fault: Mapped[str] = mapped_column(sa.String(40), default="", comment="why it failed, by code")
    seed: Mapped[int] = mapped_column(default=0)
    inputs: Mapped[str | None] = mapped_column(
        Secret, deferred=True, comment="everything that was solved, packed: people, levels, rules, wishes"
    )
    inputs_hash: Mapped[str | None] = mapped_column(sa.String(64))
    weights_hash: Mapped[str | None] = mapped_column(sa.String(64))
    gap: Mapped[float | None] = mapped_column(
        comment="proven distance from the best possible, as a share; the widest of its stops"
    )
    check_state: Mapped[str] = mapped_column(sa.String(8), default="", comment="'' never, waiting, same, differs")
    checked_at: Mapped[datetime | None] = mapped_column(Instant)

    asked_by: Mapped[Person | None] = relationship()
    stops: Mapped[list[RoundStop]] = relationship(back_populates="run", order_by="RoundStop.position")

    __table_args__ = (
        sa.CheckConstraint(one_of("state", RUN_STATES), name="state"),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        sa.UniqueConstraint("round_id", "number"),
        sa.Index("uq_round_run_busy", "round_id", unique=True, sqlite_where=_RUN_IS_BUSY, postgresql_where=_RUN_IS_BUSY),
    )


class RoundStop(Base):
    """One answer of a run, between best fit (position 0) and most people."""

    __tablename__ = "round_stop"

    run_id: Mapped[int] = mapped_column(sa.ForeignKey("round_run.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[float] = mapped_column(comment="what being matched at all was worth here, beside the score")
    figures: Mapped[Any] = mapped_column(Json, comment="matched, total, mean, lowest and the like")
    changes: Mapped[Any] = mapped_column(Json, deferred=True, comment="against the stop before: who gains, loses, enters, leaves")
    pairs_hash: Mapped[str] = mapped_column(sa.String(64), comment="of the pairs alone: what a check compares")
    pairs: Mapped[Any] = mapped_column(Json, deferred=True, comment="list of [mentee, mentor, score in millionths], by mentee")
    result: Mapped[Any] = mapped_column(Json, deferred=True, comment="the solver's whole answer, prices and proof included")

    run: Mapped[RoundRun] = relationship(back_populates="stops")


class Proposal(Base):
    """A line of the draft: this mentee with this mentor, or with nobody, and why."""

    __tablename__ = "proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    mentee_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    mentor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    score: Mapped[int] = mapped_column(default=0, comment="millionths")
    decided: Mapped[str] = mapped_column(sa.String(20), comment="what decided: a code of the solver, moved or displaced")
    why: Mapped[Any] = mapped_column(Json, comment="parts of the score, gaps covered and left, first choice and its price")
    locked: Mapped[bool] = mapped_column(default=False, comment="the next run keeps this pair")
    moved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="who put this pair together by hand")
    left_out: Mapped[str] = mapped_column(sa.String(20), default="", comment="rule that kept it from being published")
    offer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offer.id"), comment="whose place it took when published")
    mentorship_id: Mapped[int | None] = mapped_column(sa.ForeignKey("mentorship.id"), index=True, comment="what came of it")
    ended_at: Mapped[datetime | None] = mapped_column(Instant, comment="the pair is over, its place free again")

    mentee: Mapped[Person] = relationship(foreign_keys=[mentee_id], lazy="joined", innerjoin=True)
    mentor: Mapped[Person | None] = relationship(foreign_keys=[mentor_id], lazy="joined")
    offer: Mapped[Offer | None] = relationship()
    mentorship: Mapped[Mentorship | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint("mentee_id <> mentor_id", name="two_people"),
        sa.UniqueConstraint("round_id", "mentee_id"),
        sa.Index("ix_proposal_round_mentor", "round_id", "mentor_id"),
        sa.Index("ix_proposal_round_score", "round_id", "score"),
    )


class RoundChange(Base):
    """What HR did to a round, one row a revision: whom a second manager is told of, and the round's history."""

    __tablename__ = "round_change"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    act: Mapped[str] = mapped_column(sa.String(20))
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, comment="ids and numbers")

    by: Mapped[Person | None] = relationship()
