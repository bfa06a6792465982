"""Pages of communities, as a browser without JavaScript walks through them."""

from __future__ import annotations

import io
import json
import re

import pytest
from PIL import Image

from mentorlink.community import actions, queries, rules
from mentorlink.community.inputs import RoomInput
from mentorlink.kernel.db import db
from tests.cast import Cast
from tests.community.talk import Talk
from tests.queries import count_queries


@pytest.fixture
def talk(cast: Cast) -> Talk:
    return Talk(cast)


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, f"no hidden field {name}"
    return found[1]


def test_without_a_community_the_page_says_what_to_do(cast: Cast) -> None:
    page = cast.client(cast.stranger).get("/communities").text
    assert "You belong to no community yet" in page
    assert "/communities/new" in page


def test_a_community_is_proposed_and_faults_come_back_beside_their_fields(cast: Cast) -> None:
    client = cast.client(cast.mentor)
    wrong = client.post("/communities", data={"name": "Da", "purpose": "Too short", "joining": "open"})
    assert wrong.status_code == 422
    assert 'value="Da"' in wrong.text
    assert 'id="f-name-error"' in wrong.text
    good = client.post("/communities", data={"name": "Data circle", "purpose": "To read numbers together", "joining": "open"})
    assert good.status_code == 303
    assert "Data circle" in client.get("/communities").text


def test_a_member_reads_and_writes_with_plain_forms(talk: Talk, cast: Cast) -> None:
    client = cast.client(cast.mentee)
    page = client.get(f"/rooms/{talk.room_id}").text
    form = {
        "topic_id": hidden(page, "topic_id"),
        "client_id": hidden(page, "client_id"),
        "reply_to_id": "",
        "body": "Hello **all**",
    }
    sent = client.post(f"/rooms/{talk.room_id}/messages", data=form)
    again = client.post(f"/rooms/{talk.room_id}/messages", data=form)
    assert sent.status_code == again.status_code == 303
    assert sent.location == again.location
    page = client.get(sent.location.split("#")[0]).text
    assert page.count("<strong>all</strong>") == 1
    assert 'role="log"' in page


def test_an_empty_or_too_long_message_comes_back_with_the_text_kept(talk: Talk, cast: Cast) -> None:
    client = cast.client(cast.mentee)
    form = {"topic_id": talk.topic.id, "client_id": rules.new_client_id(), "body": "x" * 4001}
    answer = client.post(f"/rooms/{talk.room_id}/messages", data=form)
    assert answer.status_code == 422
    assert "x" * 4001 in answer.text
    fetched = client.post(f"/rooms/{talk.room_id}/messages", data=form, headers={"Accept": "application/json"})
    assert (fetched.status_code, list(fetched.json["errors"])) == (422, ["body"])


def test_a_fetch_gets_the_receipt(talk: Talk, cast: Cast) -> None:
    client, form = cast.client(cast.mentee), {"topic_id": talk.topic.id, "client_id": rules.new_client_id(), "body": "Hello"}
    receipts = [
        client.post(f"/rooms/{talk.room_id}/messages", data=form, headers={"Accept": "application/json"}).json for _ in "12"
    ]
    assert receipts[0] == {"seq": receipts[0]["seq"], "id": receipts[0]["id"], "duplicate": False}
    assert receipts[1] == receipts[0] | {"duplicate": True}


def test_a_message_is_edited_and_deleted_with_plain_forms(talk: Talk, cast: Cast) -> None:
    posted = talk.say(cast.mentee, "Ask @mentor")
    client = cast.client(cast.mentee)
    page = client.get(f"/messages/{posted.id}/edit").text
    assert "Ask @mentor</textarea>" in page
    client.post(f"/messages/{posted.id}", data={"body": "Ask @mentor tomorrow", "version": hidden(page, "version")})
    assert "tomorrow" in client.get(f"/rooms/{talk.room_id}").text
    assert "<p>Ask" in client.get(f"/messages/{posted.id}/history").text
    stale = client.post(f"/messages/{posted.id}", data={"body": "Ask nobody", "version": 1})
    assert stale.status_code == 409
    client.post(f"/messages/{posted.id}/delete")
    page = client.get(f"/rooms/{talk.room_id}").text
    assert "tomorrow" not in page
    assert "This message was removed." in page


