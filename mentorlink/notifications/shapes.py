"""A notice in words, in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask_babel import format_date, format_datetime, get_locale, ngettext
from flask_babel import gettext as _

from mentorlink.kernel.text import clock_in
from mentorlink.notifications.models import Notice

STAGES: dict[str, Callable[[], str]] = {
    "prescriptive": lambda: _("Prescriptive"),
    "persuasive": lambda: _("Persuasive"),
    "collaborative": lambda: _("Collaborative"),
    "confirmative": lambda: _("Confirmative"),
}

ROLES: dict[str, Callable[[], str]] = {
    "member": lambda: _("a member"),
    "facilitator": lambda: _("a facilitator"),
    "expert": lambda: _("an expert"),
}


STEPS: dict[str, Callable[[], str]] = {
    "preparation": lambda: _("the preparation goes on"),
    "implementation": lambda: _("the work begins"),
    "evaluation": lambda: _("now it is looked at what has changed"),
    "closed": lambda: _("it is closed, and its archive stays open to you"),
}


def _moment(text: str) -> str:
    return clock_in(get_locale(), format_datetime(datetime.fromisoformat(text), "EEEE, d MMM, HH:mm"))


def _when(facts: dict[str, Any]) -> str:
    return _moment(facts["starts_at"])


def _till(facts: dict[str, Any]) -> dict[str, Any]:
    return {"who": facts["who"], "when": _moment(facts["until"])}


def _named(facts: dict[str, Any]) -> dict[str, Any]:
    names = facts["competency"]
    return facts | {"competency": names.get(str(get_locale())) or next(iter(names.values()))}


def _planned(facts: dict[str, Any]) -> str:
    if (number := facts.get("number", 1)) > 1:
        return ngettext(
            "%(who)s planned %(num)s session with you, the first on %(when)s.",
            "%(who)s planned %(num)s sessions with you, the first on %(when)s.",
            number,
            who=facts["who"],
            when=_when(facts),
        )
    return _("%(who)s planned a session: %(when)s.", who=facts["who"], when=_when(facts))


def _cancelled(facts: dict[str, Any]) -> str:
    if "who" not in facts:
        return _("The session of %(when)s is off.", when=_when(facts))
    if (number := facts.get("number", 1)) > 1:
        return ngettext(
            "%(who)s cancelled %(num)s session, the first on %(when)s.",
            "%(who)s cancelled %(num)s sessions, the first on %(when)s.",
            number,
            who=facts["who"],
            when=_when(facts),
        )
    return _("%(who)s cancelled the session of %(when)s.", who=facts["who"], when=_when(facts))


def _day(iso: str) -> str:
    return str(format_date(date.fromisoformat(iso), "long"))


SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "request_received": lambda f: _("%(who)s asks you for mentoring.", **f),
    "request_asked_back": lambda f: _("%(who)s would like to know a little more before answering.", **f),
    "request_answered_back": lambda f: _("%(who)s answered your question.", **f),
    "request_accepted": lambda f: _("%(who)s said yes. Your first step together is the agreement.", **f),
    "request_declined": lambda f: _("%(who)s cannot take it on now. Others who fit are waiting.", **f),
    "request_withdrawn": lambda f: _("%(who)s withdrew the request; you need not answer.", **f),
    "request_reminder": lambda f: _("One day is left to answer the request between you and %(who)s.", **f),
    "request_expired": lambda f: _("%(who)s did not get to your request in time. Here are others who fit.", **f),
    "place_offered": lambda f: _(
        "A place with %(who)s is kept for you until %(when)s. Take it or leave it to the next.", **_till(f)
    ),
    "place_lapsed": lambda f: _("The place with %(who)s went on to the next in line. You wait on at the end of the list.", **f),
    "place_gone": lambda f: _("%(who)s has no place to give after all. You keep your place in line.", **f),
    "line_ended": lambda f: _("%(who)s offers no places any more. Here are others who fit.", **f),
    "named_mentor": lambda f: _("%(who)s made you a mentor. Say how many people you take on, and colleagues find you.", **f),
    "named_coach": lambda f: _("%(who)s made you a coach. Say how many people you take on, and colleagues find you.", **f),
    "help_offered": lambda f: _("%(who)s offers you help with what you want to grow in. You decide.", **f),
    "help_taken": lambda f: _("%(who)s took your invitation. You can begin.", **f),
    "help_refused": lambda f: _("%(who)s does not take your invitation this time.", **f),
    "help_withdrawn": lambda f: _("The invitation of %(who)s stands no more; you need not answer.", **f),
    "need_told": lambda f: _("Nobody covers %(competency)s at level %(level)s for somebody who needs it.", **_named(f)),
    "need_settled": lambda f: _("HR has taken up your need for help with %(competency)s.", **_named(f)),
    "mentor_left": lambda f: _("%(who)s has left, and your mentoring ended with that. Here is who else could help you.", **f),
    "mentee_left": lambda f: _("%(who)s has left, and your mentoring ended with that. Thank you for the time you gave.", **f),
    "round_open": lambda f: _(
        "You take part in the matching round “%(round)s”. Until %(until)s you may choose a mentor or a mentee.",
        round=f["round"],
        until=_day(f["until"]),
    ),
    "round_missed": lambda f: _("There is nobody for you in “%(round)s” this time. You can ask somebody yourself.", **f),
    "mentors_sought": lambda f: _("%(who)s looks for mentors who know %(competency)s. Would you offer a place?", **_named(f)),
    "round_paired": lambda f: _(
        "You and %(who)s are a pair by the matching round “%(round)s”. Your first step together is the agreement.", **f
    ),
    "agreement_proposed": lambda f: _("%(who)s proposed an agreement; please read and sign it.", **f),
    "agreement_signed": lambda f: _("%(who)s signed the agreement; your signature is missing.", **f),
    "agreement_complete": lambda f: _("The agreement with %(who)s is signed by both.", **f),
    "goals_changed": lambda f: _("%(who)s wrote down goals; please read and accept them.", **f),
    "goals_accepted": lambda f: _("%(who)s accepted the goals; your yes is missing.", **f),
    "goals_complete": lambda f: _("You and %(who)s agree on the goals.", **f),
    "after_levels_said": lambda f: _("%(who)s said which levels were reached; please say what you see.", **f),
    "after_levels_agreed": lambda f: _("You and %(who)s say the same of every level reached.", **f),
    "after_levels_differ": lambda f: _("You and %(who)s see levels differently; talk about what each of you has seen.", **f),
    "evaluation_given": lambda f: _("%(who)s gave an evaluation. You see it once you have given yours.", **f),
    "evaluations_open": lambda f: _("You and %(who)s both evaluated; now you can read each other's words.", **f),
    "stage_entered": lambda f: _("Your mentoring with %(who)s moved on to: %(stage)s.", who=f["who"], stage=STAGES[f["stage"]]()),
    "stage_back": lambda f: _(
        "Your mentoring with %(who)s went one step back to: %(stage)s.", who=f["who"], stage=STAGES[f["stage"]]()
    ),
    "mentorship_paused": lambda f: _("Your mentoring with %(who)s rests for a while.", **f),
    "mentorship_resumed": lambda f: _("Your mentoring with %(who)s goes on.", **f),
    "mentorship_closed": lambda f: _("Your mentoring with %(who)s is complete.", **f),
    "mentorship_ended": lambda f: _("Your mentoring with %(who)s has ended. Thank you for the time you gave.", **f),
    "certificate_issued": lambda f: _("Your mentoring certificate is ready."),
    "group_asked": lambda f: _("%(who)s would like to join your group “%(group)s”.", **f),
    "group_invited": lambda f: _("%(who)s invites you to the mentoring group “%(group)s”.", **f),
    "group_joined": lambda f: _("%(who)s joined the group “%(group)s”.", **f),
    "group_welcome": lambda f: _("You are in the mentoring group “%(group)s” of %(who)s.", **f),
    "group_declined": lambda f: _("There is no place for you in the group “%(group)s” this time. Other ways are open.", **f),
    "group_withdrawn": lambda f: _("%(who)s does not come into the group “%(group)s” after all.", **f),
    "group_left": lambda f: _("You meet with the group “%(group)s” no more; your own mentoring is not touched by it.", **f),
    "group_ended": lambda f: _("The group “%(group)s” of %(who)s has ended; your own mentoring is not touched by it.", **f),
    "coaching_talk": lambda f: _("%(who)s is ready for a first talk with you. Nothing is decided by it.", **f),
    "coaching_wish": lambda f: _("%(who)s would like to go on with the coaching. What do you say?", **f),
    "coaching_begun": lambda f: _("You and %(who)s both said yes: your coaching begins.", **f),
    "coaching_declined": lambda f: _("It stays at the talk with %(who)s. Nobody failed, and you are both free again.", **f),
    "coaching_closed": lambda f: _("Your coaching with %(who)s is complete.", **f),
    "coaching_ended": lambda f: _("Your coaching with %(who)s has ended. Thank you for the time you gave.", **f),
    "coach_left": lambda f: _("%(who)s has left, and your coaching ended with that. Here is who else could coach you.", **f),
    "coachee_left": lambda f: _("%(who)s has left, and your coaching ended with that. Thank you for the time you gave.", **f),
    "coaching_quiet": lambda f: _(
        "It has been quiet in your coaching with %(who)s for %(days)s days. A short word keeps the goal in sight.", **f
    ),
    "coaching_quiet_closing": lambda f: _(
        "Your coaching with %(who)s has been quiet for long. It ends on %(day)s unless one of you gives a sign.",
        who=f["who"],
        day=_day(f["day"]),
    ),
    "goal_written": lambda f: _("%(who)s wrote down their goal; please read it and say where you see them.", **f),
    "goal_reworded": lambda f: _("%(who)s put their goal into new words.", **f),
    "number_said": lambda f: _("%(who)s said a number for the goal. You see it once you have said yours.", **f),
    "numbers_open": lambda f: _("You and %(who)s both said a number for the goal; now you can compare.", **f),
    "superior_asked": lambda f: _("%(who)s asks you for one number about a goal of theirs.", **f),
    "superior_answered": lambda f: _("%(who)s answered your question about your goal.", **f),
    "commitment_due": lambda f: _("How is it going with what you took on with %(who)s? It takes ten seconds.", **f),
    "commitment_done": lambda f: _("%(who)s did what they took on.", **f),
    "commitment_partly": lambda f: _("%(who)s did a part of what they took on.", **f),
    "commitment_not_yet": lambda f: _("%(who)s has not got to what they took on yet.", **f),
    "review_written": lambda f: _("%(who)s wrote a review of the coaching. You read it once you have written yours.", **f),
    "reviews_open": lambda f: _("You and %(who)s both reviewed the coaching; now you can read each other’s words.", **f),
    "quiet": lambda f: _("It has been quiet between you and %(who)s for %(days)s days. A short word keeps a pair going.", **f),
    "quiet_closing": lambda f: _(
        "Your mentoring with %(who)s has been quiet for long. It ends on %(day)s unless one of you gives a sign.",
        who=f["who"],
        day=_day(f["day"]),
    ),
    "superior_wanted": lambda f: _("%(who)s begins a mentoring; the programme asks for your agreement.", **f),
    "superior_agreed": lambda f: _("%(who)s agrees to your mentoring.", **f),
    "superior_not_yet": lambda f: _("%(who)s does not agree to your mentoring yet; please talk about it.", **f),
    "coaching_rests": lambda f: _("Your coaching with %(who)s rests for a while.", **f),
    "coaching_goes_on": lambda f: _("Your coaching with %(who)s goes on.", **f),
    "thanked": lambda f: _("%(who)s thanks you.", **f),
    "thanks_passed": lambda f: _("%(who)s was thanked and lets you read it.", **f),
    "concern_raised": lambda f: _("Somebody has turned to you as a safe person."),
    "concern_answered": lambda f: _("%(who)s has answered you.", **f),
    "opening_asked": lambda f: _("%(who)s asks that a pair’s content be opened; a second person has to decide.", **f),
    "opening_agreed": lambda f: _("%(who)s agreed: the content is open to you for a day.", **f),
    "opening_refused": lambda f: _("%(who)s did not agree to open the content.", **f),
    "opened": lambda f: _("What you and your partner share may be read by %(who)s for a day. See why, and who agreed.", **f),
    "meeting_planned": lambda f: _planned(f),
    "meeting_moved": lambda f: _("%(who)s moved the session to %(when)s.", who=f["who"], when=_when(f)),
    "meeting_held": lambda f: _("%(who)s wrote down the session of %(when)s.", who=f["who"], when=_when(f)),
    "meeting_cancelled": lambda f: _cancelled(f),
    "meeting_excused": lambda f: _("%(who)s cannot come to the session of %(when)s.", who=f["who"], when=_when(f)),
    "meeting_coming": lambda f: _("%(who)s comes to the session of %(when)s after all.", who=f["who"], when=_when(f)),
    "times_proposed": lambda f: _("%(who)s proposes times for a session. Choose the one that suits you.", **f),
    "times_declined": lambda f: _("None of your times suits %(who)s. Propose others.", **f),
    "times_withdrawn": lambda f: _("%(who)s took the proposed times back; you need not answer.", **f),
    "meeting_day": lambda f: _("A day to go: session with %(who)s, %(when)s.", who=f["who"], when=_when(f)),
    "meeting_hour": lambda f: _("In an hour: session with %(who)s, %(when)s.", who=f["who"], when=_when(f)),
    "meeting_after": lambda f: _("How did the session with %(who)s go? A line is enough.", **f),
    "meeting_missed": lambda f: _("%(who)s noted that the session of %(when)s did not take place.", who=f["who"], when=_when(f)),
    "meeting_undone": lambda f: _(
        "%(who)s says that the session of %(when)s did not take place; it does not count any more.", who=f["who"], when=_when(f)
    ),
    "action_agreed": lambda f: _("%(who)s wrote down something for you to do.", **f),
    "claim_sent": lambda f: _("%(who)s claims learning hours for “%(activity)s”; please decide.", **f),
    "claim_approved": lambda f: _("%(who)s approved your learning hours for “%(activity)s”.", **f),
    "claim_returned": lambda f: _("%(who)s asks you to correct your claim “%(activity)s”.", **f),
    "claim_refused": lambda f: _("%(who)s refused your claim “%(activity)s”.", **f),
    "claim_reversed": lambda f: _("%(who)s took the hours for “%(activity)s” back out of the record.", **f),
    "hours_certified": lambda f: _("A certificate of your learning hours is ready."),
    "certificate_revoked": lambda f: _("%(who)s revoked one of your certificates; the page says why.", **f),
    "data_requested": lambda f: _("%(who)s asks about personal data. The time for an answer is running.", **f),
    "data_due": lambda f: _("%(who)s asked about personal data: little time is left to answer.", **f),
    "data_overdue": lambda f: _("What %(who)s asked about personal data is overdue.", **f),
    "session_withdrawn": lambda f: _(
        "%(who)s found that your session of %(day)s did not take place; its hours are out of the record.",
        who=f["who"],
        day=_day(f["day"]),
    ),
    "data_answered": lambda f: _("%(who)s answered what you asked about your data.", **f),
    "behaviour_self": lambda f: _("Some months on: what of your mentoring shows at work? It takes ten seconds."),
    "behaviour_superior": lambda f: _("Some months on: what shows at work of what %(who)s learned? One answer, please.", **f),
    "deed_too_late": lambda f: _(
        "What you did on %(day)s brings no hours: “%(period)s” is frozen. Please speak with HR.",
        day=_day(f["day"]),
        period=f["period"],
    ),
    "plan_sent": lambda f: _("%(who)s sends a development plan for %(year)s; please decide.", **f),
    "plan_approved": lambda f: _("%(who)s approved your development plan for %(year)s.", **f),
    "plan_needs_revision": lambda f: _("%(who)s asks you to revise your development plan for %(year)s.", **f),
    "mentioned": lambda f: _("%(who)s mentioned you in “%(topic)s”.", **f),
    "followed": lambda f: _("There is something new in “%(topic)s”, which you follow.", **f),
    "replied": lambda f: _("%(who)s replied to you in “%(topic)s”.", **f),
    "join_asked": lambda f: _("%(who)s asks to join %(community)s.", **f),
    "join_accepted": lambda f: _("Welcome to %(community)s.", **f),
    "join_declined": lambda f: _("Your request to join %(community)s was not accepted.", **f),
    "invited": lambda f: _("%(who)s invites you to %(community)s.", **f),
    "invitation_declined": lambda f: _("%(who)s did not take the invitation to %(community)s.", **f),
    "role_changed": lambda f: _("You are %(role)s in %(community)s now.", role=ROLES[f["role"]](), community=f["community"]),
    "message_held": lambda f: _("A newcomer’s message waits for you in %(community)s.", **f),
    "reported": lambda f: _("Something was reported in %(community)s; please look.", **f),
    "report_settled": lambda f: _("What you reported in %(community)s was looked at. Thank you.", **f),
    "moderated_hidden": lambda f: _("A message of yours in %(community)s was hidden. You may appeal.", **f),
    "moderated_removed": lambda f: _("You no longer belong to %(community)s. You may appeal.", **f),
    "appealed": lambda f: _("Somebody appeals in %(community)s; please look.", **f),
    "appeal_answered": lambda f: _("Your appeal was answered."),
    "glass_asked": lambda f: _("%(who)s asks to read rooms that are closed to administrators. Do you agree?", **f),
    "glass_broken": lambda f: _("Administrators may read the rooms of %(community)s for a day. Here is why.", **f),
    "help_sought": lambda f: _("You know this well: “%(title)s” waits for an answer. One tap if not now.", **f),
    "answer_accepted": lambda f: _("Your answer helped %(who)s.", **f),
    "page_sent": lambda f: _("The page “%(title)s” waits for your review.", **f),
    "page_due": lambda f: _("The page “%(title)s” is due for another look.", **f),
    "page_reviewed": lambda f: _("Your page “%(title)s” is reviewed and counts for your learning record.", **f),
    "page_returned": lambda f: _("Your page “%(title)s” came back: something is missing.", **f),
    "gathering_planned": lambda f: _("“%(title)s” takes place: %(when)s.", title=f["title"], when=_when(f)),
    "gathering_day": lambda f: _("A day to go: “%(title)s”, %(when)s.", title=f["title"], when=_when(f)),
    "gathering_hour": lambda f: _("In an hour: “%(title)s”, %(when)s.", title=f["title"], when=_when(f)),
    "gathering_moved": lambda f: _("“%(title)s” was moved: %(when)s.", title=f["title"], when=_when(f)),
    "gathering_host": lambda f: _(
        "You host “%(title)s” now: %(when)s. Who was to host it has left.", title=f["title"], when=_when(f)
    ),
    "gathering_cancelled": lambda f: _("“%(title)s” of %(when)s does not take place.", title=f["title"], when=_when(f)),
    "place_freed": lambda f: _("There is a place for you after all: “%(title)s”, %(when)s.", title=f["title"], when=_when(f)),
    "follow_up_agreed": lambda f: _("%(who)s wrote down what you do after “%(title)s”.", who=f["who"], title=f["title"]),
    "decision_opened": lambda f: _("Your voice is asked for: %(question)s", **f),
    "decision_taken": lambda f: _("It is decided: %(question)s", **f),
    "step_entered": lambda f: _("%(community)s: %(step)s.", community=f["community"], step=STEPS[f["step"]]()),
    "keeper_named": lambda f: _("%(who)s counts on you for something in %(community)s.", **f),
    "member_assigned": lambda f: _("Your programme brings you to %(community)s.", **f),
    "ranking_proposed": lambda f: _("Ranking model %(number)s has ordered lists better. Please look at it and decide.", **f),
    "levels_changed": lambda f: _("Your competency map has changed."),
    "colleague_asked": lambda f: _("A short form asks you how you see the work of %(who)s. Nobody reads single answers.", **f),
    "colleague_reminder": lambda f: _("A few days are left for your view of the work of %(who)s.", **f),
    "colleagues_begun": lambda f: _("%(who)s has asked colleagues how they see your work.", **f),
    "colleagues_heard": lambda f: ngettext(
        "Colleagues have spoken about the work of %(who)s: %(num)s level is in the map.",
        "Colleagues have spoken about the work of %(who)s: %(num)s levels are in the map.",
        f["num"],
        who=f["who"],
    ),
    "colleagues_unheard": lambda f: _(
        "Too few colleagues answered about the work of %(who)s. Nothing was entered, and what was said is gone.", **f
    ),
}


def sentence(notice: Notice) -> str:
    """What the notice says, one sentence; a name that ends in a full stop ("Endang Pratiwi, S.H.") brings no second one."""
    said = SENTENCES[notice.kind](notice.facts)
    for fact in notice.facts.values():
        if isinstance(fact, str) and fact.endswith("."):
            said = said.replace(f"{fact}.", fact)
    return said


def as_json(notice: Notice) -> dict[str, Any]:
    """The notice as codes, facts and the sentence."""
    return {
        "id": notice.id,
        "kind": notice.kind,
        "about": notice.about,
        "about_id": notice.about_id,
        "sentence": sentence(notice),
        "created_at": notice.created_at.isoformat(),
        "read_at": notice.read_at.isoformat() if notice.read_at else None,
    }
