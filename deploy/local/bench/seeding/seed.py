"""Makes the past: both databases at the same time, each in one transaction, and what a quiet night does then."""

import asyncio
from collections.abc import Sequence

from deploy.local.bench.books import until_none
from deploy.local.bench.seeding import notices, sales
from deploy.local.bench.seeding.plan import Plan, plan_of
from deploy.local.bench.shop import SKUS
from deploy.local.system import Endpoints
from shared import db
from shared.db import Tx
from shared.runtime.envelope import now
from shared.runtime.migrate import make_partitions


async def seed(endpoints: Endpoints, rows: int) -> None:
    """Until the ledger has at least so many rows. The services may run, but should have nothing to do."""
    sold = await db.connect(endpoints.database_url("sales"), "bench")
    told = await db.connect(endpoints.database_url("notify"), "bench")
    try:
        plan = plan_of(rows, await sales.count_transfers(sold), now())
        if plan.sales:
            await asyncio.gather(make_sales(sold, plan, SKUS), make_notices(told, plan))
    finally:
        await sold.close()
        await told.close()
    await _calm_down(endpoints)


async def make_sales(tx: Tx, plan: Plan, skus: Sequence[str]) -> None:
    """Of these products at all outlets that have an agreement. Outside any transaction."""
    async with tx.transaction():
        await _make_partitions(tx, plan)
        first = await sales.claim_numbers(tx, plan.sales)
        last = first + plan.sales - 1
        await sales.add_sales(tx, plan, first, skus)
        await sales.add_splits(tx, first, last)
        await sales.add_transfers(tx, first, last)
        await sales.add_events(tx, first, last)
        await sales.add_to_inbox(tx, plan, first, last)
        await sales.take_off_shelves(tx, first, last)
        await sales.add_to_days(tx, first, last)
        await sales.mark_earned(tx)
    await _vacuum(tx)


async def make_notices(tx: Tx, plan: Plan) -> None:
    """To all makers that have had a notice. Outside any transaction."""
    async with tx.transaction():
        await _make_partitions(tx, plan)
        await notices.add_notices(tx, plan)
        await notices.add_outcomes(tx, plan)
        await notices.add_events(tx, plan)
        await notices.add_to_inbox(tx, plan)
    await _vacuum(tx)


async def _make_partitions(tx: Tx, plan: Plan) -> None:
    """As they would have been made day by day, and those of today."""
    for day in plan.partition_days():
        await make_partitions(tx, day)
    await make_partitions(tx, plan.until.date())


async def _vacuum(tx: Tx) -> None:
    """As autovacuum would have done long ago."""
    await tx.execute("VACUUM (ANALYZE)")


async def _calm_down(endpoints: Endpoints) -> None:
    """Nothing of it shall be written or vacuumed while the next thing is measured."""
    admin = await db.connect(endpoints.database_admin_url, "bench")
    try:
        await until_none(lambda: _count_vacuums(admin), "autovacuum has nothing to do")
        await admin.execute("CHECKPOINT")
    finally:
        await admin.close()


async def _count_vacuums(tx: Tx) -> int:
    workers: int = await tx.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker' AND query <> ''"
    )
    return workers
