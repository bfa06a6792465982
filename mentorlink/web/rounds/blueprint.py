"""The blueprint, and the frame in which every step of a round stands."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from mentorlink.rounds import actions
from mentorlink.rounds.models import Round
from mentorlink.rounds.queries import Sheet, news_of, round_for, sheet_of, sizes_of, standing_of, takes_stop
from mentorlink.rounds.rules import next_step, steps_of
from mentorlink.rounds.stages import UNSETTLED
from mentorlink.web.guard import actor
from mentorlink.web.words.rounds import (
    act_name,
    bonus_sentence,
    chance_sentence,
    decided_for_mentee,
    decided_sentence,
    fault_name,
    fit_points,
    phase_name,
    rule_name,
    stop_figures,
)

pages = Blueprint("rounds", __name__)
pages.add_app_template_filter(act_name, "round_act")
pages.add_app_template_filter(phase_name, "round_phase")
pages.add_app_template_filter(fault_name, "round_fault")
pages.add_app_template_filter(rule_name, "round_rule")
pages.add_app_template_filter(decided_sentence, "decided")
pages.add_app_template_filter(decided_for_mentee, "decided_for_mentee")
pages.add_app_template_filter(chance_sentence, "next_chance")
pages.add_app_template_filter(bonus_sentence, "missed_bonus")
pages.add_app_template_filter(stop_figures, "stop_figures")
pages.add_app_template_filter(fit_points, "fit_points")

ENDPOINTS = {
    "people": "rounds.people",
    "cover": "rounds.cover",
    "weights": "rounds.weights",
    "run": "rounds.run",
    "draft": "rounds.draft",
    "publish": "rounds.publish",
}


def step_name(code: str) -> str:
    """What a step of the guided page is called."""
    return {
        "people": _("Who takes part"),
        "cover": _("Cover map"),
        "weights": _("What counts"),
        "run": _("Solve"),
        "draft": _("Draft"),
        "publish": _("Publish"),
    }[code]


def found(round_id: int) -> Round:
    """The round of an address; to whoever does not run its programme there is none."""
    return round_for(actor(), round_id)


def sheet_for(round_: Round, kind: str) -> Sheet:
    """What a page says of the whole cohort, as it was worked out last; it is asked for anew where it is stale."""
    sheet = sheet_of(round_, kind)
    if not sheet.fresh:
        actions.ask_sheet(actor(), round_, kind)
    return sheet


def page_number() -> int:
    """The page of a list that the address asks for."""
    return min(max(request.args.get("page", 1, type=int) or 1, 1), 100_000)


def _closed_by(round_: Round) -> str | None:
    """Why nothing about a round can be changed now: its state, ``publishing`` or ``stop``; None where it can."""
    if round_.state not in UNSETTLED:
        return round_.state
    if round_.publishing_since is not None:
        return "publishing"
    return "stop" if takes_stop(round_) else None


def stepped(template: str, round_: Round, step: str, *, status: int = 200, **context: Any) -> Any:
    """A step of the guided page, with the way before and after it."""
    sizes = sizes_of(round_)
    news = news_of(round_)
    standing = standing_of(round_, sizes, stale=news.some)
    order = list(ENDPOINTS)
    at = order.index(step) if step in order else -1
    steps = [
        {
            "label": step_name(each.code),
            "state": "current" if each.code == step else "done" if each.state == "done" else "todo",
            "href": url_for(ENDPOINTS[each.code], round_id=round_.id),
        }
        for each in steps_of(standing)
    ]
    closed_by = _closed_by(round_)
    following = order[at + 1] if 0 <= at < len(order) - 1 else None
    html = render_template(
        template,
        round=round_,
        sizes=sizes,
        standing=standing,
        news=news,
        steps=steps,
        step=step,
        suggested=next_step(standing),
        following=(step_name(following), url_for(ENDPOINTS[following], round_id=round_.id)) if following else None,
        settled=closed_by is not None,
        closed_by=closed_by,
        step_name=step_name,
        endpoints=ENDPOINTS,
        **context,
    )
    return (html, status) if status != 200 else html