def test_a_permanent_address_leads_to_the_message_in_its_topic(talk: Talk, cast: Cast) -> None:
    posted = talk.begin(cast.mentor, "Dashboards", "Which chart?")
    client = cast.client(cast.mentee)
    answer = client.get(f"/messages/{posted.id}")
    assert answer.location.endswith(f"#m-{posted.id}")
    page = client.get(answer.location.split("#")[0]).text
    assert f'id="m-{posted.id}"' in page
    assert "Which chart?" in page


def test_for_strangers_every_address_answers_like_one_that_never_was(talk: Talk, cast: Cast) -> None:
    secret = actions.create_community(cast.actor(cast.mentor), _secret())
    room = queries.rooms_of(cast.actor(cast.mentor), secret)[0][0]
    posted = talk.begin(cast.mentor, "Dashboards")
    pairs = [
        (f"/communities/{secret.id}", "/communities/99999"),
        (f"/communities/{secret.id}/members", "/communities/99999/members"),
        (f"/communities/{secret.id}/names?q=m", "/communities/99999/names?q=m"),
        (f"/communities/{secret.id}/edit", "/communities/99999/edit"),
        (f"/rooms/{room.id}", "/rooms/99999"),
        (f"/rooms/{talk.room_id}", "/rooms/99999"),
        (f"/rooms/{talk.room_id}/events", "/rooms/99999/events"),
        (f"/rooms/{talk.room_id}/unread", "/rooms/99999/unread"),
        (f"/rooms/{talk.room_id}/topics/new", "/rooms/99999/topics/new"),
        (f"/rooms/{talk.room_id}/edit", "/rooms/99999/edit"),
        (f"/topics/{posted.topic_id}/messages", "/topics/99999/messages"),
        *((f"/messages/{posted.id}{more}", f"/messages/99999{more}") for more in ("", "/edit", "/delete", "/history")),
        (f"/api/v1/rooms/{talk.room_id}", "/api/v1/rooms/99999"),
        (f"/api/v1/rooms/{talk.room_id}/events", "/api/v1/rooms/99999/events"),
        (f"/api/v1/topics/{posted.topic_id}/messages", "/api/v1/topics/99999/messages"),
    ]
    stranger = cast.client(cast.stranger)
    for real, imagined in pairs:
        assert stranger.get(real).status_code == stranger.get(imagined).status_code == 404, real
    writes = [
        (f"/communities/{secret.id}/join", {}),
        (f"/communities/{secret.id}/ask", {}),
        (f"/rooms/{talk.room_id}/messages", {"topic_id": talk.topic.id, "client_id": rules.new_client_id(), "body": "In?"}),
        (f"/rooms/{talk.room_id}/topics", {"title": "In?", "client_id": rules.new_client_id(), "body": "In?"}),
        (f"/rooms/{talk.room_id}/seen", {"topic_id": talk.topic.id, "seq": 1}),
        (f"/rooms/{talk.room_id}/read", {}),
        (f"/topics/{posted.topic_id}", {"title": "In?"}),
        (f"/messages/{posted.id}", {"body": "In?"}),
        (f"/messages/{posted.id}/delete", {}),
    ]
    for address, data in writes:
        assert stranger.post(address, data=data).status_code == 404, address
    member = cast.client(cast.mentee)
    assert member.get(f"/rooms/{talk.room_id}").status_code == 200


def test_members_who_do_not_facilitate_get_no_forms_of_facilitators(talk: Talk, cast: Cast) -> None:
    member = cast.client(cast.mentee)
    for address in (
        f"/communities/{talk.community_id}/edit",
        f"/communities/{talk.community_id}/rooms/new",
        f"/rooms/{talk.room_id}/edit",
    ):
        assert member.get(address).status_code == 403, address
        assert cast.client(cast.mentor).get(address).status_code == 200, address


