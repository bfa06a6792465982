"""Time, memory and proof of matching rounds, beside other solvers on the same cohort in the same run.

    python bench/rounds.py [--sizes 5000 20000 100000] [--seed 0] [--picture docs/pictures/rounds.svg] [--no-baselines]

For each size (mentees; mentors are given by the table below) a process of its own makes a synthetic cohort and measures:
scoring and solving, the most memory held, the proven gap, the pairs that change when all rows are shuffled, one arrival (scoring
of the newcomer included) and one departure placed anew. Baselines get the solver's listed pairs, or all pairs where that fits,
and solve only: scoring is not in their time. For rounds of up to 10,000 mentees a third table says what the plan is worth to
people.

Seconds are seconds of computing, on all cores together, so that other work on the machine counts little; of several runs of a
round (the shuffled one is one of them) the least counts. The time by the clock stands beside it.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from mentorlink.matching import (
    Batch,
    MentorColumns,
    MentorIndex,
    RoundInput,
    RoundResult,
    RoundSolver,
    SyntheticCohort,
    gap_cover,
    group_metrics,
    make_cohort,
    people_moved,
    prepare_kernel,
    round_metrics,
)
from mentorlink.matching._round_network import Watch
from mentorlink.matching._round_run import Run

MENTORS = {200: 60, 1_000: 300, 5_000: 1_500, 20_000: 6_000, 100_000: 20_000}
DENSE = 60_000_000
"""Cells (mentees × places) that a dense baseline may have."""
SPARSE = 10_000
"""Mentees up to which the sparse baseline runs (20,000 take it minutes), and up to which a round is run several times."""
MUNKRES = 1_000
AGAIN = 4
"""Runs besides the first, of the smaller rounds."""
ONES = 100
"""Arrivals and departures measured."""


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of computing of one call, and what it returned."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def shuffled(cohort: SyntheticCohort) -> SyntheticCohort:
    """The same cohort in another order."""
    rng = np.random.default_rng(1)
    pool, order = cohort.mentors, rng.permutation(len(cohort.mentors))

    def turned(values: Any) -> Any:
        return values if values is None else [values[at] for at in order.tolist()]

    mentors = MentorColumns(
        np.asarray(pool.ids)[order], pool.competencies, np.asarray(pool.levels)[order],
        units=turned(pool.units), fields=turned(pool.fields), grades=turned(pool.grades), years=turned(pool.years),
        languages=turned(pool.languages), time_zones=turned(pool.time_zones), places=turned(pool.places),
        texts=turned(pool.texts),
    )  # fmt: skip
    mentees = tuple(cohort.mentees[at] for at in rng.permutation(len(cohort.mentees)).tolist())
    capacity = dict(sorted(cohort.capacity.items(), reverse=True))
    return SyntheticCohort(mentors, mentees, capacity, cohort.rules)


def solved(cohort: SyntheticCohort) -> tuple[Batch, RoundResult, dict[str, float]]:
    """A round from records to plan."""
    clock = time.perf_counter()
    fit, index = timed(lambda: MentorIndex(rules=cohort.rules).fit(cohort.mentors))
    scoring, scores = timed(lambda: index.batch(cohort.mentees))
    solving, result = timed(lambda: RoundSolver().solve(scores, RoundInput(cohort.capacity)))
    clock = time.perf_counter() - clock
    return scores, result, {"fit": fit, "batch": scoring, "solve": solving, "all": fit + scoring + solving, "clock": clock}


def changes(cohort: SyntheticCohort, scores: Batch, result: RoundResult) -> dict[str, str]:
    """p50 / p99 milliseconds of one arrival and one departure."""
    given = RoundInput(cohort.capacity)
    board = RoundSolver().board(scores, given, result)
    more = make_cohort(ONES + 20, 1, seed=77).mentees
    newcomers = [type(one)(**{**{name: getattr(one, name) for name in one.__slots__ if name != "_"}, "id": 10**9 + at})
                 for at, one in enumerate(more)]  # fmt: skip
    leavers = [pair.mentee for pair in result.pairs[:: max(1, len(result.pairs) // (ONES + 20))]]
    for mentee in leavers[:10]:
        board.leave(mentee)
    departures = [timed(lambda mentee=mentee: board.leave(mentee))[0] * 1e3 for mentee in leavers[10:]]
    board.prove()
    for one in newcomers[:10]:
        board.arrive(scores.others([one]))
    arrivals, proven = [], 0
    for one in newcomers[10:]:
        arrivals.append(timed(lambda one=one: board.arrive(scores.others([one])))[0] * 1e3)
        proven += board.proven
    return {
        "arrival": "{:.2f} / {:.2f}".format(*np.percentile(arrivals, [50, 99])),
        "proven": f"{proven}/{len(arrivals)}",
        "departure": "{:.2f} / {:.2f}".format(*np.percentile(departures, [50, 99])),
    }


def baselines(cohort: SyntheticCohort, scores: Batch, result: RoundResult) -> list[tuple[str, str, float, float]]:
    """Name, what it was given, seconds, value against the plan's."""
    run = Run(RoundSolver(), scores, RoundInput(cohort.capacity), Watch(None, None))
    run.find(result)
    net = run.net
    rows, columns, worth = net.row.astype(np.int64), net.column.astype(np.int64), net.score.astype(np.int64)
    own = round(result.total * 1e6)
    found = []
    listed = f"{len(rows):,} listed pairs"
    seconds, value = timed(lambda: ortools_flow(net.n, net.places, rows, columns, worth))
    found.append((f"OR-tools {importlib.metadata.version('ortools')} min-cost flow", listed, seconds, value / own))
    if net.n <= SPARSE:
        seconds, value = timed(lambda: sparse_matching(net.n, net.places, rows, columns, worth))
        found.append(
            (
                f"SciPy {importlib.metadata.version('scipy')} sparse min_weight_full_bipartite_matching",
                listed,
                seconds,
                value / own,
            )
        )
    if net.n * int(net.places.sum()) <= DENSE:
        table = np.array([scores.scores(row) for row in range(net.n)])
        seconds, value = timed(lambda: dense_assignment(table, net.places))
        found.append(("SciPy linear_sum_assignment", "all pairs", seconds, value / own))
        if net.n <= MUNKRES:
            seconds, value = timed(lambda: munkres(table, net.places))
            found.append((f"munkres {importlib.metadata.version('munkres')}", "all pairs", seconds, value / own))
    return found


