"""Which notices there are, in which group a person switches them, and what holds until they choose."""

from __future__ import annotations

from dataclasses import dataclass


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
    "help_offered": "requests",
    "help_taken": "requests",
    "help_refused": "requests",
    "help_withdrawn": "requests",
    "need_told": "requests",
    "need_settled": "requests",
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
    "coaching_talk": "coaching",
    "coaching_wish": "coaching",
    "coaching_begun": "coaching",
    "coaching_declined": "coaching",
    "coaching_closed": "coaching",
    "coaching_ended": "coaching",
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
    "meeting_planned": "meetings",
    "meeting_moved": "meetings",
    "meeting_held": "meetings",
    "meeting_cancelled": "meetings",
    "meeting_missed": "meetings",
    "action_agreed": "meetings",
    "claim_sent": "learning",
    "claim_approved": "learning",
    "claim_returned": "learning",
    "claim_refused": "learning",
    "claim_reversed": "learning",
    "plan_sent": "learning",
    "plan_approved": "learning",
    "plan_needs_revision": "learning",
    "mentioned": "community",
    "replied": "community",
    "join_asked": "community",
    "join_accepted": "community",
    "join_declined": "community",
    "invited": "community",
    "invitation_declined": "community",
    "role_changed": "community",
    "levels_changed": "competencies",
}
"""Kind of notice → its group."""
