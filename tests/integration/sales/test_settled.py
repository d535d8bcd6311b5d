"""Any months of a programme: a second set of books, kept by hand, says what every line must be."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import pytest

from services.sales.handlers.settlement import paying, payouts
from services.sales.views.feed import summarise_feed
from shared.contracts.outlets import SaleReported
from shared.contracts.sales import ItemReturned, ItemSold, SaleVoided, SummariseFeed
from shared.contracts.sales.settlement import CancelPayout, Payout, RecordPaid
from shared.db import Pool
from shared.errors import Rejected
from shared.runtime.handler import Outcome
from tests.integration.sales.builders import (
    ANI,
    POUCH,
    SHAWL,
    SRI,
    WATI,
    Database,
    a_return,
    a_sale,
    balances,
    do,
    open_shop,
    owed,
    report,
    told,
)
from tests.integration.sales.settling import (
    BUDI,
    approve,
    check_lines,
    freeze,
    order,
    pay_out,
    rows_of,
    void,
    write_off,
)

KOPS = {ANI: "kop-pulogebang", WATI: "kop-komarudin", SRI: "kop-daan-mogot"}


COLUMNS = {
    "payout_line": "payout",
    "payout_row": "payout",
    "payout_attempt": "row_no",
    "payout_result": "row_no",
    "settlement_approval": "fact",
    "settlement_step": "fact",
}
"""What names a row of these tables."""


@dataclass
class Account:
    """A maker by hand. `fresh`: what sales gave that no paid batch holds yet; `debt`: of sales that one holds."""

    fresh: dict[UUID, int] = field(default_factory=dict)
    debt: int = 0
    frozen: dict[UUID, int] = field(default_factory=dict)
    earned: int = 0
    paid: int = 0
    given_up: int = 0

    def sell(self, sale: UUID, amount: int) -> None:
        self.fresh[sale] = amount
        self.earned += amount

    def take_back(self, sale: UUID, amount: int) -> None:
        self.earned -= amount
        if sale in self.fresh:
            self.fresh[sale] -= amount
        else:
            self.debt += amount

    def line(self) -> tuple[int, int, int]:
        """gross, debt, amount."""
        gross = sum(self.fresh.values())
        return gross, self.debt, gross - min(self.debt, gross // 2)

    def freeze(self) -> None:
        self.frozen = dict(self.fresh)

    def pay(self, gross: int, debt: int, amount: int) -> None:
        """What came back since the freeze of pieces that are paid now is a debt from now on."""
        came_back = sum(before - self.fresh[sale] for sale, before in self.frozen.items())
        for sale in self.frozen:
            del self.fresh[sale]
        self.debt += came_back - (gross - amount)
        self.paid += amount


class Programme:
    """The system and the hand-kept books beside it."""

    def __init__(self, pool: Pool, seed: int) -> None:
        self.pool, self.chance = pool, random.Random(seed)
        self.accounts: dict[UUID, Account] = defaultdict(Account)
        self.left: dict[int, tuple[SaleReported, int]] = {}
        self.receipts = 0

    def note(self, outcomes: list[Outcome]) -> None:
        for sold in told(outcomes, ItemSold):
            for share in sold.shares:
                self.accounts[share.maker_id].sell(sold.sale_id, share.amount)
        taken = [(back.sale_id, back.shares) for back in told(outcomes, ItemReturned)]
        taken += [(back.sale_id, back.shares) for back in told(outcomes, SaleVoided)]
        for sale_id, shares in taken:
            for share in shares:
                self.accounts[share.maker_id].take_back(sale_id, share.amount)

    async def sell(self) -> None:
        self.receipts += 1
        sku, price = self.chance.choice([(SHAWL, 700_001), (POUCH, 99_999)])
        sale = a_sale(
            receipt=str(self.receipts), sku=sku, unit_price=price, quantity=self.chance.randint(1, 4), discount=3
        )
        self.left[self.receipts] = (sale, sale.quantity)
        self.note(await report(self.pool, sale))

    async def bring_back(self) -> None:
        if not self.left:
            return
        number = self.chance.choice(list(self.left))
        sale, left = self.left.pop(number)
        if self.chance.random() < 0.4:
            self.note(await void(self.pool, sale.receipt))
            return
        pieces = self.chance.randint(1, left)
        if left > pieces:
            self.left[number] = (sale, left - pieces)
        self.receipts += 1
        back = a_return(receipt=f"C{self.receipts}", sku=sale.sku, quantity=pieces, original_receipt=sale.receipt)
        self.note(await report(self.pool, back))

    async def settle(self) -> None:
        """A batch that is paid or cancelled after more has happened."""
        maker = self.chance.choice(list(KOPS))
        account = self.accounts[maker]
        gross, debt, amount = account.line()
        if not gross:
            with pytest.raises(Rejected, match="nothing_payable"):
                await freeze(self.pool, KOPS[maker])
            return
        batch = await freeze(self.pool, KOPS[maker])
        assert [(line.gross, line.debt, line.amount) for line in batch.lines] == [(gross, debt, amount)]
        account.freeze()
        for _ in range(self.chance.randint(0, 3)):
            await self.chance.choice([self.sell, self.bring_back])()
        await self._end(batch, account)

    async def _end(self, batch: Payout, account: Account) -> None:
        if self.chance.random() < 0.3:
            await order(self.pool, payouts.cancel_payout, CancelPayout(payout_id=batch.payout_id, reason="wrong week"))
            return
        await approve(self.pool, batch.payout_id)
        await order(self.pool, paying.record_paid, RecordPaid(payout_id=batch.payout_id), BUDI)
        (line,) = batch.lines
        account.pay(line.gross, line.debt, line.amount)

    async def give_up(self) -> None:
        maker = self.chance.choice(list(KOPS))
        below = -await owed(self.pool, maker)
        if below > 0:
            amount = self.chance.randint(1, below)
            await write_off(self.pool, amount, maker)
            self.accounts[maker].debt -= amount
            self.accounts[maker].given_up += amount
            assert await owed(self.pool, maker) <= 0


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_any_months_agree_with_the_books_kept_by_hand(database: Database, seed: int) -> None:
    pool = await database("sales")
    await open_shop(pool)
    programme = Programme(pool, seed)
    deeds = [
        programme.sell,
        programme.sell,
        programme.bring_back,
        programme.settle,
        programme.settle,
        programme.give_up,
    ]
    for _ in range(120):
        await programme.chance.choice(deeds)()
    assert await check_lines(pool) > 10
    books = await balances(pool)
    for maker, cooperative in KOPS.items():
        by_hand = programme.accounts[maker]
        assert -books[f"maker-payable {maker}"] == by_hand.earned - by_hand.paid + by_hand.given_up
        assert books.get(f"cooperative-payable {cooperative}", 0) == 0
    assert -books["bank programme"] == sum(account.paid for account in programme.accounts.values())
    given_up = sum(account.given_up for account in programme.accounts.values())
    assert books.get("written-off programme", 0) == given_up > 0


async def test_what_was_paid_out_or_written_off_stays_what_was_earned(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=2))
    await pay_out(pool)
    await report(pool, a_return())
    await write_off(pool, 455_000)
    summary = await do(pool, summarise_feed, SummariseFeed())
    assert [(maker.maker_id, maker.amount) for maker in summary.top_makers] == [(ANI, 455_000)]


@pytest.mark.parametrize(
    "table",
    [
        "payout",
        "payout_line",
        "payout_row",
        "payout_attempt",
        "payout_result",
        "settlement_approval",
        "settlement_step",
        "write_off",
    ],
)
async def test_what_is_settled_cannot_be_changed(database: Database, table: str) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    paid = await pay_out(pool)
    await report(pool, a_return())
    await write_off(pool, 1)
    before = await pool.fetch(f"SELECT * FROM {table}")
    assert before
    column = COLUMNS.get(table, "no")
    for change in (f"UPDATE {table} SET {column} = 0", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await pool.execute(change)
    assert await pool.fetch(f"SELECT * FROM {table}") == before
    assert await rows_of(pool, paid.payout_id) == paid.lines
