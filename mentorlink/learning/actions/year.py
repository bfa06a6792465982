"""A whole year credited at once: what is not in the ledger yet, in bulk, by the very rules that credit one deed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.competencies.queries import among
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning.actions.hours import turn_of
from mentorlink.learning.models import Claim, GivenDeed, HoursEntry, HoursRule
from mentorlink.learning.policy import may_credit_hours
from mentorlink.learning.queries.credit import Standing, share_out, standings_of
from mentorlink.learning.queries.periods import frozen_months
from mentorlink.learning.rules import Deed, PathRule, full_jp, paths_of, period_of, spread
from mentorlink.learning.rules.claims import claimed_jp, units_of
from mentorlink.people.models import Person
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring.models import Mentorship

PART = 1000
"""People credited at a time: bounds memory, and how long others wait for the ledger when each part is a transaction."""


@dataclass(frozen=True, slots=True)
class Found:
    """A deed of a year that may count."""

    person_id: int
    path: str
    day: date
    origin: str
    minutes: int
    units: int
    jp: int | None
    claim: Claim | None


@dataclass(frozen=True)
class Rules:
    """The versions of the rule, found by day without asking the database again."""

    versions: tuple[tuple[date, int, dict[str, PathRule]], ...]
    """Newest first: from when, id, the table."""

    def on(self, day: date) -> tuple[int, dict[str, PathRule]] | None:
        """Id and table of the version for a day."""
        return next(((rule_id, table) for begins, rule_id, table in self.versions if begins <= day), None)


def rules_in_force() -> Rules:
    """Every version, the one that wins on a day first."""
    rows = db.session.scalars(sa.select(HoursRule).order_by(HoursRule.valid_from.desc(), HoursRule.number.desc()))
    return Rules(tuple((row.valid_from, row.id, paths_of(row.paths)) for row in rows))


def credit_year(actor: Actor, year: int) -> int:
    """Credit every deed of a year that is not in the ledger yet: held sessions, approved claims, what was given and got in
    communities. Returns how many entries came.

    Run again it adds nothing: each deed is credited once. Each part of the people is a transaction, so that nobody waits long.
    """
    ensure(may_credit_hours, actor)
    return sum(credit_people(actor, year, part) for part in parts_of_year(year))


def parts_of_year(year: int) -> Iterator[list[int]]:
    """The people who may have learned something in a year, some at a time."""
    held = _held(year)
    ids = sa.union(
        sa.select(Mentorship.mentee_id).join(Meeting, Meeting.series_id == Mentorship.series_id).where(held),
        sa.select(Mentorship.mentor_id).join(Meeting, Meeting.series_id == Mentorship.series_id).where(held),
        sa.select(Engagement.coachee_id).join(Meeting, Meeting.series_id == Engagement.series_id).where(held),
        sa.select(Engagement.coach_id).join(Meeting, Meeting.series_id == Engagement.series_id).where(held),
        sa.select(Claim.person_id).where(_approved(year)),
        sa.select(GivenDeed.person_id).where(_given(year)),
    )
    people = sorted(db.session.scalars(ids))
    for begin in range(0, len(people), PART):
        yield people[begin : begin + PART]


def _held(year: int) -> sa.ColumnElement[bool]:
    begins = datetime(year, 1, 1, tzinfo=UTC) - timedelta(days=1)
    return sa.and_(Meeting.state == "held", Meeting.starts_at >= begins, Meeting.starts_at < begins + timedelta(days=368))


def _given(year: int) -> sa.ColumnElement[bool]:
    begins = datetime(year, 1, 1, tzinfo=UTC) - timedelta(days=1)
    return sa.and_(GivenDeed.withdrawn_at.is_(None), GivenDeed.at >= begins, GivenDeed.at < begins + timedelta(days=368))


def _approved(year: int) -> sa.ColumnElement[bool]:
    return sa.and_(Claim.state == "approved", Claim.ends_on >= date(year, 1, 1), Claim.ends_on <= date(year, 12, 31))


@action
def credit_people(actor: Actor, year: int, person_ids: Sequence[int]) -> int:
    """Credit what these people did in a year and what is not in the ledger yet; returns how many entries came."""
    ensure(may_credit_hours, actor)
    if not person_ids:
        return 0
    zones = dict(
        db.session.execute(sa.select(Person.id, Person.timezone).where(among(Person.id, person_ids)).with_for_update()).all()
    )
    rules = rules_in_force()
    theirs = sa.and_(among(HoursEntry.person_id, person_ids), HoursEntry.person_id.between(min(person_ids), max(person_ids)))
    entries = db.session.scalars(sa.select(HoursEntry).where(theirs, *_in(year)).order_by(HoursEntry.turn, HoursEntry.id)).all()
    there = {(entry.person_id, entry.origin) for entry in entries} | _beside(year, theirs)
    closed = frozen_months(date(year, 1, 1), date(year, 12, 31))
    fresh: dict[tuple[Any, ...], list[Found]] = defaultdict(list)
    for deed in _deeds(year, zones, rules):
        version = rules.on(deed.day)
        if version is None or deed.day.replace(day=1) in closed or (deed.person_id, deed.origin) in there:
            continue
        there.add((deed.person_id, deed.origin))
        fresh[_cap_of(deed.person_id, deed.path, deed.day, version[0], version[1][deed.path])].append(deed)
    standing: dict[tuple[Any, ...], list[Standing]] = defaultdict(list)
    tables = {rule_id: table for _begins, rule_id, table in rules.versions}
    by_person: dict[int, list[HoursEntry]] = defaultdict(list)
    for entry in entries:
        by_person[entry.person_id].append(entry)
    for rows in by_person.values():
        for each in standings_of(rows):
            first = each.first
            table = tables[first.rule_id][first.path]
            standing[_cap_of(first.person_id, first.path, first.happened_on, first.rule_id, table)].append(each)
    rows = [row for key, deeds in fresh.items() for row in _entries(deeds, standing.get(key, []), tables, key[2], closed)]
    if rows:
        db.session.execute(sa.insert(HoursEntry), rows)
    return len(rows)


def _in(year: int) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return HoursEntry.happened_on >= date(year, 1, 1), HoursEntry.happened_on < date(year + 1, 1, 1)


def _beside(year: int, theirs: sa.ColumnElement[bool]) -> set[tuple[int, str]]:
    """Deeds that stand just outside the year: who has moved to another time zone since may have them on another day now."""
    edges = sa.or_(
        sa.and_(HoursEntry.happened_on >= date(year - 1, 12, 29), HoursEntry.happened_on < date(year, 1, 1)),
        sa.and_(HoursEntry.happened_on > date(year, 12, 31), HoursEntry.happened_on <= date(year + 1, 1, 3)),
    )
    rows = db.session.execute(sa.select(HoursEntry.person_id, HoursEntry.origin).where(theirs, edges, HoursEntry.turn == 0))
    return {(person_id, origin) for person_id, origin in rows}


def _cap_of(person_id: int, path: str, day: date, rule_id: int, table: PathRule) -> tuple[Any, ...]:
    """Deeds with the same key share a cap."""
    return person_id, path, rule_id, period_of(table.cap_period, day)[0] if table.cap is not None else None


def _entries(
    deeds: list[Found], others: list[Standing], tables: dict[int, dict[str, PathRule]], rule_id: int, closed: set[date]
) -> Iterator[dict[str, Any]]:
    table = tables[rule_id][deeds[0].path]
    fulls = [full_jp(table, units=deed.units, minutes=deed.minutes) if deed.jp is None else deed.jp for deed in deeds]
    own = [Deed(full, deed.units) for full, deed in zip(fulls, deeds, strict=True)]
    shares = share_out(table, others if table.cap is not None else [], own, closed)
    before, new = shares[: len(shares) - len(own)], shares[len(shares) - len(own) :]
    for standing, share in zip(others, before, strict=False):
        if (standing.jp, standing.counted) != (share.jp, share.units):
            yield turn_of(standing, share, "recount")
    for deed, full, share in zip(deeds, fulls, new, strict=True):
        yield {
            "person_id": deed.person_id, "path": deed.path, "happened_on": deed.day, "minutes": deed.minutes,
            "units": deed.units, "jp": share.jp, "counted": share.units, "capped_from": full if share.jp < full else None,
            "rule_id": rule_id, "origin": deed.origin, "turn": 0, "reason": "",
            "claim_id": deed.claim.id if deed.claim else None,
            "approved_by_id": deed.claim.decided_by_id if deed.claim else None, "created_at": clock.now(),
        }  # fmt: skip


def _deeds(year: int, zones: dict[int, str], rules: Rules) -> Iterator[Found]:
    """Every deed of the year of these people, in the order in which deeds are credited when they happen."""
    yield from _sessions(year, zones, rules, "mentoring", Mentorship, Mentorship.mentee_id, Mentorship.mentor_id)
    yield from _sessions(year, zones, rules, "coaching", Engagement, Engagement.coachee_id, Engagement.coach_id)
    claims = sa.select(Claim).where(_approved(year), among(Claim.person_id, zones)).order_by(Claim.id)
    for claim in db.session.scalars(claims):
        version = rules.on(claim.ends_on)
        if version is not None:
            yield from _of_claim(claim, version[1][claim.path])
    given = sa.select(GivenDeed).where(_given(year), among(GivenDeed.person_id, zones)).order_by(GivenDeed.id)
    for deed in db.session.scalars(given):
        day = deed.at.astimezone(ZoneInfo(zones[deed.person_id])).date()
        version = rules.on(day)
        if day.year == year and version is not None and deed.path in version[1]:
            yield Found(deed.person_id, deed.path, day, deed.origin, deed.minutes, 1, None, None)


def _sessions(year: int, zones: dict[int, str], rules: Rules, path: str, pair: Any, learner: Any, helper: Any) -> Iterator[Found]:
    begun = pair.engaged_at if pair is Engagement else pair.started_at
    query = (
        sa.select(Meeting.id, Meeting.of_id, Meeting.starts_at, Meeting.minutes, learner, helper, begun)
        .join(pair, pair.series_id == Meeting.series_id)
        .where(_held(year), sa.or_(among(learner, zones), among(helper, zones)))
        .order_by(Meeting.id)
    )
    for meeting_id, of_id, starts_at, minutes, learner_id, helper_id, since in db.session.execute(query):
        if pair is Engagement and (since is None or starts_at < since):
            continue
        for person_id in (learner_id, helper_id):
            if person_id not in zones:
                continue
            day = starts_at.astimezone(ZoneInfo(zones[person_id])).date()
            version = rules.on(day)
            earns = person_id == learner_id or (version is not None and version[1][path].mentor_earns)
            if day.year == year and earns:
                once = of_id if person_id == helper_id and of_id else meeting_id  # who leads a group met once
                yield Found(person_id, path, day, f"meeting:{once}", minutes, 1, None, None)


def _of_claim(claim: Claim, table: PathRule) -> Iterator[Found]:
    jp, units, minutes = claimed_jp(table, claim), units_of(table, claim), claim.minutes or 0
    if table.cap_period == "day":
        for day, part, some in spread(jp, minutes, claim.starts_on, claim.ends_on):
            yield Found(claim.person_id, claim.path, day, f"claim:{claim.id}:{day.isoformat()}", some, 1, part, claim)
        return
    yield Found(claim.person_id, claim.path, claim.ends_on, f"claim:{claim.id}", minutes, units, jp, claim)
