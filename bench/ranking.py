"""Time of a ranked list of mentors, beside scikit-learn's brute-force neighbours on the same people in the same run.

    python bench/ranking.py [--sizes 1000 10000 100000] [--queries 200] [--seed 7]

Printed for each size: p50 and p99 in milliseconds of one page of 20 with explanations, without and with the counts beside each
filter; of one changed row; of the baseline (which knows no rules, no gaps, no text: it only compares level vectors); the
seconds to take over the pool; and the share of the true best 20 found, against a plain scoring of every pair written here.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
for pool_size in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(pool_size, "1")

from mentorlink.matching import Mentee, Mentor, MentorColumns, MentorIndex, TextEncoder  # noqa: E402

COMMON = [f"M.{n}" for n in range(1, 9)] + ["SK.1"]
TECHNICAL = [f"T.{n:03}" for n in range(191)]
CODES = COMMON + TECHNICAL
FAMILIES = 40
PAGE = 20
SYLLABLES = [
    "ba",
    "ri",
    "tu",
    "lang",
    "ke",
    "sa",
    "mi",
    "do",
    "pur",
    "nan",
    "gi",
    "ra",
    "wi",
    "te",
    "lo",
    "han",
    "su",
    "bi",
    "ja",
    "mar",
]


@dataclass
class Agency:
    """An agency made by a seed: job families of Zipf sizes, each with its technical competencies and its words."""

    rng: np.random.Generator

    def __post_init__(self) -> None:
        sizes = 1 / np.arange(1, FAMILIES + 1)
        self.shares = sizes / sizes.sum()
        self.technical = [self.rng.choice(len(TECHNICAL), self.rng.integers(8, 19), replace=False) for _ in range(FAMILIES)]
        words = sorted({"".join(self.rng.choice(SYLLABLES, self.rng.integers(2, 4))) for _ in range(6000)})
        self.words = np.array(words)
        self.own_words = [self.rng.choice(self.words, 300, replace=False) for _ in range(FAMILIES)]

    def text(self, family: int, length: int) -> str:
        """Words of the family and of all, the frequent ones more often."""
        own = self.own_words[family][np.minimum(299, self.rng.zipf(1.3, length // 2) - 1)]
        common = self.words[np.minimum(len(self.words) - 1, self.rng.zipf(1.2, length - length // 2) - 1)]
        return " ".join(self.rng.permutation(np.concatenate([own, common])))

    def mentors(self, count: int) -> MentorColumns:
        """As columns."""
        rng = self.rng
        families = rng.choice(FAMILIES, count, p=self.shares)
        levels = np.zeros((count, len(CODES)), np.uint8)
        levels[:, : len(COMMON)] = rng.integers(1, 6, (count, len(COMMON)))
        for row, family in enumerate(families):
            held = self.technical[family]
            levels[row, len(COMMON) + held] = rng.integers(1, 6, len(held))
        return MentorColumns(
            np.arange(1, count + 1) * 3,
            CODES,
            levels,
            units=[(1, int(unit) // 20 + 10, int(unit) + 1000) for unit in rng.integers(0, 500, count)],
            fields=[f"F{family:02}" for family in families],
            grades=rng.integers(1, 14, count).tolist(),
            years=rng.integers(1, 36, count).tolist(),
            languages=[("id", "en") if english else ("id",) for english in rng.random(count) < 0.3],
            time_zones=rng.choice(["WIB", "WITA", "WIT"], count, p=[0.8, 0.15, 0.05]).tolist(),
            places=[f"P{place}" for place in rng.integers(0, 60, count)],
            texts=[self.text(family, 40) for family in families],
            rooms=(rng.random(count) < 0.93).astype(int).tolist(),
        )

    def mentee(self, number: int, people: int) -> Mentee:
        """About eleven gaps, a line of command of thirty people."""
        rng = self.rng
        family = int(rng.choice(FAMILIES, p=self.shares))
        codes = [*COMMON, *(TECHNICAL[n] for n in self.technical[family])]
        required = {code: int(rng.integers(2, 6)) for code in codes}
        levels = {code: max(0, need - int(rng.integers(0, 3))) for code, need in required.items()}
        return Mentee(
            -number,
            levels,
            required,
            unit=(1, 12, 1047),
            field=f"F{family:02}",
            grade=int(rng.integers(1, 10)),
            years=int(rng.integers(0, 20)),
            languages=("id",),
            time_zone="WIB",
            place=f"P{rng.integers(0, 60)}",
            text=self.text(family, 30),
            line=frozenset((rng.integers(0, people, 30) * 3).tolist()),
        )


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def spread(times: Iterable[float]) -> str:
    """p50 / p99."""
    return "{:.2f} / {:.2f}".format(*np.percentile(list(times), [50, 99]))


def records(pool: MentorColumns) -> list[Mentor]:
    """The same pool as one record for each person."""
    levels = np.asarray(pool.levels)
    columns = zip(
        np.asarray(pool.ids).tolist(), pool.units, pool.fields, pool.grades, pool.years, pool.languages, pool.time_zones,
        pool.places, pool.texts, pool.rooms, strict=True,
    )  # fmt: skip
    return [
        Mentor(
            person,
            {CODES[column]: int(levels[row, column]) for column in np.flatnonzero(levels[row])},
            unit=unit, field=field, grade=grade, years=years, languages=languages, time_zone=zone, place=place, text=text,
            room=room,
        )
        for row, (person, unit, field, grade, years, languages, zone, place, text, room) in enumerate(columns)
    ]  # fmt: skip


def plain_best(pool: MentorColumns, mentee: Mentee, cosines: np.ndarray) -> list[int]:
    """The best page by the formula, pair by pair over all mentors, in floating point."""
    levels = np.asarray(pool.levels).astype(float)
    actual = np.array([mentee.levels.get(code, 0) for code in CODES])
    gaps = np.array([max(0, mentee.required.get(code, 0) - mentee.levels.get(code, 0)) for code in CODES])
    score = 0.55 * np.minimum(gaps, np.maximum(0, levels - actual)).sum(axis=1) / gaps.sum()
    score += 0.15 * np.round(cosines, 3)
    score += 0.10 * np.clip(np.array(pool.years) - mentee.years, 0, 5) / 5
    hours = {"WIB": 0, "WITA": 1, "WIT": 2}
    score += 0.04 * np.array([place == mentee.place for place in pool.places])
    score += 0.04 * (1 - np.array([hours[zone] for zone in pool.time_zones]) / 8)
    score += 0.07 * np.array([field == mentee.field for field in pool.fields]) + 0.05
    ids = np.asarray(pool.ids)
    score[(np.array(pool.rooms) == 0) | np.isin(ids, list(mentee.line))] = -1
    return ids[np.lexsort((ids, -np.round(score, 6)))][:PAGE].tolist()


def recall(index: MentorIndex, pool: MentorColumns, mentees: list[Mentee]) -> float:
    """Share of the plain best 20 that the index lists."""
    matrix = index.text_encoder_.transform(pool.texts)
    hits = 0
    for mentee in mentees:
        cosines = (matrix @ index.text_encoder_.transform([mentee.text]).T).toarray().ravel()
        hits += len(set(plain_best(pool, mentee, cosines)) & {match.mentor_id for match in index.rank(mentee, PAGE)})
    return hits / (PAGE * len(mentees))


def measure(size: int, queries: int, seed: int) -> list[str]:
    """One line of the table."""
    from sklearn.neighbors import NearestNeighbors

    agency = Agency(np.random.default_rng(seed))
    pool = agency.mentors(size)
    mentees = [agency.mentee(number, size) for number in range(1, queries + 1)]
    rows = records(pool)
    built_columns = timed(lambda: MentorIndex().fit(pool)) / 1e3
    index = MentorIndex()
    built = timed(lambda: index.fit(rows)) / 1e3
    exact = recall(index, pool, mentees[:20])
    gc.collect()
    for mentee in mentees[:5]:
        index.rank(mentee, PAGE, choices=True)
    page = [timed(lambda mentee=mentee: index.rank(mentee, PAGE)) for mentee in mentees]
    full = [timed(lambda mentee=mentee: index.rank(mentee, PAGE, choices=True)) for mentee in mentees]
    other = rows[1 : queries + 1]
    change = [timed(lambda row=row: index.update(replace(row, room=3 - row.room, years=9))) for row in other]
    rewrite = [timed(lambda row=row: index.update(replace(row, text=rows[0].text + row.text))) for row in other]
    levels = np.asarray(pool.levels).astype(np.float32)
    neighbours = NearestNeighbors(n_neighbors=PAGE, algorithm="brute").fit(levels)
    wanted = [
        np.array([[mentee.required.get(code, 0) for code in CODES]], np.float32) for mentee in mentees[: max(20, queries // 4)]
    ]
    baseline = [timed(lambda vector=vector: neighbours.kneighbors(vector)) for vector in wanted]
    return [
        f"{size:,}", spread(page), spread(full), spread(baseline), spread(change), spread(rewrite),
        f"{built:.2f}", f"{built_columns:.2f}", f"{exact:.3f}",
    ]  # fmt: skip


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    arguments.add_argument("--queries", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=7)
    given = arguments.parse_args()
    print(f"scikit-learn loaded in {timed(lambda: TextEncoder().fit(['satu kata'])) / 1e3:.2f} s; figures in ms are p50 / p99")
    heads = [
        "mentors", "page of 20", "with counts", "sklearn brute", "row changed", "text changed",
        "build s, records", "columns", "recall",
    ]  # fmt: skip
    print("| " + " | ".join(heads) + " |")
    print("|" + "---|" * len(heads))
    for size in given.sizes:
        print("| " + " | ".join(measure(size, given.queries, given.seed)) + " |", flush=True)


if __name__ == "__main__":
    main()
