"""A pair goes the whole way."""

import pytest
import sqlalchemy as sa

from mentorlink.competencies.models import Assessment, CurrentLevel
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict
from mentorlink.sessions.mentoring.queries import standing_for
from tests.mentoring.pair import Pair


def test_a_pair_goes_through_four_stages_and_the_gap_moves(pair: Pair) -> None:
    before = db.session.get_one(CurrentLevel, (pair.mentee_id, pair.competency_ids[0])).level
    pair.go_to("confirmative")
    pair.fill("confirmative")
    assert standing_for(pair.mentor, pair.row()).ready
    assert pair.close().state == "closed"
    db.session.expire_all()
    assert before == 1
    assert [db.session.get_one(CurrentLevel, (pair.mentee_id, id)).level for id in pair.competency_ids] == [3, 3]
    rows = db.session.scalars(sa.select(Assessment).where(Assessment.source == "mentorship")).all()
    assert {row.origin for row in rows} == {f"mentorship:{pair.id}"}


def test_each_gate_is_shut_until_its_work_is_done(pair: Pair) -> None:
    for stage in ("prescriptive", "persuasive", "collaborative"):
        assert pair.row().stage == stage
        with pytest.raises(Conflict, match="gate_closed"):
            pair.advance()
        pair.fill(stage)
        pair.advance()
    with pytest.raises(Conflict, match="gate_closed"):
        pair.close()
    pair.fill("confirmative")
    assert pair.close().state == "closed"
