"""Returns that do not name a line of their own till: by the piece, at another outlet, of a named till, of none."""

from datetime import timedelta
from typing import Any

from shared.contracts.outlets import ReturnReported
from shared.contracts.sales import ItemReturned, ItemSold
from shared.db import Pool
from shared.errors import Rejected
from shared.runtime.handler import Refused
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_return,
    a_sale,
    balances,
    check_stock,
    deliver,
    ignored,
    open_outlet,
    open_shop,
    owed,
    refused,
    report,
    shelf,
    told,
)
from tests.integration.sales.till_road import unit_place

HOUR = timedelta(hours=1)


def of_piece(**other: Any) -> ReturnReported:
    """The piece A1 comes back, and nothing else is known of it."""
    return a_return(**{"original_receipt": None, "original_line": None, "serial": "A1"} | other)


async def open_two_shops(pool: Pool) -> None:
    await open_shop(pool, listed=700_000)
    await open_outlet(pool, "pim", 1500, 1000)


async def test_bought_at_pim_and_brought_back_at_citos_the_piece_stays_at_citos_and_pim_gives_its_commission_back(
    database: Database,
) -> None:
    pool = await database("sales")
    await open_two_shops(pool)
    await deliver(pool, {SHAWL: 5}, "pim")
    await report(pool, a_sale(outlet="pim", quantity=2))
    (event,) = told(await report(pool, a_return(original_outlet="pim")), ItemReturned)
    assert (event.outlet, event.original_outlet, event.net, event.outlet_share) == ("citos", "pim", 700_000, 105_000)
    sums = await balances(pool)
    assert sums["outlet-receivable citos"] == -700_000
    assert sums["outlet-receivable pim"] == 1_400_000
    assert (sums["outlet-commission citos"], sums["outlet-commission pim"]) == (0, -105_000)
    assert (sums["programme-share programme"], sums[f"maker-payable {ANI}"]) == (-70_000, -525_000)
    held = [line and line.on_hand for line in (await shelf(pool), await shelf(pool, outlet="pim"))]
    assert held == [1, 3]
    assert await check_stock(pool) == 2


async def test_a_piece_brought_back_elsewhere_lies_there(database: Database) -> None:
    pool = await database("sales")
    await open_two_shops(pool)
    await report(pool, a_sale(serial="A1"), of_piece(outlet="pim", till="till-9", original_outlet="citos"))
    assert await unit_place(pool, "citos/A1") == ("at-outlet", "pim")
    outcomes = await report(pool, a_sale(outlet="pim", receipt="7", serial="A1", sold_at=NOON + timedelta(minutes=1)))
    assert [event.remarks for event in told(outcomes, ItemSold)] == [[]]


async def test_an_outlet_that_nobody_registered_pays_no_buyer(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    away, at_home = a_return(outlet="pim", original_outlet="citos"), a_return(line=2)
    await report(pool, a_sale(quantity=2))
    outcomes = await report(pool, away, at_home)
    assert (refused(outcomes), len(told(outcomes, ItemReturned))) == ([("not_yet", "outlet_unknown")], 1)
    assert await owed(pool) == 455_000
    await open_outlet(pool, "pim")
    assert len(told(await report(pool, away), ItemReturned)) == 1


async def test_a_piece_alone_names_its_sale(database: Database) -> None:
    pool = await database("sales")
    await open_two_shops(pool)
    await report(pool, a_sale(outlet="pim", till="till-9", receipt="7", serial="A1"), a_sale())
    (event,) = told(await report(pool, of_piece(original_outlet="pim")), ItemReturned)
    assert (event.original_outlet, event.serial, event.outlet_share) == ("pim", "pim/A1", 105_000)
    assert await unit_place(pool, "pim/A1") == ("at-outlet", "citos")


async def test_a_piece_alone_that_was_never_sold_or_is_back_waits(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    assert refused(await report(pool, of_piece())) == [("not_yet", "sale_not_recorded")]
    await report(pool, a_sale(serial="A1"), of_piece())
    assert refused(await report(pool, of_piece(line=2))) == [("not_yet", "sale_not_recorded")]
    assert ignored(await report(pool, of_piece())) == 1
    assert await owed(pool) == 0


async def test_a_piece_alone_means_its_last_sale_before_it_came_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(serial="A1"), of_piece(returned_at=NOON - HOUR / 2))
    await report(pool, a_sale(receipt="7", serial="A1", sold_at=NOON - HOUR / 4, unit_price=500_000))
    assert refused(await report(pool, of_piece(line=2, returned_at=NOON - 2 * HOUR / 5))) == [
        ("not_yet", "sale_not_recorded")
    ]
    (event,) = told(await report(pool, of_piece(line=3)), ItemReturned)
    assert event.net == 500_000
    assert set((await balances(pool)).values()) == {0}


async def test_a_piece_of_another_product_or_in_twos_does_not_come_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(serial="A1"))
    assert refused(await report(pool, of_piece(sku=POUCH))) == [("conflict", "return_of_other_sku")]
    assert refused(await report(pool, of_piece(quantity=2))) == [("rejected", "more_than_sold")]


