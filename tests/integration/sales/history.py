"""A rich history of a house: everything that can move a rupiah or a piece happens at least once."""

from datetime import date, timedelta
from uuid import UUID

from shared.contracts.catalog import (
    FundedBy,
    PriceChanged,
    ProductApproved,
    PromotionEnded,
    PromotionScheduled,
    UnitsLabelled,
)
from shared.contracts.outlets import TillClosed
from shared.contracts.sales import (
    DeliveryLine,
    DispatchDelivery,
    ReceiveDelivery,
    ReceivedLine,
    RegisterOutlet,
    VoidSale,
)
from shared.contracts.sales.books import ClosePeriod
from shared.contracts.sales.goods import (
    ApproveStockCount,
    CancelDelivery,
    CountedLine,
    CountStock,
    RecallStock,
    ReleaseReservation,
    ReserveStock,
    SettleClaim,
    TransferStock,
)
from shared.contracts.sales.paying import RecordResults, RetryRows, RowResult, SendPayout
from shared.contracts.sales.remittances import RecordRemittance, ReverseRemittance
from shared.contracts.sales.rows import PayoutRow
from shared.contracts.sales.settlement import (
    ApprovePayout,
    ApproveWriteOff,
    CancelPayout,
    CancelWriteOff,
    FreezePayout,
    ProposeWriteOff,
    RecordPaid,
)
from shared.contracts.sales.taxes import AddTaxRule
from shared.contracts.training import MakerMoved, MakerRegistered
from shared.runtime.envelope import named_id
from tests.integration.sales.builders import (
    ANI,
    NOON,
    POUCH,
    SHAWL,
    SRI,
    WATI,
    a_product,
    a_return,
    a_sale,
    a_void,
    paid_at_once,
)
from tests.integration.sales.lending import borrow
from tests.integration.sales.town import FINANCE, Town

SERIALS = [f"29{n:011}" for n in range(1, 9)]
HOUR = timedelta(hours=1)


async def open_house(town: Town) -> None:
    """Three makers, two products, a promotion, labels, two outlets."""
    since = date(2026, 1, 1)
    await town.tell(
        *[
            MakerRegistered(maker_id=maker, rusun=rusun, cooperative=f"kop-{rusun}", since=since)
            for maker, rusun in ((ANI, "pulogebang"), (WATI, "pulogebang"), (SRI, "daan-mogot"))
        ],
        MakerMoved(maker_id=SRI, rusun="pulogebang", cooperative="kop-pulogebang", since=date(2026, 11, 1)),
        _listed(a_product(SHAWL, {ANI: 1})),
        _listed(a_product(POUCH, {ANI: 50, WATI: 30, SRI: 20})),
        PriceChanged(sku=POUCH, price=349_900, valid_from=NOON - 48 * HOUR, floor=200_000),
        _promotion("LEBARAN", FundedBy(outlet_bps=0, programme_bps=10_000, makers_bps=0)),
        PromotionEnded(promo_id="LEBARAN", ends_at=NOON + 24 * HOUR),
        UnitsLabelled(sku=SHAWL, serials=SERIALS),
    )
    for code, outlet_bps in (("citos", 2500), ("pim", 3000)):
        await town.ask(RegisterOutlet(code=code, name=code.title(), place="Jakarta Selatan"))
        await town.ask(paid_at_once(code=code, valid_from=since, outlet_bps=outlet_bps, programme_bps=1000))
    again = {"remits": "weekly", "grace_days": 3}
    await town.ask(
        paid_at_once(code="citos", valid_from=date(2026, 11, 21), outlet_bps=2300, programme_bps=1100, **again)
    )


def _listed(product: ProductApproved) -> ProductApproved:
    return product.model_copy(update={"price_from": NOON - 1000 * HOUR})


def _promotion(promo_id: str, funded_by: FundedBy) -> PromotionScheduled:
    return PromotionScheduled(
        promo_id=promo_id,
        title="Lebaran",
        discount_bps=3000,
        funded_by=funded_by,
        valid_from=NOON - 100 * HOUR,
        valid_to=NOON + 100 * HOUR,
    )


