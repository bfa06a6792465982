"""Which kernel ranks: NumPy at once, numba once it is there, compiled beside the requests and not within one."""

from __future__ import annotations

import importlib
import importlib.util
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import _kernel
from ._errors import InvalidParameter

KERNELS = ("auto", "numba", "numpy")
WORTH_IT = 2_000
"""Mentors from which on compiling pays; a smaller pool is ranked by NumPy in no time."""

_making = threading.Lock()
_compiled: Any = None
_started = False


def kernel_named(name: str, size: int) -> Any:
    """Return the kernel for so many pairs at a time.

    For ``"auto"`` the compiled one if it is ready and worth it; where it would be and is not ready, it is being made from now on.
    For ``"numba"`` that one, made ready now.
    """
    if name == "numba":
        return prepare_kernel()
    if name == "numpy" or size < WORTH_IT:
        return _kernel
    return prepare_kernel(background=True) or _kernel


def kernel_of_batch(name: str, pairs: int) -> Any:
    """Return the kernel of many mentees at once, with a class `Many`; a whole round may wait for the compiled one."""
    if name == "auto" and pairs >= WORTH_IT * WORTH_IT and has_numba():
        name = "numba"
    found = kernel_named(name, pairs)
    return found if found is _kernel else importlib.import_module(f"{__package__}._compiled_many")


def checked_kernel(name: object) -> None:
    """Refuse a kernel that there is not.

    Raises
    ------
    InvalidParameter
        ``bad_parameter``: no such name; ``not_installed``: numba is asked for by name and is not here.
    """
    if name not in KERNELS:
        raise InvalidParameter("bad_parameter", name="kernel", value=repr(name)[:80])
    if name == "numba" and not has_numba():
        raise InvalidParameter("not_installed", name="kernel", value="numba")


def has_numba() -> bool:
    """Tell whether numba is installed, without importing it."""
    return importlib.util.find_spec("numba") is not None


def prepare_kernel(*, background: bool = False) -> Any:
    """Load the compiled kernel and compile what the cache does not hold.

    Parameters
    ----------
    background : bool, default=False
        In a thread; rankings meanwhile run on NumPy and give the same results. Nothing happens the second time, or where numba is
        not installed.

    Returns
    -------
    module or None
        The kernel, if it is ready.
    """
    global _started
    if _compiled is not None or (background and (_started or not has_numba())):
        return _compiled
    if background:
        _started = True
        threading.Thread(target=_prepare, name="compile the ranking", daemon=True).start()
        return None
    return _prepare()


@contextmanager
def alone() -> Iterator[None]:
    """Let one process at a time compile: the next finds in the cache what the first has made."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    folder = os.open(Path(__file__).parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _prepare() -> Any:
    global _compiled
    with _making, alone():
        if _compiled is None:
            made = importlib.import_module(f"{__package__}._compiled")
            made.try_all()
            importlib.import_module(f"{__package__}._compiled_many").try_all()
            _compiled = made
    return _compiled
