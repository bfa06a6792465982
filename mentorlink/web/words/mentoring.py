"""Sentences for refusals around mentorships, and the names of stages and checks."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from mentorlink.web.locale import day


def stage_name(stage: str) -> str:
    """What the stage is called."""
    return {
        "prescriptive": _("Prescriptive"),
        "persuasive": _("Persuasive"),
        "collaborative": _("Collaborative"),
        "confirmative": _("Confirmative"),
    }.get(stage, stage)


def check_name(code: str) -> str:
    """What a condition of a gate is called."""
    return {
        "agreement_signed": _("Both have signed the same version of the agreement"),
        "baseline_recorded": _("Starting levels are recorded"),
        "meeting_held": _("You have met in this stage"),
        "goals_accepted": _("Both have accepted the same goals"),
        "roadmap_finished": _("Every step of the roadmap is done or closed"),
        "reflections_written": _("Both have written a reflection"),
        "after_levels_confirmed": _("Both say the same levels reached"),
        "direction_named": _("The next direction is named"),
        "evaluations_given": _("Both have evaluated"),
        "superior_agreed": _("The mentee’s superior has agreed"),
    }.get(code, code)


def _gate_closed(facts: dict[str, Any]) -> str:
    missing = "; ".join(check_name(code) for code in facts.get("missing", ()))
    return _("Not everything is there yet. Still missing: %(missing)s.", missing=missing)


SENTENCES = {
    "may_start_mentorship": lambda f: _("Only the two people concerned can begin a mentoring."),
    "may_start_many_mentorships": lambda f: _("Only the two people concerned can begin a mentoring."),
    "may_change_mentorship": lambda f: _("Only the two of you can change your mentoring."),
    "may_end_for_leaver": lambda f: _("A mentorship ends by itself when one of the two has left."),
    "may_take_step": lambda f: _("Only the two of you can change your mentoring."),
    "mentor_of_oneself": lambda f: _("Nobody mentors themselves."),
    "already_paired": lambda f: _("The two of you already have a mentoring that is running."),
    "mentorship_paused": lambda f: _("Your mentoring is paused. Resume it first."),
    "mentorship_over": lambda f: _("Your mentoring is over. What you wrote can still be read."),
    "wrong_stage": lambda f: _("This belongs to another stage; you are in the stage “%(stage)s”.", stage=stage_name(f["stage"])),
    "stage_moved_on": lambda f: _(
        "The stage has changed in the meantime: you are now in “%(stage)s”. Open the page again to go on from there.",
        stage=stage_name(f["stage"]),
    ),
    "gate_closed": _gate_closed,
    "agreement_changed": lambda f: _(
        "Your partner has proposed another version in the meantime. Compare it with yours and save again."
    ),
    "agreement_outdated": lambda f: _(
        "You were about to sign version %(number)s, but version %(newest)s is there now. Read the new one, then sign it.",
        number=f["number"],
        newest=f["newest"],
    ),
    "no_agreement_yet": lambda f: _("There is no agreement to extend yet."),
    "not_later": lambda f: _("Choose a day after the end you agreed on."),
    "competency_already_chosen": lambda f: _("You already work on this competency."),
    "too_many_competencies": lambda f: _("Work on at most %(limit)s competencies at a time.", limit=f["limit"]),
    "unknown_competency": lambda f: _("Please choose a competency from the list."),
    "baseline_assessed": lambda f: _("This level comes from an assessment and is not changed here."),
    "baseline_in_use": lambda f: _("Your goals build on this level. Take the competency out and in again to change it."),
    "may_change_stages": lambda f: _("HR or an administrator of the whole agency changes the stages."),
    "stages_changed": lambda f: _(
        "Somebody made a new version of the stages while you were editing. Nothing of yours was saved; please open the page "
        "again. Your text is kept in this browser."
    ),
    "stages_in_past": lambda f: _("A version holds from today or from a later day: what has begun keeps the version it has."),
    "stages_before_newest": lambda f: _(
        "The newest version begins on %(day)s; a later one cannot begin before it.", day=day(f["day"])
    ),
    "goals_changed": lambda f: _("Your partner has changed the goals in the meantime. Compare them with yours and save again."),
    "goals_outdated": lambda f: _("The goals have changed since you opened the page. Read them again, then accept them."),
    "goals_incomplete": lambda f: _("Every competency needs a starting level, a level to reach and a sign of success first."),
    "target_not_above": lambda f: _("Choose a level above where you start (%(baseline)s).", baseline=f["baseline"]),
    "issue_settled": lambda f: _("This issue has already been settled."),
    "level_changed": lambda f: _("Your partner says another level by now. Look at what each of you says, then decide."),
    "direction_changed": lambda f: _("Your partner has written the next direction in the meantime. Read it and save again."),
    "already_evaluated": lambda f: _("You have already evaluated. An evaluation is given once."),
    "return_in_the_past": lambda f: _("The day of return lies ahead: choose tomorrow or later."),
    "pause_too_long": lambda f: _("A pause lasts at most half a year."),
    "ends_before_it_starts": lambda f: _("The end comes after the start."),
    "period_too_long": lambda f: _("Please agree on at most three years."),
    "reason_needed": lambda f: _("Please say why, so that both of you remember."),
    "may_see_style": lambda f: _("This is for the mentor alone."),
    "may_say_superior_word": lambda f: _("Only the superior who was asked answers this."),
    "may_ask_superior_word": lambda f: _("The programme asks the superior by itself."),
    "superior_too_late": lambda f: _("The first stage has been left; this needs no answer any more."),
    "may_watch_silence": lambda f: _("The house alone does this."),
    "may_send_thanks": lambda f: _("Thanks go to somebody you meet here."),
    "may_pass_thanks_on": lambda f: _("The writer has not agreed that it is passed on."),
    "may_name_safe_people": lambda f: _("Safe people are named by HR or an administrator of the whole agency."),
    "may_raise_concern": lambda f: _("Only who meets here writes about it here."),
    "may_see_concern": lambda f: _("This is between two people."),
    "may_answer_concern": lambda f: _("Only the safe person answers."),
    "may_ask_opening": lambda f: _("HR or an administrator asks, and never about their own pair."),
    "may_decide_opening": lambda f: _("A second person decides: not who asked, and nobody of the pair."),
    "may_see_opening": lambda f: _("This is for who asks, who decides, and the pair."),
    "may_read_opened": lambda f: _("This is not open to you."),
    "already_thanked": lambda f: _("You have thanked them already."),
    "too_many_groups": lambda f: _("You lead %(limit)s groups already. End one before you open another.", limit=f["limit"]),
    "group_shut": lambda f: _("This group takes people by invitation only."),
    "group_full": lambda f: _("Every place in this group is taken."),
    "in_another_group": lambda f: _("This mentoring already meets in another group."),
    "group_changed": lambda f: _("Something in the group changed at the same moment. Look at it first."),
    "group_does_not_fit": lambda f: _("This does not fit for this group. There are other ways to learn with somebody."),
    "group_in_line": lambda f: _("A mentor stands outside the mentee’s line of command."),
    "group_ended": lambda f: _("This group has ended."),
    "more_are_in": lambda f: ngettext("%(num)s mentee is in it already.", "%(num)s mentees are in it already.", f["taken"]),
    "may_open_group": lambda f: _("Who may mentor opens groups; HR grants it."),
    "may_lead_group": lambda f: _("Only the mentor leads the group."),
    "may_ask_group": lambda f: _("You lead this group yourself."),
    "may_see_membership": lambda f: _("That is between the mentee and the mentor."),
    "may_say_yes": lambda f: _("The other was asked and answers."),
    "may_end_membership": lambda f: _("That is between the mentee and the mentor."),
    "may_end_group": lambda f: _("Only the mentor ends the group."),
    "not_a_safe_person": lambda f: _("Please choose somebody from the list."),
    "unknown_person": lambda f: _("Please choose somebody from the list."),
    "concern_closed": lambda f: _("This has been closed."),
    "opening_asked": lambda f: _("You have asked already; a second person has to decide."),
    "opening_decided": lambda f: _("Somebody has decided already."),
    "thing.stage_rule": lambda f: _("version %(id)s of the stages", **f),
    "audit.stage_rule_made": lambda f: _("Made a version of the stages"),
    "audit.safe_person_named": lambda f: _("Named a safe person"),
    "audit.safe_person_dropped": lambda f: _("Took a safe person off the list"),
    "audit.opening_asked": lambda f: _("Asked to open a pair’s content"),
    "audit.opening_agreed": lambda f: _("Agreed to open a pair’s content"),
    "audit.opening_refused": lambda f: _("Refused to open a pair’s content"),
    "audit.opening_read": lambda f: _("Read a pair’s opened content"),
}
