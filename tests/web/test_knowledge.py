"""Pages of questions, knowledge and the library, as a browser without JavaScript walks through them."""

from __future__ import annotations

import io

import pytest

from mentorlink.community import actions as community_actions
from mentorlink.community.inputs import RoleInput
from tests.cast import Cast
from tests.community.living import Living


@pytest.fixture
def living(cast: Cast) -> Living:
    return Living(cast)


def test_a_question_becomes_an_answer_and_the_answer_a_reviewed_page(living: Living, cast: Cast) -> None:
    topic_id = living.begin(cast.mentee, "How large a sample?", "Two islands").topic_id
    answer = living.say(cast.mentor, "Thirty **each**", topic_id=topic_id)
    expert = cast.person("expert")
    community_actions.join_community(cast.actor(expert), living.community)
    living.steer(community_actions.change_role, living.community, expert.id, RoleInput(role="expert"))
    asker, here = cast.client(cast.mentee), f"/topics/{topic_id}"
    assert asker.post(f"{here}/question", data={"competency_id": cast.competencies[0].id}).status_code == 303
    assert asker.post(f"{here}/accept", data={"message_id": answer.id}).status_code == 303
    assert "This helped" in asker.get(f"{here}/knowledge").text
    page = asker.post(f"{here}/page").location
    wrong = asker.post(page, data={"title": "x", "body": "short", "version": "1"})
    assert (wrong.status_code, 'id="f-body-error"' in wrong.text) == (422, True)
    body = {"title": "Sample sizes", "body": "Thirty on each island are enough.", "version": "1", "open_to": "agency"}
    assert asker.post(page, data=body | {"competency_ids": [cast.competencies[0].id]}).status_code == 303
    assert asker.post(f"{page}/send").status_code == 303
    judge = cast.client(expert)
    assert "Do you stand by it?" in judge.get(page).text
    assert judge.post(f"{page}/review", data={"verdict": "return", "version": "2", "months": "12"}).status_code == 422
    assert judge.post(f"{page}/review", data={"verdict": "approve", "version": "2", "months": "12"}).status_code == 303
    assert "Sample sizes" in cast.client(cast.stranger).get("/library?competency=T.1").text
    versions = asker.get(f"{page}/versions").text
    assert "<ins>" in versions
    assert "<del>" in versions


def test_a_document_goes_into_the_library_and_out_as_an_attachment(living: Living, cast: Cast) -> None:
    client, here = cast.client(cast.mentee), f"/communities/{living.community_id}"
    assert client.post(f"{here}/material", data={"kind": "document", "title": "Guide", "open_to": "members"}).status_code == 422
    upload = {"file": (io.BytesIO(b"%PDF-1.4\n1 0 obj\nendobj\ntrailer\n%%EOF"), "guide.pdf")}
    sent = client.post(f"{here}/material", data={"kind": "document", "title": "Guide", "open_to": "members"} | upload)
    assert sent.status_code == 303
    page = client.get(f"{here}/knowledge").text
    address = page.split('href="/material/')[1].split('"')[0]
    answer = client.get(f"/material/{address}")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert cast.client(cast.stranger).get(f"/material/{address}").status_code == 404
