"""Time of a ranked list of mentors, beside scikit-learn's brute-force neighbours on the same people in the same run.

    python bench/ranking.py [--sizes 10000 100000 1000000] [--queries 200] [--seed 7] [--picture]

Printed for each size: p50 and p99 in milliseconds of computing of one page of 20 with explanations, by each kernel, without and
with the counts beside each filter, the best of three calls for each mentee; of one changed row; of the baseline (which knows no
rules, no gaps, no text: only level vectors; up to 100,000 mentors); the seconds to take over the pool, to write it to a file and
to map that; the memory that the mapped pool and ranking in it added; and the share of the true best 20 found, against a plain
scoring of every pair written here.
``--picture`` draws the growth into docs/pictures/ranking.svg.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
for pool_size in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(pool_size, "1")

from mentorlink.matching import Mentee, Mentor, MentorColumns, MentorIndex, make_cohort, prepare_kernel

PAGE = 20
WITH_ROOM = 0.93
PICTURE = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "ranking.svg"


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that this thread computed for one call; waiting for a core that others hold does not count."""
    start = time.thread_time()
    work()
    return (time.thread_time() - start) * 1e3


def spread(times: Iterable[float]) -> str:
    """p50 / p99."""
    return "{:.2f} / {:.2f}".format(*np.percentile(list(times), [50, 99]))


def plain_best(pool: MentorColumns, mentee: Mentee, cosines: np.ndarray) -> list[int]:
    """The best page by the formula, pair by pair over all mentors, in floating point."""
    actual = np.array([mentee.levels.get(code, 0) for code in pool.competencies])
    gaps = np.array([max(0, mentee.required.get(code, 0) - mentee.levels.get(code, 0)) for code in pool.competencies])
    needed = np.flatnonzero(gaps)
    levels, actual, gaps = np.asarray(pool.levels)[:, needed].astype(float), actual[needed], gaps[needed]
    score = 0.55 * np.minimum(gaps, np.maximum(0, levels - actual)).sum(axis=1) / gaps.sum()
    score += 0.15 * np.floor(cosines * 1000 + 0.5) / 1000
    score += 0.10 * np.clip(np.array(pool.years) - mentee.years, 0, 5) / 5
    hours = {"WIB": 0, "WITA": 1, "WIT": 2}
    apart = np.abs(np.array([hours[zone] for zone in pool.time_zones]) - hours[mentee.time_zone])
    score += 0.04 * np.array([place == mentee.place for place in pool.places])
    score += 0.04 * (1 - apart / 8)
    score += 0.07 * np.array([field == mentee.field for field in pool.fields]) + 0.05
    ids = np.asarray(pool.ids)
    score[(np.array(pool.rooms) == 0) | np.isin(ids, list(mentee.line))] = -1
    return ids[np.lexsort((ids, -np.round(score, 6)))][:PAGE].tolist()


def recall(index: MentorIndex, pool: MentorColumns, mentees: list[Mentee]) -> float:
    """Share of the plain best 20 that the index lists."""
    matrix = index.text_encoder_.transform(pool.texts).astype(np.float32)
    hits = 0
    for mentee in mentees:
        cosines = (matrix @ index.text_encoder_.transform([mentee.text]).T).toarray().ravel()
        hits += len(set(plain_best(pool, mentee, cosines)) & {match.mentor_id for match in index.rank(mentee, PAGE)})
    return hits / (PAGE * len(mentees))


def memory() -> float:
    """GiB that this process holds, mapped files included."""
    told = Path("/proc/self/status").read_text(encoding="ascii") if Path("/proc/self/status").exists() else ""
    kilobytes = [line.split()[1] for line in told.splitlines() if line.startswith("VmRSS")]
    return int(kilobytes[0]) / 2**20 if kilobytes else float("nan")


def changed(index: MentorIndex, pool: MentorColumns, rows: range) -> tuple[list[float], list[float]]:
    """Times of changing rows in place: what they hold, and what they wrote."""
    levels = np.asarray(pool.levels)
    ids = np.asarray(pool.ids)
    held = [
        Mentor(
            int(ids[row]),
            {pool.competencies[column]: int(levels[row, column]) for column in np.flatnonzero(levels[row])},
            field=pool.fields[row], years=9, languages=pool.languages[row], text=pool.texts[row], unit=pool.units[row],
        )
        for row in rows
    ]  # fmt: skip
    wrote = [replace(mentor, text=pool.texts[0] + mentor.text) for mentor in held]
    return [timed(lambda row=row: index.update(row)) for row in held], [timed(lambda row=row: index.update(row)) for row in wrote]


def neighbours(pool: MentorColumns, mentees: list[Mentee]) -> list[float]:
    """Times of scikit-learn's exact neighbours on the level vectors."""
    from sklearn.neighbors import NearestNeighbors

    found = NearestNeighbors(n_neighbors=PAGE, algorithm="brute").fit(np.asarray(pool.levels).astype(np.float32))
    wanted = [np.array([[mentee.required.get(code, 0) for code in pool.competencies]], np.float32) for mentee in mentees]
    return [timed(lambda vector=vector: found.kneighbors(vector)) for vector in wanted]


