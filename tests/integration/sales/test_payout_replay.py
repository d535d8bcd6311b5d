"""What older versions told of batches is projected as it was: paid to the cooperative, without rows and keys."""

from collections.abc import Sequence
from uuid import UUID

from services.sales.replay.settlement import FAMILY
from services.sales.views.settlement import get_payout
from shared.contracts.message import Event
from shared.contracts.sales.settlement import (
    GetPayout,
    PaidLine,
    PayoutApproved,
    PayoutCancelled,
    PayoutFrozen,
    PayoutPaid,
)
from shared.db import Pool
from tests.integration.sales.builders import ANI, NOON, Database, a_sale, balances, do, open_shop, received, report
from tests.integration.sales.settling import KOP, pay_out

BATCH = UUID(int=71)


def as_before() -> PayoutFrozen:
    """With what is no longer told."""
    line = {"maker_id": str(ANI), "gross": 455_000, "debt": 0, "recovery": 0, "amount": 455_000}
    days = {"days": [{"since": None, "until": "2026-11-15"}]}
    return PayoutFrozen.model_validate(
        {"payout_id": BATCH, "cooperative": KOP, "lines": [line | days], "frozen_at": NOON, "position": 7}
    )


async def project(pool: Pool, events: Sequence[Event]) -> None:
    async with pool.acquire() as tx, tx.transaction():
        await FAMILY.project(tx, [received(event) for event in events])


async def test_what_was_paid_before_batches_were_sent_stays_owed_to_the_cooperative(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    line = PaidLine(maker_id=ANI, amount=455_000)
    approved = PayoutApproved(payout_id=BATCH, cooperative=KOP)
    await project(
        pool, [as_before(), approved, PayoutPaid(payout_id=BATCH, cooperative=KOP, lines=[line], paid_at=NOON)]
    )
    seen = await do(pool, get_payout, GetPayout(payout_id=BATCH))
    assert (seen.state, seen.rows, [step.state for step in seen.steps]) == ("paid", [], ["frozen", "approved", "paid"])
    books = await balances(pool)
    assert (books[f"maker-payable {ANI}"], books[f"cooperative-payable {KOP}"]) == (0, -455_000)
    assert "bank programme" not in books


async def test_a_cancelled_batch_of_before_pays_nothing(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    await project(pool, [as_before(), PayoutCancelled(payout_id=BATCH, cooperative=KOP)])
    assert (await pay_out(pool)).total == 455_000
