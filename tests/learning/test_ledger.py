"""The ledger as a whole: in whatever order deeds come, one by one or a year at once, it is the same year under the same caps."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning import actions
from mentorlink.learning.models import HoursEntry
from tests import story
from tests.cast import Cast
from tests.learning.ledger import without_guards

SYSTEM = Actor.system()
DEEDS = [
    ("mentoring", date(2026, 3, day), f"meeting:{day}", {}) for day in (2, 9, 16, 23)
] + [
    ("guidance", date(2026, 3, 4), "claim:1", {"units": 5}), ("guidance", date(2026, 3, 8), "claim:2", {"units": 1, "jp": 3}),
    ("self_study", date(2026, 3, 5), "claim:3", {"minutes": 60}), ("self_study", date(2026, 3, 5), "claim:4", {"minutes": 200}),
    ("technical", date(2026, 3, 6), "claim:5", {"jp": 12}),
]  # fmt: skip


def year() -> dict[str, int]:
    rows = db.session.execute(sa.select(HoursEntry.path, sa.func.sum(HoursEntry.jp)).group_by(HoursEntry.path)).all()
    return {path: int(jp) for path, jp in rows}


@pytest.mark.parametrize("seed", range(4))
def test_the_same_deeds_in_any_order_give_the_same_year_and_taking_one_back_sums_to_zero(cast: Cast, seed: int) -> None:
    actions.load_hours_rule(SYSTEM, valid_from=date(2025, 1, 1))
    order = list(DEEDS)
    random.Random(seed).shuffle(order)
    for path, day, origin, more in order:
        actions.credit_deed(SYSTEM, cast.mentee.id, path=path, happened_on=day, origin=origin, **more)  # type: ignore[arg-type]
        assert all(jp <= cap for jp, cap in ((year().get("mentoring", 0), 4), (year().get("self_study", 0), 2)))
    assert year() == {"mentoring": 4, "guidance": 5, "self_study": 2, "technical": 12}
    for _path, _day, origin, _more in order:
        actions.withdraw_deed(SYSTEM, cast.mentee.id, origin=origin)
        actions.withdraw_deed(SYSTEM, cast.mentee.id, origin=origin)
    assert set(year().values()) == {0}
    by_deed: dict[str, int] = defaultdict(int)
    for entry in db.session.scalars(sa.select(HoursEntry)):
        by_deed[entry.origin] += entry.jp
    assert set(by_deed.values()) == {0}


def test_a_year_credited_at_once_is_what_its_deeds_made_one_by_one(cast: Cast) -> None:
    actions.load_hours_rule(SYSTEM, valid_from=date(2025, 1, 1))
    with clock.at(datetime(2026, 3, 1, 5, tzinfo=UTC)):
        first = story.pair(cast)
        second = story.pair(cast, mentor=cast.second_mentor, mentee=cast.person("other", cast.budget, levels=(1, 1, 1)))
    for day in (3, 4, 5, 6):
        with clock.at(datetime(2026, 3, day, 7, tzinfo=UTC)):
            story.met(cast, first)
            story.met(cast, second)
    columns = (HoursEntry.person_id, HoursEntry.origin, HoursEntry.jp, HoursEntry.counted, HoursEntry.capped_from)
    one_by_one = sorted(map(repr, db.session.execute(sa.select(*columns))))
    without_guards(sa.delete(HoursEntry))
    assert actions.credit_year(SYSTEM, 2026) == 8
    assert sorted(map(repr, db.session.execute(sa.select(*columns)))) == one_by_one
    assert actions.credit_year(SYSTEM, 2026) == 0
