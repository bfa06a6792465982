"""Which notices there are, in which group a person switches them, and what holds until they choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Group:
    """A group of notices that one switches together."""

    code: str
    in_app: bool = True
    by_mail: bool = True


GROUPS = {
    group.code: group
    for group in (
        Group("requests"),
        Group("mentoring"),
        Group("coaching"),
        Group("meetings"),
        Group("care"),
        Group("reminders"),
        Group("learning"),
        Group("community", by_mail=False),
        Group("competencies", by_mail=False),
    )
}

KINDS = {
    "request_received": "requests",
    "request_asked_back": "requests",
    "request_answered_back": "requests",
    "request_accepted": "requests",
    "request_declined": "requests",
    "request_withdrawn": "requests",
    "request_reminder": "requests",
    "request_expired": "requests",
    "place_offered": "requests",
    "place_lapsed": "requests",
    "place_gone": "requests",
    "line_ended": "requests",
    "named_mentor": "requests",
    "named_coach": "requests",
    "help_offered": "requests",
    "help_taken": "requests",
    "help_refused": "requests",
    "help_withdrawn": "requests",
    "need_told": "requests",
    "need_settled": "requests",
    "ranking_proposed": "requests",
    "round_open": "requests",
    "round_missed": "requests",
    "mentors_sought": "requests",
    "round_paired": "mentoring",
    "agreement_proposed": "mentoring",
    "agreement_signed": "mentoring",
    "agreement_complete": "mentoring",
    "goals_changed": "mentoring",
    "goals_accepted": "mentoring",
    "goals_complete": "mentoring",
    "after_levels_said": "mentoring",
    "after_levels_agreed": "mentoring",
    "after_levels_differ": "mentoring",
    "evaluation_given": "mentoring",
    "evaluations_open": "mentoring",
    "stage_entered": "mentoring",
    "stage_back": "mentoring",
    "mentorship_paused": "mentoring",
    "mentorship_resumed": "mentoring",
    "mentorship_closed": "mentoring",
    "mentorship_ended": "mentoring",
    "mentor_left": "mentoring",
    "mentee_left": "mentoring",
    "certificate_issued": "mentoring",
    "group_asked": "mentoring",
    "group_invited": "mentoring",
    "group_joined": "mentoring",
    "group_welcome": "mentoring",
    "group_declined": "mentoring",
    "group_withdrawn": "mentoring",
    "group_left": "mentoring",
    "group_ended": "mentoring",
    "coaching_talk": "coaching",
    "coaching_wish": "coaching",
    "coaching_begun": "coaching",
    "coaching_declined": "coaching",
    "coaching_closed": "coaching",
    "coaching_ended": "coaching",
    "coach_left": "coaching",
    "coachee_left": "coaching",
    "coaching_quiet": "coaching",
    "coaching_quiet_closing": "coaching",
    "goal_written": "coaching",
    "goal_reworded": "coaching",
    "number_said": "coaching",
    "numbers_open": "coaching",
    "superior_asked": "coaching",
    "superior_answered": "coaching",
    "commitment_due": "coaching",
    "commitment_done": "coaching",
    "commitment_partly": "coaching",
    "commitment_not_yet": "coaching",
    "review_written": "coaching",
    "reviews_open": "coaching",
    "quiet": "mentoring",
    "quiet_closing": "mentoring",
    "superior_wanted": "mentoring",
    "superior_agreed": "mentoring",
    "superior_not_yet": "mentoring",
    "coaching_rests": "coaching",
    "coaching_goes_on": "coaching",
    "thanked": "care",
    "thanks_passed": "care",
    "concern_raised": "care",
    "concern_answered": "care",
    "opening_asked": "care",
    "opening_agreed": "care",
    "opening_refused": "care",
    "opened": "care",
    "meeting_planned": "meetings",
    "meeting_moved": "meetings",
    "meeting_held": "meetings",
    "meeting_cancelled": "meetings",
    "meeting_missed": "meetings",
    "meeting_undone": "meetings",
    "meeting_excused": "meetings",
    "meeting_coming": "meetings",
    "times_proposed": "meetings",
    "times_declined": "meetings",
    "times_withdrawn": "meetings",
    "meeting_day": "reminders",
    "meeting_hour": "reminders",
    "meeting_after": "reminders",
    "gathering_day": "reminders",
    "gathering_hour": "reminders",
    "action_agreed": "meetings",
    "claim_sent": "learning",
    "claim_approved": "learning",
    "claim_returned": "learning",
    "claim_refused": "learning",
    "claim_reversed": "learning",
    "hours_certified": "learning",
    "certificate_revoked": "learning",
    "deed_too_late": "learning",
    "data_requested": "learning",
    "data_answered": "learning",
    "data_due": "learning",
    "data_overdue": "learning",
    "session_withdrawn": "learning",
    "behaviour_self": "learning",
    "behaviour_superior": "learning",
    "plan_sent": "learning",
    "plan_approved": "learning",
    "plan_needs_revision": "learning",
    "mentioned": "community",
    "replied": "community",
    "followed": "community",
    "join_asked": "community",
    "join_accepted": "community",
    "join_declined": "community",
    "invited": "community",
    "invitation_declined": "community",
    "role_changed": "community",
    "message_held": "community",
    "reported": "community",
    "report_settled": "community",
    "moderated_hidden": "community",
    "moderated_removed": "community",
    "appealed": "community",
    "appeal_answered": "community",
    "glass_asked": "community",
    "glass_broken": "community",
    "help_sought": "community",
    "answer_accepted": "community",
    "page_sent": "community",
    "page_due": "community",
    "page_reviewed": "community",
    "page_returned": "community",
    "gathering_planned": "community",
    "gathering_moved": "meetings",
    "gathering_cancelled": "meetings",
    "gathering_host": "meetings",
    "place_freed": "meetings",
    "follow_up_agreed": "community",
    "decision_opened": "community",
    "decision_taken": "community",
    "step_entered": "community",
    "keeper_named": "community",
    "member_assigned": "community",
    "levels_changed": "competencies",
    "colleague_asked": "requests",
    "colleague_reminder": "requests",
    "colleagues_begun": "competencies",
    "colleagues_heard": "competencies",
    "colleagues_unheard": "competencies",
}
"""Kind of notice → its group."""


def after_quiet(instant: datetime, timezone: str, quiet_from: int | None, quiet_to: int | None) -> datetime:
    """When a mail may go out that is due at ``instant``: at once, or when the quiet hours of the person's own clock are over."""
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to:
        return instant
    here = instant.astimezone(ZoneInfo(timezone))
    over_night = quiet_from > quiet_to
    quiet = (here.hour >= quiet_from or here.hour < quiet_to) if over_night else quiet_from <= here.hour < quiet_to
    if not quiet:
        return instant
    day = here.date() + timedelta(days=1 if over_night and here.hour >= quiet_from else 0)
    return datetime.combine(day, time(quiet_to), ZoneInfo(timezone)).astimezone(UTC)


def digest_due(digest: str, hour: int, sent_on: date | None, here: datetime) -> bool:
    """True when, on the person's own clock, it is time for a digest that has not been sent today."""
    right_day = digest == "daily" or (digest == "weekly" and here.weekday() == 0)
    return right_day and here.hour >= hour and (sent_on is None or sent_on < here.date())


ALWAYS = {"opened", "quiet_closing", "coaching_quiet_closing"}
"""Kinds that nobody switches off: somebody else may read what is theirs, or it is about to end."""
