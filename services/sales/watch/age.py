"""How far the watch is behind: beside it, for a round that fails cannot say so itself."""

from prometheus_client import Gauge

from services.sales.storage.heard import get_age
from shared.contracts.message import Event
from shared.db import Tx
from shared.runtime.service import Tools

AGE = Gauge("karya_heard_age_seconds", "Age of the oldest booking of a till that the watch has not looked at")


async def measure(tools: Tools) -> bool:
    """A job of its own. There is never more to do at once."""

    async def read(tx: Tx) -> tuple[float, list[Event]]:
        return await get_age(tx), []

    AGE.set(await tools.transact(read))
    return False