def ortools_flow(n: int, places: Any, rows: Any, columns: Any, worth: Any) -> int:
    """Value by OR-tools."""
    from ortools.graph.python import min_cost_flow

    m = len(places)
    flow = min_cost_flow.SimpleMinCostFlow()
    mentees, mentors = np.arange(n), np.arange(m)
    sink = n + m
    flow.add_arcs_with_capacity_and_unit_cost(rows, n + columns, np.ones(len(rows), np.int64), -worth)
    flow.add_arcs_with_capacity_and_unit_cost(n + mentors, np.full(m, sink), places, np.zeros(m, np.int64))
    flow.add_arcs_with_capacity_and_unit_cost(mentees, np.full(n, sink), np.ones(n, np.int64), np.zeros(n, np.int64))
    flow.set_nodes_supplies(np.arange(n + m + 1), np.concatenate([np.ones(n), np.zeros(m), [-n]]).astype(np.int64))
    flow.solve()
    return -flow.optimal_cost()


def sparse_matching(n: int, places: Any, rows: Any, columns: Any, worth: Any) -> int:
    """Value by SciPy's sparse matching: one column for each place, one for staying out."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    first = np.concatenate([[0], np.cumsum(places)])
    counts = places[columns]
    seats = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first[columns], counts)
    highest = 2_000_000
    cost = np.concatenate([highest - np.repeat(worth, counts), np.full(n, highest)]).astype(float)
    where = np.concatenate([np.repeat(rows, counts), np.arange(n)]), np.concatenate([seats, first[-1] + np.arange(n)])
    chosen = min_weight_full_bipartite_matching(csr_matrix((cost, where), shape=(n, int(first[-1]) + n)))
    matrix = csr_matrix((cost, where))
    return int(highest * n - np.asarray(matrix[chosen[0], chosen[1]]).sum())


def dense_assignment(table: Any, places: Any) -> int:
    """Value by SciPy's dense assignment."""
    from scipy.optimize import linear_sum_assignment

    seats = np.repeat(np.maximum(table, 0), places, axis=1)
    chosen = linear_sum_assignment(seats, maximize=True)
    return int(seats[chosen].sum())