async def move_goods(town: Town) -> None:
    """Consignments with what was missing and damaged of them, a transfer, a recall, one that was called off."""
    first = await town.ask(
        DispatchDelivery(
            outlet="citos",
            lines=[
                DeliveryLine(sku=SHAWL, quantity=6, serials=SERIALS[:6]),
                DeliveryLine(sku=POUCH, quantity=40),
            ],
        )
    )
    arrived = [
        ReceivedLine(sku=SHAWL, received=4, damaged=1, serials=SERIALS[:4], damaged_serials=[SERIALS[4]]),
        ReceivedLine(sku=POUCH, received=35, damaged=2),
    ]
    await town.ask(ReceiveDelivery(delivery_id=first.delivery_id, lines=arrived))
    await _settle(town, first.delivery_id)
    moved = await town.ask(
        TransferStock(
            from_outlet="citos",
            outlet="pim",
            lines=[DeliveryLine(sku=POUCH, quantity=5), DeliveryLine(sku=SHAWL, quantity=1, serials=[SERIALS[3]])],
        )
    )
    await town.ask(ReceiveDelivery(delivery_id=moved.delivery_id))
    gone = [DeliveryLine(sku=SHAWL, quantity=1, serials=[SERIALS[2]])]
    recalled = await town.ask(RecallStock(outlet="citos", lines=gone, reason="a stain"))
    await town.ask(ReceiveDelivery(delivery_id=recalled.delivery_id))
    sent = await town.ask(DispatchDelivery(outlet="pim", lines=[DeliveryLine(sku=POUCH, quantity=3)]))
    await town.ask(CancelDelivery(delivery_id=sent.delivery_id, reason="the wrong outlet"))
    under_way = [DeliveryLine(sku=SHAWL, quantity=1, serials=[SERIALS[6]])]
    await town.ask(DispatchDelivery(outlet="pim", lines=under_way))


async def _settle(town: Town, delivery_id: object) -> None:
    """One pouch was found; the others and the shawls stay what they are, but one that was mended."""
    missing = named_id("claim", delivery_id, POUCH, "missing")
    await town.ask(SettleClaim(claim_id=missing, resolution="found", quantity=1))
    await town.ask(SettleClaim(claim_id=missing, resolution="lost"))
    await town.ask(SettleClaim(claim_id=named_id("claim", delivery_id, SHAWL, "damaged"), resolution="repaired"))


async def sell(town: Town) -> None:
    """Odd splits, a share below 0, a promotion, returns here and there, voids, words that a person overrules."""
    await town.report(
        a_sale(receipt="A-1", sku=POUCH, quantity=3, unit_price=349_900, discount=50_000, till_seq=1),
        a_sale(receipt="A-2", unit_price=100_000, till_seq=2),
        a_sale(receipt="A-3", sku=POUCH, quantity=2, unit_price=244_930, promo_id="LEBARAN", exchange="E-1"),
        a_sale(receipt="A-4", serial=SERIALS[0]),
        a_sale(receipt="A-5", serial=SERIALS[1], sold_at=NOON - 40 * HOUR),
        a_sale(receipt="A-6", sku=POUCH, quantity=4, unit_price=349_900, line=1),
        a_sale(receipt="A-6", sku=SHAWL, line=2),
        a_sale(receipt="A-7", sku=POUCH, unit_price=0),
        a_sale(receipt="own", serial="X-77", sku=SHAWL),
        a_sale(receipt="P-1", outlet="pim", sku=POUCH, quantity=7, unit_price=349_901, discount=3),
    )
    await town.report(
        a_return(receipt="R-1", sku=POUCH, quantity=2, original_receipt="A-1"),
        a_return(receipt="R-2", outlet="pim", serial=SERIALS[0], original_receipt=None, original_line=None),
        a_return(receipt="R-3", sku=POUCH, original_receipt="A-6", original_line=1, exchange="E-1"),
        a_return(receipt="R-4", outlet="citos", sku=POUCH, original_outlet="pim", original_receipt="P-1"),
    )
    await town.report(a_sale(receipt="P-2", outlet="pim", serial=SERIALS[0], sold_at=NOON))
    await town.report(a_void(receipt="R-4", voided_at=NOON))
    await town.report(a_void(receipt="A-6", voided_at=NOON), a_void(receipt="P-2", outlet="pim", voided_at=NOON))
    await town.report(a_sale(receipt="A-6", line=3, sku=POUCH, unit_price=349_900))
    await town.look()
    await town.ask(VoidSale(sale_id=named_id("sale", "citos", "till-1", "A-2", 1), reason="told twice"))
    await town.report(a_sale(receipt="A-7", sku=POUCH, unit_price=300_000))
    await town.insist(a_sale(receipt="A-7", sku=POUCH, unit_price=300_000))
    await town.insist(a_sale(receipt="P-3", outlet="pim", serial=SERIALS[1], sold_at=NOON - 2 * HOUR))
    await _sell_by_mistake(town)
    closed = TillClosed(outlet="citos", till="till-1", business_date="2026-11-21", events=2, total=1, till_seq=9)
    await town.report(closed)
    await town.insist(closed.model_copy(update={"total": 2}))
    await town.look()


async def _sell_by_mistake(town: Town) -> None:
    """One piece that is on its way to PIM, and one that lies there: both are where they were."""
    await town.report(a_sale(receipt="E-1", serial=SERIALS[6]), a_sale(receipt="E-2", serial=SERIALS[3]))
    await town.ask(VoidSale(sale_id=named_id("sale", "citos", "till-1", "E-1", 1), reason="the wrong serial"))
    await town.report(a_void(receipt="E-2", voided_at=NOON))


