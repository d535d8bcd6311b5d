"""Whatever a bank says in whatever order: what has left it is what is paid, and nobody is paid twice or too little."""

from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.sales.handlers.settlement import paying, payouts
from shared.contracts.sales.paying import RecordResults, RetryRows, RowResult, SendPayout
from shared.contracts.sales.settlement import FreezePayout, RecordPaid
from shared.db import Pool
from shared.errors import Invalid, Rejected
from tests.integration.sales.builders import ANI, POUCH, SRI, WATI, Database, a_return, a_sale, balances, owed, report
from tests.integration.sales.settling import KOP, approve, check_lines, freeze, order
from tests.integration.sales.together import batch_now, sold

OUTCOMES = st.sampled_from(["paid", "failed", "unknown"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("hear"), st.tuples(st.integers(0, 30), OUTCOMES)),
        st.tuples(st.just("retry"), st.integers(0, 30)),
        st.tuples(st.just("rest"), st.none()),
        st.tuples(st.just("sell"), st.none()),
        st.tuples(st.just("bring_back"), st.integers(0, 5)),
        st.tuples(st.just("batch"), st.none()),
    ),
    min_size=4,
    max_size=16,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_whatever_the_bank_says_every_rupiah_is_paid_once(database: Database, steps: Any) -> None:
    pool = await database("sales")
    await sold(pool)
    play = Play(pool)
    for kind, what in steps:
        await getattr(play, kind)(what)
        await play.check()
    await play.settle()


class Play:
    """Batches of three makers, and a bank that says anything."""

    def __init__(self, pool: Pool) -> None:
        self.pool, self.batches, self.receipts, self.back = pool, list[UUID](), 0, set[int]()
        self.keys: list[tuple[UUID, str]] = []

    async def batch(self, _: None) -> None:
        try:
            frozen = await freeze(self.pool)
        except Rejected as nothing:
            assert nothing.code == "nothing_payable"
            return
        await approve(self.pool, frozen.payout_id)
        sent = await order(self.pool, paying.send_payout, SendPayout(payout_id=frozen.payout_id))
        self.batches.append(frozen.payout_id)
        self.keys += [(frozen.payout_id, row.attempt_key) for row in sent.rows]

    async def hear(self, told: tuple[int, Any]) -> None:
        """Of some attempt, perhaps one that is long over."""
        if self.keys:
            batch, key = self.keys[told[0] % len(self.keys)]
            try:
                results = [RowResult(attempt_key=key, outcome=told[1])]
                await order(self.pool, paying.record_results, RecordResults(payout_id=batch, results=results))
            except Invalid as contrary:
                assert contrary.code == "results_refused"

    async def retry(self, number: int) -> None:
        if self.batches:
            batch = self.batches[number % len(self.batches)]
            try:
                asked = RetryRows(payout_id=batch, maker_ids=[(ANI, WATI, SRI)[number % 3]])
                again = await order(self.pool, paying.retry_rows, asked)
                self.keys += [(batch, row.attempt_key) for row in again.rows]
            except Rejected as refused:
                assert refused.code in ("row_not_failed", "payout_paid")

    async def rest(self, _: None) -> None:
        if self.batches:
            try:
                await order(self.pool, paying.record_paid, RecordPaid(payout_id=self.batches[-1]))
            except Rejected as refused:
                assert refused.code in ("nothing_pending", "payout_paid")

    async def sell(self, _: None) -> None:
        self.receipts += 1
        await report(self.pool, a_sale(receipt=f"P{self.receipts}", sku=POUCH, unit_price=100_000))

    async def bring_back(self, number: int) -> None:
        if 0 < number <= self.receipts and number not in self.back:
            self.back.add(number)
            await report(self.pool, a_return(receipt=f"C{number}", sku=POUCH, original_receipt=f"P{number}"))

    async def check(self) -> None:
        """What has left the bank is the sum of the rows that are paid, and the cooperative holds nothing."""
        rows = [row for batch in self.batches for row in (await batch_now(self.pool, batch)).rows]
        books = await balances(self.pool)
        assert -books.get("bank programme", 0) == sum(row.amount for row in rows if row.state == "paid")
        assert books.get(f"cooperative-payable {KOP}", 0) == 0
        await check_lines(self.pool)

    async def settle(self) -> None:
        """In the end everything is paid: what is left is nothing, or a debt of what came back."""
        await self.batch(None)
        for batch in self.batches:
            seen = await batch_now(self.pool, batch)
            failed = [row.maker_id for row in seen.rows if row.state == "failed" and row.maker_id]
            if failed:
                seen = await order(self.pool, paying.retry_rows, RetryRows(payout_id=batch, maker_ids=failed))
            open_rows = [row for row in seen.rows if row.state != "paid"]
            results = [RowResult(attempt_key=row.attempt_key, outcome="paid") for row in open_rows]
            if results:
                told = RecordResults(payout_id=batch, results=results)
                assert (await order(self.pool, paying.record_results, told)).state == "paid"
        await self.check()
        for maker, share in ((ANI, 32_500), (WATI, 19_500), (SRI, 13_000)):
            assert -len(self.back) * share <= await owed(self.pool, maker) <= 0
        try:
            await order(self.pool, payouts.freeze_payout, FreezePayout(cooperative=KOP))
            raise AssertionError("something was left out")
        except Rejected as nothing:
            assert nothing.code == "nothing_payable"
