"""A service's life: wait for its servers, consume, answer, relay, look after itself, stop gracefully."""

import asyncio
import gc
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import structlog
import uvloop
from aio_pika.abc import AbstractIncomingMessage
from aiormq.exceptions import AMQPError
from faststream.rabbit import RabbitMessage

from shared import db, logs, telemetry
from shared.contracts.message import Command, Query
from shared.db import Pool, away
from shared.errors import Unavailable
from shared.runtime import metrics, operations, pulse, topology
from shared.runtime.backlog import Backlog
from shared.runtime.broker import Broker
from shared.runtime.caretaker import Caretaker
from shared.runtime.coalescer import Coalescer, persistently
from shared.runtime.consumer import OnDelivery
from shared.runtime.decode import Undecodable
from shared.runtime.delivery import Delivery, trusting
from shared.runtime.digests.comparer import Comparer, producers
from shared.runtime.guard import own_outlet_only
from shared.runtime.health import Health, serve
from shared.runtime.loops import Loops
from shared.runtime.migrate import migrate
from shared.runtime.patience import at_most, lost_if_dropped
from shared.runtime.pulse import Pulse
from shared.runtime.receipts import Receipts
from shared.runtime.redrive import Redriver
from shared.runtime.relay import Relay
from shared.runtime.requests import Requests
from shared.runtime.responder import CommandHandler, QueryHandler, Responder, unable
from shared.runtime.service import Job, Service, Tools
from shared.runtime.store import Store
from shared.settings import Settings, read_settings

START_TRIES, TRY_SECONDS, START_PAUSE = 60, 15.0, 1.0
REQUEST_PREFETCH = 32
CANCEL_SECONDS, FINISH_SECONDS, CLOSE_SECONDS = 5.0, 15.0, 5.0
"""How long a stop waits for its parts: less than 45 s together, after which it would be killed."""

GIVEN_WAY, GIVE_WAY_PAUSE = 3.0, 0.01
"""How many times as long as its last round took a job waits for events, and how often it looks."""

GARBAGE = 50_000
"""Objects, more than a batch makes, after which Python looks for those that only hold each other."""

T = TypeVar("T")
log = structlog.get_logger(__name__)


def main(service: Service) -> None:
    """`python -m services.<name> [migrate]`. Exits non-zero when its servers do not come up in a minute."""
    settings = read_settings()
    logs.configure(service.name, settings.log_level)
    telemetry.configure(service.name)
    if sys.argv[1:] == ["migrate"]:
        asyncio.run(migrate(settings.database_url, service.name, service.migrations))
    else:
        uvloop.run(run(service, settings))


async def run(service: Service, settings: Settings) -> None:
    """From start to SIGTERM or SIGINT. Ends by itself, non-zero, when a background loop did so: it is started again."""
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    process = Process(service, settings, told.set)
    if settings.metrics_port:
        serve(process.health, settings.bind, settings.metrics_port)
    await process.start()
    _spare_the_collector()
    log.info("started")
    await told.wait()
    log.info("stopping")
    await process.stop()
    log.info("stopped")
    if process.loops.broken:
        sys.exit(1)


