"""Any feed, shuffled, repeated, cut into any batches, taken by one or three replicas, gives the same books."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from hypothesis import given, note
from hypothesis import strategies as st

from services.sales.views.books import Books
from tests.integration.properties import invariants
from tests.integration.properties.feeds import UNBOOKED, feeds, feeds_of_pieces
from tests.integration.properties.lab import WHILE, House, Lab, Sent
from tests.integration.properties.playing import Disorder, disorders, play, play_in_order, spell
from tests.integration.properties.telling import Telling
from tests.integration.properties.world import MIDNIGHT, SHAWL

Waits = set[tuple[str, str, str]]
WHERE, HOUR = ("citos", "till-1"), timedelta(hours=1)


class End(NamedTuple):
    """`open_days`: those that do not tie out with what their till counted."""

    books: Books
    waits: Waits
    open_days: set[tuple[str, str, date]]


async def in_order(lab: Lab, feed: Sequence[Sent]) -> End:
    async with lab.house() as house:
        await play_in_order(house, feed)
        return await look_at(house)


async def in_disorder(lab: Lab, disorder: Disorder) -> End:
    """What one replica does alone is held by the rules at every step elsewhere: here by those of several at once."""
    sent = sum([one.sender is not None for batch in disorder.batches for one in batch])
    async with lab.house() as house:
        await play(house, disorder)
        await invariants.check(house, sent)
        await invariants.check_replay(house)
        return await look_at(house)


async def look_at(house: House) -> End:
    rows = await house.fetch("SELECT outlet, till, day FROM till_check WHERE state <> 'tied'")
    return End(await house.books(), await house.waits(), {(row[0], row[1], row[2]) for row in rows})


@given(data=st.data(), feed=feeds())
def test_any_feed_in_any_disorder_gives_the_same_books(lab: Lab, data: st.DataObject, feed: list[Sent]) -> None:
    gives_the_same_books(lab, data, feed)


@given(data=st.data(), feed=feeds_of_pieces())
def test_pieces_with_a_serial_in_any_disorder_are_where_they_are_in_order(
    lab: Lab, data: st.DataObject, feed: list[Sent]
) -> None:
    """What one report has to wake of another is hardly ever needed but here."""
    gives_the_same_books(lab, data, feed)


def gives_the_same_books(lab: Lab, data: st.DataObject, feed: list[Sent]) -> None:
    disorder = data.draw(disorders(feed))
    note(spell(feed))
    end = lab.run(in_order(lab, feed))
    other = lab.run(in_disorder(lab, disorder))
    assert not end.books.explain(other.books)
    assert other.waits == end.waits
    assert other.open_days == end.open_days
    assert all(till == UNBOOKED for _, till, _ in end.open_days)


async def return_and_void(lab: Lab, *order: int) -> tuple[dict[str, object], set[str]]:
    """Two of five pieces come back, then the till takes the whole receipt back; told in this order."""
    telling = Telling()
    line = telling.sell(WHERE, MIDNIGHT, receipt="1", line=1, sku=SHAWL, quantity=5, unit_price=650_000)
    telling.take_back(line, WHERE, MIDNIGHT + HOUR, 2, receipt="2")
    telling.void([line], MIDNIGHT + 2 * HOUR, left=3 * 650_000)
    told = [sent for sent in telling.told(closings=False) if sent.sender]
    async with lab.house() as house:
        for position in order:
            await house.counter.take([told[position]])
        await house.wait(WHILE)
        books = await house.books()
        pages = {**books.pages["accounts"], **books.pages["shelves"]}
        balances: dict[str, object] = {of: figures["balance"] for of, figures in pages.items()}
        return balances, {code for _, _, code in await house.waits()}


def test_a_return_told_of_after_the_void_of_its_receipt_is_parked_and_changes_no_balance(lab: Lab) -> None:
    """Which of them took the pieces back depends on the order; that they are back, and who owes what, does not."""
    balances, waits = lab.run(return_and_void(lab, 0, 1, 2))
    assert (set(balances.values()), waits) == ({0}, set())
    others, waiting = lab.run(return_and_void(lab, 0, 2, 1))
    assert (others, waiting) == (balances, {"sale_voided"})
