"""Books what tills report as sold: a whole batch with a handful of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.sales.domain import sales
from services.sales.domain.feed import Key, facts_of_sale, key_of, line_changed
from services.sales.domain.ledger import Fact, Transfer, post_sale
from services.sales.domain.sales import Known, SoldLine
from services.sales.domain.stock import Movement
from services.sales.storage import ledger, outlets, products, stock
from services.sales.storage import sales as storage
from shared.contracts.outlets import SaleReported
from shared.contracts.sales import ItemSold, Share, StockDeficitRaised
from shared.db import Tx
from shared.errors import KaryaError
from shared.runtime.envelope import Received, named_id
from shared.runtime.handler import Caused, Ignored, Outcome, Refused

Report = Received[SaleReported]


@dataclass(frozen=True, slots=True)
class Booked:
    """A recorded sale: its report, its id and number, and what it gives to whom."""

    report: Report
    sale_id: UUID
    no: int
    line: SoldLine


async def record_sales(reports: Sequence[Report], tx: Tx) -> list[Outcome]:
    """Sale, split, transfers and stock of every line that is new and can be booked; the others say why not."""
    known = Known(
        await outlets.get_outlets(tx, {report.data.outlet for report in reports}),
        await products.get_products(tx, {report.data.sku for report in reports}),
    )
    bookable: dict[Key, tuple[UUID, Report, SoldLine]] = {}
    others: list[tuple[Report, KaryaError | None]] = []
    for report in reports:
        key, verdict = key_of(report.data), sales.judge(report.data, known, report.now)
        if isinstance(verdict, KaryaError):
            others.append((report, verdict))
        elif key in bookable:
            others.append((report, None))
        else:
            bookable[key] = (_sale_id(report.data), report, verdict)
    numbers = await storage.add_sales(tx, bookable.values())
    others += [(report, None) for sale_id, report, _ in bookable.values() if sale_id not in numbers]
    booked = [
        Booked(report, sale_id, numbers[sale_id], line)
        for sale_id, report, line in bookable.values()
        if sale_id in numbers
    ]
    return await _book(tx, booked) + await _explain(tx, others)


async def _book(tx: Tx, booked: Sequence[Booked]) -> list[Outcome]:
    await storage.add_splits(tx, [(sale.no, sale.line) for sale in booked])
    await ledger.add_transfers(tx, [transfer for sale in booked for transfer in _transfers(sale)])
    balances = await stock.add_movements(tx, [_movement(sale) for sale in booked])
    told: list[Outcome] = [Caused(sale.report, _item_sold(sale)) for sale in booked]
    last = {(sale.report.data.outlet, sale.report.data.sku): sale.report for sale in booked}
    for (outlet, sku), balance in balances.items():
        if balance < 0:
            deficit = StockDeficitRaised(outlet=outlet, sku=sku, missing=-balance)
            told.append(Caused(last[outlet, sku], deficit))
    return told


async def _explain(tx: Tx, others: Sequence[tuple[Report, KaryaError | None]]) -> list[Outcome]:
    """What is recorded comes first: a line that was booked once is a duplicate or a contradiction, nothing else."""
    recorded = await storage.get_facts_of_sales(tx, [key_of(report.data) for report, _ in others])
    outcomes: list[Outcome] = []
    for report, refusal in others:
        facts = recorded.get(key_of(report.data))
        if facts == facts_of_sale(report.data):
            outcomes.append(Ignored(report, "duplicate"))
        elif facts is None and refusal is not None:
            outcomes.append(Refused(report, refusal))
        else:
            outcomes.append(Refused(report, line_changed(report.data)))
    return outcomes


def _sale_id(report: SaleReported) -> UUID:
    return named_id("sale", report.outlet, report.till, report.receipt, report.line)


def _transfers(sale: Booked) -> list[Transfer]:
    return post_sale(Fact(sale.no, sale.line.day), sale.line.parties, sale.line.totals)


def _movement(sale: Booked) -> Movement:
    data = sale.report.data
    return Movement(sale.no, data.sold_at, -data.quantity, "sold", data.outlet, data.sku)


def _item_sold(sale: Booked) -> ItemSold:
    data, totals = sale.report.data, sale.line.totals
    return ItemSold(
        sale_id=sale.sale_id,
        outlet=data.outlet,
        sku=data.sku,
        quantity=data.quantity,
        net=totals.net,
        outlet_share=totals.outlet,
        programme_share=totals.programme,
        shares=[
            Share(maker_id=maker, amount=amount) for maker, amount in zip(sale.line.makers, totals.makers, strict=True)
        ],
        sold_at=data.sold_at,
    )
