"""Books what tills report as sold: a whole batch with a handful of statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple
from uuid import UUID

from services.sales.domain import sales
from services.sales.domain.feed import SALE, Key, facts_of_sale, key_of, line_changed
from services.sales.domain.ledger import Fact, Transfer, post_sale
from services.sales.domain.sales import Known, SoldLine
from services.sales.domain.stock import Movement
from services.sales.domain.units import piece_of
from services.sales.handlers import overrule, pieces, shelves
from services.sales.handlers.pieces import Pieces
from services.sales.storage import heard, ledger, stock
from services.sales.storage import sales as storage
from services.sales.storage.heard import Heard
from services.sales.storage.known import Knowledge
from services.sales.storage.sales import NewSale
from shared.contracts.outlets import SaleReported
from shared.contracts.sales import ItemSold, Share
from shared.contracts.sales import Pieces as EqualPieces
from shared.db import Tx
from shared.errors import KaryaError, Unavailable
from shared.runtime.envelope import Received, named_id
from shared.runtime.handler import Caused, Ignored, Last, Outcome, Refused

Report = Received[SaleReported]
KNOWLEDGE = Knowledge()


class Booked(NamedTuple):
    """A recorded sale and its number."""

    no: int
    sale_id: UUID
    version: int
    report: Report
    line: SoldLine


@dataclass(slots=True)
class Sorting:
    """A batch told apart: what may be booked, and what not. No error means: look at what is recorded of the line."""

    versions: dict[Key, int]
    bookable: dict[Key, NewSale] = field(default_factory=dict)
    others: list[tuple[Report, KaryaError | None]] = field(default_factory=list)

    def add(self, report: Report, known: Known, units: Pieces) -> None:
        key = key_of(report.data)
        version = self.versions.get(key, 0)
        if key in self.bookable or (key in units.recorded and not version):
            self.others.append((report, None))
            return
        line = sales.judge(report.data, known, report.now)
        if report.data.serial:
            line = units.judge(report.data, line)
        if isinstance(line, KaryaError):
            self.others.append((report, line))
        else:
            self.bookable[key] = NewSale(_sale_id(report.data, version), version, report, line)


async def record_sales(reports: Sequence[Report], tx: Tx) -> list[Outcome | Last]:
    """Sale, split, transfers and stock of every line that is new and can be booked; the others say why not."""
    versions, made_way = await overrule.make_way(tx, reports)
    known, units = await _know(tx, reports), await pieces.look(tx, reports)
    sorting = Sorting(versions)
    for report in reports:
        sorting.add(report, known, units)
    numbers = await storage.add_sales(tx, sorting.bookable.values())
    booked = [Booked(numbers[sale.sale_id], *sale) for sale in sorting.bookable.values() if sale.sale_id in numbers]
    repeated = [sale.report for sale in sorting.bookable.values() if sale.sale_id not in numbers]
    if any(report.data.serial for report in repeated):
        raise Unavailable("sales_raced", "the same piece is being sold elsewhere")
    outcomes = await _book(tx, booked, units)
    explained = await _explain(tx, [*sorting.others, *[(report, None) for report in repeated]])
    refused = [outcome for outcome in explained if isinstance(outcome, Refused)]
    found = await pieces.find(tx, units, [(sale.report, sale.line.remarks) for sale in booked], refused)
    return [*made_way, *outcomes, *explained, *found]


async def _know(tx: Tx, reports: Sequence[Report]) -> Known:
    return await KNOWLEDGE.get_known(
        tx,
        {report.data.outlet for report in reports},
        {report.data.sku for report in reports},
        {report.data.promo_id for report in reports if report.data.promo_id},
    )


async def _book(tx: Tx, booked: Sequence[Booked], units: Pieces) -> list[Outcome | Last]:
    await storage.add_splits(tx, [(sale.no, sale.line) for sale in booked])
    await ledger.add_transfers(tx, [transfer for sale in booked for transfer in _transfers(sale)])
    await pieces.keep(tx, units, [(sale.report, sale.no) for sale in booked])
    await heard.add_heard(tx, [_heard(sale) for sale in booked])
    sold = [Caused(sale.report, _item_sold(sale, units.is_past(sale.report.data))) for sale in booked]
    # Nearly all transactions move the same shelves: whoever comes second waits for this one's commit.
    return [*sold, Last(partial(_move, booked))]


async def _move(booked: Sequence[Booked], tx: Tx) -> list[Caused]:
    moved = await stock.move_balances(tx, [_movement(sale) for sale in booked])
    last = {(sale.report.data.outlet, sale.report.data.sku): sale.report for sale in booked}
    return [Caused(last[event.outlet, event.sku], event) for event in shelves.told(moved)]


async def _explain(tx: Tx, others: Sequence[tuple[Report, KaryaError | None]]) -> list[Outcome]:
    """What is recorded comes first: a line that was booked once is a duplicate or a contradiction, nothing else."""
    recorded = await storage.get_recorded_sales(tx, [key_of(report.data) for report, _ in others])
    outcomes: list[Outcome] = []
    for report, refusal in others:
        lines = recorded.get(key_of(report.data), [])
        if any(line.facts == facts_of_sale(report.data) for line in lines):
            outcomes.append(Ignored(report, "duplicate_line"))
        elif refusal is not None and (not lines or report.overrules):
            outcomes.append(Refused(report, refusal))
        else:
            changed = line_changed(report.data, SALE, lines[-1].facts) if lines else line_changed(report.data)
            outcomes.append(Refused(report, changed))
    for outcome in outcomes:
        if isinstance(outcome, Refused) and outcome.message.overrules:
            raise outcome.error  # undoes what has made way for it
    return outcomes


def _sale_id(report: SaleReported, version: int) -> UUID:
    again = (version,) if version else ()
    return named_id("sale", report.outlet, report.till, report.receipt, report.line, *again)


def _transfers(sale: Booked) -> list[Transfer]:
    return post_sale(Fact(sale.no, sale.line.day), sale.line.parties, sale.line.totals)


def _movement(sale: Booked) -> Movement:
    data = sale.report.data
    return Movement(sale.no, data.sold_at, -data.quantity, "sold", data.outlet, data.sku)


def _heard(sale: Booked) -> Heard:
    data = sale.report.data
    return Heard(data.outlet, data.till, sale.line.day, 1, sale.line.totals.net, data.till_seq, sale.no)


def _item_sold(sale: Booked, past: bool) -> ItemSold:
    data, line = sale.report.data, sale.line
    shares = [
        Share(maker_id=maker, amount=amount) for maker, amount in zip(line.makers, line.totals.makers, strict=True)
    ]
    return ItemSold(
        sale_id=sale.sale_id,
        outlet=data.outlet,
        sku=data.sku,
        quantity=data.quantity,
        net=line.totals.net,
        outlet_share=line.totals.outlet,
        programme_share=line.totals.programme,
        shares=shares,
        sold_at=data.sold_at,
        till=data.till,
        receipt=data.receipt,
        line=data.line,
        version=sale.version,
        unit_price=data.unit_price,
        discount=data.discount,
        list_price=line.list_price,
        promo_id=data.promo_id,
        promo_cost=line.promo_cost,
        outlet_bears=line.outlet_bears,
        agreed_from=line.terms.valid_from,
        till_seq=data.till_seq,
        serial=piece_of(data.outlet, data.serial),
        exchange=data.exchange,
        remarks=list(line.remarks),
        pieces=_pieces(line),
        past=past,
    )


def _pieces(line: SoldLine) -> list[EqualPieces]:
    """Only when they are not all alike: else it follows from the line."""
    if len(line.runs) == 1:
        return []
    return [
        EqualPieces(units=run.units, net=run.net, outlet=run.outlet, programme=run.programme, makers=list(run.makers))
        for run in line.runs
    ]
