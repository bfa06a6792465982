"""Cause and effect, on one page: which event has which effects, which job which handler, what runs by itself."""

from __future__ import annotations

from datetime import timedelta

from mentorlink.community import effects as community
from mentorlink.community import events as of_community
from mentorlink.community.events import decisions as of_decisions
from mentorlink.community.events import gatherings as of_gatherings
from mentorlink.community.events import knowledge as of_knowledge
from mentorlink.community.events import lives as of_lives
from mentorlink.community.events import safety as of_safety
from mentorlink.competencies import effects as competencies
from mentorlink.competencies.events import ColleaguesAsked, ColleaguesHeard, ColleaguesReminded, LevelsChanged
from mentorlink.exchange import effects as exchange
from mentorlink.exchange import events as of_exchange
from mentorlink.insights import actions as insights
from mentorlink.insights import effects as figures
from mentorlink.kernel import events, jobs, settings
from mentorlink.learning import effects as learning
from mentorlink.learning import events as of_learning
from mentorlink.live import changed as live_changed
from mentorlink.live import community as live_community
from mentorlink.live import meetings as live_meetings
from mentorlink.live import notifications as live_notifications
from mentorlink.live import pairing as live_pairing
from mentorlink.notifications import effects as notices
from mentorlink.notifications.events import ManyNotified, NoticesRead, Notified
from mentorlink.pairing import effects as pairing
from mentorlink.pairing import events as of_pairing
from mentorlink.people import effects as people
from mentorlink.people import events as of_people
from mentorlink.rounds import effects as rounds
from mentorlink.rounds import events as of_rounds
from mentorlink.sessions.care import effects as care
from mentorlink.sessions.care import events as of_care
from mentorlink.sessions.coaching import effects as coaching
from mentorlink.sessions.coaching import events as of_coaching
from mentorlink.sessions.meetings import effects as meetings
from mentorlink.sessions.meetings import events as of_meetings
from mentorlink.sessions.meetings.notes import effects as meeting_notes
from mentorlink.sessions.meetings.notes import events as of_notes
from mentorlink.sessions.mentoring import effects as mentoring
from mentorlink.sessions.mentoring import events as of_mentoring
from mentorlink.sessions.mentoring.groups import effects as groups
from mentorlink.sessions.mentoring.groups import events as of_groups
from mentorlink.web import mail, push
from mentorlink.web.learning import papers

