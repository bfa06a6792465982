"""Who could help: the ranked list for one person, and ranked lists for many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import sqlalchemy as sa

from mentorlink.competencies.models import Competency
from mentorlink.competencies.queries import among
from mentorlink.competencies.rules import Need
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.text import fold
from mentorlink.matching import CompetencyTerm, Explanation, Filters, Match, MentorIndex, Ranking
from mentorlink.pairing import rules
from mentorlink.pairing.inputs import FindInput
from mentorlink.pairing.models import HeldPlace, Invitation, Offer, Request, SavedPerson
from mentorlink.pairing.queries.choices import choices_of
from mentorlink.pairing.queries.desk import Desk, desk_of
from mentorlink.pairing.queries.line import kept_place, place_now, waits_for
from mentorlink.pairing.queries.mentees import Asking, asking, askings, barriers
from mentorlink.pairing.queries.pool import bridge_now, index_of, load_mentors
from mentorlink.pairing.queries.terms import Terms, terms_among, terms_of
from mentorlink.pairing.rules import Change
from mentorlink.pairing.stages import OPEN
from mentorlink.people.models import Field, Person

PAGE = 10
_REPLIES_SINCE = timedelta(days=365)


@dataclass(frozen=True)
class Suggestion:
    """One line of the list: whose offer, its place, and why."""

    offer: Offer
    match: Match
    years: int | None
    reply: timedelta | None
    """How long this person usually takes to answer; None: not known yet."""
    request_id: int | None
    """The asker's own open request to this offer."""
    saved: bool = False
    """The asker keeps this person in mind."""
    invitation_id: int | None = None
    """The open invitation of this person to the asker."""

    @property
    def why(self) -> Explanation:
        """The parts of the score."""
        assert self.match.explanation is not None
        return self.match.explanation

    @property
    def points(self) -> dict[str, float]:
        """The same in hundredths, to be shown."""
        return rules.points(self.why.terms, self.match.score)

    @property
    def covers(self) -> list[CompetencyTerm]:
        """Gaps that this person covers in part or whole."""
        return [term for term in self.why.competencies if term.covered]

    @property
    def leaves(self) -> list[CompetencyTerm]:
        """Gaps of which something stays uncovered."""
        return [term for term in self.why.competencies if term.remaining]


