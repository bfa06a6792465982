"""What a device keeps of a form goes when the server says that it took that form, and only then."""

from __future__ import annotations

import pytest

from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.people.models import SignIn
from tests.mentoring.pair import Pair

pytestmark = pytest.mark.one_database

DAY = clock.today().isoformat()
TALK = {"day": DAY, "at": "00:01", "minutes": "15", "mode": "phone", "summary": "Agreed on the outline"}


def test_an_accepted_form_is_confirmed_by_its_key_and_a_refused_one_is_not(pair: Pair) -> None:
    client, address = pair.cast.client(pair.cast.mentor), f"/meetings/log/{pair.row().series_id}"

    def sent(key: str, **form: str) -> tuple[int, str]:
        answer = client.post(address, data=TALK | form | {"draft_key": key})
        return answer.status_code, answer.headers.get("Set-Cookie", "")

    for key, form, status in (
        ("log-3@1", {"summary": ""}, 422),
        ("log-3@2", {"day": "2090-01-01"}, 422),
        ("<b>@3", {"minutes": "5"}, 303),
    ):
        answered, cookie = sent(key, **form)
        assert (answered, "drafts-taken" in cookie) == (status, False)
    answered, cookie = sent("log-3@4", at="00:07", minutes="5")
    assert answered == 303
    assert "drafts-taken=log-3@4" in cookie
    assert "HttpOnly" not in cookie.split("drafts-taken")[1].split(",")[0]


def test_nothing_is_confirmed_to_who_was_signed_out(pair: Pair) -> None:
    client = pair.cast.client(pair.cast.mentor)
    db.session.execute(SignIn.__table__.update().values(ended_at=clock.now()))
    db.session.commit()
    answer = client.post(f"/meetings/log/{pair.row().series_id}", data=TALK | {"draft_key": "log-3@1"})
    assert answer.status_code == 401
    assert "drafts-taken" not in answer.headers.get("Set-Cookie", "")
