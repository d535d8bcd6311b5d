"""What promotions cost is in the report of other prices, beside what outlets bear."""

from typing import Any

from services.sales.views.variances import list_variances
from shared.contracts.sales.tills import ListVariances, Variances
from shared.db import Pool
from tests.integration.sales.builders import NOON, Database, a_return, a_sale, a_void, do, report
from tests.integration.sales.test_prices import open_priced_shop, promote


async def listed(pool: Pool, **asked: Any) -> Variances:
    return await do(pool, list_variances, ListVariances(**asked))


async def test_a_sale_at_a_promotions_price_is_listed_with_what_the_promotion_cost(database: Database) -> None:
    pool = await database("sales")
    await open_priced_shop(pool)
    await promote(pool)
    await report(
        pool,
        a_sale(line=1, unit_price=650_000, promo_id="P1"),
        a_sale(line=2, unit_price=600_000, promo_id="P1"),
        a_sale(line=3, unit_price=600_000),
        a_sale(line=4, sold_at=NOON),
    )

    found = await listed(pool)

    assert [(one.line, one.promo_cost, one.outlet_bears, one.remarks) for one in found.items] == [
        (3, 0, 100_000, ["below_list_price"]),
        (2, 70_000, 30_000, ["promo_exceeded", "promo_given"]),
        (1, 50_000, 0, ["promo_given"]),
    ]
    given = {total.remark: total for total in found.totals}["promo_given"]
    assert (given.lines, given.difference, given.promo_cost, given.outlet_bears) == (2, -150_000, 120_000, 30_000)
    assert [one.line for one in (await listed(pool, remark="promo_given")).items] == [2, 1]
    assert [one.line for one in (await listed(pool, remark="below_list_price")).items] == [3]


async def test_what_came_back_is_borne_by_nobody(database: Database) -> None:
    pool = await database("sales")
    await open_priced_shop(pool)
    await promote(pool)
    await report(
        pool,
        a_sale(line=1, unit_price=650_000, quantity=3),
        a_sale(line=2, unit_price=600_000, quantity=2, promo_id="P1"),
        a_sale(line=3, unit_price=600_000),
        a_sale(receipt="7", unit_price=600_000),
        a_return(receipt="R1", original_line=1),
        a_return(receipt="R2", original_line=2),
        a_return(receipt="R3", original_line=3),
        a_void(receipt="7"),
    )

    found = await listed(pool)

    assert [(one.line, one.quantity, one.returned, one.net, one.difference) for one in found.items] == [
        (2, 2, 1, 600_000, -100_000),
        (1, 3, 1, 1_300_000, -100_000),
    ]
    assert [(one.promo_cost, one.outlet_bears) for one in found.items] == [(70_000, 30_000), (0, 100_000)]
    below = {total.remark: total for total in found.totals}["below_list_price"]
    assert (below.lines, below.pieces, below.listed, below.outlet_bears) == (1, 2, 1_400_000, 100_000)


async def test_pieces_that_cost_a_rupiah_more_or_less_are_told_apart(database: Database) -> None:
    pool = await database("sales")
    await open_priced_shop(pool)
    await promote(pool)
    odd = {"quantity": 3, "unit_price": 700_000, "promo_id": "P1"}
    await report(pool, a_sale(line=1, discount=100_001, **odd), a_sale(line=2, discount=300_001, **odd))
    before = {one.line: (one.promo_cost, one.outlet_bears) for one in (await listed(pool)).items}
    assert before == {1: (100_001, 0), 2: (210_000, 90_001)}

    await report(pool, *[a_return(receipt=f"R{n}", original_line=n, quantity=2) for n in (1, 2)])

    left = {one.line: (one.net, one.promo_cost, one.outlet_bears) for one in (await listed(pool)).items}
    assert left == {1: (666_666, 33_334, 0), 2: (599_999, 70_000, 30_001)}
