"""Care: a sign of life, thanks, a concern to a safe person, content opened by two."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.people.queries import search_people
from mentorlink.sessions.care import actions, queries
from mentorlink.sessions.care.inputs import AnswerText, ConcernText, OpeningReason, SafePersonChoice, ThanksText
from mentorlink.sessions.care.policy import may_decide_opening, may_read_opened
from mentorlink.sessions.meetings.models import Series
from mentorlink.sessions.meetings.queries import series_for
from mentorlink.sessions.mentoring.actions import say_still_on
from mentorlink.web.forms import sent
from mentorlink.web.guard import actor, requires, signed_in
from mentorlink.web.mentoring.frame import back_to, mine, pages


@pages.post("/mentoring/<int:mentorship_id>/still-on")
@signed_in
def still_on(mentorship_id: int) -> Answer:
    """Give a sign of life."""
    row = say_still_on(actor(), mine(mentorship_id))
    flash(_("Good. What was announced is off."), "good")
    return back_to("mentorship", row)


# Thanks


@pages.get("/mentoring/series/<int:series_id>/thanks")
@signed_in
def thank(series_id: int) -> tuple[str, int]:
    """The form of thanks, and what was said before."""
    return _thank(series_for(actor(), series_id))


@pages.post("/mentoring/series/<int:series_id>/thanks")
@signed_in
def send_thanks(series_id: int) -> Answer | tuple[str, int]:
    """Thank somebody."""
    series = series_for(actor(), series_id)
    try:
        actions.send_thanks(actor(), series, read_form(ThanksText, request.form))
    except Invalid as error:
        return _thank(series, error)
    flash(_("Your thanks are on their way."), "good")
    return redirect(url_for("mentoring.thank", series_id=series_id), 303)


def _thank(series: Series, refused: Invalid | None = None) -> tuple[str, int]:
    others = [member.person for member in series.members if member.person_id != actor().person_id]
    given = queries.thanks_between(actor(), series)
    return _page(
        "thank", refused, series=series, given=given,
        others=[person for person in others if not any(actor().is_person(t.from_id) and t.to_id == person.id for t in given)],
    )  # fmt: skip


@pages.get("/mentoring/thanks/<int:thanks_id>")
@signed_in
def thanks(thanks_id: int) -> tuple[str, int]:
    """Thanks one was given."""
    return _page("thanks", thanks=queries.thanks_for(actor(), thanks_id))


@pages.post("/mentoring/thanks/<int:thanks_id>/pass-on")
@signed_in
def pass_thanks_on(thanks_id: int) -> Answer:
    """Let one's superior read them."""
    actions.pass_thanks_on(actor(), queries.thanks_for(actor(), thanks_id))
    flash(_("Your superior can read it now."), "good")
    return redirect(url_for("mentoring.thanks", thanks_id=thanks_id), 303)


# Concerns


@pages.get("/mentoring/series/<int:series_id>/concern")
@signed_in
def confide(series_id: int) -> tuple[str, int]:
    """The form of a concern."""
    return _confide(series_for(actor(), series_id))


@pages.post("/mentoring/series/<int:series_id>/concern")
@signed_in
def raise_concern(series_id: int) -> Answer | tuple[str, int]:
    """Tell a safe person."""
    series = series_for(actor(), series_id)
    try:
        concern = actions.raise_concern(actor(), series, read_form(ConcernText, request.form))
    except Invalid as error:
        return _confide(series, error)
    flash(_("%(name)s has been told, nobody else.", name=concern.to.name), "good")
    return redirect(url_for("mentoring.concern", concern_id=concern.id), 303)


def _confide(series: Series, refused: Invalid | None = None) -> tuple[str, int]:
    return _page("confide", refused, series=series, safe=queries.safe_people(actor(), series))


@pages.get("/mentoring/concerns")
@signed_in
def concerns() -> tuple[str, int]:
    """What one confided, or was told as a safe person."""
    return _page("concerns", concerns=queries.concerns_for(actor()))


@pages.get("/mentoring/concerns/<int:concern_id>")
@signed_in
def concern(concern_id: int) -> tuple[str, int]:
    """One concern."""
    return _page("concern", concern=queries.concern_for(actor(), concern_id))


