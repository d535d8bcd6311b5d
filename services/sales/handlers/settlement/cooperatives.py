"""Where a cooperative is paid, as somebody of finance has said."""

from services.sales.domain.calendar import business_day
from services.sales.storage.settlement import cooperatives as storage
from shared.contracts.message import Event
from shared.contracts.sales.paying import Cooperative, SetCooperative
from shared.db import Tx
from shared.runtime.envelope import Received


async def set_cooperative(command: Received[SetCooperative], tx: Tx) -> tuple[Cooperative, list[Event]]:
    """From a day on; of what is said for the same day the last counts. No event: accounts are in none."""
    told, today = command.data, business_day(command.now)
    no = await storage.add_account(tx, told, told.valid_from or today, command.actor)
    return await storage.get_said(tx, no, today), []
