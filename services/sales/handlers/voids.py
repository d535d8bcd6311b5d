"""Takes whole receipts and lines back: because their till says so, or a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.sales.domain import voids
from services.sales.domain.calendar import business_day
from services.sales.domain.feed import line_changed
from services.sales.domain.originals import Original
from services.sales.domain.undone import Returned
from services.sales.domain.voids import ReceiptKey, key_of, lines_of
from services.sales.handlers import backs, shelves, twins, undone
from services.sales.handlers.backs import Back
from services.sales.handlers.counts import set_right
from services.sales.storage import counts, doubts, heard, originals
from services.sales.storage import undone as undone_storage
from services.sales.storage import voids as storage
from services.sales.storage.heard import Heard
from services.sales.storage.voids import VoidedLine, Voiding
from shared.contracts.message import Event
from shared.contracts.outlets import VoidReported
from shared.contracts.sales import ReceiptVoided, ReturnVoided, SaleVoided, VoidedSale, VoidSale
from shared.db import Tx
from shared.errors import Conflict, NotFound, NotYet, Unavailable
from shared.runtime.envelope import Received
from shared.runtime.handler import Caused, Ignored, Outcome, Refused

Report = Received[VoidReported]


@dataclass(frozen=True, slots=True)
class Lines:
    """What is recorded of a receipt: sold, and brought back; and the sales that are concerned, by their numbers."""

    sold: Sequence[Original] = ()
    back: Sequence[Returned] = ()
    sale_of: Mapping[int, Original] = field(default_factory=dict)


NOTHING = Lines()


async def record_voids(reports: Sequence[Report], tx: Tx) -> list[Outcome]:
    """Every line of a voided receipt until then is taken back: returns, and what was sold and had not come back."""
    # First of all: a replica that doubts a line of such a receipt has parked it, or sees this void.
    await doubts.lock_receipts(tx, {key_of(report.data) for report in reports})
    found = await _lock_receipts(tx, {key_of(report.data) for report in reports})
    stuck = await _list_moved_on(tx, [report.data for report in reports], found)
    recorded = await storage.get_voided_receipts(tx, [key_of(report.data) for report in reports])
    bookable: dict[ReceiptKey, Report] = {}
    outcomes: list[Outcome] = []
    for report in reports:
        key = key_of(report.data)
        lines = found.get(key, NOTHING)
        refusal = voids.judge(report.data, lines.sold, report.now, lines.back) or stuck.get(report.data.subject)
        if key in recorded:
            outcomes.append(_repeated(report, recorded[key]))
        elif refusal:
            outcomes.append(Refused(report, refusal))
        else:
            recorded[key] = report.data.voided_at
            bookable[key] = report
    # Also a line that is told of after its receipt was voided had a piece that came back.
    told = {(receipt, None, outlet, till) for receipt, outlet, till in recorded.keys() | _waiting(outcomes)}
    await backs.wake_doubted(tx, told, (), reports[0].now)
    return outcomes + await _book(tx, bookable, found)


def _waiting(outcomes: Sequence[Outcome]) -> set[ReceiptKey]:
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    return {key_of(outcome.message.data) for outcome in refused if isinstance(outcome.error, NotYet)}


async def _lock_receipts(tx: Tx, keys: set[ReceiptKey]) -> dict[ReceiptKey, Lines]:
    """With the sales whose pieces came back on them: all are locked together, in one order."""
    numbers, back = await originals.list_receipts(tx, keys), await undone_storage.list_returned(tx, keys)
    wanted = {no for lines in numbers.values() for no in lines} | {one.sale for lines in back.values() for one in lines}
    locked = await originals.lock_originals(tx, wanted)
    return {
        key: Lines([locked[no] for no in numbers.get(key, [])], back.get(key, []), locked)
        for key in numbers.keys() | back.keys()
    }


async def _list_moved_on(
    tx: Tx, reports: Sequence[VoidReported], found: Mapping[ReceiptKey, Lines]
) -> dict[str, NotYet]:
    """Voids of receipts that took a piece back which its buyer cannot have any more, by subject."""
    of_receipt = [(report, found[key_of(report)]) for report in reports if key_of(report) in found]
    back = [
        (lines.sale_of[one.sale], report.subject)
        for report, lines in of_receipt
        for one in voids.returns_of(report.voided_at, lines.back)
    ]
    voided = {line.no for report, lines in of_receipt for line in lines_of(report.voided_at, lines.sold)}
    return await undone.list_moved_on(tx, back, voided) if back else {}


def _repeated(report: Report, voided_at: datetime) -> Outcome:
    if voided_at == report.data.voided_at:
        return Ignored(report, "duplicate_line")
    return Refused(report, line_changed(report.data, ["voided_at"], (voided_at,)))


async def _book(tx: Tx, bookable: Mapping[ReceiptKey, Report], found: Mapping[ReceiptKey, Lines]) -> list[Outcome]:
    numbers = await storage.add_voided_receipts(tx, list(bookable.values()))
    if len(numbers) < len(bookable):
        raise Unavailable("voids_raced", "the same receipt is being voided elsewhere")
    lines = [
        whole(line, Voiding("receipt", report.data.voided_at, numbers[key]))
        for key, report in bookable.items()
        for line in lines_of(report.data.voided_at, found[key].sold)
    ]
    events = await take_back(tx, lines, next(iter(bookable.values())).now) if bookable else []
    again = await _undo_returns(tx, bookable, found, numbers)
    events += again
    await heard.add_heard(tx, [_heard(report, numbers[key], lines, again) for key, report in bookable.items()])
    receipts = [Caused(report, _receipt_voided(report)) for report in bookable.values()]
    return [*receipts, *[Caused(_cause(event, bookable), event) for event in events]]


async def _undo_returns(
    tx: Tx, bookable: Mapping[ReceiptKey, Report], found: Mapping[ReceiptKey, Lines], numbers: Mapping[ReceiptKey, int]
) -> list[undone.Told]:
    """After the lines that were sold: what was taken for a piece, and is that piece again, lies at the outlet then."""
    back = [
        (one, found[key].sale_of[one.sale], numbers[key], report.data.voided_at)
        for key, report in bookable.items()
        for one in voids.returns_of(report.data.voided_at, found[key].back)
    ]
    return await undone.undo(tx, back, next(iter(bookable.values())).now) if back else []


def _heard(report: Report, no: int, lines: Sequence[VoidedLine], again: Sequence[Event]) -> Heard:
    data = report.data
    given_back = sum([line.back.totals.net for line in lines if line.voiding.receipt == no])
    given_back -= sum([
        one.net for one in again
        if isinstance(one, ReturnVoided) and (one.receipt, one.outlet, one.till) == key_of(data)
    ])  # fmt: skip
    return Heard(data.outlet, data.till, business_day(data.voided_at), 1, -given_back, data.till_seq, no)


def _cause(event: Event, bookable: Mapping[ReceiptKey, Report]) -> Report:
    """The void of a line; of what is told of a shelf, one of those that its outlet voided."""
    if isinstance(event, SaleVoided | ReturnVoided):
        return bookable[event.receipt, event.outlet, event.till]
    outlet = getattr(event, "outlet", None)
    return [report for report in bookable.values() if report.data.outlet == outlet][-1]


def whole(line: Original, voiding: Voiding) -> VoidedLine:
    """All that is left of a line. It must be locked and not voided."""
    return VoidedLine(line.take_back(line.left), voiding)


async def take_back(tx: Tx, lines: Sequence[VoidedLine], now: datetime) -> list[Event]:
    """What is left of these lines goes back to their outlets' shelves."""
    numbers = await storage.add_voided_lines(tx, lines)
    if len(numbers) < len(lines):
        raise Unavailable("voids_raced", "the same sale is being taken back elsewhere")
    facts = [_fact(numbers[line.back.original.no], line) for line in lines]
    done = await backs.book(tx, facts, now)
    for line in lines:
        line.back.original.voided = True
    told = [_sale_voided(line, line.back.original.no in done.put_back) for line in lines]
    cleared = await twins.settle(tx, {line.back.original.sale_id for line in lines}, now)
    return [*told, *shelves.told(done.moved), *cleared, *await _explain_counts(tx, lines, now)]


