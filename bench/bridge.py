"""How well texts in Indonesian and English find each other: the translation among the others, held out.

    python bench/bridge.py [--folds 5] [--seed 1] [--dimensions 64 128 256 400]

What the competency dictionaries say in both languages is dealt into folds; a bridge learns from all but one, and for each text of
that one the likeliest of its texts in the other language is looked up. Printed: the share found by words alone (no bridge), by
bridges of so many dimensions; what unlike texts have in common and is taken off; and the seconds to learn from everything.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from mentorlink.matching import TextBridge, TextEncoder

DICTIONARIES = [
    "competencies/data/managerial.json",
    "competencies/data/socio_cultural.json",
    "cli/demo/content/technical.json",
    "cli/demo/content/digital.json",
]


def said(content: Any) -> Iterator[tuple[str, str]]:
    """Every text that stands in both languages."""
    if isinstance(content, dict):
        if isinstance(content.get("id"), str) and isinstance(content.get("en"), str):
            yield content["id"], content["en"]
        content = list(content.values())
    if isinstance(content, list):
        for each in content:
            yield from said(each)


def found(one: Any, other: Any) -> float:
    """Share of rows whose likeliest row of the other language is their own translation, both ways."""
    likely = np.asarray(one @ other.T)
    own = np.arange(len(likely))
    there = (likely.argmax(axis=1) == own) & (likely.max(axis=1) > 0)
    back = (likely.argmax(axis=0) == own) & (likely.max(axis=0) > 0)
    return float((there.mean() + back.mean()) / 2)


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--folds", type=int, default=5)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--dimensions", type=int, nargs="+", default=[64, 128, 256, 400])
    given = arguments.parse_args()
    files = [ROOT / "mentorlink" / name for name in DICTIONARIES]
    pairs = sorted({pair for file in files if file.exists() for pair in said(json.loads(file.read_text(encoding="utf-8")))})
    random.Random(given.seed).shuffle(pairs)
    folds = [pairs[number :: given.folds] for number in range(given.folds)]
    words = TextEncoder().fit([text for pair in pairs for text in pair])
    plain = [found(*(words.transform([pair[side] for pair in fold]).toarray() for side in (0, 1))) for fold in folds]
    print(f"{len(pairs)} texts in both languages, found among {len(folds[0])}")
    print("| | found | taken off |\n|---|---|---|")
    print(f"| words alone | {np.mean(plain):.2f} | – |")
    for dimensions in given.dimensions:
        shares, floors = [], []
        for fold in folds:
            left_out = set(fold)
            bridge = TextBridge(dimensions=dimensions).fit([pair for pair in pairs if pair not in left_out])
            shares.append(found(*(bridge.transform([pair[side] for pair in fold]) for side in (0, 1))))
            floors.append(bridge.scale_[0] / 127**2)
        print(f"| bridge of {dimensions} | {np.mean(shares):.2f} | {np.mean(floors):.2f} |")
    start = time.perf_counter()
    bridge = TextBridge().fit(pairs)
    print(f"learnt from all in {time.perf_counter() - start:.1f} s; one word to one word:")
    for one, other in (("anggaran", "budget"), ("pengadaan", "procurement"), ("pelatihan", "training"), ("anggaran", "coaching")):
        (_, first), (_, second) = bridge.place([one]), bridge.place([other])
        print(f"  {one} – {other}: {bridge.steps(first, second[0])[0] / 1000:.2f}")


if __name__ == "__main__":
    main()
