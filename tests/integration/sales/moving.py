"""What tests of moves are made of: Ani, who sells shawls and moves from Pulogebang to Daan Mogot on 15 November."""

from datetime import date, datetime
from typing import Any

from services.sales.handlers import known
from shared.contracts.outlets import SaleReported
from shared.contracts.training import MakerMoved
from shared.db import Pool
from tests.integration.sales.builders import ANI, a_sale, hear

NEW = "kop-daan-mogot"
FIFTEENTH = date(2026, 11, 15)
HERS = 455_000
"""Of a shawl."""


async def moved(pool: Pool, rusun: str = "daan-mogot", since: date = FIFTEENTH, cooperative: str = NEW) -> None:
    await hear(pool, known.move_maker, MakerMoved(maker_id=ANI, rusun=rusun, cooperative=cooperative, since=since))


def sold(day: int, clock: str = "12:00:00", **other: Any) -> SaleReported:
    """A shawl on a day of November, on a receipt of its own."""
    at = datetime.fromisoformat(f"2026-11-{day:02d}T{clock}+07:00")
    return a_sale(**{"receipt": f"{day}-{clock}", "sold_at": at} | other)
