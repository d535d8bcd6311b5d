"""A batch of payouts: frozen, agreed to by two people, paid. What is told later goes to the next one."""

from uuid import UUID

from services.sales.domain import loans
from services.sales.domain import settlement as domain
from services.sales.domain.calendar import business_day
from services.sales.domain.ledger import Fact
from services.sales.storage import ledger, outlets
from services.sales.storage.settlement import acts, books, freezing, kept, repayments
from services.sales.storage.settlement import payouts as storage
from services.sales.storage.settlement.acts import Act
from services.sales.storage.settlement.freezing import Batch
from shared.contracts.message import Event
from shared.contracts.sales.settlement import (
    ApprovePayout,
    CancelPayout,
    FreezePayout,
    PaidLine,
    Payout,
    PayoutApproved,
    PayoutCancelled,
    PayoutFrozen,
    PayoutPaid,
    RecordPaid,
)
from shared.db import Row, Tx
from shared.errors import NotFound, Rejected
from shared.runtime.envelope import Received

CLEARING = "cooperative-payable"


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
    return await _seen(tx, command.id), [frozen]


async def approve_payout(command: Received[ApprovePayout], tx: Tx) -> tuple[Payout, list[Event]]:
    """With the second person it may be paid. Raises Rejected when the same person agrees again."""
    payout_id = command.data.payout_id
    batch = await _lock(tx, payout_id, "frozen")
    act = Act(batch["no"], command.actor, command.now)
    if not await acts.add_approval(tx, act, domain.person(command.actor)):
        raise Rejected("same_person", "you have agreed to this batch; somebody else must as well")
    events: list[Event] = []
    if await acts.count_approvals(tx, batch["no"]) >= domain.PEOPLE:
        await acts.add_step(tx, act, "approved")
        events = [PayoutApproved(payout_id=payout_id, cooperative=batch["cooperative"])]
    return await _seen(tx, payout_id), events


async def record_paid(command: Received[RecordPaid], tx: Tx) -> tuple[Payout, list[Event]]:
    """Posts the lines as they were frozen, whatever has been told of since."""
    payout_id = command.data.payout_id
    batch = await _lock(tx, payout_id, "approved")
    lines = await storage.list_paid(tx, batch["no"])
    await outlets.open_accounts(tx, [CLEARING], batch["cooperative"])
    cooperative = await books.get_account(tx, CLEARING, batch["cooperative"])
    fact = Fact(batch["no"], business_day(command.now))
    await ledger.add_transfers(tx, domain.post_payout(fact, lines, cooperative))
    await acts.add_step(tx, Act(batch["no"], command.actor, command.now, command.data.note), "paid")
    paid = PayoutPaid(
        payout_id=payout_id,
        cooperative=batch["cooperative"],
        lines=[PaidLine(maker_id=line.maker_id, amount=line.amount) for line in lines],
        paid_at=command.now,
    )
    return await _seen(tx, payout_id), [paid]


async def cancel_payout(command: Received[CancelPayout], tx: Tx) -> tuple[Payout, list[Event]]:
    """Nothing of it is paid; what it was made of can be frozen again."""
    payout_id = command.data.payout_id
    batch = await _lock(tx, payout_id, "frozen")
    await acts.add_step(tx, Act(batch["no"], command.actor, command.now, command.data.reason), "cancelled")
    await freezing.give_back_items(tx, batch["no"])
    return await _seen(tx, payout_id), [PayoutCancelled(payout_id=payout_id, cooperative=batch["cooperative"])]


async def _lock(tx: Tx, payout_id: UUID, wanted: str) -> Row:
    """The batch, ours to move on. Raises NotFound, and Rejected when it is in another state."""
    batch = await storage.lock_payout(tx, payout_id)
    if batch is None:
        raise NotFound("payout_unknown", f"there is no batch {payout_id}")
    domain.check_payout(await acts.get_state(tx, batch["no"]), wanted)
    return batch


async def _seen(tx: Tx, payout_id: UUID) -> Payout:
    """The batch as it is after this command."""
    payout = await storage.get_payout(tx, payout_id)
    assert payout is not None
    return payout