def _fact(no: int, line: VoidedLine) -> Back:
    """A till that voids a sale has the piece in its hand; only of a sale that was none is it still where it was."""
    (back, voiding), original = line, line.back.original
    return Back(no, "void", voiding.at, original.outlet, back, original.parties, voiding.was_none)


async def _explain_counts(tx: Tx, lines: Sequence[VoidedLine], now: datetime) -> list[Event]:
    """Pieces of sales that were none lay there all the time: counts since then have found them.

    What a till tells is looked at by the watch, which has heard of it; nobody hears of what a person says.
    """
    none = [line.back.original for line in lines if line.voiding.was_none and line.back.quantity]
    if not none:
        return []
    since = min([original.sold_at for original in none])
    counted = await counts.list_counted_shelves(tx, {(original.outlet, original.sku) for original in none}, since)
    return await set_right(tx, counted, now)


async def void_late_lines(tx: Tx, spans: Sequence[tuple[int, int]], at: datetime) -> list[Event]:
    """Lines that were told of only after their receipt was voided. `spans`: of numbers that were just recorded."""
    late = await storage.list_late_lines(tx, spans)
    locked = await originals.lock_originals(tx, {row["sale"] for row in late})
    lines = [
        whole(locked[row["sale"]], Voiding("receipt", row["voided_at"], row["receipt"]))
        for row in late
        if not locked[row["sale"]].voided
    ]
    # The voids themselves were counted when they came; only the money of these lines is new.
    await heard.add_heard(tx, [_heard_late(line) for line in lines])
    return await take_back(tx, lines, at)