class Process:
    """One replica of a service."""

    def __init__(self, service: Service, settings: Settings, on_fault: Callable[[], None] = lambda: None) -> None:
        self.service, self.settings, self.health, self.loops = service, settings, Health(), Loops(on_fault)
        self.broker = Broker(settings.amqp_url, service.name, topology.feeds(service.name, tuple(service.events)))
        self.requests = Requests(settings.amqp_url, service.name, f"/services/{service.name}")
        database = pulse.Database(settings.database_url, f"{service.name}-pulse")
        self.database = Pulse("database", database, self.health.report)
        self.backlog = Backlog(service.name, self.broker.depths, [feed.queue.name for feed in self.broker.feeds])
        self._coalescers: list[Coalescer] = []
        self.pool: Pool

    async def start(self) -> None:
        """Raises what keeps it from starting after a minute of trying: then the process ends and is started again."""
        self.pool = await _patiently(lambda: db.open_pool(self.settings.database_url, self.service.name))
        await _patiently(self.broker.connect)
        self.relay = Relay(self.service.name, self.pool, self.broker.publish, self.broker.renew)
        stores = self._subscribe_events()
        redriver = Redriver(self.service.name, stores)
        self._subscribe_requests(redriver)
        await _patiently(self.broker.start)
        caretaker = Caretaker(self.service.name, self.pool, self.broker, self.health, redriver if stores else None)
        loops = caretaker.loops(self.relay.wake, self.settings.topology_seconds)
        jobs = [self._repeat(job) for job in self.service.jobs]
        self.loops.start(self.database.run(), self.relay.run(), self.backlog.run())
        self.loops.start(*self._comparisons(), *loops, *jobs)
        self.health.started = True

    def _comparisons(self) -> list[Coroutine[Any, Any, None]]:
        """With those whose events this service listens to, if there are any."""
        owners, seconds = producers(tuple(self.service.events)), self.settings.digest_seconds
        if not owners:
            return []
        return [Comparer(self.service.name, owners, self.pool, self.requests.ask, self.backlog, seconds).run()]

    async def stop(self) -> None:
        """No new work, what is in hand is finished and sent, then everything is closed; in time, whoever is away."""
        self.health.started = False
        await _within(CANCEL_SECONDS, "cancel", self.broker.cancel())
        await _within(FINISH_SECONDS, "finish", self._finish())
        await self.loops.end()
        await _within(CLOSE_SECONDS, "last_round", self._last_round())
        closing = asyncio.gather(
            self.broker.close(), self.requests.close(), self.database.close(), return_exceptions=True
        )
        await _within(CLOSE_SECONDS, "close", closing)
        await _within(CLOSE_SECONDS, "close", self.pool.close())
        self.pool.terminate()

    async def _finish(self) -> None:
        for coalescer in self._coalescers:
            await coalescer.idle()

    async def _last_round(self) -> None:
        while await self.relay.round():
            pass

    def _subscribe_events(self) -> list[Store]:
        stores = []
        for feed in self.broker.feeds:
            handlers = {kind: self.service.events[kind] for kind in feed.types}
            service = self.service
            store = Store(service.name, handlers, service.announce, service.clock, service.prepare)
            limit = self.settings.batch_limit
            coalescer = Coalescer(feed.queue.name, store, self.pool, self.relay.wake, limit)
            coalescer.guard = own_outlet_only if feed.exchange is topology.OUTLETS else trusting
            coalescer.unordered = service.unordered
            self.broker.listen(feed, self._consume(coalescer), prefetch=self.settings.prefetch)
            self._coalescers.append(coalescer)
            stores.append(store)
        return stores

    def _consume(self, coalescer: Coalescer) -> OnDelivery:
        receipts, name = Receipts(), self.service.name

        async def consume(message: AbstractIncomingMessage) -> None:
            delivery = _delivery(message)
            with self.backlog.in_hand():
                try:
                    await coalescer.add(delivery)
                except Undecodable:
                    await persistently(lambda: self.broker.bury(delivery.body), name, "dead")
                await receipts.acknowledge(message)

        return consume

    def _subscribe_requests(self, redriver: Redriver) -> None:
        name, reasons = self.service.name, self.service.reasons
        commands: dict[type[Command[Any]], CommandHandler] = dict(self.service.commands)
        commands |= operations.commands(name, reasons, redriver)
        queries: dict[type[Query[Any]], QueryHandler] = {**self.service.queries, **operations.queries(reasons)}
        responder = Responder(self.service.name, commands, queries, self.service.clock)

        async def respond(message: RabbitMessage) -> None:
            try:
                body, content_type, changed = await self.database.guard(responder.respond(self.pool, message.body))
            except Unavailable as error:
                body, content_type, changed = unable(error)
            if changed:
                self.relay.wake()
            if message.reply_to:
                await self.broker.reply(message.reply_to, body, message.correlation_id, content_type)

        self.broker.answer(respond, prefetch=REQUEST_PREFETCH)

    async def _repeat(self, job: Job) -> None:
        tools = Tools(self.service.name, self.pool, self.requests, self.settings, self.relay.wake)
        while True:
            try:
                while await lost_if_dropped(self._round(job, tools)):
                    pass
            except Exception as error:
                expected = isinstance(error, Unavailable) or away(error)
                metrics.RETRIES.labels(self.service.name, job.name).inc()
                log.warning(
                    "job_waits", job=job.name, reason=type(error).__name__, exc_info=None if expected else error
                )
            await asyncio.sleep(job.every)

    async def _round(self, job: Job, tools: Tools) -> bool:
        began = time.monotonic()
        more = await job.work(tools)
        if job.gives_way:
            await self._give_way((time.monotonic() - began) * GIVEN_WAY)
        return more

    async def _give_way(self, longest: float) -> None:
        """What is coming in comes first: it must be safe, what is done with it can wait a little."""
        end = time.monotonic() + longest
        while time.monotonic() < end and any(coalescer.is_busy() for coalescer in self._coalescers):  # noqa: ASYNC110
            await asyncio.sleep(GIVE_WAY_PAUSE)


def _delivery(message: AbstractIncomingMessage) -> Delivery:
    trace = message.headers.get("traceparent")
    return Delivery(
        message.body,
        bool(message.redelivered),
        (message.routing_key or "").partition(".")[0],
        user_id=message.user_id,
        message_id=message.message_id,
        traceparent=trace if isinstance(trace, str) else None,
    )


async def _within(seconds: float, what: str, work: Awaitable[Any]) -> None:
    """Waits so long and then leaves it: the libraries wait for a broker that is away, some of them for ever."""
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    error = task.exception() if done and not task.cancelled() else None
    if error or not done:
        log.warning("stopping_in_haste", what=what, reason=type(error).__name__ if error else "not in time")


def _spare_the_collector() -> None:
    """A batch makes thousands of objects that die young, without circles: looking for circles took a fifth of the time.

    What was loaded until now stays anyway and is never looked at again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)


async def _patiently(connect: Callable[[], Awaitable[T]]) -> T:
    """Tries for a minute or more: servers and services start together.

    A server that goes away in the middle of a try may never answer, nor hang up.
    """
    for attempt in range(START_TRIES):
        try:
            return await at_most(TRY_SECONDS, connect())
        except (OSError, AMQPError, Unavailable) as error:
            log.warning("waits_for_a_server", attempt=attempt + 1, reason=type(error).__name__)
        except Exception as error:
            if not away(error):
                raise
            log.warning("waits_for_a_server", attempt=attempt + 1, reason=type(error).__name__)
        await asyncio.sleep(START_PAUSE)
    return await connect()
