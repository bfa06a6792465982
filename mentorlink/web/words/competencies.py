"""Sentences for what the use cases of competencies refuse."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

SENTENCES = {
    "may_see_map": lambda f: _("This map is open to the person, their superiors and HR."),
    "may_record_assessment": lambda f: _(
        "This assessment is not yours to give. Superiors assess their own people, HR enters assessment centres."
    ),
    "may_confirm_levels": lambda f: _("These levels follow from closing a mentorship and are not entered by hand."),
    "may_edit_frameworks": lambda f: _("A dictionary belongs to the whole agency: its HR and administrators change it."),
    "may_edit_standards": lambda f: _("Job standards belong to the whole agency: its HR and administrators change them."),
    "may_ask_colleagues": lambda f: _("This is open to the person, their superiors and HR."),
    "may_withdraw_review": lambda f: _("Whoever asked takes the question back."),
    "may_answer_review": lambda f: _("Each colleague answers for themselves."),
    "colleagues_asked_already": lambda f: _("Colleagues are being asked about this work already. One question at a time."),
    "colleagues_heard_already": lambda f: _("It is over: what colleagues said together is in the map."),
    "colleagues_over": lambda f: _("The time to answer is over. Nothing of what you sent was kept."),
    "no_colleague": lambda f: _("Somebody among these cannot be asked: superiors assess apart, and who has left is not there."),
    "too_few_colleagues": lambda f: ngettext(
        "Please choose at least %(num)s colleague, so that nobody can be recognised.",
        "Please choose at least %(num)s colleagues, so that nobody can be recognised.",
        f["least"],
    ),
    "too_many_colleagues": lambda f: ngettext(
        "Please choose at most %(num)s colleague.", "Please choose at most %(num)s colleagues.", f["most"]
    ),
    "too_many_competencies": lambda f: ngettext(
        "Please choose at most %(num)s competency.", "Please choose at most %(num)s competencies.", f["most"]
    ),
    "may_save_assessments": lambda f: _("Files of assessments are loaded by HR and administrators of the whole agency."),
    "may_note_changes": lambda f: _("Only the person themselves can do this."),
    "unknown_competency": lambda f: _("This competency is not in any current dictionary."),
    "unknown_field": lambda f: _("There is no field of work with the code %(code)s.", code=f["code"]),
    "code_elsewhere": lambda f: _("The code %(code)s belongs to another dictionary. Choose a code of your own.", code=f["code"]),
    "code_stays": lambda f: _("A competency keeps its code."),
    "code_twice": lambda f: _("A code stands in this file twice."),
    "kind_stays": lambda f: _("The kind cannot change any more."),
    "five_levels": lambda f: _("A competency has five levels, 1 to 5, in ascending order."),
    "edition_taken": lambda f: _(
        "Somebody published edition %(number)s while you were writing. "
        "Open the page again and enter your change there; your text is kept in this browser.",
        number=f["number"],
    ),
    "limits_crossed": lambda f: _("Fair begins below optimal."),
    "standards_changed": lambda f: _(
        "Somebody changed these figures while you were looking. Nothing was saved; please open the page again."
    ),
    "levels_renamed": lambda f: _(
        "Somebody named the levels while you were looking. Nothing was saved; please open the page again."
    ),
    "audit.levels_named": lambda f: _("Named the five levels"),
    "thing.level_scale": lambda f: _("version %(id)s of the levels", **f),
    "tier_or_job": lambda f: _("A standard belongs to a tier or to a job."),
    "in_future": lambda f: _("This day is still to come. Please give the day of the assessment."),
    "not_json": lambda f: _(
        "This file is not JSON in UTF-8. A dictionary cannot be read from a table (CSV, XLSX), a PDF or a document:"
        " take the example below, write your competencies and levels into it, and load that."
    ),
    "not_a_dictionary": lambda f: _(
        "This is JSON, but not a competency dictionary: it has code, type, name and competencies, as the example below."
    ),
    "indicators_unpaired": lambda f: _(
        "Indonesian has %(id)s lines and English %(en)s. "
        "The first line of one is the translation of the first line of the other, and so on.",
        id=f["id"],
        en=f["en"],
    ),
}
