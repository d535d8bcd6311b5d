"""Outlets' tills: what they report, and the two ways in which it reaches the programme."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection

from tests.system.scenarios.people import Json, Person

CONTENT_TYPE = "application/cloudevents-batch+json"


class Way(Protocol):
    """How a till hands in what it has to report."""

    async def hand_in(self, till: str, events: Sequence[Json]) -> Json: ...


class OverAmqp:
    """As the outlet's own broker user, which may write under its own name and nothing else."""

    def __init__(self, url: str) -> None:
        self._url, self._user = url, urlsplit(url).username or ""
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None

    async def hand_in(self, till: str, events: Sequence[Json]) -> Json:
        """Returns when the broker has confirmed it."""
        if self._channel is None or self._channel.is_closed:
            await self.close()
            self._connection = await aio_pika.connect(self._url, timeout=10)
            self._channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await self._channel.get_exchange("outlets", ensure=False)
        body = json.dumps(events).encode()
        message = aio_pika.Message(body, content_type=CONTENT_TYPE, delivery_mode=2, user_id=self._user)
        await exchange.publish(message, f"{self._user.removeprefix('outlet-')}.{till}", mandatory=True, timeout=10)
        return {"received": len(events), "queued": len(events), "refused": []}

    async def close(self) -> None:
        if self._connection:
            await self._connection.close()


@dataclass(frozen=True)
class OverHttp:
    """With the outlet's key."""

    outlet: Person

    async def hand_in(self, till: str, events: Sequence[Json]) -> Json:
        """Returns what the gateway answered."""
        answer: Json = await self.outlet.post("/v1/reports", list(events))
        return answer


@dataclass(frozen=True)
class Till:
    """One till of one outlet. What it makes are CloudEvents, with an id of their own unless told otherwise."""

    outlet: str
    name: str
    way: Way

    async def report(self, *events: Json) -> Json:
        return await self.way.hand_in(self.name, events)

    def sale(self, receipt: str, sku: str, unit_price: int, sold_at: datetime, **more: Any) -> Json:
        """One piece on the receipt's first line."""
        facts = {"receipt": receipt, "line": 1, "sku": sku, "quantity": 1, "unit_price": unit_price}
        return self._event("SaleReported", sold_at, facts | {"sold_at": sold_at.isoformat()} | more)

    def returned(self, receipt: str, sku: str, returned_at: datetime, **more: Any) -> Json:
        """One piece that came back."""
        facts = {"receipt": receipt, "line": 1, "sku": sku, "quantity": 1, "returned_at": returned_at.isoformat()}
        return self._event("ReturnReported", returned_at, facts | more)

    def void(self, receipt: str, voided_at: datetime, **more: Any) -> Json:
        return self._event("VoidReported", voided_at, {"receipt": receipt, "voided_at": voided_at.isoformat()} | more)

    def closing(self, business_date: str, events: int, total: int, at: datetime, **more: Any) -> Json:
        facts = {"business_date": business_date, "events": events, "total": total}
        return self._event("TillClosed", at, facts | more)

    def _event(self, kind: str, at: datetime, facts: Json) -> Json:
        own_id = facts.pop("id", None) or str(uuid4())
        return {
            "specversion": "1.0",
            "id": own_id,
            "source": f"/outlets/{self.outlet}/{self.name}",
            "type": f"outlet.{kind}.v1",
            "time": at.isoformat(),
            "data": {"outlet": self.outlet, "till": self.name} | facts,
        }
