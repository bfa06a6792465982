"""On what terms people meet now: the running programme's rules and weights, a model that was adopted, or the usual weights."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from mentorlink.kernel import settings
from mentorlink.kernel.db import db
from mentorlink.matching import Odds, Rules, Weights
from mentorlink.pairing.models import RankingModel
from mentorlink.people.models import Person
from mentorlink.programmes.models import Programme
from mentorlink.programmes.queries import has_own_weights, nearest_programmes, rules_of, weights_of

PROGRAMME_KIND = {"mentor": "mentoring", "coach": "coaching"}


@dataclass(frozen=True)
class ModelInUse:
    """The model that ranks now."""

    id: int
    number: int
    answers: int
    """From so many answers it was learned."""
    odds: Odds | None
    """None: not calibrated, so no odds are said."""


@dataclass(frozen=True)
class Terms:
    """What holds for a request of one kind."""

    programme_id: int | None
    rules: Rules
    weights: Weights
    most_open: int
    """Requests that one person may have open at a time."""
    answer_within: timedelta
    """A request without an answer returns after so long."""
    model: ModelInUse | None = None
    """None: policy weights rank, the programme's own or the usual ones."""
    own_weights: bool = False
    """True where the programme has weights of its own; they rank whatever model is adopted."""


def terms_of(kind: str, person: Person | None = None) -> Terms:
    """The terms for an offer of ``kind`` to this person; without one, those of the whole agency.

    They are those of the programme nearest to the person's unit. Read anew for each list, so a model that is adopted or taken
    back ranks from the next list on, in every process.
    """
    path = person.unit.path if person is not None else "/"
    return terms_among(kind, (path,))[path]


def terms_among(kind: str, paths: Collection[str]) -> dict[str, Terms]:
    """``terms_of`` by path of the unit, for many. Two queries."""
    model = adopted_model(kind)
    programmes = nearest_programmes(PROGRAMME_KIND[kind], paths)
    made = {programme.id if programme else None: _terms(kind, programme, model) for programme in programmes.values()}
    return {path: made[programme.id if programme else None] for path, programme in programmes.items()}


def _terms(kind: str, programme: Programme | None, adopted: RankingModel | None) -> Terms:
    """A mentor stands outside the line of command; a coach may be one's own superior."""
    own = rules_of(programme)
    own_weights = has_own_weights(programme)
    model = None if own_weights else adopted
    policy = Weights(**weights_of(programme), grade_points=own.grade_points)
    return Terms(
        programme_id=programme.id if programme else None,
        rules=Rules(
            outside_line=kind == "mentor",
            same_field=own.same_field,
            other_unit=own.other_unit,
            grade_min=own.grade_min,
            grade_max=own.grade_max,
        ),
        weights=weights_by(model, policy) if model else policy,
        most_open=own.open_requests,
        answer_within=timedelta(days=own.request_days if programme else settings.current().request_days),
        model=in_use(model) if model else None,
        own_weights=own_weights,
    )


def adopted_model(kind: str) -> RankingModel | None:
    """The model that an administrator adopted. One query."""
    return db.session.scalar(sa.select(RankingModel).where(RankingModel.kind == kind, RankingModel.state == "adopted"))


def weights_by(model: RankingModel, policy: Weights) -> Weights:
    """The model as the engine ranks by it; what a tier's distance is worth stays the programme's."""
    curves = {term: tuple((x, y) for x, y in points) for term, points in model.curves.items()}
    return Weights(**model.weights, curves=curves or None, grade_points=policy.grade_points)


def in_use(model: RankingModel) -> ModelInUse:
    """What a page says of a model."""
    return ModelInUse(model.id, model.number, model.figures["outcomes"], Odds(**model.odds) if model.odds else None)
