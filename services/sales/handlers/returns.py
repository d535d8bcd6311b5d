"""Books what tills report as brought back: the stored split of the same pieces, reversed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.sales.domain import returns
from services.sales.domain.feed import Facts, Key, facts_of_return, key_of, line_changed
from services.sales.domain.ledger import Fact, Transfer, post_return
from services.sales.domain.returns import Original, OriginalLine, ReturnedLine, original_line
from services.sales.domain.stock import Movement
from services.sales.storage import ledger, stock
from services.sales.storage import returns as storage
from shared.contracts.outlets import ReturnReported
from shared.contracts.sales import ItemReturned, Share
from shared.db import Row, Tx
from shared.errors import KaryaError, Unavailable
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
    named = {line for report in reports if (line := original_line(report.data))}
    # The lock comes before the look at what is recorded: a replica that books the same return holds it until then.
    originals = await storage.lock_originals(tx, named)
    recorded = await storage.get_facts_of_returns(tx, [key_of(report.data) for report in reports])
    bookable: list[tuple[UUID, Report, ReturnedLine]] = []
    outcomes: list[Outcome] = []
    blind: list[Report] = []
    for report in reports:
        verdict = _judge(report, recorded, originals)
        if isinstance(verdict, ReturnedLine):
            recorded[key_of(report.data)] = facts_of_return(report.data)
            bookable.append((_return_id(report.data), report, verdict))
        elif verdict is None:
            blind.append(report)
        else:
            outcomes.append(verdict)
    return outcomes + await _refuse_blind(tx, blind) + await _book(tx, bookable)


def _judge(
    report: Report, recorded: Mapping[Key, Facts], originals: Mapping[OriginalLine, Sequence[Original]]
) -> ReturnedLine | Outcome | None:
    """The return to book, or what becomes of it; None: it does not say which sale it belongs to."""
    facts = recorded.get(key_of(report.data))
    if facts is not None:
        same = facts == facts_of_return(report.data)
        return Ignored(report, "duplicate") if same else Refused(report, line_changed(report.data))
    if original_line(report.data) is None:
        return None
    verdict = returns.judge(report.data, originals, report.now)
    return Refused(report, verdict) if isinstance(verdict, KaryaError) else verdict


async def _book(tx: Tx, bookable: Sequence[tuple[UUID, Report, ReturnedLine]]) -> list[Outcome]:
    numbers = await storage.add_returns(tx, bookable)
    if len(numbers) < len(bookable):
        # Another replica has just booked such a line as a return of another sale. Judged again, it is a conflict.
        raise Unavailable("returns_raced", "the same return line is being recorded elsewhere")
    booked = [Booked(report, return_id, numbers[return_id], line) for return_id, report, line in bookable]
    await storage.mark_returned(tx, {sale.line.original.no: sale.line.original for sale in booked}.values())
    await ledger.add_transfers(tx, [transfer for one in booked for transfer in _transfers(one)])
    await stock.add_movements(tx, [_movement(one) for one in booked])
    return [Caused(one.report, _item_returned(one)) for one in booked]


async def _refuse_blind(tx: Tx, reports: Sequence[Report]) -> list[Outcome]:
    found = await storage.list_candidates(tx, [report.data for report in reports])
    return [
        Refused(report, returns.blind(report.data, [_candidate(row) for row in rows]))
        for report, rows in zip(reports, found, strict=True)
    ]


def _candidate(row: Row) -> dict[str, object]:
    return {
        "sale_id": str(row["sale_id"]),
        "till": row["till"],
        "receipt": row["receipt"],
        "line": row["line"],
        "unit_price": row["unit_price"],
        "left": row["left"],
        "sold_at": row["sold_at"].isoformat(),
    }


def _return_id(report: ReturnReported) -> UUID:
    return named_id("return", report.outlet, report.till, report.receipt, report.line)


def _transfers(one: Booked) -> list[Transfer]:
    return post_return(Fact(one.no, one.line.day), one.line.original.parties, one.line.totals)


def _movement(one: Booked) -> Movement:
    data = one.report.data
    return Movement(one.no, data.returned_at, data.quantity, "returned", data.outlet, data.sku)


def _item_returned(one: Booked) -> ItemReturned:
    data, totals, original = one.report.data, one.line.totals, one.line.original
    return ItemReturned(
        return_id=one.return_id,
        sale_id=original.sale_id,
        outlet=data.outlet,
        sku=data.sku,
        quantity=data.quantity,
        net=totals.net,
        outlet_share=totals.outlet,
        programme_share=totals.programme,
        shares=[
            Share(maker_id=maker, amount=amount) for maker, amount in zip(original.makers, totals.makers, strict=True)
        ],
        returned_at=data.returned_at,
    )
