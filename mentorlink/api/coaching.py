"""JSON of coaching: engagements, sheets by GROW, commitments and check-ins, the superior's question, what is shared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint

from mentorlink.api.guard import actor, read_json, signed_in
from mentorlink.kernel.inputs import Input
from mentorlink.sessions.coaching import actions, inputs, queries
from mentorlink.sessions.coaching.models import Commitment, Engagement
from mentorlink.sessions.coaching.shapes import (
    asked_shape,
    commitment_shape,
    credential_shape,
    engagement_shape,
    goal_shape,
    numbers_shape,
    shared_shape,
    sheet_shape,
)
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.queries import meetings_for
from mentorlink.sessions.meetings.shapes import meeting_shape

api = APIBlueprint("api_coaching", __name__)


@api.get("/coaching")
@signed_in
def engagements() -> dict[str, Any]:
    """The actor's coaching as it stands, running ones first; ``questions`` are put to them as a superior."""
    asked = [asked_shape(queries.asked_for(actor(), question)) for question in queries.questions_for(actor())]
    return {"coaching": [engagement_shape(standing) for standing in queries.engagements_for(actor())], "questions": asked}


@api.get("/coaching/<int:engagement_id>")
@signed_in
def engagement(engagement_id: int) -> dict[str, Any]:
    """One engagement with goal, numbers, commitments, reviews, what the superior sees, and the latest sessions."""
    return _whole(queries.engagement_for(actor(), engagement_id))


def _whole(row: Engagement) -> dict[str, Any]:
    goals, question, end = queries.goals_for(actor(), row), queries.question_of(actor(), row), queries.end_for(actor(), row)
    numbers = queries.numbers_for(actor(), row)
    return engagement_shape(queries.engaging_for(actor(), row)) | {
        "goal": goal_shape(goals[0], numbers) if goals else None,
        "numbers": [numbers_shape(each) for each in numbers],
        "question": {"text": question.text, "superior": question.superior.name} if question else None,
        "shared": sorted(share.item for share in queries.shares_of(actor(), row)),
        "superior_coaches": queries.superior_coaches(row),
        "credentials": [credential_shape(each) for each in queries.credentials_of(row.coach_id)],
        "commitments": [commitment_shape(each) for each in queries.commitments_for(actor(), row)],
        "reviews": {side: review.body for side, review in queries.reviews_for(actor(), row).items()},
        "my_end": {"code": end.code, "text": end.text} if end else None,
        "meetings": [meeting_shape(meeting) for meeting in meetings_for(actor(), row.series)],
    }


Deed = Callable[..., Any]

OF_AN_ENGAGEMENT: dict[str, tuple[Deed, type[Input] | None]] = {
    "yes": (actions.say_yes, None),
    "decline": (actions.decline_engagement, inputs.EndText),
    "goal": (actions.write_goal, inputs.GoalDraft),
    "numbers": (actions.scale_goal, inputs.ScaleSaid),
    "superior": (actions.ask_superior, inputs.QuestionText),
    "superior/withdraw": (actions.withdraw_question, None),
    "sharing": (actions.share_with_superior, inputs.Shares),
    "rest": (actions.rest_engagement, inputs.Rest),
    "resume": (actions.resume_engagement, None),
    "still-on": (actions.say_coaching_goes_on, None),
    "review": (actions.write_review, inputs.ReviewText),
    "close": (actions.close_engagement, None),
    "end": (actions.end_engagement_early, inputs.EndText),
}
"""What follows ``/coaching/ID/`` → the use case, and what it reads."""


def _open(address: str, deed: Deed, takes: type[Input] | None) -> None:
    """A door to ``deed``: it answers with the engagement as it stands then."""

    def do(engagement_id: int) -> dict[str, Any]:
        row = queries.engagement_for(actor(), engagement_id)
        deed(actor(), row, *([read_json(takes)] if takes else []))
        return _whole(row)

    do.__name__, do.__doc__ = deed.__name__, deed.__doc__
    api.post(address)(signed_in(do))