@pages.post("/mentoring/concerns/<int:concern_id>/answer")
@signed_in
def answer_concern(concern_id: int) -> Answer | tuple[str, int]:
    """Answer as the safe person."""
    row = queries.concern_for(actor(), concern_id)
    try:
        actions.answer_concern(actor(), row, read_form(AnswerText, request.form))
    except Invalid as error:
        return _page("concern", error, concern=row)
    flash(_("Answered."), "good")
    return redirect(url_for("mentoring.concern", concern_id=concern_id), 303)


@pages.post("/mentoring/concerns/<int:concern_id>/close")
@signed_in
def close_concern(concern_id: int) -> Answer:
    """Say that it was taken care of."""
    actions.close_concern(actor(), queries.concern_for(actor(), concern_id))
    return redirect(url_for("mentoring.concern", concern_id=concern_id), 303)


# Safe people, and what is opened by two


@pages.get("/mentoring/openings")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def openings() -> tuple[str, int]:
    """Safe people, what was opened, and the pair one would ask about."""
    return _openings()


def _openings(refused: Invalid | None = None) -> tuple[str, int]:
    who = request.args.get("who", "")
    return _page(
        "openings", refused,
        safe=queries.safe_people_for(actor()),
        people=search_people(actor(), who) if len(who) > 2 else [],
        who=who,
        openings=queries.openings_for(actor()),
        pairs=queries.pairs_to_open_for(actor(), request.args.get("q", "")),
        q=request.args.get("q", ""),
    )  # fmt: skip


@pages.post("/mentoring/safe-people")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def name_safe_person() -> Answer | tuple[str, int]:
    """Name a safe person."""
    try:
        actions.name_safe_person(actor(), read_form(SafePersonChoice, request.form))
    except Invalid as error:
        return _openings(error)
    return redirect(url_for("mentoring.openings"), 303)


@pages.post("/mentoring/safe-people/drop")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def drop_safe_person() -> Answer | tuple[str, int]:
    """Take somebody off the list."""
    try:
        actions.drop_safe_person(actor(), read_form(SafePersonChoice, request.form))
    except Invalid as error:
        return _openings(error)
    return redirect(url_for("mentoring.openings"), 303)


@pages.get("/mentoring/series/<int:series_id>/open")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def ask_open(series_id: int) -> tuple[str, int]:
    """The form with a reason."""
    return _page("ask_open", series=queries.series_to_open_for(actor(), series_id))


@pages.post("/mentoring/series/<int:series_id>/open")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def ask_opening(series_id: int) -> Answer | tuple[str, int]:
    """Ask a second person to agree."""
    series = queries.series_to_open_for(actor(), series_id)
    try:
        opening = actions.ask_opening(actor(), series, read_form(OpeningReason, request.form))
    except Invalid as error:
        return _page("ask_open", error, series=series)
    flash(_("Asked. Nothing is open before a second person agrees."), "good")
    return redirect(url_for("mentoring.opening", opening_id=opening.id), 303)


@pages.get("/mentoring/openings/<int:opening_id>")
@signed_in
def opening(opening_id: int) -> tuple[str, int]:
    """One opening: to who asked with the content while it is open, to the pair why and by whom."""
    row, series = queries.opening_for(actor(), opening_id)
    opened = actions.read_opened(actor(), row) if may_read_opened(actor(), row) else None
    return _page("opening", opening=row, series=series, opened=opened, may_decide=may_decide_opening(actor(), row, series))


@pages.post("/mentoring/openings/<int:opening_id>/decide")
@signed_in
def decide_opening(opening_id: int) -> Answer:
    """Agree or refuse, as the second person."""
    row, series = queries.opening_for(actor(), opening_id)
    actions.decide_opening(actor(), row, series, agreed=request.form.get("agreed") == "1")
    return redirect(url_for("mentoring.opening", opening_id=opening_id), 303)


def _page(name: str, refused: Invalid | None = None, **context: Any) -> tuple[str, int]:
    form = sent(refused) if refused else None
    return render_template(f"mentoring/care/{name}.html", form=form, **context), 422 if refused else 200
