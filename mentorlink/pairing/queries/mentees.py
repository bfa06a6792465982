"""Who asks, as the engine wants them: needs, line of command, blocks, past failed pairs. Always read fresh."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.queries import among, needs_of
from mentorlink.competencies.rules import Need
from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.matching import Mentee, MentorIndex
from mentorlink.pairing import rules
from mentorlink.pairing.models import Offer
from mentorlink.pairing.queries.pool import mentor_record
from mentorlink.pairing.queries.terms import terms_of
from mentorlink.people.models import Block, Person, Unit
from mentorlink.people.queries import blocked_with, line_of
from mentorlink.sessions.coaching.models import Engagement, EngagementEnd
from mentorlink.sessions.mentoring.models import EarlyEnd, Mentorship

_LASTS = {"mentor": ("active", "paused"), "coach": ("conversation", "engaged")}
"""A pair in one of these states is not made again: it lasts. Nor is one that either of them ended or declined."""


_PAIRS: dict[str, Any] = {
    "mentor": (Mentorship, EarlyEnd, EarlyEnd.mentorship_id, Mentorship.mentor_id, Mentorship.mentee_id),
    "coach": (Engagement, EngagementEnd, EngagementEnd.engagement_id, Engagement.coach_id, Engagement.coachee_id),
}


@dataclass(frozen=True)
class Asking:
    """Somebody who looks for a mentor, with what their job asks."""

    person: Person
    needs: Sequence[Need]
    mentee: Mentee

    @property
    def gaps(self) -> list[Need]:
        """What is assessed and missing, the largest first."""
        return sorted((need for need in self.needs if need.gap), key=lambda need: (-need.gap, need.code))

    @property
    def unassessed(self) -> list[Need]:
        """What nobody has assessed yet."""
        return [need for need in self.needs if need.actual is None]


def asking(person: Person, kind: str = "mentor") -> Asking:
    """One person who looks for a mentor or coach; a handful of queries whatever the size of the agency."""
    needs = needs_of((person.id,)).get(person.id, [])
    partners = _partners((person.id,), kind).get(person.id, set())
    return Asking(person, needs, _mentee(person, needs, line_of(person), blocked_with(person.id), partners))


def askings(person_ids: Collection[int], kind: str = "mentor") -> Iterable[Asking]:
    """Many at once, by id, in a constant number of queries."""
    people = db.session.scalars(sa.select(Person).where(among(Person.id, person_ids)).order_by(Person.id)).all()
    needs, partners, blocks = needs_of(person_ids), _partners(person_ids, kind), _blocks(person_ids)
    lines = lines_of(people)
    for person in people:
        own = needs.get(person.id, [])
        mentee = _mentee(person, own, lines[person.id], blocks.get(person.id, set()), partners.get(person.id, set()))
        yield Asking(person, own, mentee)


def barriers(offer: Offer, who: Asking) -> tuple[str, ...]:
    """The rules that forbid this pair now, by the engine's own codes and by the engine itself; free places are left out.

    The list and the lock are the same code: what ``rank`` masks, this refuses.
    """
    mentor = replace(mentor_record(offer), text="")  # no rule reads the text, and learning its words takes long
    rules_now = replace(terms_of(offer.kind, who.person).rules, with_room=False)
    broken = MentorIndex().fit([mentor]).why_not(who.mentee, mentor.id, rules=rules_now)
    return broken if offer.person.is_active and who.person.is_active else ("not_active", *broken)


def lines_of(people: Sequence[Person]) -> dict[int, set[int]]:
    """``people.queries.line_of`` for many, by person id. Two queries."""
    units = db.session.execute(sa.select(Unit.id, Unit.path, Unit.head_id)).all()
    head_of = {unit_id: head_id for unit_id, _path, head_id in units if head_id is not None}
    asked = {person.id for person in people}
    headed = defaultdict(list)
    for _unit_id, path, head_id in units:
        if head_id in asked:
            headed[head_id].append(path)
    below = _people_below(units, {path for paths in headed.values() for path in paths})
    return {
        person.id: (
            {head_of[unit] for unit in map(int, person.unit.path.strip("/").split("/")) if unit in head_of}.union(
                *(below[path] for path in headed.get(person.id, ()))
            )
            - {person.id}
        )
        for person in people
    }


def _people_below(units: Sequence[Any], paths: set[str]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {path: set() for path in paths}
    if not paths:
        return found
    members: dict[int, list[int]] = defaultdict(list)
    for person_id, unit_id in db.session.execute(sa.select(Person.id, Person.unit_id)):
        members[unit_id].append(person_id)
    for unit_id, path, head_id in units:
        here = [*members[unit_id], *([head_id] if head_id is not None else [])]
        above = path
        while above != "/":
            if above in found:
                found[above].update(here)
            above = above[: above.rstrip("/").rfind("/") + 1]
    return found


def _mentee(person: Person, needs: Sequence[Need], line: set[int], blocked: set[int], partners: set[int]) -> Mentee:
    known = [need for need in needs if need.actual is not None]
    return Mentee(
        person.id,
        {need.code: need.actual or 0 for need in known},
        {need.code: need.required for need in known},
        unit=tuple(int(part) for part in person.unit.path.split("/") if part),
        field=person.field.code if person.field else None,
        grade=person.job.tier.grade if person.job else None,
        years=rules.years_in_field(person.in_field_since, clock.today()),
        languages=frozenset(person.languages or ()),
        time_zone=rules.zone_code(person.timezone),
        place=person.place or person.unit.place,
        text=person.wants_to_grow_in,
        line=line,
        blocked=blocked,
        failed_with=partners,
    )


def _partners(person_ids: Collection[int], kind: str) -> dict[int, set[int]]:
    """Person id → with whom a pair of this kind lasts or failed, on either side. One query.

    It failed where one of the two ended it or declined after the first talk. A pair that the house ended, since somebody left or
    nobody came any more, says nothing about the two.
    """
    pair, end, key, one, other = _PAIRS[kind]
    rows = db.session.execute(
        sa.select(one, other)
        .outerjoin(end, key == pair.id)
        .where(
            sa.or_(pair.state.in_(_LASTS[kind]), sa.and_(pair.state.in_(("ended_early", "declined")), end.by_id.is_not(None))),
            sa.or_(among(one, person_ids), among(other, person_ids)),
        )
    )
    return _both_ways((mentor, mentee) for mentor, mentee in rows)


def _blocks(person_ids: Collection[int]) -> dict[int, set[int]]:
    rows = db.session.execute(
        sa.select(Block.person_id, Block.blocked_id).where(
            sa.or_(among(Block.person_id, person_ids), among(Block.blocked_id, person_ids))
        )
    )
    return _both_ways((one, other) for one, other in rows)


def _both_ways(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
        found[other].add(one)
    return found
