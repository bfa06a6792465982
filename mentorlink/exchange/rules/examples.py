"""Files that come with MentorLink, with the packs of mappings that read them."""

from __future__ import annotations

import json
from pathlib import Path

from mentorlink.exchange.inputs import Pack
from mentorlink.kernel.inputs import read

EXAMPLES = Path(__file__).parents[1] / "examples"
SAMPLES = tuple(f"{side}-{size}.csv" for size in (50, 500) for side in ("mentors", "mentees"))
"""Two sizes of the real input that a round can be tried on."""


def example_pack() -> Pack:
    """The pack that reads the samples: files with a grade, an organisation and a profession."""
    return read(Pack, json.loads((EXAMPLES / "mentor-match" / "mentor-match.json").read_text(encoding="utf-8")))


def sample_path(name: str) -> Path:
    """Where a sample lies; the name is one of ``SAMPLES``."""
    return EXAMPLES / "mentor-match" / SAMPLES[SAMPLES.index(name)]