@dataclass(frozen=True)
class Suggestions:
    """A page of the list with what stands around it."""

    wanted: FindInput
    asking: Asking
    terms: Terms
    ranking: Ranking
    items: Sequence[Suggestion]
    total: int
    changes: Sequence[Change]
    """What would lengthen a narrowed list, most first."""
    full: int
    """How many more fit but for a free place."""
    choices: Mapping[str, Mapping[int | str, int]]
    """What can be chosen at all: filter → choice → how many are listed with it alone."""

    field_names: Mapping[str, Mapping[str, str]]
    ranked: bool = True
    """False for who objects to automated ranking: then the list goes by name, and ``match`` tells neither place nor score."""
    picked: Sequence[Offer] = ()
    """Offers chosen for comparing."""
    desk: Desk | None = None
    """What waits for the actor besides; None where only the list itself is asked for."""
    kept: HeldPlace | None = None
    """A place that is kept for the actor now."""

    def odds_of(self, item: Suggestion) -> float | None:
        """The chance that asking comes to a first session; None unless a model ranks whose odds hold."""
        model = self.terms.model
        return model.odds.of(item.match.score) if self.ranked and model is not None and model.odds is not None else None

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return max(1, -(-self.total // PAGE))


def suggestions_for(actor: Actor, wanted: FindInput) -> Suggestions:
    """The actor's own ranked list, narrowed as wanted. The number of queries depends neither on the pool nor on the list."""
    person = db.session.get(Person, actor.person_id) if actor.person_id else None
    if person is None:
        raise NotFound()
    who, terms, index = asking(person, wanted.kind), terms_of(wanted.kind, person), index_of(wanted.kind)
    terms = replace(terms, rules=replace(terms.rules, with_room=not wanted.full))
    desk = desk_of(person.id)
    filters, ranked = _filters(wanted), not desk.unranked
    ranking = index.rank(
        who.mentee, PAGE if ranked else 1, offset=(wanted.page - 1) * PAGE if ranked else 0, filters=filters,
        rules=terms.rules, weights=terms.weights, choices=True, explain=ranked,
    )  # fmt: skip
    whole = ranking
    if filters != Filters():
        whole = index.rank(who.mentee, 1, rules=terms.rules, weights=terms.weights, choices=True, explain=False)
    matches, total = list(ranking.matches), ranking.total
    if not ranked:
        matches, total = _by_name(index, who, wanted, terms)
        ranking = replace(ranking, matches=tuple(matches))
    elif wanted.q:
        matches, total = _named(index, who, wanted, terms)
    changes = rules.helpful_changes(ranking, filters) if ranking.total < rules.SHORT_LIST and not wanted.q else []
    return Suggestions(
        wanted,
        who,
        terms,
        ranking,
        _dress(person, wanted.kind, matches),
        total,
        changes,
        ranking.masked_only.get("no_room", 0),
        whole.choices,
        _field_names(),
        ranked,
        _picked(wanted, who),
        desk,
        place_now(actor) if desk.place_id else None,
    )


def compared_for(actor: Actor, wanted: FindInput) -> Suggestions:
    """The offers that the actor picked, side by side; whom a rule keeps apart from them by now is left out."""
    person = db.session.get(Person, actor.person_id) if actor.person_id else None
    if person is None:
        raise NotFound()
    who, terms, index = asking(person, wanted.kind), terms_of(wanted.kind, person), index_of(wanted.kind)
    ranked = not choices_of(person.id).unranked
    may = replace(terms.rules, with_room=False)
    people = [offer.person_id for offer in _picked(wanted, who)]
    matches = []
    for person_id in people:
        if person_id in index and not index.why_not(who.mentee, person_id, rules=may):
            why = index.explain(who.mentee, person_id, weights=terms.weights)
            matches.append(Match(person_id, 0, 1, why.score, why))
    ranking = Ranking(tuple(matches), 0, len(matches), len(index), {}, {}, {}, {}, {}, 0.0)
    items = _dress(person, wanted.kind, matches)
    picked = [item.offer for item in items]
    return Suggestions(wanted, who, terms, ranking, items, len(items), [], 0, {}, _field_names(), ranked, picked)


@dataclass(frozen=True)
class AskView:
    """What stands around the form in which somebody asks."""

    asking: Asking
    suggestion: Suggestion | None
    """How the two fit; None for who is not in the pool at this moment."""
    reply: timedelta | None
    request_id: int | None
    """The asker's own open request to this offer."""
    open: int
    """Requests that the asker has open."""
    most_open: int
    barriers: tuple[str, ...]
    """Rules that forbid the pair, by their codes."""
    field_names: Mapping[str, Mapping[str, str]]
    kept: HeldPlace | None
    """The place that is kept for the actor with this offer."""
    waits: bool
    """True for who stands in line for a place with this very one."""
    ranked: bool
    """False for who objects to automated ranking: no scores are shown."""

    @property
    def helps(self) -> list[Need]:
        """Gaps that this person covers, as one would speak of them: what is lacking most, then one's own field, then where
        they hold most."""
        held = {term.code: term.held for term in self.suggestion.covers} if self.suggestion else {}
        needs = [need for need in self.asking.gaps if need.code in held]
        return sorted(needs, key=lambda need: (-need.gap, need.kind not in ("technical", "digital"), -held[need.code], need.code))


def ask_view(actor: Actor, offer: Offer) -> AskView:
    """What the actor sees before asking for a place with ``offer``."""
    person = db.session.get_one(Person, actor.person_id)
    who, terms, index = asking(person, offer.kind), terms_of(offer.kind, person), index_of(offer.kind)
    asked = _asked(person.id, [offer.id]).get(offer.id)
    reply = replies_of([offer.id]).get(offer.id)
    suggestion = None
    if offer.person_id in index:
        why = index.explain(who.mentee, offer.person_id, weights=terms.weights)
        years = rules.years_in_field(offer.person.in_field_since, clock.today())
        suggestion = Suggestion(offer, Match(offer.person_id, 0, 1, why.score, why), years, reply, asked)
    count = sa.select(sa.func.count()).select_from(Request).where(Request.person_id == person.id, Request.state.in_(OPEN))
    return AskView(
        who, suggestion, reply, asked, db.session.scalar(count) or 0, terms.most_open, barriers(offer, who), _field_names(),
        kept_place(person.id, offer.id), waits_for(person.id, offer.id), not choices_of(person.id).unranked,
    )  # fmt: skip


def best_for(
    actor: Actor, *, kind: str = "mentor", k: int = 3, without: Collection[int] = (), covering: bool = False
) -> list[Suggestion]:
    """The first ``k`` of the actor's list, leaving out the offers of the people in ``without``.

    With ``covering`` those who cover none of the gaps are left out as well, unless nobody near the top covers any.
    None for who objects to automated ranking: nobody comes before anybody else for them.
    """
    person = db.session.get(Person, actor.person_id) if actor.person_id else None
    if person is None or choices_of(person.id).unranked:
        return []
    terms = terms_of(kind, person)
    wide = (2 if covering else 1) * k + len(without)
    ranking = index_of(kind).rank(asking(person, kind).mentee, wide, rules=terms.rules, weights=terms.weights)
    others = [match for match in ranking if match.mentor_id not in without]
    if covering:
        others = [
            match for match in others if match.explanation and any(term.covered for term in match.explanation.competencies)
        ] or others
    return _dress(person, kind, others[:k])


def rankings(
    mentee_ids: Collection[int],
    k: int = 10,
    *,
    kind: str = "mentor",
    states: Collection[str] = ("active", "invited"),
    choices: bool = False,
) -> Iterator[tuple[Asking, Ranking]]:
    """The ranked, explained list of each of these people, by id: a constant number of queries, then one scan each.

    For programme managers and commands. ``states`` says whose offers count: people who were imported are invited, not yet active.
    """
    index = MentorIndex(text_bridge=bridge_now()).fit(load_mentors(states=states)[0][kind])
    people = list(askings(mentee_ids, kind))
    by_path = terms_among(kind, {who.person.unit.path for who in people})
    for who in people:
        terms = by_path[who.person.unit.path]
        yield who, index.rank(who.mentee, k, rules=terms.rules, weights=terms.weights, choices=choices)


def replies_of(offer_ids: Collection[int]) -> dict[int, timedelta]:
    """Offer id → how long its person usually takes to answer; left out where too little is known. One query."""
    rows = db.session.execute(
        sa.select(Request.offer_id, Request.sent_at, Request.replied_at).where(
            among(Request.offer_id, offer_ids), Request.replied_at.is_not(None), Request.sent_at > clock.now() - _REPLIES_SINCE
        )
    )
    waits: dict[int, list[timedelta]] = defaultdict(list)
    for offer_id, sent_at, replied_at in rows.all():
        waits[offer_id].append((replied_at or sent_at) - sent_at)
    typical = {offer_id: rules.typical_reply(found) for offer_id, found in waits.items()}
    return {offer_id: wait for offer_id, wait in typical.items() if wait is not None}


def competency_names(codes: Collection[str]) -> dict[str, Mapping[str, str]]:
    """Code → name. One query."""
    rows = db.session.execute(sa.select(Competency.code, Competency.name).where(Competency.code.in_(sorted(codes))))
    return dict(rows.all())


def _filters(wanted: FindInput) -> Filters:
    return Filters(
        fields=wanted.field, time_zones=wanted.zone, places=wanted.place, languages=wanted.language, unit=wanted.unit,
        covers=wanted.competency, min_years=wanted.years,
    )  # fmt: skip


def _by_name(index: MentorIndex, who: Asking, wanted: FindInput, terms: Terms) -> tuple[list[Match], int]:
    """The page of a list in the order of names, without places and scores; and how many it holds."""
    allowed = set(index.allowed(who.mentee, filters=_filters(wanted), rules=terms.rules).tolist())
    until = wanted.page * PAGE
    if wanted.q:
        fitting = [person_id for person_id in db.session.scalars(_named_people(wanted)) if person_id in allowed]
        page, total = fitting[until - PAGE : until], len(fitting)
    else:
        page, total = _in_name_order(allowed, until)[until - PAGE : until], len(allowed)
    explained = index.explain_all(who.mentee, page, weights=terms.weights)
    return [Match(person_id, 0, 1, 0.0, why) for person_id, why in zip(page, explained, strict=True)], total


FEW_NAMES = 1000
"""So many are sorted by the database; of more it reads everybody by name until the page is full."""


def _in_name_order(allowed: set[int], until: int) -> list[int]:
    """The first ``until`` of these people by name. One query, or a few on the late pages of a long list."""
    by_name = sa.select(Person.id, Person.folded_name).order_by(Person.folded_name, Person.id)
    if len(allowed) <= FEW_NAMES:
        return list(db.session.scalars(by_name.where(among(Person.id, allowed)).limit(until)))
    found: list[int] = []
    size, rows = 20 * until, db.session.execute(by_name.where(Person.state == "active").limit(20 * until)).all()
    while True:
        found += [person_id for person_id, _name in rows if person_id in allowed]
        if len(found) >= until or len(rows) < size:
            return found[:until]
        size *= 8
        after = sa.tuple_(Person.folded_name, Person.id) > (rows[-1].folded_name, rows[-1].id)
        rows = db.session.execute(by_name.where(Person.state == "active", after).limit(size)).all()


def _named_people(wanted: FindInput) -> sa.Select[tuple[int]]:
    """Who offers this kind of help and whose name fits, by name."""
    return (
        sa.select(Offer.person_id)
        .join(Person, Offer.person_id == Person.id)
        .where(
            Offer.closed_at.is_(None),
            Offer.kind == wanted.kind,
            *(Person.folded_name.contains(word, autoescape=True) for word in fold(wanted.q).split()[:6]),
        )
        .order_by(Person.folded_name, Person.id)
    )


def _picked(wanted: FindInput, who: Asking) -> list[Offer]:
    """The offers chosen for comparing, in the order of choosing; not between people who blocked each other."""
    if not wanted.pick:
        return []
    rows = db.session.scalars(
        sa.select(Offer).where(Offer.id.in_(wanted.pick), Offer.kind == wanted.kind, Offer.closed_at.is_(None))
    )
    there = {offer.id: offer for offer in rows if offer.person.is_active and offer.person_id not in who.mentee.blocked}
    return [
        there[number] for number in dict.fromkeys(wanted.pick) if number in there and there[number].person_id != who.person.id
    ]


def _named(index: MentorIndex, who: Asking, wanted: FindInput, terms: Terms) -> tuple[list[Match], int]:
    """The page of those whose name fits, with the place each has in the whole list."""
    ids = set(db.session.scalars(_named_people(wanted)))
    every = index.rank(who.mentee, None, filters=_filters(wanted), rules=terms.rules, weights=terms.weights, explain=False)
    fitting = [match for match in every if match.mentor_id in ids]
    page = fitting[(wanted.page - 1) * PAGE :][:PAGE]
    explained = index.explain_all(who.mentee, [match.mentor_id for match in page], weights=terms.weights)
    return [match._replace(explanation=why) for match, why in zip(page, explained, strict=True)], len(fitting)


def _dress(person: Person, kind: str, matches: Sequence[Match]) -> list[Suggestion]:
    """Rows around the engine's lines. A person whom the rows no longer hold is left out."""
    ids = [match.mentor_id for match in matches]
    asked = sa.select(Request.id).where(Request.person_id == person.id, Request.offer_id == Offer.id, Request.state.in_(OPEN))
    saved = sa.exists().where(
        SavedPerson.person_id == person.id, SavedPerson.saved_id == Offer.person_id, SavedPerson.kind == Offer.kind
    )
    invited = sa.select(Invitation.id).where(
        Invitation.person_id == person.id, Invitation.offer_id == Offer.id, Invitation.state == "sent"
    )
    rows = db.session.execute(
        sa.select(Offer, asked.limit(1).scalar_subquery(), saved, invited.limit(1).scalar_subquery()).where(
            Offer.kind == kind, Offer.closed_at.is_(None), Offer.person_id.in_(ids)
        )
    )
    offers = {row[0].person_id: row for row in rows}
    replies = replies_of([offer.id for offer, *_more in offers.values()])
    today = clock.today()
    found = []
    for match in matches:
        if match.mentor_id in offers:
            offer, request_id, is_saved, invitation_id = offers[match.mentor_id]
            years = rules.years_in_field(offer.person.in_field_since, today)
            found.append(Suggestion(offer, match, years, replies.get(offer.id), request_id, bool(is_saved), invitation_id))
    return found


def _asked(person_id: int, offer_ids: Collection[int]) -> dict[int, int]:
    rows = db.session.execute(
        sa.select(Request.offer_id, Request.id).where(
            Request.person_id == person_id, Request.offer_id.in_(offer_ids), Request.state.in_(OPEN)
        )
    )
    return dict(rows.all())


def _field_names() -> dict[str, Mapping[str, str]]:
    return {code: name for code, name in db.session.execute(sa.select(Field.code, Field.name))}  # noqa: C416
