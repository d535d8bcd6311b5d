"""Takes returns back with their receipt: the mirror image of what each of them booked."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from services.sales.domain import undone as domain
from services.sales.domain.calendar import business_day
from services.sales.domain.ledger import Fact, Parties, post_again
from services.sales.domain.originals import Original
from services.sales.domain.stock import Movement
from services.sales.domain.undone import Returned, Undone, can_be_resold, resell
from services.sales.handlers import backs, shelves
from services.sales.storage import ledger, originals, outlets, stock, units
from services.sales.storage import undone as storage
from services.sales.storage.stock import Moved
from shared.contracts.sales import ReturnVoided
from shared.db import Tx
from shared.errors import NotYet, Unavailable
from shared.runtime import parked

Told = ReturnVoided | shelves.Told


async def list_moved_on(
    tx: Tx, returned: Sequence[tuple[Original, str]], voided: Collection[int] = ()
) -> dict[str, NotYet]:
    """By what they are told of: returns whose piece something else has moved since, so that its buyer cannot have it.

    `returned`: what each takes back, and what to call it; `voided`: sales that are taken back with these.
    """
    named = [(original, name) for original, name in returned if original.serial and not original.voided]
    pieces = {original.serial or "" for original, _ in named}
    known = await units.lock_units(tx, pieces) if pieces else {}
    resold = await storage.list_resold(tx, pieces, voided)
    stuck: dict[str, NotYet] = {}
    for original, name in named:
        piece, unit = original.serial or "", known.get(original.serial or "")
        free = can_be_resold(unit, original) or (unit and unit.cause in voided)
        if not free or resold.get(piece, set()) - {original.no}:
            stuck[name] = NotYet("piece_moved_on", f"{name}: piece {piece} has been sold or sent on since it came back")
    return stuck


async def undo(tx: Tx, found: Sequence[tuple[Returned, Original, int, datetime]], now: datetime) -> list[Told]:
    """`found`: each with its sale, which is locked, and with the number and the time of the void."""
    if not found:
        return []
    undone = [Undone(one, receipt, at, domain.undo(one, original)) for one, original, receipt, at in found]
    numbers = await storage.add_undone(tx, undone)
    if len(numbers) < len(undone):
        raise Unavailable("voids_raced", "the same return is being taken back elsewhere")
    parties = await _parties(tx, undone)
    moved = await book(tx, [(numbers[one.returned.no], one, parties[one.returned.no]) for one in undone])
    await _wake_refused(tx, undone, now)
    return [*[told(one) for one in undone], *shelves.told(moved)]


async def _parties(tx: Tx, undone: Sequence[Undone]) -> dict[int, Parties]:
    """The outlet that paid the buyer out has its money again."""
    away = {one.returned.outlet for one in undone if one.returned.outlet != one.again.original.outlet}
    payers = await outlets.get_outlets(tx, away) if away else {}
    return {
        one.returned.no: one.again.original.paid_out_by(payers[one.returned.outlet].receivable)
        if one.returned.outlet in payers and one.returned.outlet != one.again.original.outlet
        else one.again.original.parties
        for one in undone
    }


async def book(tx: Tx, undone: Sequence[tuple[int, Undone, Parties]]) -> Moved:
    """Books facts that are recorded, each with its number and with whom it concerns."""
    sales: Mapping[int, Original] = {one.again.original.no: one.again.original for _, one, _ in undone}
    await originals.mark_taken_back(tx, sales.values())
    posted = [
        transfer
        for no, one, parties in undone
        for transfer in post_again(Fact(no, business_day(one.at)), parties, one.again.totals)
    ]
    await ledger.add_transfers(tx, posted)
    await _resell(tx, [one for _, one, _ in undone if one.again.quantity])
    return await stock.move_balances(tx, [_movement(no, one) for no, one, _ in undone if one.again.quantity])


def _movement(no: int, one: Undone) -> Movement:
    return Movement(no, one.at, -one.again.quantity, "return-voided", one.returned.outlet, one.again.original.sku)


async def _resell(tx: Tx, undone: Sequence[Undone]) -> None:
    """What something else has moved since stays where that is."""
    sales = {one.again.original.serial: one.again.original for one in undone if one.again.original.serial}
    known = await units.lock_units(tx, [serial for serial in sales if serial]) if sales else {}
    free = [unit for unit in known.values() if can_be_resold(unit, sales[unit.serial])]
    await units.mark_units(tx, [resell(unit, sales[unit.serial]) for unit in free])


async def _wake_refused(tx: Tx, undone: Sequence[Undone], now: datetime) -> None:
    """Pieces that had come back by mistake can come back."""
    sales = [one.again.original for one in undone if one.again.quantity]
    subjects = await storage.list_too_many(tx, {(sale.receipt, sale.line, sale.outlet) for sale in sales})
    if subjects:
        await parked.wake(tx, "more_than_sold", now, subjects=subjects)


def told(one: Undone) -> ReturnVoided:
    returned, again = one.returned, one.again
    return ReturnVoided(
        return_id=returned.return_id,
        sale_id=again.original.sale_id,
        outlet=returned.outlet,
        sku=again.original.sku,
        quantity=again.quantity,
        net=again.totals.net,
        outlet_share=again.totals.outlet,
        programme_share=again.totals.programme,
        shares=backs.shares_of(again),
        voided_at=one.at,
        original_outlet=again.original.outlet,
        till=returned.till,
        receipt=returned.receipt,
        line=returned.line,
        serial=again.original.serial,
        taken=list(again.taken),
    )
