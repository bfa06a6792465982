"""Who is told of what. Each effect runs within the deed, so a notice (and its mail) exists exactly when the deed does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from mentorlink.community.events import (
    InvitationDeclined,
    JoinAnswered,
    JoinAsked,
    MemberInvited,
    MemberRoleChanged,
    MessageEdited,
    MessagePosted,
)
from mentorlink.community.events.decisions import DecisionOpened, DecisionTaken
from mentorlink.community.events.gatherings import (
    FollowUpAgreed,
    GatheringCancelled,
    GatheringMoved,
    GatheringPlanned,
    PlaceFreed,
)
from mentorlink.community.events.knowledge import AnswerAccepted, HelpSought, PageDue, PageReturned, PageReviewed, PageSent
from mentorlink.community.events.lives import KeeperNamed, MembersAssigned, StepEntered
from mentorlink.community.events.safety import (
    AppealAnswered,
    Appealed,
    GlassAsked,
    GlassBroken,
    MessageHeld,
    Moderated,
    Reported,
    ReportSettled,
)
from mentorlink.community.models import Community, Membership, Message, Room, Topic
from mentorlink.community.models.decisions import Decision
from mentorlink.community.models.gatherings import Attendance, Gathering
from mentorlink.community.models.knowledge import KnowledgePage, TopicQuestion
from mentorlink.community.models.safety import ModerationAct
from mentorlink.community.queries import facilitator_ids, followers_of
from mentorlink.community.queries.knowledge import expert_ids
from mentorlink.community.queries.safety import moderator_ids
from mentorlink.competencies.events import LevelsChanged
from mentorlink.competencies.models import Competency
from mentorlink.competencies.queries import among
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning.events import (
    BehaviourAsked,
    CertificateIssued,
    CertificateRevoked,
    CertificatesIssued,
    ClaimDecided,
    ClaimSent,
    DataRequestAnswered,
    DataRequestDue,
    DataRequested,
    DeedTooLate,
    PlanDecided,
    PlanSent,
    SessionWithdrawn,
)
from mentorlink.learning.models import Certificate, Claim, DevelopmentPlan, LearningPeriod
from mentorlink.learning.queries import decider_ids, hr_ids
from mentorlink.notifications.actions import Told, drop_devices, hush_notices, notify, notify_many, send_digests
from mentorlink.notifications.queries import preferences_of
from mentorlink.pairing.events import (
    InvitationRefused,
    InvitationTaken,
    InvitationWithdrawn,
    MenteeInvited,
    ModelProposed,
    NeedSettled,
    NeedVoiced,
    PlaceGone,
    PlaceLapsed,
    PlaceOffered,
    RequestAccepted,
    RequestAnsweredBack,
    RequestAskedBack,
    RequestDeclined,
    RequestExpired,
    RequestReminded,
    RequestSent,
    RequestWithdrawn,
    WaitingEnded,
)
from mentorlink.pairing.models import HeldPlace
from mentorlink.people.events import Blocked, PersonLeft, SignedOut
from mentorlink.people.models import Person, RoleGrant, Unit
from mentorlink.people.queries import blocked_with
from mentorlink.rounds.events import MentorsSought, RoundMissed, RoundOpened, RoundPairsPublished
from mentorlink.rounds.models import Round
from mentorlink.sessions.care.events import (
    ClosingAnnounced,
    CoachingClosingAnnounced,
    CoachingSilenceNoticed,
    ConcernAnswered,
    ConcernRaised,
    OpeningAsked,
    OpeningDecided,
    SilenceNoticed,
    ThanksPassedOn,
    ThanksSent,
)
from mentorlink.sessions.coaching.events import (
    CheckedIn,
    CommitmentDue,
    ConversationBegun,
    Engaged,
    EngagementClosed,
    EngagementDeclined,
    EngagementEndedEarly,
    EngagementEvent,
    EngagementRested,
    EngagementResumed,
    GoalScaled,
    GoalWritten,
    ReviewWritten,
    SuperiorAnswered,
    SuperiorAsked,
    WishSaid,
)
from mentorlink.sessions.meetings.events import (
    ActionItemAgreed,
    MeetingCancelled,
    MeetingEvent,
    MeetingHeld,
    MeetingMissed,
    MeetingMoved,
    MeetingNear,
    MeetingPlanned,
    MeetingUndone,
    MemberAdded,
    MemberExcused,
    MemberRemoved,
    MemberReturned,
    TimesDeclined,
    TimesProposed,
    TimesWithdrawn,
)
from mentorlink.sessions.meetings.models import ActionItem, Meeting, SeriesMember, TimeProposal
from mentorlink.sessions.mentoring.events import (
    AfterLevelsSaid,
    AgreementProposed,
    AgreementSigned,
    EvaluationGiven,
    GoalsAccepted,
    GoalsChanged,
    MentorshipClosed,
    MentorshipEndedEarly,
    MentorshipEvent,
    MentorshipPaused,
    MentorshipResumed,
    StageEntered,
    SuperiorSpoke,
    SuperiorWanted,
)
from mentorlink.sessions.mentoring.groups.events import (
    GroupAsked,
    GroupDeclined,
    GroupEnded,
    GroupEvent,
    GroupInvited,
    GroupJoined,
    GroupLeft,
)
from mentorlink.sessions.mentoring.groups.models import Group

MOST_AT_ONCE = 20
"""A file that changes more people's levels than this tells nobody one by one; their map shows it."""


def tell(
    person_id: int | None, kind: str, about: str, about_id: int, *, who: int | None = None, once: str | None = None, **facts: Any
) -> None:
    """Tell one person, as the house; ``who`` is named in the sentence."""
    if person_id is None:
        return
    if who is not None:
        facts["who"] = db.session.get_one(Person, who).full_name
    notify(Actor.system(), person_id, kind=kind, about=about, about_id=about_id, facts=facts, dedupe_key=once)


# Requests


def tell_of_request(event: RequestSent) -> None:
    """The mentor learns that somebody asks."""
    tell(event.mentor_id, "request_received", "request", event.request_id, who=event.asker_id)


def tell_of_question(event: RequestAskedBack) -> None:
    """The asker learns that the mentor wants to know more."""
    tell(event.asker_id, "request_asked_back", "request", event.request_id, who=event.mentor_id)


