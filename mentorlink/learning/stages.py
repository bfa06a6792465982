"""The life of a claim, a plan and a period, as tables of steps: from where, to where, who takes it, whether with a reason."""

from __future__ import annotations

from dataclasses import dataclass

CLAIM_STATES = ("sent", "returned", "approved", "refused", "withdrawn", "reversed")
PLAN_STATES = ("not_begun", "awaiting", "needs_revision", "approved")
PERIOD_STATES = ("open", "building", "built", "checked", "approved", "frozen")
REVOKED_FOR = ("error", "duplicate", "evidence", "asked")
"""Why a certificate may be revoked: it says something wrong, stands twice, its evidence does not hold, the holder asked."""
REQUEST_KINDS = ("correction", "deletion", "halt", "objection")
REQUEST_STATES = ("open", "done", "refused")
PURPOSES = {"public_check": "consent", "evaluation": "duty", "comparison": "duty"}
"""What personal data are used for beyond the work itself → on what ground: the name on the public page of a certificate, answers
in evaluations, levels in comparisons of who was paired with who was not. ``consent``: nothing is used before a yes. ``duty``: a
task that the law gives the agency; nobody is asked, and who objects is left out."""

SESSION_OUT = ("not_held", "twice", "wrong")
"""Why HR takes a session out of the ledger: it did not take place, it stands twice, it was another day or other people."""
ERASABLE = ("profile", "feedback", "tests", "behaviour", "claims", "words", "private", "finding", "calendars", "traces")
"""Parts of somebody's record that HR can erase when they ask: what they wrote about themself, what they said of sessions, their
answers in tests, what was said of their work, claims that count for nothing with their files; their words and files in
communities; what they wrote for themself alone; their looking for each other; calendars and hours; traces of use. What is kept
all the same, and why, ``insights.queries.record.fates`` says for every kind of data."""


@dataclass(frozen=True)
class Step:
    """One allowed move. ``by``: the owner of the thing, or who decides over it."""

    code: str
    before: str
    after: str
    by: str
    reason: bool = False


CLAIM_STEPS = (
    Step("send", "returned", "sent", "owner"),
    Step("withdraw", "sent", "withdrawn", "owner"),
    Step("withdraw", "returned", "withdrawn", "owner"),
    Step("approve", "sent", "approved", "decider"),
    Step("return", "sent", "returned", "decider", reason=True),
    Step("refuse", "sent", "refused", "decider", reason=True),
    Step("reverse", "approved", "reversed", "decider", reason=True),
)
"""A claim begins as sent. Withdrawn, refused and reversed are ends: the same thing is claimed anew."""

PLAN_STEPS = (
    Step("send", "not_begun", "awaiting", "owner"),
    Step("send", "needs_revision", "awaiting", "owner"),
    Step("take_back", "awaiting", "needs_revision", "owner"),
    Step("approve", "awaiting", "approved", "decider"),
    Step("return", "awaiting", "needs_revision", "decider", reason=True),
    Step("reopen", "approved", "needs_revision", "decider", reason=True),
)
"""A year changes: an approved plan is reopened by the superior, and approved again."""

PERIOD_STEPS = (
    Step("build", "open", "building", "closer"),
    Step("build", "building", "building", "closer"),
    Step("build", "built", "building", "closer"),
    Step("build", "checked", "building", "closer"),
    Step("build", "approved", "building", "closer"),
    Step("check", "built", "checked", "closer"),
    Step("return", "checked", "open", "closer", reason=True),
    Step("return", "approved", "open", "closer", reason=True),
    Step("approve", "checked", "approved", "approver"),
    Step("freeze", "approved", "frozen", "closer"),
)
"""A recap is built anew as often as it takes, also where a building came to a stop; frozen is an end. Who approves is
another than who checked."""

OPEN_TO = {"not_begun": ("owner",), "awaiting": ("decider",), "needs_revision": ("owner",), "approved": ()}
"""State of a plan → who may change its lines."""


def claim_step(code: str, state: str) -> Step | None:
    """The step of a claim, or None when the table has none from there."""
    return next((step for step in CLAIM_STEPS if (step.code, step.before) == (code, state)), None)


def plan_step(code: str, state: str) -> Step | None:
    """The step of a plan, or None when the table has none from there."""
    return next((step for step in PLAN_STEPS if (step.code, step.before) == (code, state)), None)


def period_step(code: str, state: str) -> Step | None:
    """The step of a period, or None when the table has none from there."""
    return next((step for step in PERIOD_STEPS if (step.code, step.before) == (code, state)), None)