def test_facilitators_invite_and_the_invited_come_in(cast: Cast) -> None:
    talk = Talk(cast, joining="invitation")
    facilitator, invited = cast.client(cast.mentor), cast.client(cast.stranger)
    found = facilitator.get(f"/communities/{talk.community_id}/members?invite=stran").text
    assert "Stranger" in found
    assert (
        facilitator.post(f"/communities/{talk.community_id}/invitations", data={"person_id": cast.stranger.id}).status_code == 303
    )
    assert "You are invited" in invited.get("/communities").text
    assert invited.post(f"/communities/{talk.community_id}/join").status_code == 303
    assert invited.get(f"/rooms/{talk.room_id}").status_code == 200


def test_a_room_page_is_small_and_asks_few_queries(talk: Talk, cast: Cast) -> None:
    for number in range(60):
        talk.say(
            cast.mentor if number % 3 else cast.mentee, f"A sentence of usual length, number {number}, as people write them."
        )
    client = cast.client(cast.mentee)
    with count_queries() as sent:
        page = client.get(f"/rooms/{talk.room_id}", headers={"Accept-Encoding": "gzip"})
    assert len(page.data) < 16 * 1024
    assert len(sent) <= 20, sent
    catch_up = client.get(f"/rooms/{talk.room_id}/events?after={talk.room.last_seq - 50}", headers={"Accept-Encoding": "gzip"})
    assert len(catch_up.data) < 12 * 1024


def test_the_json_door_says_and_reads_the_same(talk: Talk, cast: Cast) -> None:
    client = cast.client(cast.mentee)
    data = {"topic_id": talk.topic.id, "client_id": rules.new_client_id(), "body": "By JSON"}
    first = client.post(f"/api/v1/rooms/{talk.room_id}/messages", json=data)
    again = client.post(f"/api/v1/rooms/{talk.room_id}/messages", json=data)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json | {"duplicate": True}
    read = client.get(f"/api/v1/topics/{talk.topic.id}/messages").json["messages"]
    assert [message["body"] for message in read] == ["By JSON"]
    events = client.get(f"/api/v1/rooms/{talk.room_id}/events").json
    assert events["last"] == first.json["seq"]
    assert client.post(f"/api/v1/rooms/{talk.room_id}/messages", json=data | {"author_id": 1}).status_code == 422
    assert json.loads(client.get("/api/v1/communities").data)["mine"][0]["name"] == "Data circle"


def _secret():  # type: ignore[no-untyped-def]
    from mentorlink.community.inputs import CommunityInput

    return CommunityInput(name="Hidden", purpose="Known to the invited only", joining="invitation")


def test_a_message_is_answered_pinned_moved_and_found_with_forms_alone(talk: Talk, cast: Cast) -> None:
    begun = talk.begin(cast.mentee, "Arsip", "Bagaimana menata arsip?")
    client = cast.client(cast.mentor)
    acts = client.get(f"/messages/{begun.id}/acts").text
    assert "I like it" in acts
    assert client.post(f"/messages/{begun.id}/react", data={"code": "like", "on": "1"}).status_code == 303
    assert client.post(f"/messages/{begun.id}/pin", data={"pinned": "1"}).status_code == 303
    room = client.get(f"/rooms/{talk.room_id}?topic={begun.topic_id}").text
    assert 'class="reaction"' in room
    assert "Pinned" in room
    assert client.post(f"/messages/{begun.id}/move", data={"topic_id": "", "title": "Kearsipan"}).status_code == 303
    assert client.post(f"/topics/{begun.topic_id}/settle", data={"resolved": "1"}).status_code == 303
    found = client.get("/search?q=menata+kearsipan")
    assert f'href="/messages/{begun.id}"' in found.text
    assert f'href="/messages/{begun.id}"' not in cast.client(cast.stranger).get("/search?q=menata").text
    preview = client.get(f"/previews?to=/messages/{begun.id}")
    assert "Bagaimana menata arsip" in preview.text
    assert cast.client(cast.stranger).get(f"/previews?to=/messages/{begun.id}").status_code == 404