async def count_shelves(town: Town) -> None:
    """A count that is approved and then explained in part by a late sale; one that is not; pieces that are held."""
    at = NOON - 30 * timedelta(minutes=1)
    lines = [CountedLine(sku=POUCH, counted=9), CountedLine(sku=SHAWL, counted=0)]
    count = await town.ask(CountStock(code="citos", counted_at=at, lines=lines))
    await town.ask(ApproveStockCount(count_id=count.count_id))
    await town.report(a_sale(receipt="late", sku=POUCH, quantity=2, unit_price=349_900, sold_at=NOON - 20 * HOUR))
    await town.look()
    await town.ask(VoidSale(sale_id=named_id("sale", "citos", "till-1", "late", 1), reason="told twice"))
    await town.ask(CountStock(code="pim", counted_at=NOON, lines=[CountedLine(sku=POUCH, counted=1)]))
    held = await town.ask(ReserveStock(code="citos", sku=POUCH, quantity=2, client="A bank"))
    await town.ask(ReserveStock(code="citos", sku=POUCH, quantity=1, client="A school"))
    await town.ask(ReleaseReservation(reservation_id=held.reservation_id))


async def _pay(town: Town, payout_id: UUID) -> None:
    """One row is held and then paid, one fails and is paid when it is tried again, all others at once."""
    sent = await town.ask(SendPayout(payout_id=payout_id), FINANCE)
    doubt, lost = sent.rows[:2]

    async def hear(**outcomes: PayoutRow) -> None:
        results = [RowResult(attempt_key=row.attempt_key, outcome=outcome) for outcome, row in outcomes.items()]
        await town.ask(RecordResults(payout_id=payout_id, results=results), FINANCE)

    await hear(unknown=doubt, failed=lost)
    await hear(paid=doubt)
    await town.ask(RetryRows(payout_id=payout_id, maker_ids=[lost.maker_id]), FINANCE)
    await town.ask(RecordPaid(payout_id=payout_id), FINANCE)


async def remit(town: Town) -> None:
    """Money that settles some sales, or all; what was entered wrong and taken back; what came back elsewhere."""
    today = town.at.date()
    for code, amount in (("citos", 1_000_000), ("pim", 1_500_000)):
        money = {"code": code, "received_on": today, "through": today}
        wrong = await town.ask(RecordRemittance(amount=amount + 1, reference=f"{code}-1", **money), FINANCE)
        await town.ask(ReverseRemittance(remittance_id=wrong.remittance_id, reason="a slip of the pen"), FINANCE)
        await town.ask(RecordRemittance(amount=amount, reference=f"{code}-1", **money), FINANCE)
    await town.ask(RecordRemittance(amount=1, reference="citos-2", **money | {"code": "citos"}), FINANCE)


async def settle(town: Town) -> None:
    """A batch that is paid, one that is cancelled, one that is open; a debt that is written off, one that is not."""
    first = await town.ask(FreezePayout(cooperative="kop-pulogebang"), FINANCE)
    for actor in (FINANCE, "coordinator:rina"):
        await town.ask(ApprovePayout(payout_id=first.payout_id), actor)
    await _pay(town, first.payout_id)
    sold = [a_sale(receipt=f"S-{n}", outlet="pim", sku=POUCH, unit_price=349_900) for n in range(3)]
    await town.report(*sold)
    second = await town.ask(FreezePayout(cooperative="kop-pulogebang"), FINANCE)
    await town.ask(CancelPayout(payout_id=second.payout_id, reason="the wrong day"), FINANCE)
    await town.ask(FreezePayout(cooperative="kop-pulogebang"), FINANCE)
    await town.report(
        a_void(receipt="own", voided_at=NOON),
        a_void(receipt="P-1", outlet="pim", voided_at=NOON),
        a_void(receipt="A-1", voided_at=NOON),
        a_void(receipt="P-3", outlet="pim", voided_at=NOON),
        *[a_void(receipt=one.receipt, outlet="pim", voided_at=NOON) for one in sold],
    )
    debt = await town.ask(ProposeWriteOff(maker_id=ANI, amount=1_000, reason="she has moved away"), FINANCE)
    for actor in (FINANCE, "coordinator:rina"):
        await town.ask(ApproveWriteOff(write_off_id=debt.write_off_id), actor)
    again = await town.ask(ProposeWriteOff(maker_id=ANI, amount=500, reason="again"), FINANCE)
    await town.ask(CancelWriteOff(write_off_id=again.write_off_id, reason="no"), FINANCE)


async def close_a_month(town: Town) -> None:
    """October, and then what comes too late for it."""
    october = NOON - timedelta(days=30)
    await town.report(a_sale(receipt="in-time", sold_at=october))
    for actor in (FINANCE, "coordinator:rina"):
        await town.ask(ClosePeriod(month="2026-10"), actor)
    await town.report(a_sale(receipt="too-late", sold_at=october), a_void(receipt="in-time", voided_at=october + HOUR))


async def live(town: Town) -> None:
    """All of it."""
    await open_house(town)
    await move_goods(town)
    await sell(town)
    await count_shelves(town)
    await remit(town)
    await borrow(town)
    await settle(town)
    await close_a_month(town)
    await town.ask(AddTaxRule(valid_from=date(2027, 1, 1), free=500_000_000, bps=50), FINANCE)
