"""The same feed told twice: as it happened, and as tills and brokers manage to bring it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from tests.integration.properties.lab import WHILE, House, Replica, Sent

Batch = list[Sent]


@dataclass(frozen=True, slots=True)
class Disorder:
    """A feed as it comes: in batches, to so many replicas; each second one is helped by the redriver meanwhile."""

    batches: list[Batch]
    replicas: int


@st.composite
def disorders(draw: st.DrawFn, feed: Sequence[Sent]) -> Disorder:
    """Shuffled, some of it sent again (the same event, or a till's facts under a new id), cut anywhere."""
    sent = list(feed)
    for again in draw(st.lists(st.sampled_from(feed), max_size=len(feed))):
        sent += [draw(st.sampled_from([again, renamed(again, len(sent))]))] * draw(st.integers(1, 4))
    sent = draw(st.permutations(sent))
    cuts = draw(st.lists(st.integers(1, 12), min_size=1, max_size=6))
    return Disorder(cut(sent, cuts), draw(st.sampled_from([1, 3])))


def renamed(sent: Sent, number: int) -> Sent:
    """A till that was restored from a copy gives the same facts new ids. Our own services never do."""
    if sent.sender is None or not isinstance(sent.event, dict):
        return sent
    return sent._replace(event=sent.event | {"id": f"{sent.event.get('id')}-{number}"})


def cut(sent: Sequence[Sent], sizes: Sequence[int]) -> list[Batch]:
    """Batches of these sizes, over and over."""
    batches: list[Batch] = []
    start = 0
    while start < len(sent):
        size = sizes[len(batches) % len(sizes)]
        batches.append(list(sent[start : start + size]))
        start += size
    return batches


async def play_in_order(house: House, feed: Sequence[Sent]) -> None:
    """As it happened, each event by itself."""
    await house.hear(*feed)
    await house.wait(WHILE)


async def play(house: House, disorder: Disorder) -> None:
    await bring(house, disorder)
    await house.wait(WHILE)


async def bring(house: House, disorder: Disorder) -> None:
    """To all replicas at once; one of three tries parked reports again all the while."""
    await house.log([one for batch in disorder.batches for one in batch])
    replicas = [Replica(house) for _ in range(disorder.replicas)]
    bringing = asyncio.gather(*[
        _bring(replica, disorder.batches[number :: len(replicas)]) for number, replica in enumerate(replicas)
    ])  # fmt: skip
    while len(replicas) > 1 and not bringing.done():
        house.lab.at += timedelta(seconds=5)
        await house.try_parked()
        await asyncio.sleep(0.005)
    await bringing


async def _bring(replica: Replica, batches: Sequence[Batch]) -> None:
    for batch in batches:
        await replica.take(batch)


def spell(feed: Sequence[Sent]) -> str:
    """For people who read a counter-example."""
    return "\n".join([f"{sent.sender} {_said(sent.event)}" for sent in feed])


def _said(event: Any) -> str:
    if not isinstance(event, dict) or not isinstance(event.get("data"), dict):
        return repr(event)
    data = {name: value for name, value in event["data"].items() if name not in {"outlet", "till_seq"}}
    return f"{event.get('id')} {event.get('type')} {data}"
