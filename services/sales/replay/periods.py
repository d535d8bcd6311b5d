"""Months that were closed: what the log tells after that is booked on the first day that was open."""

from services.sales.domain.periods import first_of
from services.sales.handlers.settlement.periods import close
from services.sales.replay.deliveries import BY
from services.sales.replay.links import Family, Links, in_turn
from services.sales.storage import periods as storage
from services.sales.storage.settlement import acts
from services.sales.storage.settlement.acts import Act
from shared.contracts.sales.books import PeriodClosed
from shared.db import Tx
from shared.runtime.envelope import Received


async def project_closed(tx: Tx, message: Received[PeriodClosed]) -> None:
    """The figures come out of what is posted until then: who closed it had the ledger for himself."""
    told = message.data
    act = Act(await storage.add_period(tx, first_of(told.month)), BY, told.closed_at)
    await acts.add_step(tx, act, "proposed")
    await close(tx, act, told.period_id, told.month)


FAMILY = Family(in_turn({PeriodClosed: project_closed}), {PeriodClosed: Links(alone=True)})
