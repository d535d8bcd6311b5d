"""The world that feeds are about: three outlets, their agreements, what is sold there, and at which prices."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.catalog import (
    FundedBy,
    MakerWeight,
    PriceChanged,
    ProductApproved,
    PromotionEnded,
    PromotionScheduled,
    UnitsLabelled,
)
from shared.contracts.message import Event
from shared.contracts.sales import RegisterOutlet
from shared.contracts.training import Craft, MakerRegistered
from shared.runtime.envelope import named_id
from tests.integration.properties.lab import START, House, Sent
from tests.integration.sales.builders import paid_at_once

OUTLETS, TILLS = ("citos", "pim", "alun-alun"), ("till-1", "till-2")
ANI, WATI, SRI, TUTI = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)
SHAWL, POUCH, TABLE, LATE = "BTK-0007", "SUL-0001", "KRM-0003", "BTK-0011"
"""Ani's; Ani's, Wati's and Sri's by 50, 30 and 20; Ani's and Wati's by halves; Tuti's, and approved late."""

LABELLED = "2900000000000"
"""A shawl with a label of ours."""

NOBODYS = "XXX-9999"
SKUS = (SHAWL, POUCH, TABLE)
MIDNIGHT = datetime.fromisoformat("2025-11-21T00:00:00+07:00")
"""From this moment on prices, agreements and a promotion are others."""

PROMOTIONS = ("ALL-10", "FUNDED-20", "OVER-15", "ENDED-30", "NOBODYS")
LIST_PRICES = (700_000, 650_000, 349_900, 125_000, 99_990)
EARLY = MIDNIGHT - timedelta(days=300)


async def furnish(house: House) -> None:
    """Everything that is known before the first report."""
    await house.hear(*[own(event) for event in _known()])
    for outlet, before, after in (("citos", 2500, 3000), ("pim", 1500, 1500), ("alun-alun", 3333, 2000)):
        await house.ask(RegisterOutlet(code=outlet, name=outlet, place="Jakarta"))
        await house.ask(paid_at_once(code=outlet, valid_from=date(2025, 1, 1), outlet_bps=before, programme_bps=1000))
        await house.ask(paid_at_once(code=outlet, valid_from=MIDNIGHT.date(), outlet_bps=after, programme_bps=777))


def own(event: Event, at: datetime = EARLY) -> Sent:
    """What a service of ours tells; what it tells twice at one time is the same message."""
    name = named_id("own", at, event.wire, event.model_dump_json())
    return Sent(None, cloud_event(str(name), f"/services/{event.owner()}", at, event))


def cloud_event(name: str, source: str, at: datetime, event: Event) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": name,
        "source": source,
        "type": event.wire,
        "subject": event.subject,
        "time": at.isoformat(),
        "data": event.model_dump(mode="json", exclude_none=True),
    }


def _known() -> list[Event]:
    halves = FundedBy(outlet_bps=5000, programme_bps=3000, makers_bps=2000)
    return [
        *[a_maker(maker) for maker in (ANI, WATI, SRI)],
        a_product(SHAWL, {ANI: 1}, 700_000),
        a_product(POUCH, {ANI: 50, WATI: 30, SRI: 20}, 349_900, floor=300_000),
        a_product(TABLE, {ANI: 1, WATI: 1}, 125_000),
        UnitsLabelled(sku=SHAWL, serials=[LABELLED]),
        PriceChanged(sku=SHAWL, price=650_000, valid_from=MIDNIGHT),
        PriceChanged(sku=TABLE, price=99_990, valid_from=MIDNIGHT),
        a_promotion("ALL-10", 1000, "everyone", EARLY, START),
        a_promotion("FUNDED-20", 2000, halves, EARLY, START, skus=[POUCH]),
        a_promotion("OVER-15", 1500, halves, EARLY, MIDNIGHT, outlets=["citos", "pim"]),
        a_promotion("ENDED-30", 3000, "everyone", EARLY, START),
        PromotionEnded(promo_id="ENDED-30", ends_at=MIDNIGHT),
    ]


def told_late(serials: list[str]) -> list[Event]:
    """What a feed may wait for: a maker, her product, and labels."""
    labelled = [UnitsLabelled(sku=SHAWL, serials=serials)] if serials else []
    return [a_maker(TUTI), a_product(LATE, {TUTI: 1}, 210_000), *labelled]


def a_maker(maker: UUID) -> MakerRegistered:
    return MakerRegistered(maker_id=maker, rusun="pulogebang", cooperative="kop-pulogebang", since=EARLY.date())


def a_product(sku: str, makers: dict[UUID, int], price: int, floor: int | None = None) -> ProductApproved:
    return ProductApproved(
        submission_id=named_id("submission", sku),
        sku=sku,
        title="Made by hand",
        craft=Craft.BATIK,
        price=price,
        price_from=EARLY,
        floor=floor,
        makers=[MakerWeight(maker_id=maker, weight=weight) for maker, weight in makers.items()],
    )


def a_promotion(
    name: str, bps: int, funded_by: Any, valid_from: datetime, valid_to: datetime, **scope: Any
) -> PromotionScheduled:
    return PromotionScheduled(
        promo_id=name,
        title=name,
        discount_bps=bps,
        funded_by=funded_by,
        valid_from=valid_from,
        valid_to=valid_to,
        **scope,
    )
