"""Sentences for what pairing refuses."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext


def barrier(code: str) -> str:
    """Why a rule keeps two people apart, in words that neither names nor blames anybody."""
    sentences = {
        "self": _("This is your own offer."),
        "line_of_command": _("This colleague stands in your line of command. A mentor stands outside it."),
        "paused": _("This colleague takes no requests at the moment."),
        "blocked": _("This pair is not possible."),
        "past_failed_pair": _("You two are, or were, a pair already."),
        "other_field": _("This programme pairs people of the same field."),
        "same_unit": _("This programme pairs people of different units."),
        "grade_distance": _("This programme asks for another distance between your job tiers."),
        "not_active": _("One of you is not active in MentorLink."),
        "no_room": _("No place is free at the moment."),
    }
    return sentences.get(code, sentences["blocked"])


def _barriers(facts: dict[str, Any]) -> str:
    return " ".join(dict.fromkeys(barrier(code) for code in facts["rules"]))


def _moved_on(facts: dict[str, Any]) -> str:
    return {
        "sent": _("It is the mentor's turn now."),
        "asked_back": _("A question was asked back and waits for its answer."),
        "accepted": _("This request was accepted already."),
        "declined": _("This request was declined already."),
        "withdrawn": _("This request was taken back."),
        "expired": _("The time of this request is up."),
    }[facts["state"]]


SENTENCES = {
    "pair_not_allowed": _barriers,
    "request_has_moved_on": _moved_on,
    "no_room": lambda f: _("The last place was taken a moment ago."),
    "offer_exists": lambda f: _("You have such an offer already; change that one."),
    "offer_closed": lambda f: _("This offer is closed."),
    "already_asked": lambda f: _("You have asked this colleague already; your request is still open."),
    "too_many_open": lambda f: ngettext(
        "You have %(num)s open request already. Wait for the answer, or withdraw it.",
        "You have %(num)s open requests already. Wait for an answer, or withdraw one.",
        f["most"],
    ),
    "enough_questions": lambda f: ngettext(
        "You have asked %(num)s question; please say yes or no now.",
        "You have asked %(num)s questions; please say yes or no now.",
        f["most"],
    ),
    "capacity_below_taken": lambda f: ngettext(
        "%(num)s place is in use, so please offer at least that many.",
        "%(num)s places are in use, so please offer at least that many.",
        f["taken"],
    ),
    "day_has_passed": lambda f: _("Please choose a day after today."),
    "competency_not_held": lambda f: _("Please choose from the competencies in which you have a level."),
    "unknown_competency": lambda f: _("There is no such competency."),
    "may_open_offer": lambda f: _("To offer this, ask HR for the role first."),
    "may_change_offer": lambda f: _("Only the one who offers can change an offer."),
    "may_send_request": lambda f: _("You cannot ask yourself."),
    "may_accept_request": lambda f: _("Only the one who was asked can say yes."),
    "may_decline_request": lambda f: _("Only the one who was asked can decline."),
    "may_ask_back": lambda f: _("Only the one who was asked can ask back."),
    "may_answer_back": lambda f: _("Only the one who asked can answer here."),
    "may_withdraw_request": lambda f: _("Only the one who asked can withdraw a request."),
    "may_expire_request": lambda f: _("Requests end by themselves when their time is up."),
    "may_use_places": lambda f: _("Places are taken and given back by the house."),
    "too_many_lines": lambda f: ngettext(
        "You stand in %(num)s line already. Leave it first.", "You stand in %(num)s lines already. Leave one first.", f["most"]
    ),
    "waits_already": lambda f: _("You wait for this already."),
    "place_asked": lambda f: _("You have asked for this place already; withdraw your request if you changed your mind."),
    "too_many_saved": lambda f: ngettext(
        "You have saved %(num)s person already. Take somebody off your list first.",
        "You have saved %(num)s people already. Take somebody off your list first.",
        f["most"],
    ),
    "no_need": lambda f: _("Please choose one of your own gaps."),
    "not_open_to_offers": lambda f: _("This colleague does not wish to be invited now."),
    "invited_before": lambda f: _("You have invited this colleague before."),
    "too_many_invited": lambda f: ngettext(
        "%(num)s invitation of yours is open. Wait for the answer, or withdraw it.",
        "%(num)s invitations of yours are open. Wait for an answer, or withdraw one.",
        f["most"],
    ),
    "invitation_has_ended": lambda f: _("This invitation is not open any more."),
    "may_choose_finding": lambda f: _("Only you can choose this for yourself."),
    "may_save_person": lambda f: _("You cannot save yourself."),
    "may_forget_person": lambda f: _("Only you can change your list."),
    "may_wait": lambda f: _("Only you can wait for yourself."),
    "may_leave_line": lambda f: _("Only the one who waits can leave the line."),
    "may_decline_place": lambda f: _("Only the one for whom the place is kept can answer."),
    "may_give_places": lambda f: _("Places are given by themselves, in the order of the line."),
    "may_invite": lambda f: _("Only the one who offers can invite."),
    "may_answer_invitation": lambda f: _("Only the one who is invited can answer."),
    "may_withdraw_invitation": lambda f: _("Only the one who invited can withdraw an invitation."),
    "may_voice_need": lambda f: _("Only you can say what you need."),
    "may_settle_need": lambda f: _("Only HR can take up a need."),
    "may_save_offers": lambda f: _("Only HR of the whole agency can load offers."),
}
