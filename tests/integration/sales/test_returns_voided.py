"""A receipt that is voided takes its returns with it: the buyer has the pieces, and everybody her share, as before."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from services.sales.views.exchanges import get_exchange, list_exchanges
from services.sales.views.ledger import get_statement
from services.sales.views.sales import list_sales
from shared.contracts.sales import GetStatement, ItemSold, ListSales, ReturnVoided, SaleVoided, Share
from shared.contracts.sales.tills import GetExchange, ListExchanges
from shared.db import Pool
from shared.runtime.envelope import named_id
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_return,
    a_sale,
    a_void,
    balances,
    check_stock,
    deliver,
    do,
    open_outlet,
    open_shop,
    owed,
    refused,
    report,
    shelf,
    told,
)
from tests.integration.sales.settling import freeze, only_line, pay_out
from tests.integration.sales.till_road import Road, unit_place
from tests.integration.sales.watching import look

BACK = NOON - timedelta(minutes=30)


def an_exchange() -> list[Any]:
    """A shawl for a pouch, and that was a slip."""
    return [
        a_sale(),
        a_return(receipt="9", exchange="X-1", returned_at=BACK),
        a_sale(receipt="9", line=2, sku=POUCH, unit_price=349_900, exchange="X-1", sold_at=BACK),
        a_void(receipt="9"),
    ]


async def on_hand(pool: Pool, sku: str = SHAWL, outlet: str = "citos") -> int:
    line = await shelf(pool, sku, outlet)
    return line.on_hand - line.deficit if line else 0


async def test_a_voided_exchange_takes_both_sides_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await deliver(pool, {SHAWL: 5, POUCH: 5})
    await report(pool, a_sale())
    before = await balances(pool)
    _, back, pouch, void = an_exchange()
    await report(pool, back, pouch)
    outcomes = await report(pool, void)
    assert [(event.sku, event.net) for event in told(outcomes, SaleVoided)] == [(POUCH, 349_900)]
    assert told(outcomes, ReturnVoided) == [
        ReturnVoided(
            return_id=named_id("return", "citos", "till-1", "9", 1),
            sale_id=named_id("sale", "citos", "till-1", "536365", 1),
            outlet="citos",
            sku=SHAWL,
            quantity=1,
            net=700_000,
            outlet_share=175_000,
            programme_share=70_000,
            shares=[Share(maker_id=ANI, amount=455_000)],
            voided_at=NOON,
            original_outlet="citos",
            till="till-1",
            receipt="9",
            line=1,
            taken=[1],
        )
    ]
    after = await balances(pool)
    assert {name: amount for name, amount in after.items() if amount} == {n: a for n, a in before.items() if a}
    assert (await on_hand(pool), await on_hand(pool, POUCH)) == (4, 5)
    await check_stock(pool)
    counted = await pool.fetchrow("SELECT sum(events)::int, sum(total)::int FROM heard")
    assert tuple(counted or ()) == (4, 700_000)


async def test_a_voided_exchange_says_so_and_counts_nothing(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    sale, back, pouch, void = an_exchange()
    await report(pool, sale, back, pouch)
    asked = GetExchange(outlet="citos", exchange="X-1")
    assert (await do(pool, get_exchange, asked)).state == "valid"
    await report(pool, void)
    found = await do(pool, get_exchange, asked)
    assert (found.state, found.net_returned, found.net_sold, found.net_tender) == ("voided", 0, 0, 0)
    assert [(line.voided, line.net, line.quantity) for line in [*found.returned, *found.sold]] == [(True, 0, 1)] * 2
    assert [share.amount for share in found.shares] == [0, 0, 0]
    (listed,) = (await do(pool, list_exchanges, ListExchanges())).items
    assert (listed.net_returned, listed.net_sold, listed.net_tender) == (0, 0, 0)
    sold = (await do(pool, list_sales, ListSales(receipt="536365"))).items
    assert [(one.voided, one.returned) for one in sold] == [(False, 0)]


@pytest.mark.parametrize("order", list(permutations(range(4))))
async def test_an_exchange_and_its_void_in_any_order_give_the_same_books(
    database: Database, order: tuple[int, ...]
) -> None:
    pool = await database("sales")
    await open_shop(pool)
    road = Road(pool)
    for position in order:
        await road.bring(an_exchange()[position])
    await road.wait(timedelta(hours=1))
    await look(pool)
    await road.wait(timedelta(hours=1))
    assert await road.parked() == []
    assert {name: amount for name, amount in (await balances(pool)).items() if amount} == {
        "outlet-receivable citos": 700_000,
        "outlet-commission citos": -175_000,
        "programme-share programme": -70_000,
        f"maker-payable {ANI}": -455_000,
    }
    assert (await on_hand(pool), await on_hand(pool, POUCH)) == (-1, 0)


async def test_a_return_elsewhere_that_was_none_gives_each_outlet_what_it_had(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim")
    await report(pool, a_sale(quantity=3, unit_price=233_334, discount=2))
    before = await balances(pool)
    await report(pool, a_return(outlet="pim", original_outlet="citos", original_till="till-1", returned_at=BACK))
    await report(pool, a_void(outlet="pim", receipt="C536379"))
    assert {n: a for n, a in (await balances(pool)).items() if a} == {n: a for n, a in before.items() if a}
    assert (await on_hand(pool), await on_hand(pool, outlet="pim")) == (-3, 0)
    statement = await do(pool, get_statement, GetStatement(maker_id=ANI))
    assert [(line.kind, line.amount, line.quantity, line.net) for line in statement.items] == [
        ("void", 151_668, 1, 233_334),
        ("return", -151_668, 1, 233_334),
        ("sale", 455_002, 3, 700_000),
    ]


async def test_what_did_not_come_back_can_come_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    road = Road(pool)
    await road.bring(a_sale(), a_return(returned_at=BACK), a_return(receipt="C2"))
    assert [code for _, code, _ in await road.parked()] == ["more_than_sold"]
    await road.bring(a_void(receipt="C536379"))
    await road.wait()
    assert await road.parked() == []
    assert await owed(pool) == 0


async def test_a_piece_whose_return_was_none_is_sold_and_comes_back_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(serial="A1"), a_return(serial="A1", returned_at=BACK))
    assert await unit_place(pool, "citos/A1") == ("at-outlet", "citos")
    await report(pool, a_void(receipt="C536379"))
    assert await unit_place(pool, "citos/A1") == ("sold", "citos")
    assert refused(await report(pool, a_sale(receipt="7", serial="A1"))) == [("conflict", "serial_already_sold")]
    await report(pool, a_return(receipt="C2", serial="A1"))
    assert await unit_place(pool, "citos/A1") == ("at-outlet", "citos")


async def test_a_void_waits_while_the_piece_is_sold_to_somebody_else(database: Database) -> None:
    """No piece is paid for twice: a person finds out which buyer has it."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(serial="A1"), a_return(serial="A1", returned_at=BACK))
    again = await report(pool, a_sale(receipt="7", serial="A1", sold_at=BACK + timedelta(minutes=1)))
    assert len(told(again, ItemSold)) == 1
    assert refused(await report(pool, a_void(receipt="C536379"))) == [("not_yet", "piece_moved_on")]
    await report(pool, a_void(receipt="7"))
    assert len(told(await report(pool, a_void(receipt="C536379")), ReturnVoided)) == 1
    assert await unit_place(pool, "citos/A1") == ("sold", "citos")
    assert await owed(pool) == 455_000


