"""Learning from outcomes: is a known truth found again, how long it takes, and what the log costs a page.

    python bench/learning.py [--rows 100000] [--mentors 2000] [--requests 200] [--skip-page]

Printed: for growing numbers of people whose choices follow a known truth, the area under the curve of policy, of the model on
people held out, and of the truth itself; of 200 agencies in which outcomes are noise, how many are proposed a model; seconds to
fit and to judge ``--rows`` lines; p50 and p99 in milliseconds of the page "Find a mentor" with the log and without it in turn,
of the note after the page, and of the note of a list seen before.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("OMP_NUM_THREADS", "1")

from bench.suggestions import build
from config import Settings
from mentorlink.app import create_app
from mentorlink.kernel import clock, crypto
from mentorlink.kernel.db import db, metadata
from mentorlink.matching import Figure, MonotoneAdditive, Weights, judge, make_outcomes
from mentorlink.pairing.queries import warm_pool
from mentorlink.people.models import SignIn
from mentorlink.web.pairing import find

TRUTH = Weights(
    cover=0.2, text=0.5, experience=0.2, place=0.05, field=0.05, language=0.0,
    curves={"text": ((0.0, 0.0), (0.1, 0.7), (0.4, 0.95), (1.0, 1.0))},
)  # fmt: skip


def recovery() -> None:
    """A known truth, more and more people."""
    print("people  outcomes  policy AUC            model AUC             truth AUC  gain                  odds off by  proposed")
    for people in (60, 120, 250, 500, 1000, 3000):
        evidence = make_outcomes(people, truth=TRUTH, seed=people)
        verdict, best = judge(evidence, seed=1), judge(evidence, policy=TRUTH, seed=1)
        assert verdict.policy_auc
        assert verdict.model_auc
        assert verdict.gain
        assert verdict.error
        assert best.policy_auc
        proposed = f"yes{', with odds' if verdict.odds else ''}" if verdict.is_better else "no: " + ", ".join(verdict.reasons)
        print(
            f"{people:6}  {verdict.outcomes:8}  {said(verdict.policy_auc)}  {said(verdict.model_auc)}"
            f"  {best.policy_auc.value:9.3f}  {said(verdict.gain)}  {verdict.error.value:11.3f}  {proposed}"
        )


def noise() -> None:
    """Outcomes that follow nothing, and outcomes that follow policy."""
    for label, parameters in (("noise", {"noise": True}), ("policy itself", {"truth": Weights()})):
        verdicts = [judge(make_outcomes(400, seed=seed, **parameters), seed=seed) for seed in range(200)]  # type: ignore[arg-type]
        wrong = sum(verdict.is_better for verdict in verdicts)
        print(f"outcomes follow {label}: {wrong} of 200 agencies are proposed a model")


def fitting(rows: int) -> None:
    """Time and memory of one fit and of the whole judgement."""
    evidence = make_outcomes(rows // 10, truth=TRUTH, seed=9)
    start = time.perf_counter()
    model = MonotoneAdditive().fit(evidence.shares, evidence.good)
    fitted = time.perf_counter() - start
    start = time.perf_counter()
    judge(evidence, seed=1)
    judged = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{rows} lines: one fit {fitted:.2f} s ({model.n_iter_} steps), judged {judged:.2f} s, peak {peak:.2f} GiB")


def page(mentors: int, requests: int) -> None:
    """The page with and without the log, in turn, in one run."""
    folder = Path(tempfile.mkdtemp())
    app = create_app(
        Settings(
            secret_key="k3Jx9-qLw7_Zt5vB1nRm8YpDf2Hs6Gc4", data_keys=("Wm9tYmllcyBsaWtlIGJyYWlucyAxMjM0NTY3ODkwIT8=",),
            database_url=f"sqlite:///{folder}/bench.db", base_url="http://localhost", background=False, log_level="error",
        )
    )  # fmt: skip
    with app.app_context():
        metadata.create_all(db.engine)
        asker = build(mentors, mentors, 7)
        token = crypto.new_token()
        db.session.add(SignIn(person_id=asker, token_hash=crypto.token_hash(token), created_at=clock.now(), seen_at=clock.now()))
        db.session.commit()
        warm_pool()
        db.session.remove()
    client = app.test_client()
    client.set_cookie("mentorlink", token, domain="localhost")
    note, taken = find.note_after_answer, {"with": [], "without": [], "new": [], "seen": []}  # type: ignore[var-annotated]
    for number in range(requests + 5):
        address = f"/find?years=5&page={1 + number % 40}&zone={('WIB', 'WITA', 'WIT')[number % 3]}"
        for label in ("without", "with") if number % 2 else ("with", "without"):
            find.note_after_answer = note if label == "with" else _nothing
            body, after = _once(client, address)
            if number >= 5:
                taken[label].append(body)
                if label == "with":
                    taken["new" if number < 120 else "seen"].append(after)
    find.note_after_answer = note
    for label, words in (
        ("without", "page without the log"), ("with", "page with the log"),
        ("new", "after the page: a list not seen before"), ("seen", "after the page: a list seen before"),
    ):  # fmt: skip
        times = sorted(taken[label])
        if times:
            print(
                f"{words:40} p50 {times[len(times) // 2]:7.2f} ms   p99 {times[int(len(times) * 0.99)]:7.2f} ms   ({len(times)})"
            )


def _nothing(*_arguments: Any) -> None:
    return None


def _once(client: Any, address: str) -> tuple[float, float]:
    start = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200
    answer.get_data()
    body = time.perf_counter()
    answer.close()
    return (body - start) * 1000, (time.perf_counter() - body) * 1000


def said(figure: Figure) -> str:
    """A figure with its interval."""
    return f"{figure.value:.3f} ({figure.low:.3f}–{figure.high:.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--mentors", type=int, default=2_000)
    parser.add_argument("--requests", type=int, default=240)
    parser.add_argument("--skip-page", action="store_true")
    options = parser.parse_args()
    recovery()
    noise()
    fitting(options.rows)
    if not options.skip_page:
        page(options.mentors, options.requests)


if __name__ == "__main__":
    main()
