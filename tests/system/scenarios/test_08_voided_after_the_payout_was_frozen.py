"""Scenario 8. A void after the payout was frozen: a reversal in the next batch, the frozen one is not edited."""

from tests.system.scenarios.people import Json
from tests.system.scenarios.world import World, wib


async def test_the_frozen_batch_stays_and_the_next_one_takes_it_back(world: World) -> None:
    rusun = await world.rusun()
    maker = await world.maker(rusun)
    sku, till = await world.product(maker), await world.till("citos")
    await world.deliver("citos", {sku: 5})
    await world.report(till, till.sale("S08", sku, 700_000, wib(2, "10:00")))
    frozen = await world.finance.post("/v1/payouts", {"cooperative": f"kop-{rusun}"})
    [line] = frozen["lines"]
    assert figures(line) == (525_000, 0, 0, 525_000)

    await world.report(till, till.void("S08", wib(2, "10:05")))

    assert (await world.books.sale(outlet="citos", receipt="S08"))["voided"]
    assert await world.books.owed(maker) == 0
    seen = await world.finance.get(f"/v1/payouts/{frozen['payout_id']}")
    assert (seen["state"], seen["lines"]) == ("frozen", [line])
    await pay(world, frozen)
    assert await world.books.owed(maker) == -525_000

    await world.report(till, till.sale("S08-B", sku, 700_000, wib(1, "10:00")))
    following = await world.finance.post("/v1/payouts", {"cooperative": f"kop-{rusun}"})

    [second] = following["lines"]
    assert figures(second) == (525_000, 525_000, 262_500, 262_500)
    items = (await world.finance.get(f"/v1/payouts/{following['payout_id']}/lines/{maker}"))["items"]
    assert [(item["kind"], item["receipt"], item["amount"], item["earned"]) for item in items] == [
        ("void", "S08", -525_000, False),
        ("sale", "S08-B", 525_000, True),
    ]
    await pay(world, following)
    assert await world.books.owed(maker) == -262_500
    kinds = [line["kind"] for line in await world.books.statement(maker)]
    assert kinds == ["payout", "sale", "payout", "void", "sale"]
    assert (await world.finance.get(f"/v1/payouts/{frozen['payout_id']}"))["lines"] == [line]
    assert (await world.books.accounts())[f"cooperative-payable kop-{rusun}"] == 0
    rows = [row for batch in (frozen, following) for row in await paid_rows(world, batch)]
    assert [row["amount"] for row in rows] == [525_000, 262_500]


async def paid_rows(world: World, batch: Json) -> list[Json]:
    seen = await world.finance.get(f"/v1/payouts/{batch['payout_id']}")
    return [row for row in seen["rows"] if row["state"] == "paid"]


def figures(line: Json) -> tuple[int, int, int, int]:
    return line["gross"], line["debt"], line["recovery"], line["amount"]


async def pay(world: World, batch: Json) -> None:
    """Two people agree to it, then it is paid. One alone is not enough."""
    path = f"/v1/payouts/{batch['payout_id']}"
    assert (await world.finance.post(f"{path}/approvals"))["state"] == "frozen"
    assert (await world.finance.refused(f"{path}/approvals"))["code"] == "same_person"
    assert (await world.finance.refused(f"{path}/payment"))["code"] == "payout_frozen"
    assert (await world.coordinator.post(f"{path}/approvals"))["state"] == "approved"
    assert (await world.finance.post(f"{path}/payment"))["state"] == "paid"