async def test_another_piece_than_the_line_sold_is_a_conflict(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(serial="A1"))
    assert refused(await report(pool, a_return(serial="A2"))) == [("conflict", "return_of_other_serial")]
    assert await unit_place(pool, "citos/A1") == ("sold", "citos")


async def test_what_came_back_before_it_was_sold_is_a_conflict(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(sold_at=NOON))
    early = a_return(returned_at=NOON - timedelta(minutes=5, seconds=1))
    assert refused(await report(pool, early)) == [("conflict", "returned_before_sold")]
    assert len(told(await report(pool, a_return(returned_at=NOON - timedelta(minutes=5))), ItemReturned)) == 1


async def test_a_named_till_is_meant_whatever_others_have_such_a_line(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(), a_sale(till="till-2", unit_price=500_000))
    (event,) = told(await report(pool, a_return(original_till="till-2")), ItemReturned)
    assert event.net == 500_000
    unknown = a_return(line=2, original_till="till-3")
    assert refused(await report(pool, unknown)) == [("not_yet", "sale_not_recorded")]


async def test_other_originals_make_it_another_return(database: Database) -> None:
    pool = await database("sales")
    await open_two_shops(pool)
    await report(pool, a_sale(), a_return())
    for other in ({"original_till": "till-1"}, {"original_outlet": "citos"}, {"original_outlet": "pim"}):
        assert refused(await report(pool, a_return(**other))) == [("conflict", "receipt_line_changed")], other


async def test_of_the_sales_a_blind_return_may_mean_its_own_outlets_come_first_and_five_in_all(
    database: Database,
) -> None:
    pool = await database("sales")
    await open_two_shops(pool)
    sold = [NOON - timedelta(minutes=minutes) for minutes in (10, 20, 30, 40)]
    await report(pool, *[a_sale(outlet="pim", line=line, sold_at=at) for line, at in enumerate(sold, start=1)])
    await report(pool, *[a_sale(line=line, sold_at=at - HOUR) for line, at in enumerate(sold[:3], start=1)])
    (outcome,) = await report(pool, a_return(original_receipt=None, original_line=None))
    assert isinstance(outcome, Refused)
    assert isinstance(outcome.error, Rejected)
    seen = [(one["outlet"], one["line"]) for one in outcome.error.candidates]
    assert seen == [("citos", 1), ("citos", 2), ("citos", 3), ("pim", 1), ("pim", 2)]


async def test_more_than_was_sold_never_comes_back_whoever_takes_it(database: Database) -> None:
    pool = await database("sales")
    await open_two_shops(pool)
    await report(pool, a_sale(quantity=3))
    outcomes = await report(
        pool, a_return(quantity=2), a_return(outlet="pim", original_outlet="citos", quantity=2), a_return(line=3)
    )
    assert [event.quantity for event in told(outcomes, ItemReturned)] == [2, 1]
    assert refused(outcomes) == [("rejected", "more_than_sold")]
    assert await pool.fetchval("SELECT sum(taken_back) FROM sale_split") == 3
    assert await owed(pool) == 0


async def test_an_exchange_is_one_group_of_what_came_back_and_what_was_sold_for_it(database: Database) -> None:
    """700.000 back, 349.900 sold: both carry the exchange's name, and the till gives 350.100 back."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    outcomes = await report(
        pool,
        a_sale(receipt="X1", line=2, sku=POUCH, unit_price=349_900, exchange="E1"),
        a_return(receipt="X1", line=1, exchange="E1", till_seq=4),
    )
    (sold,), (back,) = told(outcomes, ItemSold), told(outcomes, ItemReturned)
    assert (sold.exchange, back.exchange, back.till_seq, back.taken) == ("E1", "E1", 4, [1])
    assert back.net - sold.net == 350_100
    assert await pool.fetchval("SELECT exchange FROM sale WHERE receipt = 'X1'") == "E1"
    assert await pool.fetchval("SELECT exchange FROM returned WHERE receipt = 'X1'") == "E1"
    assert (await balances(pool))["outlet-receivable citos"] == 349_900
