"""Models learned from what came of lists: what an administrator decides on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.matching import TERMS, Evidence, Match, Verdict, Weights, judge
from mentorlink.pairing.models import RankingModel
from mentorlink.pairing.policy import may_see_models
from mentorlink.pairing.queries.mentees import asking
from mentorlink.pairing.queries.outcomes import Outcomes, evidence_of, outcomes_of
from mentorlink.pairing.queries.pool import index_of
from mentorlink.pairing.queries.terms import Terms, adopted_model, terms_of, weights_by
from mentorlink.people.models import Person
from mentorlink.programmes.rules import USUAL_WEIGHTS

LISTED = 30
EXAMPLE = 10
STEPS = 20
"""A curve is drawn through so many points."""


@dataclass(frozen=True)
class Part:
    """One part of the score, by policy and by a model: what it adds at most, in hundredths, and how it grows."""

    term: str
    policy: float
    model: float
    before: tuple[float, ...]
    after: tuple[float, ...]
    """Hundredths at shares 0, 1/20, … 1."""


@dataclass(frozen=True)
class Move:
    """Somebody of an example list: where policy puts them, and where the model does. None: not among the first."""

    person: Person
    before: int | None
    after: int | None


@dataclass(frozen=True)
class RankingPage:
    """What ranks now for one kind of help, and what was learned."""

    kind: str
    terms: Terms
    adopted: RankingModel | None
    """Adopted, though a programme's own weights may rank before it."""
    proposed: RankingModel | None
    models: Sequence[RankingModel]
    outcomes: Outcomes


def ranking_page_for(actor: Actor, kind: str) -> RankingPage:
    """What HR and administrators of the whole agency see; for others there is no such page."""
    if not may_see_models(actor):
        raise NotFound()
    models = db.session.scalars(
        sa.select(RankingModel)
        .options(joinedload(RankingModel.decided_by))
        .where(RankingModel.kind == kind)
        .order_by(RankingModel.number.desc())
        .limit(LISTED)
    ).all()
    proposed = next((model for model in models if model.state == "proposed"), None)
    return RankingPage(kind, terms_of(kind), adopted_model(kind), proposed, models, outcomes_of(kind))


def model_for(actor: Actor, model_id: int) -> RankingModel:
    """The model; to whoever may not see models there is none."""
    model = db.session.get(RankingModel, model_id)
    if model is None or not may_see_models(actor):
        raise NotFound()
    return model


def verdict_of(kind: str, *, seed: int = 0) -> tuple[Evidence, Verdict] | None:
    """Fit a model to all there is and judge it against policy; None when nobody who saw a list has asked anybody.

    Takes seconds where there is much; reads only.
    """
    evidence = evidence_of(kind)
    return None if evidence is None else (evidence, judge(evidence, policy=policy_weights(kind), seed=seed))


def parts_of(model: RankingModel | None, kind: str, person: Person | None = None) -> list[Part]:
    """Each part of the score before and after, for this person's lists; without a model, after is before."""
    policy = policy_weights(kind, person)
    after = weights_by(model, policy) if model else policy
    return [
        Part(term, _points(policy, term, 1.0), _points(after, term, 1.0), _line(policy, term), _line(after, term))
        for term in TERMS
        if getattr(policy, term) or getattr(after, term)
    ]


def policy_weights(kind: str, person: Person | None = None) -> Weights:
    """What ranks where no model does."""
    terms = terms_of(kind, person)
    return terms.weights if terms.model is None else replace(Weights(**USUAL_WEIGHTS), grade_points=terms.weights.grade_points)


def example_for(actor: Actor, model: RankingModel) -> list[Move]:
    """The actor's own list under policy and under the model: who would move. Nobody else's list is opened for it."""
    person = db.session.get(Person, actor.person_id) if actor.person_id else None
    if person is None:
        return []
    policy = policy_weights(model.kind, person)
    mentee, index, rules = asking(person, model.kind).mentee, index_of(model.kind), terms_of(model.kind, person).rules
    before, after = (
        _places(index.rank(mentee, EXAMPLE, rules=rules, weights=weights, explain=False).matches)
        for weights in (policy, weights_by(model, policy))
    )
    people = {row.id: row for row in db.session.scalars(sa.select(Person).where(Person.id.in_({*before, *after})))}
    order = sorted({*before, *after}, key=lambda who: (after.get(who, EXAMPLE + 1), before.get(who, EXAMPLE + 1), who))
    return [Move(people[who], before.get(who), after.get(who)) for who in order if who in people]


def _places(matches: Sequence[Match]) -> dict[int, int]:
    return {match.mentor_id: match.place for match in matches}


def _points(weights: Weights, term: str, share: float) -> float:
    total = sum(getattr(weights, name) for name in TERMS)
    return round(100 * getattr(weights, term) / total * _bent(weights, term, share), 4)


def _line(weights: Weights, term: str) -> tuple[float, ...]:
    return tuple(_points(weights, term, step / STEPS) for step in range(STEPS + 1))


def _bent(weights: Weights, term: str, share: float) -> float:
    corners = (weights.curves or {}).get(term)
    if corners is None:
        return share
    for (x, y), (next_x, next_y) in pairwise(corners):
        if x <= share <= next_x:
            return y + (next_y - y) * (share - x) / (next_x - x)
    return corners[-1][1]
