"""JSON of figures: the funnel and what came of a year, gaps and hours by unit, needs that nobody can fill."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from mentorlink.api.guard import actor, requires, signed_in
from mentorlink.insights import shapes
from mentorlink.insights.queries import funnel_for
from mentorlink.insights.queries.agency import agency_figures_for
from mentorlink.insights.queries.outcome import outcome_for
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import NotFound

api = APIBlueprint("api_insights", __name__)


@api.get("/figures/programme")
@requires(Role.MANAGER)
def programme() -> dict[str, Any]:
    """How many asked, were paired, met and finished in ``year`` (this one unless it is said), and what came of it."""
    now = clock.today(actor().timezone).year
    asked = request.args.get("year", default=now, type=int)
    year = asked if 2000 <= asked <= now + 1 else now
    outcome = outcome_for(actor(), year)
    found = shapes.funnel_shape(year, clock.now(), funnel_for(actor(), year))
    return found | {"outcome": shapes.outcome_shape(outcome) if outcome else None}


@api.get("/figures/agency")
@signed_in
def agency() -> dict[str, Any]:
    """Gaps, hours and unmet needs over what the actor heads or looks after; ``unit`` looks at one of its units."""
    found = agency_figures_for(actor(), request.args.get("unit", type=int))
    if found is None:
        raise NotFound()
    return shapes.agency_shape(found)
