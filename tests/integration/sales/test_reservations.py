"""Pieces that are held for a business client: exactly those that are free, whoever asks at the same moment."""

import asyncio
import json
from uuid import uuid4

from services.sales.handlers import deliveries, reservations
from services.sales.views.reservations import list_reservations
from shared.contracts.sales import StockDeficitCleared, StockDeficitRaised, StockLine
from shared.contracts.sales.goods import (
    ListReservations,
    RecallStock,
    ReleaseReservation,
    Reservation,
    ReservationReleased,
    ReserveStock,
    StockReserved,
)
from shared.db import Pool
from shared.errors import KaryaError
from tests.integration.sales.builders import (
    NOON,
    POUCH,
    SHAWL,
    Database,
    a_sale,
    check_stock,
    deliver,
    do,
    report,
    shelf,
    told,
)
from tests.integration.sales.goods import on_hand, open_two, refusal, some

CLIENT = "Hotel Melati"


def wish(quantity: int = 1, sku: str = SHAWL, code: str = "citos") -> ReserveStock:
    return ReserveStock(code=code, sku=sku, quantity=quantity, client=CLIENT)


async def reserve(pool: Pool, quantity: int = 1) -> Reservation:
    reserved, _ = await do(pool, reservations.reserve_stock, wish(quantity))
    return reserved


async def release(pool: Pool, held: Reservation) -> list[object]:
    told_by = ReleaseReservation(reservation_id=held.reservation_id)
    _, events = await do(pool, reservations.release_reservation, told_by)
    return list(events)


async def test_reserved_pieces_lie_there_and_are_not_available(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 10})
    reserved, events = await do(pool, reservations.reserve_stock, wish(4))
    assert (reserved.state, reserved.quantity, reserved.client) == ("open", 4, CLIENT)
    assert events == [
        StockReserved(reservation_id=reserved.reservation_id, outlet="citos", sku=SHAWL, quantity=4, reserved_at=NOON)
    ]
    assert CLIENT not in json.dumps([event.model_dump(mode="json") for event in events])
    line = StockLine(sku=SHAWL, on_hand=10, deficit=0, in_transit=0, reserved=4, available=6)
    assert await shelf(pool) == line
    assert await check_stock(pool) == 1


async def test_of_many_who_want_the_last_piece_exactly_one_gets_it(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 1})
    results = await asyncio.gather(*[reserve(pool) for _ in range(8)], return_exceptions=True)
    assert [one.code for one in results if isinstance(one, KaryaError)] == ["stock_insufficient"] * 7
    assert [one.quantity for one in results if isinstance(one, Reservation)] == [1]
    assert await pool.fetchval("SELECT reserved FROM stock") == 1


async def test_a_till_and_a_reservation_take_the_last_piece_together(database: Database) -> None:
    """The till's sale is a fact, whoever was first; what is held or missing is told."""
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 1})
    sold, held = await asyncio.gather(report(pool, a_sale()), reserve(pool), return_exceptions=True)
    assert isinstance(sold, list)
    missing = [event.missing for event in told(sold, StockDeficitRaised)]
    assert missing == [] if isinstance(held, KaryaError) else missing == [1]
    assert await on_hand(pool) == 0


async def test_a_till_that_sells_what_is_reserved_is_recorded_and_it_is_told(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 3})
    held = await reserve(pool, 3)
    outcomes = await report(pool, a_sale(quantity=2))
    assert told(outcomes, StockDeficitRaised) == [StockDeficitRaised(outlet="citos", sku=SHAWL, missing=2)]
    line = await shelf(pool)
    assert line is not None
    assert (line.on_hand, line.deficit, line.reserved, line.available) == (1, 0, 3, -2)
    events = await release(pool, held)
    assert events == [
        ReservationReleased(
            reservation_id=held.reservation_id, outlet="citos", sku=SHAWL, quantity=3, released_at=NOON
        ),
        StockDeficitCleared(outlet="citos", sku=SHAWL),
    ]
    assert await pool.fetchval("SELECT reserved FROM stock") == 0


async def test_a_reservation_is_released_once_even_by_two_at_the_same_time(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 3})
    held, _ = await reserve(pool), await reserve(pool)
    results = await asyncio.gather(*[release(pool, held) for _ in range(3)], return_exceptions=True)
    assert [one.code for one in results if isinstance(one, KaryaError)] == ["already_released"] * 2
    assert await pool.fetchval("SELECT reserved FROM stock") == 1


async def test_what_is_held_is_not_sent_away(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 3})
    await reserve(pool, 2)
    too_much = RecallStock(outlet="citos", lines=some(2), reason="a test")
    assert (await refusal(pool, deliveries.recall_stock, too_much)).code == "more_than_on_hand"
    await do(pool, deliveries.recall_stock, RecallStock(outlet="citos", lines=some(1), reason="a test"))
    assert await on_hand(pool) == 2


async def test_nothing_is_held_that_does_not_lie_there(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 3})
    for wanted, code in (
        (wish(4), "stock_insufficient"),
        (wish(sku=POUCH), "stock_insufficient"),
        (wish(code="pim"), "stock_insufficient"),
        (wish(sku="XXX-0001"), "sku_unknown"),
        (wish(code="blok-m"), "outlet_unknown"),
    ):
        assert (await refusal(pool, reservations.reserve_stock, wanted)).code == code
    unknown = ReleaseReservation(reservation_id=uuid4())
    assert (await refusal(pool, reservations.release_reservation, unknown)).code == "reservation_unknown"
    assert await pool.fetchval("SELECT sum(reserved) FROM stock") == 0


async def test_reservations_are_listed_by_state(database: Database) -> None:
    pool = await database("sales")
    await open_two(pool)
    await deliver(pool, {SHAWL: 9})
    first, second, third = await reserve(pool, 1), await reserve(pool, 2), await reserve(pool, 3)
    await release(pool, second)
    held = await do(pool, list_reservations, ListReservations(code="citos", state="open"))
    assert held.items == [third, first]
    page = await do(pool, list_reservations, ListReservations(code="citos", limit=2))
    rest = await do(pool, list_reservations, ListReservations(code="citos", limit=2, cursor=page.next))
    assert [one.quantity for one in page.items + rest.items] == [3, 2, 1]
    assert [one.state for one in page.items] == ["open", "released"]
    assert (await do(pool, list_reservations, ListReservations(code="pim"))).items == []
    assert (await refusal(pool, list_reservations, ListReservations(code="blok-m"))).code == "outlet_unknown"
