"""What the recap of a period says of some people: one line for each path and source, made from the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.kernel.db import db
from mentorlink.learning.models import Certificate, HoursEntry, LearningPeriod
from mentorlink.learning.queries.periods import entries_in, people_of
from mentorlink.people.models import Person
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring.models import Mentorship, Target

Pairs = dict[int, tuple[str, Mentorship | Engagement]]


def recap_rows(period: LearningPeriod, person_ids: Collection[int]) -> list[dict[str, Any]]:
    """Rows of the recap for these people, as columns of ``RecapRow``. A constant number of queries."""
    entries = entries_in(period, person_ids)
    people = people_of(person_ids)
    pairs = _pairs_of(entries)
    moved = _moved([pair.id for _kind, pair in pairs.values() if isinstance(pair, Mentorship)])
    helpers = people_of({_helper_id(pair) for _kind, pair in pairs.values()})
    certified = _certified([f"mentorship:{pair.id}" for kind, pair in pairs.values() if kind == "mentorship"])
    groups: dict[tuple[int, str, str], list[HoursEntry]] = defaultdict(list)
    for entry in entries:
        groups[entry.person_id, entry.path, _source(entry, pairs)].append(entry)
    return [
        _row(period, people[person_id], path, source, found, pairs, helpers, moved, certified)
        for (person_id, path, source), found in sorted(groups.items())
    ]


def _meeting_id(entry: HoursEntry) -> int | None:
    kind, _colon, number = entry.origin.partition(":")
    return int(number) if kind == "meeting" else None


def _pairs_of(entries: Sequence[HoursEntry]) -> Pairs:
    """Meeting id → what the two met for."""
    meetings = {number for entry in entries if (number := _meeting_id(entry))}
    found: Pairs = {}
    for kind, row in (("mentorship", Mentorship), ("engagement", Engagement)):
        query = sa.select(Meeting.id, row).join(row, row.series_id == Meeting.series_id).where(Meeting.id.in_(meetings))
        found |= {meeting_id: (kind, pair) for meeting_id, pair in db.session.execute(query)}
    return found


def _helper_id(pair: Mentorship | Engagement) -> int:
    return pair.mentor_id if isinstance(pair, Mentorship) else pair.coach_id


def _moved(mentorship_ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """Mentorship id → its competencies with the level before, and after where both said the same."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    query = sa.select(Target).where(Target.mentorship_id.in_(mentorship_ids)).order_by(Target.position, Target.id)
    for target in db.session.scalars(query.options(joinedload(Target.competency), selectinload(Target.after_levels))):
        said = {after.level for after in target.after_levels}
        agreed = len(target.after_levels) == 2 and len(said) == 1
        found[target.mentorship_id].append(
            {
                "code": target.competency.code,
                "name": target.competency.name,
                "from": target.baseline,
                "aim": target.target,
                "to": said.pop() if agreed else None,
            }
        )
    return found


def _certified(origins: Collection[str]) -> dict[str, str]:
    rows = db.session.execute(
        sa.select(Certificate.origin, Certificate.number).where(Certificate.origin.in_(origins), Certificate.revoked_at.is_(None))
    )
    return dict(rows.all())


def _source(entry: HoursEntry, pairs: Pairs) -> str:
    number = _meeting_id(entry)
    if number in pairs:
        kind, pair = pairs[number]
        return f"{kind}:{pair.id}"
    return f"claim:{entry.claim_id}" if entry.claim_id else entry.path


def _row(
    period: LearningPeriod,
    person: Person,
    path: str,
    source: str,
    entries: list[HoursEntry],
    pairs: Pairs,
    helpers: dict[int, Person],
    moved: dict[int, list[dict[str, Any]]],
    certified: dict[str, str],
) -> dict[str, Any]:
    firsts = [entry for entry in entries if entry.turn == 0]
    jp, counted = sum(entry.jp for entry in entries), sum(entry.counted for entry in entries)
    number = _meeting_id(entries[0])
    pair = pairs[number][1] if number in pairs else None
    claim = entries[0].claim
    certificate = certified.get(source) or (claim.certificate_no if claim and claim.certificate_no else None)
    facts = {
        "name": person.full_name,
        "job": person.job.name if person.job else None,
        "unit": person.unit.name,
        "contract": person.contract,
        "path": entries[0].rule.paths[path]["name"],
        "record_id": entries[0].rule.paths[path]["record_id"],
        "helper": helpers[_helper_id(pair)].full_name if pair else None,
        "competencies": moved.get(pair.id, []) if isinstance(pair, Mentorship) else [],
        "goal": claim.activity if claim else None,
        "provider": claim.provider if claim else "",
        "evidence": _evidence(claim, source),
        "approved_by": claim.decided_by.full_name if claim and claim.decided_by else None,
        "approved_on": claim.decided_at.date().isoformat() if claim and claim.decided_at else None,
        "certificate": certificate,
        "rules": sorted({entry.rule.number for entry in entries}),
    }
    return {
        "period_id": period.id,
        "build": period.build,
        "person_id": person.id,
        "unit_id": person.unit_id,
        "path": path,
        "source": source,
        "nip": person.nip,
        "starts_on": claim.starts_on if claim else min(entry.happened_on for entry in entries),
        "ends_on": claim.ends_on if claim else max(entry.happened_on for entry in entries),
        "held": sum(entry.units for entry in firsts),
        "counted": max(0, counted),
        "jp": jp,
        "certifies": jp > 0 and certificate is None,
        "facts": facts,
    }


def _evidence(claim: Any, source: str) -> str:
    """What shows it, as a code: ``file``, ``link`` or ``record`` (the house saw it happen)."""
    if claim is None:
        return "record"
    return "file" if claim.evidence is not None else "link"
