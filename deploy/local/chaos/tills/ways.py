"""The two ways in which a till hands in a body. Each says what it knows: confirmed, surely not taken, or unsure."""

import asyncio
import json
from collections.abc import Callable, Sequence
from itertools import count
from typing import Protocol
from urllib.parse import urlsplit

import aio_pika
import httpx
from aio_pika.abc import AbstractConnection, AbstractExchange
from aiormq.exceptions import PublishError

from deploy.local.chaos.feed.plan import Batch
from deploy.local.chaos.tills.record import Outcome
from shared.runtime.envelope import BATCH

PATIENCE = 8.0
"""Seconds for one try, the connection included."""


class Way(Protocol):
    """How a till reaches the house."""

    async def hand_in(self, batch: Batch) -> tuple[Outcome, str]:
        """What is known afterwards, and why. Raises nothing."""

    async def close(self) -> None: ...


class OverAmqp:
    """As the outlet's own broker user. A connection that has failed is given up for a new one."""

    def __init__(self, url: str) -> None:
        self._url, self._user = f"{url}?heartbeat=10", urlsplit(url).username or ""
        self._connection: AbstractConnection | None = None
        self._exchange: AbstractExchange | None = None

    async def hand_in(self, batch: Batch) -> tuple[Outcome, str]:
        sent = False
        try:
            async with asyncio.timeout(PATIENCE):
                exchange = await self._open()
                sent = True
                message = aio_pika.Message(batch.body, content_type=BATCH, delivery_mode=2, user_id=self._user)
                await exchange.publish(message, ".".join(batch.where), mandatory=True)
        except PublishError:
            return "fail", "returned"
        except Exception as error:  # of the library's many, none says more than this
            await self.close()
            return "info" if sent else "fail", type(error).__name__
        return "ok", "confirmed"

    async def close(self) -> None:
        connection, self._connection, self._exchange = self._connection, None, None
        if connection:
            try:
                async with asyncio.timeout(1):
                    await connection.close()
            except Exception:  # noqa: S110 - it is given up anyway
                pass

    async def _open(self) -> AbstractExchange:
        if self._exchange is None:
            self._connection = await aio_pika.connect(self._url, timeout=PATIENCE)
            channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
            self._exchange = await channel.get_exchange("outlets", ensure=False)
        return self._exchange


class OverHttp:
    """With the outlet's key, at any of the gateways; every second body with an Idempotency-Key."""

    def __init__(self, urls: Callable[[], Sequence[str]], key: str) -> None:
        self._urls, self._turn = urls, count()
        self._http = httpx.AsyncClient(headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE, trust_env=False)

    async def hand_in(self, batch: Batch) -> tuple[Outcome, str]:
        urls = self._urls()
        if not urls:
            return "fail", "no gateway"
        url = f"{urls[next(self._turn) % len(urls)]}/v1/reports"
        once = {"Idempotency-Key": f"batch-{batch.number}"} if batch.number % 2 else {}
        try:
            answer = await self._http.post(url, content=batch.body, headers={"Content-Type": BATCH} | once)
        except httpx.ConnectError as error:
            return "fail", type(error).__name__
        except httpx.HTTPError as error:
            return "info", type(error).__name__
        if answer.status_code != httpx.codes.ACCEPTED:
            return "info", str(answer.status_code)
        return "ok", json.dumps({name: answer.json()[name] for name in ("received", "queued")})

    async def close(self) -> None:
        await self._http.aclose()
