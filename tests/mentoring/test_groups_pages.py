"""The pages of a group: opened, joined, met in, left; and what each finds there."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring.groups.models import Group
from tests.mentoring.pair import Pair
from tests.mentoring.test_groups import Circle


def test_a_group_is_opened_asked_for_and_met_in_through_its_pages(pair: Pair) -> None:
    cast = pair.cast
    mentor, ratna = cast.client(cast.mentor), cast.client(cast.person("ratna", cast.budget))
    said = {"name": "Reading a budget", "about": "We read one budget together.", "places": "3"}
    assert mentor.post("/mentoring/groups/new", data=said | {"name": ""}).status_code == 422
    assert mentor.post("/mentoring/groups/new", data=said).status_code == 303
    group_id = db.session.scalars(sa.select(Group.id)).one()
    assert "Reading a budget" in ratna.get("/mentoring/groups").get_data(as_text=True)
    assert ratna.get(f"/mentoring/groups/{group_id}/edit").status_code == 404
    assert ratna.post(f"/mentoring/groups/{group_id}/ask", data={"words": "To learn"}).status_code == 303
    page = mentor.get(f"/mentoring/groups/{group_id}").get_data(as_text=True)
    assert "To learn" in page
    circle = Circle.__new__(Circle)
    circle.cast, circle.id = cast, group_id
    assert mentor.post(f"/mentoring/groups/members/{circle.member('ratna').id}/join").status_code == 303
    meeting = circle.plan()
    assert ratna.get(f"/meetings/plan/{circle.group.series_id}").status_code == 403
    assert "I cannot come" in ratna.get(f"/meetings/{meeting.id}").get_data(as_text=True)
    assert ratna.post(f"/meetings/{meeting.id}/excuse").status_code == 303
    assert ratna.post(f"/meetings/{meeting.id}/come").status_code == 303
    with clock.at(meeting.ends_at + timedelta(minutes=10)):
        late = cast.client(cast.mentor)
        assert "Who was there?" in late.get(f"/meetings/{meeting.id}").get_data(as_text=True)
        refused = late.post(f"/meetings/{meeting.id}/hold", data={"counted": "1", "summary": "Kept"})
        assert refused.status_code == 422
        assert "Kept" in refused.get_data(as_text=True)
        there = {"counted": "1", "present": [str(circle.who("ratna").id)], "summary": "We read"}
        assert late.post(f"/meetings/{meeting.id}/hold", data=there).status_code == 303
    counted = db.session.scalars(sa.select(Meeting).where(Meeting.of_id == meeting.id)).one()
    assert ratna.get(f"/meetings/{counted.id}").headers["Location"] == f"/meetings/{meeting.id}"
    own = ratna.get(f"/mentoring/{circle.pair('ratna').id}/meetings").get_data(as_text=True)
    assert "with the group" in own


def test_a_mentee_finds_nothing_of_anothers_way_on_the_groups_pages(pair: Pair) -> None:
    circle = Circle(pair.cast).join("ratna", "bayu")
    bayu = pair.cast.client(circle.who("bayu"))
    page = bayu.get(f"/mentoring/groups/{circle.id}").get_data(as_text=True)
    assert circle.who("ratna").name in page
    assert f"/mentoring/{circle.pair('ratna').id}" not in page
    assert f"/mentoring/{circle.pair('bayu').id}" in page
    assert bayu.get(f"/mentoring/{circle.pair('ratna').id}").status_code == 404
    assert bayu.post(f"/mentoring/groups/members/{circle.member('ratna').id}/leave").status_code == 404
    led = pair.cast.client(pair.cast.mentor).get(f"/mentoring/groups/{circle.id}").get_data(as_text=True)
    assert f"/mentoring/{circle.pair('ratna').id}" in led
