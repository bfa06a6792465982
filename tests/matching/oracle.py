"""The engine's rules once more, pair by pair, in exact fractions and plain loops; shares no code with the engine but the stemmer.

Slow and simple on purpose: when the two disagree, one of them has misread the rule.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from mentorlink.matching import TERMS, Filters, Mentee, Mentor, Rules, Weights
from mentorlink.matching._stem import words

HOURS_AHEAD = {"WIB": 7, "WITA": 8, "WIT": 9}


def terms_of(text: str) -> list[str]:
    """Words, and pairs of words with nothing left out between them."""
    found, before = [], None
    for word in words(text):
        if word is not None:
            found.append(word[0])
            if before is not None:
                found.append(f"{before} {word[0]}")
        before = word and word[0]
    return found


class Texts:
    """Weights of terms, learnt from some texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        documents = [set(terms_of(text)) for text in texts]
        self.spread = Counter(term for document in documents for term in document)
        self.count = len(documents)

    def vector(self, text: str) -> dict[str, float]:
        counts = Counter(term for term in terms_of(text) if term in self.spread)
        raw = {term: (1 + math.log(n)) * (1 + math.log((1 + self.count) / (1 + self.spread[term]))) for term, n in counts.items()}
        length = math.sqrt(sum(value * value for value in raw.values()))
        return {term: value / length for term, value in raw.items()}

    def cosine(self, asked: str, offered: str) -> Fraction:
        """In thousandths. Weights are whole numbers of 2⁻¹⁵."""
        one, other = self.vector(asked), self.vector(offered)
        cosine = sum(round(value * 32768) * round(other[term] * 32768) for term, value in one.items() if term in other)
        return Fraction(min(1000, math.floor(Fraction(cosine * 1000, 2**30) + Fraction(1, 2))), 1000)


def parts(mentee: Mentee, mentor: Mentor, texts: Texts, weights: Weights) -> dict[str, Fraction]:
    """Each term of the score, exactly."""
    given = {name: Fraction(str(getattr(weights, name))) for name in TERMS}
    whole = sum(given.values())
    share = {name: weight / whole for name, weight in given.items()}
    total = covered = Fraction(0)
    for code, required in mentee.required.items():
        own = mentee.levels.get(code, 0)
        gap = max(0, required - own)
        priority = Fraction(round(mentee.priorities.get(code, 1) * 10))
        total += priority * gap
        covered += priority * min(gap, max(0, mentor.levels.get(code, 0) - own))
    lead = Fraction(0)
    if mentee.years is not None and mentor.years is not None:
        lead = Fraction(min(5, max(0, int(mentor.years) - int(mentee.years))), 5)
    place = Fraction(int(bool(mentee.place) and mentee.place == mentor.place), 2)
    if mentee.time_zone and mentor.time_zone:
        if mentee.time_zone == mentor.time_zone:
            place += Fraction(1, 2)
        elif mentee.time_zone in HOURS_AHEAD and mentor.time_zone in HOURS_AHEAD:
            place += Fraction(8 - abs(HOURS_AHEAD[mentee.time_zone] - HOURS_AHEAD[mentor.time_zone]), 16)
    return {
        "cover": share["cover"] * (covered / total if total else 0),
        "text": share["text"] * texts.cosine(mentee.text, mentor.text),
        "experience": share["experience"] * lead,
        "place": share["place"] * place,
        "field": share["field"] * int(bool(mentee.field) and mentee.field == mentor.field),
        "language": share["language"] * int(bool(set(mentee.languages) & set(mentor.languages))),
        "grade": share["grade"] * _points(mentee, mentor, weights),
    }


def _points(mentee: Mentee, mentor: Mentor, weights: Weights) -> Fraction:
    if mentee.grade is None or mentor.grade is None:
        return Fraction(0)
    return Fraction(str(weights.grade_points.get(mentor.grade - mentee.grade, 0)))


def broken_rules(mentee: Mentee, mentor: Mentor, rules: Rules) -> list[str]:
    """Codes of the rules that forbid the pair."""
    distance = None if mentee.grade is None or mentor.grade is None else mentor.grade - mentee.grade
    low = -math.inf if rules.grade_min is None else rules.grade_min
    high = math.inf if rules.grade_max is None else rules.grade_max
    bounded = rules.grade_min is not None or rules.grade_max is not None
    asked = {
        "self": mentor.id == mentee.id,
        "line_of_command": rules.outside_line and mentor.id in mentee.line,
        "no_room": rules.with_room and mentor.room <= 0,
        "paused": mentor.paused,
        "blocked": mentor.id in mentee.blocked or mentee.id in mentor.blocked,
        "past_failed_pair": mentor.id in mentee.failed_with or mentee.id in mentor.failed_with,
        "other_field": rules.same_field and (not mentee.field or mentee.field != mentor.field),
        "same_unit": rules.other_unit and mentor.unit != () and mentor.unit == mentee.unit,
        "grade_distance": bounded and (distance is None or not low <= distance <= high),
    }
    return [code for code, broken in asked.items() if broken]


def failed_filters(mentee: Mentee, mentor: Mentor, filters: Filters) -> list[str]:
    """Names of the filters that leave the mentor out."""
    kept = {
        "fields": not filters.fields or mentor.field in filters.fields,
        "time_zones": not filters.time_zones or mentor.time_zone in filters.time_zones,
        "places": not filters.places or mentor.place in filters.places,
        "languages": not filters.languages or bool(set(mentor.languages) & set(filters.languages)),
        "unit": filters.unit is None or filters.unit in mentor.unit,
        "covers": all(mentor.levels.get(code, 0) > mentee.levels.get(code, 0) for code in filters.covers),
        "min_years": filters.min_years is None or (mentor.years is not None and int(mentor.years) >= filters.min_years),
        "grades": not filters.grades or mentor.grade in filters.grades,
    }
    return [name for name, keep in kept.items() if not keep]


def listed(mentee: Mentee, pool: Sequence[Mentor], rules: Rules, filters: Filters) -> list[Mentor]:
    """Who may stand in the list."""
    return [mentor for mentor in pool if not broken_rules(mentee, mentor, rules) and not failed_filters(mentee, mentor, filters)]


def choices(mentee: Mentee, pool: Sequence[Mentor], rules: Rules, filters: Filters) -> dict[str, dict[int | str, int]]:
    """How many each choice of each filter would list, by trying every one."""
    gaps = {code for code, required in mentee.required.items() if required > mentee.levels.get(code, 0)}
    tried: dict[str, dict[int | str, Filters]] = {
        "fields": {m.field: replace(filters, fields=[m.field]) for m in pool if m.field},
        "time_zones": {m.time_zone: replace(filters, time_zones=[m.time_zone]) for m in pool if m.time_zone},
        "places": {m.place: replace(filters, places=[m.place]) for m in pool if m.place},
        "languages": {each: replace(filters, languages=[each]) for m in pool for each in m.languages},
        "unit": {step: replace(filters, unit=step) for m in pool for step in m.unit},
        "covers": {code: replace(filters, covers=[*filters.covers, code]) for code in gaps},
        "min_years": {least: replace(filters, min_years=least) for least in (5, 10, 15, 20, 25)},
        "grades": {m.grade: replace(filters, grades=[m.grade]) for m in pool if m.grade is not None},
    }
    counted = {
        name: {choice: len(listed(mentee, pool, rules, changed)) for choice, changed in each.items()}
        for name, each in tried.items()
    }
    return {name: {choice: n for choice, n in each.items() if n} for name, each in counted.items()}
