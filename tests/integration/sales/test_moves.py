"""A maker moves: what she sold before stays with the rusun and the cooperative of that day, whenever the news comes."""

import asyncio
from datetime import date

from services.sales.handlers.settlement import payouts
from services.sales.views.feed import summarise_feed
from shared.contracts.sales import SummariseFeed
from shared.contracts.sales.settlement import CancelPayout, FreezePayout, Payout
from shared.db import Pool
from tests.integration.sales.builders import (
    Database,
    a_return,
    do,
    open_shop,
    owed,
    report,
)
from tests.integration.sales.moving import FIFTEENTH, HERS, NEW, moved, sold
from tests.integration.sales.settling import (
    KOP,
    freeze,
    items_of,
    only_line,
    order,
    pay,
    pay_out,
    refusal,
    statement,
    void,
)


async def earned(pool: Pool) -> dict[str, int]:
    summary = await do(pool, summarise_feed, SummariseFeed())
    return {one.rusun: one.amount for one in summary.earned_by_rusun}


def shares(payout: Payout) -> list[int]:
    return [line.amount for line in payout.lines]


async def test_each_cooperative_pays_what_was_sold_while_she_lived_there(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await moved(pool)
    await report(pool, sold(14, "23:59:59"), sold(15, "00:00:00"), sold(16))

    old, new = await freeze(pool), await freeze(pool, NEW)

    assert (shares(old), shares(new)) == ([HERS], [2 * HERS])
    for batch, days in ((old, [14]), (new, [15, 16])):
        assert [item.sold_on.day for item in (await items_of(pool, batch.payout_id)).items] == days
    await pay(pool, new.payout_id)
    await pay(pool, old.payout_id)
    assert await owed(pool) == 0
    assert await earned(pool) == {"pulogebang": HERS, "daan-mogot": 2 * HERS}
    for cooperative in (KOP, NEW):
        assert await refusal(pool, payouts.freeze_payout, FreezePayout(cooperative=cooperative)) == "nothing_payable"


async def test_it_makes_no_difference_that_the_news_comes_after_the_sales(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold(14), sold(16), sold(17))
    await moved(pool)

    assert shares(await freeze(pool)) == [HERS]
    assert shares(await freeze(pool, NEW)) == [2 * HERS]
    assert await earned(pool) == {"pulogebang": HERS, "daan-mogot": 2 * HERS}


async def test_what_was_paid_before_the_news_came_is_paid_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold(14), sold(16))
    assert shares(await pay_out(pool)) == [2 * HERS]

    await moved(pool)
    await report(pool, sold(17))

    assert shares(await pay_out(pool, NEW)) == [HERS]
    assert await owed(pool) == 0


async def test_what_was_frozen_before_the_news_came_is_claimed_by_nobody_else(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, sold(14), sold(16))
    frozen = await freeze(pool)
    await moved(pool)

    assert await refusal(pool, payouts.freeze_payout, FreezePayout(cooperative=NEW)) == "nothing_payable"
    await order(pool, payouts.cancel_payout, CancelPayout(payout_id=frozen.payout_id, reason="she has moved"))

    assert (shares(await freeze(pool)), shares(await freeze(pool, NEW))) == ([HERS], [HERS])


