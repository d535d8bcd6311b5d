"""What is parked, settled and repeated is counted by its reason."""

import asyncio

from prometheus_client import REGISTRY

from shared.contracts.operations import ChooseParked
from shared.runtime.envelope import Arrival
from shared.runtime.tally import add_duplicates
from tests.conftest import OpenDatabase
from tests.integration.runtime.desk import Desk, a_sale

SALE = "outlet.SaleReported.v1"


def count(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, {"service": "probe", **labels}) or 0.0


async def test_duplicates_are_counted_by_who_knew_them(desk: Desk) -> None:
    name = "karya_inbox_duplicates_total"
    before = [count(name, type=SALE, reason=reason) for reason in ("event_id", "same_line")]

    await desk.bring(a_sale(1), a_sale(2, receipt="known"))
    await desk.bring(a_sale(1), a_sale(1), arrival=Arrival(8))

    after = [count(name, type=SALE, reason=reason) for reason in ("event_id", "same_line")]
    assert [b - a for a, b in zip(before, after, strict=True)] == [2, 1]


async def test_a_message_is_counted_when_it_is_parked_when_it_needs_a_person_and_when_it_is_settled(desk: Desk) -> None:
    labels = {"type": SALE, "kind": "not_yet", "code": "sku_unknown"}

    def counts() -> list[float]:
        parked = [count("karya_parked_total", state=state, **labels) for state in ("waiting", "person")]
        return [*parked, count("karya_parked_resolved_total", act="chosen")]

    before = counts()
    await desk.bring(a_sale(sku="SOON"))
    await desk.wait(minutes=10)
    one = await desk.only()
    await desk.ask(ChooseParked(parked_id=one.parked_id, right="recorded", reason="a test sale"))

    assert [b - a for a, b in zip(before, counts(), strict=True)] == [1, 1, 1]


async def test_however_many_arrivals_brought_duplicates_they_are_counted_at_once(database: OpenDatabase) -> None:
    pool, asked = await database("probe"), list[object]()
    first = [(SALE, Arrival(key, traceparent="one")) for key in range(100)]
    again = [(SALE, Arrival(key)) for key in range(100)]
    more = [(SALE, Arrival(7, traceparent="two")), (SALE, Arrival(7, again=True)), (SALE, Arrival(900, again=True))]
    async with pool.acquire() as tx, tx.transaction():
        await add_duplicates(tx, first)
        tx.add_query_logger(asked.append)
        await add_duplicates(tx, [*again, *more])
        await asyncio.sleep(0)  # the driver tells its loggers a moment later
        counted = {row["arrival"]: row["n"] for row in await tx.fetch("SELECT arrival, n FROM tally")}
    assert counted == dict.fromkeys(range(100), 2) | {7: 3, 900: 1}
    assert len(asked) < 10
