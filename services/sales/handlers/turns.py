"""Replicas that would otherwise wait for each other in a circle take turns at an outlet."""

from collections.abc import Sequence
from typing import Any

from services.sales.storage import turns as storage
from shared.contracts.outlets import SaleReported
from shared.db import Tx
from shared.runtime.envelope import Received


async def take_turns(messages: Sequence[Received[Any]], tx: Tx) -> None:
    """Before anything of a batch is handled.

    Sales alone move their shelves in one statement, in one order: any number of replicas do that side by side. What
    is taken back is found only then, and moves shelves a second time, in an order of its own.
    """
    reported = [message.data for message in messages if message.data.owner() == "outlet"]
    outlets = sorted({data.outlet for data in reported})
    if not outlets:
        return
    if all(isinstance(data, SaleReported) for data in reported):
        await storage.lock_outlets_shared(tx, outlets)
    else:
        await storage.lock_outlets(tx, outlets)
