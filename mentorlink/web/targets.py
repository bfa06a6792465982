"""Where one acts on a thing: the address behind a notice, in the app and in a mail."""

from __future__ import annotations

from flask import url_for

_PLACES: dict[str, tuple[str, str | None]] = {
    "request": ("pairing.request_page", "request_id"),
    "place": ("pairing.place", "place_id"),
    "lines": ("pairing.lines", None),
    "invitation": ("pairing.invitation", "invitation_id"),
    "needs": ("pairing.needs", None),
    "find": ("pairing.suggestions", None),
    "find_coach": ("pairing.suggestions", None),
    "mentorship": ("mentoring.mentorship", "mentorship_id"),
    "agreement": ("mentoring.agreement", "mentorship_id"),
    "goals": ("mentoring.goals", "mentorship_id"),
    "levels": ("mentoring.closing", "mentorship_id"),
    "evaluation": ("mentoring.closing", "mentorship_id"),
    "groups": ("mentoring.groups", None),
    "group": ("mentoring.group", "group_id"),
    "round": ("rounds.me", "round_id"),
    "offers": ("pairing.offers", None),
    "thanks": ("mentoring.thanks", "thanks_id"),
    "team": ("mentoring.people", None),
    "concern": ("mentoring.concern", "concern_id"),
    "opening": ("mentoring.opening", "opening_id"),
    "engagement": ("coaching.engagement", "engagement_id"),
    "question": ("coaching.question", "question_id"),
    "commitment": ("coaching.commitment", "commitment_id"),
    "meeting": ("meetings.meeting", "meeting_id"),
    "times": ("meetings.times", "times_id"),
    "message": ("community.message", "message_id"),
    "community": ("community.show", "community_id"),
    "community_life": ("community.life", "community_id"),
    "moderation": ("community.moderation_act", "act_id"),
    "community_acts": ("community.moderation", "community_id"),
    "glass": ("community.glass", "glass_id"),
    "help": ("community.help_page", "asked_id"),
    "page": ("community.knowledge_page", "page_id"),
    "gathering": ("community.gathering", "gathering_id"),
    "decision": ("community.decision", "decision_id"),
    "certificate": ("learning.certificate", "certificate_id"),
    "hours": ("learning.my_hours", None),
    "record": ("learning.my_record", None),
    "data_requests": ("learning.data_requests", None),
    "behaviour": ("learning.behaviour", "review_id"),
    "claim": ("learning.claim", "claim_id"),
    "plan": ("learning.plan", "plan_id"),
    "map": ("competencies.my_map", None),
    "colleague_form": ("competencies.colleague_form", "peer_review_id"),
    "colleagues": ("competencies.colleagues", "person_id"),
    "ranking": ("ranking.model", "model_id"),
}

_MORE: dict[str, dict[str, str]] = {
    "find_coach": {"kind": "coach"}, "levels": {"_anchor": "levels"}, "evaluation": {"_anchor": "evaluation"},
}  # fmt: skip


def href(about: str, about_id: int, *, external: bool = False) -> str:
    """Address of the page where one acts on ``about`` number ``about_id``."""
    endpoint, argument = _PLACES[about]
    values = {argument: about_id} if argument else {}
    return url_for(endpoint, _external=external, **values, **_MORE.get(about, {}))
