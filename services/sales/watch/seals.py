"""Seals the ledger once a day, behind all who still write, and says when that was done last."""

from datetime import datetime, time

from prometheus_client import Gauge

from services.sales.domain.calendar import JAKARTA, business_day
from services.sales.domain.seals import is_due, make_seal
from services.sales.storage import reading
from services.sales.storage import seals as storage
from services.sales.storage.reading import Reader, Reading
from shared.contracts.message import Event
from shared.db import Tx
from shared.runtime.service import Tools

MOST = 1_000_000
"""Numbers of entries in one seal."""

AGE = Gauge("karya_ledger_seal_age_seconds", "Since the ledger was sealed last")


async def look(tools: Tools) -> bool:
    """True when there is more to do at once."""

    async def work(tx: Tx) -> tuple[bool, list[Event]]:
        return await look_once(tx, tools.now()), []

    return await tools.transact(work)


async def measure(tools: Tools) -> bool:
    """A job of its own: a round that fails cannot say so itself. There is never more to do at once."""

    async def read(tx: Tx) -> tuple[float, list[Event]]:
        return await storage.get_age(tx), []

    AGE.set(await tools.transact(read))
    return False


async def look_once(tx: Tx, at: datetime) -> bool:
    """Whether there is more to do at once: the first round of a day says up to where, the next ones seal."""
    if not await reading.lock_reading(tx, Reader.SEALS):
        return False
    found = await reading.get_reading(tx, Reader.SEALS)
    if found.position == found.upto:
        return await _is_due(tx, found, at) and await begin(tx, found, at)
    return await go_on(tx, found, at)


async def begin(tx: Tx, found: Reading, at: datetime) -> bool:
    """Whether there is something to seal; a day on which nothing was posted is sealed as well, at once."""
    last = await reading.get_last_number(tx)
    if last > found.position:
        await reading.mark_upto(tx, Reader.SEALS, last)
        return True
    await _seal(tx, found.position, at)
    return False


async def go_on(tx: Tx, found: Reading, at: datetime) -> bool:
    """Seals what is behind all who still write; False as long as it is not, and when all is sealed."""
    if not found.settled:
        return False
    upto = min(found.upto, found.position + MOST)
    await _seal(tx, upto, at)
    await reading.mark_read(tx, Reader.SEALS, upto)
    return upto < found.upto


async def seal_now(tx: Tx, at: datetime, begun: bool) -> tuple[bool, bool]:
    """A round of sealing whatever the day: whether it is said up to where, and whether all up to there is sealed."""
    if not await reading.lock_reading(tx, Reader.SEALS):
        return begun, False
    found = await reading.get_reading(tx, Reader.SEALS)
    if found.position != found.upto:
        await go_on(tx, found, at)
        return begun, begun and (await reading.get_reading(tx, Reader.SEALS)).position == found.upto
    if begun or await reading.get_last_number(tx) == found.position:
        return True, True
    return True, not await begin(tx, found, at)


async def _is_due(tx: Tx, found: Reading, at: datetime) -> bool:
    last = await storage.get_last(tx)
    oldest = None if last else await storage.get_oldest(tx, found.position)
    midnight = datetime.combine(business_day(at), time(), JAKARTA)
    return is_due(last.sealed_at if last else None, oldest, midnight)


async def _seal(tx: Tx, upto: int, at: datetime) -> None:
    """All that is read comes before anything is written: until then nobody waits for this transaction."""
    last = await storage.get_last(tx)
    parts = await storage.digest(tx, last.upto if last else storage.LOWEST, upto)
    await storage.add_seal(tx, make_seal(last, upto, parts, business_day(at), at))
