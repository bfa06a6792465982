"""What there is in the house that would help with a gap: mentors and coaches with room, communities on the topic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from mentorlink.community.queries.communities import communities_for
from mentorlink.competencies.models import CurrentLevel
from mentorlink.competencies.queries import Need
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.text import fold
from mentorlink.pairing.models import Offer, OfferCompetency
from mentorlink.people.models import Person
from mentorlink.people.queries import line_of

TELLING = 5
"""Words shorter than this say nothing about a topic."""


@dataclass(frozen=True)
class Way:
    """One way to work on a competency. ``code``: mentor, coach or community; the name is the community's."""

    code: str
    number: int = 0
    community_id: int | None = None
    name: str = ""


def ways_for(actor: Actor, person: Person, needs: Sequence[Need]) -> dict[int, list[Way]]:
    """Competency id → what there is for it now, outside the line of command. A constant number of queries."""
    wanted = {need.competency_id: need for need in needs}
    counts = _offers(person, wanted)
    known = communities_for(actor)
    communities = [line.community for line in (*known.mine, *known.others)]
    found: dict[int, list[Way]] = {}
    for competency_id, need in wanted.items():
        ways = [Way(kind, number) for kind in ("mentor", "coach") if (number := counts.get((competency_id, kind), 0))]
        words = {word for name in need.name.values() for word in fold(name).split() if len(word) >= TELLING}
        ways += [
            Way("community", community_id=each.id, name=each.name)
            for each in communities
            if words & set(fold(f"{each.name} {each.purpose}").split())
        ][:2]
        found[competency_id] = ways
    return found


def _offers(person: Person, wanted: dict[int, Need]) -> dict[tuple[int, str], int]:
    """Offers with room by competency and kind: those that name it, and those that name nothing and stand above the need."""
    open_now = sa.and_(Offer.gives(), Offer.person_id.not_in({person.id, *line_of(person)}))
    counts: dict[tuple[int, str], int] = defaultdict(int)
    named = (
        sa.select(OfferCompetency.competency_id, Offer.kind, sa.func.count())
        .join(Offer, OfferCompetency.offer_id == Offer.id)
        .where(open_now, OfferCompetency.competency_id.in_(wanted))
        .group_by(OfferCompetency.competency_id, Offer.kind)
    )
    for competency_id, kind, number in db.session.execute(named):
        counts[competency_id, kind] += number
    unnamed = (
        sa.select(CurrentLevel.competency_id, Offer.kind, CurrentLevel.level, sa.func.count())
        .join(Offer, CurrentLevel.person_id == Offer.person_id)
        .where(
            open_now,
            CurrentLevel.competency_id.in_(wanted),
            ~sa.select(OfferCompetency.offer_id).where(OfferCompetency.offer_id == Offer.id).exists(),
        )
        .group_by(CurrentLevel.competency_id, Offer.kind, CurrentLevel.level)
    )
    for competency_id, kind, level, number in db.session.execute(unnamed):
        if level >= wanted[competency_id].required:
            counts[competency_id, kind] += number
    return dict(counts)
