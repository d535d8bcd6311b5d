"""Sales with the split, the transfers and the pieces that their events tell of."""

from collections.abc import Sequence

from services.sales.domain.calendar import business_day
from services.sales.domain.ledger import Fact, post_sale
from services.sales.domain.sales import SoldLine
from services.sales.domain.split import Run, Terms, Totals
from services.sales.domain.stock import Movement
from services.sales.domain.units import SOLD, Unit
from services.sales.replay import before
from services.sales.replay.links import Family, Links, Thing, as_report, at_outlets, of_makers
from services.sales.replay.posting import Accounts, accounts_of, totals_of
from services.sales.storage import ledger, stock, units
from services.sales.storage import sales as storage
from services.sales.storage.sales import NewSale
from shared.contracts.outlets import SaleReported
from shared.contracts.sales import ItemSold
from shared.db import Tx
from shared.runtime.envelope import Received

Sold = Received[ItemSold]
Booked = tuple[int, NewSale]


async def project_sold(tx: Tx, sold: Sequence[Sold]) -> None:
    makers = {share.maker_id for message in sold for share in message.data.shares}
    accounts = await accounts_of(tx, {message.data.outlet for message in sold}, makers)
    sales = [_sale(message, accounts) for message in sold]
    numbers = await storage.add_sales(tx, sales)
    booked = [(numbers[sale.sale_id], sale) for sale in sales if sale.sale_id in numbers]
    await storage.add_splits(tx, [(no, sale.line) for no, sale in booked])
    posted = [post_sale(Fact(no, sale.line.day), sale.line.parties, sale.line.totals) for no, sale in booked]
    await ledger.add_transfers(tx, [transfer for transfers in posted for transfer in transfers])
    await stock.move_balances(tx, [_movement(one) for one in booked])
    past = {message.data.sale_id for message in sold if message.data.past}
    await _sell_units(tx, [(no, sale) for no, sale in booked if sale.sale_id not in past])


def _sale(message: Sold, accounts: Accounts) -> NewSale:
    told = message.data
    totals, day = totals_of(told), business_day(told.sold_at)
    line = SoldLine(
        day=day,
        terms=Terms(told.agreed_from or day, 0, 0),
        makers=tuple([share.maker_id for share in told.shares]),
        parties=accounts.parties(told.outlet, told.outlet, [share.maker_id for share in told.shares]),
        runs=runs_of(told, totals),
        totals=totals,
        list_price=told.list_price,
        promo_cost=told.promo_cost,
        outlet_bears=told.outlet_bears,
        remarks=tuple(told.remarks),
    )
    return NewSale(told.sale_id, told.version, as_report(message, _report(told)), line)


def _report(told: ItemSold) -> SaleReported:
    """What the till said: it was judged long ago."""
    names = SaleReported.model_fields.keys() & ItemSold.model_fields.keys()
    facts = {name: getattr(told, name) for name in names}
    return SaleReported.model_construct(**facts | ({} if told.receipt else before.facts_of(told)))


def runs_of(told: ItemSold, totals: Totals) -> tuple[Run, ...]:
    """The pieces as they are told; without that, by dividing the line."""
    if told.pieces:
        return tuple([Run(one.units, one.net, one.outlet, one.programme, tuple(one.makers)) for one in told.pieces])
    return before.divide(told.quantity, totals)


def _movement(one: Booked) -> Movement:
    no, sale = one
    data = sale.report.data
    return Movement(no, data.sold_at, -data.quantity, "sold", data.outlet, data.sku)


async def _sell_units(tx: Tx, booked: Sequence[Booked]) -> None:
    """By sales that are not `past`. The first events did not say so; what they tell of a sold piece is its past."""
    named = {sale.report.data.serial: (no, sale.report.data) for no, sale in booked if sale.report.data.serial}
    if not named:
        return
    known = await units.lock_units(tx, [serial for serial in named if serial])
    new, moved = [], []
    for serial, (no, data) in named.items():
        unit = known.get(serial or "")
        if unit is None:
            new.append(Unit(data.serial or "", data.sku, SOLD, data.outlet, no, data.sold_at))
        elif unit.state != SOLD:
            moved.append(unit.sell(no, data.outlet, data.sold_at))
    await units.add_units(tx, new)
    await units.mark_units(tx, moved)


def _needs(event: ItemSold) -> list[Thing]:
    return [*at_outlets(event.outlet), *of_makers([share.maker_id for share in event.shares])]


FAMILY = Family(
    project_sold,
    {
        ItemSold: Links(
            needs=_needs,
            gives=lambda event: [("sale", str(event.sale_id))],
            pieces=lambda event: [event.serial] if event.serial else [],
        )
    },
)