def tell_of_answer(event: RequestAnsweredBack) -> None:
    """The mentor learns that the asker answered."""
    tell(event.mentor_id, "request_answered_back", "request", event.request_id, who=event.asker_id)


def tell_of_accept(event: RequestAccepted) -> None:
    """The asker learns that the mentor accepted, and goes on in the mentorship; a coaching tells of its first talk itself."""
    if event.mentorship_id is not None:
        tell(event.asker_id, "request_accepted", "mentorship", event.mentorship_id, who=event.mentor_id)


def tell_of_decline(event: RequestDeclined) -> None:
    """The asker learns that it will not be, and where others are."""
    tell(event.asker_id, "request_declined", "request", event.request_id, who=event.mentor_id)


def tell_of_withdrawal(event: RequestWithdrawn) -> None:
    """The mentor learns that nothing is to be answered any more."""
    tell(event.mentor_id, "request_withdrawn", "request", event.request_id, who=event.asker_id)


def remind_of_request(event: RequestReminded) -> None:
    """Whose turn it is learns that one day is left."""
    other = event.asker_id if event.person_id == event.mentor_id else event.mentor_id
    tell(
        event.person_id,
        "request_reminder",
        "request",
        event.request_id,
        who=other,
        once=f"reminder:{event.request_id}:{event.person_id}",
    )


def tell_of_expiry(event: RequestExpired) -> None:
    """The asker learns that the request came back unanswered."""
    tell(event.asker_id, "request_expired", "request", event.request_id, who=event.mentor_id)


# Waiting for a place


def tell_of_place(event: PlaceOffered) -> None:
    """Who waited learns that a place is kept, and until when."""
    until = db.session.get_one(HeldPlace, event.place_id).until.isoformat()
    tell(event.person_id, "place_offered", "place", event.place_id, who=event.mentor_id, until=until)


def tell_of_lapse(event: PlaceLapsed) -> None:
    """Who let it pass learns where they stand."""
    tell(event.person_id, "place_lapsed", "lines", event.place_id, who=event.mentor_id)


def tell_of_gone_place(event: PlaceGone) -> None:
    """Who had it offered learns that it is not there after all."""
    tell(event.person_id, "place_gone", "lines", event.place_id, who=event.mentor_id)


def tell_of_line_end(event: WaitingEnded) -> None:
    """Who waited for this one learns that there is nothing to wait for."""
    tell(event.person_id, "line_ended", "find", event.waiting_id, who=event.mentor_id)


# Invitations


def tell_of_offered_help(event: MenteeInvited) -> None:
    """The invited learns who offers help."""
    tell(event.person_id, "help_offered", "invitation", event.invitation_id, who=event.mentor_id)


def tell_of_taken_help(event: InvitationTaken) -> None:
    """Who invited goes on in what began."""
    if event.mentorship_id is not None:
        tell(event.mentor_id, "help_taken", "mentorship", event.mentorship_id, who=event.person_id)
    else:
        tell(event.mentor_id, "help_taken", "engagement", event.engagement_id or 0, who=event.person_id)


def tell_of_refused_help(event: InvitationRefused) -> None:
    """Who invited learns that it will not be."""
    tell(event.mentor_id, "help_refused", "invitation", event.invitation_id, who=event.person_id)


def tell_of_withdrawn_help(event: InvitationWithdrawn) -> None:
    """The invited need not answer any more."""
    tell(event.person_id, "help_withdrawn", "invitation", event.invitation_id, who=event.mentor_id)


# Needs that nobody covers


def tell_of_need(event: NeedVoiced) -> None:
    """The programme managers over whoever spoke learn of a need, once each until it is taken up; never who spoke."""
    competency = db.session.get_one(Competency, event.competency_id)
    path = db.session.get_one(Person, event.person_id).unit.path
    grants = db.session.execute(
        sa.select(RoleGrant.person_id, Unit.path).outerjoin(Unit, RoleGrant.unit_id == Unit.id).where(RoleGrant.role == "manager")
    )
    for manager in sorted({person_id for person_id, over in grants if over is None or path.startswith(over)}):
        tell(
            manager, "need_told", "needs", event.competency_id, once=f"need:{event.kind}:{event.competency_id}:{event.level}",
            competency=dict(competency.name), level=event.level,
        )  # fmt: skip


def tell_of_settled_need(event: NeedSettled) -> None:
    """Who spoke learns that somebody cares."""
    names = dict(db.session.get_one(Competency, event.competency_id).name)
    for person_id in event.person_ids:
        tell(person_id, "need_settled", "find", event.competency_id, competency=names)


def tell_of_model(event: ModelProposed) -> None:
    """Administrators of the whole agency learn that a model of the ranking waits for their decision."""
    deciders = sa.select(RoleGrant.person_id).where(RoleGrant.role == "administrator", RoleGrant.unit_id.is_(None))
    for person_id in db.session.scalars(deciders.order_by(RoleGrant.person_id)).all():
        tell(person_id, "ranking_proposed", "ranking", event.model_id, number=event.number)


# Rounds


def tell_of_open_round(event: RoundOpened) -> None:
    """Those who take part learn that they may rank."""
    facts = {"round": db.session.get_one(Round, event.round_id).name, "until": event.until}
    told = [Told(person_id, event.round_id, facts) for person_id in event.person_ids]
    notify_many(Actor.system(), told, kind="round_open", about="round", once=f"round_open:{event.round_id}")


def tell_of_round_pairs(event: RoundPairsPublished) -> None:
    """Both sides of each pair learn of the other, and go on in the mentorship."""
    name = db.session.get_one(Round, event.round_id).name
    everyone = {person_id for mentee_id, mentor_id, _id in event.pairs for person_id in (mentee_id, mentor_id)}
    people = {person.id: person.full_name for person in db.session.scalars(sa.select(Person).where(among(Person.id, everyone)))}
    told = [
        Told(person_id, mentorship_id, {"who": people[other_id], "round": name})
        for mentee_id, mentor_id, mentorship_id in event.pairs
        for person_id, other_id in ((mentee_id, mentor_id), (mentor_id, mentee_id))
    ]
    notify_many(Actor.system(), told, kind="round_paired", about="mentorship")


