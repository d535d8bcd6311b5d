"""The world of a year: four makers of two cooperatives, outlets that pay in different ways, promotions."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.catalog import FundedBy
from shared.contracts.message import Event
from shared.contracts.sales import AgreeTerms, RegisterOutlet
from shared.contracts.training import MakerRegistered
from tests.integration.properties.lab import House
from tests.integration.properties.world import (
    ANI,
    EARLY,
    POUCH,
    SHAWL,
    SRI,
    TABLE,
    TUTI,
    WATI,
    a_product,
    a_promotion,
    own,
)

BEGINS = datetime.fromisoformat("2025-02-01T09:00:00+07:00")
YEARS = (2025, 2026)
"""A year from then on is part of both."""

MAKERS = (ANI, WATI, SRI, TUTI)
OLD, NEW = "kop-pulogebang", "kop-daan-mogot"
COOPERATIVES = (OLD, NEW)
OUTLETS = ("citos", "pim", "alun-alun")
VASE = "KRM-0009"
"""Sri's and Tuti's by 2 and 1; the others' makers are those of `properties.world`."""

SKUS = (SHAWL, POUCH, TABLE, VASE)
PRICES = (700_000, 450_000, 349_900, 33_334, 100)
PROMOTIONS = ("ALL-15", "MAKERS-20")


async def furnish(house: House) -> None:
    """Citos pays each month and holds three days; PIM each week, and is advanced; Alun-Alun pays, and holds nothing."""
    house.lab.at = BEGINS - timedelta(days=1)
    await house.hear(*[own(event) for event in _known()])
    terms: dict[str, dict[str, Any]] = {
        "citos": {"outlet_bps": 2500, "hold_days": 3},
        "pim": {"outlet_bps": 1500, "hold_days": 0, "advances": True, "remits": "weekly"},
        "alun-alun": {"outlet_bps": 3333, "hold_days": 0, "remits": "half-monthly", "grace_days": 0},
    }
    for code, agreed in terms.items():
        await house.ask(RegisterOutlet(code=code, name=code, place="Jakarta"))
        agreement = {"code": code, "valid_from": date(2025, 1, 1), "programme_bps": 1000} | agreed
        await house.ask(AgreeTerms.model_validate(agreement))


def _known() -> list[Event]:
    makers_pay = FundedBy(outlet_bps=2000, programme_bps=1000, makers_bps=7000)
    until = BEGINS + timedelta(days=1000)
    return [
        *[_maker(maker, OLD) for maker in (ANI, WATI)],
        *[_maker(maker, NEW) for maker in (SRI, TUTI)],
        a_product(SHAWL, {ANI: 1}, 700_000),
        a_product(POUCH, {ANI: 50, WATI: 30, SRI: 20}, 349_900),
        a_product(TABLE, {WATI: 1}, 450_000),
        a_product(VASE, {SRI: 2, TUTI: 1}, 33_334),
        a_promotion("ALL-15", 1500, "everyone", EARLY, until),
        a_promotion("MAKERS-20", 2000, makers_pay, EARLY, until),
    ]


def _maker(maker: UUID, cooperative: str) -> MakerRegistered:
    rusun = cooperative.removeprefix("kop-")
    return MakerRegistered(maker_id=maker, rusun=rusun, cooperative=cooperative, since=EARLY.date())
