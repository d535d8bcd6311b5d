"""Books what tills report as brought back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.sales.domain import returns
from services.sales.domain.calendar import in_jakarta
from services.sales.domain.feed import RETURN, Facts, Key, facts_of_return, key_of, line_changed
from services.sales.domain.originals import Original
from services.sales.domain.returns import ReturnedLine, piece_named, sold_as
from services.sales.domain.sales import Outlet
from services.sales.domain.undone import Returned
from services.sales.handlers import backs, late_returns, shelves
from services.sales.handlers.backs import Back
from services.sales.handlers.late_returns import Late
from services.sales.storage import doubts, heard, originals, outlets, units
from services.sales.storage import returns as storage
from services.sales.storage.heard import Heard
from shared.contracts.outlets import ReturnReported
from shared.contracts.sales import ItemReturned, ReturnVoided
from shared.db import Row, Tx
from shared.errors import KaryaError, NotYet, Unavailable
from shared.runtime.envelope import Received, named_id
from shared.runtime.handler import Caused, Ignored, Outcome, Refused

Report = Received[ReturnReported]


@dataclass(frozen=True, slots=True)
class Booked:
    """A recorded return: its report, its id and number, and what it takes back of whom."""

    report: Report
    return_id: UUID
    no: int
    line: ReturnedLine


async def record_returns(reports: Sequence[Report], tx: Tx) -> list[Outcome]:
    """Transfers and stock of every return that is new and can be booked; the others say why not."""
    # First of all: who voids such a receipt has taken what is recorded of it back, or waits and sees this.
    await doubts.lock_receipts(tx, {(report.data.receipt, report.data.outlet, report.data.till) for report in reports})
    found = await _lock_meant(tx, reports)
    # Locked before the look at what is recorded: a replica that books the same return holds the sale until then.
    recorded = await storage.get_facts_of_returns(tx, [key_of(report.data) for report in reports])
    payers, strangers = await _get_payers(tx, reports, found)
    late = await late_returns.look(tx, [report.data for report in reports], found)
    bookable: list[tuple[UUID, Report, ReturnedLine]] = []
    outcomes: list[Outcome] = []
    blind: list[Report] = []
    for report, meant in zip(reports, found, strict=True):
        verdict = _judge(report, recorded, meant, strangers, late)
        if isinstance(verdict, ReturnedLine):
            recorded[key_of(report.data)] = facts_of_return(report.data)
            bookable.append((_return_id(report.data), report, verdict))
        elif verdict is None:
            blind.append(report)
        else:
            outcomes.append(verdict)
    await _wake_awaited(tx, outcomes, reports[0].now)
    return outcomes + await _refuse_blind(tx, blind) + await _book(tx, bookable, payers, late)


async def _get_payers(
    tx: Tx, reports: Sequence[Report], found: Sequence[Sequence[Original]]
) -> tuple[dict[str, Outlet], set[str]]:
    """The outlets that take back what others sold; and those of them that nobody knows."""
    away = {
        report.data.outlet
        for report, meant in zip(reports, found, strict=True)
        if any(original.outlet != report.data.outlet for original in meant)
    }
    payers = await outlets.get_outlets(tx, away) if away else {}
    return payers, away - payers.keys()


async def _lock_meant(tx: Tx, reports: Sequence[Report]) -> list[list[Original]]:
    """For each report the recorded sales that its line, or else its serial, may mean."""
    lines = await originals.list_lines(tx, {line for report in reports if (line := sold_as(report.data))})
    pieces = {piece for report in reports if not sold_as(report.data) and (piece := piece_named(report.data))}
    of_pieces = await units.list_sales_of_units(tx, pieces)
    meant: list[list[int]] = []
    for report in reports:
        line = sold_as(report.data)
        meant.append(lines.get(line, []) if line else of_pieces.get(piece_named(report.data) or "", []))
    locked = await originals.lock_originals(tx, {no for numbers in meant for no in numbers})
    return [[locked[no] for no in numbers] for numbers in meant]


def _judge(
    report: Report, recorded: Mapping[Key, Facts], meant: Sequence[Original], strangers: Collection[str], late: Late
) -> ReturnedLine | Outcome | None:
    """The return to book, or what becomes of it; None: it does not say which sale it belongs to."""
    facts = recorded.get(key_of(report.data))
    if facts is not None:
        same = facts == facts_of_return(report.data)
        return Ignored(report, "duplicate_line") if same else Refused(report, line_changed(report.data, RETURN, facts))
    if sold_as(report.data) is None and report.data.serial is None:
        return None
    if report.data.outlet in strangers:
        return Refused(report, NotYet("outlet_unknown", f"no outlet {report.data.outlet} is registered"))
    if report.data.subject in late.stuck:
        return Refused(report, late.stuck[report.data.subject])
    verdict = returns.judge(report.data, meant, report.now)
    return Refused(report, verdict) if isinstance(verdict, KaryaError) else verdict


async def _wake_awaited(tx: Tx, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Returns that wait for their sale tell that its piece came back: a sale that was doubted for it may be right."""
    waiting = [o.message.data for o in outcomes if isinstance(o, Refused) and isinstance(o.error, NotYet)]
    if waiting:
        lines = {(*line, report.original_till) for report in waiting if (line := sold_as(report))}
        serials = {report.serial for report in waiting if report.serial and not sold_as(report)}
        await backs.wake_doubted(tx, lines, serials, now)