def tell_of_missed_round(event: RoundMissed) -> None:
    """Who has nobody learns that, and what there is to do; each once, however often it is said."""
    facts = {"round": db.session.get_one(Round, event.round_id).name}
    told = [Told(person_id, event.round_id, facts) for person_id in event.person_ids]
    notify_many(Actor.system(), told, kind="round_missed", about="round", once=f"round_missed:{event.round_id}")


def ask_to_mentor(event: MentorsSought) -> None:
    """Who holds what a round lacks is asked to offer it, once for a round and competency."""
    name = db.session.get_one(Competency, event.competency_id).name
    once = f"mentors_sought:{event.round_id}:{event.competency_id}"
    for person_id in event.person_ids:
        tell(person_id, "mentors_sought", "offers", person_id, who=event.by_id, once=once, competency=name)


# Mentoring


def _tell_partner(event: MentorshipEvent, by_id: int | None, kind: str, **facts: Any) -> None:
    for person_id in (event.mentor_id, event.mentee_id):
        if person_id != by_id:
            other = event.mentee_id if person_id == event.mentor_id else event.mentor_id
            tell(person_id, kind, "mentorship", event.mentorship_id, who=other, **facts)


def tell_of_agreement(event: AgreementProposed) -> None:
    """The partner learns that a version waits for their signature."""
    _tell_partner(event, event.by_id, "agreement_proposed")


def tell_of_signature(event: AgreementSigned) -> None:
    """The partner learns of the signature."""
    _tell_partner(event, event.by_id, "agreement_complete" if event.complete else "agreement_signed")


def tell_of_goals(event: GoalsChanged) -> None:
    """The partner learns that the goals wait for their yes."""
    _tell_partner(event, event.by_id, "goals_changed")


def tell_of_acceptance(event: GoalsAccepted) -> None:
    """The partner learns of the yes."""
    _tell_partner(event, event.by_id, "goals_complete" if event.complete else "goals_accepted")


def tell_of_after_levels(event: AfterLevelsSaid) -> None:
    """The partner learns that levels were said."""
    _tell_partner(event, event.by_id, "after_levels_said")


def tell_of_evaluation(event: EvaluationGiven) -> None:
    """The partner learns that an evaluation was given, not what it says."""
    _tell_partner(event, event.by_id, "evaluations_open" if event.both else "evaluation_given")


def tell_of_stage(event: StageEntered) -> None:
    """The partner learns in which stage they are."""
    _tell_partner(event, event.by_id, "stage_back" if event.back else "stage_entered", stage=event.stage)


def tell_of_pause(event: MentorshipPaused) -> None:
    """The partner learns of the rest."""
    _tell_partner(event, event.by_id, "mentorship_paused")


def tell_of_return(event: MentorshipResumed) -> None:
    """The partner learns that it goes on."""
    _tell_partner(event, event.by_id, "mentorship_resumed")


def tell_of_closing(event: MentorshipClosed) -> None:
    """Both learn that it is done."""
    _tell_partner(event, None, "mentorship_closed")


def tell_of_early_end(event: MentorshipEndedEarly) -> None:
    """The partner learns that it ended, never why; unless it is that the other has left."""
    leaver = db.session.get(Person, event.by_id) if event.by_id is not None else None
    if leaver is None or leaver.state != "disabled":
        _tell_partner(event, event.by_id, "mentorship_ended")
    elif leaver.id == event.mentor_id:
        tell(event.mentee_id, "mentor_left", "find", event.mentorship_id, who=leaver.id)
    else:
        tell(event.mentor_id, "mentee_left", "mentorship", event.mentorship_id, who=leaver.id)


def tell_of_certificate(event: CertificateIssued) -> None:
    """The holder learns where the certificate is."""
    tell(event.person_id, "certificate_issued", "certificate", event.certificate_id)


# Coaching


def _tell_of_coaching(event: EngagementEvent, by_id: int | None, kind: str, **facts: Any) -> None:
    for person_id in (event.coach_id, event.coachee_id):
        if person_id != by_id:
            other = event.coachee_id if person_id == event.coach_id else event.coach_id
            tell(person_id, kind, "engagement", event.engagement_id, who=other, **facts)


def tell_of_first_talk(event: ConversationBegun) -> None:
    """The coachee learns that the coach is ready for a first talk; the coach said so themself."""
    tell(event.coachee_id, "coaching_talk", "engagement", event.engagement_id, who=event.coach_id)


def tell_of_wish(event: WishSaid) -> None:
    """The other learns that this one would like to go on."""
    _tell_of_coaching(event, event.by_id, "coaching_wish")


def tell_of_engagement(event: Engaged) -> None:
    """The other learns that it begins."""
    _tell_of_coaching(event, event.by_id, "coaching_begun")


def tell_of_parting(event: EngagementDeclined) -> None:
    """The other learns that it will not be, never why; unless it is that one of the two has left."""
    if not _tell_of_leaving(event, event.by_id):
        _tell_of_coaching(event, event.by_id, "coaching_declined")


def tell_of_goal(event: GoalWritten) -> None:
    """The coach learns that there is a goal to read, not what it says."""
    kind = "goal_written" if event.number == 1 else "goal_reworded"
    tell(event.coach_id, kind, "engagement", event.engagement_id, who=event.coachee_id)


def tell_of_number(event: GoalScaled) -> None:
    """The other learns that a number was said, not which."""
    _tell_of_coaching(event, event.by_id, "numbers_open" if event.both else "number_said")


def tell_of_superior_question(event: SuperiorAsked) -> None:
    """The superior learns that somebody of theirs asks for one number."""
    tell(event.superior_id, "superior_asked", "question", event.question_id, who=event.coachee_id)


def tell_of_superior_answer(event: SuperiorAnswered) -> None:
    """The coachee learns that the superior answered."""
    tell(event.coachee_id, "superior_answered", "engagement", event.engagement_id, who=event.superior_id)


def remind_of_commitment(event: CommitmentDue) -> None:
    """The coachee is asked how it stands, once for each day it was to be looked at."""
    once = f"commitment:{event.commitment_id}:{event.day}"
    tell(event.coachee_id, "commitment_due", "commitment", event.commitment_id, who=event.coach_id, once=once)


