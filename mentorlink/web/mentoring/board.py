"""All of the actor's mentorships, and one of them at a glance."""

from __future__ import annotations

from datetime import date, datetime

from flask import render_template, request

from mentorlink.kernel import clock
from mentorlink.kernel.errors import Invalid
from mentorlink.sessions.care.policy import may_name_safe_people
from mentorlink.sessions.care.queries import silence_of
from mentorlink.sessions.meetings.queries import PAGE, action_items_for, meetings_for
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.sessions.mentoring.queries import (
    board_for,
    early_end_for,
    history_for,
    stage_times,
    stage_words_of,
    standing_for,
    standings_for,
    style_tip_for,
)
from mentorlink.web.forms import sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.mentoring.frame import mine, page, pages, prompts_of_pair


@pages.get("/mentoring")
@signed_in
def index() -> str:
    """The actor's mentorships, as mentee and as mentor."""
    standings = standings_for(actor())
    running = [standing for standing in standings if standing.mentorship.is_open]
    return render_template(
        "mentoring/index.html",
        as_mentee=[standing for standing in running if standing.side == "mentee"],
        as_mentor=sorted(
            (standing for standing in running if standing.side == "mentor"),
            key=lambda standing: (not (standing.my_turn or standing.meetings.unsettled), -standing.silent_days),
        ),
        heads=bool(actor().heads),
        cares=may_name_safe_people(actor()),
        over=[standing for standing in standings if not standing.mentorship.is_open],
    )


@pages.get("/mentoring/board")
@signed_in
def board() -> str:
    """A mentor's mentees in one table: who needs them first."""
    return render_template("mentoring/board.html", rows=board_for(actor()))


@pages.get("/mentoring/<int:mentorship_id>")
@signed_in
def mentorship(mentorship_id: int) -> tuple[str, int]:
    """One mentorship at a glance: next step, gate, next meeting, actions."""
    return overview(mine(mentorship_id))


def overview(row: Mentorship, refused: Invalid | None = None) -> tuple[str, int]:
    """The overview, with what was wrong in a dialog's form if it came back."""
    return page(
        "mentorship",
        row,
        standing=standing_for(actor(), row),
        closes_at=_closes_at(row),
        stage_words=stage_words_of(row),
        time=stage_times([row]).get(row.id),
        style_tip=style_tip_for(actor(), row),
        prompts=prompts_of_pair(row) if row.state == "active" else None,
        actions=action_items_for(actor(), row.series, limit=6),
        today=clock.today(actor().timezone),
        early_end=early_end_for(actor(), row) if row.state == "ended_early" else None,
        returns_on=_returns_on(row),
        form=sent(refused) if refused else None,
        wrong=request.endpoint.rsplit(".", 1)[-1] if refused and request.endpoint else None,
        status=422 if refused else 200,
    )


def _returns_on(row: Mentorship) -> date | None:
    """The day on which a mentoring that rests goes on by itself."""
    pauses = history_for(actor(), row)[1] if row.state == "paused" else []
    return next((pause.returns_on for pause in pauses if pause.resumed_at is None), None)


def _closes_at(row: Mentorship) -> datetime | None:
    """When it ends by silence, if that was announced and nobody has given a sign since."""
    silence = silence_of(row)
    if silence is None or silence.closes_at is None or row.state != "active" or row.touched_at > silence.since:
        return None
    return silence.closes_at


@pages.get("/mentoring/<int:mentorship_id>/meetings")
@signed_in
def meetings(mentorship_id: int) -> tuple[str, int]:
    """The pair's meetings, latest first, a page at a time."""
    row = mine(mentorship_id)
    before = _moment(request.args.get("before"))
    found = meetings_for(actor(), row.series, before=before, limit=PAGE + 1)
    return page(
        "meetings",
        row,
        meetings=found[:PAGE],
        older=found[PAGE - 1].starts_at if len(found) > PAGE else None,
        first=before is None,
    )


@pages.get("/mentoring/<int:mentorship_id>/history")
@signed_in
def history(mentorship_id: int) -> tuple[str, int]:
    """The stages the pair went through."""
    row = mine(mentorship_id)
    periods, pauses = history_for(actor(), row)
    return page("history", row, periods=periods, pauses=pauses)


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
