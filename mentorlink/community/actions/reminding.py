"""A word a day and an hour before a gathering, to who said that they come and to who hosts it."""

from __future__ import annotations

from datetime import timedelta

from mentorlink.community.events.gatherings import GatheringNear
from mentorlink.community.models.gatherings import Gathering
from mentorlink.community.policy.gatherings import may_remind_of_gathering
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import lock

BEFORE = {"day": timedelta(days=1), "hour": timedelta(hours=1)}


def remind_later(gathering: Gathering) -> None:
    """Have the house remind of the gathering as it stands now; once it moves or is called off, these reminders are void."""
    for which, before in BEFORE.items():
        if gathering.starts_at - before > clock.now():
            payload = {"gathering_id": gathering.id, "revision": gathering.revision, "which": which}
            key = f"gathering:{gathering.id}:{gathering.revision}:{which}"
            jobs.enqueue("community.remind", payload, run_at=gathering.starts_at - before, dedupe_key=key)


@action
def remind_of_gathering(actor: Actor, gathering: Gathering, *, which: str, revision: int) -> None:
    """Remind of the gathering, unless it was moved or called off, or the reminder comes too late to be of use."""
    ensure(may_remind_of_gathering, actor)
    if lock(gathering).state != "planned" or gathering.revision != revision:
        return
    useless = gathering.starts_at - (BEFORE["hour"] if which == "day" else timedelta(0))
    if clock.now() < useless:
        record(GatheringNear(gathering.id, which))
