"""Stock counts with what they adjusted, and pieces that are held for clients."""

from collections.abc import Sequence

from services.sales.domain.stock import Movement
from services.sales.replay.deliveries import BY
from services.sales.replay.links import Family, Links, Thing, at_outlets, in_turn
from services.sales.storage import counts, replay, reservations, stock
from shared.contracts.sales.goods import (
    AdjustedLine,
    CountStock,
    ReservationReleased,
    ReserveStock,
    StockCountApproved,
    StockCounted,
    StockCountReexplained,
    StockReserved,
)
from shared.db import Tx
from shared.runtime.envelope import Received


async def project_counted(tx: Tx, message: Received[StockCounted]) -> None:
    told = message.data
    observed = CountStock.model_construct(code=told.outlet, counted_at=told.counted_at, lines=[], note=None)
    recorded = await counts.add_count(tx, told.count_id, observed, BY)
    await replay.add_counted_lines(tx, recorded.no, told)


async def project_approved(tx: Tx, message: Received[StockCountApproved]) -> None:
    told = message.data
    count = await counts.get_count(tx, told.count_id)
    assert count is not None  # it was needed
    await counts.add_approval(tx, count["no"], BY, told.approved_at or message.envelope.time)
    await _adjust(tx, count["no"], told, told.lines)


async def project_reexplained(tx: Tx, message: Received[StockCountReexplained]) -> None:
    count = await counts.get_count(tx, message.data.count_id)
    assert count is not None  # it was needed
    await _adjust(tx, count["no"], message.data, message.data.lines)


async def _adjust(
    tx: Tx, no: int, told: StockCountApproved | StockCountReexplained, lines: Sequence[AdjustedLine]
) -> None:
    """As of the count, as it was booked."""
    await stock.add_movements(
        tx, [Movement(no, told.counted_at, line.delta, "adjusted", told.outlet, line.sku) for line in lines]
    )


async def project_reserved(tx: Tx, message: Received[StockReserved]) -> None:
    """For whom is not told."""
    told = message.data
    held = ReserveStock.model_construct(code=told.outlet, sku=told.sku, quantity=told.quantity, client="", note=None)
    await reservations.add_reservation(tx, told.reservation_id, held, told.reserved_at)
    await replay.move_reserved(tx, (told.outlet, told.sku), told.quantity)


async def project_released(tx: Tx, message: Received[ReservationReleased]) -> None:
    told = message.data
    held = await reservations.lock_reservation(tx, told.reservation_id)
    assert held is not None  # it was needed
    await reservations.mark_released(tx, held["no"], told.released_at)
    await replay.move_reserved(tx, (told.outlet, told.sku), -told.quantity)


def _counted_needs(event: StockCounted) -> list[Thing]:
    return [*at_outlets(event.outlet), *[("product", line.sku) for line in event.lines]]


def _count(event: StockCounted | StockCountApproved | StockCountReexplained) -> list[Thing]:
    return [("count", str(event.count_id))]


def _reservation(event: StockReserved | ReservationReleased) -> list[Thing]:
    return [("reservation", str(event.reservation_id))]


FAMILY = Family(
    in_turn(
        {
            StockCounted: project_counted,
            StockCountApproved: project_approved,
            StockCountReexplained: project_reexplained,
            StockReserved: project_reserved,
            ReservationReleased: project_released,
        }
    ),
    {
        StockCounted: Links(_counted_needs, _count),
        StockCountApproved: Links(_count),
        StockCountReexplained: Links(_count),
        StockReserved: Links(lambda event: at_outlets(event.outlet), _reservation),
        ReservationReleased: Links(_reservation),
    },
)
