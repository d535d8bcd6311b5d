"""Scenario 17. A return after the payout and no sale for three months: a debt, no dunning, a write-off by two."""

from tests.system.scenarios.books import moved
from tests.system.scenarios.people import Json
from tests.system.scenarios.world import World, wib


async def a_debtor(world: World) -> tuple[str, str]:
    """A maker and her cooperative. She was paid for a piece that came back three months ago."""
    rusun = await world.rusun()
    maker = await world.maker(rusun)
    sku, till = await world.product(maker), await world.till("citos")
    await world.deliver("citos", {sku: 1})
    await world.report(till, till.sale("S17", sku, 700_000, wib(100, "10:00")))
    batch = await world.finance.post("/v1/payouts", {"cooperative": f"kop-{rusun}"})
    path = f"/v1/payouts/{batch['payout_id']}"
    for somebody in (world.finance, world.coordinator):
        await somebody.post(f"{path}/approvals")
    await world.finance.post(f"{path}/payment")
    await world.books.told(maker, "payout-paid", 1)
    back = till.returned("S17-R", sku, wib(92, "10:00"), original_receipt="S17", original_line=1)
    await world.report(till, back)
    return maker, f"kop-{rusun}"


async def test_her_statement_shows_it_and_nothing_else_happens(world: World) -> None:
    kinds = {name.split()[0] for name in await world.books.accounts()}
    maker, cooperative = await a_debtor(world)

    assert await world.books.owed(maker) == -525_000
    lines = [(line["kind"], line["amount"], line["balance"]) for line in await world.books.statement(maker)]
    assert lines == [("return", -525_000, -525_000), ("payout", -525_000, 0), ("sale", 525_000, 525_000)]
    assert [debt["owed"] for debt in await debts_of(world, maker)] == [525_000]
    assert (await world.finance.refused("/v1/payouts", {"cooperative": cooperative}))["code"] == "nothing_payable"
    await world.books.told(maker, "item-returned", 1)
    told = await world.coordinator.every(f"/v1/makers/{maker}/notices")
    templates = sorted(notice["template"] for notice in told)
    assert templates == ["item-returned", "item-sold", "payout-paid", "product-approved"]
    assert {name.split()[0] for name in await world.books.accounts()} == kinds | {"cooperative-payable", "bank"}


async def test_two_people_may_give_it_up(world: World) -> None:
    maker, _ = await a_debtor(world)
    before = await world.books.accounts()
    debt = {"maker_id": maker, "amount": 525_000, "reason": "she has moved away and sells nothing"}
    assert (await world.finance.refused("/v1/write-offs", debt | {"amount": 525_001}))["code"] == "more_than_owed"
    path = f"/v1/write-offs/{(await world.finance.post('/v1/write-offs', debt))['write_off_id']}"

    assert (await world.finance.post(f"{path}/approvals"))["state"] == "proposed"
    assert (await world.finance.refused(f"{path}/approvals"))["code"] == "same_person"
    assert await world.books.owed(maker) == -525_000
    assert (await world.coordinator.post(f"{path}/approvals"))["state"] == "posted"

    assert await world.books.owed(maker) == 0
    assert moved(before, await world.books.accounts()) == {
        "written-off programme": 525_000,
        f"maker-payable {maker}": -525_000,
    }
    assert await debts_of(world, maker) == []
    assert (await world.books.statement(maker))[0]["kind"] == "write-off"


async def debts_of(world: World, maker: str) -> list[Json]:
    return [debt for debt in await world.finance.every("/v1/debts") if debt["maker_id"] == maker]
