"""Ani, Wati and Sri of one cooperative: for tests of batches with several rows."""

from datetime import date
from uuid import UUID

from services.sales.handlers import known
from services.sales.views.settlement import get_payout, list_payouts
from shared.contracts.sales.rows import PayoutRow
from shared.contracts.sales.settlement import GetPayout, ListPayouts, Payout
from shared.contracts.training import MakerMoved
from shared.db import Pool
from tests.integration.sales.builders import POUCH, SRI, WATI, a_sale, do, hear, open_shop, report
from tests.integration.sales.settling import KOP, send


async def live_together(pool: Pool) -> None:
    """All year long, as is known now."""
    since = date(2026, 1, 1)
    moves = [MakerMoved(maker_id=maker, rusun="pulogebang", cooperative=KOP, since=since) for maker in (WATI, SRI)]
    await hear(pool, known.move_maker, *moves)


async def sold(pool: Pool) -> None:
    """Ani, Wati and Sri, of one cooperative, have earned 325.000, 195.000 and 130.000."""
    await open_shop(pool)
    await live_together(pool)
    await report(pool, a_sale(sku=POUCH, unit_price=1_000_000))


async def sent(pool: Pool) -> tuple[UUID, list[PayoutRow]]:
    await sold(pool)
    batch = await send(pool)
    return batch.payout_id, batch.rows


def states(payout: Payout) -> list[str]:
    return [row.state for row in payout.rows]


async def batch_now(pool: Pool, payout_id: UUID) -> Payout:
    """As it is shown; the list says the same of it."""
    seen = await do(pool, get_payout, GetPayout(payout_id=payout_id))
    heads = (await do(pool, list_payouts, ListPayouts(limit=500))).items
    assert [head.state for head in heads if head.payout_id == payout_id] == [seen.state]
    return seen
