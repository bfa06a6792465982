"""Reads of the professionalism index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.models import HoursEntry, IndexFact, IndexRule
from mentorlink.learning.policy import may_see_index
from mentorlink.learning.rules.index import Index, Known, index_of, kind_of_post
from mentorlink.people.models import Person, Tier
from mentorlink.people.queries import person_for


@dataclass(frozen=True)
class Standing:
    """Where somebody stands in a year, by which version, and every word that was entered."""

    index: Index
    post: str
    rule: IndexRule
    facts: list[IndexFact]


def newest_index_rule() -> IndexRule | None:
    """The version made last."""
    return db.session.scalar(sa.select(IndexRule).order_by(IndexRule.number.desc()).limit(1))


def index_rule_on(day: date) -> IndexRule:
    """The version in force on a day."""
    rule = db.session.scalar(
        sa.select(IndexRule)
        .where(IndexRule.valid_from <= day)
        .order_by(IndexRule.valid_from.desc(), IndexRule.number.desc())
        .limit(1)
    )
    if rule is None:
        raise NotFound("no_index_rule")
    return rule


def index_rules_for(_actor: Actor) -> list[IndexRule]:
    """Every version of the weights, the newest first: anybody may know by what they are measured."""
    return list(db.session.scalars(sa.select(IndexRule).options(joinedload(IndexRule.made_by)).order_by(IndexRule.number.desc())))


def every_tier() -> list[Tier]:
    """The tiers of jobs, the most senior first."""
    return list(db.session.scalars(sa.select(Tier).order_by(Tier.grade.desc(), Tier.code)))


def person_with_index_for(actor: Actor, person_id: int) -> Person:
    """Somebody whose index the actor may see."""
    person = person_for(actor, person_id)
    if not may_see_index(actor, person):
        raise NotFound()
    return person


def index_for(actor: Actor, person: Person, year: int) -> Standing:
    """The index of ``person`` in a year, with the source of each number."""
    if not may_see_index(actor, person):
        raise NotFound()
    last = min(clock.today(person.timezone), date(year, 12, 31))
    rule = index_rule_on(last)
    facts = list(
        db.session.scalars(
            sa.select(IndexFact)
            .options(joinedload(IndexFact.entered_by))
            .where(IndexFact.person_id == person.id, IndexFact.as_of <= last)
            .order_by(IndexFact.as_of.desc(), IndexFact.id.desc())
        )
    )
    known: dict[str, Known] = {}
    for fact in facts:
        known.setdefault(fact.dimension, Known(fact.value, fact.source, fact.as_of))
    jp = dict(
        db.session.execute(
            sa.select(HoursEntry.path, sa.func.sum(HoursEntry.jp))
            .where(
                HoursEntry.person_id == person.id,
                HoursEntry.happened_on >= date(year, 1, 1),
                HoursEntry.happened_on < date(year + 1, 1, 1),
            )
            .group_by(HoursEntry.path)
        ).all()
    )
    post = kind_of_post(rule.content, person.job.tier.code if person.job else None)
    hours = {path: int(sum_) for path, sum_ in jp.items()}
    return Standing(index_of(rule.content, post=post, known=known, jp_by_path=hours), post, rule, facts)
