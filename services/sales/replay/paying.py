"""What batches list, send, pay and hold: rows, keys and outcomes as the events tell of them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.sales.domain.calendar import business_day
from services.sales.domain.ledger import Fact, Transfer
from services.sales.domain.paying import Attempt, post_paid
from services.sales.domain.settlement import Paid, post_payout
from services.sales.handlers.settlement.paying import CLEARING, open_accounts
from services.sales.handlers.settlement.repayments import post_kept
from services.sales.replay.deliveries import BY
from services.sales.replay.links import Links, ProjectOne, Thing
from services.sales.storage import ledger, outlets, replay
from services.sales.storage.settlement import acts, payouts, rows
from services.sales.storage.settlement.acts import Act
from shared.contracts.message import Event
from shared.contracts.sales.paying import (
    PayoutItemsListed,
    PayoutLinesFailed,
    PayoutLinesHeld,
    PayoutLinesRetried,
    PayoutSent,
)
from shared.contracts.sales.rows import TriedRow
from shared.contracts.sales.settlement import PaidLine, PayoutPaid
from shared.db import Tx
from shared.runtime.envelope import Received


async def project_listed(tx: Tx, message: Received[PayoutItemsListed]) -> None:
    await replay.add_items(tx, await find_payout(tx, message.data.payout_id), message.data.items)


async def project_sent(tx: Tx, message: Received[PayoutSent]) -> None:
    """What it repays of loans was told when it was frozen."""
    told, no = message.data, await find_payout(tx, message.data.payout_id)
    act = Act(no, BY, told.sent_at)
    await rows.add_rows(tx, act, told.rows)
    await acts.add_step(tx, act, "sent")
    await post_kept(tx, Fact(no, business_day(told.sent_at)))


async def project_paid(tx: Tx, message: Received[PayoutPaid]) -> None:
    """Before batches were sent, what was paid stayed owed to the cooperative."""
    told, no = message.data, await find_payout(tx, message.data.payout_id)
    act, fact = Act(no, BY, told.paid_at), Fact(no, business_day(told.paid_at))
    keys = [line.attempt_key for line in told.lines if line.attempt_key] + [row.attempt_key for row in told.lenders]
    makers = await replay.get_accounts(tx, [str(line.maker_id) for line in told.lines])
    posted: list[Transfer]
    if keys:
        accounts = await open_accounts(tx, told.cooperative, [row.lender for row in told.lenders if row.lender])
        await rows.add_results(tx, act, "paid", keys)
        posted = post_paid(fact, _attempts(told.lines, told.lenders, makers), accounts)
    else:
        await outlets.open_accounts(tx, [CLEARING], told.cooperative)
        clearing = (await rows.list_accounts(tx, CLEARING, [told.cooperative]))[told.cooperative]
        lines = [Paid(line.maker_id, makers[PAYABLE, str(line.maker_id)], line.amount) for line in told.lines]
        posted = post_payout(fact, lines, clearing)
    await ledger.add_transfers(tx, posted)
    if told.whole:
        await acts.add_step(tx, act, "paid")


PAYABLE = "maker-payable"


def _attempts(
    lines: Sequence[PaidLine], lenders: Sequence[TriedRow], makers: Mapping[tuple[str, str], int]
) -> list[Attempt]:
    return [
        Attempt(str(line.attempt_key), "paid", line.amount, 1, line.maker_id, None, makers[PAYABLE, str(line.maker_id)])
        for line in lines
    ] + [Attempt(row.attempt_key, "paid", row.amount, 1, None, row.lender, None) for row in lenders]


async def project_failed(tx: Tx, message: Received[PayoutLinesFailed]) -> None:
    told = message.data
    await _add_results(tx, told, "failed", Act(await find_payout(tx, told.payout_id), BY, told.failed_at))


async def project_held(tx: Tx, message: Received[PayoutLinesHeld]) -> None:
    told = message.data
    await _add_results(tx, told, "unknown", Act(await find_payout(tx, told.payout_id), BY, told.held_at))


async def _add_results(tx: Tx, told: PayoutLinesFailed | PayoutLinesHeld, outcome: str, act: Act) -> None:
    """Why is not told."""
    await rows.add_results(tx, act, outcome, [row.attempt_key for row in told.rows])


async def project_retried(tx: Tx, message: Received[PayoutLinesRetried]) -> None:
    told = message.data
    await rows.add_attempts(tx, Act(await find_payout(tx, told.payout_id), BY, told.retried_at), told.rows)


async def find_payout(tx: Tx, payout_id: UUID) -> int:
    row = await payouts.lock_payout(tx, payout_id)
    assert row is not None  # it was needed
    return int(row["no"])


def batch(event: Any) -> list[Thing]:
    return [("payout", str(event.payout_id))]


def _listed(event: PayoutItemsListed) -> list[Thing]:
    """What is listed is there, and what took it back too."""
    of_sales = [("sale", str(item.id)) for item in event.items if item.kind in ("sale", "void")]
    of_returns = [("return", str(item.id)) for item in event.items if item.kind in ("return", "return-void")]
    undone = [(item.kind, str(item.id)) for item in event.items if item.kind in ("void", "return-void")]
    return [*batch(event), *of_sales, *of_returns, *[(UNDONE[kind], name) for kind, name in undone]]


UNDONE = {"void": "line taken back", "return-void": "return taken back"}

PROJECTED: Mapping[type[Event], ProjectOne] = {
    PayoutItemsListed: project_listed,
    PayoutSent: project_sent,
    PayoutPaid: project_paid,
    PayoutLinesFailed: project_failed,
    PayoutLinesHeld: project_held,
    PayoutLinesRetried: project_retried,
}
LINKS: Mapping[type[Event], Links] = {
    PayoutItemsListed: Links(_listed),
    PayoutSent: Links(batch),
    PayoutPaid: Links(batch),
    PayoutLinesFailed: Links(batch),
    PayoutLinesHeld: Links(batch),
    PayoutLinesRetried: Links(batch),
}
