"""The ledger as a whole: in whatever order deeds come, one by one or a year at once, it is the same year under the same caps."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict
from mentorlink.learning import actions
from mentorlink.learning.actions.giving import credit_giving, withdraw_giving
from mentorlink.learning.models import HoursEntry, LearningPeriod, RecapRow
from mentorlink.learning.rules import paths_of, period_of, shipped_paths
from mentorlink.notifications.models import Notice
from tests import story
from tests.cast import Cast
from tests.learning.closing import freeze
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


WAYS = ("mentoring", "coaching", "guidance", "self_study", "community", "e_learning", "seminar", "technical")


def some_deeds(dice: random.Random) -> list[tuple[str, date, str, dict[str, int]]]:
    """Deeds of two months that crowd each other under the caps."""
    found: list[tuple[str, date, str, dict[str, int]]] = []
    for number in range(14):
        path, day = dice.choice(WAYS), date(2026, dice.choice((3, 4)), dice.randint(1, 4))
        more = {"jp": dice.randint(1, 9)} if path in ("seminar", "technical") else {"minutes": dice.randint(20, 300)}
        if path in ("mentoring", "coaching", "guidance"):
            more = {"units": dice.randint(1, 3)}
        found.append((path, day, f"claim:{number}", more))
    return found


def counts(person_id: int) -> dict[tuple[str, date], tuple[int, int]]:
    """Path and cap's period → JP and units that count."""
    paths = paths_of(shipped_paths())
    found: dict[tuple[str, date], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for entry in db.session.scalars(sa.select(HoursEntry).where(HoursEntry.person_id == person_id)):
        cap = paths[entry.path].cap_period
        key = entry.path, period_of(cap, entry.happened_on)[0] if cap else date.min
        found[key] = found[key][0] + entry.jp, found[key][1] + entry.counted
    return {key: value for key, value in found.items() if value != (0, 0)}


def told(entries: Sequence[HoursEntry]) -> dict[str, tuple[str, date, int]]:
    """Deed → path, day and minutes, as its first entry says: nothing of a deed but what it counts depends on when it came."""
    first = sorted(entries, key=lambda entry: -entry.turn)
    return {entry.origin: (entry.path, entry.happened_on, entry.minutes) for entry in first}


@pytest.mark.parametrize("seed", range(6))
def test_no_order_of_credit_and_correction_beats_a_cap_or_changes_the_year(cast: Cast, seed: int) -> None:
    actions.load_hours_rule(SYSTEM, valid_from=date(2025, 1, 1))
    dice, paths = random.Random(seed), paths_of(shipped_paths())
    deeds = some_deeds(dice)
    taken_back = {origin for _path, _day, origin, _more in deeds if dice.random() < 0.3}
    years = []
    for name in ("one", "other"):
        person = cast.person(f"{name} {seed}", cast.budget)
        steps = [(deed, "credit") for deed in deeds] + [(deed, "withdraw") for deed in deeds if deed[2] in taken_back]
        dice.shuffle(steps)
        steps.sort(key=lambda step: step[1] == "withdraw" and (step[0], "credit") not in steps)
        done: set[str] = set()
        late = []
        for (path, day, origin, more), what in steps:
            if what == "withdraw" and origin not in done:
                late.append(origin)
                continue
            if what == "credit":
                actions.credit_deed(SYSTEM, person.id, path=path, happened_on=day, origin=origin, **more)  # type: ignore[arg-type]
                done.add(origin)
            else:
                actions.withdraw_deed(SYSTEM, person.id, origin=origin)
            for (path, _begins), (jp, units) in counts(person.id).items():
                rule = paths[path]
                assert rule.cap is None or (units if rule.cap_unit == "session" else jp) <= rule.cap
        for origin in late:
            actions.withdraw_deed(SYSTEM, person.id, origin=origin)
        by_deed: dict[str, int] = defaultdict(int)
        written = sa.select(HoursEntry).where(HoursEntry.person_id == person.id).order_by(HoursEntry.id)
        for entry in db.session.scalars(written):
            by_deed[entry.origin] += entry.jp
            assert by_deed[entry.origin] >= 0
        assert all(by_deed[origin] == 0 for origin in taken_back)
        entries = db.session.scalars(sa.select(HoursEntry).where(HoursEntry.person_id == person.id)).all()
        years.append((
            counts(person.id),
            sum(entry.jp for entry in entries),
            told(entries),
        ))  # fmt: skip
    assert years[0] == years[1]


def test_a_year_credited_at_once_is_what_its_deeds_made_one_by_one(cast: Cast) -> None:
    actions.load_hours_rule(SYSTEM, valid_from=date(2025, 1, 1))
    with clock.at(datetime(2026, 3, 1, 5, tzinfo=UTC)):
        first = story.pair(cast)
        second = story.pair(cast, mentor=cast.second_mentor, mentee=cast.person("other", cast.budget, levels=(1, 1, 1)))
    for day in (3, 4, 5, 6):
        with clock.at(datetime(2026, 3, day, 7, tzinfo=UTC)):
            story.met(cast, first)
            story.met(cast, second)
    give(cast)
    columns = (
        HoursEntry.person_id,
        HoursEntry.happened_on,
        HoursEntry.minutes,
        HoursEntry.turn,
        HoursEntry.origin,
        HoursEntry.jp,
        HoursEntry.counted,
        HoursEntry.capped_from,
    )
    assert withdrawn() == {("answer:7", -1), ("gathering:2", -2)}
    standing = sa.select(*columns).where(HoursEntry.origin.not_in([origin for origin, _jp in withdrawn()]))
    one_by_one = sorted(map(repr, db.session.execute(standing)))
    assert len(one_by_one) == 13
    without_guards(sa.delete(HoursEntry))
    assert actions.credit_year(SYSTEM, 2026) == 13
    assert sorted(map(repr, db.session.execute(sa.select(*columns)))) == one_by_one
    assert actions.credit_year(SYSTEM, 2026) == 0


def withdrawn() -> set[tuple[str, int]]:
    """Deeds that were taken back, and by how many JP."""
    rows = db.session.execute(sa.select(HoursEntry.origin, HoursEntry.jp).where(HoursEntry.reason == "withdrawn"))
    return {(origin, jp) for origin, jp in rows}


def give(cast: Cast) -> None:
    """What the mentee gave and got in a community: gatherings, an answer that was dropped and helped again, a page."""
    deeds = (
        ("gathering_attended", "gathering:1", 100, 10), ("gathering_attended", "gathering:2", 90, 11),
        ("answer_accepted", "answer:7", 0, 12), ("answer_accepted", "answer:7:1", 0, 12), ("page_written", "page:3", 0, 13),
        ("page_reviewed", "page_review:3:2", 0, 13), ("page_reviewed", "page_review:3:4", 0, 14),
    )  # fmt: skip
    for deed, origin, minutes, day in deeds:
        at = datetime(2026, 3, day, 7, tzinfo=UTC)
        credit_giving(SYSTEM, cast.mentee.id, deed=deed, at=at, origin=origin, minutes=minutes)
        if origin in ("gathering:2", "answer:7"):
            withdraw_giving(SYSTEM, cast.mentee.id, origin=origin)


@pytest.mark.parametrize("seed", range(2))
def test_whatever_comes_later_a_frozen_period_stays_as_it_is(cast: Cast, seed: int) -> None:
    actions.load_hours_rule(SYSTEM, valid_from=date(2025, 1, 1))
    dice = random.Random(100 + seed)
    give(cast)
    for path, day, origin, more in some_deeds(dice):
        actions.credit_deed(SYSTEM, cast.mentee.id, path=path, happened_on=day, origin=origin, **more)  # type: ignore[arg-type]
    period = freeze(cast)
    everything = sa.select(HoursEntry).order_by(HoursEntry.id)
    lines = sa.select(RecapRow.source, RecapRow.jp, RecapRow.counted).order_by(RecapRow.id)
    before = [entry.id for entry in db.session.scalars(everything)], db.session.execute(lines).all()
    for path, day, origin, more in some_deeds(dice):
        actions.credit_deed(
            SYSTEM, cast.mentee.id, path=path, happened_on=day, origin=f"late-{origin}", **more  # type: ignore[arg-type]
        )  # fmt: skip
        with pytest.raises(Conflict, match="period_frozen"):
            actions.withdraw_deed(SYSTEM, cast.mentee.id, origin=origin)
    credit_giving(SYSTEM, cast.mentee.id, deed="page_written", at=datetime(2026, 4, 2, 7, tzinfo=UTC), origin="page:9")
    actions.credit_year(SYSTEM, 2026)
    assert ([entry.id for entry in db.session.scalars(everything)], db.session.execute(lines).all()) == before
    assert db.session.scalar(sa.select(sa.func.count()).where(Notice.kind == "deed_too_late")) == 15
    assert db.session.get_one(LearningPeriod, period.id).state == "frozen"
