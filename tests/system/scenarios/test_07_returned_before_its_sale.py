"""Scenario 7. A return before its sale waits, and is applied after it; after three days it is a coordinator's task.

A process cannot be told that three days have passed: that part is held with a clock that can be moved, in
tests/integration/sales/test_waiting_returns.py.
"""

from tests.system.conftest import until
from tests.system.scenarios.world import World, wib


async def test_it_waits_for_the_sale_and_is_applied_by_itself(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker), await world.till("citos")
    await world.deliver("citos", {sku: 3})
    before = await world.books.accounts()

    back = till.returned("S07-R", sku, wib(1, "17:00"), original_receipt="S07", original_line=1)
    await world.report(till, back)

    subject = f"citos/{till.name}/S07-R/1"
    waiting = await world.books.parked(subject, "sale_not_recorded")
    assert (waiting["state"], waiting["kind"]) == ("waiting", "not_yet")
    assert waiting["next_try_at"] is not None
    assert await world.books.accounts() == before

    await world.report(till, till.sale("S07", sku, 700_000, wib(1, "16:00")))

    async def is_back() -> bool:
        return bool((await world.books.sale(outlet="citos", receipt="S07"))["returned"] == 1)

    await until(is_back, "the return is applied", 60)
    assert await world.books.owed(maker) == 0
    assert [line["kind"] for line in await world.books.statement(maker)] == ["return", "sale"]
    assert await world.books.on_hand("citos", sku) == 3
    assert await world.books.accounts() == before | {f"maker-payable {maker}": 0}
    settled = await world.books.parked(subject, "sale_not_recorded", "redriven")
    assert settled["history"][-1]["outcome"] == "handled"