def test_where_talk_stands_still_the_page_says_so_and_a_script_gets_the_sentence(talk: Talk, cast: Cast) -> None:
    begun = talk.begin(cast.mentor, "Arsip", "Bagaimana menata arsip?")
    facilitator, member = cast.client(cast.mentor), cast.client(cast.mentee)
    elsewhere = facilitator.post(f"/communities/{talk.community_id}/rooms", data={"name": "Elsewhere", "purpose": ""}).location
    room_id = int(elsewhere.rsplit("/", 1)[1])
    for address in (f"/rooms/{talk.room_id}?topic={begun.topic_id}", f"/topics/{begun.topic_id}/knowledge"):
        assert "Arsip" in member.get("/previews", query_string={"to": address}).text
    assert facilitator.post(f"/topics/{begun.topic_id}/room", data={"room_id": "987654"}).status_code == 422
    moved = facilitator.post(f"/topics/{begun.topic_id}/room", data={"room_id": str(room_id)})
    assert moved.status_code == 303
    assert member.get(f"/rooms/{talk.room_id}?topic={begun.topic_id}").location.startswith(f"/rooms/{room_id}?topic=")
    assert facilitator.post(f"/topics/{begun.topic_id}/lock", data={"locked": "1"}).status_code == 303
    page = member.get(f"/rooms/{room_id}?topic={begun.topic_id}").text
    assert "This topic is locked: only facilitators write here." in page
    assert 'id="composer" hidden' in page
    assert 'id="composer" hidden' not in facilitator.get(f"/rooms/{room_id}?topic={begun.topic_id}").text
    words = {"topic_id": begun.topic_id, "client_id": rules.new_client_id(), "body": "Boleh?"}
    refused = member.post(f"/rooms/{room_id}/messages", data=words, headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "talk_locked")
    assert refused.json["error"]["sentence"] == "Only facilitators write here at present."
    said = talk.say(cast.mentee, "Hers")
    assert 'name="reason"' in facilitator.get(f"/messages/{said.id}/delete").text
    assert facilitator.post(f"/messages/{said.id}/delete", data={"reason": "rude"}).status_code == 303
    assert "A moderator took this message away." in member.get(f"/rooms/{talk.room_id}?topic={talk.topic.id}").text


def test_a_poll_is_asked_answered_and_closed(talk: Talk, cast: Cast) -> None:
    asker, voter = cast.client(cast.mentor), cast.client(cast.mentee)
    form = {"topic_id": talk.topic.id, "client_id": rules.new_client_id(), "body": "Hari apa?"}
    assert asker.post(f"/rooms/{talk.room_id}/polls", data=form | {"options": "Senin"}).status_code == 422
    assert asker.post(f"/rooms/{talk.room_id}/polls", data=form | {"options": "Senin\nSelasa\n"}).status_code == 303
    asked = queries.older_for(cast.actor(cast.mentee), talk.topic, 2**53).messages[-1].id
    assert voter.post(f"/messages/{asked}/vote", data={"options": ["0", "1"]}).status_code == 422
    assert voter.post(f"/messages/{asked}/vote", data={"options": ["1"]}).status_code == 303
    assert voter.post(f"/messages/{asked}/vote", data={"options": ["1"]}).status_code == 303
    assert voter.post(f"/messages/{asked}/close-poll").status_code == 403
    assert asker.post(f"/messages/{asked}/close-poll").status_code == 303
    assert voter.post(f"/messages/{asked}/vote", data={"options": ["0"]}).status_code == 409
    page = voter.get(f"/messages/{asked}/acts").text
    assert "Selasa</b> · 1" in page
    assert "The poll is closed." in page


def png(side: int = 900) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side // 2), (30, 90, 160)).save(out, "PNG", pnginfo=None)
    return out.getvalue()


