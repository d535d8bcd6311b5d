"""Pieces that are sold, come back and are sold again: whatever is told first, the books end the same."""

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from services.sales.handlers import known
from shared.contracts.catalog import UnitsLabelled
from shared.contracts.outlets import SaleReported, TillReport
from shared.db import Pool
from tests.integration.sales.builders import (
    NOON,
    SHAWL,
    Database,
    a_return,
    a_sale,
    a_void,
    balances,
    check_stock,
    hear,
    open_outlet,
    open_shop,
    owed,
)
from tests.integration.sales.till_road import Road, unit_place

HOUR = timedelta(hours=1)
Story = Callable[[str], list[TillReport]]


def serial(number: int) -> str:
    return f"29{number:011}"


def first_sale(piece: str) -> SaleReported:
    return a_sale(receipt=f"S{piece}", serial=piece)


def second_sale(piece: str) -> SaleReported:
    return a_sale(receipt=f"T{piece}", serial=piece, sold_at=NOON - HOUR / 4, unit_price=600_000)


def returned(**back: Any) -> Story:
    """Sold at Citos, back half an hour later, and sold once more a quarter of an hour after that."""

    def story(piece: str) -> list[TillReport]:
        facts = {"receipt": f"C{piece}", "original_receipt": f"S{piece}", "serial": piece} | back
        return [first_sale(piece), a_return(returned_at=NOON - HOUR / 2, **facts), second_sale(piece)]

    return story


def voided(piece: str) -> list[TillReport]:
    """The same, but the till took the first receipt back."""
    return [first_sale(piece), a_void(receipt=f"S{piece}", voided_at=NOON - HOUR / 2), second_sale(piece)]


STORIES: dict[str, Story] = {
    "by its till": returned(),
    "without naming the piece": returned(serial=None),
    "at another till": returned(till="till-2", original_till="till-1"),
    "by the piece alone": returned(original_receipt=None, original_line=None),
    "by the piece alone, elsewhere": returned(original_receipt=None, original_line=None, outlet="pim", till="till-7"),
    "at another outlet": returned(outlet="pim", original_outlet="citos", till="till-7"),
    "at another outlet, by its till": returned(outlet="pim", original_outlet="citos", original_till="till-1"),
    "voided": voided,
}


async def open_shop_with_pieces(pool: Pool, count: int) -> None:
    await open_shop(pool)
    await open_outlet(pool, "pim")
    await hear(pool, known.know_units, UnitsLabelled(sku=SHAWL, serials=[serial(number) for number in range(count)]))


@pytest.mark.parametrize("story", STORIES)
async def test_sold_back_and_sold_again_end_in_the_same_books_whatever_is_told_first(
    database: Database, story: str
) -> None:
    pool = await database("sales")
    orders = list(permutations(range(3)))
    await open_shop_with_pieces(pool, len(orders))
    road = Road(pool)
    for number, order in enumerate(orders):
        reports = STORIES[story](serial(number))
        for position in order:
            await road.bring(reports[position])
            await road.wait(timedelta(seconds=8))
        await road.wait()
        assert await road.parked() == [], order
        assert await unit_place(pool, serial(number)) == ("sold", "citos"), order
        assert await owed(pool) == (number + 1) * 390_000, order
    assert (
        await pool.fetchval("SELECT count(*) FROM finding WHERE settled_at IS NULL AND kind = 'serial-conflict'") == 0
    )
    assert sum([value for name, value in (await balances(pool)).items() if "receivable" in name]) == 6 * 600_000
    assert await check_stock(pool) >= 1


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_returns_of_two_sales_of_one_piece_that_are_tried_together_leave_it_back(
    database: Database, order: tuple[int, int]
) -> None:
    """Both wait for their sales, and are tried in one go: whichever is first, the piece is not sold any more."""
    pool = await database("sales")
    await open_shop_with_pieces(pool, 1)
    road, piece = Road(pool), serial(0)
    first, back, second = returned()(piece)
    last = a_return(receipt=f"D{piece}", serial=piece, original_receipt=f"T{piece}", returned_at=NOON)
    await road.bring(*[(back, last)[position] for position in order])
    await road.bring(second)
    await road.bring(first)
    await road.wait()
    assert await road.parked() == []
    assert await unit_place(pool, piece) == ("at-outlet", "citos")
    assert await owed(pool) == 0


async def test_a_line_of_a_voided_receipt_that_comes_after_its_piece_was_sold_again_belongs_to_the_past(
    database: Database,
) -> None:
    """The void is recorded with the other line of its receipt, and waits for nothing."""
    pool = await database("sales")
    await open_shop_with_pieces(pool, 1)
    road, piece = Road(pool), serial(0)
    first, void, second = voided(piece)
    await road.bring(a_sale(receipt=f"S{piece}", line=2))
    await road.bring(void)
    await road.bring(second)
    await road.bring(first)
    assert await road.parked() == []
    assert await unit_place(pool, piece) == ("sold", "citos")


async def test_a_line_that_was_doubted_is_booked_when_its_receipt_turns_out_to_be_voided(database: Database) -> None:
    pool = await database("sales")
    await open_shop_with_pieces(pool, 1)
    road, piece = Road(pool), serial(0)
    first, void, second = voided(piece)
    await road.bring(second, a_sale(receipt=f"S{piece}", line=2))
    await road.bring(first)
    assert [code for _, code, _ in await road.parked()] == ["serial_already_sold"]
    await road.bring(void)
    await road.wait()
    assert await road.parked() == []
    assert await unit_place(pool, piece) == ("sold", "citos")


async def test_a_piece_sold_and_brought_back_twice_lies_where_it_was_brought_last(database: Database) -> None:
    pool = await database("sales")
    orders = list(permutations(range(4)))
    await open_shop_with_pieces(pool, len(orders))
    road = Road(pool)
    for number, order in enumerate(orders):
        piece = serial(number)
        last = a_return(
            receipt=f"D{piece}", outlet="pim", original_outlet="citos", original_receipt=f"T{piece}", returned_at=NOON
        )
        reports = [*returned()(piece), last]
        for position in order:
            await road.bring(reports[position])
            await road.wait(timedelta(seconds=8))
        await road.wait(timedelta(minutes=10))
        assert (await road.parked(), await owed(pool)) == ([], 0), order
        assert await unit_place(pool, piece) == ("at-outlet", "pim"), order