def tell_of_check_in(event: CheckedIn) -> None:
    """The coach learns how a commitment stands."""
    kind = {"done": "commitment_done", "partly": "commitment_partly"}.get(event.answer, "commitment_not_yet")
    tell(event.coach_id, kind, "engagement", event.engagement_id, who=event.coachee_id)


def tell_of_review(event: ReviewWritten) -> None:
    """The other learns that a review was written, not what it says."""
    _tell_of_coaching(event, event.by_id, "reviews_open" if event.both else "review_written")


def tell_of_coaching_close(event: EngagementClosed) -> None:
    """Both learn that it is done."""
    _tell_of_coaching(event, None, "coaching_closed")


def tell_of_coaching_end(event: EngagementEndedEarly) -> None:
    """The other learns that it ended, never why; unless it is that one of the two has left."""
    if not _tell_of_leaving(event, event.by_id):
        _tell_of_coaching(event, event.by_id, "coaching_ended")


def _tell_of_leaving(event: EngagementDeclined | EngagementEndedEarly, by_id: int | None) -> bool:
    """True when who ended it has left the agency: a coachee is led to other coaches, a coach learns that the place is free."""
    leaver = db.session.get(Person, by_id) if by_id is not None else None
    if leaver is None or leaver.state != "disabled":
        return False
    if leaver.id == event.coach_id:
        tell(event.coachee_id, "coach_left", "find_coach", event.engagement_id, who=leaver.id)
    else:
        tell(event.coach_id, "coachee_left", "engagement", event.engagement_id, who=leaver.id)
    return True


# Meetings


def _tell_others(event: MeetingEvent, kind: str) -> None:
    meeting = db.session.get_one(Meeting, event.meeting_id)
    members = db.session.scalars(sa.select(SeriesMember.person_id).where(SeriesMember.series_id == event.series_id)).all()
    for person_id in members:
        if person_id != event.by_id:
            tell(person_id, kind, "meeting", event.meeting_id, who=event.by_id, starts_at=meeting.starts_at.isoformat())


def _tell_of_date(event: MeetingPlanned | MeetingMoved | MeetingCancelled, kind: str, method: str) -> None:
    """The others are told; a mail that calendar programs read goes to everybody who wants mails, whoever did it included."""
    meeting = db.session.get_one(Meeting, event.meeting_id)
    ids = [event.meeting_id, *getattr(event, "more_ids", ())]
    of_mail = {"meeting_ids": ids, "method": method, "revision": meeting.revision}
    facts = {"starts_at": meeting.starts_at.isoformat(), "number": len(ids)}
    if event.by_id is not None:
        facts["who"] = db.session.get_one(Person, event.by_id).full_name
    for person_id in _members(event.series_id, meeting):
        if person_id == event.by_id:
            _mail_to_oneself(person_id, meeting, of_mail)
            continue
        notify(
            Actor.system(), person_id, kind=kind, about="meeting", about_id=meeting.id, facts=facts, mail="meetings/invitation",
            mail_facts=of_mail,
        )  # fmt: skip


def _mail_to_oneself(person_id: int, meeting: Meeting, of_mail: dict[str, Any]) -> None:
    """Who plans has it in their own calendar too."""
    if preferences_of(person_id)["meetings"].by_mail:
        payload = {"to_person_id": person_id, "template": "meetings/invitation", "facts": of_mail}
        jobs.enqueue("mail.soon", payload, dedupe_key=f"mail:meeting:{meeting.id}:{meeting.revision}:{person_id}")


def _members(series_id: int, meeting: Meeting | None = None) -> list[int]:
    """Who meets in the series; of a ``meeting`` without those who said that they cannot come."""
    query = sa.select(SeriesMember.person_id).where(SeriesMember.series_id == series_id).order_by(SeriesMember.person_id)
    away = meeting.away_ids if meeting is not None else set()
    return [person_id for person_id in db.session.scalars(query) if person_id not in away]


def tell_of_plan(event: MeetingPlanned) -> None:
    """Everybody learns of the date."""
    _tell_of_date(event, "meeting_planned", "REQUEST")


def tell_of_move(event: MeetingMoved) -> None:
    """Everybody learns of the new date."""
    _tell_of_date(event, "meeting_moved", "REQUEST")
    meeting = db.session.get_one(Meeting, event.meeting_id)
    for person_id in meeting.away_ids:  # the other time may suit them
        tell(person_id, "meeting_moved", "meeting", meeting.id, who=event.by_id, starts_at=meeting.starts_at.isoformat())


def tell_of_cancellation(event: MeetingCancelled) -> None:
    """Everybody learns that it is off."""
    _tell_of_date(event, "meeting_cancelled", "CANCEL")


def _some(names: Iterable[str]) -> str:
    """Everybody of a few; of many the first two and how many more."""
    every = list(names)
    return ", ".join(every) if len(every) <= 3 else f"{every[0]}, {every[1]} +{len(every) - 2}"


def send_dates_to_member(event: MemberAdded) -> None:
    """Who joins several has the dates to come in their calendar."""
    _mail_dates(event, "REQUEST")


def take_dates_from_member(event: MemberRemoved) -> None:
    """Who meets there no more has the dates taken out of their calendar."""
    _mail_dates(event, "CANCEL")


def _mail_dates(event: MemberAdded | MemberRemoved, method: str) -> None:
    """A mail for each date, or for a repetition as a whole: calendar programs take one thing a mail."""
    if not preferences_of(event.person_id)["meetings"].by_mail:
        return
    runs: dict[str, list[Meeting]] = {}
    for meeting in db.session.scalars(sa.select(Meeting).where(Meeting.id.in_(event.meeting_ids)).order_by(Meeting.starts_at)):
        runs.setdefault(meeting.run_uid or meeting.uid, []).append(meeting)
    for meetings in runs.values():
        _mail_to_one(event.person_id, meetings, method)


def _mail_to_one(person_id: int, meetings: Sequence[Meeting], method: str) -> None:
    """For one of several: the others' dates stay as they are."""
    ids = [meeting.id for meeting in meetings]
    facts = {"meeting_ids": ids, "method": method, "revision": meetings[0].revision, "alone": clock.now().isoformat()}
    jobs.enqueue("mail.soon", {"to_person_id": person_id, "template": "meetings/invitation", "facts": facts})


