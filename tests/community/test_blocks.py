"""Block means block everywhere: what somebody wrote whom one keeps away is folded, counted nowhere and told by nothing."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from mentorlink.community import actions, queries
from mentorlink.community.inputs import CommunityInput, InvitationInput, ReactionInput
from mentorlink.community.queries.catchup import catch_up
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Invalid
from mentorlink.notifications.models import Notice
from mentorlink.people.actions import block_person, unblock_person
from mentorlink.people.queries import blocks_around
from tests.cast import Cast
from tests.community.talk import Talk

SAID = "Kata-kata yang tak ingin kubaca"


@pytest.fixture
def loud(talk: Talk, cast: Cast) -> Talk:
    """The mentee keeps the stranger away, who belongs to the community too."""
    actions.join_community(cast.actor(cast.stranger), talk.community)
    block_person(cast.actor(cast.mentee), cast.stranger)
    return talk


def unread_notices(person_id: int) -> list[str]:
    rows = db.session.scalars(sa.select(Notice.kind).where(Notice.person_id == person_id, Notice.read_at.is_(None)))
    return [kind for kind in rows if kind in ("mentioned", "replied", "followed")]


def test_what_they_say_is_unread_nowhere_and_leads_no_catching_up(loud: Talk, cast: Cast) -> None:
    mine = loud.say(cast.mentee, "A question to everyone")
    loud.say(cast.stranger, f"{SAID} @[Mentee]({cast.mentee.id})", reply_to_id=mine.id)
    mentee, mentor = cast.actor(cast.mentee), cast.actor(cast.mentor)
    assert queries.unread_by_room(mentor, loud.community_id) != {}
    assert queries.unread_by_room(mentee, loud.community_id) == {}
    assert queries.window_for(mentee, loud.topic).first_unread is None
    assert catch_up(mentee).topics == ()
    loud.say(cast.mentor, "Here is an answer")
    found = catch_up(mentee).topics[0]
    assert (found.by, found.weight.unread, found.weight.mentions, found.weight.replies) == ("Mentor", 1, 0, 0)
    assert unread_notices(cast.mentee.id) == []


def test_a_block_hushes_what_was_told_before(talk: Talk, cast: Cast) -> None:
    actions.join_community(cast.actor(cast.stranger), talk.community)
    talk.say(cast.stranger, f"Look @[Mentee]({cast.mentee.id})")
    talk.say(cast.mentor, f"And you @[Mentee]({cast.mentee.id})")
    assert unread_notices(cast.mentee.id) == ["mentioned", "mentioned"]
    block_person(cast.actor(cast.mentee), cast.stranger)
    assert unread_notices(cast.mentee.id) == ["mentioned"]


def test_between_two_with_a_block_nobody_is_invited_either_way(loud: Talk, cast: Cast) -> None:
    community = actions.create_community(cast.actor(cast.mentee), _new())
    theirs = actions.create_community(cast.actor(cast.stranger), _new("Another one"))
    for actor, where, whom in ((cast.mentee, community, cast.stranger), (cast.stranger, theirs, cast.mentee)):
        with pytest.raises(Invalid) as refused:
            actions.invite_person(cast.actor(actor), where, InvitationInput(person_id=whom.id))
        assert refused.value.faults[0].code == "person_unknown"
    unblock_person(cast.actor(cast.mentee), cast.stranger)
    assert actions.invite_person(cast.actor(cast.mentee), community, InvitationInput(person_id=cast.stranger.id))


def test_pages_fold_their_words_and_name_them_to_nobody_who_keeps_them_away(loud: Talk, cast: Cast) -> None:
    first = loud.say(cast.stranger, SAID)
    loud.say(cast.mentor, "I think so too", reply_to_id=first.id)
    actions.react(cast.actor(cast.stranger), queries.message_for(cast.actor(cast.stranger), first.id), ReactionInput(code="like"))
    room = f"/rooms/{loud.room_id}?topic={loud.topic.id}"
    search, preview = f"/search?q={SAID.split()[0]}", f"/previews?to=/messages/{first.id}"
    names, invite = f"/communities/{loud.community_id}/names?q=str", f"/communities/{loud.community_id}/members?invite=stranger"
    mentee, mentor = cast.client(cast.mentee), cast.client(cast.mentor)
    for path in (room, search):
        assert "<details class=" in mentee.get(path).text
        assert SAID in mentee.get(path).text
    quoted = f'data-of="{cast.stranger.id}" data-quote="{first.id}"><span class="truncate">A message'
    assert quoted in mentee.get(room).text
    assert SAID not in mentee.get(preview).text
    assert mentee.get(names).json == {"people": []}
    assert "Stranger" not in mentee.get(f"/messages/{first.id}/acts").text.split("</h1>")[1].split("like")[-1]
    for path in (room, search, preview):
        assert "keep away" not in mentor.get(path).text.split("data-words")[0]
    assert mentor.get(names).json["people"][0]["name"] == "Stranger"
    assert mentor.get(invite).status_code == 200


def test_neither_of_two_with_a_block_sees_the_other_there(loud: Talk, cast: Cast) -> None:
    mentee, stranger, mentor = cast.mentee.id, cast.stranger.id, cast.mentor.id
    assert blocks_around([mentee, mentor, stranger]) == {mentee: {stranger}, stranger: {mentee}}
    assert blocks_around([stranger]) == {mentee: {stranger}}
    assert blocks_around([mentor]) == {}


def _new(name: str = "Quiet circle") -> CommunityInput:
    return CommunityInput(name=name, purpose="To read in peace", joining="open")
