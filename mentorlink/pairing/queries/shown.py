"""What a list showed, in plain values: made while the page is made, written down once the page is out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.matching import Match, shares_of_explanation
from mentorlink.pairing.inputs import FindInput
from mentorlink.pairing.models import FindingChoice, ShownList
from mentorlink.pairing.queries.suggestions import PAGE, Suggestion, Suggestions
from mentorlink.pairing.queries.terms import Terms, terms_of
from mentorlink.people.models import Person

_NO_FILTER = ("kind", "page", "q", "pick")


@dataclass(frozen=True)
class ShownLine:
    """Somebody in a list."""

    mentor_id: int
    slot: int
    """Line on the page, from 1."""
    place: int
    tied: int
    shares: Mapping[str, float]
    """Part of the score → its share before weights and curves: the engine's own numbers at that moment."""
    chance: float = 1.0
    """Of standing at this line. Equal scores stand in a fixed order, so nothing is left to chance."""


@dataclass(frozen=True)
class Exposure:
    """A ranked list as somebody saw it."""

    person_id: int
    kind: str
    door: str
    day: date
    filters: Mapping[str, Any]
    start: int
    total: int
    programme_id: int | None
    model_id: int | None
    lines: tuple[ShownLine, ...]

    @property
    def digest(self) -> str:
        """The same for the same list: whoever looks again that day has seen it once."""
        facts = [self.door, self.filters, self.start, self.model_id, [asdict(line) for line in self.lines]]
        return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()[:32]


def list_shown(actor: Actor, found: Suggestions, *, door: str) -> Exposure | None:
    """A page of the ranked list as the actor sees it."""
    shown = [item.match for item in found.items]
    programme_id, model_id = _whose(found.terms)
    start = (found.wanted.page - 1) * PAGE
    return exposure(
        actor, shown, kind=found.wanted.kind, door=door, programme_id=programme_id, model_id=model_id, wanted=found.wanted,
        start=start, total=found.total,
    )  # fmt: skip


def best_shown(actor: Actor, found: Sequence[Suggestion], *, door: str, kind: str = "mentor") -> Exposure | None:
    """The first few of the actor's list, as another page shows them."""
    if not found or actor.person_id is None:
        return None
    programme_id, model_id = _whose(terms_of(kind, db.session.get(Person, actor.person_id)))
    matches = [item.match for item in found]
    return exposure(actor, matches, kind=kind, door=door, programme_id=programme_id, model_id=model_id)


def exposure(
    actor: Actor,
    matches: Sequence[Match],
    *,
    kind: str,
    door: str,
    programme_id: int | None,
    model_id: int | None,
    wanted: FindInput | None = None,
    start: int = 0,
    total: int | None = None,
) -> Exposure | None:
    """A list in plain values, or None for one that is not to be noted: empty, without ranking, or nobody's.

    The name that somebody searched for is not kept.
    """
    if actor.person_id is None or not matches or any(match.place < 1 or match.explanation is None for match in matches):
        return None
    lines = tuple(
        ShownLine(match.mentor_id, slot, match.place, match.tied, shares_of_explanation(match.explanation))
        for slot, match in enumerate(matches, start=1)
        if match.explanation is not None
    )
    chosen = wanted.model_dump(mode="json") if wanted else {}
    filters = {name: value for name, value in chosen.items() if value and name not in _NO_FILTER}
    length = len(matches) if total is None else total
    return Exposure(actor.person_id, kind, door, clock.today(), filters, start, length, programme_id, model_id, lines)


def _whose(terms: Terms) -> tuple[int | None, int | None]:
    return terms.programme_id, terms.model.id if terms.model else None


def is_news(seen: Exposure) -> bool:
    """True unless the very list was noted that day, or its reader objects to automated ranking. One query."""
    same = sa.exists().where(
        ShownList.person_id == seen.person_id,
        ShownList.kind == seen.kind,
        ShownList.day == seen.day,
        ShownList.digest == seen.digest,
    )
    objects = sa.exists().where(FindingChoice.person_id == seen.person_id, FindingChoice.unranked)
    return not db.session.scalar(sa.select(sa.or_(same, objects)))
