"""Any feed, shuffled, repeated, cut into any batches, taken by one or three replicas, gives the same books."""

from collections.abc import Sequence

from hypothesis import given, note
from hypothesis import strategies as st

from services.sales.views.books import Books
from tests.integration.properties.feeds import feeds
from tests.integration.properties.lab import Lab, Sent
from tests.integration.properties.playing import Disorder, disorders, play, play_in_order, spell

Waits = set[tuple[str, str, str]]


async def in_order(lab: Lab, feed: Sequence[Sent]) -> tuple[Books, Waits]:
    async with lab.house() as house:
        await play_in_order(house, feed)
        return await house.books(), await house.waits()


async def in_disorder(lab: Lab, disorder: Disorder) -> tuple[Books, Waits]:
    async with lab.house() as house:
        await play(house, disorder)
        return await house.books(), await house.waits()


@given(data=st.data(), feed=feeds())
def test_any_feed_in_any_disorder_gives_the_same_books(lab: Lab, data: st.DataObject, feed: list[Sent]) -> None:
    disorder = data.draw(disorders(feed))
    note(spell(feed))
    books, waits = lab.run(in_order(lab, feed))
    others, waiting = lab.run(in_disorder(lab, disorder))
    assert not books.explain(others)
    assert waiting == waits
