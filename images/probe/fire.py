"""A request that is sent again and again from one line on, until a later line ends it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

Answer = dict[str, Any]
Shot = Callable[[], Awaitable[Answer]]

fires: dict[str, tuple["asyncio.Task[list[Answer]]", asyncio.Event]] = {}
"""By the key that the lab gave them."""


async def keep_firing(shot: Shot, ask: Answer) -> Answer:
    """Send a request so many times a second, whatever becomes of those before, until `cease`."""
    over = asyncio.Event()
    shots = _shots(shot, ask["per_second"], ask["seconds"], over)
    fires[ask["key"]] = asyncio.create_task(shots), over
    return {"begun": True}


async def cease(ask: Answer) -> Answer:
    """Send no more; what became of each request, in the order in which they were sent."""
    task, over = fires.pop(ask["key"])
    over.set()
    return {"replies": await task}


async def _shots(
    shot: Shot, per_second: float, seconds: float, over: asyncio.Event
) -> list[Answer]:
    began = time.monotonic()
    under_way: list[asyncio.Task[Answer]] = []

    async def one(at: float) -> Answer:
        return {**await shot(), "at": at}

    while not over.is_set() and (at := time.monotonic() - began) < seconds:
        under_way.append(asyncio.create_task(one(at)))
        left = began + len(under_way) / per_second - time.monotonic()
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), max(0.0, left))
    return await asyncio.gather(*under_way)
