"""Tells handlers where people reach this house: in labels, QR codes and letters."""

from collections.abc import Awaitable, Callable
from functools import cache, wraps
from typing import Any, TypeVar

from shared.db import Tx
from shared.runtime.envelope import Received
from shared.settings import read_settings

R = TypeVar("R")


@cache
def public_url() -> str:
    """Where buyers and readers reach the gateway."""
    return read_settings(database_url="", amqp_url="").public_url


def at_home(handle: Callable[[Received[Any], Tx, str], Awaitable[R]]) -> Callable[[Received[Any], Tx], Awaitable[R]]:
    """A handler that is told this address, which it must not look for itself."""

    @wraps(handle)
    async def told(message: Received[Any], tx: Tx) -> R:
        return await handle(message, tx, public_url())

    return told
