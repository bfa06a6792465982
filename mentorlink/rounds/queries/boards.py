"""The board of a run, built from what the run stored: the same whenever it is asked for, whatever happened since.

A process keeps the last few. They are found by the hash of what went in, so a board can never belong to another run.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

import sqlalchemy as sa

from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, NotFound
from mentorlink.matching import RoundResult
from mentorlink.rounds.models import Round, RoundRun, RoundStop
from mentorlink.rounds.rules import Board, unpack

MOST_KEPT = 2

_boards: OrderedDict[str, Board] = OrderedDict()
_keeping = threading.Lock()


def board_of(run: RoundRun) -> Board:
    """The cohort of a run that is over, ready to be asked."""
    if run.inputs_hash is None or run.inputs is None:
        raise Conflict("run_without_inputs")
    with _keeping:
        board = _boards.get(run.inputs_hash)
        if board is None:
            board = _boards[run.inputs_hash] = Board(unpack(run.inputs))
        _boards.move_to_end(run.inputs_hash)
        while len(_boards) > MOST_KEPT:
            _boards.popitem(last=False)
        return board


def draft_run(round_: Round) -> RoundRun | None:
    """The run that the draft came from."""
    return db.session.get(RoundRun, round_.draft_run_id) if round_.draft_run_id else None


def result_of(run: RoundRun, position: int) -> RoundResult:
    """The solver's whole answer of one stop."""
    told = db.session.scalar(sa.select(RoundStop.result).where(RoundStop.run_id == run.id, RoundStop.position == position))
    if told is None:
        raise NotFound()
    return RoundResult.from_dict(told)