def tell_of_excuse(event: MemberExcused) -> None:
    """Who leads the group learns who cannot come; the date leaves that one's calendar."""
    _tell_leader(event, "meeting_excused", "CANCEL")


def tell_of_coming(event: MemberReturned) -> None:
    """Who leads the group learns who comes after all; the date is back in that one's calendar."""
    _tell_leader(event, "meeting_coming", "REQUEST")


def _tell_leader(event: MemberExcused | MemberReturned, kind: str, method: str) -> None:
    meeting = db.session.get_one(Meeting, event.meeting_id)
    tell(meeting.series.host_id, kind, "meeting", meeting.id, who=event.by_id, starts_at=meeting.starts_at.isoformat())
    if preferences_of(event.by_id)["meetings"].by_mail:
        _mail_to_one(event.by_id, [meeting], method)


def remind_of_meeting(event: MeetingNear) -> None:
    """Everybody is reminded before, and asked after."""
    meeting = db.session.get_one(Meeting, event.meeting_id)
    names = dict(
        db.session.execute(
            sa.select(Person.id, Person.name).where(Person.id.in_(_members(event.series_id, meeting))).order_by(Person.name)
        ).all()
    )
    of_mail = {"meeting_id": meeting.id, "revision": meeting.revision, "which": event.which}
    for person_id in names:
        who = _some(name for other, name in names.items() if other != person_id)
        notify(
            Actor.system(), person_id, kind=f"meeting_{event.which}", about="meeting", about_id=meeting.id,
            facts={"who": who, "starts_at": meeting.starts_at.isoformat()}, mail="meetings/reminder", mail_facts=of_mail,
            dedupe_key=f"near:{meeting.id}:{meeting.revision}:{event.which}",
        )  # fmt: skip


def tell_of_times(event: TimesProposed) -> None:
    """The others are asked to choose."""
    for person_id in _members(event.series_id):
        if person_id != event.by_id:
            tell(person_id, "times_proposed", "times", event.proposal_id, who=event.by_id)


def tell_of_no_time(event: TimesDeclined) -> None:
    """Who proposed learns that none suits."""
    proposal = db.session.get_one(TimeProposal, event.proposal_id)
    tell(proposal.proposed_by_id, "times_declined", "times", proposal.id, who=event.by_id)


def tell_of_withdrawn_times(event: TimesWithdrawn) -> None:
    """The others need not choose any more."""
    for person_id in _members(event.series_id):
        if person_id != event.by_id:
            tell(person_id, "times_withdrawn", "times", event.proposal_id, who=event.by_id)


def tell_of_meeting(event: MeetingHeld) -> None:
    """The others learn that it was written down."""
    _tell_others(event, "meeting_held")


def tell_of_undone_meeting(event: MeetingUndone) -> None:
    """The others learn that it was taken back, and may say otherwise by writing it down anew."""
    _tell_others(event, "meeting_undone")


def tell_of_absence(event: MeetingMissed) -> None:
    """The others learn that it was marked as missed."""
    _tell_others(event, "meeting_missed")


def tell_of_action(event: ActionItemAgreed) -> None:
    """The owner learns what they took on, unless they wrote it themselves."""
    if event.owner_id != event.by_id:
        item = db.session.get_one(ActionItem, event.action_item_id)
        tell(event.owner_id, "action_agreed", "meeting", item.meeting_id, who=event.by_id)


# Groups


def tell_of_group_question(event: GroupAsked) -> None:
    """The mentor learns that somebody would like to join."""
    _tell_of_group(event, event.mentor_id, "group_asked", event.person_id)


def tell_of_group_invitation(event: GroupInvited) -> None:
    """Who is invited learns of it."""
    _tell_of_group(event, event.person_id, "group_invited", event.mentor_id)


def tell_of_group_joining(event: GroupJoined) -> None:
    """The one who waited for the second yes learns of it, and the others who is with them now."""
    for person_id in _members(db.session.get_one(Group, event.group_id).series_id):
        if person_id == event.person_id:
            if event.by_id != person_id:
                _tell_of_group(event, person_id, "group_welcome", event.mentor_id)
        elif person_id != event.by_id:
            _tell_of_group(event, person_id, "group_joined", event.person_id)


def tell_of_group_refusal(event: GroupDeclined) -> None:
    """Who asked learns that there is no place; the mentor that somebody does not come."""
    if event.by_id is None:
        return
    if event.by_id == event.mentor_id and event.state == "declined":
        _tell_of_group(event, event.person_id, "group_declined", event.mentor_id)
    elif event.by_id == event.person_id:
        _tell_of_group(event, event.mentor_id, "group_withdrawn", event.person_id)


def tell_of_group_leaving(event: GroupLeft) -> None:
    """The other of the two learns it: the mentor that somebody left, the mentee that they meet there no more."""
    if event.by_id == event.person_id:
        _tell_of_group(event, event.mentor_id, "group_withdrawn", event.person_id)
    elif event.by_id == event.mentor_id:
        _tell_of_group(event, event.person_id, "group_left", event.mentor_id)


def tell_of_group_end(event: GroupEnded) -> None:
    """Everybody in it learns that it has ended."""
    for person_id in event.person_ids:
        _tell_of_group(event, person_id, "group_ended", event.mentor_id)


def _tell_of_group(event: GroupEvent, person_id: int, kind: str, who: int) -> None:
    about = "groups" if kind in ("group_declined", "group_left") else "group"  # to them it does not exist any more
    tell(person_id, kind, about, event.group_id, who=who, group=db.session.get_one(Group, event.group_id).name)


# Learning


def tell_of_claim(event: ClaimSent) -> None:
    """Who decides learns that a claim waits: the superior, or HR where there is none."""
    claim = db.session.get_one(Claim, event.claim_id)
    for person_id in decider_ids(claim.person):
        tell(person_id, "claim_sent", "claim", claim.id, who=event.person_id, activity=claim.activity)


def tell_of_claim_decision(event: ClaimDecided) -> None:
    """Who claimed learns what was decided, and reads there why."""
    claim = db.session.get_one(Claim, event.claim_id)
    tell(event.person_id, f"claim_{event.state}", "claim", claim.id, who=event.by_id, activity=claim.activity)


