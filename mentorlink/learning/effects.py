"""What the learning record does when others have spoken: in the same transaction as the deed."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.community.events.gatherings import AttendanceWithdrawn, GatheringAttended
from mentorlink.community.events.knowledge import AnswerAccepted, AnswerDropped, PageReviewed
from mentorlink.community.models.gatherings import Gathering
from mentorlink.community.models.knowledge import KnowledgePage
from mentorlink.community.models.messages import Message
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning.actions import ask_behaviour, issue_certificate, watch_clock
from mentorlink.learning.actions.giving import credit_giving, withdraw_giving
from mentorlink.learning.actions.hours import credit_coaching, credit_meeting, withdraw_deed
from mentorlink.learning.actions.periods import write_recap_part
from mentorlink.learning.models import GivenDeed, HoursEntry
from mentorlink.learning.queries import rule_on
from mentorlink.learning.queries.periods import certified_of
from mentorlink.people.models import Person
from mentorlink.sessions.coaching.queries import engagement_of_series
from mentorlink.sessions.meetings.events import MeetingCounted, MeetingHeld, MeetingUndone
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring.events import MentorshipClosed
from mentorlink.sessions.mentoring.models import Mentorship, Target
from mentorlink.sessions.mentoring.queries import mentorship_of_series


def credit_held_meeting(event: MeetingHeld | MeetingCounted) -> None:
    """A held session of mentoring or coaching counts as learning hours, by the rule in force."""
    meeting = db.session.get_one(Meeting, event.meeting_id)
    if (mentorship := mentorship_of_series(event.series_id)) is not None:
        credit_meeting(Actor.system(), meeting, mentorship)
    elif (engagement := engagement_of_series(event.series_id)) is not None:
        credit_coaching(Actor.system(), meeting, engagement)


def withdraw_undone_meeting(event: MeetingUndone) -> None:
    """A session that was taken back counts for nobody any more."""
    origins = [f"meeting:{meeting_id}" for meeting_id in (event.meeting_id, *event.counted_ids)]
    credited = sa.select(HoursEntry.person_id, HoursEntry.origin).where(HoursEntry.origin.in_(origins), HoursEntry.turn == 0)
    for person_id, origin in db.session.execute(credited.order_by(HoursEntry.person_id, HoursEntry.id)).all():
        withdraw_deed(Actor.system(), person_id, origin=origin, by_id=event.by_id)


def certify_closed_mentorship(event: MentorshipClosed) -> None:
    """Both closed it, so the mentee has a certificate of what was done and what it moved.

    Hours that a frozen period certifies are not certified again: the paper says where they stand.
    """
    mentorship = db.session.get_one(Mentorship, event.mentorship_id)
    mentee, mentor = db.session.get_one(Person, event.mentee_id), db.session.get_one(Person, event.mentor_id)
    held = db.session.scalars(
        sa.select(Meeting.id).where(Meeting.series_id == mentorship.series_id, Meeting.state == "held")
    ).all()
    ended = mentorship.ended_at or mentorship.started_at
    targets = db.session.scalars(
        sa.select(Target).where(Target.mentorship_id == mentorship.id).order_by(Target.position, Target.id)
    )
    entries = db.session.scalars(
        sa.select(HoursEntry).where(
            HoursEntry.person_id == mentee.id, HoursEntry.origin.in_([f"meeting:{meeting_id}" for meeting_id in held])
        )
    ).all()
    before = certified_of(f"mentorship:{mentorship.id}")
    own = [entry for entry in entries if not any(part.begins_on <= entry.happened_on <= part.ends_on for part in before)]
    facts = {
        "name": mentee.full_name,
        "nip": mentee.nip,
        "job": mentee.job.name if mentee.job else None,
        "unit": mentee.unit.name,
        "path": "mentoring",
        "path_name": rule_on(ended.date()).paths["mentoring"]["name"],
        "theme": None,
        "helper": mentor.full_name,
        "began_on": mentorship.started_at.astimezone(ZoneInfo(mentee.timezone)).date().isoformat(),
        "ended_on": ended.astimezone(ZoneInfo(mentee.timezone)).date().isoformat(),
        "sessions": len(held),
        "counted": sum(entry.counted for entry in entries),
        "jp": sum(entry.jp for entry in own),
        "certified_before": [{"jp": part.jp, "number": part.number} for part in before],
        "rules": sorted({entry.rule.number for entry in entries}),
        "issued_on": clock.today().isoformat(),
        "competencies": [
            {
                "code": target.competency.code,
                "name": target.competency.name,
                "from": target.baseline,
                "to": target.after_levels[0].level if target.after_levels else None,
            }
            for target in targets
        ],
    }
    issue_certificate(Actor.system(), mentee.id, origin=f"mentorship:{mentorship.id}", facts=facts)


def credit_attended_gathering(event: GatheringAttended) -> None:
    """Who was at a gathering of a community that was held learns from others for as long as it lasted."""
    row = db.session.get_one(Gathering, event.gathering_id)
    credit_giving(
        Actor.system(), event.person_id, deed="gathering_attended", at=row.starts_at, origin=_of_gathering(row.id, event.turn),
        minutes=row.minutes,
    )  # fmt: skip


def withdraw_attended_gathering(event: AttendanceWithdrawn) -> None:
    """Who was not there after all has it taken out of the record again."""
    origin = _of_gathering(event.gathering_id, event.turn)
    withdraw_giving(Actor.system(), event.person_id, origin=origin, by_id=event.by_id)


def credit_accepted_answer(event: AnswerAccepted) -> None:
    """Who gave an answer that helped somebody else gave something that counts."""
    if event.author_id != event.asker_id:
        at = db.session.get_one(Message, event.message_id).created_at
        credit_giving(
            Actor.system(), event.author_id, deed="answer_accepted", at=at, origin=_of_answer(event.message_id, event.author_id)
        )


def withdraw_accepted_answer(event: AnswerDropped) -> None:
    """An answer that helped less than another counts no more."""
    origin = _of_answer(event.message_id, event.author_id, standing=True)
    withdraw_giving(Actor.system(), event.author_id, origin=origin, by_id=event.by_id)


def credit_reviewed_page(event: PageReviewed) -> None:
    """Whose words stand in a reviewed page, and who reviewed it, gave something that counts; each page once."""
    at = db.session.get_one(KnowledgePage, event.page_id).reviewed_at
    if at is None:
        return
    for person_id in event.author_ids:
        credit_giving(Actor.system(), person_id, deed="page_written", at=at, origin=f"page:{event.page_id}")
    if event.by_id not in event.author_ids:
        origin = f"page_review:{event.page_id}:{event.version}"
        credit_giving(Actor.system(), event.by_id, deed="page_reviewed", at=at, origin=origin)


def _of_answer(message_id: int, person_id: int, *, standing: bool = False) -> str:
    """The deed's name; accepted anew after it was dropped, it is another deed."""
    name = f"answer:{message_id}"
    times = db.session.scalar(
        sa.select(sa.func.count()).where(
            GivenDeed.person_id == person_id, sa.or_(GivenDeed.origin == name, GivenDeed.origin.startswith(f"{name}:"))
        )
    )
    number = (times or 0) - (1 if standing else 0)
    return f"{name}:{number}" if number > 0 else name


def _of_gathering(gathering_id: int, turn: int) -> str:
    return f"gathering:{gathering_id}:{turn}" if turn else f"gathering:{gathering_id}"


def build_recap(payload: dict[str, Any]) -> None:
    """Job: build the recap of a period, part by part; killed half-way and begun again it writes the same."""
    after: int | None = payload["after"]
    while after is not None:
        after = write_recap_part(Actor.system(), payload["period_id"], build=payload["build"], after=after)
        jobs.keep_lease()


def ask_what_shows(_payload: dict[str, Any]) -> None:
    """Job: ask what shows at work of mentorships and coaching that closed some months ago."""
    ask_behaviour(Actor.system(), clock.today())


def watch_data_clock(_payload: dict[str, Any]) -> None:
    """Job: tell HR which requests about personal data run out of time."""
    watch_clock(Actor.system())
