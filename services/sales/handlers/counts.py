"""Stock counts: what was counted is recorded, approved, and stands whatever is told of late."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from services.sales.domain.counts import Correction, check_count, corrections
from services.sales.domain.stock import Shelf
from services.sales.handlers.outlets import get_outlet
from services.sales.handlers.shelves import told
from services.sales.storage import counts as storage
from services.sales.storage import products, shelves, stock
from shared.contracts.message import Event
from shared.contracts.sales.goods import (
    AdjustedLine,
    ApprovedCount,
    ApproveStockCount,
    CountStock,
    ExpectedLine,
    StockCount,
    StockCountApproved,
    StockCounted,
    StockCountLine,
    StockCountReexplained,
)
from shared.db import Tx
from shared.errors import NotFound, Rejected
from shared.runtime.envelope import Received


async def count_stock(command: Received[CountStock], tx: Tx) -> tuple[StockCount, list[Event]]:
    """Records an observation. Nothing moves before somebody approves it."""
    new = command.data
    await get_outlet(tx, new.code)
    check_count(new, await products.get_known_skus(tx, [line.sku for line in new.lines]), command.now)
    recorded = await storage.add_count(tx, command.id, new, command.actor)
    lines = await storage.add_count_lines(tx, recorded.no, new)
    counted = StockCount(
        count_id=command.id,
        outlet=new.code,
        state="counted",
        counted_at=new.counted_at,
        recorded_at=recorded.recorded_at,
        counted_by=command.actor,
        approved_at=None,
        approved_by=None,
        note=new.note,
        lines=[_line(line) for line in lines],
    )
    return counted, [StockCounted(count_id=command.id, outlet=new.code, counted_at=new.counted_at, lines=lines)]


async def approve_stock_count(command: Received[ApproveStockCount], tx: Tx) -> tuple[ApprovedCount, list[Event]]:
    """Sets the books of that moment right, and with them those of later counts of the same shelves."""
    count_id = command.data.count_id
    count = await storage.get_count(tx, count_id)
    if count is None:
        raise NotFound("count_unknown", "there is no such stock count")
    if not await storage.add_approval(tx, count["no"], command.actor, command.now):
        raise Rejected("already_approved", "this stock count has been approved")
    counted = [(count["outlet"], sku) for sku in await storage.list_counted_skus(tx, count["no"])]
    booked, events = await _correct(tx, counted)
    own = [one for one in booked if one.counted.no == count["no"]]
    approved = ApprovedCount(
        count_id=count_id,
        outlet=count["outlet"],
        approved_at=command.now,
        approved_by=command.actor,
        lines=_lines(own),
    )
    event = StockCountApproved(
        count_id=count_id,
        outlet=count["outlet"],
        counted_at=count["counted_at"],
        lines=approved.lines,
        approved_at=command.now,
    )
    return approved, [event, *_reexplained([one for one in booked if one not in own], command.now), *events]


async def reexplain(tx: Tx, late: Collection[Shelf], now: datetime) -> list[Event]:
    """After facts of these shelves were told of late: takes back as much of the adjustments as they explain.

    What was counted at a moment stays what lay there then. Done again, or in another order, it comes to the same.
    """
    return await set_right(tx, await storage.list_counted_shelves(tx, late), now)


async def set_right(tx: Tx, counted: Sequence[Shelf], now: datetime) -> list[Event]:
    """The books of these shelves, of which approved counts speak."""
    if not counted:
        return []
    booked, events = await _correct(tx, counted)
    return [*_reexplained(booked, now), *events]


async def _correct(tx: Tx, counted: Collection[Shelf]) -> tuple[list[Correction], list[Event]]:
    """What was booked, and what it means for the shelves. They are locked before they are read.

    Whoever moves pieces of them has done so, and is read, or waits, and looks for counts when it is his turn.
    """
    await shelves.lock_shelves(tx, counted)
    booked = corrections(await storage.list_gaps(tx, counted))
    moved = await stock.add_movements(tx, [one.movement for one in booked])
    return booked, [*told(moved)]


def _reexplained(booked: Sequence[Correction], now: datetime) -> list[Event]:
    """One event for each count."""
    by_count = sorted(booked, key=attrgetter("counted.no"))
    return [
        _event(key, list(lines), now)
        for key, lines in groupby(by_count, key=attrgetter("counted.count_id", "counted.outlet", "counted.counted_at"))
    ]


def _event(key: tuple[UUID, str, datetime], booked: Sequence[Correction], now: datetime) -> StockCountReexplained:
    count_id, outlet, counted_at = key
    return StockCountReexplained(
        count_id=count_id, outlet=outlet, counted_at=counted_at, lines=_lines(booked), reexplained_at=now
    )


def _lines(booked: Sequence[Correction]) -> list[AdjustedLine]:
    return [AdjustedLine(sku=one.counted.sku, delta=one.delta) for one in booked]


def _line(line: ExpectedLine) -> StockCountLine:
    return StockCountLine(
        sku=line.sku,
        counted=line.counted,
        expected=line.expected,
        variance=line.counted - line.expected,
        first_expected=line.expected,
        adjusted=0,
        explained_by=[],
    )
