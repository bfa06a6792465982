"""What is said twice at one instant stands once, and neither of the two is told of a fault."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from mentorlink.competencies.actions import note_changes
from mentorlink.competencies.models import LevelsNoted
from mentorlink.kernel.db import db
from mentorlink.learning.actions.evaluation import add_indicator, note_value
from mentorlink.learning.actions.rights import note_contract
from mentorlink.learning.inputs import ContractInput, IndicatorInput, ValueInput
from mentorlink.learning.models import ContractTerm, IndicatorValue, ResultIndicator
from mentorlink.notifications.actions import choose_preferences, choose_rhythm
from mentorlink.notifications.inputs import PreferencesInput, RhythmInput
from mentorlink.notifications.models import Preference, Rhythm
from mentorlink.notifications.rules import GROUPS
from mentorlink.people.actions import block_person
from mentorlink.people.models import AuditEntry, Block, Person
from mentorlink.sessions.care.actions import name_safe_person
from mentorlink.sessions.care.inputs import SafePersonChoice
from mentorlink.sessions.care.models import SafePerson
from tests.cast import Cast
from tests.people.ways import at_once

TIMES = 12
"""So often the two try, as they do not meet each time."""

INDICATOR = {
    "kind": "public_satisfaction", "name": "Survey", "measure": "%", "baseline": "72", "target": "82.8", "source": "Visitors",
    "begins_on": "2026-01-01", "ends_on": "2026-12-31",
}  # fmt: skip


def _indicator() -> ResultIndicator:
    return db.session.scalars(sa.select(ResultIndicator)).one()


def _mentee(cast: Cast) -> Person:
    return db.session.get_one(Person, cast.mentee.id)


DEEDS: dict[type[Any], Callable[[Cast], object]] = {
    Block: lambda cast: block_person(cast.actor(cast.mentor), _mentee(cast)),
    SafePerson: lambda cast: name_safe_person(cast.actor(cast.coordinator), SafePersonChoice(person_id=cast.mentee.id)),
    Rhythm: lambda cast: choose_rhythm(cast.actor(cast.mentee), RhythmInput(digest="daily")),
    Preference: lambda cast: choose_preferences(cast.actor(cast.mentee), PreferencesInput()),
    LevelsNoted: lambda cast: note_changes(cast.actor(cast.mentee), _mentee(cast)),
    IndicatorValue: lambda cast: note_value(
        cast.actor(cast.coordinator), _indicator(), ValueInput.model_validate({"measured_on": "2026-06-01", "value": "77.4"})
    ),
    ContractTerm: lambda cast: note_contract(
        cast.actor(cast.coordinator), _mentee(cast), ContractInput(begins_on=date(2024, 1, 1))
    ),
}
"""What stands afterwards → who says it."""


@pytest.fixture
def people(cast: Cast) -> Cast:
    """Who says it, and what it is about."""
    add_indicator(cast.actor(cast.coordinator), IndicatorInput.model_validate(INDICATOR))
    _mentor, mentee = cast.mentor, cast.mentee
    mentee.contract = "pppk"
    db.session.commit()
    return cast


@pytest.mark.parametrize("row", DEEDS)
def test_what_two_say_at_once_stands_once(row: type[Any], people: Cast) -> None:
    for _time in range(TIMES):
        assert at_once(people, *[lambda: DEEDS[row](people)] * 2) == [None, None]
        stand = db.session.execute(sa.delete(row)).rowcount  # type: ignore[attr-defined]
        db.session.commit()
        assert stand == (len(GROUPS) if row is Preference else 1)


def test_who_is_named_at_once_by_two_is_named_once_in_the_record(people: Cast) -> None:
    at_once(people, *[lambda: DEEDS[SafePerson](people)] * 2)
    acts = sa.select(sa.func.count()).where(AuditEntry.act == "safe_person_named")
    assert db.session.scalar(acts) == 1