def tell_of_certificates(event: CertificatesIssued) -> None:
    """Each holder learns that a period's certificate is there; who has several is told of each."""
    rows = db.session.execute(
        sa.select(Certificate.id, Certificate.person_id).where(among(Certificate.id, event.certificate_ids))
    ).all()
    told = [Told(person_id, certificate_id) for certificate_id, person_id in rows]
    notify_many(Actor.system(), told, kind="hours_certified", about="certificate")


def tell_of_revocation(event: CertificateRevoked) -> None:
    """The holder learns that a certificate does not hold any more, and reads there why."""
    tell(event.person_id, "certificate_revoked", "certificate", event.certificate_id, who=event.by_id)


def tell_of_late_deed(event: DeedTooLate) -> None:
    """Whose hours came too late learns it, so that it is no riddle why they are not there."""
    period = db.session.get_one(LearningPeriod, event.period_id)
    day = event.happened_on.isoformat()
    tell(event.person_id, "deed_too_late", "hours", event.person_id, period=period.name, day=day)


def tell_of_data_request(event: DataRequested) -> None:
    """HR over the unit learns that the law's clock runs."""
    person = db.session.get_one(Person, event.person_id)
    for person_id in hr_ids(person):
        tell(person_id, "data_requested", "data_requests", event.request_id, who=event.person_id)


def tell_of_data_clock(event: DataRequestDue) -> None:
    """HR over the unit is told that a day is left, and again when none is."""
    person = db.session.get_one(Person, event.person_id)
    for person_id in hr_ids(person):
        tell(person_id, "data_overdue" if event.late else "data_due", "data_requests", event.request_id, who=event.person_id)


def tell_of_withdrawn_session(event: SessionWithdrawn) -> None:
    """Whose hours were taken out because a session did not take place learns it."""
    tell(event.person_id, "session_withdrawn", "hours", event.person_id, who=event.by_id, day=event.happened_on.isoformat())


def tell_of_data_answer(event: DataRequestAnswered) -> None:
    """Who asked learns that there is an answer."""
    tell(event.person_id, "data_answered", "record", event.request_id, who=event.by_id)


def ask_of_behaviour(event: BehaviourAsked) -> None:
    """Who is asked what shows at work is led to the question."""
    kind = "behaviour_self" if event.asked_id == event.person_id else "behaviour_superior"
    tell(event.asked_id, kind, "behaviour", event.review_id, who=event.person_id)


def tell_of_plan_sent(event: PlanSent) -> None:
    """Who decides learns that a plan waits."""
    plan = db.session.get_one(DevelopmentPlan, event.plan_id)
    for person_id in decider_ids(plan.person):
        tell(person_id, "plan_sent", "plan", plan.id, who=event.person_id, year=plan.year)


def tell_of_plan_decision(event: PlanDecided) -> None:
    """Whose plan it is learns what was decided."""
    plan = db.session.get_one(DevelopmentPlan, event.plan_id)
    tell(event.person_id, f"plan_{event.state}", "plan", plan.id, who=event.by_id, year=plan.year)


# Communities


def _where(topic_id: int) -> str:
    """The topic's title, or the room's name for its general talk, which has none."""
    topic = db.session.get_one(Topic, topic_id)
    return topic.title or db.session.get_one(Room, topic.room_id).name


def tell_of_message(event: MessagePosted) -> None:
    """Who is mentioned or answered learns of it, once; who follows the topic, once until they have looked again."""
    followers = followers_of(event.topic_id, event.room_id)
    if not (followers or event.mentioned or event.answered_id):
        return
    topic = _where(event.topic_id)
    for person_id in event.mentioned:
        tell(person_id, "mentioned", "message", event.message_id, who=event.author_id, topic=topic)
    if event.answered_id is not None and event.answered_id not in event.mentioned:
        tell(event.answered_id, "replied", "message", event.message_id, who=event.author_id, topic=topic)
    told = {event.author_id, event.answered_id, *event.mentioned, *(blocked_with(event.author_id) if followers else ())}
    for person_id, seen in followers.items():
        if person_id not in told:
            once = f"followed:{event.topic_id}:{person_id}:{seen}"
            tell(person_id, "followed", "message", event.message_id, topic=topic, once=once)


def tell_of_edit(event: MessageEdited) -> None:
    """Who is newly mentioned learns of it."""
    topic = _where(event.topic_id)
    for person_id in event.mentioned:
        tell(person_id, "mentioned", "message", event.message_id, who=event.author_id, topic=topic)


def hush_the_blocked(event: Blocked) -> None:
    """What somebody was told of the blocked one's words, and has not read, no longer asks for them."""
    theirs = sa.select(Message.id).where(Message.author_id == event.blocked_id)
    hush_notices(Actor.system(), event.person_id, about="message", about_ids=theirs)


def tell_of_join_request(event: JoinAsked) -> None:
    """The facilitators learn that somebody wants to join."""
    name = db.session.get_one(Community, event.community_id).name
    for person_id in facilitator_ids(event.community_id):
        tell(person_id, "join_asked", "community", event.community_id, who=event.person_id, community=name)


def tell_of_join_answer(event: JoinAnswered) -> None:
    """Who asked learns the answer."""
    name = db.session.get_one(Community, event.community_id).name
    tell(event.person_id, "join_accepted" if event.accepted else "join_declined", "community", event.community_id, community=name)


def tell_of_invitation(event: MemberInvited) -> None:
    """Who is invited learns of it."""
    name = db.session.get_one(Community, event.community_id).name
    tell(event.person_id, "invited", "community", event.community_id, who=event.by_id, community=name)


def tell_of_refusal(event: InvitationDeclined) -> None:
    """The facilitators learn that an invitation was not taken."""
    name = db.session.get_one(Community, event.community_id).name
    for person_id in facilitator_ids(event.community_id):
        tell(person_id, "invitation_declined", "community", event.community_id, who=event.person_id, community=name)


def tell_of_role(event: MemberRoleChanged) -> None:
    """A member learns what they are in the community now."""
    if event.person_id != event.by_id:
        name = db.session.get_one(Community, event.community_id).name
        tell(event.person_id, "role_changed", "community", event.community_id, role=event.role, community=name)


