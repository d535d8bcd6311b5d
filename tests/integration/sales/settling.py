"""What settlement tests are made of: people with keys, batches from freezing to payment, what must always hold."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import pytest

from services.sales.handlers.settlement import paying, payouts, write_offs
from services.sales.handlers.voids import record_voids
from services.sales.views.ledger import get_statement
from services.sales.views.payout_items import list_payout_items
from shared.contracts.message import Event, Message, Part
from shared.contracts.outlets import VoidReported
from shared.contracts.sales import GetStatement, Statement
from shared.contracts.sales.paying import (
    ListPayoutItems,
    PayoutItems,
    PayoutResults,
    RecordResults,
    RowResult,
    SendPayout,
)
from shared.contracts.sales.settlement import (
    ApprovePayout,
    ApproveWriteOff,
    FreezePayout,
    FrozenLine,
    Payout,
    ProposeWriteOff,
    RecordPaid,
)
from shared.db import Pool, Tx
from shared.errors import KaryaError
from shared.runtime.envelope import Received
from shared.runtime.handler import Outcome
from tests.integration.sales.builders import ANI, NOON, do, hear, received

M = TypeVar("M", bound=Message)
P = TypeVar("P", bound=Part)
Handle = Callable[[Received[M], Tx], Awaitable[tuple[P, list[Event]]]]
RINI, BUDI, DEWI = "coordinator:rini", "finance:budi", "finance:dewi"
Outcomes = Sequence[str]
KOP = "kop-pulogebang"
"""Ani's cooperative."""

NOBODYS = UUID(int=99)
"""No maker's, no batch's, no write-off's id."""


async def order(pool: Pool, handle: Handle[M, P], data: M, actor: str = RINI, now: datetime = NOON) -> P:
    """The reply to a command in a transaction of its own."""
    reply, _ = await tell(pool, handle, data, actor, now)
    return reply


async def tell(
    pool: Pool, handle: Handle[M, P], data: M, actor: str = RINI, now: datetime = NOON
) -> tuple[P, list[Event]]:
    """As `order`, with the events."""
    async with pool.acquire() as tx, tx.transaction():
        return await handle(by(actor, data, now), tx)


def by(actor: str, data: M, now: datetime = NOON) -> Received[M]:
    """`data` as the runtime would hand it over, asked by somebody."""
    message = received(data, now)
    envelope = message.envelope.model_copy(update={"actor": actor})
    return Received(message.id, data, now, envelope)


async def refusal(pool: Pool, handle: Handle[M, P], data: M, actor: str = RINI) -> str:
    """The code that the command is refused with."""
    with pytest.raises(KaryaError) as refused:
        await order(pool, handle, data, actor)
    assert refused.value.status in (404, 409)
    return refused.value.code


async def freeze(pool: Pool, cooperative: str = KOP, now: datetime = NOON) -> Payout:
    return await order(pool, payouts.freeze_payout, FreezePayout(cooperative=cooperative), now=now)


async def approve(pool: Pool, payout_id: UUID, *people: str) -> Payout:
    """By Rini and Budi when nobody is named; the batch after the last of them."""
    for actor in people or (RINI, BUDI):
        seen = await order(pool, payouts.approve_payout, ApprovePayout(payout_id=payout_id), actor)
    return seen


async def pay(pool: Pool, payout_id: UUID) -> Payout:
    """Approves and pays a frozen batch."""
    await approve(pool, payout_id)
    return await order(pool, paying.record_paid, RecordPaid(payout_id=payout_id), BUDI)


async def pay_out(pool: Pool, cooperative: str = KOP) -> Payout:
    """A batch from freezing to payment."""
    return await pay(pool, (await freeze(pool, cooperative)).payout_id)


async def send(pool: Pool, cooperative: str = KOP) -> Payout:
    """A batch that was frozen, agreed to and sent."""
    frozen = await freeze(pool, cooperative)
    await approve(pool, frozen.payout_id)
    return await order(pool, paying.send_payout, SendPayout(payout_id=frozen.payout_id), BUDI)


async def tell_results(pool: Pool, payout_id: UUID, **outcomes: Outcomes) -> tuple[PayoutResults, list[Event]]:
    """By outcome the keys that it is told of."""
    results = [RowResult(attempt_key=key, outcome=outcome) for outcome, keys in outcomes.items() for key in keys]
    return await tell(pool, paying.record_results, RecordResults(payout_id=payout_id, results=results), BUDI)


async def write_off(pool: Pool, amount: int, maker: UUID = ANI) -> None:
    """A debt that two people have given up."""
    proposed = await order(
        pool, write_offs.propose_write_off, ProposeWriteOff(maker_id=maker, amount=amount, reason="no sales any more")
    )
    for actor in (RINI, BUDI):
        asked = ApproveWriteOff(write_off_id=proposed.write_off_id)
        await order(pool, write_offs.approve_write_off, asked, actor)


async def void(pool: Pool, receipt: str = "536365", **other: Any) -> list[Outcome]:
    """The till takes that receipt back."""
    facts: dict[str, Any] = {"outlet": "citos", "till": "till-1", "receipt": receipt, "voided_at": NOON}
    return await hear(pool, record_voids, VoidReported(**(facts | other)))


async def statement(pool: Pool, maker: UUID = ANI, **other: Any) -> Statement:
    return await do(pool, get_statement, GetStatement(maker_id=maker, **other))


def only_line(payout: Payout) -> tuple[int, int, int, int]:
    """gross, debt, recovery and amount of the batch's one line."""
    (line,) = payout.lines
    return (line.gross, line.debt, line.recovery, line.amount)


async def check_lines(pool: Pool) -> int:
    """Every line that counts gives what its items earned, and every item is what the ledger says; how many lines."""
    rows = await pool.fetch(
        """
        SELECT l.gross, (
            SELECT coalesce(sum(i.amount) FILTER (WHERE earned), 0) FROM payout_item i
            WHERE i.payout = l.payout AND i.account = m.account
        ) AS earned
        FROM payout_line l
        JOIN maker m USING (maker_id)
        WHERE NOT EXISTS (SELECT FROM settlement_step WHERE fact = l.payout AND state = 'cancelled')
        """
    )
    assert [row for row in rows if row["gross"] != row["earned"]] == []
    wrong = await pool.fetch(
        """
        SELECT i.* FROM payout_item i
        WHERE i.amount IS DISTINCT FROM (
            SELECT sum(CASE WHEN credit = i.account THEN amount ELSE -amount END) FROM transfer
            WHERE cause = i.cause AND i.account IN (debit, credit)
        )
        """
    )
    assert wrong == []
    return len(rows)


async def rows_of(pool: Pool, payout_id: UUID) -> list[FrozenLine]:
    """The batch's lines as they are stored."""
    rows = await pool.fetch(
        """
        SELECT l.maker_id, l.gross, l.debt, l.recovery, l.remitted, l.loan, l.amount,
               (SELECT count(*) FROM payout_item i WHERE i.payout = p.no AND i.account = m.account) AS items
        FROM payout_line l JOIN payout p ON p.no = l.payout JOIN maker m USING (maker_id)
        WHERE p.payout_id = $1 ORDER BY l.maker_id
        """,
        payout_id,
    )
    return [FrozenLine(**row) for row in rows]


async def items_of(pool: Pool, payout_id: UUID, maker: UUID = ANI, **other: Any) -> PayoutItems:
    return await do(pool, list_payout_items, ListPayoutItems(payout_id=payout_id, maker_id=maker, **other))
