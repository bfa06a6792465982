"""Sentences for refusals around coaching."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext


def check_name(code: str) -> str:
    """What something that a step needs is called."""
    return {
        "talk_held": _("You have talked once"),
        "both_said_yes": _("Both said yes"),
        "goal_set": _("The goal is written down"),
        "after_said": _("Both said a last number"),
        "reviewed": _("Both wrote a review"),
    }.get(code, code)


def _not_ready(facts: dict[str, Any]) -> str:
    missing = "; ".join(check_name(code) for code in facts.get("missing", ()))
    return _("Not everything is there yet. Still missing: %(missing)s.", missing=missing)


SENTENCES = {
    "may_begin_engagement": lambda f: _("Only the two people concerned can begin a coaching."),
    "may_change_engagement": lambda f: _("Only the two of you can change your coaching."),
    "may_write_goal": lambda f: _("The goal is the coachee’s: nobody else writes it."),
    "may_ask_superior": lambda f: _("The coachee alone decides what their superior is asked."),
    "may_answer_question": lambda f: _("This question was put to somebody else."),
    "may_check_in": lambda f: _("Only who took it on says how it stands."),
    "may_end_engagement_for_leaver": lambda f: _("A coaching ends by itself when one of the two has left."),
    "may_remind_of_commitment": lambda f: _("Reminders come by themselves."),
    "coach_of_oneself": lambda f: _("Nobody coaches themselves."),
    "already_coached": lambda f: _("The two of you already have a coaching that is running."),
    "engagement_over": lambda f: _("Your coaching is over. What you wrote can still be read."),
    "not_engaged_yet": lambda f: _("First you talk once and both say yes. Then this is open to you."),
    "engaged_already": lambda f: _("Your coaching has begun. To part now, end it early."),
    "talk_first": lambda f: _("Talk once before you decide. A talk that was not planned can be written down in one line."),
    "not_ready": _not_ready,
    "no_goal_yet": lambda f: _("There is no goal yet. The coachee writes it first."),
    "goal_changed": lambda f: _("The goal was written anew in the meantime. Compare it with yours and save again."),
    "goal_in_the_past": lambda f: _("Choose a day to come."),
    "goal_too_far": lambda f: _("Choose a day within two years; a goal further off is a direction."),
    "wanted_not_above": lambda f: _("Choose a number above where you stand now."),
    "already_scaled": lambda f: _("You have said your number for this already."),
    "no_superior": lambda f: _("No superior of yours is known here."),
    "superior_coaches": lambda f: _("Your superior is your coach and says a number there."),
    "already_asked_superior": lambda f: _("Your superior has a question of yours already. Take it back first."),
    "question_withdrawn": lambda f: _("This question was taken back."),
    "moment_has_passed": lambda f: _("The two have gone on in the meantime. Open the page again."),
    "sheet_changed": lambda f: _("Your partner wrote here in the meantime. Read it, put both together and save again."),
    "too_many_options": lambda f: _("Keep to the twelve best options."),
    "options_in_use": lambda f: ngettext(
        "You chose among options here. Keep at least %(num)s.",
        "You chose among options here. Keep at least %(num)s.",
        f["needed"],
    ),
    "options_first": lambda f: ngettext(
        "Find at least %(num)s option first: with one, nothing is chosen.",
        "Find at least %(num)s options first: with one, nothing is chosen.",
        f["needed"],
    ),
    "commitment_in_the_past": lambda f: _("Choose today or a day to come."),
    "commitment_dropped": lambda f: _("You let go of this. Take it on anew in a session."),
    "direction_needed": lambda f: _("Please say where you go from here."),
    "already_reviewed": lambda f: _("You have written your review. It is written once."),
    "may_share": lambda f: _("Only the coachee decides what the superior sees."),
    "may_rest": lambda f: _("Only the two of you can pause your coaching."),
    "may_keep_credentials": lambda f: _("Please sign in first."),
    "engagement_rests": lambda f: _("Your coaching is paused. Resume it first."),
    "too_many_credentials": lambda f: _("At most %(limit)s credentials; take an old one off first.", limit=f["limit"]),
}
