"""How long to wait for those who may never answer."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

T = TypeVar("T")


async def at_most(seconds: float, work: Awaitable[T]) -> T:
    """What the work returns or raises; TimeoutError when it takes longer. It is cancelled then, but not waited for.

    `asyncio.timeout` waits until cancelled work has ended, and a cancel that lands inside of the broker's library may
    be lost there: then it never ends.
    """
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    finally:
        if not task.done():
            task.cancel()
            task.add_done_callback(_forget)
    if not done:
        raise TimeoutError
    return task.result()


def _forget(task: "asyncio.Future[Any]") -> None:
    if not task.cancelled():
        task.exception()  # nobody waits for it any more
