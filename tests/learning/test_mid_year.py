"""Somebody changes unit, tier or kind of contract in mid-year: nothing is doubled or lost, and who decides moves with them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning import actions
from mentorlink.learning.inputs import ClaimInput, Decision
from mentorlink.learning.models import HoursEntry, RecapRow
from mentorlink.learning.queries import waiting_claims_for, year_for
from mentorlink.learning.queries.index import index_for
from mentorlink.people.models import Job, Person
from tests import story
from tests.cast import Cast
from tests.learning.closing import freeze

SYSTEM = Actor.system()
MAY = datetime(2026, 5, 4, 5, tzinfo=UTC)


def change(person: Person, **columns: object) -> None:
    """What an import of the personnel system changes."""
    db.session.execute(sa.update(Person).where(Person.id == person.id).values(**columns))
    db.session.commit()


def credit(person: Person, number: int, day: int) -> None:
    """A session of March."""
    deed = {"path": "mentoring", "happened_on": date(2026, 3, day), "origin": f"meeting:{number}"}
    actions.credit_deed(SYSTEM, person.id, **deed)  # type: ignore[arg-type]


def test_who_moves_to_another_unit_takes_hours_caps_and_waiting_claims_along(cast: Cast) -> None:
    actions.load_hours_rule(SYSTEM, valid_from=date(2025, 1, 1))
    mentee, before = cast.mentee, cast.supervisor
    after = cast.person("new_head", cast.statistics, heads=cast.statistics)
    credit(mentee, 1, 2)
    credit(mentee, 2, 9)
    with clock.at(MAY):
        said = ClaimInput.model_validate(
            {"client_id": "c" * 12, "path": "seminar", "activity": "Seminar data", "starts_on": "2026-04-02",
             "link": "https://a.example/b"}
        )  # fmt: skip
        claim = actions.claim_hours(cast.actor(mentee), mentee, said)
        assert [row.id for row in waiting_claims_for(cast.actor(before))] == [claim.id]
        change(mentee, unit_id=cast.statistics.id)
        assert not waiting_claims_for(cast.actor(before))
        assert [row.id for row in waiting_claims_for(cast.actor(after))] == [claim.id]
        credit(mentee, 3, 16)
        actions.decide_claim(cast.actor(after), claim, Decision(decision="approve", revision=1))
        learning = year_for(cast.actor(mentee), mentee, 2026)
        assert (sum(learning.by_month), learning.lost) == (8, 2)
    freeze(cast)
    rows = db.session.execute(sa.select(RecapRow.path, RecapRow.unit_id, RecapRow.jp).order_by(RecapRow.path)).all()
    assert [tuple(row) for row in rows] == [("mentoring", cast.statistics.id, 4), ("seminar", cast.statistics.id, 4)]


def test_who_changes_tier_has_the_index_of_the_new_post_and_the_same_hours(cast: Cast) -> None:
    actions.load_hours_rule(SYSTEM, valid_from=date(2025, 1, 1))
    actions.load_index_rule(SYSTEM, valid_from=date(2025, 1, 1))
    mentee = cast.mentee
    deed = {"path": "technical", "happened_on": date(2026, 3, 3), "origin": "claim:1", "jp": 20}
    actions.credit_deed(SYSTEM, mentee.id, **deed)  # type: ignore[arg-type]
    found = []
    for job_id in (mentee.job_id, None):
        change(mentee, job_id=job_id)
        with clock.at(MAY):
            standing = index_for(cast.actor(mentee), db.session.get_one(Person, mentee.id), 2026)
        parts = {part.code: part for part in standing.index.parts}
        found.append((standing.post, parts["technical"].points, parts["technical"].value))
    assert db.session.scalars(sa.select(Job)).one().tier.code.startswith("jf")
    assert found == [("functional", 15, 20), ("executive", 22.5, 20)]


def test_who_changes_from_contract_to_permanent_keeps_every_hour_under_the_other_figure(cast: Cast) -> None:
    actions.load_hours_rule(SYSTEM, valid_from=date(2025, 1, 1))
    mentee = cast.mentee
    change(mentee, contract="pppk")
    deed = {"path": "technical", "happened_on": date(2026, 3, 3), "origin": "claim:1", "jp": 27}
    actions.credit_deed(SYSTEM, mentee.id, **deed)  # type: ignore[arg-type]
    found = []
    for contract in ("pppk", "pns"):
        change(mentee, contract=contract)
        with clock.at(MAY):
            learning = year_for(cast.actor(mentee), db.session.get_one(Person, mentee.id), 2026)
        target = learning.target
        found.append((target.floor, target.ceiling, learning.forecast.total, learning.forecast.beyond, learning.forecast.missing))
    assert found == [(None, 24, 27, 3, 0), (20, None, 27, 0, 0)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(HoursEntry)) == 1


def test_who_moved_to_another_time_zone_since_is_credited_no_deed_twice(cast: Cast) -> None:
    """A session late on New Year's Eve in Jakarta lies in the new year in Jayapura."""
    actions.load_hours_rule(SYSTEM, valid_from=date(2025, 1, 1))
    with clock.at(datetime(2025, 12, 31, 16, 45, tzinfo=UTC)):
        story.met(cast, story.pair(cast), minutes=15)
    assert db.session.scalars(sa.select(HoursEntry.happened_on)).all() == [date(2025, 12, 31)]
    change(cast.mentee, timezone="Asia/Jayapura")
    with clock.at(MAY):
        assert [actions.credit_year(SYSTEM, year) for year in (2025, 2026)] == [0, 0]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(HoursEntry)) == 1
