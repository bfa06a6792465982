"""What every page of a mentorship stands in: the two, their stage, whose turn it is, the tabs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel.inputs import I, read
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.sessions.mentoring.queries import NextAct, Standing, mentorship_for, stage_words_of, standing_for
from mentorlink.web.forms import tree
from mentorlink.web.guard import actor

pages = Blueprint("mentoring", __name__)


@dataclass(frozen=True)
class Prompts:
    """Of whom and when the prompt card speaks: mentoring or coaching, the reader's side, the stage of a mentoring."""

    kind: str
    side: str
    stage: str = ""
    words: Mapping[str, dict[str, str]] = field(default_factory=dict)
    """What is said of the stage in the version that the mentoring keeps."""


def prompts_of_pair(mentorship: Mentorship) -> Prompts:
    """The card of the actor in a mentoring."""
    side = str(mentorship.side_of(actor().person_id))
    return Prompts("mentoring", side, mentorship.stage, stage_words_of(mentorship)[mentorship.stage])


CHECK_PAGES = {
    "agreement_signed": "agreement",
    "baseline_recorded": "goals",
    "meeting_held": "meetings",
    "goals_accepted": "goals",
    "roadmap_finished": "roadmap",
    "reflections_written": "closing",
    "after_levels_confirmed": "closing",
    "direction_named": "closing",
    "evaluations_given": "closing",
    "superior_agreed": "mentorship",
}
"""Check → page on which it is worked on."""

ANCHORS = {
    "after_levels_confirmed": "levels",
    "direction_named": "direction",
    "evaluations_given": "evaluation",
    "baseline_recorded": "baseline",
}


def mine(mentorship_id: int) -> Mentorship:
    """The actor's mentorship, or 404."""
    return mentorship_for(actor(), mentorship_id)


def page(
    name: str, mentorship: Mentorship, *, standing: Standing | None = None, status: int = 200, **context: Any
) -> tuple[str, int]:
    """The page ``name`` of a mentorship."""
    standing = standing or standing_for(actor(), mentorship)
    partner = mentorship.mentor if standing.side == "mentee" else mentorship.mentee
    return (
        render_template(
            f"mentoring/{name}.html",
            m=mentorship,
            standing=standing,
            partner=partner,
            me=mentorship.mentee if standing.side == "mentee" else mentorship.mentor,
            tabs=_tabs(mentorship, name.removesuffix("_edit")),
            check_href=check_href,
            ahead=_ahead(standing, name),
            people={mentorship.mentor_id: mentorship.mentor, mentorship.mentee_id: mentorship.mentee},
            **({"form": None, "wrong": ""} | context),
        ),
        status,
    )


def _ahead(standing: Standing, part: str) -> NextAct | None:
    """What comes next, on a page where the reader has done all that the stage asks of them there."""
    here = [condition for condition in standing.conditions if CHECK_PAGES[condition.code] == part]
    if part == "mentorship" or standing.mentorship.state != "active" or not here:
        return None
    return None if any(standing.side in condition.turn for condition in here) else standing.next_act


def check_href(mentorship: Mentorship, code: str) -> str:
    """Where a check is worked on; for the mentor the first version of the agreement begins at its form."""
    if code == "agreement_signed" and not mentorship.agreement_number and actor().is_person(mentorship.mentor_id):
        return url_for("mentoring.edit_agreement", mentorship_id=mentorship.id)
    return url_for(f"mentoring.{CHECK_PAGES[code]}", mentorship_id=mentorship.id, _anchor=ANCHORS.get(code))


def back_to(name: str, mentorship: Mentorship, anchor: str | None = None) -> Answer:
    """See the page ``name`` next."""
    return redirect(url_for(f"mentoring.{name}", mentorship_id=mentorship.id, _anchor=anchor), 303)


def read_nested(model: type[I], form: MultiDict[str, str]) -> I:
    """Build ``model`` from fields named ``targets.0.level``: numbered parts are lists, named ones objects."""
    return read(model, _lists(tree(form)))


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    parts = {name: _lists(part) for name, part in value.items()}
    numbers = [str(number) for number in range(len(parts))]
    return [parts[number] for number in numbers] if parts and set(parts) == set(numbers) else parts


def _tabs(mentorship: Mentorship, active: str) -> list[dict[str, Any]]:
    names: Iterable[tuple[str, str]] = (
        ("mentorship", _("Overview")),
        ("agreement", _("Agreement")),
        ("goals", _("Goals")),
        ("meetings", _("Sessions")),
        ("roadmap", _("Roadmap")),
        ("closing", _("Closing")),
        ("history", _("History")),
    )
    return [
        {"label": label, "href": url_for(f"mentoring.{name}", mentorship_id=mentorship.id), "active": name == active}
        for name, label in names
    ]
