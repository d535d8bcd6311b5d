"""The two ways in which a till hands its reports over: to the broker as its outlet's own user, or by HTTP."""

import json
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection

from deploy.local.demo.api import Api
from deploy.local.demo.reports import Report

EXCHANGE = "outlets"
CONTENT_TYPE = "application/cloudevents-batch+json"
CONFIRMED_IN = 30.0


class Way(Protocol):
    """Takes batches of one till each."""

    async def hand(self, batch: Sequence[Report]) -> None:
        """Returns when the batch has been taken; raises when that is not sure."""
        ...

    async def close(self) -> None: ...


class OverAmqp:
    """An outlet's user may write to one exchange, under its own name, and do nothing else."""

    def __init__(self, url: str) -> None:
        self._url, self._user = url, unquote(urlsplit(url).username or "")
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None

    async def hand(self, batch: Sequence[Report]) -> None:
        """Taken means confirmed by the broker."""
        channel = await self._open()
        exchange = await channel.get_exchange(EXCHANGE, ensure=False)
        message = aio_pika.Message(
            json.dumps([report.cloud_event() for report in batch]).encode(),
            content_type=CONTENT_TYPE,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=str(uuid4()),
            user_id=self._user,
        )
        routing_key = f"{batch[0].outlet}.{batch[0].till}"
        await exchange.publish(message, routing_key, mandatory=True, timeout=CONFIRMED_IN)

    async def close(self) -> None:
        """Hang up."""
        if self._connection:
            await self._connection.close()

    async def _open(self) -> AbstractChannel:
        """A channel that works: the last one, or a new one on a new connection."""
        if self._channel is None or self._channel.is_closed:
            await self.close()
            self._connection = await aio_pika.connect(self._url, timeout=CONFIRMED_IN)
            self._channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
        return self._channel


class OverHttp:
    """A till with HTTP."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def hand(self, batch: Sequence[Report]) -> None:
        """Taken means that the gateway answered 202."""
        await self._api.post("/v1/reports", [report.cloud_event() for report in batch])

    async def close(self) -> None:
        """Nothing of its own is open."""
