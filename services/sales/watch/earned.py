"""Says soon afterwards who has earned something on which day: a reader behind the ledger that no sale waits for."""

from services.sales.domain.earned import told
from services.sales.storage import reading
from services.sales.storage.earned import add_earned
from services.sales.storage.reading import Reader
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
    if not await reading.lock_reading(tx, Reader.EARNED):
        return False, []
    # A statement of its own, younger than the lock: it sees what the round before has left.
    found = await reading.get_reading(tx, Reader.EARNED)
    if found.position == found.upto:
        return await _begin(tx, found.position), []
    if not found.settled:
        return False, []
    upto = min(found.upto, found.position + ROUND)
    makers = await add_earned(tx, found.position, upto)
    await reading.mark_read(tx, Reader.EARNED, upto)
    return upto < found.upto, list(told(makers))


async def _begin(tx: Tx, position: int) -> bool:
    """Whether there is something new, which is looked at again at once: mostly nobody holds a number by then."""
    last = await reading.get_last_number(tx)
    if last > position:
        await reading.mark_upto(tx, Reader.EARNED, last)
    return last > position
