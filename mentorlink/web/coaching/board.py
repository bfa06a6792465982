"""All of the actor's coaching, and one engagement at a glance."""

from __future__ import annotations

from datetime import datetime

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel import clock
from mentorlink.kernel.errors import Invalid
from mentorlink.sessions.care.queries import silence_of_coaching
from mentorlink.sessions.coaching.actions import say_coaching_goes_on
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.coaching.queries import (
    commitments_for,
    credentials_of,
    end_for,
    engagements_for,
    goals_for,
    numbers_for,
    questions_for,
    shared_for,
    superior_coaches,
)
from mentorlink.web.coaching.frame import back_to, mine, page, pages
from mentorlink.web.forms import sent
from mentorlink.web.guard import actor, signed_in


@pages.get("/coaching")
@signed_in
def index() -> str:
    """The actor's coaching, as coachee and as coach, and what they are asked as a superior."""
    standings = engagements_for(actor())
    running = [standing for standing in standings if standing.engagement.is_open]
    return render_template(
        "coaching/index.html",
        as_coachee=[standing for standing in running if standing.side == "coachee"],
        as_coach=sorted((each for each in running if each.side == "coach"), key=lambda each: not each.my_turn),
        over=[standing for standing in standings if not standing.engagement.is_open],
        questions=questions_for(actor()),
        shared=shared_for(actor()),
    )


@pages.get("/coaching/<int:engagement_id>")
@signed_in
def engagement(engagement_id: int) -> tuple[str, int]:
    """One engagement at a glance: next step, goal, what was taken on, next session."""
    return overview(mine(engagement_id))


@pages.post("/coaching/<int:engagement_id>/still-on")
@signed_in
def still_on(engagement_id: int) -> Answer:
    """The quiet pair gives a sign."""
    row = say_coaching_goes_on(actor(), mine(engagement_id))
    flash(_("Good. What was announced is off."), "good")
    return back_to("engagement", row)


def _closes_at(row: Engagement) -> datetime | None:
    """When it ends by silence, if that was announced and nobody has given a sign since."""
    silence = silence_of_coaching(row)
    if silence is None or silence.closes_at is None or not row.is_open or (row.touched_at or silence.since) > silence.since:
        return None
    return silence.closes_at


def overview(row: Engagement, refused: Invalid | None = None) -> tuple[str, int]:
    """The overview, with what was wrong in a dialog's form if it came back."""
    goals = goals_for(actor(), row)
    return page(
        "engagement",
        row,
        goal=goals[0] if goals else None,
        numbers=numbers_for(actor(), row),
        commitments=commitments_for(actor(), row, limit=12),
        in_line=superior_coaches(row),
        credentials=credentials_of(row.coach_id) if actor().is_person(row.coachee_id) else [],
        end=None if row.is_open else end_for(actor(), row),
        closes_at=_closes_at(row) if row.is_open else None,
        today=clock.today(actor().timezone),
        form=sent(refused) if refused else None,
        wrong=request.endpoint.rsplit(".", 1)[-1] if refused and request.endpoint else "",
        status=422 if refused else 200,
    )
