"""The loops of `_round_core`, compiled where numba is there, otherwise as Python on lists. Same source, same whole numbers."""

from __future__ import annotations

import functools
import importlib.util
from types import SimpleNamespace
from typing import Any

import numpy as np

from . import _round_core
from ._errors import InvalidParameter
from ._kernels import alone

_NAMES = ("leave", "sit", "bid", "settle", "place", "fill", "group", "reach")


MANY = 1_500
"""From so many people on, loading the compiled loops (seconds, once in a process) pays."""


def kernel(compiled: bool | None, *, people: int) -> SimpleNamespace:
    """Return the loops. None: compiled if numba is there, and there is enough to do or they are loaded already.

    Raises
    ------
    InvalidParameter
        ``no_numba``: compiled loops are asked for, and numba is not installed.
    """
    there = importlib.util.find_spec("numba") is not None
    if compiled and not there:
        raise InvalidParameter("no_numba", name="compiled")
    wanted = there and (people >= MANY or _compiled.cache_info().currsize > 0) if compiled is None else compiled
    return _compiled() if wanted else _plain()


def columns(kern: SimpleNamespace, arrays: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the arrays as the loops want them: as they are, or as lists."""
    return arrays if kern.compiled else tuple(array.tolist() for array in arrays)


def back(kern: SimpleNamespace, arrays: tuple[Any, ...], used: tuple[Any, ...]) -> None:
    """Write what the loops changed back into the arrays."""
    if not kern.compiled:
        for array, values in zip(arrays, used, strict=True):
            array[:] = values


@functools.cache
def _plain() -> SimpleNamespace:
    return SimpleNamespace(compiled=False, **{name: getattr(_round_core, name) for name in _NAMES})


@functools.cache
def _compiled() -> SimpleNamespace:
    from ._compiled import compiled as compile_

    made: dict[str, Any] = {}
    for name in _NAMES:
        plain = getattr(_round_core, name)
        # the loops name each other: give each its own globals, in which the others are compiled
        function = type(plain)(plain.__code__, {**plain.__globals__, **made}, name)
        made[name] = compile_(function)
    found = SimpleNamespace(compiled=True, **made)
    with alone():
        _warm(found)
    return found


def _warm(kern: SimpleNamespace) -> None:
    """Compile for the types that `Network` uses, so that the first round is not slower than the second."""
    none, narrow = np.zeros(2, np.int64), np.zeros(2, np.int32)
    kern.bid(none, 0, 1, 1, none, narrow, none, none, none, none, none, none, none)
    kern.settle(0, none, narrow, none, none, none, none, none, none, none)
    kern.place(0, 0, 0, none, narrow, none, narrow, none, none, none, none, none, none, none, none)
    kern.fill(0, 0, 0, none, none, narrow, none, narrow, none, none, none, none, none, none, none, none, none)
    kern.group(narrow[:0], none, none)
    taken = np.array([0, 1], np.int64)
    kern.reach(none, 0, 0, 0, none, narrow, narrow, taken, none, none, none, none, none, 1)
