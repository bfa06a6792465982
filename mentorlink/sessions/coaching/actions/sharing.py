"""What a superior may see, resting, and what a coach has learnt."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.people.models import Person
from mentorlink.people.queries import superior_of
from mentorlink.sessions.coaching.actions.ground import ids, refusal
from mentorlink.sessions.coaching.events import EngagementRested, EngagementResumed, PairWrote
from mentorlink.sessions.coaching.inputs import CredentialInput, Rest, Shares
from mentorlink.sessions.coaching.models import Credential, Engagement, Share
from mentorlink.sessions.coaching.policy import may_keep_credentials, may_rest, may_share
from mentorlink.sessions.meetings.actions import call_off_until, set_series_state

LONGEST_REST_DAYS = 184
MOST_CREDENTIALS = 20


@action
def share_with_superior(actor: Actor, engagement: Engagement, data: Shares) -> list[str]:
    """Let the superior see exactly these items from now on; the others are withdrawn at once, and come back only anew."""
    ensure(may_share, actor, engagement)
    lock(engagement)
    if engagement.engaged_at is None:
        raise Conflict("not_engaged_yet")
    superior = superior_of(db.session.get_one(Person, engagement.coachee_id))
    if superior is None:
        raise Conflict("no_superior")
    if superior.id == engagement.coach_id:
        raise Conflict("superior_coaches")
    wanted = set(data.items) | ({"coached"} if data.items else set())
    instant = clock.now()
    for row in db.session.scalars(sa.select(Share).where(Share.engagement_id == engagement.id, Share.withdrawn_at.is_(None))):
        if row.item in wanted and row.superior_id == superior.id:
            wanted.discard(row.item)
        else:
            row.withdrawn_at = instant
    db.session.flush()
    db.session.add_all(
        Share(engagement_id=engagement.id, item=item, superior_id=superior.id, since=instant) for item in sorted(wanted)
    )
    db.session.flush()
    record(PairWrote(*ids(engagement)))
    return sorted(
        db.session.scalars(sa.select(Share.item).where(Share.engagement_id == engagement.id, Share.withdrawn_at.is_(None)))
    )


@action
def rest_engagement(actor: Actor, engagement: Engagement, data: Rest) -> Engagement:
    """Rest until a day; on that day it goes on by itself. What is planned until then is called off, if that is wanted."""
    ensure(may_rest, actor, engagement)
    days = (data.returns_on - clock.today(actor.timezone)).days
    if days < 1:
        raise Invalid(Fault("returns_on", "return_in_the_past"))
    if days > LONGEST_REST_DAYS:
        raise Invalid(Fault("returns_on", "pause_too_long"))
    if lock(engagement).state != "engaged":
        raise refusal(engagement)
    if engagement.paused_until is not None:
        raise Conflict("engagement_rests")
    engagement.paused_until = data.returns_on
    set_series_state(actor, engagement.series, "paused")
    morning = datetime.combine(data.returns_on, time(6), ZoneInfo(actor.timezone))
    if data.call_off:
        call_off_until(actor, engagement.series, morning)
    jobs.enqueue(
        "coaching.resume", {"engagement_id": engagement.id, "returns_on": data.returns_on.isoformat()}, run_at=morning,
        dedupe_key=f"coaching.resume:{engagement.id}:{data.returns_on}",
    )  # fmt: skip
    record(EngagementRested(*ids(engagement), by_id=actor.person_id))
    return engagement


@action
def resume_engagement(actor: Actor, engagement: Engagement) -> Engagement:
    """Go on. Said twice it is said once."""
    ensure(may_rest, actor, engagement)
    if lock(engagement).paused_until is None:
        return engagement
    engagement.paused_until = None
    set_series_state(actor, engagement.series, "open")
    record(EngagementResumed(*ids(engagement), by_id=actor.person_id))
    return engagement


@action
def add_credential(actor: Actor, data: CredentialInput) -> Credential:
    """Write down what one has learnt to coach by."""
    ensure(may_keep_credentials, actor)
    mine = sa.select(sa.func.count()).select_from(Credential).where(Credential.person_id == actor.person_id)
    if (db.session.scalar(mine) or 0) >= MOST_CREDENTIALS:
        raise Conflict("too_many_credentials", limit=MOST_CREDENTIALS)
    credential = Credential(person_id=actor.person_id, added_at=clock.now(), **data.model_dump())
    db.session.add(credential)
    db.session.flush()
    return credential


@action
def drop_credential(actor: Actor, credential_id: int) -> None:
    """Take one's own credential away; another's is not there."""
    ensure(may_keep_credentials, actor)
    db.session.execute(sa.delete(Credential).where(Credential.id == credential_id, Credential.person_id == actor.person_id))