# Competencies


def tell_of_levels(event: LevelsChanged) -> None:
    """Who was assessed learns that the map has changed; not for a whole file at once."""
    if len(event.person_ids) <= MOST_AT_ONCE:
        for person_id in event.person_ids:
            tell(person_id, "levels_changed", "map", person_id)


# The life of a community


def tell_of_gathering(event: GatheringPlanned) -> None:
    """Members learn when the community meets."""
    _tell_members(event.community_id, "gathering_planned", "gathering", event.gathering_id, but=event.by_id, **_meets(event))


def tell_of_moved_gathering(event: GatheringMoved) -> None:
    """Who means to come learns that it is at another time or place."""
    _tell_coming(event, "gathering_moved")


def tell_of_cancelled_gathering(event: GatheringCancelled) -> None:
    """Who means to come learns that it does not take place."""
    _tell_coming(event, "gathering_cancelled")


def tell_of_freed_place(event: PlaceFreed) -> None:
    """Who waited has a place."""
    tell(event.person_id, "place_freed", "gathering", event.gathering_id, **_meets(event))


def tell_of_follow_up(event: FollowUpAgreed) -> None:
    """A member learns what they do after a gathering."""
    tell(event.person_id, "follow_up_agreed", "gathering", event.gathering_id, who=event.by_id, **_meets(event))


def tell_of_decision(event: DecisionOpened) -> None:
    """Members learn that something is to be decided."""
    question = db.session.get_one(Decision, event.decision_id).question
    _tell_members(event.community_id, "decision_opened", "decision", event.decision_id, but=event.by_id, question=question)


def tell_of_outcome(event: DecisionTaken) -> None:
    """Members learn what was decided."""
    question = db.session.get_one(Decision, event.decision_id).question
    _tell_members(event.community_id, "decision_taken", "decision", event.decision_id, but=event.by_id, question=question)


def tell_of_step(event: StepEntered) -> None:
    """Members learn that their community stands elsewhere in its life."""
    name = db.session.get_one(Community, event.community_id).name
    facts = {"community": name, "step": event.step}
    _tell_members(event.community_id, "step_entered", "community_life", event.community_id, but=event.by_id, **facts)


def tell_of_keeping(event: KeeperNamed) -> None:
    """A member learns that something was put into their hands."""
    name = db.session.get_one(Community, event.community_id).name
    tell(event.person_id, "keeper_named", "community_life", event.community_id, who=event.by_id, community=name)


def tell_of_assignment(event: MembersAssigned) -> None:
    """Who was sent by a programme learns where they belong now."""
    name = db.session.get_one(Community, event.community_id).name
    told = [Told(person_id, event.community_id, {"community": name}) for person_id in event.person_ids]
    notify_many(Actor.system(), told, kind="member_assigned", about="community")


def ask_for_help(event: HelpSought) -> None:
    """Who is strong in it learns that a question waits; one tap says not now."""
    question = db.session.get_one(TopicQuestion, event.question_id)
    tell(event.person_id, "help_sought", "help", event.question_id, title=question.topic.title)


def tell_of_accepted_answer(event: AnswerAccepted) -> None:
    """Who answered learns that it helped."""
    if event.author_id not in (event.by_id, event.asker_id) and event.author_id not in blocked_with(event.by_id or 0):
        tell(event.author_id, "answer_accepted", "message", event.message_id, who=event.by_id)


def tell_of_sent_page(event: PageSent) -> None:
    """The experts learn that a page waits for them."""
    _tell_experts(event, "page_sent", but=event.by_id)


def tell_of_due_page(event: PageDue) -> None:
    """The experts learn that a page is to be looked at again."""
    _tell_experts(event, "page_due", but=None)


def tell_of_reviewed_page(event: PageReviewed) -> None:
    """The authors learn that an expert stands by their page."""
    _tell_authors(event, "page_reviewed")


def tell_of_returned_page(event: PageReturned) -> None:
    """The authors learn that something is missing."""
    _tell_authors(event, "page_returned")


def tell_of_held_message(event: MessageHeld) -> None:
    """The moderators learn that a newcomer's message waits; never a word of it."""
    _tell_moderators(event.community_id, "message_held", but=event.author_id)


def tell_of_report(event: Reported) -> None:
    """The moderators learn that something was reported; nobody whom it is about."""
    _tell_moderators(event.community_id, "reported", but=event.about_id)


def tell_of_settled_report(event: ReportSettled) -> None:
    """Who told learns that it was looked at."""
    name = db.session.get_one(Community, event.community_id).name
    tell(event.told_id, "report_settled", "community", event.community_id, community=name)


def tell_of_moderation(event: Moderated) -> None:
    """Whom it concerns learns what was done, and may appeal."""
    name = db.session.get_one(Community, event.community_id).name
    kind = "moderated_removed" if db.session.get_one(ModerationAct, event.act_id).kind == "removed" else "moderated_hidden"
    tell(event.person_id, kind, "moderation", event.act_id, community=name)


def tell_of_appeal(event: Appealed) -> None:
    """The moderators learn that somebody appeals."""
    _tell_moderators(event.community_id, "appealed", but=event.by_id)


def tell_of_appeal_answer(event: AppealAnswered) -> None:
    """Whom it concerns learns what came of it."""
    tell(event.person_id, "appeal_answered", "moderation", event.act_id)


def tell_of_asked_glass(event: GlassAsked) -> None:
    """The other administrators learn that one asks to read what is closed to them."""
    others = sa.select(RoleGrant.person_id).where(RoleGrant.role == "administrator", RoleGrant.unit_id.is_(None))
    for person_id in db.session.scalars(others.order_by(RoleGrant.person_id)).all():
        if person_id != event.by_id:
            tell(person_id, "glass_asked", "glass", event.glass_id, who=event.by_id)


def tell_of_broken_glass(event: GlassBroken) -> None:
    """Every member learns that administrators read the rooms; the reason stands on the community's page."""
    name = db.session.get_one(Community, event.community_id).name
    _tell_members(event.community_id, "glass_broken", "community_acts", event.community_id, but=None, community=name)


