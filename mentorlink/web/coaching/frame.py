"""What every page of an engagement stands in: the two, where they stand, the tabs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.coaching.queries import Engaging, engagement_for, engaging_for, seen_by_superior
from mentorlink.sessions.coaching.stages import allows
from mentorlink.web.guard import actor

pages = Blueprint("coaching", __name__)


def mine(engagement_id: int) -> Engagement:
    """The actor's engagement, or 404."""
    return engagement_for(actor(), engagement_id)


def page(
    name: str, engagement: Engagement, *, standing: Engaging | None = None, status: int = 200, **context: Any
) -> tuple[str, int]:
    """The page ``name`` of an engagement."""
    standing = standing or engaging_for(actor(), engagement)
    return (
        render_template(
            f"coaching/{name}.html",
            e=engagement,
            standing=standing,
            partner=engagement.coach if standing.side == "coachee" else engagement.coachee,
            people={engagement.coach_id: engagement.coach, engagement.coachee_id: engagement.coachee},
            shared=seen_by_superior(actor(), engagement),
            tabs=_tabs(engagement, {"sheet": "sessions", "commitment": "engagement"}.get(name, name)),
            **({"form": None, "wrong": ""} | context),
        ),
        status,
    )


def may_now(act: str, engagement: Engagement) -> bool:
    """True when ``act`` belongs to where the two stand and they do not rest."""
    return engagement.paused_until is None and allows(act, engagement.state)


def back_to(name: str, engagement: Engagement, anchor: str | None = None) -> Answer:
    """See the page ``name`` next."""
    return redirect(url_for(f"coaching.{name}", engagement_id=engagement.id, _anchor=anchor), 303)


def _tabs(engagement: Engagement, active: str) -> list[dict[str, Any]]:
    names = [
        ("engagement", _("Overview")),
        ("goal", _("Goal")),
        ("sessions", _("Sessions")),
        ("sharing", _("Sharing")),
        ("closing", _("Closing")),
    ]
    return [
        {"label": label, "href": url_for(f"coaching.{name}", engagement_id=engagement.id), "active": name == active}
        for name, label in names
    ]
