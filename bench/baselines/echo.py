"""A bare WebSocket echo as a yardstick."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import uvloop
from websockets.asyncio.server import serve


async def echo(line: Any) -> None:
    """Send back what comes."""
    async for message in line:
        await line.send(message)


async def main() -> None:
    """Serve until ended."""
    async with serve(echo, "127.0.0.1", int(sys.argv[1]), compression=None, ping_interval=None):
        await asyncio.get_running_loop().create_future()


uvloop.run(main())
