"""The line of who waits for a place: who comes next, and where one stands.

The order is that of joining. Who let an offered place pass goes to the end; who declined one stays where they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from mentorlink.competencies.models import Competency
from mentorlink.competencies.queries import among
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.matching import Filters, MentorIndex
from mentorlink.pairing.models import HeldPlace, Offer, Request, Waiting
from mentorlink.pairing.queries.choices import who_object
from mentorlink.pairing.queries.mentees import Asking, askings
from mentorlink.pairing.queries.pool import index_of, load_mentors
from mentorlink.pairing.queries.terms import Terms, terms_among
from mentorlink.pairing.stages import IN_LINE, KINDS, OPEN

BATCH = 100
"""So many who wait are looked at together."""

CANDIDATES = 30
"""So many offers are looked at for one who joins the line."""


def next_in_line(offers: Sequence[Offer]) -> Iterator[tuple[Waiting, Offer]]:
    """For each free place of these offers the first in line whom it fits, with the offer that fits them best among them.

    Whoever is handed out is taken to have the place: the caller keeps it at once. Requests that are on their way to an offer
    come before the line. A constant number of queries for each ``BATCH`` of the line.
    """
    on_their_way = _open_requests(offers)
    for kind in KINDS:
        room = {offer.id: offer.free - on_their_way[offer.id] for offer in offers if offer.kind == kind}
        there = {offer.person_id: offer for offer in offers if room.get(offer.id, 0) > 0}
        if there and somebody_waits(kind):
            yield from _serve(kind, there, room)


def _serve(kind: str, there: dict[int, Offer], room: dict[int, int]) -> Iterator[tuple[Waiting, Offer]]:
    records = [replace(each, text="") for each in load_mentors(there)[0][kind]]
    if not records:
        return
    index = MentorIndex().fit(records)
    brings = {code for each in records for code in each.levels}
    served: set[int] = set()
    for batch in _line(kind, {offer.id for offer in there.values()}, brings):
        had = _had([row.id for row in batch])
        people = {row.person_id for row in batch}
        asking = {who.person.id: who for who in askings(people, kind)}
        terms = terms_among(kind, {who.person.unit.path for who in asking.values()})
        unranked, asked = who_object(people), _asked(people, room)
        for row in batch:
            who = asking[row.person_id]
            if row.person_id in served or not who.person.is_active:
                continue
            for offer in _fitting(row, who, index, terms[who.person.unit.path], there, by_name=row.person_id in unranked):
                if room[offer.id] > 0 and offer.id not in had[row.id] and (row.person_id, offer.id) not in asked:
                    room[offer.id] -= 1
                    served.add(row.person_id)
                    yield row, offer
                    break
        if not any(left > 0 for left in room.values()):
            return


def _fitting(
    row: Waiting, who: Asking, index: MentorIndex, terms: Terms, there: dict[int, Offer], *, by_name: bool
) -> Iterator[Offer]:
    code = row.competency.code if row.competency else None
    ranking = index.rank(
        who.mentee, None, filters=Filters(covers=(code,) if code else ()), rules=terms.rules, weights=terms.weights,
        explain=not by_name or not code,
    )  # fmt: skip
    for match in sorted(ranking, key=lambda match: there[match.mentor_id].person.folded_name) if by_name else ranking:
        offer = there[match.mentor_id]
        if row.offer_id is not None:
            fits = row.offer_id == offer.id
        else:
            fits = code is not None or not who.gaps or (match.explanation is not None and match.explanation.covered > 0)
        if fits:
            yield offer


def _line(kind: str, offer_ids: set[int], brings: set[str]) -> Iterator[list[Waiting]]:
    """Who waits for what these offers could be, first come first, in batches."""
    wanted = sa.or_(
        Waiting.offer_id.in_(offer_ids),
        sa.and_(Waiting.offer_id.is_(None), Waiting.competency_id.is_(None)),
        Waiting.competency_id.in_(sa.select(Competency.id).where(Competency.code.in_(sorted(brings)))),
    )
    busy = sa.select(HeldPlace.person_id).where(HeldPlace.state == "offered")
    query = (
        sa.select(Waiting)
        .where(Waiting.kind == kind, Waiting.state == "waiting", wanted, Waiting.person_id.not_in(busy))
        .options(joinedload(Waiting.competency))
        .order_by(Waiting.since, Waiting.id)
        .limit(BATCH)
    )
    after: Waiting | None = None
    while True:
        beyond = sa.true() if after is None else sa.tuple_(Waiting.since, Waiting.id) > (after.since, after.id)
        batch = list(db.session.scalars(query.where(beyond)))
        if not batch:
            return
        yield batch
        after = batch[-1]


def _had(waiting_ids: Sequence[int]) -> dict[int, set[int]]:
    """Waiting → offers of which they were given a place before; one that was taken back by the offer may come again."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = db.session.execute(
        sa.select(HeldPlace.waiting_id, HeldPlace.offer_id).where(
            HeldPlace.waiting_id.in_(waiting_ids), HeldPlace.state != "gone"
        )
    )
    for waiting_id, offer_id in rows:
        found[waiting_id].add(offer_id)
    return found


