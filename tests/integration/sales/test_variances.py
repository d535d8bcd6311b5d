"""What promotions cost is in the report of other prices, beside what outlets bear."""

from typing import Any

from services.sales.views.variances import list_variances
from shared.contracts.sales.tills import ListVariances, Variances
from shared.db import Pool
from tests.integration.sales.builders import NOON, Database, a_sale, do, report
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
