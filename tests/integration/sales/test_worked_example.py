"""The worked example of the money rules, to the rupiah: from the buyer to the maker and her lender."""

from datetime import datetime
from typing import Any

from services.sales.handlers import known
from services.sales.views import taxes
from shared.contracts.catalog import PriceChanged, PromotionScheduled
from shared.contracts.sales import ItemReturned, ItemSold
from shared.contracts.sales.taxes import GetMakerTax
from shared.db import Pool
from shared.money import apportion
from tests.integration.sales.builders import (
    ANI,
    POUCH,
    SHAWL,
    SRI,
    WATI,
    Database,
    a_product,
    a_return,
    a_sale,
    balances,
    do,
    hear,
    open_shop,
    report,
    told,
)

MORNING = datetime.fromisoformat("2026-11-21T08:00:00+07:00")


async def sell(pool: Pool, **facts: Any) -> ItemSold:
    (event,) = told(await report(pool, a_sale(**facts)), ItemSold)
    return event


def shares(event: ItemSold | ItemReturned) -> list[int]:
    """The outlet's, the programme's, and the makers' in their order."""
    return [event.outlet_share, event.programme_share, *[share.amount for share in event.shares]]


async def test_a_promotion_of_15_per_cent_rounds_down_for_everybody_but_the_makers(database: Database) -> None:
    """17,5 % and 7,5 %: 52.047 and 22.306; half up would give the outlet 52.048 and the makers 223.061."""
    pool = await database("sales")
    await open_shop(pool, outlet_bps=1750, programme_bps=750)
    await hear(pool, known.change_price, PriceChanged(sku=POUCH, price=349_900, valid_from=MORNING))
    promotion = PromotionScheduled(
        promo_id="P15",
        title="Fifteen percent",
        discount_bps=1500,
        funded_by="everyone",
        valid_from=MORNING,
        valid_to=MORNING.replace(year=2027),
    )
    await hear(pool, known.schedule_promotion, promotion)

    event = await sell(pool, sku=POUCH, unit_price=349_900, discount=52_485, promo_id="P15")

    assert event.net == 297_415
    assert shares(event) == [52_047, 22_306, 111_531, 66_919, 44_612]
    assert sum(shares(event)[2:]) == 223_062


async def test_three_makers_divide_455_000_by_largest_remainder(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await hear(pool, known.list_product, a_product("TRIO", {ANI: 1, WATI: 1, SRI: 1}, 1))
    assert shares(await sell(pool, sku="TRIO"))[2:] == [151_667, 151_667, 151_666]


async def test_three_pieces_of_a_set_are_split_one_by_one(database: Database) -> None:
    """233.334, 233.333 and 233.333 give 455.002; the total would give 455.000. Each comes back as it was sold."""
    pool = await database("sales")
    await open_shop(pool)

    event = await sell(pool, quantity=3, unit_price=233_334, discount=2)
    assert (event.net, shares(event)[2]) == (700_000, 455_002)

    back = []
    for number in range(3):
        (one,) = told(await report(pool, a_return(receipt=f"C{number}")), ItemReturned)
        back.append(shares(one)[2])
    assert back == [151_668, 151_667, 151_667]
    assert set((await balances(pool)).values()) == {0}


async def test_a_discount_on_a_receipt_is_divided_over_its_lines(database: Database) -> None:
    """As tills divide it: 50.000 over 700.000, 349.900 and 125.000. The lines cost what the receipt cost."""
    pool = await database("sales")
    await open_shop(pool)
    prices = [700_000, 349_900, 125_000]
    discounts = apportion(50_000, prices)
    assert discounts == [29_790, 14_891, 5_319]

    sales = [
        a_sale(line=line, sku=sku, unit_price=price, discount=discount)
        for line, (sku, price, discount) in enumerate(zip((SHAWL, POUCH, SHAWL), prices, discounts, strict=True), 1)
    ]
    events = told(await report(pool, *sales), ItemSold)

    assert [event.net for event in events] == [670_210, 335_009, 119_681]
    assert sum([event.net for event in events]) == sum(prices) - 50_000
    assert all(event.net == sum(shares(event)) for event in events)


async def test_the_tax_on_what_passes_500_million_is_reported_and_not_withheld(database: Database) -> None:
    pool = await database("sales")
    await open_shop(pool)
    await sell(pool, unit_price=499_800_000)
    await sell(pool, receipt="2")

    seen = await do(pool, taxes.get_maker_tax, GetMakerTax(maker_id=ANI, year=2026))

    assert (seen.turnover, seen.taxable, seen.tax) == (500_500_000, 500_000, 2_500)
    owed = -(await balances(pool))[f"maker-payable {ANI}"]
    assert owed == 499_800_000 * 65 // 100 + 455_000
