"""What the house keeps of somebody's mentoring, coaching and sessions: theirs, and what both wrote; never what another keeps."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from mentorlink.competencies.models import Competency
from mentorlink.insights.queries.record.part import Part, part
from mentorlink.people.models import Person
from mentorlink.sessions.care.models import Concern, SafePerson, Thanks
from mentorlink.sessions.coaching.models import (
    Credential,
    Engagement,
    EngagementEnd,
    Goal,
    Question,
    Review,
    Scale,
    Share,
    Sheet,
)
from mentorlink.sessions.meetings.models import (
    ActionItem,
    AgendaItem,
    Meeting,
    MeetingAttendance,
    NotesRevision,
    PrivateNote,
    SeriesMember,
    TimeProposal,
)
from mentorlink.sessions.meetings.notes.models import Afterthought, TextState
from mentorlink.sessions.mentoring.groups.models import Group, GroupMember
from mentorlink.sessions.mentoring.models import (
    Acceptance,
    AfterLevel,
    Agreement,
    Direction,
    EarlyEnd,
    Evaluation,
    GoalsRevision,
    Issue,
    Mentorship,
    Pause,
    Reflection,
    RoadmapItem,
    Signature,
    StagePeriod,
    SuperiorWord,
    Target,
)


def parts(me: int) -> Iterator[Part]:
    """Part by part."""
    yield from _mentoring(me)
    yield from _coaching(me)
    yield from _sessions(me)
    yield from _care(me)


def _mentoring(me: int) -> Iterator[Part]:
    other = aliased(Person)
    yield part(
        "mentorships", "pair_hr", me, (Mentorship.mentor_id, Mentorship.mentee_id),
        {"with": other.name, "side": sa.case((Mentorship.mentor_id == me, "mentor"), else_="mentee"), "stage": Mentorship.stage,
         "state": Mentorship.state, "at": Mentorship.started_at, "ended_at": Mentorship.ended_at},
        (other, other.id == sa.case((Mentorship.mentor_id == me, Mentorship.mentee_id), else_=Mentorship.mentor_id)),
    )  # fmt: skip
    yield part(
        "groups", "agency", me, Group.mentor_id,
        {"name": Group.name, "text": Group.about, "capacity": Group.places, "state": Group.state, "at": Group.made_at},
    )  # fmt: skip
    yield part(
        "group_places", "pair", me, GroupMember.person_id,
        {"name": Group.name, "state": GroupMember.state, "text": GroupMember.words, "at": GroupMember.began_at,
         "ended_at": GroupMember.settled_at},
        (Group, GroupMember.group_id == Group.id),
    )  # fmt: skip
    yield part("agreements", "pair", me, Agreement.proposed_by_id,
               {"number": Agreement.number, "text": Agreement.clauses, "at": Agreement.proposed_at})  # fmt: skip
    yield part("signatures", "pair_hr", me, Signature.person_id, {"number": Agreement.number, "at": Signature.signed_at},
               (Agreement, Signature.agreement_id == Agreement.id))  # fmt: skip
    yield part(
        "targets", "pair_hr", me, (Target.proposed_by_id, Mentorship.mentee_id),
        {"competency": Competency.name, "before": Target.baseline, "after": Target.target, "sign": Target.indicator},
        (Mentorship, Target.mentorship_id == Mentorship.id), (Competency, Target.competency_id == Competency.id),
    )  # fmt: skip
    yield part("purposes", "pair", me, GoalsRevision.changed_by_id,
               {"number": GoalsRevision.number, "text": GoalsRevision.purpose, "at": GoalsRevision.changed_at})  # fmt: skip
    yield part("acceptances", "pair_hr", me, Acceptance.person_id, {"at": Acceptance.accepted_at})
    yield part(
        "issues", "pair", me, (Issue.raised_by_id, Issue.settled_by_id),
        {"kind": Issue.kind, "text": Issue.text, "state": Issue.state, "answer": Issue.outcome, "at": Issue.raised_at},
    )  # fmt: skip
    yield part(
        "roadmap", "pair", me, RoadmapItem.added_by_id,
        {"text": RoadmapItem.text, "day": RoadmapItem.due_on, "state": RoadmapItem.state, "reason": RoadmapItem.reason,
         "at": RoadmapItem.added_at},
    )  # fmt: skip
    yield part("stage_steps", "pair_hr", me, StagePeriod.entered_by_id,
               {"stage": StagePeriod.stage, "at": StagePeriod.entered_at, "reason": StagePeriod.reason})  # fmt: skip
    yield part("pauses", "pair", me, Pause.by_id,
               {"day": Pause.since, "until": Pause.returns_on, "reason": Pause.reason})  # fmt: skip
    yield part("early_ends", "me", me, EarlyEnd.by_id, {"reason": EarlyEnd.code, "text": EarlyEnd.text, "at": EarlyEnd.ended_at})
    yield part("directions", "pair", me, Direction.by_id, {"text": Direction.text, "at": Direction.written_at})
    yield part("after_levels", "pair", me, AfterLevel.person_id, {"level": AfterLevel.level, "at": AfterLevel.said_at})
    yield part("evaluations", "pair", me, Evaluation.person_id, {"answers": Evaluation.answers, "at": Evaluation.given_at})
    yield part("reflections", "pair", me, Reflection.person_id, {"text": Reflection.body, "at": Reflection.written_at})
    yield part("superior_words", "pair_hr", me, SuperiorWord.superior_id,
               {"given": SuperiorWord.agreed, "at": SuperiorWord.said_at})  # fmt: skip


def _coaching(me: int) -> Iterator[Part]:
    other = aliased(Person)
    yield part(
        "coaching", "pair_hr", me, (Engagement.coach_id, Engagement.coachee_id),
        {"with": other.name, "side": sa.case((Engagement.coach_id == me, "coach"), else_="coachee"), "state": Engagement.state,
         "at": Engagement.started_at, "ended_at": Engagement.ended_at},
        (other, other.id == sa.case((Engagement.coach_id == me, Engagement.coachee_id), else_=Engagement.coach_id)),
    )  # fmt: skip
    yield part(
        "goals", "pair", me, Engagement.coachee_id,
        {"text": Goal.text, "why": Goal.why, "sign": Goal.sign, "before": Goal.now, "after": Goal.wanted, "day": Goal.by_on},
        (Goal, Goal.engagement_id == Engagement.id), where=Goal.number.is_not(None),
    )  # fmt: skip
    yield part("scales", "pair", me, Scale.person_id, {"kind": Scale.moment, "value": Scale.value, "at": Scale.said_at})
    yield part(
        "sheets", "pair", me, Sheet.written_by_id,
        {"text": Sheet.goal, "reality": Sheet.reality, "options": Sheet.options, "barriers": Sheet.barriers,
         "opportunities": Sheet.opportunities, "at": Sheet.written_at},
    )  # fmt: skip
    yield part("coaching_reviews", "pair", me, Review.person_id, {"text": Review.body, "at": Review.written_at})
    yield part("coaching_shares", "superior_hr", me, Engagement.coachee_id,
               {"kind": Share.item, "at": Share.since, "ended_at": Share.withdrawn_at},
               (Share, Share.engagement_id == Engagement.id), where=Share.id.is_not(None))  # fmt: skip
    yield part("coaching_questions", "pair", me, Engagement.coachee_id,
               {"text": Question.text, "at": Question.asked_at, "ended_at": Question.withdrawn_at},
               (Question, Question.engagement_id == Engagement.id), where=Question.id.is_not(None))  # fmt: skip
    yield part("coaching_ends", "me", me, EngagementEnd.by_id,
               {"reason": EngagementEnd.code, "text": EngagementEnd.text, "at": EngagementEnd.ended_at})  # fmt: skip
    yield part(
        "credentials", "agency", me, Credential.person_id,
        {"title": Credential.title, "by": Credential.issuer, "until": Credential.valid_until, "at": Credential.added_at},
    )  # fmt: skip


def _sessions(me: int) -> Iterator[Part]:
    yield part(
        "meetings", "pair_hr", me, SeriesMember.person_id,
        {"at": Meeting.starts_at, "minutes": Meeting.minutes, "mode": Meeting.mode, "where": Meeting.place,
         "state": Meeting.state, "summary": Meeting.summary, "reason": Meeting.reason},
        (Meeting, Meeting.series_id == SeriesMember.series_id),
        where=sa.and_(Meeting.id.is_not(None), sa.or_(SeriesMember.since.is_(None), Meeting.starts_at >= SeriesMember.since)),
    )  # fmt: skip
    yield part("attendance_of_sessions", "pair", me, MeetingAttendance.person_id,
               {"state": MeetingAttendance.state, "at": MeetingAttendance.said_at})  # fmt: skip
    yield part(
        "times_proposed", "pair", me, TimeProposal.proposed_by_id,
        {"minutes": TimeProposal.minutes, "mode": TimeProposal.mode, "where": TimeProposal.place, "text": TimeProposal.words,
         "state": TimeProposal.state, "at": TimeProposal.created_at},
    )  # fmt: skip
    yield part("agenda", "pair", me, AgendaItem.added_by_id, {"text": AgendaItem.text, "ended_at": AgendaItem.done_at})
    yield part(
        "tasks", "pair", me, (ActionItem.owner_id, ActionItem.created_by_id),
        {"text": ActionItem.text, "day": ActionItem.due_on, "state": ActionItem.state, "at": ActionItem.created_at},
    )  # fmt: skip
    yield part("notes", "pair", me, NotesRevision.author_id,
               {"number": NotesRevision.number, "text": NotesRevision.body, "at": NotesRevision.saved_at})  # fmt: skip
    yield part("private_notes", "me", me, PrivateNote.person_id, {"text": PrivateNote.body, "at": PrivateNote.saved_at})
    yield part("afterthoughts", "pair", me, Afterthought.person_id, {"answers": Afterthought.answers, "at": Afterthought.said_at})
    yield part("earlier_texts", "pair", me, TextState.author_id,
               {"kind": TextState.about, "text": TextState.body, "at": TextState.saved_at})  # fmt: skip


def _care(me: int) -> Iterator[Part]:
    other = aliased(Person)
    yield part("thanks_given", "pair", me, Thanks.from_id, {"with": other.name, "text": Thanks.text, "at": Thanks.sent_at},
               (other, Thanks.to_id == other.id))  # fmt: skip
    yield part("thanks_got", "pair", me, Thanks.to_id, {"with": other.name, "text": Thanks.text, "at": Thanks.sent_at},
               (other, Thanks.from_id == other.id))  # fmt: skip
    yield part(
        "concerns", "safe", me, Concern.raised_by_id,
        {"with": other.name, "text": Concern.text, "state": Concern.state, "at": Concern.raised_at, "answer": Concern.answer},
        (other, Concern.to_id == other.id),
    )  # fmt: skip
    yield part("safe_person", "agency", me, SafePerson.person_id, {"at": SafePerson.named_at})
