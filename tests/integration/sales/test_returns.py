"""What buyers bring back, on a real database: the stored shares of the same pieces, reversed."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.sales.storage.returns import LOOKED_AT
from shared.contracts.sales import ItemReturned, ItemSold, Share, StockLine
from shared.errors import Rejected
from shared.runtime.envelope import named_id
from shared.runtime.handler import Refused
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    SHAWL,
    SRI,
    WATI,
    Database,
    a_return,
    a_sale,
    agree,
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


async def test_a_return_is_the_mirror_image_of_its_sale(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await deliver(pool, {SHAWL: 10})
    await report(pool, a_sale())
    outcomes = await report(pool, a_return())
    assert told(outcomes, ItemReturned) == [
        ItemReturned(
            return_id=named_id("return", "citos", "till-1", "C536379", 1),
            sale_id=named_id("sale", "citos", "till-1", "536365", 1),
            outlet="citos",
            sku=SHAWL,
            quantity=1,
            net=700_000,
            outlet_share=175_000,
            programme_share=70_000,
            shares=[Share(maker_id=ANI, amount=455_000)],
            returned_at=NOON,
            original_outlet="citos",
            till="till-1",
            receipt="C536379",
            line=1,
            taken=[1],
        )
    ]
    assert set((await balances(pool)).values()) == {0}
    assert await shelf(pool) == StockLine(sku=SHAWL, on_hand=10, deficit=0, in_transit=0, available=10)
    assert await check_stock(pool) == 1


async def test_one_of_three_pieces_takes_back_what_that_piece_gave(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=3, unit_price=233_334, discount=2))
    (first,) = told(await report(pool, a_return()), ItemReturned)
    assert (first.net, first.shares[0].amount) == (233_334, 151_668)
    (rest,) = told(await report(pool, a_return(line=2, quantity=2)), ItemReturned)
    assert (rest.net, rest.shares[0].amount) == (466_666, 303_334)
    assert set((await balances(pool)).values()) == {0}


async def test_co_makers_give_back_what_each_was_given(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool, outlet_bps=1750, programme_bps=750)
    await report(pool, a_sale(sku=POUCH, quantity=2, unit_price=349_900, discount=2 * 52_485))
    (event,) = told(await report(pool, a_return(sku=POUCH)), ItemReturned)
    assert [(share.maker_id, share.amount) for share in event.shares] == [
        (ANI, 111_531),
        (WATI, 66_919),
        (SRI, 44_612),
    ]
    assert [await owed(pool, maker) for maker in (ANI, WATI, SRI)] == [111_531, 66_919, 44_612]


async def test_a_return_reverses_what_was_booked_and_not_what_is_agreed_today(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    await agree(pool, date(2026, 1, 2), outlet_bps=5000)
    await report(pool, a_return())
    assert set((await balances(pool)).values()) == {0}


async def test_returns_and_sales_of_one_delivery_find_each_other(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    outcomes = await report(pool, a_return(), a_sale(quantity=2), a_return(line=2))
    assert (len(told(outcomes, ItemSold)), len(told(outcomes, ItemReturned))) == (1, 2)
    assert await owed(pool) == 0


async def test_a_return_that_comes_before_its_sale_waits(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    assert refused(await report(pool, a_return())) == [("not_yet", "sale_not_recorded")]
    await report(pool, a_sale())
    assert len(told(await report(pool, a_return()), ItemReturned)) == 1


async def test_the_same_return_under_a_new_id_is_a_duplicate(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=5))
    outcomes = await report(pool, a_return(), a_return())
    outcomes += await report(pool, a_return())
    assert len(told(outcomes, ItemReturned)) == 1
    assert ignored(outcomes) == 2
    assert await owed(pool) == 4 * 455_000


async def test_other_facts_for_a_recorded_return_go_to_a_person(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=5), a_sale(quantity=5, line=2), a_return())
    contradictions: list[dict[str, Any]] = [
        {"quantity": 2},
        {"sku": POUCH},
        {"returned_at": NOON - timedelta(seconds=1)},
        {"original_receipt": "536366"},
        {"original_receipt": None},
        {"original_line": 2},
        {"serial": "A1"},
    ]
    for other in contradictions:
        outcomes = await report(pool, a_return(**other))
        assert refused(outcomes) == [("conflict", "receipt_line_changed")], other
        assert len(outcomes) == 1
    assert await owed(pool) == 9 * 455_000


async def test_a_piece_comes_back_once_over_several_batches_and_within_one(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=3))
    within = await report(pool, a_return(line=1, quantity=2), a_return(line=2, quantity=2), a_return(line=3))
    assert len(told(within, ItemReturned)) == 2
    assert refused(within) == [("rejected", "more_than_sold")]
    assert refused(await report(pool, a_return(line=4))) == [("rejected", "more_than_sold")]
    assert await pool.fetchval("SELECT sum(taken_back) FROM sale_split") == 3
    assert await owed(pool) == 0


async def test_another_product_cannot_come_back_for_it(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    assert refused(await report(pool, a_return(sku=POUCH))) == [("conflict", "return_of_other_sku")]
    assert await owed(pool) == 455_000


async def test_nothing_comes_back_from_the_future(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    outcomes = await report(pool, a_sale(), a_return(returned_at=NOON + timedelta(minutes=6)))
    assert refused(outcomes) == [("rejected", "returned_in_the_future")]


@pytest.mark.parametrize("missing", [{"original_receipt": None}, {"original_line": None}])
async def test_a_blind_return_goes_to_a_person_with_the_sales_it_may_belong_to(
    database: Database, missing: dict[str, None]
) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, *[a_sale(line=line) for line in range(1, 8)])
    await report(pool, a_sale(line=8, sku=POUCH), a_sale(line=9, sold_at=NOON + timedelta(minutes=1)))
    await report(pool, a_return(original_line=6))
    (outcome,) = await report(pool, a_return(line=2, **missing))
    assert isinstance(outcome, Refused)
    assert isinstance(outcome.error, Rejected)
    assert outcome.error.code == "return_without_original"
    assert [(one["receipt"], one["line"]) for one in outcome.error.candidates] == [
        ("536365", line) for line in (7, 5, 4, 3, 2)
    ]
    first = outcome.error.candidates[0]
    assert first["sale_id"] == str(named_id("sale", "citos", "till-1", "536365", 7))
    assert (first["left"], first["unit_price"]) == (1, 700_000)


async def test_only_the_last_sales_of_what_sells_well_are_searched_for_a_blind_return(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim")
    await report(pool, a_sale(sold_at=NOON - timedelta(days=1)))
    await report(pool, *[a_sale(outlet="pim", line=line) for line in range(1, LOOKED_AT)])
    for found, more in ((["citos", "pim"], a_sale(outlet="pim", line=LOOKED_AT)), (["pim"], a_sale(line=9))):
        (outcome,) = await report(pool, a_return(original_receipt=None))
        assert isinstance(outcome, Refused)
        assert isinstance(outcome.error, Rejected)
        assert sorted({one["outlet"] for one in outcome.error.candidates}) == found
        await report(pool, more)


async def test_a_blind_return_moves_nothing(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(), a_return(original_receipt=None))
    assert await owed(pool) == 455_000
    assert await pool.fetchval("SELECT count(*) FROM returned") == 0


async def test_a_till_takes_back_what_another_till_of_the_outlet_sold(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(till="till-2"))
    assert refused(await report(pool, a_return(till="till-1"))) == [("not_yet", "sale_not_recorded")]
    assert len(told(await report(pool, a_return(till="till-1", original_till="till-2")), ItemReturned)) == 1


async def test_of_two_tills_with_the_same_receipt_each_means_its_own(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(till="till-1"), a_sale(till="till-2", unit_price=500_000))
    (event,) = told(await report(pool, a_return(till="till-2")), ItemReturned)
    assert event.net == 500_000
    assert refused(await report(pool, a_return(till="till-3", line=2))) == [("not_yet", "sale_not_recorded")]
    await open_outlet(pool, "pim")
    elsewhere = a_return(outlet="pim", original_outlet="citos")
    assert refused(await report(pool, elsewhere)) == [("rejected", "original_ambiguous")]


async def test_a_returned_gift_moves_stock_and_no_money(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool, listed=700_000)
    await report(pool, a_sale(unit_price=0), a_return())
    assert set((await balances(pool)).values()) == {0}
    assert await shelf(pool) == StockLine(sku=SHAWL, on_hand=0, deficit=0, in_transit=0)