def _heard_late(line: VoidedLine) -> Heard:
    (back, voiding), original = line, line.back.original
    return Heard(original.outlet, original.till, business_day(voiding.at), 0, -back.totals.net, None, original.no)


async def void_sale(command: Received[VoidSale], tx: Tx) -> tuple[VoidedSale, list[Event]]:
    """A person takes a line back: a till counted it twice, say. Raises NotFound, and Conflict when it is taken back."""
    wanted = command.data
    no = await originals.get_sale_number(tx, wanted.sale_id)
    if no is None:
        raise NotFound("sale_unknown", "there is no such sale")
    line = (await originals.lock_originals(tx, [no]))[no]
    if line.voided:
        raise Conflict("sale_voided", "this sale has been taken back")
    taken = whole(line, Voiding("person", command.now, by=command.actor, reason=wanted.reason))
    events = await take_back(tx, [taken], command.now)
    quantity = taken.back.quantity
    reply = VoidedSale(sale_id=wanted.sale_id, quantity=quantity, voided_at=command.now, reason=wanted.reason)
    return reply, events


def _receipt_voided(report: Report) -> ReceiptVoided:
    data = report.data
    return ReceiptVoided(
        outlet=data.outlet,
        till=data.till,
        receipt=data.receipt,
        voided_at=data.voided_at,
        till_seq=data.till_seq,
    )


def _sale_voided(line: VoidedLine, put_back: bool) -> SaleVoided:
    """What a person wrote stays here: it may name somebody."""
    (back, voiding), original = line, line.back.original
    return SaleVoided(
        sale_id=original.sale_id,
        outlet=original.outlet,
        shares=backs.shares_of(back),
        voided_at=voiding.at,
        sku=original.sku,
        serial=original.serial,
        quantity=back.quantity,
        net=back.totals.net,
        outlet_share=back.totals.outlet,
        programme_share=back.totals.programme,
        kind=voiding.kind,
        reason=voiding.reason if voiding.kind == "overruled" else None,
        till=original.till,
        receipt=original.receipt,
        line=original.line,
        put_back=put_back,
    )
