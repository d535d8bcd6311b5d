"""A debt that is given up: proposed by one, posted when two people have agreed to it."""

from uuid import UUID

from services.sales.domain import settlement as domain
from services.sales.domain.calendar import business_day
from services.sales.domain.ledger import Fact
from services.sales.storage import ledger, outlets
from services.sales.storage.settlement import acts, books
from services.sales.storage.settlement import write_offs as storage
from services.sales.storage.settlement.acts import Act
from shared.contracts.message import Event
from shared.contracts.sales.settlement import (
    ApproveWriteOff,
    CancelWriteOff,
    DebtWrittenOff,
    ProposeWriteOff,
    WriteOff,
    WriteOffCancelled,
    WriteOffProposed,
)
from shared.db import Row, Tx
from shared.errors import NotFound, Rejected
from shared.runtime.envelope import Received

EXPENSE, PROGRAMME = "written-off", "programme"


async def propose_write_off(command: Received[ProposeWriteOff], tx: Tx) -> tuple[WriteOff, list[Event]]:
    """Raises NotFound for a maker who is not known, Rejected when she owes less."""
    asked = command.data
    domain.check_debt(asked.amount, -await books.get_owed(tx, await _account(tx, asked.maker_id)))
    no = await storage.add_write_off(tx, command.id, asked)
    await acts.add_step(tx, Act(no, command.actor, command.now), "proposed")
    proposed = WriteOffProposed(write_off_id=command.id, maker_id=asked.maker_id, amount=asked.amount)
    return await _seen(tx, command.id), [proposed]


async def approve_write_off(command: Received[ApproveWriteOff], tx: Tx) -> tuple[WriteOff, list[Event]]:
    """With the second person it is posted. Raises Rejected when the same person agrees again, or she owes less now."""
    write_off_id = command.data.write_off_id
    written = await _lock(tx, write_off_id)
    act = Act(written["no"], command.actor, command.now)
    if not await acts.add_approval(tx, act, domain.person(command.actor)):
        raise Rejected("same_person", "you have agreed to this write-off; somebody else must as well")
    events: list[Event] = []
    if await acts.count_approvals(tx, written["no"]) >= domain.PEOPLE:
        await _post(tx, written, act)
        events = [
            DebtWrittenOff(
                write_off_id=write_off_id,
                maker_id=written["maker_id"],
                amount=written["amount"],
                written_off_at=command.now,
            )
        ]
    return await _seen(tx, write_off_id), events


async def cancel_write_off(command: Received[CancelWriteOff], tx: Tx) -> tuple[WriteOff, list[Event]]:
    """The debt stays as it is."""
    write_off_id = command.data.write_off_id
    written = await _lock(tx, write_off_id)
    await acts.add_step(tx, Act(written["no"], command.actor, command.now, command.data.reason), "cancelled")
    return await _seen(tx, write_off_id), [WriteOffCancelled(write_off_id=write_off_id, maker_id=written["maker_id"])]


async def _post(tx: Tx, written: Row, act: Act) -> None:
    """While nobody else posts: a sale that is booked at this moment must not make the debt less than is written off."""
    account = await _account(tx, written["maker_id"])
    await outlets.open_accounts(tx, [EXPENSE], PROGRAMME)
    expense = await books.get_account(tx, EXPENSE, PROGRAMME)
    await books.lock_ledger(tx)
    domain.check_debt(written["amount"], -await books.get_owed(tx, account))
    fact = Fact(written["no"], business_day(act.at))
    await ledger.add_transfers(tx, [domain.post_write_off(fact, account, expense, written["amount"])])
    await acts.add_step(tx, act, "posted")


async def _account(tx: Tx, maker_id: UUID) -> int:
    account = await books.get_maker_account(tx, maker_id)
    if account is None:
        raise NotFound("maker_unknown", f"maker {maker_id} is not known")
    return account


async def _lock(tx: Tx, write_off_id: UUID) -> Row:
    """The write-off, ours to settle. Raises NotFound, and Rejected when it is settled."""
    written = await storage.lock_write_off(tx, write_off_id)
    if written is None:
        raise NotFound("write_off_unknown", f"there is no write-off {write_off_id}")
    domain.check_write_off(await acts.get_state(tx, written["no"]))
    return written


async def _seen(tx: Tx, write_off_id: UUID) -> WriteOff:
    """The write-off as it is after this command."""
    written = await storage.get_write_off(tx, write_off_id)
    assert written is not None
    return written
