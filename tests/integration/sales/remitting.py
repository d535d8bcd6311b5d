"""What tests of remittances are made of: money that outlets hand over, what they owe, and what must always hold."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from services.sales.handlers import outlets
from services.sales.handlers.settlement.remittances import record_remittance, reverse_remittance
from services.sales.views.dues import get_dues
from services.sales.views.remittances import get_remittance
from shared.contracts.message import Event
from shared.contracts.outlets import SaleReported
from shared.contracts.sales import AgreeTerms, RegisterOutlet
from shared.contracts.sales.owed import Dues
from shared.contracts.sales.remittances import (
    GetDues,
    GetRemittance,
    RecordedRemittance,
    RecordRemittance,
    Remittance,
    RemittanceWithFacts,
    ReverseRemittance,
)
from shared.db import Pool
from tests.integration.sales.builders import a_sale, balances, do, know_products
from tests.integration.sales.settling import RINI, order, tell

DECEMBER = datetime(2026, 12, 3, 3, tzinfo=UTC)
"""When November is over and its money is not late yet."""

SHAWLS = 525_000
"""What an outlet owes of a shawl for Rp700.000, less its quarter."""

NUMBERS = count(1)


def money(amount: int, **other: Any) -> RecordRemittance:
    """Of Citos, on 3 December, under a new reference."""
    facts: dict[str, Any] = {
        "code": "citos",
        "amount": amount,
        "received_on": date(2026, 12, 3),
        "reference": f"TRF-{next(NUMBERS)}",
    }
    return RecordRemittance(**(facts | other))


async def open_strict_shop(pool: Pool, **agreed: Any) -> None:
    """Citos, with its makers and products: what it sells is paid out a week later, when it has remitted it."""
    await know_products(pool, 1)
    await do(pool, outlets.register_outlet, RegisterOutlet(code="citos", name="Citos", place="Jakarta Selatan"))
    terms = {"code": "citos", "valid_from": date(2026, 1, 1), "outlet_bps": 2500, "programme_bps": 1000}
    await do(pool, outlets.agree_terms, AgreeTerms(**(terms | agreed)))


async def remit(pool: Pool, amount: int, **other: Any) -> RecordedRemittance:
    return await order(pool, record_remittance, money(amount, **other), now=DECEMBER)


async def remit_and_tell(pool: Pool, amount: int, **other: Any) -> tuple[RecordedRemittance, list[Event]]:
    return await tell(pool, record_remittance, money(amount, **other), now=DECEMBER)


async def reverse(pool: Pool, remittance_id: UUID) -> Remittance:
    asked = ReverseRemittance(remittance_id=remittance_id, reason="the wrong amount")
    return await order(pool, reverse_remittance, asked, RINI, DECEMBER)


async def seen(pool: Pool, remittance_id: UUID, **other: Any) -> RemittanceWithFacts:
    return await do(pool, get_remittance, GetRemittance(remittance_id=remittance_id, **other))


async def dues(pool: Pool, outlet: str = "citos", now: datetime = DECEMBER, **other: Any) -> Dues:
    return await do(pool, get_dues, GetDues(code=outlet, **other), now)


def shawl(day: int, **other: Any) -> SaleReported:
    """Sold at noon on a day of November, on a receipt of its own."""
    at = datetime(2026, 11, day, 5, tzinfo=UTC)
    return a_sale(**{"receipt": f"{day}", "sold_at": at} | other)


async def settled(pool: Pool, outlet: str = "citos") -> list[str]:
    """The receipts whose sale is settled, by number."""
    rows = await pool.fetch(
        "SELECT s.receipt FROM remitted r JOIN sale s ON s.no = r.cause WHERE s.outlet = $1 ORDER BY s.no", outlet
    )
    return [row["receipt"] for row in rows]


async def check_money(pool: Pool, *outlets: str) -> None:
    """What came in is what is settled and what is on account; what is owed is what the ledger says."""
    now = await balances(pool)
    for outlet in outlets or ("citos",):
        owed = await dues(pool, outlet, limit=500)
        assert sum(due.open for due in owed.items) == owed.open
        assert owed.receivable == now[f"outlet-receivable {outlet}"]
        assert owed.commission_open == -now[f"outlet-commission {outlet}"]
        handed_over = await pool.fetchval(
            """
            SELECT coalesce(sum(amount), 0)::bigint FROM remittance m
            WHERE outlet = $1 AND NOT EXISTS (SELECT FROM remittance_reversal WHERE remittance = m.no)
            """,
            outlet,
        )
        matched = await pool.fetchval("SELECT coalesce(sum(due), 0)::bigint FROM remitted WHERE outlet = $1", outlet)
        assert handed_over == matched + owed.on_account
        assert owed.on_account >= 0
    handed = await pool.fetchval(
        """
        SELECT coalesce(sum(amount), 0)::bigint FROM remittance m
        WHERE NOT EXISTS (SELECT FROM remittance_reversal WHERE remittance = m.no)
        """
    )
    assert now.get("bank programme", 0) == handed


def in_days(days: int) -> datetime:
    return DECEMBER + timedelta(days=days)
