"""Whatever happens and wherever it is cut: periods follow each other, and all of them are what the ledger says."""

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.sales.domain.calendar import business_day
from shared.contracts.sales.statements import StatementPublished
from shared.db import Pool
from shared.errors import Rejected
from tests.integration.sales.builders import ANI, POUCH, SHAWL, SRI, WATI, Database, a_return, a_sale, open_shop, owed
from tests.integration.sales.builders import report as till_reports
from tests.integration.sales.settling import pay_out, void
from tests.integration.sales.stating import LINKS, check, day, publish, read, recorded_on, whole

MAKERS = (ANI, WATI, SRI)
HAPPENS = st.sampled_from(["sell", "sell_together", "sell_late", "bring_back", "void", "pay"])
DAYS = st.lists(st.tuples(st.integers(0, 3), st.lists(HAPPENS, min_size=1, max_size=3)), min_size=1, max_size=6)
CUTS = st.sets(st.integers(1, 25), max_size=5)


class Life:
    """Days on which something happens, each recorded as it happens."""

    def __init__(self, pool: Pool) -> None:
        self.pool, self.today, self.sold, self.gone = pool, 2, list[str](), set[str]()

    async def live(self, days: list[tuple[int, list[str]]], then: Any) -> None:
        """After each day something else, `then`."""
        for pause, happens in days:
            self.today += pause
            for what in happens:
                await getattr(self, what)()
            await recorded_on(self.pool, day(self.today))
            await then(self.today)

    async def sell(self, sku: str = SHAWL, ago: int = 1, price: int = 700_001) -> None:
        receipt = f"R{len(self.sold)}"
        self.sold.append(receipt)
        sold_at = day(1) - timedelta(days=ago)
        await till_reports(self.pool, a_sale(receipt=receipt, sku=sku, unit_price=price, quantity=2, sold_at=sold_at))

    async def sell_together(self) -> None:
        await self.sell(POUCH, price=99_999)

    async def sell_late(self) -> None:
        await self.sell(ago=50)

    async def bring_back(self) -> None:
        """One of two pieces of the oldest that is whole."""
        if receipt := self._take():
            sku = POUCH if await self._sku(receipt) == POUCH else SHAWL
            back = a_return(receipt=f"C{receipt}", original_receipt=receipt, sku=sku, returned_at=day(1))
            await till_reports(self.pool, back)

    async def void(self) -> None:
        if receipt := self._take():
            await void(self.pool, receipt, voided_at=day(1))

    async def pay(self) -> None:
        try:
            await pay_out(self.pool)
        except Rejected as nothing:
            assert nothing.code == "nothing_payable"

    def _take(self) -> str | None:
        left = [receipt for receipt in self.sold if receipt not in self.gone]
        self.gone |= set(left[:1])
        return left[0] if left else None

    async def _sku(self, receipt: str) -> str:
        sku: str = await self.pool.fetchval("SELECT sku FROM sale WHERE receipt = $1", receipt)
        return sku


async def nothing(_: int) -> None:
    """Nothing else happens."""


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=DAYS, cuts=CUTS)
async def test_periods_follow_each_other_wherever_they_are_cut(database: Database, days: Any, cuts: set[int]) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await Life(pool).live(days, nothing)
    edges = [date(2026, 11, number) for number in sorted(cuts)]
    for maker in MAKERS:
        starts: list[date | None] = [None, *edges]
        ends: list[date | None] = [*[edge - timedelta(days=1) for edge in edges], None]
        parts = [await whole(pool, maker, since, until) for since, until in zip(starts, ends, strict=True)]
        assert parts[0].opening == 0
        assert [part.opening for part in parts[1:]] == [part.closing for part in parts[:-1]]
        assert parts[-1].closing == await owed(pool, maker)
        entries = [line.entry for part in parts for line in reversed(part.items)]
        assert entries == [line.entry for line in reversed((await whole(pool, maker)).items)]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=DAYS)
async def test_a_period_that_is_over_never_changes(database: Database, days: Any) -> None:
    pool = await database("sales")
    await open_shop(pool)
    seen: dict[int, tuple[int, list[int]]] = {}

    async def look(today: int) -> None:
        """At all that was seen before, and at the day that ends."""
        for number in [*seen, today]:
            found = await whole(pool, ANI, until=business_day(day(number)))
            told = (found.closing, [line.amount for line in found.items])
            assert number == today or seen[number] == told
            seen[number] = told

    life = Life(pool)
    await life.live(days, look)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=DAYS)
async def test_statements_that_are_made_up_hold_every_entry_once(database: Database, days: Any) -> None:
    pool = await database("sales")
    await open_shop(pool)
    made: list[StatementPublished] = []

    async def make(_: int) -> None:
        made.extend((await publish(pool, now=day(30)))[1])

    await Life(pool).live(days, make)
    for maker in MAKERS:
        hers = [event for event in made if event.maker_id == maker]
        read_again = [await read(pool, LINKS.token(event.statement_id)) for event in hers]
        for event, statement in zip(hers, read_again, strict=True):
            check(statement)
            assert (statement.opening, statement.closing) == (event.opening, event.closing)
        entries = [line.entry for statement in read_again for line in reversed(statement.items)]
        assert entries == [line.entry for line in reversed((await whole(pool, maker)).items)]
        assert (hers[-1].closing if hers else 0) == await owed(pool, maker)
