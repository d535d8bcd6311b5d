"""One plain connection to the broker, and errors that everybody knows."""

import aio_pika
from aio_pika.abc import AbstractConnection

from shared.runtime.patience import at_most


async def connect(url: str, seconds: float) -> AbstractConnection:
    """Raises AMQPError, OSError, TimeoutError.

    When the broker hangs up while it greets, the library says StopAsyncIteration, which nobody takes for a lost server.
    """
    try:
        return await at_most(seconds, aio_pika.connect(url, timeout=seconds))
    except StopAsyncIteration as error:
        raise ConnectionError("the broker hung up while it greeted") from error