def _asked(person_ids: set[int], offer_ids: dict[int, int]) -> set[tuple[int, int]]:
    rows = db.session.execute(
        sa.select(Request.person_id, Request.offer_id).where(
            among(Request.person_id, person_ids), among(Request.offer_id, offer_ids.keys()), Request.state.in_(OPEN)
        )
    )
    return {(person_id, offer_id) for person_id, offer_id in rows}


def _open_requests(offers: Sequence[Offer]) -> Counter[int]:
    """Offer → open requests for which no place is kept."""
    kept = sa.select(HeldPlace.request_id).where(HeldPlace.state == "asked")
    rows = db.session.execute(
        sa.select(Request.offer_id, sa.func.count())
        .where(among(Request.offer_id, [offer.id for offer in offers]), Request.state.in_(OPEN), Request.id.not_in(kept))
        .group_by(Request.offer_id)
    )
    return Counter(dict(rows.all()))


def somebody_waits(kind: str | None = None) -> bool:
    """True while anybody stands in the line."""
    query = sa.select(Waiting.id).where(Waiting.state == "waiting")
    return db.session.scalar((query if kind is None else query.where(Waiting.kind == kind)).limit(1)) is not None


def offers_that_may_fit(waiting_ids: Sequence[int]) -> list[int]:
    """Offers with room that could suit those who wait, the best of the ranked list of each."""
    rows = list(
        db.session.scalars(
            sa.select(Waiting)
            .where(Waiting.id.in_(waiting_ids), Waiting.state == "waiting")
            .options(joinedload(Waiting.competency), joinedload(Waiting.offer))
        )
    )
    found = {(row.kind, row.offer.person_id) for row in rows if row.offer is not None}
    for kind in KINDS:
        found |= _best_offers(kind, [row for row in rows if row.offer is None and row.kind == kind])
    if not found:
        return []
    wanted = sa.or_(*(
        sa.and_(Offer.kind == kind, among(Offer.person_id, [person_id for other, person_id in found if other == kind]))
        for kind in {kind for kind, _person_id in found}
    ))  # fmt: skip
    return list(db.session.scalars(sa.select(Offer.id).where(Offer.closed_at.is_(None), wanted).order_by(Offer.id)))


def _best_offers(kind: str, rows: Sequence[Waiting]) -> set[tuple[str, int]]:
    if not rows:
        return set()
    asking = {who.person.id: who for who in askings({row.person_id for row in rows}, kind)}
    by_path, index = terms_among(kind, {who.person.unit.path for who in asking.values()}), index_of(kind)
    found: set[tuple[str, int]] = set()
    for row in rows:
        who, code = asking[row.person_id], row.competency.code if row.competency else None
        terms = by_path[who.person.unit.path]
        best = index.rank(
            who.mentee, CANDIDATES, filters=Filters(covers=(code,) if code else ()), rules=terms.rules,
            weights=terms.weights, explain=False,
        )  # fmt: skip
        found.update((kind, match.mentor_id) for match in best)
    return found


@dataclass(frozen=True)
class Line:
    """One line in which somebody stands."""

    row: Waiting
    place: int
    """Their number among those who wait for the same; 0 while a place is kept for them."""
    others: int
    """Who joined earlier, waits for something else, and may be offered a place first where both fit."""
    kept: HeldPlace | None
    """The place that is kept for them now."""