WITHIN: events.Table = {
    # exchange
    of_exchange.FileApplied: (figures.work_out_soon,),
    # people
    of_people.PersonChanged: (pairing.note_person, mentoring.ask_next_superior),
    of_people.PersonReturned: (pairing.note_person,),
    of_people.PersonLeft: (
        mentoring.end_what_a_leaver_had,
        mentoring.ask_next_superior,
        coaching.end_what_a_leaver_had,
        groups.end_what_a_leaver_led,
        pairing.close_what_a_leaver_had,
        community.let_person_go,
        competencies.let_person_go,
        meetings.forget_calendars,
        notices.forget_devices,
    ),
    of_people.RoleGranted: (notices.tell_of_named_role,),
    of_people.SignedOut: (notices.forget_devices,),
    of_people.PeopleSaved: (pairing.note_saved_people, mentoring.ask_next_superior),
    of_people.UnitChanged: (pairing.note_unit, mentoring.ask_next_superior),
    of_people.UnitsSaved: (pairing.note_saved_units, mentoring.ask_next_superior),
    of_people.RankingRefused: (pairing.stop_ranking,),
    of_people.ErasureGranted: (
        community.erase_words,
        coaching.erase_why_ended,
        mentoring.erase_why_ended,
        meetings.erase_own,
        pairing.erase_finding,
        competencies.erase_views,
        notices.erase_notices,
        people.erase_traces,
    ),
    of_people.Blocked: (
        pairing.end_requests_between,
        groups.end_what_waits_between,
        competencies.part_the_blocked,
        notices.hush_the_blocked,
    ),
    # competencies
    LevelsChanged: (pairing.note_levels, pairing.look_after_levels, notices.tell_of_levels),
    ColleaguesAsked: (notices.ask_colleagues,),
    ColleaguesReminded: (notices.remind_colleagues,),
    ColleaguesHeard: (notices.tell_of_colleagues,),
    # pairing
    of_pairing.ChoicesChanged: (pairing.forget_what_was_shown,),
    of_pairing.OfferOpened: (pairing.note_offer, pairing.look_for_next),
    of_pairing.OfferChanged: (pairing.note_offer, pairing.look_for_next),
    of_pairing.OfferClosed: (pairing.note_offer,),
    of_pairing.OfferRoomChanged: (pairing.note_offer, pairing.look_for_next),
    of_pairing.PlacesTaken: (pairing.note_taken_places,),
    of_pairing.OffersSaved: (pairing.note_saved_offers, pairing.look_after_saving),
    of_pairing.RequestSent: (notices.tell_of_request,),
    of_pairing.RequestAskedBack: (notices.tell_of_question,),
    of_pairing.RequestAnsweredBack: (notices.tell_of_answer,),
    of_pairing.RequestAccepted: (
        pairing.close_lines_of_pair,
        notices.tell_of_accept,
    ),
    of_pairing.RequestDeclined: (
        pairing.look_for_next,
        notices.tell_of_decline,
    ),
    of_pairing.RequestWithdrawn: (
        pairing.look_for_next,
        notices.tell_of_withdrawal,
    ),
    of_pairing.RequestExpired: (
        pairing.look_for_next,
        notices.tell_of_expiry,
    ),
    of_pairing.RequestReminded: (notices.remind_of_request,),
    of_pairing.WaitingJoined: (pairing.look_for_place,),
    of_pairing.WaitingEnded: (notices.tell_of_line_end,),
    of_pairing.PlaceOffered: (notices.tell_of_place,),
    of_pairing.PlaceLapsed: (notices.tell_of_lapse,),
    of_pairing.PlaceGone: (notices.tell_of_gone_place,),
    of_pairing.MenteeInvited: (notices.tell_of_offered_help,),
    of_pairing.InvitationTaken: (pairing.close_lines_of_pair, notices.tell_of_taken_help),
    of_pairing.InvitationRefused: (notices.tell_of_refused_help,),
    of_pairing.InvitationWithdrawn: (notices.tell_of_withdrawn_help,),
    of_pairing.NeedVoiced: (notices.tell_of_need,),
    of_pairing.NeedSettled: (notices.tell_of_settled_need,),
    of_pairing.ModelProposed: (notices.tell_of_model,),
    # meetings
    of_meetings.MeetingPlanned: (notices.tell_of_plan,),
    of_meetings.MeetingMoved: (notices.tell_of_move,),
    of_meetings.MeetingHeld: (learning.credit_held_meeting, notices.tell_of_meeting),
    of_meetings.MeetingUndone: (learning.withdraw_undone_meeting, notices.tell_of_undone_meeting),
    of_meetings.MeetingCancelled: (notices.tell_of_cancellation,),
    of_meetings.MeetingMissed: (notices.tell_of_absence,),
    of_meetings.MeetingNear: (notices.remind_of_meeting,),
    of_meetings.TimesProposed: (notices.tell_of_times,),
    of_meetings.TimesDeclined: (notices.tell_of_no_time,),
    of_meetings.TimesWithdrawn: (notices.tell_of_withdrawn_times,),
    of_meetings.ActionItemAgreed: (notices.tell_of_action,),
    of_meetings.MemberAdded: (notices.send_dates_to_member,),
    of_meetings.MemberRemoved: (notices.take_dates_from_member,),
    of_meetings.MemberExcused: (notices.tell_of_excuse,),
    of_meetings.MemberReturned: (notices.tell_of_coming,),
    of_meetings.AttendanceSaid: (groups.count_group_meeting,),
    of_meetings.MeetingCounted: (learning.credit_held_meeting,),
    # groups
    of_groups.GroupAsked: (notices.tell_of_group_question,),
    of_groups.GroupInvited: (notices.tell_of_group_invitation,),
    of_groups.GroupJoined: (notices.tell_of_group_joining,),
    of_groups.GroupDeclined: (notices.tell_of_group_refusal,),
    of_groups.GroupLeft: (notices.tell_of_group_leaving,),
    of_groups.GroupEnded: (notices.tell_of_group_end,),
    # mentoring
    of_mentoring.MentorshipStarted: (mentoring.ask_superior_if_wanted,),
    of_mentoring.SuperiorWanted: (notices.ask_superior_of_mentee,),
    of_mentoring.SuperiorSpoke: (notices.tell_of_superior_word,),
    of_mentoring.StageEntered: (notices.tell_of_stage,),
    of_mentoring.AgreementProposed: (notices.tell_of_agreement,),
    of_mentoring.AgreementSigned: (notices.tell_of_signature,),
    of_mentoring.GoalsChanged: (notices.tell_of_goals,),
    of_mentoring.GoalsAccepted: (notices.tell_of_acceptance,),
    of_mentoring.AfterLevelsSaid: (notices.tell_of_after_levels,),
    of_mentoring.EvaluationGiven: (notices.tell_of_evaluation,),
    of_mentoring.MentorshipPaused: (notices.tell_of_pause,),
    of_mentoring.MentorshipResumed: (notices.tell_of_return,),
    of_mentoring.MentorshipClosed: (
        groups.leave_when_over,
        pairing.release_place,
        rounds.release_round_place,
        learning.certify_closed_mentorship,
        notices.tell_of_closing,
    ),
    of_mentoring.MentorshipEndedEarly: (
        groups.leave_when_over,
        pairing.release_place,
        rounds.release_round_place,
        notices.tell_of_early_end,
    ),
    # care
    of_care.SilenceNoticed: (notices.remind_quiet_pair,),
    of_care.ClosingAnnounced: (notices.announce_closing,),
    of_care.CoachingSilenceNoticed: (notices.remind_quiet_coaching,),
    of_care.CoachingClosingAnnounced: (notices.announce_coaching_closing,),
    of_care.ThanksSent: (notices.tell_of_thanks,),
    of_care.ThanksPassedOn: (notices.tell_of_passed_thanks,),
    of_care.ConcernRaised: (notices.tell_of_concern,),
    of_care.ConcernAnswered: (notices.tell_of_concern_answer,),
    of_care.OpeningAsked: (notices.ask_second_person,),
    of_care.OpeningDecided: (notices.tell_of_opening,),
    # rounds
    of_rounds.RoundOpened: (notices.tell_of_open_round,),
    of_rounds.RoundPairsPublished: (notices.tell_of_round_pairs,),
    of_rounds.RoundMissed: (notices.tell_of_missed_round,),
    of_rounds.MentorsSought: (notices.ask_to_mentor,),
    # coaching
    of_coaching.ConversationBegun: (notices.tell_of_first_talk,),
    of_coaching.WishSaid: (notices.tell_of_wish,),
    of_coaching.Engaged: (notices.tell_of_engagement,),
    of_coaching.EngagementDeclined: (pairing.release_coaching_place, notices.tell_of_parting),
    of_coaching.GoalWritten: (notices.tell_of_goal,),
    of_coaching.GoalScaled: (notices.tell_of_number,),
    of_coaching.SuperiorAsked: (notices.tell_of_superior_question,),
    of_coaching.SuperiorAnswered: (notices.tell_of_superior_answer,),
    of_coaching.CommitmentDue: (notices.remind_of_commitment,),
    of_coaching.CheckedIn: (notices.tell_of_check_in,),
    of_coaching.ReviewWritten: (notices.tell_of_review,),
    of_coaching.EngagementClosed: (pairing.release_coaching_place, notices.tell_of_coaching_close),
    of_coaching.EngagementRested: (notices.tell_of_coaching_rest,),
    of_coaching.EngagementResumed: (notices.tell_of_coaching_return,),
    of_coaching.EngagementEndedEarly: (pairing.release_coaching_place, notices.tell_of_coaching_end),
    # communities
    of_community.CommunityCreated: (community.begin_a_life,),
    of_lives.StepEntered: (notices.tell_of_step,),
    of_lives.KeeperNamed: (notices.tell_of_keeping,),
    of_lives.MembersAssigned: (notices.tell_of_assignment,),
    of_gatherings.GatheringPlanned: (notices.tell_of_gathering,),
    of_gatherings.GatheringMoved: (notices.tell_of_moved_gathering,),
    of_gatherings.GatheringCancelled: (notices.tell_of_cancelled_gathering,),
    of_gatherings.GatheringNear: (notices.remind_of_gathering,),
    of_gatherings.PlaceFreed: (notices.tell_of_freed_place,),
    of_gatherings.ComingChanged: (notices.send_date,),
    of_gatherings.HostChanged: (notices.tell_of_hosting,),
    of_gatherings.FollowUpAgreed: (notices.tell_of_follow_up,),
    of_gatherings.GatheringAttended: (learning.credit_attended_gathering,),
    of_gatherings.AttendanceWithdrawn: (learning.withdraw_attended_gathering,),
    of_knowledge.HelpSought: (notices.ask_for_help,),
    of_knowledge.AnswerAccepted: (learning.credit_accepted_answer, notices.tell_of_accepted_answer),
    of_knowledge.AnswerDropped: (learning.withdraw_accepted_answer,),
    of_knowledge.PageSent: (notices.tell_of_sent_page,),
    of_knowledge.PageReviewed: (learning.credit_reviewed_page, notices.tell_of_reviewed_page),
    of_knowledge.PageReturned: (notices.tell_of_returned_page,),
    of_knowledge.PageDue: (notices.tell_of_due_page,),
    of_community.MemberRemoved: (community.note_removed_member,),
    of_safety.MessageHeld: (notices.tell_of_held_message,),
    of_safety.MessageReleased: (community.dress_released,),
    of_safety.Reported: (notices.tell_of_report,),
    of_safety.ReportSettled: (notices.tell_of_settled_report,),
    of_safety.Moderated: (notices.tell_of_moderation,),
    of_safety.Appealed: (notices.tell_of_appeal,),
    of_safety.AppealAnswered: (notices.tell_of_appeal_answer,),
    of_safety.GlassAsked: (notices.tell_of_asked_glass,),
    of_safety.GlassBroken: (notices.tell_of_broken_glass,),
    of_decisions.DecisionOpened: (notices.tell_of_decision,),
    of_decisions.DecisionTaken: (notices.tell_of_outcome,),
    of_community.MessagePosted: (notices.tell_of_message,),
    of_community.MessageEdited: (notices.tell_of_edit,),
    of_community.TopicSeen: (notices.hush_what_was_seen,),
    of_community.JoinAsked: (notices.tell_of_join_request,),
    of_community.JoinAnswered: (notices.tell_of_join_answer,),
    of_community.MemberInvited: (notices.tell_of_invitation,),
    of_community.InvitationDeclined: (notices.tell_of_refusal,),
    of_community.MemberRoleChanged: (notices.tell_of_role,),
    # learning
    of_learning.CertificateIssued: (notices.tell_of_certificate,),
    of_learning.CertificatesIssued: (notices.tell_of_certificates,),
    of_learning.CertificateRevoked: (notices.tell_of_revocation,),
    of_learning.DeedTooLate: (notices.tell_of_late_deed,),
    of_learning.DataRequested: (notices.tell_of_data_request,),
    of_learning.DataRequestAnswered: (notices.tell_of_data_answer,),
    of_learning.DataRequestDue: (notices.tell_of_data_clock,),
    of_learning.SessionWithdrawn: (notices.tell_of_withdrawn_session,),
    of_learning.BehaviourAsked: (notices.ask_of_behaviour,),
    of_learning.ClaimSent: (notices.tell_of_claim,),
    of_learning.ClaimDecided: (notices.tell_of_claim_decision,),
    of_learning.PlanSent: (notices.tell_of_plan_sent,),
    of_learning.PlanDecided: (notices.tell_of_plan_decision,),
}
"""Effects that share the fate of the deed."""

