"""Where a cooperative is paid, as two people have said."""

from services.sales.domain.calendar import business_day
from services.sales.domain.settlement import person
from services.sales.storage.settlement import cooperatives as storage
from shared.contracts.message import Event
from shared.contracts.sales.paying import Cooperative, SetCooperative
from shared.db import Tx
from shared.errors import Rejected
from shared.runtime.envelope import Received


async def set_cooperative(command: Received[SetCooperative], tx: Tx) -> tuple[Cooperative, list[Event]]:
    """From a day on, when somebody else has said the same. No event: account numbers are in none.

    Raises Rejected when the same person says it again.
    """
    told, today = command.data, business_day(command.now)
    valid_from = told.valid_from or today
    said = await storage.lock_said(tx, told, valid_from)
    if said is not None and said["agreed"] is None and person(said["by"]) == person(command.actor):
        raise Rejected("same_person", "you have said so; somebody else must as well")
    await storage.add_account(tx, told, valid_from, command.actor)
    return await storage.get_said(tx, told, valid_from, today), []
