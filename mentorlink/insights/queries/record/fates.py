"""What becomes of every part of somebody's record when they ask for deletion: which part HR erases, or why it is kept."""

from __future__ import annotations

KEPT = ("service", "shared", "community", "proof", "own_choice")
"""Why something is kept. ``service``: the law has the agency keep the record of service. ``shared``: it belongs to another person
too. ``community``: the work of others rests on it. ``proof``: it shows that rules and rights were kept. ``own_choice``: it ends
when the person takes it back."""

_FATES = {
    "profile": "profile", "feedback": "feedback peer_voices", "tests": "tests", "behaviour": "behaviour", "claims": "claims",
    "words": "messages attachments mentions",
    "private": "private_notes early_ends coaching_ends",
    "finding": "offers requests request_answers request_words invitations invitations_sent saved needs lists list_people",
    "calendars": "hours_of_mine hours_apart habits calendars calendar_feed busy",
    "traces": "links devices presence notices push notice_choices notice_rhythm room_choices topic_choices",
    "service": """
        account roles units_headed assessments peer_reviews hours given plans certificates recaps contract index mentorships
        coaching safe_person superior_words
    """,
    "shared": """
        groups group_places agreements signatures targets purposes acceptances issues roadmap stage_steps pauses directions
        after_levels evaluations reflections goals scales sheets coaching_reviews coaching_shares coaching_questions meetings
        attendance_of_sessions times_proposed agenda tasks notes afterthoughts earlier_texts thanks_given thanks_got
    """,
    "community": """
        founded entries keeping promises cycle_reviews moderating reactions votes rooms_made topics gatherings attendance points
        follow_ups hands decisions stances questions help_asked knowledge_pages page_versions material
    """,
    "proof": """
        deeds consents data_requests waiting held_places rounds round_wishes round_ties round_pairs moderation
        reports concerns
    """,
    "own_choice": "blocks finding_choices credentials communities help_pause",
}  # fmt: skip

FATES: dict[str, str] = {section: fate for fate, sections in _FATES.items() for section in sections.split()}
"""Part of the record → which part is erased (of ``ERASABLE``), or a code of ``KEPT``."""
