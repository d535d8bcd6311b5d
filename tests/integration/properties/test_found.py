"""What the properties have found, each as the shortest story that showed it."""

import asyncio
from datetime import timedelta
from typing import Any

from shared.contracts.catalog import UnitsLabelled
from shared.contracts.sales import SummariseFeed
from tests.integration.properties.invariants import check_replay
from tests.integration.properties.lab import START, WHILE, House, Lab, Sent
from tests.integration.properties.playing import Batch, Disorder, bring
from tests.integration.properties.telling import Telling
from tests.integration.properties.world import LABELLED, SHAWL, own

CITOS, PIM = ("citos", "till-1"), ("pim", "till-1")
PIECE: dict[str, Any] = {"line": 1, "sku": SHAWL, "quantity": 1, "unit_price": 700_000, "serial": LABELLED}
HOUR = timedelta(hours=1)
MORNING = START - 24 * HOUR


def a_piece_sold_twice() -> list[Sent]:
    """Sold at PIM, brought back at Citos, and sold there."""
    telling = Telling()
    first = telling.sell(PIM, MORNING, receipt="1", **PIECE)
    telling.take_back(first, CITOS, MORNING + HOUR, 1, receipt="2", serial=LABELLED)
    telling.sell(CITOS, MORNING + 2 * HOUR, receipt="3", **PIECE)
    return [sent for sent in telling.told(closings=False) if sent.sender]


def a_piece_sold_twice_and_back() -> list[Sent]:
    """Sold and voided at PIM, sold there again, and brought back at Citos."""
    telling = Telling()
    telling.void([telling.sell(PIM, MORNING, receipt="1", **PIECE)], MORNING + HOUR)
    second = telling.sell(PIM, MORNING + 2 * HOUR, receipt="2", **PIECE)
    telling.take_back(second, CITOS, MORNING + 3 * HOUR, 1, receipt="3", serial=LABELLED)
    return [sent for sent in telling.told(closings=False) if sent.sender]


async def outcome(lab: Lab, *batches: Batch) -> tuple[int, set[str]]:
    """How many sales are booked in the end, and why anything waits."""
    async with lab.house() as house:
        await bring(house, Disorder(list(batches), replicas=1))
        await house.wait(WHILE)
        sales = await house.fetch("SELECT 1 FROM sale")
        return len(sales), {code for _, _, code in await house.waits()}


def test_a_piece_sold_and_brought_back_and_sold_again_in_one_delivery_is_sold_twice(lab: Lab) -> None:
    assert lab.run(outcome(lab, a_piece_sold_twice())) == (2, set())


def test_its_second_sale_may_come_together_with_the_return(lab: Lab) -> None:
    sold, back, again = a_piece_sold_twice()
    assert lab.run(outcome(lab, [sold], [again, back])) == (2, set())


async def place_of(house: House, serial: str) -> tuple[str, set[str]]:
    (piece,) = await house.fetch("SELECT state, outlet FROM unit WHERE serial = $1", serial)
    return f"{piece['state']} {piece['outlet']}", {code for _, _, code in await house.waits()}


async def place(lab: Lab, *batches: Batch) -> tuple[str, set[str]]:
    """Where the piece is in the end, also by the log, and why anything waits."""
    async with lab.house() as house:
        await bring(house, Disorder(list(batches), replicas=1))
        await house.wait(WHILE)
        await check_replay(house)
        return await place_of(house, LABELLED)


async def place_after_label(lab: Lab, serial: str, *reports: Sent) -> tuple[str, set[str]]:
    """Everything waits, and is tried in one go when the label is told of."""
    async with lab.house() as house:
        await bring(house, Disorder([list(reports)], replicas=1))
        lab.at += timedelta(minutes=30)
        await house.hear(own(UnitsLabelled(sku=SHAWL, serials=[serial])))
        await house.wait(WHILE)
        return await place_of(house, serial)


def test_what_waited_together_is_tried_as_if_it_had_come_one_after_the_other(lab: Lab) -> None:
    telling, ours = Telling(), "2900000000017"
    telling.void([telling.sell(PIM, MORNING, receipt="1", **PIECE | {"serial": ours})], MORNING + HOUR)
    telling.sell(CITOS, MORNING + 2 * HOUR, receipt="2", **PIECE | {"serial": ours})
    first, void, second = [sent for sent in telling.told(closings=False) if sent.sender]
    assert lab.run(place_after_label(lab, ours, first, void, second)) == ("sold citos", set())
    assert lab.run(place_after_label(lab, ours, second, void, first)) == ("sold citos", set())


def test_of_two_sales_of_a_piece_in_one_delivery_only_the_later_has_it(lab: Lab) -> None:
    """The first belongs to the past: the second sale and its void are recorded, and its own void waits."""
    telling = Telling()
    for number in (1, 2):
        at = MORNING + number * HOUR
        telling.void([telling.sell(PIM, at, receipt=f"{number}", **PIECE)], at + HOUR / 2)
    telling.sell(CITOS, MORNING + 3 * HOUR, receipt="3", **PIECE)
    told = [sent for sent in telling.told(closings=False) if sent.sender]
    first, voided, second, voided_too, third = sorted(told, key=lambda sent: sent.event["time"])
    for together in ([first, third], [third, first]):
        assert lab.run(place(lab, [second, voided_too, voided], together)) == ("sold citos", set())


def test_a_line_of_a_voided_receipt_that_comes_together_with_the_next_sale_of_its_piece_is_its_past(lab: Lab) -> None:
    """The void is recorded with the other line. It must not matter which of the two sales is looked at first."""
    telling = Telling()
    first = telling.sell(PIM, MORNING, receipt="1", **PIECE)
    beside = telling.sell(PIM, MORNING, receipt="1", **PIECE | {"line": 2, "serial": None})
    telling.void([first, beside], MORNING + HOUR)
    telling.sell(CITOS, MORNING + 2 * HOUR, receipt="2", **PIECE)
    told = [sent for sent in telling.told(closings=False) if sent.sender]
    sold, other, voided, again = sorted(told, key=lambda sent: (sent.event["time"], sent.event["subject"]))
    for together in ([sold, again], [again, sold]):
        assert lab.run(place(lab, [other], [voided], together)) == ("sold citos", set())


def test_an_old_sale_that_is_told_of_late_does_not_move_its_piece(lab: Lab) -> None:
    sold, voided, again, back = a_piece_sold_twice_and_back()
    assert lab.run(place(lab, [sold, voided, again, back])) == ("at-outlet citos", set())
    assert lab.run(place(lab, [again], [back], [sold], [voided])) == ("at-outlet citos", set())
    assert lab.run(place(lab, [back, again], [voided], [sold])) == ("at-outlet citos", set())


async def count_duplicates(lab: Lab) -> tuple[int, int]:
    """Of a report that came in two deliveries: before and after the broker has brought both again, at once."""
    sold, back, _ = a_piece_sold_twice()
    deliveries = [[sold], [sold._replace(event=sold.event | {"subject": "other"})]]
    async with lab.house() as house:
        for delivery in deliveries:
            await house.counter.take(delivery)
        counts = [(await house.ask(SummariseFeed())).duplicates_ignored]
        again = [house.counter.take(delivery, again=True) for delivery in reversed(deliveries)]
        await asyncio.gather(house.counter.take([back]), *again)
        counts.append((await house.ask(SummariseFeed())).duplicates_ignored)
        return counts[0], counts[1]


def test_deliveries_that_the_broker_brings_again_together_are_counted_once(lab: Lab) -> None:
    assert lab.run(count_duplicates(lab)) == (1, 1)
