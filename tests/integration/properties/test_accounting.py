"""Every report that a till sends is in exactly one place: recorded, counted as a duplicate, or parked."""

import asyncio

from hypothesis import given, note
from hypothesis import strategies as st

from shared.contracts.sales import SummariseFeed
from tests.integration.properties.feeds import feeds
from tests.integration.properties.lab import WHILE, House, Lab, Sent
from tests.integration.properties.noise import noisy
from tests.integration.properties.playing import Disorder, bring, disorders, spell


async def count_places(house: House) -> int:
    seen = await house.ask(SummariseFeed())
    recorded = seen.sales_accepted + seen.returns_accepted + seen.voids_accepted + seen.closings_accepted
    return recorded + seen.duplicates_ignored + seen.parked


async def bring_again(house: House, disorder: Disorder, which: list[int]) -> None:
    """What the broker brings again was sent once."""
    await asyncio.gather(*[house.counter.take(disorder.batches[number], again=True) for number in which])


async def check(lab: Lab, disorder: Disorder, again: list[int]) -> None:
    sent = sum([one.sender is not None for batch in disorder.batches for one in batch])
    async with lab.house() as house:
        await bring(house, disorder)
        assert await count_places(house) == sent
        await bring_again(house, disorder, again)
        assert await count_places(house) == sent
        await house.wait(WHILE)
        assert await count_places(house) == sent


@given(data=st.data())
def test_every_report_is_recorded_or_a_duplicate_or_parked(lab: Lab, data: st.DataObject) -> None:
    feed: list[Sent] = data.draw(feeds().flatmap(noisy))
    disorder = data.draw(disorders(feed))
    again = data.draw(st.lists(st.integers(0, len(disorder.batches) - 1), max_size=3, unique=True))
    note(spell(feed))
    lab.run(check(lab, disorder, again))