async def test_of_a_sale_that_was_taken_back_whole_nothing_is_sold_again(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=2), a_return(returned_at=BACK))
    await report(pool, a_void())
    (event,) = told(await report(pool, a_void(receipt="C536379")), ReturnVoided)
    assert (event.quantity, event.net) == (0, 0)
    assert set((await balances(pool)).values()) == {0}
    assert await on_hand(pool) == 0


async def test_a_return_of_the_voided_receipt_itself_is_taken_back_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=2), a_return(receipt="536365", line=2, returned_at=BACK))
    await report(pool, a_void())
    assert set((await balances(pool)).values()) == {0}
    assert await on_hand(pool) == 0
    await check_stock(pool)


async def test_a_return_that_was_voided_after_it_was_kept_back_is_earned_anew(database: Database) -> None:
    """What is left of the debt is kept back of it as of any other earning, never more than half."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    await pay_out(pool)
    await report(pool, a_return(), a_sale(line=2, unit_price=450_000))
    await pay_out(pool)
    await report(pool, a_void(receipt="C536379"))
    assert only_line(await freeze(pool)) == (455_000, 308_750, 227_500, 227_500)


async def test_a_return_that_was_voided_before_it_was_kept_back_changes_no_batch(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    await pay_out(pool)
    await report(pool, a_return(), a_sale(line=2, unit_price=450_000), a_void(receipt="C536379"))
    assert only_line(await freeze(pool)) == (292_500, 0, 0, 292_500)
