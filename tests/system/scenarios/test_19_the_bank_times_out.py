"""Scenario 19. The bank does not answer for one row: it is held, running the batch again pays nothing twice."""

from tests.system.scenarios.books import moved
from tests.system.scenarios.paying import HERS, has_account, hear, rows_of, sellers, send, table
from tests.system.scenarios.people import Json
from tests.system.scenarios.world import World


async def test_what_nobody_knows_of_is_held_until_the_bank_confirms_it(world: World) -> None:
    rusun = await world.rusun()
    cooperative = f"kop-{rusun}"
    ani, wati = await sellers(world, rusun, ["S19-A", "S19-B"])
    await has_account(world, cooperative)
    before = await world.books.accounts()
    path = await send(world, cooperative)
    rows = await rows_of(world, path)
    *lines, total = await table(world, f"{path}/bank.csv")
    assert sorted(line["payee"] for line in lines) == sorted([ani, wati])
    assert (total["attempt_key"], total["amount"]) == ("2", str(2 * HERS))

    heard = await hear(world, path, unknown=rows[ani])

    assert (heard["state"], [one["state"] for one in heard["results"]]) == ("sent", ["held"])
    await run_again(world, path, cooperative, ani, wati)
    assert (await world.books.owed(ani), await world.books.owed(wati)) == (HERS, 0)
    await confirm_twice(world, path, rows[ani])

    contrary = {"results": [{"attempt_key": rows[ani]["attempt_key"], "outcome": "failed"}]}
    problem = await world.finance.refused(f"{path}/results", contrary)
    assert (problem["code"], problem["errors"][0]["field"]) == ("results_refused", "results.0")
    assert moved(before, await world.books.accounts()) == {
        f"maker-payable {ani}": HERS,
        f"maker-payable {wati}": HERS,
        "bank programme": -2 * HERS,
    }
    for maker in (ani, wati):
        await world.books.told(maker, "payout-paid", 1)
        assert await world.books.notices(maker, "payout-failed") == []


async def run_again(world: World, path: str, cooperative: str, ani: str, wati: str) -> None:
    """The operator does it in every way there is: only Wati, of whom nothing is known, is paid."""
    assert (await world.finance.refused(f"{path}/sending"))["code"] == "payout_sent"
    assert [line["payee"] for line in await table(world, f"{path}/bank.csv")] == [wati, ""]
    again = await world.finance.post(f"{path}/payment")
    assert (again["state"], {row["maker_id"]: row["state"] for row in again["rows"]}) == (
        "partly_paid",
        {ani: "held", wati: "paid"},
    )
    assert (await world.finance.refused(f"{path}/payment"))["code"] == "nothing_pending"
    assert (await world.finance.refused(f"{path}/retries", {"maker_ids": [ani]}))["code"] == "row_not_failed"
    frozen = await world.finance.refused("/v1/payouts", {"cooperative": cooperative})
    assert frozen["code"] == "nothing_payable"
    assert len(await table(world, f"{path}/bank.csv")) == 1


async def confirm_twice(world: World, path: str, row: Json) -> None:
    """Days later the bank's file says that it was paid after all; somebody hands it in twice."""
    file = f"attempt_key,amount,outcome\n{row['attempt_key']},{HERS},paid\nTOTAL,{HERS},\n".encode()
    for news in (True, False):
        booked = await world.finance.upload(f"{path}/results.csv", file, "text/csv")
        assert (booked["state"], [one["news"] for one in booked["results"]]) == ("paid", [news])
