"""Says soon afterwards who has earned something on which day: a reader behind the ledger that no sale waits for."""

from services.sales.domain.earned import told
from services.sales.storage import earned as storage
from shared.contracts.message import Event
from shared.db import Tx
from shared.runtime.service import Tools

ROUND = 20_000
"""Transfers that are read at once."""


async def look(tools: Tools) -> bool:
    """True when there is more to do at once."""
    return await tools.transact(look_once)


async def look_once(tx: Tx) -> tuple[bool, list[Event]]:
    """Whether there is more to do, and who has earned. One round at a time, whichever replica has the turn."""
    if not await storage.lock_reading(tx):
        return False, []
    # A statement of its own, younger than the lock: it sees what the round before has left.
    reading = await storage.get_reading(tx)
    if reading.position == reading.upto:
        return await _begin(tx, reading.position), []
    if not reading.settled:
        return False, []
    upto = min(reading.upto, reading.position + ROUND)
    makers = await storage.add_earned(tx, reading.position, upto)
    await storage.mark_read(tx, upto)
    return upto < reading.upto, list(told(makers))


async def _begin(tx: Tx, position: int) -> bool:
    """Whether there is something new, which is looked at again at once: mostly nobody holds a number by then."""
    last = await storage.get_last_number(tx)
    if last > position:
        await storage.mark_upto(tx, last)
    return last > position