def munkres(table: Any, places: Any) -> int:
    """Value by the package munkres."""
    from munkres import Munkres

    seats = np.repeat(np.maximum(table, 0), places, axis=1)
    cost = (2_000_000 - seats).tolist()
    return int(sum(seats[row, column] for row, column in Munkres().compute(cost)))


def quality(cohort: SyntheticCohort, scores: Batch, result: RoundResult) -> list[str]:
    """What the plan is worth to people: a line of the third table."""
    given = RoundInput(cohort.capacity)
    told = round_metrics(scores, given, result)
    covered = gap_cover(MentorIndex(rules=cohort.rules).fit(cohort.mentors), cohort.mentees, result)
    zones = group_metrics(result, {mentee.id: mentee.time_zone for mentee in cohort.mentees})
    means = [zone.mean_score for zone in zones if zone.mean_score is not None]
    cover, large, best = (100 * (share or 0) for share in (covered["mean"], covered["large"], told["first_choice"]))
    gone = dict.fromkeys(sorted(cohort.capacity)[::20], 0)
    again = RoundSolver().solve(scores, RoundInput({**cohort.capacity, **gone}, previous=result.mentor_of))
    stayed = {mentee: mentor for mentee, mentor in result.mentor_of.items() if mentor not in gone}
    return [
        f"{told['matched']:,} of {told['people']:,}", f"{told['mean']:.3f}", f"{told['worst_10']:.3f}", f"{told['gini']:.3f}",
        f"{best:.0f} %", f"{told['idle']:,}", f"{told['blocking']:,}", f"{cover:.0f} %", f"{large:.0f} %",
        f"{min(means):.3f}–{max(means):.3f}",
        f"{people_moved(stayed, again.mentor_of)['moved']:,} of {len(stayed):,}",
    ]  # fmt: skip


