"""Ranked, explained lists for many people at once, as lines of a file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from mentorlink.matching import Explanation, Ranking
from mentorlink.pairing.queries import Asking, competency_names, rankings
from mentorlink.people.models import Person
from mentorlink.people.queries import people_by_id


@dataclass(frozen=True)
class MatchLine:
    """One place of one person's list; without a mentor where nobody may be suggested."""

    mentee: Person
    place: int | None
    tied: int
    mentor: Person | None
    score: float
    why: Explanation | None
    barriers: Mapping[str, int] = field(default_factory=dict)
    """Where the list is empty: rule → how many it keeps away."""


@dataclass
class MatchSummary:
    """What the lists come to."""

    mentees: int = 0
    with_mentor: int = 0
    eligible: int = 0
    """Pairs that no rule forbids."""
    lines: int = 0
    with_gap: int = 0
    gap_levels: int = 0
    covered_first: int = 0
    """Levels that the first of each list covers."""
    covered_best: int = 0
    """Levels that the best covering line of each list covers."""
    covered_whole: int = 0
    """People whose gaps one line of their list covers whole."""
    unassessed: int = 0


@dataclass
class Matches:
    """The lines, the summary that fills while they are read, and names of competencies."""

    lines: Iterator[MatchLine]
    summary: MatchSummary
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def match_lines(mentee_ids: Collection[int], k: int = 10) -> Matches:
    """The first ``k`` of each person's list, by the running programme's rules. A constant number of queries, one scan each.

    Offers of people who were imported and have not signed in yet count too.
    """
    summary = MatchSummary()
    found = list(rankings(mentee_ids, k))
    mentors = people_by_id({match.mentor_id for _, ranking in found for match in ranking})
    order = {id_: at for at, id_ in enumerate(mentee_ids)}
    found.sort(key=lambda pair: order[pair[0].person.id])
    codes = {need.code for who, _ in found for need in who.needs}

    def lines() -> Iterator[MatchLine]:
        for who, ranking in found:
            _count(summary, who, ranking)
            for match in ranking:
                yield MatchLine(who.person, match.place, match.tied, mentors[match.mentor_id], match.score, match.explanation)
            if not ranking.matches:
                yield MatchLine(who.person, None, 0, None, 0.0, None, dict(ranking.masked))

    return Matches(lines(), summary, competency_names(codes))


def _count(summary: MatchSummary, who: Asking, ranking: Ranking) -> None:
    gap = sum(need.gap for need in who.needs)
    covered = [match.explanation.covered for match in ranking.matches if match.explanation]
    summary.mentees += 1
    summary.with_mentor += bool(ranking.total)
    summary.eligible += ranking.total
    summary.lines += len(covered)
    summary.with_gap += bool(gap)
    summary.gap_levels += gap
    summary.unassessed += sum(need.actual is None for need in who.needs)
    summary.covered_first += covered[0] if covered else 0
    summary.covered_best += max(covered, default=0)
    summary.covered_whole += bool(gap) and max(covered, default=0) == gap
