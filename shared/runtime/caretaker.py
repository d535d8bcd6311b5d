"""What a replica does beside its work: tries parked messages again, measures, checks the topology, makes partitions."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

from shared.db import Pool
from shared.runtime import metrics, outbox
from shared.runtime.broker import Broker
from shared.runtime.digests import storage as digests
from shared.runtime.envelope import now
from shared.runtime.health import Health
from shared.runtime.migrate import make_partitions
from shared.runtime.parked.views import list_open_counts
from shared.runtime.patience import lost_if_dropped
from shared.runtime.redrive import Redriver

log = structlog.get_logger(__name__)
UNROUTABLE_ROUND = 1000
AGAIN = 2.0
"""Seconds until the topology is looked at again when something was wrong."""


class Caretaker:
    """The background loops of one replica."""

    def __init__(self, service: str, pool: Pool, broker: Broker, health: Health, redriver: Redriver | None) -> None:
        self._service, self._pool, self._broker = service, pool, broker
        self._health, self._redriver = health, redriver

    def loops(self, wake: Callable[[], None], topology_seconds: float) -> list[Coroutine[Any, Any, None]]:
        """`wake` is called when something was put into the outbox."""
        return [
            self._every(0.5, "redrive", lambda: self._redrive(wake)),
            self._every(2, "measure", self._measure),
            self._every(topology_seconds, "topology", self._check_topology),
            self._every(5, "unroutable", lambda: self._retry_unroutable(wake)),
            self._every(3600, "partitions", self._partitions),
        ]

    async def _redrive(self, wake: Callable[[], None]) -> None:
        while self._redriver and await self._redriver.round(self._pool, now()):
            wake()

    async def _measure(self) -> None:
        async with self._pool.acquire() as tx:
            lag = await outbox.get_lag(tx)
            counts = await list_open_counts(tx)
            compared = await digests.get_state(tx)
        if lag:
            metrics.OUTBOX_DEPTH.labels(self._service).set(lag["depth"])
            metrics.OUTBOX_AGE.labels(self._service).set(lag["age"])
            metrics.UNROUTABLE.labels(self._service).set(lag["unroutable"])
        if compared:
            metrics.DIGEST_AGE.labels(self._service).set(compared["age"])
            metrics.UNSETTLED.labels(self._service).set(compared["unsettled"])
        metrics.PARKED_OPEN.clear()
        for row in counts:
            metrics.PARKED_OPEN.labels(self._service, row["kind"], row["code"], row["state"]).set(row["n"])
        self._health.report("broker", None if await self._broker.answers() else "away")

    async def _check_topology(self) -> None:
        """Returns when nothing differs. What is missing has just been declared, and its consumers come back."""
        while faults := await self._broker.faults():
            self._note_topology(faults)
            log.error("topology_differs", faults=faults)
            await asyncio.sleep(AGAIN)
        self._note_topology([])

    def _note_topology(self, faults: list[str]) -> None:
        metrics.TOPOLOGY.labels(self._service).set(len(faults))
        self._health.report("topology", "; ".join(faults) or None)

    async def _retry_unroutable(self, wake: Callable[[], None]) -> None:
        async with self._pool.acquire() as tx, tx.transaction():
            if await outbox.claim_unroutable(tx, UNROUTABLE_ROUND):
                wake()

    async def _partitions(self) -> None:
        async with self._pool.acquire() as tx, tx.transaction():
            await make_partitions(tx, now().date())

    async def _every(self, seconds: float, what: str, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await lost_if_dropped(work())
            except Exception as error:
                log.warning("background_work_waits", what=what, reason=type(error).__name__)
            await asyncio.sleep(seconds)
