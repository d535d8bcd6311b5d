"""Whatever is sold, brought back, remitted and reversed: the rule of matching holds, and no rupiah is lost in it."""

from datetime import date
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.sales.handlers.settlement.remittances import reverse_remittance
from shared.contracts.sales.remittances import RecordedRemittance, ReverseRemittance
from shared.db import Pool
from shared.errors import Rejected
from tests.integration.sales.builders import Database, a_return, open_outlet, open_shop, report
from tests.integration.sales.remitting import DECEMBER, check_money, dues, remit, shawl
from tests.integration.sales.settling import order, void

OUTLETS = ("citos", "pim")
PRICES = st.sampled_from([700_000, 349_900, 10_001, 3])
AMOUNTS = st.one_of(st.integers(1, 2_000_000), st.sampled_from([525_000, 1_050_000, 350_000]))

SELL = st.tuples(st.just("sell"), st.tuples(st.integers(1, 20), st.integers(1, 3), PRICES))
BEGIN = st.lists(SELL, min_size=4, max_size=6)
STEPS = st.lists(
    st.one_of(
        SELL,
        st.tuples(st.just("bring_back"), st.tuples(st.integers(0, 7), st.sampled_from(OUTLETS))),
        st.tuples(st.just("void"), st.integers(0, 7)),
        st.tuples(st.just("void_return"), st.integers(0, 7)),
        st.tuples(st.just("remit"), st.tuples(AMOUNTS, st.integers(10, 30))),
        st.tuples(st.just("reverse"), st.integers(0, 3)),
    ),
    min_size=3,
    max_size=12,
)


class Owed(NamedTuple):
    """A fact at an outlet, as the ledger has it; `settled`: by which remittance."""

    cause: int
    sale: int
    day: date
    due: int
    settled: int | None


def expected(facts: list[Owed], funds: int, through: date) -> set[int]:
    """The sales whose open facts are settled now: the rule once more, in plain words."""
    about: dict[int, list[Owed]] = {}
    for fact in facts:
        if fact.settled is None and fact.day <= through:
            about.setdefault(fact.sale, []).append(fact)
    due = {sale: sum(fact.due for fact in of_sale) for sale, of_sale in about.items()}
    done = {sale for sale in about if due[sale] <= 0}
    funds -= sum(due[sale] for sale in done)
    age = {sale: (min(f.day for f in of_sale), min(f.cause for f in of_sale)) for sale, of_sale in about.items()}
    for sale in sorted(about.keys() - done, key=lambda sale: age[sale]):
        if due[sale] > funds:
            break
        funds -= due[sale]
        done.add(sale)
    return done


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(begin=BEGIN, steps=STEPS)
async def test_money_in_is_what_is_settled_and_what_is_on_account(database: Database, begin: Any, steps: Any) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim", 3000)
    play = Play(pool)
    for kind, what in (*begin, *steps):
        await getattr(play, kind)(what)
        await check_money(pool, *OUTLETS)
    await play.come_to_an_end()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sold=st.lists(st.tuples(st.integers(1, 20), PRICES), min_size=1, max_size=6),
    amounts=st.lists(AMOUNTS, min_size=2, max_size=4),
    data=st.data(),
)
async def test_the_order_in_which_money_comes_does_not_matter(
    database: Database, sold: list[tuple[int, int]], amounts: list[int], data: st.DataObject
) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim")
    for outlet in OUTLETS:
        await report(pool, *[shawl(d, outlet=outlet, receipt=str(n), unit_price=p) for n, (d, p) in enumerate(sold)])
    for outlet in OUTLETS:
        for amount in data.draw(st.permutations(amounts)):
            await remit(pool, amount, code=outlet)
    owed = [await dues(pool, outlet) for outlet in OUTLETS]
    assert len({(one.open, one.on_account, one.commission_open) for one in owed}) == 1
    rows = await pool.fetch(
        "SELECT s.receipt, count(*) AS outlets FROM remitted r JOIN sale s ON s.no = r.cause GROUP BY s.receipt"
    )
    assert {row["outlets"] for row in rows} <= {2}, "the same sales are settled at both"


