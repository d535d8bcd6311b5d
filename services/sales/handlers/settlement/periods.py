"""A month of the books that two people close: nothing is booked into it any more."""

from datetime import date
from uuid import UUID

from services.sales.domain import periods as domain
from services.sales.domain.calendar import business_day
from services.sales.domain.periods import first_of, following
from services.sales.domain.settlement import PEOPLE, person
from services.sales.storage import periods as storage
from services.sales.storage.settlement import acts, books
from services.sales.storage.settlement.acts import Act
from shared.contracts.message import Event
from shared.contracts.sales.books import ClosePeriod, Period, PeriodClosed
from shared.db import Tx
from shared.errors import Rejected
from shared.runtime.envelope import Received


async def close_period(command: Received[ClosePeriod], tx: Tx) -> tuple[Period, list[Event]]:
    """With the second person it is closed. Raises Rejected when it cannot be yet, or the same person asks again."""
    first = first_of(command.data.month)
    domain.check_closing(first, business_day(command.now), await storage.lock_open_since(tx))
    found = await storage.get_period(tx, first)
    act = Act(found["no"] if found else await storage.add_period(tx, first), command.actor, command.now)
    if not found:
        await acts.add_step(tx, act, "proposed")
    if not await acts.add_approval(tx, act, person(command.actor)):
        raise Rejected("same_person", "you have agreed to close this month; somebody else must as well")
    events: list[Event] = []
    if await acts.count_approvals(tx, act.fact) >= PEOPLE:
        events = [await close(tx, act, command.id, command.data.month)]
    return await _seen(tx, first), events


async def close(tx: Tx, act: Act, period_id: UUID, month: str) -> PeriodClosed:
    """While nobody posts: who was posting is in the month, who waits books on the first open day."""
    first = first_of(month)
    end = following(first)
    await books.lock_ledger(tx)
    figures = await storage.list_movements(tx, first, end)
    await storage.add_figures(tx, act.fact, figures)
    await storage.mark_open_since(tx, end)
    await acts.add_step(tx, act, "posted")
    return PeriodClosed(
        period_id=period_id,
        month=month,
        open_since=end,
        accounts=len(figures),
        debit=sum([row["debit"] for row in figures]),
        closed_at=act.at,
    )


async def _seen(tx: Tx, first: date) -> Period:
    """The month as it is after this command."""
    found = await storage.get_period(tx, first)
    assert found is not None
    (period,) = await storage.list_whole(tx, [found])
    return period
