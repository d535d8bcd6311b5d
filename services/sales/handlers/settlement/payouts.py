"""A batch of payouts: frozen, agreed to by two people, or cancelled. What is told later goes to the next one."""

from services.sales.domain import loans
from services.sales.domain import settlement as domain
from services.sales.domain.calendar import business_day
from services.sales.handlers.settlement.paying import get_seen, lock_payout
from services.sales.storage.settlement import acts, freezing, kept, repayments
from services.sales.storage.settlement import payouts as storage
from services.sales.storage.settlement.acts import Act
from services.sales.storage.settlement.freezing import Batch
from shared.contracts.message import Event
from shared.contracts.sales.paying import PayoutItemsListed
from shared.contracts.sales.settlement import (
    ApprovePayout,
    CancelPayout,
    FreezePayout,
    Payout,
    PayoutApproved,
    PayoutCancelled,
    PayoutFrozen,
)
from shared.db import Tx
from shared.errors import Rejected
from shared.runtime.envelope import Received


async def freeze_payout(command: Received[FreezePayout], tx: Tx) -> tuple[Payout, list[Event]]:
    """What is owed to makers of what was sold while they lived at the cooperative. Raises Rejected for nothing."""
    asked = command.data
    makers = await freezing.lock_makers(tx, asked.cooperative)
    batch = Batch(await storage.claim_number(tx), command.id, business_day(command.now), asked.cooperative)
    await storage.add_payout(tx, batch)
    earned = await freezing.add_items(tx, batch, makers, domain.MOST)
    owing = await repayments.list_owing(tx, [maker.maker_id for maker in earned], batch.day)
    lines = domain.draw_lines(earned, loans.deducting(owing))
    if not lines:
        raise Rejected("nothing_payable", f"nothing is owed through {asked.cooperative} that may be paid now")
    await storage.add_lines(tx, batch.no, lines)
    parts = loans.parts_of(owing, lines)
    await kept.add_kept(tx, batch.no, parts)
    await acts.add_step(tx, Act(batch.no, command.actor, command.now, asked.note), "frozen")
    frozen = PayoutFrozen(
        payout_id=command.id, cooperative=asked.cooperative, lines=lines, frozen_at=command.now, loans=parts
    )
    return await get_seen(tx, command.id), [frozen, *await _list_items(tx, batch)]


async def approve_payout(command: Received[ApprovePayout], tx: Tx) -> tuple[Payout, list[Event]]:
    """With the second person it may be paid. Raises Rejected when the same person agrees again."""
    payout_id = command.data.payout_id
    batch = await lock_payout(tx, payout_id, "frozen")
    act = Act(batch.no, command.actor, command.now)
    if not await acts.add_approval(tx, act, domain.person(command.actor)):
        raise Rejected("same_person", "you have agreed to this batch; somebody else must as well")
    events: list[Event] = []
    if await acts.count_approvals(tx, batch.no) >= domain.PEOPLE:
        await acts.add_step(tx, act, "approved")
        events = [PayoutApproved(payout_id=payout_id, cooperative=batch.cooperative)]
    return await get_seen(tx, payout_id), events


async def cancel_payout(command: Received[CancelPayout], tx: Tx) -> tuple[Payout, list[Event]]:
    """Nothing of it is paid; what it was made of can be frozen again."""
    payout_id = command.data.payout_id
    batch = await lock_payout(tx, payout_id, "frozen")
    await acts.add_step(tx, Act(batch.no, command.actor, command.now, command.data.reason), "cancelled")
    await freezing.give_back_items(tx, batch.no)
    return await get_seen(tx, payout_id), [PayoutCancelled(payout_id=payout_id, cooperative=batch.cooperative)]


async def _list_items(tx: Tx, batch: Batch) -> list[Event]:
    """In events that are not larger than others."""
    items = await freezing.list_items(tx, batch.no)
    return [
        PayoutItemsListed(payout_id=batch.payout_id, items=items[start : start + domain.MOST])
        for start in range(0, len(items), domain.MOST)
    ]
