"""Scenario 27. A maker moves on the 15th: what was sold before stays with the old rusun and its cooperative."""

from datetime import date, datetime, time, timedelta

from tests.system.conftest import until
from tests.system.scenarios.books import moved
from tests.system.scenarios.lending import lend, pay_out, remit
from tests.system.scenarios.people import Json
from tests.system.scenarios.tills import Till
from tests.system.scenarios.world import JAKARTA, World, today

HERS = 525_000
"""Of 700.000 at Citos: 15 % are the outlet's, 10 % the programme's."""

NIK = "3175074508270027"


def the_fifteenth() -> date:
    """The last one that is some days ago."""
    day = today() - timedelta(days=3)
    while day.day != 15:
        day -= timedelta(days=1)
    return day


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), JAKARTA)


async def a_participant(world: World, rusun: str) -> str:
    """Registered from a list of participants, with her NIK; her id."""
    listed = f"Nama;No HP;Blok;Unit;NIK;Sejak;Persetujuan\nIbu Dua Tujuh;0813 2700 2700;A;27;{NIK};1/1/2020;kabar\n"
    for dry_run, maker in (("true", False), ("false", True)):
        report = await world.coordinator.upload(
            "/v1/makers/import", listed.encode(), "text/csv", rusun=rusun, dry_run=dry_run
        )
        [line] = report["lines"]
        assert (line["outcome"], line["errors"], bool(line["maker_id"])) == ("registered", [], maker)
    return str(line["maker_id"])


async def pay(world: World, cooperative: str) -> Json:
    """The lines of a batch that two have agreed to, and that is paid."""
    batch: Json = await world.finance.post("/v1/payouts", {"cooperative": cooperative})
    path = f"/v1/payouts/{batch['payout_id']}"
    for somebody in (world.finance, world.coordinator):
        await somebody.post(f"{path}/approvals")
    paid: Json = await world.finance.post(f"{path}/payment")
    return paid


async def sell(world: World, till: Till, sku: str, *moments: datetime) -> None:
    await world.report(till, *[till.sale(f"S27-{moment:%d-%H%M%S}", sku, 700_000, moment) for moment in moments])


async def earned(world: World, *rusun: str) -> list[int]:
    """By rusun, over all time."""
    found = {one["rusun"]: one["amount"] for one in (await world.books.feed())["earned_by_rusun"]}
    return [found.get(code, 0) for code in rusun]


async def living_in(world: World, rusun: str, day: date) -> list[str]:
    found = await world.coordinator.every("/v1/makers", rusun=rusun, at=day.isoformat())
    return [maker["maker_id"] for maker in found]


async def test_each_cooperative_pays_for_its_days_and_both_rusun_tie_out(world: World) -> None:
    old, new = await world.rusun(), await world.rusun()
    moving = the_fifteenth()
    maker = await a_participant(world, old)
    before = await world.coordinator.get(f"/v1/makers/{maker}")
    sku, till = await world.product(maker), await world.till("citos")
    await world.deliver("citos", {sku: 10})
    await sell(world, till, sku, at(moving - timedelta(days=1), "23:59:59"))
    await sell(world, till, sku, at(moving, "00:00:00"), at(moving + timedelta(days=1), "10:00"))

    # The news comes after all of these sales.
    home = {"rusun": new, "block": "D", "unit": "4", "since": moving.isoformat()}
    homes = await world.coordinator.post(f"/v1/makers/{maker}/moves", home)

    async def known_to_sales() -> bool:
        return await earned(world, old, new) == [HERS, 2 * HERS]

    await until(known_to_sales, "the move")
    assert [(one["rusun"], one["until"]) for one in homes["items"]] == [(old, moving.isoformat()), (new, None)]
    assert await world.coordinator.get(f"/v1/makers/{maker}/homes") == homes
    first, second = await pay(world, f"kop-{old}"), await pay(world, f"kop-{new}")
    assert (first["total"], second["total"]) == (HERS, 2 * HERS)
    assert [line["maker_id"] for line in first["lines"] + second["lines"]] == [maker, maker]

    # A sale of before that a till tells of only now is the old cooperative's too.
    await sell(world, till, sku, at(moving - timedelta(days=2), "10:00"))
    assert (await pay(world, f"kop-{old}"))["total"] == HERS
    assert (await world.finance.refused("/v1/payouts", {"cooperative": f"kop-{new}"}))["code"] == "nothing_payable"
    assert await world.books.owed(maker) == 0
    assert await earned(world, old, new) == [2 * HERS, 2 * HERS]
    assert await living_in(world, old, moving - timedelta(days=1)) == await living_in(world, new, moving) == [maker]
    assert await living_in(world, old, moving) == await living_in(world, new, moving - timedelta(days=1)) == []
    after = await world.coordinator.get(f"/v1/makers/{maker}")
    assert before["nik"] == after["nik"] == f"{'*' * 12}{NIK[-4:]}"
    assert {old, new} <= {one["code"] for one in await world.coordinator.every("/v1/rusun")}


async def test_her_loan_stays_with_the_cooperative_that_lent_and_is_kept_back_by_the_other(world: World) -> None:
    old, new = await world.rusun(), await world.rusun()
    lender, hers = f"kop-{old}", 455_000
    moving = the_fifteenth()
    maker = await world.maker(old)
    sku, till = await world.product(maker), await world.till("mall-27")
    await world.deliver("mall-27", {sku: 2})
    loan_id = await lend(world, maker, 1_000_000, 10, moving - timedelta(days=5))
    home = {"rusun": new, "block": "D", "unit": "4", "since": moving.isoformat()}
    await world.coordinator.post(f"/v1/makers/{maker}/moves", home)
    await sell(world, till, sku, at(moving - timedelta(days=1), "10:00"), at(moving, "10:00"))
    await until(lambda: moved_in_sales(world, old, new, hers), "the move")
    await remit(world, "mall-27", 2 * 525_000, "MALL-27")
    before = await world.books.accounts()

    first, second = await pay_out(world, f"kop-{new}"), await pay_out(world, lender)

    assert [(line["gross"], line["loan"]) for line in first["lines"]] == [(hers, 91_000)]
    assert [(line["gross"], line["loan"]) for line in second["lines"]] == [(hers, 9_000)], "100.000 are due"
    assert [(row["lender"], row["amount"], row["state"]) for row in first["rows"] if row["lender"]] == [
        (lender, 91_000, "paid")
    ]
    loan = await world.finance.get(f"/v1/loans/{loan_id}")
    assert (loan["lender"], loan["repaid"], loan["outstanding"], loan["due"]) == (lender, 100_000, 900_000, 0)
    assert [one["payout_id"] for one in loan["repayments"]] == [first["payout_id"], second["payout_id"]]
    assert await world.finance.every("/v1/loans", cooperative=f"kop-{new}") == []
    assert [one["loan_id"] for one in await world.finance.every("/v1/loans", cooperative=lender)] == [loan_id]
    assert moved(before, await world.books.accounts()) == {
        f"maker-payable {maker}": 2 * hers,
        f"loan-receivable {maker}": -100_000,
        f"loan-capital {lender}": 100_000,
        "bank programme": -2 * hers,
    }
    assert await earned(world, old, new) == [hers, hers]


async def moved_in_sales(world: World, old: str, new: str, hers: int) -> bool:
    return await earned(world, old, new) == [hers, hers]
