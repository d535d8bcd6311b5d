"""The pieces with a serial that a batch of sales names: each is sold once, until it comes back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.sales.domain.feed import Key, Recorded, key_of
from services.sales.domain.findings import BY_ITSELF, Finding, finding_id
from services.sales.domain.findings import opened as finding_opened
from services.sales.domain.findings import settled as finding_settled
from services.sales.domain.sales import SoldLine
from services.sales.domain.units import AT_OUTLET, SOLD, Unit, judge_unit, piece_of
from services.sales.handlers.backs import ALREADY_SOLD
from services.sales.storage import doubts, findings
from services.sales.storage import sales as sale_storage
from services.sales.storage import units as storage
from shared.contracts.outlets import SaleReported
from shared.contracts.sales.tills import FindingKind
from shared.db import Tx
from shared.errors import Conflict, KaryaError, Unavailable
from shared.runtime.envelope import Received
from shared.runtime.handler import Caused, Refused

Report = Received[SaleReported]
ELSEWHERE = "piece_elsewhere"
NOT_BOOKED = -1
"""Stands for a sale of this batch that has no number yet."""


@dataclass(slots=True)
class Pieces:
    """What is known of these pieces; `recorded`: of the lines that name one, so that a repeat is no second sale."""

    units: dict[str, Unit] = field(default_factory=dict)
    recorded: dict[Key, list[Recorded]] = field(default_factory=dict)
    back_at: dict[Key, datetime] = field(default_factory=dict)
    moved_on: frozenset[Key] = frozenset()
    known: frozenset[str] = frozenset()
    taken: dict[str, Key] = field(default_factory=dict)
    """The line of this batch that each piece goes with; another one that names it belongs to its past."""

    def judge(self, report: SaleReported, line: SoldLine | KaryaError) -> SoldLine | KaryaError:
        """The line, or why this piece cannot have been sold (yet). Counts it as sold if it can.

        What contradicts what is known of the piece comes before what is not known of the line.
        """
        piece = _piece(report)
        unit = self.units.get(piece)
        moved_on = key_of(report) in self.moved_on
        error = judge_unit(report, unit, self.back_at.get(key_of(report)), moved_on)
        if isinstance(error, Conflict) or (error and isinstance(line, SoldLine)):
            return error
        if isinstance(line, KaryaError):
            return line
        if moved_on or (unit and unit.state == SOLD):
            return line  # it belongs to the piece's past
        new = unit or Unit(piece, report.sku, AT_OUTLET, report.outlet, None, report.sold_at)
        self.units[piece] = new.sell(NOT_BOOKED, report.outlet, report.sold_at)
        self.taken[piece] = key_of(report)
        return line._replace(remarks=(*line.remarks, ELSEWHERE)) if new.lies_elsewhere(report.outlet) else line

    def is_past(self, report: SaleReported) -> bool:
        """Whether this line, which is booked, leaves its piece where a later one has put it."""
        return bool(report.serial) and self.taken.get(_piece(report)) != key_of(report)


async def look(tx: Tx, reports: Sequence[Report]) -> Pieces:
    """Locks the pieces that the batch names."""
    named = {_piece(report.data) for report in reports if report.data.serial}
    if not named:
        return Pieces()
    keys = [key_of(report.data) for report in reports if report.data.serial]
    units = await storage.lock_units(tx, named)
    moved_on = await _list_moved_on(tx, reports, units)
    # Also a piece that several name: with the first of them it is sold.
    times = Counter([_piece(report.data) for report in reports if report.data.serial])
    sold = {piece for piece in times if times[piece] > 1 or (piece in units and units[piece].state == SOLD)}
    doubted = {
        key_of(report.data): _piece(report.data)
        for report in reports
        if _piece(report.data) in sold or key_of(report.data) in moved_on
    }
    await doubts.lock_receipts(tx, {(receipt, outlet, till) for receipt, _, outlet, till in doubted})
    return Pieces(
        units,
        await sale_storage.get_recorded_sales(tx, keys),
        await doubts.get_awaited_backs(tx, doubted),
        moved_on,
        frozenset(units),
    )


async def _list_moved_on(tx: Tx, reports: Sequence[Report], units: Mapping[str, Unit]) -> frozenset[Key]:
    """Lines whose piece was brought back by the buyer of a later sale. Who insists knows better."""
    later = {
        key_of(report.data): unit.cause
        for report in reports
        if (unit := units.get(_piece(report.data))) and unit.cause and unit.came_after(report.data.sold_at)
        if not report.overrules
    }
    backs = await doubts.list_backs(tx, later.values())
    return frozenset([key for key, cause in later.items() if cause in backs])


async def keep(tx: Tx, pieces: Pieces, booked: Sequence[tuple[Report, int]]) -> None:
    """Says where the sold ones are now. `booked`: each with the number of its sale."""
    moved = [
        unit.sell(no, unit.outlet or "", unit.since)
        for report, no in booked
        if (unit := pieces.units.get(_piece(report.data))) and pieces.taken.get(unit.serial) == key_of(report.data)
    ]
    fresh = [unit for unit in moved if unit.serial not in pieces.known]
    if await storage.add_units(tx, fresh) < len(fresh):
        raise Unavailable("units_raced", "the same piece is being sold elsewhere")
    await storage.mark_units(tx, [unit for unit in moved if unit.serial in pieces.known])


async def find(
    tx: Tx, pieces: Pieces, booked: Sequence[tuple[Report, Sequence[str]]], refused: Sequence[Refused]
) -> list[Caused]:
    """What a person should look at: a piece that two tills sold, or that lay elsewhere. `booked`: with its remarks."""
    found = [(outcome.message, _conflict(outcome.message, pieces)) for outcome in refused if _is_conflict(outcome)]
    found += [(report, _elsewhere(report, pieces)) for report, said in booked if _lay_elsewhere(report, said)]
    opened = {one.finding_id for one in await findings.open_findings(tx, [finding for _, finding in found])}
    told = [Caused(report, finding_opened(finding)) for report, finding in found if finding.finding_id in opened]
    return told + await _settle(tx, [report for report, _ in booked if report.data.serial])


def _is_conflict(outcome: Refused) -> bool:
    return outcome.error.code == ALREADY_SOLD


def _lay_elsewhere(report: Report, remarks: Sequence[str]) -> bool:
    """Not when a person has said so: then she knows."""
    return ELSEWHERE in remarks and not report.overrules


async def _settle(tx: Tx, booked: Sequence[Report]) -> list[Caused]:
    """A sale that was doubted and is booked after all is no conflict any more."""
    by_id = {_finding("serial-conflict", report).finding_id: report for report in booked}
    done = await findings.settle_findings(tx, by_id, BY_ITSELF, "the sale is booked", booked[0].now) if booked else []
    return [
        Caused(by_id[finding.finding_id], finding_settled(finding, BY_ITSELF, by_id[finding.finding_id].now))
        for finding in done
    ]


def _piece(report: SaleReported) -> str:
    return piece_of(report.outlet, report.serial) or ""


def _conflict(report: Report, pieces: Pieces) -> Finding:
    """With the sale that stands, as long as the buyer of that has the piece."""
    unit = pieces.units.get(_piece(report.data))
    if unit is None or unit.state != SOLD:
        return _finding("serial-conflict", report)
    return _finding("serial-conflict", report, recorded={"outlet": unit.outlet, "sold_at": unit.since.isoformat()})


def _elsewhere(report: Report, pieces: Pieces) -> Finding:
    """With where it should have been: there somebody has to look."""
    was = pieces.units[_piece(report.data)].was
    return _finding("piece-elsewhere", report, **({"was": {"state": was.state, "outlet": was.outlet}} if was else {}))


def _finding(kind: FindingKind, report: Report, **more: object) -> Finding:
    data = report.data
    detail = {"serial": data.serial, "sku": data.sku, "receipt": data.receipt, "line": data.line} | more
    about = finding_id(kind, data.serial, data.outlet, data.till, data.receipt, data.line)
    return Finding(about, kind, data.outlet, data.till, data.serial or "", detail, report.now)
