"""A year of somebody's learning: what counts, what the cap kept out, where it is heading, what would close it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning.models import Claim, ContractTerm, DevelopmentPlan, HoursEntry, PlanLine
from mentorlink.learning.queries.claims import claims_for
from mentorlink.learning.queries.hours import Deed, deeds_for, rule_at, target_in
from mentorlink.learning.queries.plans import plan_in, progress_for
from mentorlink.learning.rules import Forecast, PathRule, Suggestion, YearTarget, forecast_of, paths_of, suggestion_of
from mentorlink.learning.rules.year import calendar_year, contract_year, rooms_of
from mentorlink.people.models import Person
from mentorlink.sessions.mentoring.models import Mentorship


@dataclass(frozen=True)
class YearOfLearning:
    """Everything on the page of somebody's learning hours in a year."""

    deeds: Sequence[Deed]
    claims: Sequence[Claim]
    paths: dict[str, PathRule]
    by_path: list[tuple[str, int, int]]
    """Path, JP that count, JP that the cap kept out; most first."""
    by_month: list[int]
    target: YearTarget
    forecast: Forecast
    suggestion: Suggestion | None
    line: PlanLine | None
    """The plan's line that the suggestion names."""
    contract: tuple[date, date, int] | None
    """Of contract staff: first and last day of the contract year, and JP in it; None where nobody noted when it began."""

    @property
    def total(self) -> int:
        """JP that count in the calendar year."""
        return sum(self.by_month)

    @property
    def lost(self) -> int:
        """JP that caps kept out."""
        return sum(lost for _path, _jp, lost in self.by_path)


def year_for(actor: Actor, person: Person, year: int) -> YearOfLearning:
    """The learning year of ``person``; to whoever may not see their hours it does not exist."""
    deeds = deeds_for(actor, person, year)
    today = clock.today(person.timezone)
    rule = rule_at(today)
    paths = paths_of(rule.paths) if rule else {}
    by_month, by_path = [0] * 12, dict[str, list[int]]()
    for deed in deeds:
        by_month[deed.entry.happened_on.month - 1] += deed.jp
        sums = by_path.setdefault(deed.entry.path, [0, 0])
        sums[0] += deed.jp
        sums[1] += deed.lost
    target = target_in(person, min(today, date(year, 12, 31)))
    contract = _contract_year(person, min(today, date(year, 12, 31))) if target.ceiling is not None else None
    if contract is None:
        forecast = forecast_of(sum(by_month), target, within=calendar_year(year), today=today)
    else:
        first, last, jp = contract
        forecast = forecast_of(jp, target, within=(first, last), today=today)
    suggestion, line = None, None
    if forecast.missing and not forecast.over:
        suggestion, line = _closing(actor, person, forecast.missing, paths, deeds, today)
    return YearOfLearning(
        deeds=deeds,
        claims=claims_for(actor, person, year),
        paths=paths,
        by_path=sorted(((path, jp, lost) for path, (jp, lost) in by_path.items()), key=lambda row: (-row[1], row[0])),
        by_month=by_month,
        target=target,
        forecast=forecast,
        suggestion=suggestion,
        line=line,
        contract=contract,
    )


def _contract_year(person: Person, day: date) -> tuple[date, date, int] | None:
    term = db.session.get(ContractTerm, person.id)
    if term is None or day < term.begins_on:
        return None
    first, last = contract_year(term.begins_on, day)
    jp = db.session.scalar(
        sa.select(sa.func.sum(HoursEntry.jp)).where(
            HoursEntry.person_id == person.id, HoursEntry.happened_on >= first, HoursEntry.happened_on <= last
        )
    )
    return first, last, int(jp or 0)


def _closing(
    actor: Actor, person: Person, missing: int, paths: dict[str, PathRule], deeds: Sequence[Deed], today: date
) -> tuple[Suggestion | None, PlanLine | None]:
    plan = plan_in(actor, person, today.year)
    lines = _open_lines(actor, plan) if plan is not None and plan.state == "approved" else []
    mentoring, e_learning = paths.get("mentoring"), paths.get("e_learning")
    suggestion = suggestion_of(
        missing,
        open_lines=[(line.id, jp) for line, jp in lines],
        rooms=_rooms(person, mentoring, deeds, today),
        session_jp=(mentoring.jp or 0) if mentoring and mentoring.rule == "per_session" else 0,
        day_cap=(e_learning.cap or 0) if e_learning and e_learning.cap_period == "day" else 0,
        days_left=(date(today.year, 12, 31) - today).days,
    )
    named = next((line for line, _jp in lines if suggestion and line.id == suggestion.line_id), None)
    return suggestion, named


def _open_lines(actor: Actor, plan: DevelopmentPlan) -> list[tuple[PlanLine, int]]:
    done = progress_for(actor, plan)
    return [(line, line.jp - done[line.id]) for line in plan.lines if line.jp > done[line.id]]


def _rooms(person: Person, mentoring: PathRule | None, deeds: Sequence[Deed], today: date) -> list[int]:
    """Sessions of a running mentorship that still count until the year's end."""
    running = sa.select(Mentorship.id).where(Mentorship.mentee_id == person.id, Mentorship.state == "active").limit(1)
    if mentoring is None or db.session.scalar(running) is None:
        return []
    counted: dict[int, tuple[int, int]] = {}
    for deed in deeds:
        if deed.entry.path == "mentoring":
            sessions, jp = counted.get(deed.entry.happened_on.month, (0, 0))
            counted[deed.entry.happened_on.month] = (sessions + deed.counted, jp + deed.jp)
    return rooms_of(mentoring, counted, today)