_SEEN_BY_TWO: dict[events.Effect, tuple[type[events.Event], ...]] = {
    live_changed.show_request: (
        of_pairing.RequestSent,
        of_pairing.RequestAskedBack,
        of_pairing.RequestAnsweredBack,
        of_pairing.RequestAccepted,
        of_pairing.RequestDeclined,
        of_pairing.RequestWithdrawn,
        of_pairing.RequestExpired,
    ),
    live_changed.show_invitation: (
        of_pairing.MenteeInvited,
        of_pairing.InvitationTaken,
        of_pairing.InvitationRefused,
        of_pairing.InvitationWithdrawn,
    ),
    live_changed.show_mentorship: (
        of_mentoring.PairActed,
        of_mentoring.StageEntered,
        of_mentoring.MentorshipPaused,
        of_mentoring.MentorshipResumed,
        of_mentoring.SuperiorSpoke,
        of_mentoring.MentorshipClosed,
        of_mentoring.MentorshipEndedEarly,
    ),
    live_changed.show_engagement: (
        of_coaching.PairWrote,
        of_coaching.WishSaid,
        of_coaching.Engaged,
        of_coaching.EngagementDeclined,
        of_coaching.GoalWritten,
        of_coaching.GoalScaled,
        of_coaching.SuperiorAnswered,
        of_coaching.CheckedIn,
        of_coaching.ReviewWritten,
        of_coaching.EngagementClosed,
        of_coaching.EngagementEndedEarly,
        of_coaching.EngagementRested,
        of_coaching.EngagementResumed,
    ),
    live_changed.show_joining: (of_community.JoinAnswered,),
    live_changed.show_series: (
        of_meetings.MeetingPlanned,
        of_meetings.MeetingMoved,
        of_meetings.MeetingHeld,
        of_meetings.MeetingUndone,
        of_meetings.MeetingCancelled,
        of_meetings.MeetingMissed,
        of_meetings.TimesProposed,
        of_meetings.TimesDeclined,
        of_meetings.TimesWithdrawn,
        of_meetings.ActionItemAgreed,
    ),
}
"""What a page of another, or another tab, may show: it looks again (``static/js/controllers/changed.js``)."""

