"""Payouts as far as they came, and debts that were written off."""

from typing import Any
from uuid import UUID

from services.sales.domain.calendar import business_day
from services.sales.domain.ledger import Fact
from services.sales.domain.settlement import post_write_off
from services.sales.handlers.settlement.write_offs import EXPENSE
from services.sales.replay import paying
from services.sales.replay.deliveries import BY
from services.sales.replay.links import Family, Links, Thing, in_turn, of_makers
from services.sales.replay.paying import batch, find_payout
from services.sales.replay.posting import PROGRAMME
from services.sales.storage import ledger, outlets, replay
from services.sales.storage.settlement import acts, freezing, kept, payouts, write_offs
from services.sales.storage.settlement.acts import Act
from services.sales.storage.settlement.freezing import Batch
from shared.contracts.sales.settlement import (
    DebtWrittenOff,
    PayoutApproved,
    PayoutCancelled,
    PayoutFrozen,
    ProposeWriteOff,
    WriteOffCancelled,
    WriteOffProposed,
)
from shared.db import Tx
from shared.runtime.envelope import Received


async def project_frozen(tx: Tx, message: Received[PayoutFrozen]) -> None:
    told, no = message.data, await payouts.claim_number(tx)
    day = business_day(told.frozen_at)
    await payouts.add_payout(tx, Batch(no, told.payout_id, day, told.cooperative))
    await payouts.add_lines(tx, no, told.lines)
    await kept.add_kept(tx, no, told.loans)
    await acts.add_step(tx, Act(no, BY, told.frozen_at), "frozen")


async def project_payout_approved(tx: Tx, message: Received[PayoutApproved]) -> None:
    no = await find_payout(tx, message.data.payout_id)
    await acts.add_step(tx, Act(no, BY, message.envelope.time), "approved")


async def project_payout_cancelled(tx: Tx, message: Received[PayoutCancelled]) -> None:
    no = await find_payout(tx, message.data.payout_id)
    await acts.add_step(tx, Act(no, BY, message.envelope.time), "cancelled")
    await freezing.give_back_items(tx, no)


async def project_proposed(tx: Tx, message: Received[WriteOffProposed]) -> None:
    """Why is not told: it is about a person."""
    told = message.data
    proposal = ProposeWriteOff.model_construct(maker_id=told.maker_id, amount=told.amount, reason="")
    no = await write_offs.add_write_off(tx, told.write_off_id, proposal)
    await acts.add_step(tx, Act(no, BY, message.envelope.time), "proposed")


async def project_written_off(tx: Tx, message: Received[DebtWrittenOff]) -> None:
    told, no = message.data, await _write_off(tx, message.data.write_off_id)
    await outlets.open_accounts(tx, [EXPENSE], PROGRAMME)
    accounts = await replay.get_accounts(tx, [str(told.maker_id), PROGRAMME])
    maker, expense = accounts["maker-payable", str(told.maker_id)], accounts[EXPENSE, PROGRAMME]
    fact = Fact(no, business_day(told.written_off_at))
    await ledger.add_transfers(tx, [post_write_off(fact, maker, expense, told.amount)])
    await acts.add_step(tx, Act(no, BY, told.written_off_at), "posted")


async def project_write_off_cancelled(tx: Tx, message: Received[WriteOffCancelled]) -> None:
    no = await _write_off(tx, message.data.write_off_id)
    await acts.add_step(tx, Act(no, BY, message.envelope.time), "cancelled")


async def _write_off(tx: Tx, write_off_id: UUID) -> int:
    row = await write_offs.lock_write_off(tx, write_off_id)
    assert row is not None  # it was needed
    return int(row["no"])


def _frozen(event: PayoutFrozen) -> list[Thing]:
    loans = [("loan", str(part.loan_id)) for part in event.loans]
    return [*of_makers([line.maker_id for line in event.lines]), *loans]


def _debt(event: Any) -> list[Thing]:
    return [("write-off", str(event.write_off_id))]


FAMILY = Family(
    in_turn(
        {
            PayoutFrozen: project_frozen,
            PayoutApproved: project_payout_approved,
            PayoutCancelled: project_payout_cancelled,
            WriteOffProposed: project_proposed,
            DebtWrittenOff: project_written_off,
            WriteOffCancelled: project_write_off_cancelled,
            **paying.PROJECTED,
        }
    ),
    {
        PayoutFrozen: Links(_frozen, batch),
        PayoutApproved: Links(batch),
        PayoutCancelled: Links(batch),
        WriteOffProposed: Links(lambda event: of_makers([event.maker_id]), _debt),
        DebtWrittenOff: Links(_debt),
        WriteOffCancelled: Links(_debt),
        **paying.LINKS,
    },
)