class Play:
    """Two outlets' sales, returns here and there, voids, and Citos' money."""

    def __init__(self, pool: Pool) -> None:
        self.pool, self.receipts, self.backs = pool, 0, 0
        self.standing: list[RecordedRemittance] = []

    async def sell(self, what: tuple[int, int, int]) -> None:
        day, quantity, price = what
        sale = shawl(
            day, receipt=str(self.receipts), quantity=quantity, unit_price=price, outlet=OUTLETS[self.receipts % 2]
        )
        self.receipts += 1
        await report(self.pool, sale)

    async def bring_back(self, what: tuple[int, str]) -> None:
        """A piece, here or there; when none is left the till's report waits for a person."""
        receipt, outlet = what
        sold_at = OUTLETS[receipt % 2]
        named = {"original_receipt": str(receipt), "original_outlet": sold_at}
        await report(self.pool, a_return(receipt=f"C{self.backs}", outlet=outlet, **named))
        self.backs += 1

    async def void(self, receipt: int) -> None:
        await void(self.pool, str(receipt), outlet=OUTLETS[receipt % 2])

    async def void_return(self, back: int) -> None:
        for outlet in OUTLETS:
            await void(self.pool, f"C{back}", outlet=outlet)

    async def remit(self, what: tuple[int, int]) -> None:
        amount, day = what
        for outlet in OUTLETS:
            before, through = await self._facts(outlet), date(2026, 11, day)
            funds = (await dues(self.pool, outlet)).on_account + amount
            recorded = await remit(self.pool, amount, code=outlet, through=through)
            self.standing.append(recorded)
            now = {fact.cause: fact.settled for fact in await self._facts(outlet)}
            done = expected(before, funds, through)
            for fact in before:
                hit = fact.settled is None and fact.day <= through and fact.sale in done
                assert (now[fact.cause] is not None) == (hit or fact.settled is not None)
            assert recorded.sales == len(done)

    async def reverse(self, back: int) -> None:
        """One of the last: refused when others count on its money, and then nothing has changed."""
        if back >= len(self.standing):
            return
        remittance = self.standing[-1 - back]
        asked = ReverseRemittance(remittance_id=remittance.remittance_id, reason="a slip")
        before = (await dues(self.pool, remittance.outlet)).on_account
        left = before - remittance.amount + remittance.due
        try:
            await order(self.pool, reverse_remittance, asked, now=DECEMBER)
        except Rejected as refused:
            assert refused.code == "remittance_counted_on" and left < 0
        else:
            assert left >= 0
            self.standing.remove(remittance)

    async def come_to_an_end(self) -> None:
        """Enough money settles everything, and nothing is owed but what was too much."""
        for outlet in OUTLETS:
            await remit(self.pool, 100_000_000, code=outlet)
            owed = await dues(self.pool, outlet)
            assert (owed.open, owed.commission_open) == (0, 0)
            assert owed.receivable == -owed.on_account
        await check_money(self.pool, *OUTLETS)

    async def _facts(self, outlet: str) -> list[Owed]:
        rows = await self.pool.fetch(
            """
            SELECT e.cause, coalesce(b.sale, v.sale, u.sale, e.cause) AS sale, min(e.day) AS day,
                   sum(e.received - e.kept)::bigint AS due, min(r.remittance) AS settled
            FROM outlet_entry e
            LEFT JOIN remitted r ON r.cause = e.cause AND r.outlet = e.outlet
            LEFT JOIN returned b ON b.no = e.cause
            LEFT JOIN sale_void v ON v.no = e.cause
            LEFT JOIN return_void u ON u.no = e.cause
            WHERE e.outlet = $1
            GROUP BY 1, 2
            """,
            outlet,
        )
        return [Owed(*row) for row in rows]