def lines_for(actor: Actor) -> list[Line]:
    """Where the actor waits, in the order of joining. Three queries."""
    rows = db.session.scalars(
        sa.select(Waiting)
        .where(Waiting.person_id == actor.person_id, Waiting.state.in_(IN_LINE))
        .options(joinedload(Waiting.competency), joinedload(Waiting.offer))
        .order_by(Waiting.joined_at, Waiting.id)
    ).all()
    if not rows:
        return []
    ids = [row.id for row in rows]
    kept = {place.waiting_id: place for place in db.session.scalars(
        sa.select(HeldPlace).where(HeldPlace.waiting_id.in_(ids), HeldPlace.closed_at.is_(None)).options(
            joinedload(HeldPlace.offer))
    )}  # fmt: skip
    before = {waiting_id: (same, others) for waiting_id, same, others in db.session.execute(_before(ids))}
    found = []
    for row in rows:
        same, others = before.get(row.id, (0, 0))
        found.append(Line(row, same + 1 if row.state == "waiting" else 0, others, kept.get(row.id)))
    return found


def _before(waiting_ids: Sequence[int]) -> sa.Select[tuple[int, int, int]]:
    mine, other = aliased(Waiting), aliased(Waiting)
    same = sa.and_(
        other.competency_id.is_not_distinct_from(mine.competency_id), other.offer_id.is_not_distinct_from(mine.offer_id)
    )
    rival = sa.or_(
        sa.and_(other.competency_id.is_(None), other.offer_id.is_(None)),
        sa.and_(mine.competency_id.is_(None), mine.offer_id.is_(None)),
        sa.and_(mine.offer_id.is_not(None), other.competency_id.is_not(None)),
        sa.and_(mine.competency_id.is_not(None), other.offer_id.is_not(None)),
    )
    earlier = sa.or_(other.since < mine.since, sa.and_(other.since == mine.since, other.id < mine.id))
    counted = other.person_id
    return (
        sa.select(
            mine.id,
            sa.func.count(sa.distinct(sa.case((same, counted)))),
            sa.func.count(sa.distinct(sa.case((sa.and_(~same, rival), counted)))),
        )
        .join(other, sa.and_(other.kind == mine.kind, other.state == "waiting", earlier, other.person_id != mine.person_id))
        .where(mine.id.in_(waiting_ids))
        .group_by(mine.id)
    )


def waiting_for_id(actor: Actor, waiting_id: int) -> Waiting:
    """A line of the actor's own."""
    row = db.session.get(Waiting, waiting_id)
    if row is None or not actor.is_person(row.person_id):
        raise NotFound()
    return row


def place_for(actor: Actor, place_id: int) -> HeldPlace:
    """A place that is or was kept for the actor."""
    place = db.session.get(HeldPlace, place_id)
    if place is None or not actor.is_person(place.person_id):
        raise NotFound()
    return place


def kept_place(person_id: int | None, offer_id: int) -> HeldPlace | None:
    """The place that is kept for a person with this offer, while its time runs."""
    return db.session.scalar(
        sa.select(HeldPlace).where(
            HeldPlace.person_id == person_id,
            HeldPlace.offer_id == offer_id,
            HeldPlace.state == "offered",
            HeldPlace.until > clock.now(),
        )
    )


def place_now(actor: Actor) -> HeldPlace | None:
    """The place that is offered to the actor at this moment; there is one at most."""
    return db.session.scalar(
        sa.select(HeldPlace)
        .where(HeldPlace.person_id == actor.person_id, HeldPlace.state == "offered", HeldPlace.until > clock.now())
        .options(joinedload(HeldPlace.offer))
    )


def waits_for(person_id: int, offer_id: int) -> bool:
    """True for who stands in line for a place with this very offer."""
    query = sa.select(Waiting.id).where(Waiting.person_id == person_id, Waiting.offer_id == offer_id, Waiting.state.in_(IN_LINE))
    return db.session.scalar(query) is not None


def waiters_of(offer_ids: Sequence[int]) -> dict[int, int]:
    """Offer → how many wait for a place with this very one. One query."""
    rows = db.session.execute(
        sa.select(Waiting.offer_id, sa.func.count())
        .where(Waiting.offer_id.in_(offer_ids), Waiting.state == "waiting")
        .group_by(Waiting.offer_id)
    )
    return {offer_id: number for offer_id, number in rows if offer_id is not None}
