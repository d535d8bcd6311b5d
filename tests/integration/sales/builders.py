"""What sales tests are made of: a shop that is open, what its tills report, and what the books say then."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from services.sales.handlers import deliveries, known, outlets, returns, sales, voids
from services.sales.views import ledger, stock
from shared.contracts.catalog import MakerWeight, ProductApproved
from shared.contracts.message import Message
from shared.contracts.outlets import ReturnReported, SaleReported, VoidReported
from shared.contracts.sales import (
    AgreeTerms,
    Delivery,
    DeliveryLine,
    DispatchDelivery,
    GetStock,
    GetTrialBalance,
    ReceiveDelivery,
    RegisterOutlet,
    StockLine,
)
from shared.contracts.training import Craft, MakerRegistered
from shared.db import Pool, Tx
from shared.runtime.envelope import Envelope, Received
from shared.runtime.handler import BatchHandler, Caused, Ignored, Last, Outcome, Refused

M = TypeVar("M", bound=Message)
R = TypeVar("R")
Database = Callable[[str], Awaitable[Pool]]
NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
ANI, WATI, SRI = UUID(int=1), UUID(int=2), UUID(int=3)
UNPRICED = 1
"""A list price below whatever tills charge: what is sold for more is split as paid. Who tests prices says which."""

SHAWL, POUCH = "BTK-0007", "SUL-0001"
"""The shawl is Ani's; the pouch is Ani's, Wati's and Sri's by 50, 30 and 20."""


def received(data: M, now: datetime = NOON) -> Received[M]:
    """`data` as the runtime would hand it over."""
    key = uuid4()
    envelope: Envelope[M] = Envelope(
        specversion="1.0", id=str(key), source="/tests", type=data.wire, time=now, data=data
    )
    return Received(key, data, now, envelope)


async def do(pool: Pool, handle: Callable[[Received[M], Tx], Awaitable[R]], data: M, now: datetime = NOON) -> R:
    """One command or query in a transaction of its own, as the runtime does it."""
    async with pool.acquire() as tx, tx.transaction():
        return await handle(received(data, now), tx)


async def in_full(handle: BatchHandler, batch: Sequence[Received[Any]], tx: Tx) -> list[Outcome]:
    """What a handler says of a batch, its last steps included."""
    outcomes: list[Outcome] = []
    for one in await handle(batch, tx):
        outcomes += await one.step(tx) if isinstance(one, Last) else [one]
    return outcomes


async def hear(pool: Pool, handle: BatchHandler, *data: Message) -> list[Outcome]:
    """A batch of events in a transaction of its own."""
    async with pool.acquire() as tx, tx.transaction():
        return await in_full(handle, [received(one) for one in data], tx)


async def report(pool: Pool, *reports: SaleReported | ReturnReported | VoidReported) -> list[Outcome]:
    """Till reports as one delivery: first the sales, then the returns, then the voids."""
    outcomes: list[Outcome] = []
    for kind, handle in (
        (SaleReported, sales.record_sales),
        (ReturnReported, returns.record_returns),
        (VoidReported, voids.record_voids),
    ):
        same = [one for one in reports if isinstance(one, kind)]
        outcomes += await hear(pool, handle, *same) if same else []
    return outcomes


async def open_shop(
    pool: Pool, outlet: str = "citos", outlet_bps: int = 2500, programme_bps: int = 1000, listed: int = UNPRICED
) -> None:
    """Three makers, two products and an outlet with terms from 1 January 2026 on."""
    await know_products(pool, listed)
    await open_outlet(pool, outlet, outlet_bps, programme_bps)


async def open_outlet(pool: Pool, outlet: str, outlet_bps: int = 2500, programme_bps: int = 1000) -> None:
    await do(pool, outlets.register_outlet, RegisterOutlet(code=outlet, name="Citos", place="Jakarta Selatan"))
    await agree(pool, date(2026, 1, 1), outlet, outlet_bps, programme_bps)


async def agree(
    pool: Pool, since: date, outlet: str = "citos", outlet_bps: int = 2500, programme_bps: int = 1000
) -> None:
    terms = paid_at_once(code=outlet, valid_from=since, outlet_bps=outlet_bps, programme_bps=programme_bps)
    await do(pool, outlets.agree_terms, terms)


def paid_at_once(**terms: Any) -> AgreeTerms:
    """The makers do not wait for the outlet's money: for tests of something else."""
    return AgreeTerms(**({"hold_days": 0, "advances": True} | terms))


