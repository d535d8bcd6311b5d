"""Scenario 20. An account is closed: that line is owed again and paid under a new key, the others and the loan stay."""

from tests.system.scenarios.books import moved
from tests.system.scenarios.lending import lend, remit
from tests.system.scenarios.paying import has_account, hear, rows_of, send, table
from tests.system.scenarios.people import Json
from tests.system.scenarios.world import World, wib

MALL = "mall-20"
OWED, HERS = 525_000, 455_000
"""Of 700.000 at a mall: what it remits, and what is the maker's."""

KEPT = 91_000
"""A fifth of it goes into her loan."""


async def test_a_bounced_line_is_paid_under_a_new_key_and_its_loan_is_not_kept_again(world: World) -> None:
    rusun = await world.rusun()
    cooperative = f"kop-{rusun}"
    ani, wati = await two_sellers(world, rusun)
    await has_account(world, cooperative)
    loan = f"/v1/loans/{await lend(world, ani, 500_000, 1)}"
    before = await world.books.accounts()

    path = await send(world, cooperative)

    rows = await rows_of(world, path)
    assert {payee: row["amount"] for payee, row in rows.items()} == {ani: HERS - KEPT, wati: HERS, cooperative: KEPT}
    assert (await world.finance.get(loan))["repaid"] == KEPT
    await check_cooperatives_file(world, path, ani, wati)

    heard = await hear(world, path, failed=rows[ani], paid=rows[wati])

    assert heard["state"] == "partly_paid"
    assert (await world.books.owed(ani), await world.books.owed(wati)) == (HERS - KEPT, 0)
    assert (await world.finance.refused("/v1/payouts", {"cooperative": cooperative}))["code"] == "nothing_payable"
    await world.books.told(ani, "payout-failed", 1)

    await try_again(world, path, rows[ani], rows[cooperative])
    assert (await world.finance.post(f"{path}/payment"))["state"] == "paid"

    assert moved(before, await world.books.accounts()) == {
        f"maker-payable {ani}": HERS,
        f"maker-payable {wati}": HERS,
        f"loan-receivable {ani}": -KEPT,
        f"loan-capital {cooperative}": KEPT,
        "bank programme": -2 * HERS,
    }
    seen = await world.finance.get(loan)
    assert (seen["repaid"], len(seen["repayments"])) == (KEPT, 1)
    for maker in (ani, wati):
        await world.books.told(maker, "payout-paid", 1)
    kinds = [line["kind"] for line in await world.books.statement(ani)]
    assert kinds == ["payout", "repayment", "sale"]


async def two_sellers(world: World, rusun: str) -> tuple[str, str]:
    """Each has sold a piece that its outlet has remitted; their ids."""
    ani, wati = await world.maker(rusun), await world.maker(rusun)
    till = await world.till(MALL)
    for maker, receipt in ((ani, "S20-A"), (wati, "S20-B")):
        sku = await world.product(maker)
        await world.deliver(MALL, {sku: 1})
        await world.report(till, till.sale(receipt, sku, 700_000, wib(1, "10:00")))
    await remit(world, MALL, 2 * OWED, "MALL-20")
    return ani, wati


async def check_cooperatives_file(world: World, path: str, ani: str, wati: str) -> None:
    """It names the makers and ties out."""
    names = await table(world, f"{path}/cooperative.csv")
    assert {row["maker_id"]: (row["name"], row["loan"], row["amount"]) for row in names} == {
        ani: ("Ibu Contoh", str(KEPT), str(HERS - KEPT)),
        wati: ("Ibu Contoh", "0", str(HERS)),
        "2": ("", str(KEPT), str(2 * HERS - KEPT)),
    }


async def try_again(world: World, path: str, bounced: Json, lender: Json) -> None:
    """The line is pending under a new key, which is in the bank's file; the old one is over."""
    await world.finance.post(f"{path}/retries", {"maker_ids": [bounced["maker_id"]]})
    again = (await rows_of(world, path))[bounced["maker_id"]]
    assert (again["state"], again["attempt"]) == ("pending", 2)
    assert again["attempt_key"] != bounced["attempt_key"]
    *lines, total = await table(world, f"{path}/bank.csv")
    assert {line["payee"]: line["attempt_key"] for line in lines} == {
        bounced["maker_id"]: again["attempt_key"],
        lender["lender"]: lender["attempt_key"],
    }
    assert total["amount"] == str(HERS)
    late = {"results": [{"attempt_key": bounced["attempt_key"], "outcome": "paid"}]}
    assert (await world.finance.refused(f"{path}/results", late))["code"] == "results_refused"