AFTER: events.Table = {
    **{event: (effect,) for effect, every in _SEEN_BY_TWO.items() for event in every},
    of_people.SignedOut: (live_community.close_device,),
    of_people.PersonLeft: (live_community.close_person,),
    of_community.RoomMoved: (live_community.send_room,),
    of_community.MemberRemoved: (live_community.close_rooms,),
    of_community.LeftCommunity: (live_community.close_rooms,),
    of_community.TopicSeen: (live_community.send_mark,),
    of_community.PresenceChosen: (live_community.show_presence,),
    of_community.ChoiceMade: (live_community.send_choice,),
    of_people.PersonChanged: (live_pairing.show_moved,),
    of_people.Blocked: (live_pairing.show_moved, live_community.show_apart),
    of_people.Unblocked: (live_community.show_apart,),
    LevelsChanged: (live_pairing.show_moved,),
    of_pairing.OfferOpened: (live_pairing.show_moved,),
    of_pairing.OfferChanged: (live_pairing.show_moved,),
    of_pairing.OfferClosed: (live_pairing.show_moved,),
    of_pairing.OfferRoomChanged: (live_pairing.show_room, live_pairing.show_moved),
    of_pairing.PlacesTaken: (live_pairing.show_rooms, live_pairing.show_moved),
    of_pairing.OffersSaved: (live_pairing.show_moved,),
    of_pairing.ChoicesChanged: (live_pairing.show_moved,),
    of_pairing.PlaceOffered: (live_pairing.show_place,),
    of_pairing.PlaceLapsed: (live_pairing.show_place,),
    of_pairing.PlaceGone: (live_pairing.show_place,),
    of_notes.RoomChanged: (live_meetings.show_room,),
    of_notes.AfterthoughtsOpened: (live_meetings.show_room,),
    Notified: (live_notifications.show_notice,),
    ManyNotified: (live_notifications.show_notices,),
    NoticesRead: (live_notifications.show_count,),
}
"""Effects after the commit."""

