"""Scenario 9. An offline till uploads 3 days of 412 events shuffled, twice: its totals tie out; a gap is named."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from tests.system.conftest import until
from tests.system.scenarios.hearing import listening
from tests.system.scenarios.people import Json
from tests.system.scenarios.tills import Till
from tests.system.scenarios.world import World, wib

EVENTS, TOGETHER, PRICE = 412, 50, 50_000
DAYS = {3: 138, 2: 138, 1: 136}
"""How many events the till kept on each of the last days; together EVENTS."""


@dataclass
class Offline:
    """What a till kept while it was offline; now and then a piece came back, or a receipt was voided."""

    till: Till
    sku: str
    events: list[Json] = field(default_factory=list)
    closings: list[Json] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    sold: int = 0

    def trade(self, days_ago: int, events: int) -> None:
        """A day from opening to closing."""
        opened = wib(days_ago, "09:00")
        before, sold = len(self.events), self.sold
        for minute in range(events):
            self._do(opened + timedelta(minutes=minute))
        seqs = [one["data"]["till_seq"] for one in self.events[before:]]
        total, day = (self.sold - sold) * PRICE, opened.date().isoformat()
        evening = wib(days_ago, "21:00")
        self.closings.append(self.till.closing(day, len(seqs), total, evening, first_seq=seqs[0], last_seq=seqs[-1]))

    def _do(self, at: datetime) -> None:
        no = next(self.numbers)
        before = f"R{no - 1}"
        if no % 20 == 0:
            back = {"original_receipt": before, "original_line": 1, "till_seq": no}
            self.events.append(self.till.returned(f"R{no}", self.sku, at, **back))
        elif no % 50 == 5:
            self.events.append(self.till.void(before, at, till_seq=no))
        else:
            self.events.append(self.till.sale(f"R{no}", self.sku, PRICE, at, till_seq=no))
        self.sold += -1 if no % 20 == 0 or no % 50 == 5 else 1


async def test_shuffled_and_sent_twice_the_totals_are_those_that_the_till_counted(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker, price=PRICE), await world.till("pim")
    await world.deliver("pim", {sku: 500})
    offline = Offline(till, sku)
    for days_ago, events in DAYS.items():
        offline.trade(days_ago, events)
    assert len(offline.events) == EVENTS == len({one["data"]["till_seq"] for one in offline.events})
    twice = offline.events * 2 + offline.closings * 2
    Random(412).shuffle(twice)

    async with listening(world.endpoints.amqp_url("karya")) as ear:
        duplicates = (await world.books.feed())["duplicates_ignored"]
        async with world.books.after(len(twice)):
            for start in range(0, len(twice), TOGETHER):
                await till.report(*twice[start : start + TOGETHER])
        await ear.hears("TillTiedOut", times=len(DAYS), till=till.name)

    closings = await world.books.closings("pim", till.name)
    assert {day: (one["state"], one["counted_events"], one["counted_total"]) for day, one in closings.items()} == {
        one["data"]["business_date"]: ("tied", one["data"]["events"], one["data"]["total"]) for one in offline.closings
    }
    assert (await world.books.feed())["duplicates_ignored"] == duplicates + len(twice) // 2
    assert await world.books.on_hand("pim", sku) == 500 - offline.sold
    assert await world.books.owed(maker) == offline.sold * (PRICE - PRICE // 4 - PRICE // 10)
    assert await world.books.findings("sequence-gap", "pim") == []
    assert await world.books.nothing_parked("pim", till.name)
    await world.books.accounts()


async def test_a_number_that_is_missing_is_named_until_it_comes(world: World) -> None:
    maker = await world.maker()
    sku, till = await world.product(maker, price=PRICE), await world.till("pim")
    await world.deliver("pim", {sku: 50})
    day = [till.sale(f"G{no}", sku, PRICE, wib(1, f"10:{no}"), till_seq=no) for no in range(10, 30)]
    missing = day.pop(7)

    async with listening(world.endpoints.amqp_url("karya")) as ear:
        await world.report(till, *day)
        await ear.hears("FindingOpened", till=till.name, concerns=f"pim/{till.name}: 17")

    (finding,) = await of_till(world, till, "open")
    assert (finding["subject"], finding["detail"]["numbers"]) == (f"pim/{till.name}: 17", [[17, 17]])

    await world.report(till, missing)

    async def is_settled() -> bool:
        return [one["settled_by"] for one in await of_till(world, till, "settled")] == ["system"]

    await until(is_settled, "the gap is settled by itself")
    assert await of_till(world, till, "open") == []


async def of_till(world: World, till: Till, state: str) -> list[Json]:
    """The gaps that were found in this till's numbers."""
    found = await world.books.findings("sequence-gap", till.outlet, state)
    return [finding for finding in found if finding["till"] == till.name]
