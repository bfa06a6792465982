"""Quotas of a round: set, change, take back."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Fault, Invalid
from mentorlink.people.actions import record_audit
from mentorlink.rounds.actions.ground import touch
from mentorlink.rounds.inputs import QuotaInput, RevisionInput
from mentorlink.rounds.models import Round, RoundQuota
from mentorlink.rounds.policy import may_edit_round
from mentorlink.rounds.queries import group_choices


@action
def set_quota(actor: Actor, round_: Round, data: QuotaInput) -> RoundQuota:
    """Of a group there are so many pairs at least or at most, from the next run on. What was said last of a group holds."""
    ensure(may_edit_round, actor, round_)
    kind, _colon, key = data.group.partition(":")
    if (kind, key) not in {(each.kind, each.key) for each in group_choices(round_)}:
        raise Invalid(Fault("group", "group_unknown"))
    touch(actor, round_, data.revision, "quota")
    where = (
        RoundQuota.round_id == round_.id, RoundQuota.side == data.side, RoundQuota.kind == kind, RoundQuota.key == key,
    )  # fmt: skip
    quota = db.session.scalar(sa.select(RoundQuota).where(*where))
    if quota is None:
        quota = RoundQuota(round_id=round_.id, side=data.side, kind=kind, key=key)
    quota.at_least, quota.at_most = data.at_least, data.at_most
    db.session.add(quota)
    record_audit(
        actor, "round_quota", "round", round_.id, side=data.side, group=data.group, at_least=data.at_least, at_most=data.at_most
    )
    return quota


@action
def drop_quota(actor: Actor, round_: Round, quota_id: int, data: RevisionInput) -> None:
    """The group is free again. Saying it twice is saying it once."""
    ensure(may_edit_round, actor, round_)
    touch(actor, round_, data.revision, "quota")
    db.session.execute(sa.delete(RoundQuota).where(RoundQuota.round_id == round_.id, RoundQuota.id == quota_id))
