"""The command that learns a ranking from what came of lists, and says what it found."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from mentorlink.kernel.actor import Actor
from mentorlink.matching import ENOUGH, LEAST_GAIN, MOST_WRONG, Figure, Verdict
from mentorlink.pairing.actions import propose_model
from mentorlink.pairing.queries import verdict_of
from mentorlink.pairing.stages import KINDS


@click.command("fit-ranking")
@click.option("--kind", type=click.Choice(KINDS), default="mentor", show_default=True, help="Which lists to learn from.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, help="Of folds and resampling.")
@click.option("--dry-run", is_flag=True, help="Print the figures and propose nothing.")
@with_appcontext
def fit_ranking(kind: str, seed: int, dry_run: bool) -> None:
    """Learn from what came of lists; propose a model only when it ranks better than policy."""
    found = verdict_of(kind, seed=seed)
    if found is None:
        click.echo("nobody who saw a list has asked anybody yet: nothing to learn from")
        return
    evidence, verdict = found
    for line in report(verdict):
        click.echo(line)
    model = None if dry_run else propose_model(Actor.system(), kind, evidence=evidence, verdict=verdict, seed=seed)
    if model is not None:
        click.echo(f"model {model.number} is {model.state}; an administrator decides at /ranking/{model.id}")
    elif verdict.is_better:
        click.echo("better than policy; nothing was stored, as asked")


def report(verdict: Verdict) -> list[str]:
    """A verdict in lines."""
    lines = [
        f"shown      {verdict.shown} lines to {verdict.mentees} people who asked somebody",
        f"outcomes   {verdict.asked} asked, {verdict.outcomes} with a known end, {verdict.good} came to something",
        f"noticing   falls with the line on a page as line^-{verdict.steepness:.2f}",
    ]
    if verdict.policy_auc and verdict.model_auc and verdict.gain:
        lines += [
            f"policy     AUC {_said(verdict.policy_auc)}   within each list, on mentees held out, 95 % interval by mentee",
            f"model      AUC {_said(verdict.model_auc)}",
            f"gain       {_said(verdict.gain)}   99 % interval",
        ]
    if verdict.error:
        holds = "odds may be said" if verdict.odds else f"odds stay unsaid (needs at most {MOST_WRONG:.2f} and {ENOUGH} outcomes)"
        lines.append(f"odds       off by {_said(verdict.error)} on average, 90 % interval: {holds}")
        lines += [f"           said {said:.2f}, happened {happened:.2f} ({n})" for said, happened, n in verdict.bins]
    lines += [f"no model proposed: {_why(reason, verdict)}" for reason in verdict.reasons]
    return lines


def _why(reason: str, verdict: Verdict) -> str:
    return {
        "too_few_outcomes": f"{verdict.outcomes} outcomes, {ENOUGH} are needed",
        "one_sided": "all requests ended alike in some part of the people",
        "nothing_counts": "no part of the score goes with good outcomes",
        "too_little_gain": f"the gain is below {LEAST_GAIN:.2f}",
        "uncertain": "the interval of the gain includes 0",
        "like_chance": "the model itself is not clearly better than a coin",
    }[reason]


def _said(figure: Figure) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"