for path, (deed, takes) in OF_AN_ENGAGEMENT.items():
    _open(f"/coaching/<int:engagement_id>/{path}", deed, takes)


@api.get("/coaching/sessions/<int:session_id>")
@signed_in
def sheet(session_id: int) -> dict[str, Any]:
    """A session by GROW: its sheet, what was taken on in it, and what is still open from before."""
    return _sheet(*queries.session_for(actor(), session_id))


def _sheet(row: Engagement, session: Meeting) -> dict[str, Any]:
    made = queries.commitments_for(actor(), row, meeting=session)
    before = [each for each in queries.commitments_for(actor(), row, open_only=True) if each.meeting_id != session.id]
    return {
        "session": meeting_shape(session),
        "engagement_id": row.id,
        "sheet": sheet_shape(queries.sheet_for(actor(), row, session)),
        "commitments": [commitment_shape(each) for each in made],
        "open_before": [commitment_shape(each) for each in before],
    }


@api.post("/coaching/sessions/<int:session_id>")
@signed_in
def save_sheet(session_id: int) -> dict[str, Any]:
    """Write the sheet; ``options`` has a line for each."""
    row, session = queries.session_for(actor(), session_id)
    actions.save_sheet(actor(), row, session, read_json(inputs.SheetText))
    return _sheet(row, session)


@api.post("/coaching/sessions/<int:session_id>/commitments")
@signed_in
def commit(session_id: int) -> tuple[dict[str, Any], int]:
    """Write down what the coachee will do until when."""
    row, session = queries.session_for(actor(), session_id)
    return commitment_shape(actions.commit(actor(), row, session, read_json(inputs.CommitmentText))), 201


@api.get("/coaching/commitments/<int:commitment_id>")
@signed_in
def commitment(commitment_id: int) -> dict[str, Any]:
    """One commitment with what was said of it."""
    return commitment_shape(queries.commitment_for(actor(), commitment_id))


@api.post("/coaching/commitments/<int:commitment_id>")
@signed_in
def check_in(commitment_id: int) -> dict[str, Any]:
    """Done, partly, or not yet."""
    row = queries.commitment_for(actor(), commitment_id)
    actions.check_in(actor(), row, read_json(inputs.CheckInSaid))
    return _fresh(row)


@api.post("/coaching/commitments/<int:commitment_id>/drop")
@signed_in
def drop_commitment(commitment_id: int) -> dict[str, Any]:
    """Let go of it."""
    return _fresh(actions.drop_commitment(actor(), queries.commitment_for(actor(), commitment_id)))


def _fresh(row: Commitment) -> dict[str, Any]:
    return commitment_shape(queries.commitment_for(actor(), row.id))


@api.get("/coaching/questions/<int:question_id>")
@signed_in
def question(question_id: int) -> dict[str, Any]:
    """What a superior is asked; nothing else of the coaching."""
    return asked_shape(queries.asked_for(actor(), queries.question_for(actor(), question_id)))


@api.post("/coaching/questions/<int:question_id>")
@signed_in
def answer_question(question_id: int) -> dict[str, Any]:
    """Say a number as superior."""
    row = queries.question_for(actor(), question_id)
    actions.answer_question(actor(), row, read_json(inputs.AnswerNumber))
    return asked_shape(queries.asked_for(actor(), row))


@api.get("/coaching/shared")
@signed_in
def shared() -> dict[str, Any]:
    """What coachees let the actor see as their superior, at this moment."""
    return {"coaching": [shared_shape(one) for one in queries.shared_for(actor())]}


@api.get("/me/credentials")
@signed_in
def credentials() -> dict[str, Any]:
    """What the actor has learnt to coach by, and how many they accompany."""
    mine = queries.credentials_of(actor().person_id or 0)
    return {"credentials": [credential_shape(each) for each in mine], "caseload": queries.caseload_of(actor().person_id)}


@api.post("/me/credentials")
@signed_in
def add_credential() -> tuple[dict[str, Any], int]:
    """Write one down."""
    return credential_shape(actions.add_credential(actor(), read_json(inputs.CredentialInput))), 201
