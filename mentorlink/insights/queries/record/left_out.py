"""What names a person and is not in their record, column by column, each with the reason."""

from __future__ import annotations

REASONS = ("office", "theirs", "derived", "elsewhere", "passing")
"""``office``: done for the agency, and told as a deed under "What I did". ``theirs``: what somebody else said, chose or keeps,
so it is in that person's record. ``derived``: worked out from what is in the record. ``elsewhere``: the row is in the record by
another of its columns. ``passing``: kept for a moment so that the house runs, and gone again."""

_OFFICE = """
    assessment.assessor_id break_glass.by_id break_glass.second_id certificate.revoked_by_id certificate_run.asked_by_id
    community_entry.answered_by_id community_entry.by_id community_report.settled_by_id content_opening.asked_by_id
    content_opening.decided_by_id contract_term.noted_by_id data_request.answered_by_id development_plan.decided_by_id
    framework_edition.published_by_id hours_claim.decided_by_id hours_entry.approved_by_id hours_rule.made_by_id
    import_file.settled_by_id import_file.uploaded_by_id index_fact.entered_by_id index_rule.made_by_id
    indicator_value.noted_by_id learning_setting.made_by_id level_scale.made_by_id stage_rule.made_by_id
    learning_period.approved_by_id learning_period.built_by_id learning_period.checked_by_id material_use.by_id
    message.deleted_by_id message.pinned_by_id moderation_act.answered_by_id moderation_act.by_id need_voice.settled_by_id
    programme.owner_id proposal.moved_by_id ranking_model.decided_by_id result_indicator.made_by_id role_grant.granted_by_id
    round.created_by_id round.published_by_id round_change.by_id round_run.asked_by_id safe_person.named_by_id
    saved_mapping.made_by_id test_form.made_by_id test_item.made_by_id topic_lock.by_id
"""
_THEIRS = """
    behaviour_review.person_id block.blocked_id coaching_question.superior_id coaching_share.superior_id
    community_report.person_id
    concern.to_id round_wish.wished_id saved_person.saved_id shown_person.mentor_id thanks.passed_to_id
"""
_DERIVED = "current_level.person_id levels_noted.person_id meeting_hold.person_id room_event.person_id"
_ELSEWHERE = """
    meeting.absent_id meeting.planned_by_id meeting.settled_by_id meeting_note_change.author_id meeting_series.host_id
    time_proposal.settled_by_id
"""
_PASSING = """
    demo_sign_in.person_id gathering_code_try.person_id pool_change.person_id room_mark.person_id topic_mark.person_id
"""

LEFT_OUT: dict[str, str] = {
    column: reason
    for reason, columns in zip(REASONS, (_OFFICE, _THEIRS, _DERIVED, _ELSEWHERE, _PASSING), strict=True)
    for column in columns.split()
}
"""``table.column`` → why it is left out, a code of ``REASONS``."""
