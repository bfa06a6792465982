"""Where a file is written to while it is handed out."""

from __future__ import annotations

import io
from typing import Any


class Outlet(io.RawIOBase):
    """Holds what was written until it is taken. It cannot go back, so what was handed out stands."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.held = 0
        """Bytes that wait."""

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, piece: Any, /) -> int:
        """Take ``piece`` over; returns its bytes."""
        self._pieces.append(bytes(piece))
        self.held += len(piece)
        return len(piece)

    def taken(self) -> bytes:
        """What was written since the last time."""
        found = b"".join(self._pieces)
        self._pieces.clear()
        self.held = 0
        return found
