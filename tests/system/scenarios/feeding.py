"""A feed of several tills, the same for every outlet that it is played at, and what the books say of it afterwards."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aiormq.exceptions import AMQPError

from tests.system.scenarios.people import Json
from tests.system.scenarios.tills import Till
from tests.system.scenarios.world import World, wib

TILLS, UNITS, EVENTS, TOGETHER = 3, 4, 200, 8
"""Each till has so many pieces with a serial, and reports so many events, so many at a time."""

PRICES = (700_000, 349_900)
UNSURE = (AMQPError, OSError, TimeoutError)


class Pace:
    """How many batches have been handed in, and how many may be."""

    def __init__(self, allowed: int) -> None:
        self._allowed, self._sent, self._changed = allowed, 0, asyncio.Condition()

    async def take(self) -> None:
        """Waits until one more may be handed in."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._sent < self._allowed)
            self._sent += 1
            self._changed.notify_all()

    async def allow(self, batches: int) -> None:
        async with self._changed:
            self._allowed = batches
            self._changed.notify_all()

    async def used_up(self) -> None:
        """Waits until all that may be handed in is on its way."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._sent == self._allowed)


@dataclass
class Play:
    """One outlet's tills with all that they will report; makers and products are only theirs."""

    outlet: str
    cooperative: str
    makers: list[str]
    skus: list[str]
    batches: list[list[list[Json]]] = field(default_factory=list)
    tills: list[Till] = field(default_factory=list)

    @property
    def length(self) -> int:
        """In batches."""
        return sum([len(of_till) for of_till in self.batches])

    async def feed(self, pace: Pace) -> None:
        """All tills at once. A till that is not sure says it again, under the same ids."""
        await asyncio.gather(*[self._of(till, own, pace) for till, own in zip(self.tills, self.batches, strict=True)])

    async def _of(self, till: Till, batches: list[list[Json]], pace: Pace) -> None:
        for batch in batches:
            await pace.take()
            while True:
                try:
                    await till.report(*batch)
                    break
                except UNSURE:
                    await asyncio.sleep(0.2)


async def a_play(world: World, outlet: str) -> Play:
    """Two makers of one rusun with a product each; some pieces of the second have serials."""
    rusun = await world.rusun()
    makers = [await world.maker(rusun) for _ in PRICES]
    skus = [await world.product(maker, price) for maker, price in zip(makers, PRICES, strict=True)]
    path = f"/v1/products/{skus[1]}/units"
    labelled = (await world.coordinator.post(path, {"count": TILLS * UNITS}))["items"]
    serials = [unit["serial"] for unit in labelled]
    play = Play(outlet, f"kop-{rusun}", makers, skus)
    play.tills = [await world.till(outlet) for _ in range(TILLS)]
    pieces = {"sku": skus[1], "quantity": len(serials), "serials": serials}
    await world.deliver(outlet, [{"sku": skus[0], "quantity": 600}, pieces])
    for number, till in enumerate(play.tills):
        events = list(_day(till, "ABC"[number], skus, serials[number * UNITS : (number + 1) * UNITS]))
        play.batches.append([events[start : start + TOGETHER] for start in range(0, len(events), TOGETHER)])
    return play


def _day(till: Till, roll: str, skus: list[str], serials: list[str]) -> Iterator[Json]:
    """Sales, some of which come back or are voided; each piece with a serial is sold, comes back and is sold again.

    `roll`: what the numbers of the till's receipts begin with.
    """
    opened = wib(1, "08:00")
    net = 0
    for number in range(1, EVENTS + 1):
        at, receipt, before = opened + timedelta(minutes=number), f"{roll}{number}", f"{roll}{number - 7}"
        turn, piece = divmod(number, 20)
        if piece < UNITS and turn in (2, 4, 6):
            serial, price = serials[piece], PRICES[1]
            if turn == 4:
                yield till.returned(receipt, skus[1], at, serial=serial, till_seq=number)
            else:
                yield till.sale(receipt, skus[1], price, at, serial=serial, till_seq=number)
            net += -price if turn == 4 else price
        elif piece == 15:
            names = {"original_receipt": before, "original_line": 1}
            yield till.returned(receipt, skus[0], at, till_seq=number, **names)
            net -= PRICES[0]
        elif piece == 16 and turn % 3 == 0:
            yield till.void(before, at, till_seq=number)
            net -= PRICES[0]
        else:
            yield till.sale(receipt, skus[0], PRICES[0], at, till_seq=number)
            net += PRICES[0]
    yield till.closing(opened.date().isoformat(), EVENTS, net, at, first_seq=1, last_seq=EVENTS)


async def told_of(world: World, play: Play) -> dict[str, Any]:
    """All that the books say of a play, in words that do not depend on whose it is."""
    accounts = await world.books.accounts()
    sales = await world.books.sales(outlet=play.outlet)
    tills = {till.name: number for number, till in enumerate(play.tills)}
    return {
        "sales": sorted([(tills[sale["till"]], *_facts(play, sale)) for sale in sales]),
        "shelves": [await world.books.shelf(play.outlet, sku) for sku in play.skus],
        "owed": [await world.books.owed(maker) for maker in play.makers],
        "notices": [len(await world.coordinator.every(f"/v1/makers/{maker}/notices")) for maker in play.makers],
        "receivable": accounts[f"outlet-receivable {play.outlet}"],
        "commission": accounts[f"outlet-commission {play.outlet}"],
        "paid out": accounts[f"cooperative-payable {play.cooperative}"],
    }


def _facts(play: Play, sale: Json) -> tuple[Any, ...]:
    shares = [share["amount"] for share in sale["shares"]]
    names = ("receipt", "line", "quantity", "net", "outlet_share", "programme_share", "returned", "voided")
    return (play.skus.index(sale["sku"]), *[sale[name] for name in names], *shares)
