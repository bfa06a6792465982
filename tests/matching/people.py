"""Mentors and mentees for hypothesis to draw: few values, so that rules are broken and scores tie often."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

from mentorlink.matching import TERMS, Filters, Mentee, Mentor, Rules, Weights

thorough = settings(max_examples=30, deadline=None)
brief = settings(max_examples=15, deadline=None)

CODES = ["M.1", "M.2", "SK.1", "T.7"]
WORDS = ["pelatihan", "melatih", "anggaran", "data", "menulis", "penulisan", "dan", "rapat", "islam", "coaching", ".", "2024"]

ids = st.integers(1, 14)
codes = st.sampled_from(CODES)
levels = st.dictionaries(codes, st.integers(0, 5))
units = st.sampled_from([(), (1,), (1, 2), (1, 2, 5), (1, 3), (1, 3, "x")])
fields = st.sampled_from([None, "tax", "law", ""])
grades = st.none() | st.integers(-2, 3)
years = st.none() | st.integers(0, 30) | st.floats(0, 80)
languages = st.frozensets(st.sampled_from(["id", "en", "jv"]))
zones = st.sampled_from([None, "WIB", "WITA", "WIT", "Mars"])
places = st.sampled_from([None, "Ende", "Tual"])
texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
others = st.frozensets(ids, max_size=3)

common = {
    "unit": units,
    "field": fields,
    "grade": grades,
    "years": years,
    "languages": languages,
    "time_zone": zones,
    "place": places,
    "text": texts,
    "blocked": others,
    "failed_with": others,
}
mentors = st.builds(Mentor, ids, levels, room=st.integers(-1, 3), paused=st.booleans(), **common)
pools = st.lists(mentors, max_size=8, unique_by=lambda mentor: mentor.id)
mentees = st.builds(
    Mentee,
    ids,
    levels,
    levels,
    priorities=st.dictionaries(codes, st.sampled_from([0.1, 0.5, 1, 2, 10])),
    line=others,
    **common,
)
rules = st.builds(
    Rules,
    outside_line=st.booleans(),
    with_room=st.booleans(),
    same_field=st.booleans(),
    other_unit=st.booleans(),
    grade_min=st.none() | st.integers(-3, 0),
    grade_max=st.none() | st.integers(0, 3),
)
filters = st.builds(
    Filters,
    fields=st.sets(st.sampled_from(["tax", "law", "none"]), max_size=2),
    time_zones=st.sets(st.sampled_from(["WIB", "WITA", "WIT", "Venus"]), max_size=2),
    places=st.sets(st.sampled_from(["Ende", "Tual"]), max_size=1),
    languages=st.sets(st.sampled_from(["id", "en", "fr"]), max_size=2),
    unit=st.none() | st.sampled_from([1, 2, 3, "x", 99]),
    covers=st.sets(st.sampled_from([*CODES, "unheard"]), max_size=2),
    min_years=st.none() | st.integers(0, 30) | st.floats(0, 30),
    grades=st.sets(st.integers(-2, 3), max_size=2),
)
weights = st.just(Weights()) | st.builds(
    Weights,
    grade_points=st.dictionaries(st.integers(-2, 2), st.sampled_from([0, 0.25, 0.5, 1])),
    **{name: st.sampled_from([0.1, 0.25, 1, 3]) for name in TERMS},
)
