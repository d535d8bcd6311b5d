"""What the outside sees of the books: through the gateway, and never a table."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.system.conftest import until
from tests.system.scenarios.people import Json, Person

PLACES = ("sales_accepted", "returns_accepted", "voids_accepted", "closings_accepted", "duplicates_ignored", "parked")
"""Every report that was ever taken is in exactly one of these."""


@dataclass(frozen=True)
class Books:
    """As a coordinator sees them."""

    reader: Person

    @asynccontextmanager
    async def after(self, reports: int, seconds: float = 30) -> AsyncIterator[None]:
        """What is reported within has been taken, all of it, when this is left."""
        before = await self.taken()
        yield

        async def all_taken() -> bool:
            return await self.taken() >= before + reports

        await until(all_taken, f"{reports} reports taken", seconds)
        assert await self.taken() == before + reports, "more was taken than was reported"

    async def taken(self) -> int:
        """How many reports there were so far."""
        feed = await self.feed()
        return sum([feed[place] for place in PLACES])

    async def feed(self) -> Json:
        feed: Json = await self.reader.get("/v1/reports")
        return feed

    async def sales(self, **query: str) -> list[Json]:
        """By outlet, receipt or SKU."""
        return await self.reader.every("/v1/sales", **query)

    async def sale(self, **query: str) -> Json:
        """The only one that answers to this."""
        (only,) = await self.sales(**query)
        return only

    async def shelf(self, outlet: str, sku: str) -> dict[str, int]:
        """on_hand, deficit, in_transit, reserved, available."""
        (line,) = (await self.reader.get(f"/v1/outlets/{outlet}/stock", sku=sku))["items"]
        return {name: value for name, value in line.items() if name != "sku"}

    async def on_hand(self, outlet: str, sku: str) -> int:
        return (await self.shelf(outlet, sku))["on_hand"]

    async def owed(self, maker: str) -> int:
        """Her balance, which is also the sum of her statement's lines."""
        balance: int = (await self.reader.get(f"/v1/makers/{maker}/statement"))["balance"]
        assert balance == sum([line["amount"] for line in await self.statement(maker)])
        return balance

    async def statement(self, maker: str) -> list[Json]:
        """The newest line first."""
        return await self.reader.every(f"/v1/makers/{maker}/statement")

    async def accounts(self) -> dict[str, int]:
        """Debit less credit by kind and owner. They sum to nothing, always."""
        trial = await self.reader.get("/v1/ledger/trial-balance")
        assert trial["ledger_sum"] == 0
        assert sum([line["balance"] for line in trial["items"]]) == 0
        return {f"{line['kind']} {line['owner']}": line["balance"] for line in trial["items"]}

    async def parked(self, subject: str, code: str, state: str = "open") -> Json:
        """The only report of that subject that waits for this reason, whole; it says in plain words why."""
        found = [one for one in await self.all_parked(code, state) if one["subject"] == subject]
        assert len(found) == 1, f"{len(found)} of {subject} are {state} for {code}"
        one: Json = await self.reader.get(f"/v1/parked/{found[0]['parked_id']}")
        assert len(one["means"]) > 20 and len(one["remedy"]) > 20
        return one

    async def all_parked(self, code: str, state: str = "open") -> list[Json]:
        return await self.reader.every("/v1/parked", code=code, state=state)

    async def nothing_parked(self, outlet: str, till: str) -> bool:
        """Nothing of this till waits for anything or anybody."""
        waiting = await self.reader.every("/v1/parked")
        return not [one for one in waiting if one["subject"].startswith(f"{outlet}/{till}/")]

    async def findings(self, kind: str, outlet: str, state: str = "open") -> list[Json]:
        return await self.reader.every("/v1/findings", kind=kind, outlet=outlet, state=state)

    async def notices(self, maker: str, template: str) -> list[Json]:
        """What she was told, of one kind."""
        told = await self.reader.every(f"/v1/makers/{maker}/notices")
        return [notice for notice in told if notice["template"] == template]

    async def told(self, maker: str, template: str, times: int) -> None:
        """She is told so often, and then no more."""

        async def so_often() -> bool:
            return len(await self.notices(maker, template)) >= times

        await until(so_often, f"{times} notices {template}")
        await asyncio.sleep(0.2)
        assert len(await self.notices(maker, template)) == times

    async def closings(self, outlet: str, till: str) -> dict[str, Any]:
        """By business day."""
        found = await self.reader.every(f"/v1/outlets/{outlet}/closings", till=till)
        return {closing["business_date"]: closing for closing in found}


def moved(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """The accounts that have changed, and by how much."""
    changes = {name: after.get(name, 0) - before.get(name, 0) for name in before | after}
    return {name: change for name, change in changes.items() if change}