def test_a_picture_is_drawn_anew_and_a_document_is_handed_out_to_members_alone(talk: Talk, cast: Cast) -> None:
    client, stranger = cast.client(cast.mentee), cast.client(cast.stranger)
    message = {"topic_id": talk.topic.id, "body": "", "client_id": rules.new_client_id()}
    files = [(io.BytesIO(png() + b"<script>alert(1)</script>"), "../foto.png"), (io.BytesIO(b"a;b\n1;2\n"), "angka.csv")]
    posted = client.post(f"/rooms/{talk.room_id}/messages", data=message | {"upload": files})
    assert posted.status_code == 303
    said = queries.older_for(cast.actor(cast.mentor), talk.topic, 2**53).messages[-1]
    picture, document = (one["id"] for one in said.extras["f"])
    drawn = cast.client(cast.mentor).get(f"/attachments/{picture}")
    assert drawn.mimetype == "image/webp"
    assert b"script" not in drawn.data
    assert len(client.get(f"/attachments/{picture}?small").data) <= len(drawn.data)
    handed = client.get(f"/attachments/{document}")
    assert handed.headers["Content-Disposition"].startswith("attachment;")
    assert stranger.get(f"/attachments/{document}").status_code == 404
    waiting = client.post(f"/rooms/{talk.room_id}/files", data={"upload": (io.BytesIO(png(64)), "x.png")}).get_json()["ids"][0]
    assert cast.client(cast.mentor).get(f"/attachments/{waiting}").status_code == 404
    for content, name in (
        (b"MZ\x90", "a.exe"),
        (b"GIF89a broken", "b.gif"),
        (b"%PDF-1.4 /JavaScript %%EOF", "c.pdf"),
        (b"", "d.txt"),
    ):
        refused = client.post(f"/rooms/{talk.room_id}/files", data={"upload": (io.BytesIO(content), name)})
        assert refused.status_code == 422, name


def test_to_who_does_not_belong_nothing_of_a_room_exists(talk: Talk, cast: Cast) -> None:
    begun = talk.begin(cast.mentee, "Arsip", "Bagaimana menata arsip?")
    gets = (
        f"messages/{begun.id}/acts", f"topics/{begun.topic_id}/merge", f"topics/{begun.topic_id}/pins",
        f"rooms/{talk.room_id}/polls/new",
    )  # fmt: skip
    posts = (
        f"messages/{begun.id}/react", f"messages/{begun.id}/pin", f"messages/{begun.id}/vote", f"messages/{begun.id}/close-poll",
        f"messages/{begun.id}/move", f"topics/{begun.topic_id}/settle", f"topics/{begun.topic_id}/merge",
        f"topics/{begun.topic_id}/choice", f"rooms/{talk.room_id}/choice", f"rooms/{talk.room_id}/polls",
        f"rooms/{talk.room_id}/files",
    )  # fmt: skip
    member = cast.client(cast.mentor)
    assert [member.get(f"/{path}").status_code for path in gets] == [200] * len(gets)
    for person in (cast.stranger, cast.coordinator, cast.administrator):
        client = cast.client(person)
        assert {client.get(f"/{path}").status_code for path in gets} == {404}
        assert {client.post(f"/{path}").status_code for path in posts} == {404}


def test_a_title_that_is_taken_is_told_beside_its_field_and_nothing_is_lost(talk: Talk, cast: Cast) -> None:
    talk.begin(cast.mentor, "Ship times")
    client = cast.client(cast.mentee)
    sent = {"title": "ship times", "body": "Half a page of words", "client_id": rules.new_client_id()}
    refused = client.post(f"/rooms/{talk.room_id}/topics", data=sent)
    assert refused.status_code == 409
    assert 'id="f-title-error"' in refused.text
    assert "Half a page of words</textarea>" in refused.text


def test_the_first_room_is_called_in_each_readers_language_until_it_is_named(talk: Talk, cast: Cast) -> None:
    client = cast.client(cast.mentee)
    page = f"/communities/{talk.community_id}"
    cast.mentee.locale = "id"
    db.session.commit()
    assert "Ruang bersama" in client.get(page).text
    cast.mentee.locale = "en"
    db.session.commit()
    assert "Common room" in client.get(page).text
    actions.change_room(cast.actor(cast.mentor), talk.room, RoomInput(name="Harbour"))
    assert "Harbour" in client.get(page).text


def test_search_is_one_tap_away_on_every_page(cast: Cast) -> None:
    assert '<a class="bar-btn" href="/search"' in cast.client(cast.mentee).get("/communities").text
