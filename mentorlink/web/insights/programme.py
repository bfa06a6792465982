"""HR's page: how many ask, are paired, meet and finish in a year, where things stand still, what came of it; and its files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _

from mentorlink.exchange.shapes import shown_address
from mentorlink.insights.queries import (
    SHOWN,
    SILENT_DAYS,
    WAITING_DAYS,
    Funnel,
    funnel_for,
    pairs_for,
    silent_pairs_for,
    waiting_count_for,
    waiting_requests_for,
)
from mentorlink.insights.queries.outcome import Access, Moved, ProgrammeOutcome, outcome_for
from mentorlink.insights.queries.programme import Reach
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Role
from mentorlink.notifications.shapes import STAGES
from mentorlink.web.guard import actor, requires
from mentorlink.web.insights.blueprint import asked_year, csv_file, local_day, pages, this_year
from mentorlink.web.locale import in_language


@pages.get("/programme")
@requires(Role.MANAGER)
def overview() -> str:
    """How many ask, are paired, meet and finish, and where things stand still."""
    year = asked_year()
    outcome = outcome_for(actor(), year)
    silent, silent_count = silent_pairs_for(actor())
    return render_template(
        "insights/overview.html",
        year=year,
        this_year=this_year(),
        funnel=funnel_for(actor(), year),
        waiting=waiting_requests_for(actor()),
        waiting_count=waiting_count_for(actor()),
        silent=silent,
        silent_count=silent_count,
        shown=SHOWN,
        silent_days=SILENT_DAYS,
        waiting_days=WAITING_DAYS,
        now=clock.now(),
        stages=STAGES,
        outcome=outcome,
        groups=_groups(outcome) if outcome else [],
    )


def _groups(outcome: ProgrammeOutcome) -> list[tuple[str, list[tuple[str, Access]]]]:
    """Title and rows of each table of access, with the names of the groups."""
    titles = {"tier": _("By tier"), "unit": _("By unit"), "place": _("By place")}
    found = []
    for kind, rows in outcome.access.items():
        names = {group: in_language(words) for group, words in outcome.names.get(kind, {}).items()}
        found.append((titles[kind], [(_name(row, names), row) for row in rows]))
    return found


def _name(row: Access, names: dict[Any, str]) -> str:
    if row.groups > 1:
        return _("%(num)s others together", num=row.groups)
    return names.get(row.group, row.group) if row.group else _("not known")


@pages.get("/programme/pairs.csv")
@requires(Role.MANAGER)
def export() -> Response:
    """Every pair that ran in the year as CSV: who, stage, dates, sessions; never a word of what was said."""
    year = asked_year()
    head = [
        _("Mentee"), _("Unit of the mentee"), _("Mentor"), _("Unit of the mentor"), _("Stage"), _("State"),
        _("Began"), _("In this stage since"), _("Ended"), _("Sessions held"), _("Last session"), _("Next session"),
        _("Gone quiet"), _("NIP of the mentee"), _("Mentee's e-mail"), _("Unit code of the mentee"), _("NIP of the mentor"),
        _("Mentor's e-mail"), _("Unit code of the mentor"),
    ]  # fmt: skip
    states = {"active": _("active"), "paused": _("paused"), "closed": _("complete"), "ended_early": _("ended early")}
    rows = (
        (
            pair.mentee, in_language(pair.mentee_unit), pair.mentor, in_language(pair.mentor_unit), STAGES[pair.stage](),
            states[pair.state], local_day(pair.started_at), local_day(pair.in_stage_since), local_day(pair.ended_at),
            pair.sessions_held, local_day(pair.last_met_at), local_day(pair.next_at), _("yes") if pair.quiet else _("no"),
            *_known_by(pair.mentee_is), *_known_by(pair.mentor_is),
        )
        for pair in pairs_for(actor(), year)
    )  # fmt: skip
    return csv_file(f"pairs-{year}", head, rows)


def _known_by(reach: Reach) -> tuple[str, str, str]:
    """NIP, behind the apostrophe that keeps a spreadsheet from rounding it, e-mail address and code of the unit."""
    return f"'{reach.nip}" if reach.nip else "", shown_address(reach.email), reach.unit_code


@pages.get("/programme/requests.csv")
@requires(Role.MANAGER)
def requests_file() -> Response:
    """Every request that waits without a sign, the longest wait first, as CSV; never what was written."""
    kinds = {"mentor": _("mentor"), "coach": _("coach")}
    rows = (
        (row.asker, in_language(row.asker_unit), row.helper, in_language(row.helper_unit), kinds[row.kind],
         local_day(row.sent_at), (clock.now() - row.sent_at).days, local_day(row.expires_at))
        for row in waiting_requests_for(actor(), limit=None)
    )  # fmt: skip
    head = [
        _("Asked by"), _("Unit"), _("Asked of"), _("Unit of who was asked"), _("As"), _("Sent"), _("Days without a sign"),
        _("Returns on"),
    ]  # fmt: skip
    return csv_file("requests", head, rows)


@pages.get("/programme/figures.csv")
@requires(Role.MANAGER)
def figures_file() -> Response:
    """The figures of the year as CSV, a row each, as the page tells them."""
    year = asked_year()
    funnel, outcome = funnel_for(actor(), year), outcome_for(actor(), year)
    head = [
        _("Part"), _("What"), _("Count"), _("Of"), _("Proportion"), _("Before"), _("After"), _("Change"), _("Change at least"),
        _("Change at most"), _("As of"),
    ]  # fmt: skip
    day = local_day(clock.now())
    rows: list[tuple[Any, ...]] = [(*row, *[""] * 7, day) for row in _counted(funnel, year)]
    if outcome:
        made = local_day(outcome.made_at)
        rows += [(*row, made) for row in (*_moved(outcome), *_access(outcome))]
    return csv_file(f"programme-{year}", head, rows)


def _counted(funnel: Funnel, year: int) -> Iterator[tuple[str, str, int]]:
    part = _("From offer to finish")
    if year == this_year():
        yield part, _("Places offered"), funnel.places
        yield part, _("Places free"), funnel.places_free
        yield part, _("Mentors who offer"), funnel.mentors_offering
    ways = {"request": _("by a request"), "round": _("in a matching round"), "group": _("in a group")}
    yield part, _("Looked for a mentor"), funnel.people_who_looked
    for way, number in funnel.looked_by.items():
        yield part, _("Looked for a mentor: %(way)s", way=ways[way]), number
    yield part, _("People who asked"), funnel.people_who_asked
    yield part, _("Requests"), funnel.requests
    yield part, _("Requests still open"), funnel.requests_open
    yield part, _("Paired, people"), funnel.people_paired
    yield part, _("Met at least once, people"), funnel.people_who_met
    yield part, _("Finished, people"), funnel.people_finished
    yield part, _("Pairs that began"), funnel.pairs
    yield part, _("Met at least once"), funnel.pairs_who_met
    yield part, _("Finished"), funnel.pairs_finished
    part = _("Where pairs stand")
    for stage, number in funnel.in_stage.items():
        yield part, STAGES[stage](), number
    yield part, _("Paused"), funnel.paused
    yield part, _("Finished"), funnel.finished
    yield part, _("Ended early"), funnel.ended_early
    names = {
        "conversation": _("Coaching at a first talk"), "engaged": _("Coaching under way"), "closed": _("Coaching finished"),
        "declined": _("Stayed at the talk"), "ended_early": _("Coaching ended early"),
    }  # fmt: skip
    for state, number in funnel.coaching.items():
        yield _("Coaching"), names[state], number


def _moved(outcome: ProgrammeOutcome) -> Iterator[tuple[Any, ...]]:
    sides: tuple[tuple[str, Moved | None], ...] = (
        (_("With a mentor, in what they worked on"), outcome.paired),
        (_("Without, in the same competencies"), outcome.alone),
    )
    for name, found in sides:
        numbers: list[Any] = [_("fewer than five: not told"), *[""] * 7]
        if found:
            change = found.change
            means = (found.before.value, found.after.value, change.value, change.low, change.high)
            numbers = [change.n, "", "", *(round(value, 3) for value in means)]
        yield _("What moved"), name, *numbers


def _access(outcome: ProgrammeOutcome) -> Iterator[tuple[Any, ...]]:
    held_back = _("not told")
    for title, rows in _groups(outcome):
        for name, row in rows:
            part = _("Access: %(title)s", title=title)
            looked = row.told.people if row.told else held_back
            paired = row.told.part if row.told else held_back
            yield part, _("%(name)s: looked for a mentor", name=name), looked, row.people, _rounded(row.looking), *[""] * 5
            yield part, _("%(name)s: came to be paired", name=name), paired, looked, _rounded(row.paired), *[""] * 5


def _rounded(share: float | None) -> float | str:
    return "" if share is None else round(share, 3)
