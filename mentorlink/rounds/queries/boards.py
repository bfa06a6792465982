"""The board of a run, built from what the run stored: the same whenever it is asked for, whatever happened since.

A process keeps the last few. They are found by the hash of what went in, so a board can never belong to another run. Building
one reads the whole cohort; a request builds none of a large round: it has it built once its answer is out.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict

import sqlalchemy as sa

from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, NotFound
from mentorlink.matching import RoundResult
from mentorlink.rounds.models import Round, RoundRun, RoundStop
from mentorlink.rounds.rules import Board, unpack

MOST_KEPT = 2

AT_ONCE = 1_000_000
"""So many characters of stored input are built within a request: some thousand people, a fraction of a second."""

_boards: OrderedDict[str, Board] = OrderedDict()
_results: OrderedDict[tuple[str, int], RoundResult] = OrderedDict()
"""By what went into the run, and stop: equal inputs have equal results."""
_keeping = threading.Lock()
_building: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


def board_of(run: RoundRun) -> Board:
    """The cohort of a run that is over, ready to be asked; built where this process does not have it, once for all who ask."""
    if run.inputs_hash is None or run.inputs is None:
        raise Conflict("run_without_inputs")
    if (board := _known(run.inputs_hash)) is not None:
        return board
    with _building[run.inputs_hash]:
        board = _known(run.inputs_hash) or Board(unpack(run.inputs))
        keep_board(run.inputs_hash, board)
    return board


def board_if_ready(run: RoundRun) -> Board | None:
    """The board of a run if this process has it or can have it at once; None where it is to be warmed first."""
    board = _known(run.inputs_hash or "")
    if board is None and (run.inputs is None or len(run.inputs) <= AT_ONCE):
        return board_of(run)
    return board


def warm_board(run_id: int) -> None:
    """Have the board of a run ready for whoever asks next. Where it is being built already, there is nothing to do."""
    run = db.session.get(RoundRun, run_id)
    if run is not None and run.inputs_hash is not None and not _building[run.inputs_hash].locked():
        board_of(run)


def keep_board(inputs_hash: str, board: Board) -> None:
    """This board is likely to be asked for."""
    with _keeping:
        _boards[inputs_hash] = board
        _boards.move_to_end(inputs_hash)
        while len(_boards) > MOST_KEPT:
            gone, _board = _boards.popitem(last=False)
            _building.pop(gone, None)


def _known(inputs_hash: str) -> Board | None:
    with _keeping:
        if inputs_hash in _boards:
            _boards.move_to_end(inputs_hash)
        return _boards.get(inputs_hash)


def draft_run(round_: Round) -> RoundRun | None:
    """The run that the draft came from."""
    return db.session.get(RoundRun, round_.draft_run_id) if round_.draft_run_id else None


def result_of(run: RoundRun, position: int) -> RoundResult:
    """The solver's whole answer of one stop."""
    told = db.session.scalar(sa.select(RoundStop.result).where(RoundStop.run_id == run.id, RoundStop.position == position))
    if told is None:
        raise NotFound()
    return RoundResult.from_dict(told)


def kept_result_of(run: RoundRun, position: int) -> RoundResult:
    """That answer, kept for whoever asks what the next move would cost: of a hundred thousand, reading it takes a second."""
    key = (run.inputs_hash or "", position)
    with _keeping:
        found = _results.get(key)
    if found is None:
        found = result_of(run, position)
        with _keeping:
            _results[key] = found
            while len(_results) > MOST_KEPT:
                _results.popitem(last=False)
    return found
