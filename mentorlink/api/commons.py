"""JSON of what communities know and when they meet: search, joining, questions, pages, gatherings."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from mentorlink.api.guard import actor, read_json, signed_in
from mentorlink.community import actions, queries, shapes
from mentorlink.community.actions import gatherings as meeting
from mentorlink.community.actions import knowledge
from mentorlink.community.inputs import AskInput, CommunityInput, SearchInput, SettleInput, TitleInput, TopicInput
from mentorlink.community.inputs.gatherings import (
    CancelInput,
    CodeInput,
    ComingInput,
    FollowUpInput,
    FollowUpStateInput,
    GatheringInput,
    MinutesInput,
    PresentInput,
)
from mentorlink.community.inputs.knowledge import AcceptInput, DeclineInput, PageInput, PageVerdict, QuestionInput
from mentorlink.community.models import Topic
from mentorlink.community.models.knowledge import TopicQuestion
from mentorlink.community.queries import knowledge as known
from mentorlink.community.queries.gatherings import follow_up_for, gathering_for, gatherings_for, sheet_for
from mentorlink.kernel.errors import Fault, Invalid, NotFound
from mentorlink.kernel.inputs import read_form

api = APIBlueprint("api_commons", __name__)


@api.get("/search")
@signed_in
def search() -> dict[str, Any]:
    """What I may read and has all words of ``q``, newest first; ``before`` leads to the next page."""
    found = queries.search_for(actor(), read_form(SearchInput, request.args))
    return {"hits": [shapes.hit(one) for one in found.hits], "before": found.before}


@api.post("/communities")
@signed_in
def create_community() -> tuple[dict[str, Any], int]:
    """Propose a community; I facilitate it."""
    return shapes.community(actions.create_community(actor(), read_json(CommunityInput))), 201


@api.post("/communities/<int:community_id>/join")
@signed_in
def join(community_id: int) -> tuple[str, int]:
    """Join an open community, or take an invitation."""
    actions.join_community(actor(), queries.community_for(actor(), community_id))
    return "", 204


@api.post("/communities/<int:community_id>/ask")
@signed_in
def ask_to_join(community_id: int) -> tuple[str, int]:
    """Ask the facilitators to be let in."""
    actions.ask_to_join(actor(), queries.community_for(actor(), community_id), read_json(AskInput))
    return "", 204


@api.post("/communities/<int:community_id>/leave")
@signed_in
def leave(community_id: int) -> tuple[str, int]:
    """Leave."""
    actions.leave_community(actor(), queries.community_for(actor(), community_id))
    return "", 204


@api.post("/rooms/<int:room_id>/topics")
@signed_in
def start_topic(room_id: int) -> tuple[dict[str, Any], int]:
    """Begin a topic by its first message. The same ``client_id`` again gives the same receipt."""
    posted = actions.start_topic(actor(), queries.room_for(actor(), room_id), read_json(TopicInput))
    return shapes.receipt(posted)


@api.post("/topics/<int:topic_id>/title")
@signed_in
def rename_topic(topic_id: int) -> tuple[str, int]:
    """Give a topic another title."""
    actions.rename_topic(actor(), queries.topic_for(actor(), topic_id), read_json(TitleInput))
    return "", 204


@api.post("/topics/<int:topic_id>/settle")
@signed_in
def settle_topic(topic_id: int) -> tuple[str, int]:
    """Settle a topic, or open it again."""
    actions.settle_topic(actor(), queries.topic_for(actor(), topic_id), read_json(SettleInput))
    return "", 204


@api.get("/communities/<int:community_id>/questions")
@signed_in
def questions(community_id: int) -> dict[str, Any]:
    """Questions of a community, those without an answer first."""
    found = known.questions_for(actor(), queries.community_for(actor(), community_id))
    return {"questions": [shapes.question(row) for row in found]}


@api.post("/topics/<int:topic_id>/question")
@signed_in
def ask_question(topic_id: int) -> dict[str, Any]:
    """Say that a topic asks something, and about which competency."""
    return shapes.question(knowledge.ask_question(actor(), queries.topic_for(actor(), topic_id), read_json(QuestionInput)))


@api.post("/topics/<int:topic_id>/accept")
@signed_in
def accept_answer(topic_id: int) -> dict[str, Any]:
    """Say which answer helped; ``message_id`` null: none did."""
    found = _question(queries.topic_for(actor(), topic_id))
    knowledge.accept_answer(actor(), found, read_json(AcceptInput))
    return shapes.question(found)


@api.post("/topics/<int:topic_id>/page")
@signed_in
def make_page(topic_id: int) -> tuple[dict[str, Any], int]:
    """Make a page of a thread, with its authors and competencies; made twice, it is there once."""
    return _page(knowledge.make_page(actor(), queries.topic_for(actor(), topic_id)).id), 201


@api.post("/questions/<int:asked_id>/take")
@signed_in
def take_help(asked_id: int) -> dict[str, Any]:
    """Answer a question that I was asked; who may joins by that."""
    asked = known.help_for(actor(), asked_id)
    knowledge.take_help(actor(), asked)
    return shapes.question(asked.question)


@api.post("/questions/<int:asked_id>/decline")
@signed_in
def decline_help(asked_id: int) -> tuple[str, int]:
    """Not this one; with ``weeks``, nothing for so long."""
    knowledge.decline_help(actor(), known.help_for(actor(), asked_id), read_json(DeclineInput))
    return "", 204


@api.get("/me/questions")
@signed_in
def asked_again_on() -> dict[str, Any]:
    """The day until which I am asked no questions of others; null: I am asked."""
    until = known.asked_again_on(actor())
    return {"paused_until": until.isoformat() if until else None}


@api.post("/me/questions")
@signed_in
def pause_help() -> dict[str, Any]:
    """Be asked nothing for so many weeks; 0: again from now on."""
    knowledge.pause_help(actor(), read_json(DeclineInput))
    return asked_again_on()


@api.get("/communities/<int:community_id>/pages")
@signed_in
def pages(community_id: int) -> dict[str, Any]:
    """Pages of knowledge of a community."""
    found = known.pages_for(actor(), queries.community_for(actor(), community_id))
    return {"pages": [shapes.page(row) for row in found]}


@api.post("/communities/<int:community_id>/pages")
@signed_in
def write_page(community_id: int) -> tuple[dict[str, Any], int]:
    """Write a page."""
    made = knowledge.write_page(actor(), queries.community_for(actor(), community_id), read_json(PageInput))
    return _page(made.id), 201


@api.get("/pages/<int:page_id>")
@signed_in
def page(page_id: int) -> dict[str, Any]:
    """A page with its words."""
    return _page(page_id)


@api.post("/pages/<int:page_id>")
@signed_in
def change_page(page_id: int) -> dict[str, Any]:
    """Keep a change of the ``version`` one began from as a new version."""
    knowledge.edit_page(actor(), known.page_for(actor(), page_id), read_json(PageInput))
    return _page(page_id)


@api.post("/pages/<int:page_id>/send")
@signed_in
def send_page(page_id: int) -> dict[str, Any]:
    """Send a page to an expert."""
    knowledge.send_page(actor(), known.page_for(actor(), page_id))
    return _page(page_id)


@api.post("/pages/<int:page_id>/review")
@signed_in
def review_page(page_id: int) -> dict[str, Any]:
    """Stand by a version as an expert (``approve``), or send it back with a ``note`` (``return``)."""
    knowledge.review_page(actor(), known.page_for(actor(), page_id), read_json(PageVerdict))
    return _page(page_id)


@api.get("/communities/<int:community_id>/gatherings")
@signed_in
def gatherings(community_id: int) -> dict[str, Any]:
    """Gatherings to come; with ``past=1`` those that are over."""
    past = request.args.get("past", "0")
    if past not in ("0", "1"):
        raise Invalid(Fault("past", "bool_parsing"))
    found = gatherings_for(actor(), queries.community_for(actor(), community_id), past=past == "1")
    return {"gatherings": [shapes.gathering(row) for row in found]}


@api.post("/communities/<int:community_id>/gatherings")
@signed_in
def plan_gathering(community_id: int) -> tuple[dict[str, Any], int]:
    """Plan one."""
    made = meeting.plan_gathering(actor(), queries.community_for(actor(), community_id), read_json(GatheringInput))
    return _gathering(made.id), 201


@api.get("/gatherings/<int:gathering_id>")
@signed_in
def gathering(gathering_id: int) -> dict[str, Any]:
    """A gathering with its agenda, who comes and what follows."""
    return _gathering(gathering_id)


@api.post("/gatherings/<int:gathering_id>/answer")
@signed_in
def answer_gathering(gathering_id: int) -> dict[str, Any]:
    """Say whether I come; where every place is taken, I wait for one."""
    meeting.answer_gathering(actor(), gathering_for(actor(), gathering_id), read_json(ComingInput))
    return _gathering(gathering_id)


@api.post("/gatherings/<int:gathering_id>/check-in")
@signed_in
def check_in(gathering_id: int) -> dict[str, Any]:
    """Say by the code in the room that I am there."""
    if not meeting.check_in(actor(), gathering_for(actor(), gathering_id), read_json(CodeInput)):
        raise Invalid(Fault("code", "code_wrong"))
    return _gathering(gathering_id)


@api.post("/gatherings/<int:gathering_id>/presence")
@signed_in
def note_presence(gathering_id: int) -> dict[str, Any]:
    """Say as its host who was there, and who was not."""
    meeting.note_presence(actor(), gathering_for(actor(), gathering_id), read_json(PresentInput))
    return _gathering(gathering_id)


@api.post("/gatherings/<int:gathering_id>/hold")
@signed_in
def hold_gathering(gathering_id: int) -> dict[str, Any]:
    """Say as its host that it took place."""
    meeting.hold_gathering(actor(), gathering_for(actor(), gathering_id))
    return _gathering(gathering_id)


@api.post("/gatherings/<int:gathering_id>/cancel")
@signed_in
def cancel_gathering(gathering_id: int) -> dict[str, Any]:
    """Call it off."""
    meeting.cancel_gathering(actor(), gathering_for(actor(), gathering_id), read_json(CancelInput))
    return _gathering(gathering_id)


@api.post("/gatherings/<int:gathering_id>/minutes")
@signed_in
def write_minutes(gathering_id: int) -> dict[str, Any]:
    """Keep the minutes; ``version`` is the one that I began from."""
    meeting.write_minutes(actor(), gathering_for(actor(), gathering_id), read_json(MinutesInput))
    return _gathering(gathering_id)


@api.post("/gatherings/<int:gathering_id>/follow-ups")
@signed_in
def agree_follow_up(gathering_id: int) -> tuple[dict[str, Any], int]:
    """Agree that a member does something."""
    meeting.agree_follow_up(actor(), gathering_for(actor(), gathering_id), read_json(FollowUpInput))
    return _gathering(gathering_id), 201


@api.post("/follow-ups/<int:follow_up_id>")
@signed_in
def settle_follow_up(follow_up_id: int) -> tuple[str, int]:
    """Say that it is done, dropped, or open again."""
    meeting.settle_follow_up(actor(), follow_up_for(actor(), follow_up_id), read_json(FollowUpStateInput))
    return "", 204


def _question(topic: Topic) -> TopicQuestion:
    found = known.question_of(topic.id)
    if found is None:
        raise NotFound()
    return found


def _page(page_id: int) -> dict[str, Any]:
    row = known.page_for(actor(), page_id)
    return shapes.whole_page(row, known.shown_version(actor(), row))


def _gathering(gathering_id: int) -> dict[str, Any]:
    row = gathering_for(actor(), gathering_id)
    minutes = {"minutes_text": row.minutes_text, "minutes_version": row.minutes_version, "reason": row.reason}
    return shapes.gathering(row) | shapes.sheet(sheet_for(actor(), row)) | minutes
