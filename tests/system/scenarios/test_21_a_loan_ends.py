"""Scenario 21. Of a loan 60.000 are left, a fifth would be 91.000: 60.000 are kept, and then nothing any more."""

from tests.system.scenarios.books import moved
from tests.system.scenarios.lending import lend, pay_out, remit
from tests.system.scenarios.world import World, wib

MALL = "mall-21"
OWED, HERS = 525_000, 455_000
"""Of 700.000 at a mall: what it remits less its 25 %, and what is the maker's after the programme's 10 %."""

ANOTHER = {"principal": 1, "months": 1, "purpose": "more wax", "service_fee_bps": 0}


async def test_the_last_of_a_loan_is_kept_and_the_next_batch_keeps_nothing(world: World) -> None:
    rusun = await world.rusun()
    maker = await world.maker(rusun)
    cooperative, loans = f"kop-{rusun}", "/v1/loans"
    sku, till = await world.product(maker), await world.till(MALL)
    await world.deliver(MALL, {sku: 2})
    loan = f"{loans}/{await lend(world, maker, 100_000, 1)}"
    assert (await world.finance.refused(loans, ANOTHER | {"maker_id": maker}))["code"] == "loan_open"
    receipt = {"amount": 40_000, "paid_on": wib(30, "10:00").date().isoformat(), "reference": "KW-1"}
    assert (await world.finance.post(f"{loan}/repayments", receipt))["outstanding"] == 60_000
    await world.report(till, till.sale("S21-1", sku, 700_000, wib(1, "10:00")))
    await remit(world, MALL, OWED, "MALL-21-1")
    before = await world.books.accounts()

    [line] = (await pay_out(world, cooperative))["lines"]

    assert (line["gross"], line["loan"], line["amount"]) == (HERS, 60_000, 395_000)
    seen = await world.finance.get(loan)
    assert (seen["state"], seen["outstanding"], seen["repaid"]) == ("closed", 0, 100_000)
    assert moved(before, await world.books.accounts()) == {
        f"maker-payable {maker}": HERS,
        f"loan-receivable {maker}": -60_000,
        f"loan-capital {cooperative}": 60_000,
        "bank programme": -HERS,
    }
    for template, times in {"loan-disbursed": 1, "loan-repaid": 2, "loan-closed": 1}.items():
        await world.books.told(maker, template, times)

    await world.report(till, till.sale("S21-2", sku, 700_000, wib(0, "00:00")))
    await remit(world, MALL, OWED, "MALL-21-2")
    [line] = (await pay_out(world, cooperative))["lines"]
    assert (line["gross"], line["loan"], line["amount"]) == (HERS, 0, HERS)
    assert await world.books.owed(maker) == 0
    assert [one["loan_id"] for one in await world.finance.every(loans, maker_id=maker)] == [seen["loan_id"]]
