"""A maker's account as she reads it: each line with its receipt, its pieces, what was taken off, and the balance."""

from datetime import timedelta

from shared.contracts.sales import StatementLine
from shared.runtime.envelope import named_id
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
    open_shop,
    report,
)
from tests.integration.sales.settling import pay_out, statement, void, write_off


async def test_a_line_says_which_pieces_by_which_receipt_and_why_this_amount(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=2, discount=100_000, till="till-2", line=4))
    (line,) = (await statement(pool)).items
    assert line == StatementLine(
        at=NOON - timedelta(hours=1),
        kind="sale",
        amount=845_000,
        balance=845_000,
        sale_id=named_id("sale", "citos", "till-2", "536365", 4),
        outlet="citos",
        till="till-2",
        receipt="536365",
        line=4,
        sku=SHAWL,
        quantity=2,
        unit_price=700_000,
        discount=100_000,
        net=1_300_000,
        outlet_share=325_000,
        programme_share=130_000,
        entry=line.entry,
        recorded_at=line.recorded_at,
        title="Made by hand",
        co_makers_share=0,
        waits="payable",
        waiting_amount=845_000,
    )
    assert line.entry > 0
    assert line.recorded_at is not None


async def test_pieces_that_came_back_are_the_ones_that_her_account_gives_back(database: Database) -> None:
    """Three pieces for Rp700.000: the first gave a rupiah more to the maker than the others."""
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=3, unit_price=233_334, discount=2))
    await report(pool, a_return(receipt="C1"), a_return(receipt="C2"))
    await void(pool)
    seen = [
        (line.kind, line.quantity, line.net, line.outlet_share, line.programme_share, line.amount)
        for line in (await statement(pool)).items
    ]
    assert seen == [
        ("void", 1, 233_333, 58_333, 23_333, -151_667),
        ("return", 1, 233_333, 58_333, 23_333, -151_667),
        ("return", 1, 233_334, 58_333, 23_333, -151_668),
        ("sale", 3, 700_000, 174_999, 69_999, 455_002),
    ]
    for line in (await statement(pool)).items:
        assert line.quantity and line.unit_price and line.net
        assert line.discount == line.quantity * line.unit_price - line.net
        assert abs(line.amount) == line.net - (line.outlet_share or 0) - (line.programme_share or 0)


async def test_co_makers_see_the_same_pieces_and_each_her_own_amount(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(sku=POUCH, unit_price=100_000))
    lines = [(await statement(pool, maker)).items[0] for maker in (ANI, WATI, SRI)]
    assert [line.amount for line in lines] == [32_500, 19_500, 13_000]
    assert {(line.net, line.outlet_share, line.programme_share) for line in lines} == {(100_000, 25_000, 10_000)}
    assert sum(line.amount for line in lines) == 65_000
    assert [line.co_makers_share for line in lines] == [32_500, 45_500, 52_000]


async def test_every_kind_of_entry_is_shown_and_the_balance_runs_through_all_pages(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(), a_sale(receipt="536366"))
    paid = await pay_out(pool)
    await report(pool, a_return())
    await void(pool, "536366")
    await write_off(pool, 10_000)
    seen: list[StatementLine] = []
    cursor = None
    while True:
        page = await statement(pool, limit=2, cursor=cursor)
        assert page.balance == -900_000
        seen, cursor = [*seen, *page.items], page.next
        if cursor is None:
            break
    assert [(line.kind, line.amount, line.balance) for line in seen] == [
        ("write-off", 10_000, -900_000),
        ("void", -455_000, -910_000),
        ("return", -455_000, -455_000),
        ("payout", -910_000, 0),
        ("sale", 455_000, 910_000),
        ("sale", 455_000, 455_000),
    ]
    assert (seen[3].payout_id, seen[3].at, seen[3].receipt, seen[3].quantity) == (paid.payout_id, NOON, None, None)
    assert seen[0].write_off_id is not None