async def know_products(pool: Pool, listed: int = 700_000) -> None:
    """Ani lives in Pulogebang, Wati in Komarudin, Sri in Daan Mogot."""
    homes = {ANI: "pulogebang", WATI: "komarudin", SRI: "daan-mogot"}
    since = date(2026, 1, 1)
    makers = [
        MakerRegistered(maker_id=maker, rusun=rusun, cooperative=f"kop-{rusun}", since=since)
        for maker, rusun in homes.items()
    ]
    await hear(pool, known.know_maker, *makers)
    pouch = a_product(POUCH, {ANI: 50, WATI: 30, SRI: 20}, listed)
    await hear(pool, known.list_product, a_product(SHAWL, {ANI: 1}, listed), pouch)


def a_product(sku: str, makers: dict[UUID, int], listed: int = 700_000) -> ProductApproved:
    return ProductApproved(
        submission_id=uuid4(),
        sku=sku,
        title="Made by hand",
        craft=Craft.BATIK,
        price=listed,
        price_from=NOON,
        makers=[MakerWeight(maker_id=maker, weight=weight) for maker, weight in makers.items()],
    )


def a_sale(**other: Any) -> SaleReported:
    """One shawl for Rp700.000 at Citos, an hour ago."""
    facts: dict[str, Any] = {
        "outlet": "citos",
        "till": "till-1",
        "receipt": "536365",
        "line": 1,
        "sku": SHAWL,
        "quantity": 1,
        "unit_price": 700_000,
        "sold_at": NOON - timedelta(hours=1),
    }
    return SaleReported(**(facts | other))


def a_return(**other: Any) -> ReturnReported:
    """The shawl of `a_sale` comes back."""
    facts: dict[str, Any] = {
        "outlet": "citos",
        "till": "till-1",
        "receipt": "C536379",
        "line": 1,
        "sku": SHAWL,
        "quantity": 1,
        "returned_at": NOON,
        "original_receipt": "536365",
        "original_line": 1,
    }
    return ReturnReported(**(facts | other))


def a_void(**other: Any) -> VoidReported:
    """The till takes the receipt of `a_sale` back."""
    facts: dict[str, Any] = {"outlet": "citos", "till": "till-1", "receipt": "536365", "voided_at": NOON}
    return VoidReported(**(facts | other))


async def send(pool: Pool, lines: dict[str, int], outlet: str = "citos") -> Delivery:
    """A delivery on its way."""
    wanted = [DeliveryLine(sku=sku, quantity=quantity) for sku, quantity in lines.items()]
    delivery, _ = await do(pool, deliveries.dispatch_delivery, DispatchDelivery(outlet=outlet, lines=wanted))
    return delivery


async def deliver(pool: Pool, lines: dict[str, int], outlet: str = "citos") -> Delivery:
    """A delivery that has arrived, whole."""
    sent = await send(pool, lines, outlet)
    delivery, _ = await do(pool, deliveries.receive_delivery, ReceiveDelivery(delivery_id=sent.delivery_id))
    return delivery


async def shelf(pool: Pool, sku: str = SHAWL, outlet: str = "citos") -> StockLine | None:
    found = await do(pool, stock.get_stock, GetStock(code=outlet, sku=sku))
    return found.items[0] if found.items else None


async def balances(pool: Pool) -> dict[str, int]:
    """What every account owes (more than 0) or is owed; the ledger's sum is checked on the way."""
    trial = await do(pool, ledger.get_trial_balance, GetTrialBalance())
    assert trial.ledger_sum == 0
    assert all(line.balance == line.debit - line.credit for line in trial.items)
    return {f"{line.kind} {line.owner}": line.balance for line in trial.items}


async def owed(pool: Pool, maker: UUID = ANI) -> int:
    return -(await balances(pool))[f"maker-payable {maker}"]


async def check_stock(pool: Pool) -> int:
    """The stock is the sum of its movements; how many shelves there are."""
    rows = await pool.fetch(
        """
        SELECT outlet, sku, balance, moved FROM stock
        FULL JOIN (SELECT outlet, sku, sum(delta) AS moved FROM stock_movement GROUP BY outlet, sku) m
        USING (outlet, sku)
        """
    )
    assert all(row["balance"] == row["moved"] for row in rows)
    return len(rows)


def told(outcomes: Iterable[Outcome], kind: type[R]) -> list[R]:
    """The events of this kind that were caused."""
    return [one.event for one in outcomes if isinstance(one, Caused) and isinstance(one.event, kind)]


def refused(outcomes: Iterable[Outcome]) -> list[tuple[str, str]]:
    """Kind and code of every refusal."""
    return [(one.error.kind, one.error.code) for one in outcomes if isinstance(one, Refused)]


def ignored(outcomes: Sequence[Outcome]) -> int:
    return sum(isinstance(one, Ignored) and one.reason == "duplicate_line" for one in outcomes)