async def test_a_sale_that_a_till_tells_of_late_is_paid_by_the_cooperative_of_its_day(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await moved(pool)
    await report(pool, sold(14), sold(16))
    await pay_out(pool)
    await pay_out(pool, NEW)

    await report(pool, sold(13))

    assert await refusal(pool, payouts.freeze_payout, FreezePayout(cooperative=NEW)) == "nothing_payable"
    assert shares(await pay_out(pool)) == [HERS]
    assert await owed(pool) == 0


async def test_what_comes_back_before_it_is_paid_counts_with_its_sale(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await moved(pool)
    await report(pool, sold(13), sold(14), sold(16))
    await report(pool, a_return(original_receipt="14-12:00:00"))

    assert only_line(await freeze(pool)) == (HERS, 0, 0, HERS)
    assert only_line(await freeze(pool, NEW)) == (HERS, 0, 0, HERS)
    assert await earned(pool) == {"pulogebang": HERS, "daan-mogot": HERS}


async def test_what_comes_back_after_it_was_paid_is_a_debt_wherever_she_earns_now(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await moved(pool)
    await report(pool, sold(14))
    await pay_out(pool)
    await report(pool, a_return(original_receipt="14-12:00:00"), sold(16))

    assert only_line(await pay_out(pool, NEW)) == (HERS, HERS, HERS // 2, HERS - HERS // 2)
    assert await owed(pool) == -(HERS - HERS // 2)
    assert await earned(pool) == {"pulogebang": 0, "daan-mogot": HERS}


async def test_a_debt_is_kept_back_once_though_two_batches_are_open(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await moved(pool)
    await report(pool, sold(13))
    await pay_out(pool)
    await report(pool, a_return(original_receipt="13-12:00:00"), sold(14), sold(16), sold(17))

    old, new = await freeze(pool), await freeze(pool, NEW)

    assert only_line(old) == (HERS, HERS, 227_500, 227_500)
    assert only_line(new) == (2 * HERS, 227_500, 227_500, 682_500)
    for batch in (new, old):
        await pay(pool, batch.payout_id)
    assert await owed(pool) == 0


async def test_two_cooperatives_that_freeze_at_once_keep_a_debt_back_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await moved(pool)
    await report(pool, sold(13))
    await pay_out(pool)
    await report(pool, a_return(original_receipt="13-12:00:00"), sold(14), sold(16))

    batches = await asyncio.gather(
        freeze(pool), freeze(pool, NEW), freeze(pool), freeze(pool, NEW), return_exceptions=True
    )

    frozen = [batch for batch in batches if isinstance(batch, Payout)]
    assert sorted(batch.cooperative for batch in frozen) == [NEW, KOP]
    assert sum(line.recovery for batch in frozen for line in batch.lines) == HERS
    for batch in frozen:
        await pay(pool, batch.payout_id)
    assert await owed(pool) == 0


async def test_a_void_of_a_paid_receipt_is_a_debt_at_her_new_cooperative(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await moved(pool)
    await report(pool, sold(14), sold(16))
    await pay_out(pool)
    await void(pool, "14-12:00:00")

    assert only_line(await freeze(pool, NEW)) == (HERS, HERS, HERS // 2, HERS - HERS // 2)


async def test_two_rusun_of_one_cooperative_are_one_line_and_two_reports(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await moved(pool, "cakung", cooperative=KOP)
    await report(pool, sold(14), sold(16))

    frozen = await freeze(pool)

    assert shares(frozen) == [2 * HERS]
    assert await earned(pool) == {"pulogebang": HERS, "cakung": HERS}


async def test_whoever_comes_back_home_is_paid_for_both_times(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await moved(pool)
    await moved(pool, "pulogebang", date(2026, 11, 18), KOP)
    await report(pool, sold(14), sold(16), sold(18))

    frozen = await freeze(pool)

    assert shares(frozen) == [2 * HERS]
    assert [item.sold_on.day for item in (await items_of(pool, frozen.payout_id)).items] == [14, 18]
    assert shares(await freeze(pool, NEW)) == [HERS]


async def test_a_home_that_is_put_right_later_counts_for_what_is_not_in_a_batch(database: Database) -> None:
    """She was written down in the wrong rusun for the same day; `said_at` decides, and what is paid stays paid."""
    pool = await database("sales")
    await open_shop(pool)
    await moved(pool, "komarudin", FIFTEENTH, "kop-komarudin")
    await report(pool, sold(16))
    await pay_out(pool, "kop-komarudin")
    await moved(pool)
    await report(pool, sold(17))

    assert shares(await pay_out(pool, NEW)) == [HERS]
    assert await refusal(pool, payouts.freeze_payout, FreezePayout(cooperative="kop-komarudin")) == "nothing_payable"
    assert await owed(pool) == 0
    assert [line.kind for line in (await statement(pool)).items] == ["payout", "sale", "payout", "sale"]
