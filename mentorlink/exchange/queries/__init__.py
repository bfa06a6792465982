"""Reads of exchange: what a file would do, what waits, and the rows of files that go out."""

from mentorlink.exchange.queries.imports import (
    cells_for,
    import_for,
    imports_for,
    leftover_of,
    mapping_for,
    mappings_for,
    preview_for,
    rejected_for,
    table_of,
    usual_mapping,
)
from mentorlink.exchange.queries.known import known_words
from mentorlink.exchange.queries.matches import MatchLine, MatchSummary, match_lines
from mentorlink.exchange.queries.outgoing import head_of, rows_for
from mentorlink.exchange.queries.paired import PairedRounds, PairLine, pair_in_rounds, paired_rounds, terms_by
from mentorlink.exchange.queries.preview import FaultGroup, Preview, RowFault, grouped, preview_of, unknown_words
from mentorlink.exchange.queries.sides import MOST_ROWS, SIDES, SideReport, two_sides

__all__ = [
    "MOST_ROWS",
    "SIDES",
    "FaultGroup",
    "MatchLine",
    "MatchSummary",
    "PairLine",
    "PairedRounds",
    "Preview",
    "RowFault",
    "SideReport",
    "cells_for",
    "grouped",
    "head_of",
    "import_for",
    "imports_for",
    "known_words",
    "leftover_of",
    "mapping_for",
    "mappings_for",
    "match_lines",
    "pair_in_rounds",
    "paired_rounds",
    "preview_for",
    "preview_of",
    "rejected_for",
    "rows_for",
    "table_of",
    "terms_by",
    "two_sides",
    "unknown_words",
    "usual_mapping",
]
