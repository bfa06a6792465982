"""Sentences for refusals of the learning record."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

SENTENCES = {
    "no_hours_rule": lambda f: _("There is no rule for learning hours on %(day)s yet; HR loads one first.", **f),
    # claims
    "path_not_claimable": lambda f: _("What happens here credits itself; it cannot be claimed."),
    "claim_ends_before": lambda f: _("The last day is before the first."),
    "claim_in_future": lambda f: _("This day has not come yet; claim what is done."),
    "claim_too_old": lambda f: _("Only what you learned since %(year)s can be claimed.", **f),
    "claim_over_years": lambda f: _("This reaches over the end of a year; please claim each year for itself."),
    "claim_over_months": lambda f: _("This counts by the month; please claim each month for itself."),
    "claim_too_long": lambda f: ngettext(
        "This counts by the day; please claim at most %(num)s day at once.",
        "This counts by the day; please claim at most %(num)s days at once.",
        f["days"],
    ),
    "claim_overlaps": lambda f: _("These days are in another claim of yours already: “%(activity)s”.", **f),
    "claim_too_little": lambda f: _("This makes no whole JP yet; %(minutes)s minutes make one.", **f),
    "claim_settled": lambda f: _("Somebody has already decided over this claim, or it was withdrawn. Please look at it again."),
    "stated_jp_needed": lambda f: _("Please write how many JP the certificate states."),
    "minutes_needed": lambda f: _("Please write how long you learned, or the JP that the certificate states."),
    "minutes_beyond": lambda f: _("That is more than %(hours)s hours a day.", **f),
    "units_beyond_days": lambda f: ngettext(
        "From the first to the last day there is only %(num)s day.",
        "From the first to the last day there are only %(num)s days.",
        f["days"],
    ),
    "evidence_needed": lambda f: _("Please add a file or a link that shows it."),
    "evidence_empty": lambda f: _("This file is empty."),
    "evidence_too_large": lambda f: _("This file is larger than %(limit)s MB.", **f),
    "evidence_infected": lambda f: _("This file was recognised as harmful and was not kept."),
    "evidence_other_kind": lambda f: _("Please bring a PDF, PNG or JPEG file."),
    "evidence_misnamed": lambda f: _(
        "This file is called %(called)s, but inside it is %(kind)s. Please save it again under its kind.",
        called=f["called"].upper(),
        kind=f["kind"].upper(),
    ),
    "evidence_damaged": lambda f: _("This file ends too early; it was probably not copied whole."),
    "evidence_active": lambda f: _("This PDF holds scripts or files of its own. Please print it as a plain PDF and bring that."),
    "evidence_used": lambda f: _("The same file is evidence of another claim of yours already: “%(activity)s”.", **f),
    "link_not_web": lambda f: _("Please give a web address that starts with https://."),
    "note_needed": lambda f: _("Please say why in a few words."),
    "may_decide": lambda f: _("Only a superior of this person decides over it; nobody decides over their own."),
    # periods and certificates
    "period_first_of_month": lambda f: _("A period begins on the first day of a month."),
    "period_last_of_month": lambda f: _("A period ends on the last day of a month."),
    "period_ends_before": lambda f: _("The last day is before the first."),
    "period_over_years": lambda f: _("A period lies within one year, because caps count by the year."),
    "period_overlaps": lambda f: _("Another period has some of these months already."),
    "period_moved_on": lambda f: _("The period is in another state by now. Please look at it again."),
    "period_changed": lambda f: _("Somebody has taken a step with this period since you opened it. Please look at it again."),
    "period_not_over": lambda f: _("A recap is built once the period is over."),
    "period_not_frozen": lambda f: _("Certificates are issued once the period is frozen."),
    "period_frozen": lambda f: _("These days lie in “%(period)s”, which is frozen: its hours do not change any more.", **f),
    "recap_outdated": lambda f: _("Hours in these days have changed since the recap was built. Please build it again."),
    "certificate_revoked": lambda f: _("This certificate was revoked already."),
    "may_approve_period": lambda f: _("Somebody else than who checked the recap approves it."),
    # plans
    "year_not_open": lambda f: _("A plan can be begun for this year and the next."),
    "not_asked_by_job": lambda f: _("The job does not ask for this competency."),
    "months_out_of_order": lambda f: _("The last month is before the first."),
    "claim_changed": lambda f: _("The claim was sent again since you opened it. Please read it again and decide anew."),
    "claims_full": lambda f: _("You have %(limit)s open claims. Please wait for decisions or withdraw some first.", **f),
    "plan_full": lambda f: _("A plan holds at most %(limit)s lines.", **f),
    "plan_empty": lambda f: _("Put at least one line into the plan first."),
    "plan_moved_on": lambda f: _("The plan is in another state by now. Please look at it again."),
    "plan_changed": lambda f: _("The plan was changed since you opened it. Please read it again and decide anew."),
    # rules
    "rule_changed": lambda f: _("Somebody else has made a newer version meanwhile. Please begin from that one."),
    "rule_in_past": lambda f: _("A version begins on a day to come; what has happened keeps its rule."),
    "rule_mid_month": lambda f: _("A version begins on the first day of a month, because caps count by the month."),
    "rule_before_newest": lambda f: _("There is a version from %(day)s on already; this one may not begin before it.", **f),
    "rule_needs_jp": lambda f: _("Please say how many JP it brings."),
    "rule_needs_minutes": lambda f: _("Please say for how many minutes."),
    "cap_incomplete": lambda f: _("A cap says how many, of what, and in which time; or nothing of it."),
    "cap_of_sessions": lambda f: _("A cap of sessions needs a path that counts per session."),
}
