"""Finds, when a month has ended, the loans of which something was due by then and is not paid: once for each month."""

from datetime import date

from services.sales.domain.calendar import business_day
from services.sales.domain.loans import last_month
from services.sales.storage.settlement import repayments
from shared.contracts.message import Event
from shared.contracts.sales.loans import LoanInArrears
from shared.db import Tx
from shared.runtime.service import Tools


async def look(tools: Tools) -> bool:
    """There is never more to do at once."""
    today = business_day(tools.now())

    async def work(tx: Tx) -> tuple[bool, list[Event]]:
        return False, await look_once(tx, today)

    return await tools.transact(work)


async def look_once(tx: Tx, today: date) -> list[Event]:
    """A sale that a till tells of late may make something due afterwards: that is found at a later look."""
    month = last_month(today)
    late = await repayments.list_arrears(tx, today.replace(day=1))
    return [LoanInArrears(**row, month=month) for row in await repayments.add_arrears(tx, month, late)]
