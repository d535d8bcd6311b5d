"""The whole feed: batches of each till, when each is due, which come twice or late, and what is wrong in them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from deploy.local.chaos.feed.goods import LABELLED, LATE, OVER_AMQP, PRICE, TILLS, Goods
from deploy.local.chaos.feed.poison import Poisoner, raw, too_many
from deploy.local.chaos.feed.stories import LONGEST, STEP, Till, tell
from deploy.local.chaos.feed.telling import Json, Key, Telling, Where, keys_of

TOGETHER = (1, 1, 2, 4, 8, 15, 30)
AGAIN, LATER, RENAMED, POISONED = 0.06, 0.2, 0.04, 0.25
"""Shares of a till's batches: sent twice; held back; with a report under a new id; with something wrong in it."""

RAW_EVERY = 25
"""Batches of a till with AMQP between two bodies that nobody can read."""

OPENING = 20
"""Plain sales of each till that are recorded before."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One body of a till. `due`: seconds after the feed began; `items`: None when nothing in it can be told apart."""

    number: int
    where: Where
    due: float
    body: bytes
    items: tuple[Json, ...] | None = None


@dataclass(frozen=True)
class Feed:
    """`batches` in the order in which they happened. `parked`: event id and code of each poison."""

    batches: tuple[Batch, ...]
    told: tuple[Json, ...]
    parked: Mapping[str, str]
    late: frozenset[str] = field(default=frozenset())

    @property
    def dead(self) -> list[bytes]:
        """Bodies that nobody can read."""
        return [batch.body for batch in self.batches if batch.items is None]

    def of(self, where: Where) -> list[Batch]:
        """A till's batches as they are due."""
        return sorted([batch for batch in self.batches if batch.where == where], key=lambda batch: batch.due)

    def keys(self) -> set[Key]:
        """Every fact that has to be recorded, once."""
        return keys_of(self.told)


@dataclass(frozen=True, slots=True)
class Size:
    """How many seconds, and how many reports in each."""

    seconds: float
    rate: float

    @property
    def events(self) -> int:
        """Of each till."""
        return max(int(self.seconds * self.rate / len(TILLS)), 1)


def opens_at(now: datetime, size: Size) -> datetime:
    """So early that all that the feed tells of has happened by now."""
    return (now - STEP * size.events - LONGEST - timedelta(hours=1)).replace(microsecond=0)


def make_feed(seed: int, size: Size, goods: Goods, opened: datetime, before: Sequence[Json]) -> Feed:
    """`before`: sales that are recorded already, for what contradicts them."""
    random, mark = Random(seed), f"s{seed}"  # noqa: S311 - repeatable on purpose
    telling = Telling(mark)
    for where in TILLS:
        tell(Till(where, random, telling, goods.of_till(where)[1:]), opened, size.events)
    told = {where: telling.told(where) for where in TILLS}
    batches: list[Batch] = []
    parked: dict[str, str] = {}
    for where, events in told.items():
        own = [event for event in before if (event["data"]["outlet"], event["data"]["till"]) == where]
        poisoner = Poisoner(where, random, own, opened, mark)
        disorder = Disorder(random, size.seconds, poisoner, parked)
        batches += disorder.batches(events)
    numbered = tuple([replace(batch, number=number) for number, batch in enumerate(batches)])
    everything = tuple([event for events in told.values() for event in events])
    late = frozenset([event["id"] for event in everything if event["data"].get("sku") == LATE])
    return Feed(numbered, everything, parked, late)


@dataclass(slots=True)
class Disorder:
    """How one till's events become batches. `parked` is added to."""

    random: Random
    seconds: float
    poisoner: Poisoner
    parked: dict[str, str]

    def batches(self, events: Sequence[Json]) -> Iterator[Batch]:
        packs, kinds = list(self._packs(events)), self.poisoner.kinds()
        for number, pack in enumerate(packs):
            due = self.seconds * (number + self.random.random()) / len(packs)
            if self.random.random() < LATER:
                due = self.random.uniform(due, self.seconds)
            items = list(pack)
            if self.random.random() < POISONED:
                item, code = self.poisoner.item(next(kinds))
                self.parked[item["id"]] = code
                items.insert(self.random.randrange(len(items) + 1), item)
            if self.random.random() < RENAMED:
                copied = self.random.choice(pack)
                if copied["data"].get("sku") != LATE:  # its copy would wait for the product, too
                    items.append(copied | {"id": f"{copied['id']}-again-{number}"})
            yield self._batch(due, items)
            if self.random.random() < AGAIN:
                yield self._batch(self.random.uniform(due, self.seconds), items)
        yield from self._unreadable(len(packs))

    def _packs(self, events: Sequence[Json]) -> Iterator[list[Json]]:
        start = 0
        while start < len(events):
            end = start + self.random.choice(TOGETHER)
            yield list(events[start:end])
            start = end

    def _batch(self, due: float, items: Sequence[Json]) -> Batch:
        return Batch(0, self.poisoner.where, due, json.dumps(items).encode(), tuple(items))

    def _unreadable(self, batches: int) -> Iterator[Batch]:
        """Over HTTP nobody can hand these in."""
        if self.poisoner.where[1] not in OVER_AMQP:
            return
        first = TILLS.index(self.poisoner.where)
        for number in range(batches // RAW_EVERY + 1):
            body = too_many(self.poisoner) if number == 1 else raw(first + number * len(TILLS))
            yield Batch(0, self.poisoner.where, self.random.uniform(0, self.seconds), body)


def make_opening(goods: Goods, now: datetime) -> tuple[Json, ...]:
    """What is sold and recorded long before any feed begins: plain sales, and each till's first piece with a serial."""
    random, telling = Random(0), Telling("before")  # noqa: S311
    at = (now - timedelta(days=30)).replace(microsecond=0)
    for where in TILLS:
        till = Till(where, random, telling, goods.of_till(where))
        for number in range(OPENING):
            till.line(at + STEP * number, till.receipt())
        serial = till.pieces[0]
        facts = {"receipt": till.receipt(), "line": 1, "sku": LABELLED, "quantity": 1, "serial": serial}
        telling.sell(where, at + STEP * OPENING, unit_price=PRICE, **facts)
    return tuple([event for where in TILLS for event in telling.told(where) if "Sale" in event["type"]])