def measure(size: int, seed: int, *, beside: bool) -> dict[str, Any]:
    """All figures of one size. In a process of its own, so that the memory is this round's."""
    prepare_kernel()
    warm = make_cohort(60, 20, seed=3)
    RoundSolver(compiled=True).solve(
        MentorIndex(rules=warm.rules).fit(warm.mentors).batch(warm.mentees), RoundInput(warm.capacity)
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cohort = make_cohort(size, MENTORS[size], seed=seed)
    scores, result, seconds = solved(cohort)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told: dict[str, Any] = {
        "size": size, "mentors": MENTORS[size], "before": before / 2**20, "peak": peak / 2**20, "gap": result.gap,
        "matched": len(result.pairs), "edges": result.edges, "passes": result.passes, "stages": result.seconds,
    }  # fmt: skip
    other, runs = None, [seconds]
    for _ in range(AGAIN if size <= SPARSE else 1):
        other, seconds = solved(shuffled(cohort))[1:]
        runs.append(seconds)
    told.update(min(runs, key=lambda run: run["all"]))
    told["clock"] = min(run["clock"] for run in runs)
    told["changed"] = len(set(result.mentor_of.items()) ^ set(other.mentor_of.items()))
    told.update(changes(cohort, scores, result))
    told["quality"] = quality(cohort, scores, result) if size <= SPARSE else []
    told["baselines"] = baselines(cohort, scores, result) if beside else []
    return told


def picture(rows: list[dict[str, Any]]) -> str:
    """Seconds and memory against the number of mentees, both axes logarithmic, as SVG."""
    wide, high, left, low = 640, 360, 70, 50

    def x(size: float) -> float:
        return left + (np.log10(size) - 3) / 2.3 * (wide - left - 20)

    def y(seconds: float) -> float:
        return high - low - (np.log10(seconds) + 2) / 5 * (high - low - 20)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="12">',
        "<style>text{fill:#333}line,polyline{fill:none;stroke:#888}.o{stroke:#0b5cad;stroke-width:2}.b{stroke-dasharray:4 3}"
        "@media(prefers-color-scheme:dark){text{fill:#ddd}.o{stroke:#7cb7ff}}</style>",
        "<title>Seconds of a round by number of mentees</title>",
    ]
    for seconds in (0.01, 0.1, 1, 10, 100, 1000):
        parts.append(f'<line x1="{left}" x2="{wide - 20}" y1="{y(seconds):.1f}" y2="{y(seconds):.1f}" stroke-opacity=".3"/>')
        parts.append(f'<text x="{left - 8}" y="{y(seconds) + 4:.1f}" text-anchor="end">{seconds:g} s</text>')
    for row in rows:
        parts.append(f'<text x="{x(row["size"]):.1f}" y="{high - low + 20}" text-anchor="middle">{row["size"]:,}</text>')
    parts.append(f'<text x="{(wide + left) / 2}" y="{high - 8}" text-anchor="middle">mentees</text>')
    lines: dict[str, list[tuple[int, float]]] = {"whole round, scoring included": [(row["size"], row["all"]) for row in rows]}
    for row in rows:
        for name, _, seconds, _ in row["baselines"]:
            lines.setdefault(name + " (solving only)", []).append((row["size"], seconds))
    for name, points in lines.items():
        own = name.startswith("whole")
        path = " ".join(f"{x(size):.1f},{y(max(0.01, seconds)):.1f}" for size, seconds in points)
        parts.append(f'<polyline class="{"o" if own else "b"}" points="{path}"/>')
        size, seconds = points[-1]
        anchor = "end" if x(size) > wide - 260 else "start"
        parts.append(f'<text x="{x(size):.1f}" y="{y(max(0.01, seconds)) - 6:.1f}" text-anchor="{anchor}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    """Print the tables, and draw the picture."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--sizes", type=int, nargs="+", default=[1_000, 5_000, 20_000, 100_000], choices=sorted(MENTORS))
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--picture", type=Path)
    arguments.add_argument("--no-baselines", action="store_true")
    arguments.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.one:
        print(json.dumps(measure(given.sizes[0], given.seed, beside=not given.no_baselines)))
        return
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; arrival and departure in ms, p50 / p99")
    heads = (
        "mentees × mentors", "s, scoring included", "by the clock", "batch", "solve", "peak GiB (before)", "proven gap",
        "changed by shuffling", "arrival", "proven", "departure",
    )  # fmt: skip
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
    rows = []
    for size in given.sizes:
        command = [sys.executable, __file__, "--one", "--sizes", str(size), "--seed", str(given.seed)]
        command += ["--no-baselines"] if given.no_baselines else []
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        rows.append(row)
        cells = (
            f"{row['size']:,} × {row['mentors']:,}", f"{row['all']:.2f}", f"{row['clock']:.2f}", f"{row['batch']:.2f}",
            f"{row['solve']:.2f}", f"{row['peak']:.2f} ({row['before']:.2f})", f"{100 * row['gap']:.5f} %", str(row["changed"]),
            row["arrival"], row["proven"], row["departure"],
        )  # fmt: skip
        print(f"| {' | '.join(cells)} |", flush=True)
    print("\n| mentees | baseline | given | s, solving only | its value / ours |\n|---|---|---|---|---|")
    for row in rows:
        for name, what, seconds, share in row["baselines"]:
            print(f"| {row['size']:,} | {name} | {what} | {seconds:.2f} | {share:.6f} |")
    heads = (
        "mentees", "matched", "mean score", "worst tenth", "Gini", "own best", "idle mentors", "blocking pairs", "gap covered",
        "most of it", "mean, by time zone", "moved when every 20th mentor leaves",
    )  # fmt: skip
    print(f"\n| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
    for row in rows:
        if row["quality"]:
            print(f"| {' | '.join([format(row['size'], ','), *row['quality']])} |")
    if given.picture:
        given.picture.write_text(picture(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
