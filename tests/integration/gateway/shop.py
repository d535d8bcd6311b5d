"""A house with real sales: a shop that is open, a till that reports, and reports of every kind that are parked."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx

from shared.runtime.process import Process
from tests.integration.gateway.conftest import House
from tests.integration.gateway.test_reports import sale


@dataclass
class Shop:
    """`coordinator` and `till` speak to the gateway; what the till reports reaches sales by the broker."""

    house: House
    sales: Process
    coordinator: httpx.AsyncClient
    till: httpx.AsyncClient
    receipts: int = field(default=0)

    async def report(self, **changed: Any) -> dict[str, Any]:
        """A sale on a receipt of its own, long ago; a return when it says when that was."""
        self.receipts += 1
        facts = {"receipt": f"R-{self.receipts}", "sold_at": "2026-01-05T10:00:00+07:00"}
        item = sale(**facts | changed)
        if "returned_at" in changed:
            item["type"] = "outlet.ReturnReported.v1"
        await self.hand_in(item)
        return item

    async def hand_in(self, item: dict[str, Any]) -> None:
        answer = await self.till.post("/v1/reports", json=[item])
        assert answer.status_code == 202, answer.text

    async def park(self, code: str, **changed: Any) -> str:
        """Reports it and waits until it is parked for that reason; its id."""
        before = await self._parked(code)
        await self.report(**changed)
        return await self.until_parked(code, before)

    async def until_parked(self, code: str, before: set[str]) -> str:
        async with asyncio.timeout(10):
            while not (new := await self._parked(code) - before):  # noqa: ASYNC110 - a database tells nobody
                await asyncio.sleep(0.02)
        return new.pop()

    async def park_changed_line(self) -> str:
        """A second report of a recorded line, with another price."""
        first = await self.report()
        await self.until_recorded(first["data"]["receipt"])
        return await self.park("receipt_line_changed", receipt=first["data"]["receipt"], unit_price=70_000)

    async def until_recorded(self, receipt: str) -> None:
        async with asyncio.timeout(10):
            found = "SELECT 1 FROM sale WHERE receipt = $1"
            while not await self.sales.pool.fetchval(found, receipt):  # noqa: ASYNC110 - a database tells nobody
                await asyncio.sleep(0.02)

    async def state(self, parked_id: str) -> str:
        found: str = await self.sales.pool.fetchval("SELECT state FROM parked WHERE id = $1", parked_id)
        return found

    async def _parked(self, code: str) -> set[str]:
        rows = await self.sales.pool.fetch(
            "SELECT id FROM parked WHERE code = $1 AND state IN ('waiting', 'person')", code
        )
        return {str(row["id"]) for row in rows}
