"""Models of the ranking: proposed by the house on evidence alone, adopted or not by an administrator, taken back at any time."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict
from mentorlink.matching import Evidence, Figure, Verdict
from mentorlink.pairing.events import ModelProposed
from mentorlink.pairing.inputs import DecisionInput
from mentorlink.pairing.models import RankingModel
from mentorlink.pairing.policy import may_decide_model, may_propose_model
from mentorlink.people.actions import record_audit


@action
def propose_model(actor: Actor, kind: str, *, verdict: Verdict, evidence: Evidence, seed: int) -> RankingModel | None:
    """Keep a model that is better than policy, for a decision; None for one that is not. The same rows are proposed once.

    An older proposal that nobody decided on is overtaken.
    """
    ensure(may_propose_model, actor)
    if not verdict.is_better or verdict.model is None:
        return None
    digest = evidence.digest()
    same = sa.select(RankingModel).where(RankingModel.kind == kind, RankingModel.inputs_hash == digest)
    if (there := db.session.scalar(same)) is not None:
        return there
    waiting = sa.update(RankingModel).where(RankingModel.kind == kind, RankingModel.state == "proposed")
    db.session.execute(waiting.values(state="overtaken"))
    last = db.session.scalar(sa.select(sa.func.max(RankingModel.number)).where(RankingModel.kind == kind)) or 0
    weights = verdict.model.to_weights()
    model = RankingModel(
        kind=kind, number=last + 1, state="proposed", made_at=clock.now(), inputs_hash=digest, seed=seed,
        figures=figures_of(verdict), weights=dict(verdict.model.weights_),
        curves={term: [list(point) for point in points] for term, points in (weights.curves or {}).items()},
        odds={"slope": verdict.odds.slope, "base": verdict.odds.base} if verdict.odds else {},
    )  # fmt: skip
    with or_refuse(Conflict("model_moved_on")):
        db.session.add(model)
    record_audit(actor, "model_proposed", "ranking_model", model.id, number=model.number)
    record(ModelProposed(model.id, kind, model.number))
    return model


@action
def adopt_model(actor: Actor, model: RankingModel, data: DecisionInput) -> RankingModel:
    """Rank by this model from the next list on, in every process; what ranked before is retired. Twice is once."""
    ensure(may_decide_model, actor)
    if lock(model).state == "adopted":
        return model
    if model.state not in ("proposed", "retired"):
        raise Conflict("model_moved_on")
    ranking = sa.select(RankingModel).where(RankingModel.kind == model.kind, RankingModel.state == "adopted")
    for other in db.session.scalars(ranking.with_for_update()).all():
        other.state = "retired"
        db.session.flush()
    with or_refuse(Conflict("model_moved_on")):
        _decide(actor, model, "adopted", data)
    record_audit(actor, "model_adopted", "ranking_model", model.id, number=model.number)
    return model


@action
def decline_model(actor: Actor, model: RankingModel, data: DecisionInput) -> RankingModel:
    """Leave a proposal be. Twice is once."""
    ensure(may_decide_model, actor)
    if lock(model).state == "declined":
        return model
    if model.state != "proposed":
        raise Conflict("model_moved_on")
    _decide(actor, model, "declined", data)
    record_audit(actor, "model_declined", "ranking_model", model.id, number=model.number)
    return model


@action
def retire_model(actor: Actor, model: RankingModel, data: DecisionInput) -> RankingModel:
    """Go back to the policy weights, from the next list on. Twice is once."""
    ensure(may_decide_model, actor)
    if lock(model).state == "retired":
        return model
    if model.state != "adopted":
        raise Conflict("model_moved_on")
    _decide(actor, model, "retired", data)
    record_audit(actor, "model_retired", "ranking_model", model.id, number=model.number)
    return model


def figures_of(verdict: Verdict) -> dict[str, Any]:
    """A verdict's figures as they are kept."""
    return {
        "shown": verdict.shown,
        "mentees": verdict.mentees,
        "asked": verdict.asked,
        "outcomes": verdict.outcomes,
        "good": verdict.good,
        "steepness": verdict.steepness,
        "policy_auc": _figure(verdict.policy_auc),
        "model_auc": _figure(verdict.model_auc),
        "gain": _figure(verdict.gain),
        "error": _figure(verdict.error),
        "bins": [list(row) for row in verdict.bins],
    }


def _figure(figure: Figure | None) -> list[float] | None:
    return None if figure is None else [figure.value, figure.low, figure.high]


def _decide(actor: Actor, model: RankingModel, state: str, data: DecisionInput) -> None:
    model.state, model.decided_at, model.decided_by_id, model.reason = state, clock.now(), actor.person_id, data.reason
    db.session.flush()
