"""The worked example of the money rules, to the rupiah: from the buyer to the maker and her lender."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.sales.handlers import known, outlets
from services.sales.handlers.settlement.paying import record_paid, send_payout
from services.sales.handlers.settlement.payouts import freeze_payout
from services.sales.handlers.settlement.remittances import record_remittance
from services.sales.views import taxes
from shared.contracts.catalog import PriceChanged, PromotionScheduled, UnitsLabelled
from shared.contracts.sales import AgreeTerms, ItemReturned, ItemSold, RegisterOutlet
from shared.contracts.sales.paying import SendPayout
from shared.contracts.sales.settlement import FreezePayout, RecordPaid
from shared.contracts.sales.taxes import GetMakerTax
from shared.db import Pool
from shared.money import apportion
from tests.integration.sales.builders import (
    ANI,
    NOON,
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
    know_products,
    open_shop,
    report,
    told,
)
from tests.integration.sales.lending import figures, lend, seen
from tests.integration.sales.remitting import DECEMBER, dues, money
from tests.integration.sales.settling import BUDI, KOP, approve, freeze, order, pay, refusal

TODAY = NOON.date()
MALL, PIECE, LOAN = "mall", "2900000000017", 1_000_000
MORNING = datetime.fromisoformat("2026-11-21T08:00:00+07:00")


async def sell(pool: Pool, **facts: Any) -> ItemSold:
    (event,) = told(await report(pool, a_sale(**facts)), ItemSold)
    return event


def shares(event: ItemSold | ItemReturned) -> list[int]:
    """The outlet's, the programme's, and the makers' in their order."""
    return [event.outlet_share, event.programme_share, *[share.amount for share in event.shares]]


async def open_market(pool: Pool) -> UUID:
    """The mall keeps 25 %, Citos 15 %, the programme 10 %; makers wait for the money. Ani has a loan of 1.000.000."""
    await know_products(pool, 1)
    for code, outlet_bps in {MALL: 2500, "citos": 1500}.items():
        await do(pool, outlets.register_outlet, RegisterOutlet(code=code, name=code, place="Jakarta"))
        terms = AgreeTerms(code=code, valid_from=date(2026, 1, 1), outlet_bps=outlet_bps, programme_bps=1000)
        await do(pool, outlets.agree_terms, terms)
    loan = await lend(pool, principal=LOAN, months=1, service_fee_bps=0, floor_income=0)
    return loan.loan_id


async def books(pool: Pool) -> dict[str, int]:
    """Each account by what it is called in the example: more than 0 is owed to us, less than 0 by us."""
    found = await balances(pool)
    names = {
        "mall": f"outlet-receivable {MALL}",
        "mall's commission": f"outlet-commission {MALL}",
        "programme": "programme-share programme",
        "bank": "bank programme",
        "maker": f"maker-payable {ANI}",
        "loan": f"loan-receivable {ANI}",
        "cooperative": f"cooperative-payable {KOP}",
    }
    return {name: found.get(account, 0) for name, account in names.items()}


async def test_the_worked_example_from_the_first_sale_to_the_second_batch(database: Database) -> None:
    pool = await database("sales")
    loan_id = await open_market(pool)
    paid = await first_batch(pool)

    back = a_return(outlet=MALL, serial=PIECE, returned_at=NOON - timedelta(hours=1))
    (returned,) = told(await report(pool, back), ItemReturned)
    assert shares(returned) == [175_000, 70_000, 455_000]
    # The outlet has given 700.000 back, and gives 175.000 of commission back: its next remittance is 525.000 less.
    owes = paid | {"mall": -700_000, "mall's commission": 175_000, "programme": 0, "maker": 455_000}
    assert await books(pool) == owes
    assert (await dues(pool, MALL)).owed == -525_000
    assert await pool.fetchval("SELECT state FROM unit WHERE serial = $1", PIECE) == "at-outlet"
    assert (await seen(pool, loan_id)).repaid == 91_000

    again = await sell(pool, receipt="2", unit_price=450_000)
    assert shares(again) == [67_500, 45_000, 337_500]
    await remit_what_is_due(pool, "citos", 382_500, received_on=DECEMBER.date())

    second = await freeze(pool, now=DECEMBER)
    assert figures(second) == (337_500, 168_750, 33_750, 135_000)
    await pay(pool, second.payout_id)
    after = await books(pool)
    assert (after["maker"], after["loan"], after["cooperative"]) == (286_250, LOAN - 91_000 - 33_750, 0)
    assert after["bank"] == paid["bank"] + 382_500 - 135_000 - 33_750


async def first_batch(pool: Pool) -> dict[str, int]:
    """A sale at the mall, its remittance, a batch that pays 364.000 and repays 91.000: the books after it."""
    opened = {"mall": 0, "mall's commission": 0, "programme": 0, "bank": 0, "maker": 0, "loan": LOAN, "cooperative": 0}
    assert await books(pool) == opened

    await hear(pool, known.know_units, UnitsLabelled(sku=SHAWL, serials=[PIECE]))
    sold = await sell(pool, outlet=MALL, serial=PIECE, sold_at=NOON - timedelta(days=11))
    assert shares(sold) == [175_000, 70_000, 455_000]
    owed = opened | {"mall": 700_000, "mall's commission": -175_000, "programme": -70_000, "maker": -455_000}
    assert await books(pool) == owed

    await remit_what_is_due(pool, MALL, 525_000)
    remitted = owed | {"mall": 0, "mall's commission": 0, "bank": 525_000}
    assert await books(pool) == remitted

    batch = await freeze(pool)
    assert figures(batch) == (455_000, 0, 91_000, 364_000)
    await approve(pool, batch.payout_id)
    await order(pool, send_payout, SendPayout(payout_id=batch.payout_id), BUDI)
    on_its_way = {"maker": -364_000, "loan": LOAN - 91_000, "cooperative": -91_000}
    assert await books(pool) == remitted | on_its_way
    await order(pool, record_paid, RecordPaid(payout_id=batch.payout_id), BUDI)
    paid = remitted | {"maker": 0, "loan": LOAN - 91_000, "bank": 525_000 - 364_000 - 91_000}
    assert await books(pool) == paid
    return paid


async def test_a_return_before_the_freeze_unwinds_everything_and_nothing_is_kept_for_the_loan(
    database: Database,
) -> None:
    pool = await database("sales")
    loan_id = await open_market(pool)
    await sell(pool, outlet=MALL, sold_at=NOON - timedelta(days=11))
    await remit_what_is_due(pool, MALL, 525_000)
    await report(pool, a_return(outlet=MALL, returned_at=NOON))

    assert await refusal(pool, freeze_payout, FreezePayout(cooperative=KOP)) == "nothing_payable"
    found = await books(pool)
    assert (found["maker"], found["loan"]) == (0, LOAN)
    assert (await seen(pool, loan_id)).repaid == 0


async def remit_what_is_due(pool: Pool, code: str, amount: int, received_on: date = TODAY) -> None:
    """All that the outlet owes, which is so much."""
    assert (await dues(pool, code)).owed == amount
    sent = money(amount, code=code, received_on=received_on, through=received_on)
    recorded = await order(pool, record_remittance, sent, now=DECEMBER)
    assert (recorded.missing, recorded.on_account) == (0, 0)


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
