"""However a maker moves and whenever that is told: nobody pays twice, and nothing stays unpaid."""

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.sales.handlers.settlement import payouts
from shared.contracts.sales.settlement import CancelPayout, Payout
from shared.db import Pool
from shared.errors import Rejected
from tests.integration.sales.builders import POUCH, SHAWL, Database, a_return, open_shop, owed, report
from tests.integration.sales.moving import HERS, NEW, moved, sold
from tests.integration.sales.settling import KOP, check_lines, freeze, order, pay

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sell"), st.integers(min_value=1, max_value=20)),
        st.tuples(st.just("bring_back"), st.integers(min_value=0, max_value=8)),
        st.tuples(st.just("pay"), st.sampled_from([KOP, NEW, "kop-komarudin"])),
        st.tuples(st.just("freeze"), st.sampled_from([KOP, NEW, "kop-komarudin"])),
        st.tuples(st.just("move"), st.tuples(st.integers(1, 20), st.sampled_from([KOP, NEW, "kop-komarudin"]))),
        st.tuples(st.just("end"), st.booleans()),
    ),
    min_size=3,
    max_size=14,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_however_she_moves_nobody_pays_twice_and_nothing_stays_unpaid(database: Database, steps: Any) -> None:
    """In the end all batches are paid: what is left is nothing, or a debt."""
    pool = await database("sales")
    await open_shop(pool)
    play = Play(pool)
    for kind, what in steps:
        await getattr(play, kind)(what)
    await play.settle()
    assert -len(play.back) * HERS <= await owed(pool) <= 0
    await check_lines(pool)


class Play:
    """A life of sales, returns, moves and batches."""

    def __init__(self, pool: Pool) -> None:
        self.pool, self.receipts, self.back, self.open = pool, 0, set[int](), list[Payout]()
        self.pouches = set[int]()

    async def sell(self, day: int) -> None:
        sku = POUCH if day % 5 == 0 else SHAWL
        self.pouches |= {self.receipts} if sku == POUCH else set()
        await report(self.pool, sold(day, receipt=str(self.receipts), sku=sku))
        self.receipts += 1

    async def bring_back(self, receipt: int) -> None:
        """A shawl, once."""
        if receipt < self.receipts and receipt not in self.back and receipt not in self.pouches:
            self.back.add(receipt)
            await report(self.pool, a_return(receipt=f"C{receipt}", original_receipt=str(receipt)))

    async def move(self, to: tuple[int, str]) -> None:
        await moved(self.pool, to[1].removeprefix("kop-"), date(2026, 11, to[0]), to[1])

    async def end(self, paid: bool) -> None:
        """The oldest open batch."""
        if self.open:
            batch = self.open.pop(0)
            if paid:
                await pay(self.pool, batch.payout_id)
            else:
                asked = CancelPayout(payout_id=batch.payout_id, reason="try again")
                await order(self.pool, payouts.cancel_payout, asked)

    async def freeze(self, cooperative: str) -> None:
        try:
            self.open.append(await freeze(self.pool, cooperative))
        except Rejected as nothing:
            assert nothing.code == "nothing_payable"

    async def pay(self, cooperative: str) -> None:
        before = len(self.open)
        await self.freeze(cooperative)
        if len(self.open) > before:
            await pay(self.pool, self.open.pop().payout_id)

    async def settle(self) -> None:
        while self.open:
            await self.end(True)
        for cooperative in (KOP, NEW, "kop-komarudin"):
            await self.pay(cooperative)
