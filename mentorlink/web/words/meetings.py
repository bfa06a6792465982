"""Sentences for refusals around meetings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from mentorlink.web.locale import moment


def _settled(facts: dict[str, Any]) -> str:
    match facts.get("state"):
        case "held":
            return _("This session is already noted as held. Open it again to see it.")
        case "cancelled":
            return _("This session has been cancelled in the meantime.")
        case "missed":
            return _("This session is already noted as missed.")
        case _:
            return _("This session has changed in the meantime. Open it again to see how it stands.")


def _busy(facts: dict[str, Any]) -> str:
    name = facts.get("name") or ""
    if facts.get("mine") and name:
        return _("You and %(name)s already have other sessions at that time. Choose another time.", name=name)
    if name:
        return _("%(name)s already has a session at that time. Choose another time.", name=name)
    return _("You already have a session at that time. Choose another time.")


def _two_at_once(facts: dict[str, Any]) -> str:
    name = facts.get("name") or ""
    if facts.get("mine") and name:
        return _("You and %(name)s already have talks noted for that time. Check the day, the time and the length.", name=name)
    if name:
        return _("%(name)s already has a talk noted for that time. Check the day, the time and the length.", name=name)
    return _("You already have a talk noted for that time. Check the day, the time and the length.")


def _moment(text: str) -> str:
    return moment(datetime.fromisoformat(text), "EEE d MMM, HH:mm")


def _days_taken(facts: dict[str, Any]) -> str:
    days = ", ".join(map(_moment, facts["days"][:6]))
    more = "" if len(facts["days"]) <= 6 else " …"
    return _("Nothing was booked, because there are sessions already on: %(days)s. Leave these days out, or choose another time.",
             days=days + more)  # fmt: skip


SENTENCES = {
    "person_busy": _busy,
    "days_taken": _days_taken,
    "two_at_once": _two_at_once,
    "planned_then": lambda f: _("You two had a session planned at that time. Open it and note how it went there."),
    "too_late_to_undo": lambda f: _("This can be taken back for a day only; by now it has been counted."),
    "one_time": lambda f: _("Choose exactly one time to book it. Several times can be proposed."),
    "meeting_moved": lambda f: _("The session was moved in the meantime. Look at its new time first."),
    "choose_time": lambda f: _("Choose one of the free times, or a day and a time."),
    "not_free": lambda f: _("%(name)s is not free then. If you agreed on it, book it anyway.", name=f["name"]),
    "times_changed": lambda f: _("Other times were proposed at the same moment. Look at them first."),
    "times_settled": lambda f: _("These times no longer stand: they were answered, taken back, or replaced by others."),
    "may_answer_times": lambda f: _("Whoever was asked chooses the time."),
    "may_withdraw_times": lambda f: _("Only who proposed the times can withdraw them."),
    "may_keep_calendar": lambda f: _("Everybody keeps their own hours."),
    "may_change_calendar": lambda f: _("Everybody keeps their own calendars."),
    "may_remind": lambda f: _("Reminders come by themselves."),
    "hours_overlap": lambda f: _("Two stretches of one day overlap."),
    "hours_missing": lambda f: _("Please give both hours, from and to."),
    "too_long_away": lambda f: _("At most a year at once."),
    "too_many_exceptions": lambda f: _("There is room for %(limit)s exceptions to come.", limit=f["limit"]),
    "too_many_calendars": lambda f: _("You can bring up to %(limit)s calendars.", limit=f["limit"]),
    "not_a_calendar": lambda f: _("This is not a calendar. A calendar file ends in .ics and begins with BEGIN:VCALENDAR."),
    "calendar_too_big": lambda f: _(
        "This calendar is too big: at most %(megabytes)s MB are read.", megabytes=f.get("megabytes", 2)
    ),
    "calendar_too_much": lambda f: _("This calendar holds more than can be read at once. Bring a smaller one."),
    "calendar_not_here": lambda f: _("This calendar came as a file; bring the file again to renew it."),
    "fetch_address": lambda f: _("This address cannot be used: it must begin with https:// and name a public server."),
    "fetch_private": lambda f: _("This address leads to a private network and is not fetched."),
    "fetch_unreachable": lambda f: _("The server of this calendar does not answer."),
    "fetch_slow": lambda f: _("The server of this calendar takes too long."),
    "fetch_refused": lambda f: _("The server of this calendar refuses. Has the address been renewed?"),
    "fetch_too_big": lambda f: _("This calendar is too big to be read."),
    "fetch_redirects": lambda f: _("This address sends on too often."),
    "may_begin_series": lambda f: _("Only the people who will meet can begin this."),
    "may_begin_many_series": lambda f: _("Only the people who will meet can begin this."),
    "may_set_series_state": lambda f: _("Only the two of you can change this."),
    "may_plan_meeting": lambda f: _("Only the two of you plan your sessions; a group’s sessions are planned by its mentor."),
    "may_steer_meeting": lambda f: _("Only who leads the session moves it, cancels it and says how it went."),
    "may_change_members": lambda f: _("Who meets here follows from the group."),
    "may_say_whether_one_comes": lambda f: _("That is for the mentees of a group to say."),
    "may_count_meeting": lambda f: _("What counts follows from who was there."),
    "may_say_afterwards": lambda f: _("Who was there says how it was."),
    "may_agree_action": lambda f: _("Only who meets here agrees on actions."),
    "may_propose_times": lambda f: _("In a group the mentor chooses the time; everybody’s free hours are shown."),
    "nobody_there": lambda f: _("Tick at least one who was there."),
    "may_change_meeting": lambda f: _("Only the two of you can change this session."),
    "may_write_private_note": lambda f: _("Only somebody who meets here keeps a private note here."),
    "may_change_action_item": lambda f: _("Only the two of you can change this action."),
    "series_paused": lambda f: _("You two have paused. Resume first, then plan or log sessions."),
    "series_closed": lambda f: _("You two have finished here. What you wrote can still be read."),
    "meeting_at_that_time": lambda f: _("You already have a session at exactly that time. Was it sent twice?"),
    "meeting_settled": _settled,
    "meeting_ahead": lambda f: _(
        "This session lies ahead: how it went can be said from %(when)s on. Move it first if you met earlier.",
        when=_moment(f["from_when"]),
    ),
    "meeting_not_held": lambda f: _("A summary belongs to a session that was held."),
    "note_changed": lambda f: _("Your note was saved on another device in the meantime. Look at both."),
    "taken_on_elsewhere": lambda f: _(
        "In a coaching the coachee takes something on by the sheet, once there are options to choose from."
    ),
    "agenda_full": lambda f: _("The agenda holds at most %(limit)s items.", limit=f["limit"]),
    "notes_too_old": lambda f: _("These notes were open for too long. Open the session again; what you wrote is kept."),
    "notes_full": lambda f: _("Shared notes hold at most %(limit)s characters.", limit=f["limit"]),
    "afterthoughts_open": lambda f: _("Everybody has said how it was; now it stays as it is."),
    "not_yet_happened": lambda f: _(
        "This lies in the future. It can be written down once it is over, from %(when)s on; until then plan it as a session.",
        when=_moment(f["over_at"]),
    ),
    "not_over_yet": lambda f: _(
        "By this length the talk is not over yet. Shorten it, or write it down from %(when)s on.", when=_moment(f["over_at"])
    ),
    "before_the_pair": lambda f: _("This was before the two of you began."),
    "in_the_past": lambda f: _("This time has passed. Choose a later one, or log a session that took place."),
    "too_far_ahead": lambda f: _("Please choose a day within the next year."),
    "not_a_member": lambda f: _("Please choose one of you two."),
    "link_not_https": lambda f: _("A link starts with https://."),
}
