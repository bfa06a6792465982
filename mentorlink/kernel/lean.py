"""Imported before all else by what serves: libraries leave out what a server never uses.

python-engineio loads the two clients that its own client would speak through, structlog the colours of a terminal,
python-socketio the client of a Redis that it is not told of. All do without; together they are ten megabytes of a server.
"""

from __future__ import annotations

import sys

for _name in ("requests", "websocket", "rich", "redis"):
    sys.modules.setdefault(_name, None)  # type: ignore[arg-type]  # None says that there is no such module