def taken_over(pool: MentorColumns, mentees: list[Mentee], path: Path) -> tuple[MentorColumns, list[float], float, float, float]:
    """Fit, save and check an index; return a few of the pool, the baseline's times, seconds to fit and to save, and recall."""
    index = MentorIndex()
    built = timed(lambda: index.fit(pool)) / 1e3
    saved = timed(lambda: index.save(path)) / 1e3
    few = len(mentees)
    others = neighbours(pool, mentees[: max(20, few // 8)]) if len(pool) <= 100_000 else []
    small = replace(
        pool, levels=np.array(pool.levels)[:few], ids=np.array(pool.ids)[:few],
        **{name: getattr(pool, name)[:few] for name in ("texts", "fields", "languages", "units")},
    )  # fmt: skip
    return small, others, built, saved, recall(index, pool, mentees[: 10 if len(pool) <= 100_000 else 4])


def measure(size: int, queries: int, seed: int) -> tuple[list[str], dict[str, float]]:
    """One line of the table, and p50 by series for the picture."""
    cohort = make_cohort(queries, size, seed=seed, texts=True)
    rooms = (np.random.default_rng(seed).random(size) < WITH_ROOM).astype(int).tolist()
    mentees = list(cohort.mentees)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pool"
        small, others, built, saved, exact = taken_over(replace(cohort.mentors, rooms=rooms), mentees, path)
        gc.collect()
        before = memory()
        index = MentorIndex.load(path)
        mapped = timed(lambda: MentorIndex.load(path)) / 1e3
        pages: dict[str, list[float]] = {}
        for kernel in ("numpy", "numba") if prepare_kernel() else ("numpy",):
            index.set_params(kernel=kernel)
            for choices in (False, True):
                for mentee in mentees[:5]:
                    index.rank(mentee, PAGE, choices=choices)
                name = f"{kernel}{', counts' if choices else ''}"
                times = [
                    [timed(lambda m=mentee, c=choices: index.rank(m, PAGE, choices=c)) for _ in range(3)] for mentee in mentees
                ]
                pages[name] = [min(each) for each in times]
        held = memory() - before
        row, text = changed(index, small, range(1, len(small.texts)))
    line = [
        f"{size:,}", *(spread(pages.get(name, [np.nan])) for name in SERIES), spread(others) if others else "–",
        spread(row), spread(text), f"{built:.1f}", f"{saved:.1f}", f"{mapped:.2f}", f"{held:.2f}", f"{exact:.3f}",
    ]  # fmt: skip
    medians = {name: float(np.median(times)) for name, times in {**pages, "scikit-learn brute": others}.items() if times}
    return line, medians


SERIES = ("numpy", "numba", "numpy, counts", "numba, counts")


def picture(sizes: list[int], medians: list[dict[str, float]]) -> str:
    """Growth on two logarithmic axes, as SVG that follows the reader's light or dark."""
    names = [name for name in ("scikit-learn brute", "numpy", "numba") if any(name in each for each in medians)]
    left, top, wide, high = 60, 20, 440, 260
    values = [each[name] for each in medians for name in names if name in each]
    low, most = np.floor(np.log10(min(values))), np.ceil(np.log10(max(values)))
    first, last = np.log10(min(sizes)), np.log10(max(sizes))

    def x(size: float) -> float:
        return left + wide * float((np.log10(size) - first) / max(1e-9, last - first))

    def y(value: float) -> float:
        return top + high * float((most - np.log10(value)) / (most - low))

    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + wide + 150} {top + high + 50}" role="img" '
        'font-family="sans-serif" font-size="13">',
        "<title>Time of a page of 20 by number of mentors</title>",
        "<style>text{fill:#333}line{stroke:#9996}polyline{fill:none;stroke-width:2.5}"
        "@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>",
    ]
    for power in range(int(low), int(most) + 1):
        at = y(10.0**power)
        drawn.append(f'<line x1="{left}" x2="{left + wide}" y1="{at:.1f}" y2="{at:.1f}"/>')
        drawn.append(f'<text x="{left - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g} ms</text>')
    for size in sizes:
        drawn.append(f'<text x="{x(size):.1f}" y="{top + high + 22}" text-anchor="middle">{size:,}</text>')
    drawn.append(f'<text x="{left + wide / 2:.0f}" y="{top + high + 42}" text-anchor="middle">mentors</text>')
    for name, colour in zip(names, ("#8a8a8a", "#c77700", "#00798c")[-len(names) :], strict=True):
        points = [(x(size), y(each[name])) for size, each in zip(sizes, medians, strict=True) if name in each]
        drawn.append(f'<polyline stroke="{colour}" points="{" ".join(f"{px:.1f},{py:.1f}" for px, py in points)}"/>')
        drawn += [f'<circle cx="{px:.1f}" cy="{py:.1f}" r="4" fill="{colour}"/>' for px, py in points]
        drawn.append(f'<text x="{points[-1][0] + 10:.1f}" y="{points[-1][1] + 4:.1f}">{name}</text>')
    return "\n".join([*drawn, "</svg>", ""])


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    arguments.add_argument("--queries", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--picture", action="store_true")
    given = arguments.parse_args()
    print("figures in ms are p50 / p99; GiB: what the mapped pool and the ranking added")
    heads = [
        "mentors", *SERIES, "sklearn brute", "row changed", "text changed", "build s", "save s", "map s", "GiB", "recall",
    ]  # fmt: skip
    print("| " + " | ".join(heads) + " |")
    print("|" + "---|" * len(heads))
    drawn = []
    for size in given.sizes:
        line, medians = measure(size, given.queries, given.seed)
        drawn.append(medians)
        print("| " + " | ".join(line) + " |", flush=True)
    if given.picture:
        PICTURE.write_text(picture(given.sizes, drawn), encoding="utf-8")


if __name__ == "__main__":
    main()