JOBS: dict[str, jobs.Handler] = {
    "mail.send": mail.send_mail,
    "mail.soon": mail.send_mail,
    "push.send": push.send_push,
    "community.clear_files": community.clear_files,
    "community.conclude": community.conclude_when_due,
    "community.seek_help": community.seek_when_due,
    "community.look_at_pages": community.look_at_pages,
    "community.let_words_go": community.let_old_words_go,
    "community.remind": community.remind_when_due,
    "community.take_back_words": community.take_back_words,
    "notifications.send_digests": notices.send_due_digests,
    "care.watch_silence": care.watch_silence,
    "coaching.remind": coaching.remind_when_due,
    "coaching.resume": coaching.resume_on_return,
    "meetings.remind": meetings.remind_when_due,
    "meetings.fetch_calendars": meetings.fetch_calendars,
    "meetings.tidy_notes": meeting_notes.forget_old_changes,
    "mentoring.resume": mentoring.resume_on_return,
    "pairing.expire": pairing.expire_when_due,
    "pairing.remind": pairing.remind_when_due,
    "pairing.refresh_pool": pairing.refresh_pool,
    "pairing.forget_old_lists": pairing.forget_old_lists,
    "pairing.fit_rankings": pairing.fit_rankings,
    "pairing.find_places": pairing.find_places,
    "pairing.lapse_place": pairing.lapse_when_due,
    "pairing.end_invitation": pairing.end_invitation_when_due,
    "competencies.hear_colleagues": competencies.hear_colleagues,
    "competencies.refresh_levels": competencies.refresh_levels,
    "exchange.tidy": exchange.tidy,
    "rounds.run": rounds.work_run,
    "rounds.check": rounds.check_run,
    "rounds.publish": rounds.publish,
    "rounds.stop": rounds.bring_to_stop,
    "rounds.sheet": rounds.make_sheet,
    "learning.recap": learning.build_recap,
    "learning.certificates": papers.issue_certificates,
    "learning.ask_behaviour": learning.ask_what_shows,
    "learning.data_clock": learning.watch_data_clock,
    "insights.refresh": insights.refresh_figures,
    "people.send_reset": people.send_reset,
    "people.tidy": people.tidy,
}

