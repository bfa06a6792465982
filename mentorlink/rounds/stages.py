"""The life of a round and of a run, as tables: states, and which steps of the guided page they stand for."""

from __future__ import annotations

STATES = ("preparing", "open", "published", "dropped")
"""preparing: HR sets it up; open: participants enrol and rank as well; published: both sides know; dropped: never published."""

UNSETTLED = ("preparing", "open")
"""While a round is in one of these, HR may change it and solve it."""

SIDES = ("mentee", "mentor")
ORIGINS = ("rule", "hand", "self")
"""How somebody came into a round: by its rules, by the hand of HR, or by themself."""

MODES = ("sum", "floor", "stable")
"""sum: the most fit in all; floor: first the worst-off, then the most fit; stable: no two would rather have each other."""

TIES = ("pin", "ban")

GROUPS = ("unit", "tier", "place")
"""What a quota may go by, and the fairness page looks at: where somebody works and on which tier, nothing of who they are."""

RUN_STATES = ("waiting", "running", "done", "cancelled", "failed", "killed", "overtaken")
BUSY = ("waiting", "running")
"""A run in one of these is the only one of its round; the database says so."""

SHEETS = ("cover", "check")
"""What is worked out of the whole cohort apart from any request: the cover map, and which pairs cannot be published."""

VALUES = (-0.5, 0.0, 1.0, 3.0)
"""The slider: what being matched is worth by itself, from best fit to most people."""

FLOOR = 0.9
"""In the mode ``floor`` nobody stays under this share of the best possible minimum."""

MOVED, DISPLACED, OVERRULED, LATE = "moved", "displaced", "overruled", "late"
"""What decided over a line besides the solver's own codes: HR put them together; HR gave the place to somebody else; the pair of
this stop is forbidden by now; they came in after the run."""

STEPS = ("people", "cover", "weights", "run", "draft", "publish")
"""The guided page, in its order."""
