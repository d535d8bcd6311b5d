"""What came back and what was sold for it, seen together; sales at other prices, and who bears the difference."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.sales.handlers import known
from services.sales.handlers.voids import void_sale
from services.sales.views.exchanges import get_exchange, list_exchanges
from services.sales.views.variances import list_variances
from shared.contracts.catalog import PriceChanged
from shared.contracts.sales import VoidSale
from shared.contracts.sales.tills import GetExchange, ListExchanges, ListVariances
from shared.errors import Invalid, NotFound, Rejected
from tests.integration.sales.builders import (
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_return,
    a_sale,
    balances,
    do,
    hear,
    open_outlet,
    open_shop,
    report,
)


async def test_an_exchange_is_one_group_with_both_sides_and_what_the_buyer_got_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale())
    before = await balances(pool)
    await report(
        pool,
        a_return(exchange="X-1"),
        a_sale(receipt="9", sku=POUCH, unit_price=349_900, exchange="X-1"),
    )
    found = await do(pool, get_exchange, GetExchange(outlet="citos", exchange="X-1"))
    assert (found.till, found.net_returned, found.net_sold, found.net_tender) == ("till-1", 700_000, 349_900, -350_100)
    assert [(line.sku, line.net, line.outlet_share, line.voided) for line in found.returned] == [
        (SHAWL, 700_000, 175_000, False)
    ]
    assert [(line.sku, line.net, line.outlet_share) for line in found.sold] == [(POUCH, 349_900, 87_475)]
    after = await balances(pool)
    moved = {name: before.get(name, 0) - amount for name, amount in after.items()}
    assert found.outlet_share == moved["outlet-commission citos"]
    assert found.programme_share == moved["programme-share programme"]
    assert {f"maker-payable {share.maker_id}": share.amount for share in found.shares} == {
        name: amount for name, amount in moved.items() if name.startswith("maker-payable")
    }
    assert found.outlet_share + found.programme_share + sum(share.amount for share in found.shares) == -350_100


async def test_the_shares_of_a_returned_line_are_those_of_the_pieces_that_came_back(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(quantity=3, unit_price=333_333, discount=2))
    ledger: list[dict[str, int]] = [await balances(pool)]
    names = ("X-1", "X-2", "X-3")
    for name in names:
        await report(pool, a_return(receipt=name, exchange=name))
        ledger.append(await balances(pool))
    for n, name in enumerate(names):
        found = await do(pool, get_exchange, GetExchange(outlet="citos", exchange=name))
        taken = ledger[n + 1]["outlet-commission citos"] - ledger[n]["outlet-commission citos"]
        assert -found.outlet_share == taken
        assert found.net_tender == -found.net_returned
    nets = [row["net"] for row in await pool.fetch("SELECT net FROM returned ORDER BY no")]
    assert sum(nets) == 999_997
    assert len(set(nets)) == 2, "the pieces are not all alike"


async def test_a_line_that_was_taken_back_does_not_count_as_sold(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(exchange="X"), a_sale(line=2, exchange="X", sku=POUCH, unit_price=100_000))
    sale_id = await pool.fetchval("SELECT sale_id FROM sale WHERE line = 2")
    await do(pool, void_sale, VoidSale(sale_id=sale_id, reason="counted twice"))
    found = await do(pool, get_exchange, GetExchange(outlet="citos", exchange="X"))
    assert [(line.net, line.voided) for line in found.sold] == [(700_000, False), (0, True)]
    listed = await do(pool, list_exchanges, ListExchanges())
    assert [(one.net_sold, one.net_tender) for one in listed.items] == [(700_000, 700_000)]


async def test_two_tills_may_give_an_exchange_the_same_name(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await report(pool, a_sale(exchange="X"), a_sale(till="till-2", exchange="X", unit_price=1))
    with pytest.raises(Rejected, match="till-1, till-2"):
        await do(pool, get_exchange, GetExchange(outlet="citos", exchange="X"))
    found = await do(pool, get_exchange, GetExchange(outlet="citos", exchange="X", till="till-2"))
    assert found.net_sold == 1
    with pytest.raises(NotFound):
        await do(pool, get_exchange, GetExchange(outlet="citos", exchange="Y"))


async def test_exchanges_are_listed_page_by_page_each_once(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim")
    names = [f"X-{n}" for n in range(5)]
    await report(pool, *[a_sale(receipt=name, exchange=name) for name in names], a_sale(outlet="pim", exchange="X-0"))
    await report(pool, *[a_return(receipt=f"C{n}", original_receipt=n, exchange=n) for n in names[:2]])
    seen: list[tuple[str, str, int]] = []
    cursor = None
    while True:
        page = await do(pool, list_exchanges, ListExchanges(limit=2, cursor=cursor))
        seen += [(one.outlet, one.exchange, one.net_tender) for one in page.items]
        cursor = page.next
        if not cursor:
            break
    expected = [("citos", name, 0 if name in names[:2] else 700_000) for name in names]
    assert seen == [*expected, ("pim", "X-0", 700_000)]
    only = await do(pool, list_exchanges, ListExchanges(outlet="pim"))
    assert [one.outlet for one in only.items] == ["pim"]
    with pytest.raises(Invalid):
        await do(pool, list_exchanges, ListExchanges(cursor="nonsense"))


async def price(pool: Any, amount: int) -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    await hear(pool, known.change_price, PriceChanged(sku=SHAWL, price=amount, valid_from=since))


async def test_sales_at_other_prices_are_listed_with_totals_for_each_remark(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await open_outlet(pool, "pim")
    await price(pool, 700_000)
    yesterday = NOON - timedelta(days=1)
    await report(
        pool,
        a_sale(line=1),
        a_sale(line=2, unit_price=650_000),
        a_sale(line=3, unit_price=650_000, discount=50_000, quantity=2, sold_at=yesterday),
        a_sale(line=4, unit_price=800_000, outlet="pim"),
        a_sale(line=5, unit_price=600_000, promo_id="none"),
        a_sale(line=6, unit_price=1),
    )
    sale_id = await pool.fetchval("SELECT sale_id FROM sale WHERE line = 6")
    await do(pool, void_sale, VoidSale(sale_id=sale_id, reason="a slip"))
    found = await do(pool, list_variances, ListVariances())
    assert [(one.line, one.difference, one.outlet_bears, one.remarks) for one in found.items] == [
        (5, -100_000, 100_000, ["promo_unknown"]),
        (4, 100_000, 0, ["above_list_price"]),
        (3, -150_000, 150_000, ["below_list_price"]),
        (2, -50_000, 50_000, ["below_list_price"]),
    ]
    totals = {one.remark: one for one in found.totals}
    below = totals["below_list_price"]
    assert (below.lines, below.pieces, below.listed, below.net) == (2, 3, 2_100_000, 1_900_000)
    assert (below.difference, below.promo_cost, below.outlet_bears) == (-200_000, 0, 200_000)
    assert set(totals) == {"above_list_price", "below_list_price", "promo_unknown"}
    for asked, lines in (
        ({"outlet": "pim"}, [4]),
        ({"until": date(2026, 11, 20)}, [3]),
        ({"since": date(2026, 11, 21), "remark": "below_list_price"}, [2]),
        ({"limit": 1}, [5]),
    ):
        page = await do(pool, list_variances, ListVariances(**asked))
        assert [one.line for one in page.items] == lines, asked
        assert (page.next is not None) == ("limit" in asked)