APART = {
    "care.watch_silence",
    "mail.send",
    "mail.soon",
    "push.send",
    "meetings.fetch_calendars",
    "pairing.fit_rankings",
    "pairing.refresh_pool",
    "rounds.run",
    "rounds.check",
    "rounds.publish",
    "rounds.stop",
    "rounds.sheet",
    "learning.recap",
    "learning.certificates",
    "insights.refresh",
}
"""Jobs that wait for the world or take long: they run outside the transaction, in a thread of their own."""

ALONE = {"mail.soon"}
"""Of those, what nothing slow may hold up: reminders and what calendars are told, which are of no use once the hour has come."""

EVERY: dict[str, timedelta] = {
    "meetings.fetch_calendars": timedelta(minutes=5),
    "community.clear_files": timedelta(hours=6),
    "community.look_at_pages": timedelta(days=1),
    "community.let_words_go": timedelta(hours=1),
    "notifications.send_digests": timedelta(minutes=20),
    "pairing.refresh_pool": timedelta(hours=1),
    "pairing.forget_old_lists": timedelta(days=1),
    "pairing.find_places": timedelta(hours=1),
    "competencies.hear_colleagues": timedelta(hours=1),
    "competencies.refresh_levels": timedelta(days=1),
    "exchange.tidy": timedelta(hours=1),
    "care.watch_silence": timedelta(minutes=1),
    "learning.ask_behaviour": timedelta(days=1),
    "learning.data_clock": timedelta(hours=1),
    "insights.refresh": timedelta(hours=1),
    "meetings.tidy_notes": timedelta(days=1),
    "people.tidy": timedelta(days=1),
}
"""What runs by itself, and how often."""


def wire_all() -> None:
    """Join the house."""
    events.wire(within_effects=WITHIN, after_effects=AFTER)
    jobs.handlers.clear()
    jobs.handlers.update(JOBS)
    jobs.apart.clear()
    jobs.apart.update(APART)
    jobs.alone.clear()
    jobs.alone.update(ALONE)
    jobs.every.clear()
    jobs.every.update(EVERY)
    if days := settings.current().learn_days:
        jobs.every["pairing.fit_rankings"] = timedelta(days=days)
