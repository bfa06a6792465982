"""What a unit head sees of their people: that they are mentored, which stage, how many hours; what coachees share; thanks."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel.cells import csv_text
from mentorlink.sessions.care.queries import thanks_passed_to
from mentorlink.sessions.coaching.queries import Shared, shared_for
from mentorlink.sessions.mentoring.actions import say_superior_word
from mentorlink.sessions.mentoring.queries import superior_word_for, team_for, words_wanted_for
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.locale import in_language
from mentorlink.web.mentoring.frame import pages

PAGE = 50
FILE = 10_000


@pages.get("/mentoring/people")
@signed_in
def people() -> str:
    """The superior's page."""
    number = request.args.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and 0 < len(number) < 6 else 1
    team = team_for(actor(), page=page, limit=PAGE)
    return render_template(
        "mentoring/team.html", team=team, page=page, pages=max(1, -(-team.total // PAGE)), wanted=words_wanted_for(actor()),
        shared=shared_for(actor()), thanks=thanks_passed_to(actor()),
    )  # fmt: skip


@pages.get("/mentoring/people.csv")
@signed_in
def people_file() -> Answer:
    """The same as a file: mentoring, and of coaching what is shared at this moment."""
    head = [_("Person"), _("Unit"), _("With"), _("Stage"), _("State"), _("Begun"), _("Sessions held"), _("Minutes"),
            _("Goal of the coaching"), _("By when"), _("Numbers (coachee, coach)"), _("Commitments done"),
            _("Review of the coachee")]  # fmt: skip
    rows: list[list[object]] = [
        [row.mentee, in_language(row.unit), row.mentor, row.stage, row.state, row.started_at.date(), row.sessions, row.minutes,
         "", "", "", "", ""]
        for row in team_for(actor(), limit=FILE).rows
    ]  # fmt: skip
    rows += [_shared_row(one) for one in shared_for(actor())]
    answer = Response(csv_text(head, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="people.csv"'
    return answer


def _shared_row(one: Shared) -> list[object]:
    """What is not shared is an empty cell."""
    numbers = "; ".join(f"{moment}: {said['coachee']}, {said['coach']}" for moment, said in one.numbers.items())
    done = f"{one.commitments.get('done', 0)}/{sum(one.commitments.values())}" if one.commitments else ""
    review = "\n".join(text for text in (one.review or {}).values() if text)
    sessions, minutes = ("" if count is None else count for count in (one.sessions, one.minutes))
    goal, by_on = one.goal or "", one.goal_by or ""
    return [one.name, "", _("Coaching"), "", one.state, "", sessions, minutes, goal, by_on, numbers, done, review]


@pages.post("/mentoring/<int:mentorship_id>/superior")
@signed_in
def superior_word(mentorship_id: int) -> Answer:
    """Agree to a mentorship of one's people, or not."""
    word = superior_word_for(actor(), mentorship_id)
    agreed = request.form.get("agreed") == "1"
    say_superior_word(actor(), word, agreed=agreed)
    flash(_("You agreed; both have been told.") if agreed else _("Noted; both have been told."), "good")
    return redirect(url_for("mentoring.people"), 303)