async def _book(
    tx: Tx, bookable: Sequence[tuple[UUID, Report, ReturnedLine]], payers: Mapping[str, Outlet], late: Late
) -> list[Outcome]:
    if not bookable:
        return []
    numbers = await storage.add_returns(tx, bookable)
    if len(numbers) < len(bookable):
        # Another replica has just booked such a line as a return of another sale. Judged again, it is a conflict.
        raise Unavailable("returns_raced", "the same return line is being recorded elsewhere")
    booked = [Booked(report, return_id, numbers[return_id], line) for return_id, report, line in bookable]
    done = await backs.book(tx, [_back(one, payers) for one in booked], booked[0].report.now)
    await heard.add_heard(tx, [_heard(one) for one in booked])
    last = {(one.report.data.outlet, one.report.data.sku): one.report for one in booked}
    told = [Caused(last[event.outlet, event.sku], event) for event in shelves.told(done.moved)]
    return [*[Caused(one.report, _item_returned(one)) for one in booked], *told, *await _undo_late(tx, booked, late)]


async def _undo_late(tx: Tx, booked: Sequence[Booked], late: Late) -> list[Outcome]:
    """Those of a receipt that had been voided when it was told of them."""
    void_of = {one.no: void for one in booked if (void := late.void_of(one.report.data))}
    undone = [(_recorded(one), one.line.back.original, void_of[one.no]) for one in booked if one.no in void_of]
    events = await late_returns.undo(tx, undone, booked[0].report.now)
    by_id = {one.return_id: one.report for one in booked}
    by_shelf = {(one.report.data.outlet, one.report.data.sku): one.report for one in booked}
    return [
        Caused(by_id[event.return_id] if isinstance(event, ReturnVoided) else by_shelf[event.outlet, event.sku], event)
        for event in events
    ]


def _recorded(one: Booked) -> Returned:
    data, back = one.report.data, one.line.back
    return Returned(
        no=one.no,
        return_id=one.return_id,
        sale=back.original.no,
        returned_at=data.returned_at,
        quantity=data.quantity,
        outlet=data.outlet,
        till=data.till,
        receipt=data.receipt,
        line=data.line,
        taken=back.taken,
    )


def _back(one: Booked, payers: Mapping[str, Outlet]) -> Back:
    """The outlet that takes a piece back pays the buyer; the one that sold it gives its commission back."""
    data, original = one.report.data, one.line.back.original
    elsewhere = data.outlet != original.outlet
    parties = original.paid_out_by(payers[data.outlet].receivable) if elsewhere else original.parties
    return Back(one.no, "return", data.returned_at, data.outlet, one.line.back, parties)


async def _refuse_blind(tx: Tx, reports: Sequence[Report]) -> list[Outcome]:
    found = await storage.list_candidates(tx, [report.data for report in reports])
    return [
        Refused(report, returns.blind(report.data, [_candidate(row) for row in rows]))
        for report, rows in zip(reports, found, strict=True)
    ]


def _candidate(row: Row) -> dict[str, object]:
    return {
        "sale_id": str(row["sale_id"]),
        "outlet": row["outlet"],
        "till": row["till"],
        "receipt": row["receipt"],
        "line": row["line"],
        "unit_price": row["unit_price"],
        "left": row["left"],
        "sold_at": in_jakarta(row["sold_at"]),
    }


def _return_id(report: ReturnReported) -> UUID:
    return named_id("return", report.outlet, report.till, report.receipt, report.line)


def _heard(one: Booked) -> Heard:
    data = one.report.data
    return Heard(data.outlet, data.till, one.line.day, 1, -one.line.back.totals.net, data.till_seq, one.no)


def _item_returned(one: Booked) -> ItemReturned:
    data, back = one.report.data, one.line.back
    return ItemReturned(
        return_id=one.return_id,
        sale_id=back.original.sale_id,
        outlet=data.outlet,
        sku=data.sku,
        quantity=data.quantity,
        net=back.totals.net,
        outlet_share=back.totals.outlet,
        programme_share=back.totals.programme,
        shares=backs.shares_of(back),
        returned_at=data.returned_at,
        original_outlet=back.original.outlet,
        till=data.till,
        receipt=data.receipt,
        line=data.line,
        till_seq=data.till_seq,
        serial=back.original.serial or piece_named(data),
        exchange=data.exchange,
        taken=list(back.taken),
    )
