"""One plain connection to the broker, and errors that everybody knows."""

from collections.abc import Awaitable
from typing import TypeVar

import aio_pika
from aio_pika.abc import AbstractConnection

from shared.runtime.patience import at_most, lost_if_dropped

T = TypeVar("T")


async def connect(url: str, seconds: float) -> AbstractConnection:
    """Raises AMQPError, OSError, TimeoutError."""
    return await at_most(seconds, plainly(aio_pika.connect(url, timeout=seconds)))


async def plainly(calls: Awaitable[T]) -> T:
    """What calls to the broker's library return or raise; ConnectionError for what it says instead of it at times.

    A broker that hangs up while it greets is StopAsyncIteration, a connection that somebody else closes meanwhile is a
    bare Exception or a RuntimeError. Nobody who waits for a lost server to come back would take them for one.
    """
    try:
        return await lost_if_dropped(calls)
    except Exception as error:
        if isinstance(error, StopAsyncIteration | RuntimeError) or type(error) is Exception:
            raise ConnectionError(f"the broker's library: {type(error).__name__}") from error
        raise