def _tell_moderators(community_id: int, kind: str, *, but: int | None) -> None:
    name = db.session.get_one(Community, community_id).name
    told = [Told(one, community_id, {"community": name}) for one in moderator_ids(community_id) if one != but]
    notify_many(Actor.system(), told, kind=kind, about="community_acts")


def _tell_experts(event: PageSent | PageDue, kind: str, *, but: int | None) -> None:
    title = db.session.get_one(KnowledgePage, event.page_id).title
    told = [Told(one, event.page_id, {"title": title}) for one in expert_ids(event.community_id) if one != but]
    notify_many(Actor.system(), told, kind=kind, about="page")


def _tell_authors(event: PageReviewed | PageReturned, kind: str) -> None:
    title = db.session.get_one(KnowledgePage, event.page_id).title
    told = [Told(one, event.page_id, {"title": title}) for one in event.author_ids if one != event.by_id]
    notify_many(Actor.system(), told, kind=kind, about="page")


def _meets(event: Any) -> dict[str, Any]:
    row = db.session.get_one(Gathering, event.gathering_id)
    return {"title": row.title, "starts_at": row.starts_at.isoformat()}


def _tell_members(community_id: int, kind: str, about: str, about_id: int, *, but: int | None, **facts: Any) -> None:
    members = sa.select(Membership.person_id).where(Membership.community_id == community_id).order_by(Membership.person_id)
    told = [Told(person_id, about_id, facts) for person_id in db.session.scalars(members) if person_id != but]
    notify_many(Actor.system(), told, kind=kind, about=about)


def _tell_coming(event: GatheringMoved | GatheringCancelled, kind: str) -> None:
    coming = sa.select(Attendance.person_id).where(
        Attendance.gathering_id == event.gathering_id, Attendance.state.in_(("going", "waiting"))
    )
    facts = _meets(event)
    told = [Told(one, event.gathering_id, facts) for one in db.session.scalars(coming.order_by(Attendance.person_id))]
    notify_many(Actor.system(), [one for one in told if one.person_id != event.by_id], kind=kind, about="gathering")


def forget_devices(event: SignedOut | PersonLeft) -> None:
    """Within: the browsers of who signed out there, or left the agency, are told no more."""
    drop_devices(Actor.system(), event.person_id, sign_in_id=event.sign_in_id if isinstance(event, SignedOut) else None)


def send_due_digests(_payload: dict[str, Any]) -> None:
    """Job: whose hour has come gets a digest of their communities."""
    send_digests(Actor.system())


# Care


def remind_quiet_pair(event: SilenceNoticed) -> None:
    """Whose turn it is learns that it has been quiet, and nothing else happens."""
    for person_id in event.person_ids:
        other = event.mentee_id if person_id == event.mentor_id else event.mentor_id
        tell(person_id, "quiet", "mentorship", event.mentorship_id, who=other, days=event.days)


def announce_closing(event: ClosingAnnounced) -> None:
    """Both learn on which day it ends unless one of them gives a sign."""
    _tell_partner(event, None, "quiet_closing", day=event.closes_on)


def remind_quiet_coaching(event: CoachingSilenceNoticed) -> None:
    """The same in a coaching."""
    for person_id in event.person_ids:
        other = event.coachee_id if person_id == event.coach_id else event.coach_id
        tell(person_id, "coaching_quiet", "engagement", event.engagement_id, who=other, days=event.days)


def announce_coaching_closing(event: CoachingClosingAnnounced) -> None:
    """Coach and coachee learn on which day it ends unless one of them gives a sign."""
    for person_id, other in ((event.coach_id, event.coachee_id), (event.coachee_id, event.coach_id)):
        tell(person_id, "coaching_quiet_closing", "engagement", event.engagement_id, who=other, day=event.closes_on)


def tell_of_thanks(event: ThanksSent) -> None:
    """Who is thanked learns it."""
    tell(event.to_id, "thanked", "thanks", event.thanks_id, who=event.from_id)


def tell_of_passed_thanks(event: ThanksPassedOn) -> None:
    """The superior learns that one of theirs was thanked."""
    tell(event.superior_id, "thanks_passed", "team", event.thanks_id, who=event.to_id)


def tell_of_concern(event: ConcernRaised) -> None:
    """The safe person learns that somebody turned to them; who and why stand on their page alone."""
    tell(event.to_id, "concern_raised", "concern", event.concern_id)


def tell_of_concern_answer(event: ConcernAnswered) -> None:
    """Who turned to a safe person learns that there is an answer; the notice does not say to what."""
    tell(event.raised_by_id, "concern_answered", "concern", event.concern_id, who=event.to_id)


def ask_second_person(event: OpeningAsked) -> None:
    """Those who may decide learn that an opening was asked for."""
    for person_id in event.decider_ids:
        tell(person_id, "opening_asked", "opening", event.opening_id, who=event.asked_by_id)


def tell_of_opening(event: OpeningDecided) -> None:
    """Who asked learns the decision; when it was opened, the pair learns who may read, and who agreed."""
    kind = "opening_agreed" if event.opened else "opening_refused"
    tell(event.asked_by_id, kind, "opening", event.opening_id, who=event.decided_by_id)
    for person_id in event.member_ids if event.opened else ():
        tell(person_id, "opened", "opening", event.opening_id, who=event.asked_by_id)


def ask_superior_of_mentee(event: SuperiorWanted) -> None:
    """The superior learns that their word is asked for."""
    tell(event.superior_id, "superior_wanted", "team", event.mentorship_id, who=event.mentee_id)


def tell_of_superior_word(event: SuperiorSpoke) -> None:
    """The two learn what the superior said."""
    kind = "superior_agreed" if event.agreed else "superior_not_yet"
    for person_id in (event.mentor_id, event.mentee_id):
        tell(person_id, kind, "mentorship", event.mentorship_id, who=event.superior_id)


def tell_of_coaching_rest(event: EngagementRested) -> None:
    """The other learns of the rest."""
    _tell_of_coaching(event, event.by_id, "coaching_rests")


def tell_of_coaching_return(event: EngagementResumed) -> None:
    """The other learns that it goes on; both when the day of return came."""
    _tell_of_coaching(event, event.by_id, "coaching_goes_on")
