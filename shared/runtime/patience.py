"""How long to wait for those who may never answer, and what it means when they drop us."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

T = TypeVar("T")
DROPPED = "the connection was closed by somebody who shares it"


async def at_most(seconds: float, work: Awaitable[T]) -> T:
    """What the work returns or raises; TimeoutError when it takes longer. It is cancelled then, but not waited for.
    ConnectionError when others have cancelled it.

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
    if task.cancelled():
        raise ConnectionError(DROPPED)
    return task.result()


async def lost_if_dropped(work: Awaitable[T]) -> T:
    """What the work returns or raises; ConnectionError when it is cancelled although nobody has cancelled us.

    The broker's library cancels all that waits on a connection which one of us closes while the broker is silent. To
    the others that is a connection that was lost: a loop that took it for its own end would be missed by nobody.
    """
    try:
        return await work
    except asyncio.CancelledError as error:
        us = asyncio.current_task()
        if us is None or us.cancelling():
            raise
        raise ConnectionError(DROPPED) from error


def _forget(task: "asyncio.Future[Any]") -> None:
    if not task.cancelled():
        task.exception()  # nobody waits for it any more
