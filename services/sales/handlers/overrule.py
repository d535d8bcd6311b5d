"""A person has said that a parked report is right: what is recorded against it gives way."""

from collections.abc import Sequence

from services.sales.domain.calendar import business_day
from services.sales.domain.feed import Key, Recorded, facts_of_sale, key_of
from services.sales.domain.units import piece_of
from services.sales.handlers.voids import take_back, whole
from services.sales.storage import heard, originals, sales, units, voids
from services.sales.storage.heard import Heard
from services.sales.storage.voids import Voiding
from shared.contracts.message import Event
from shared.contracts.outlets import SaleReported
from shared.db import Tx
from shared.errors import Rejected
from shared.runtime.envelope import Received
from shared.runtime.handler import Caused

Report = Received[SaleReported]


async def make_way(tx: Tx, reports: Sequence[Report]) -> tuple[dict[Key, int], list[Caused]]:
    """Takes back what contradicts these reports: other facts of their line, another sale of their piece.

    Gives the version that each line is recorded as from now on. Nearly always there is nothing to do.
    """
    insisted = [report for report in reports if report.overrules]
    if not insisted:
        return {}, []
    recorded = await sales.get_recorded_sales(tx, [key_of(report.data) for report in insisted])
    versions: dict[Key, int] = {}
    told: list[Caused] = []
    for report in insisted:
        lines = recorded.get(key_of(report.data), [])
        if any(line.facts == facts_of_sale(report.data) for line in lines):
            continue
        wrong = {line.no for line in lines[-1:]} | await _sales_of_piece(tx, report.data)
        if lines:
            versions[key_of(report.data)] = lines[-1].version + 1
            await heard.add_heard(tx, await _unheard(tx, report.data, lines[-1]))
        events = await _take_back(tx, wrong, report)
        told += [Caused(report, event) for event in events]
    return versions, told


async def _unheard(tx: Tx, report: SaleReported, wrong: Recorded) -> list[Heard]:
    """The till counts this line once, and with the facts that are right; so does its void of the whole receipt."""
    _, quantity, unit_price, discount, sold_at, *_ = wrong.facts
    net = quantity * unit_price - discount
    unheard = [Heard(report.outlet, report.till, business_day(sold_at), -1, -net, None, 0)]
    void = await voids.get_void_of_line(tx, wrong.no)
    if void and void["kind"] == "receipt":
        unheard.append(Heard(report.outlet, report.till, business_day(void["voided_at"]), 0, void["net"], None, 0))
    return unheard


async def _sales_of_piece(tx: Tx, report: SaleReported) -> set[int]:
    piece = piece_of(report.outlet, report.serial)
    return set((await units.get_sales_of_units(tx, [piece])).values()) if piece else set()


async def _take_back(tx: Tx, wrong: set[int], report: Report) -> list[Event]:
    """Raises Rejected when pieces of a line have come back: their returns would be lost with it."""
    lines = [line for line in (await originals.lock_originals(tx, wrong)).values() if not line.voided]
    back = sum([sum(line.taken_back) for line in lines])
    if back:
        raise Rejected("line_partly_returned", f"{report.data.subject}: {back} of the recorded line have come back")
    voiding = Voiding("overruled", report.now, reason=f"report {report.id.hex} is right")
    return await take_back(tx, [whole(line, voiding) for line in lines], report.now)
