"""Whatever the broker loses is found missing, sent again and taken once; what is only late is waited for."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import aio_pika
import pytest
from prometheus_client import REGISTRY

from shared.db import Tx, copy_rows
from shared.runtime import outbox
from shared.runtime.envelope import Received, Sealed, now, seal
from shared.runtime.handler import Outcome
from shared.runtime.process import Process
from shared.runtime.service import Service
from shared.settings import Settings
from tests.conftest import MakeDatabase
from tests.system.conftest import until
from tests.system.probe.service import Added

QUEUE = "probe.probe.Added.v1"
FEW = 7
gate = asyncio.Event()
"""While it is closed, nothing that arrives is dealt with."""


async def hear(batch: Sequence[Received[Added]], tx: Tx) -> list[Outcome]:
    await gate.wait()
    await copy_rows(tx, "entry", ("id", "name", "amount"), [(m.id, m.data.name, m.data.amount) for m in batch])
    return []


SELF_LISTENER = Service("probe", events={Added: hear})
"""Its own producer: what it says goes through its outbox and the broker back to it."""


@dataclass
class Listener:
    """A running service that hears itself, and the broker between the two."""

    process: Process
    channel: Any

    async def say(self, *names: str) -> None:
        async with self.process.pool.acquire() as tx, tx.transaction():
            await outbox.put_own(tx, "probe", [Added(name=name, amount=1) for name in names], now())
        self.process.relay.wake()

    async def count(self, query: str) -> int:
        return int(await self.process.pool.fetchval(f"SELECT count(*) FROM {query}"))

    async def heard(self, n: int, seconds: float = 20) -> None:
        await until(lambda: self._has("entry", n), f"{n} events are heard", seconds)

    async def left(self) -> None:
        await until(lambda: self._has("outbox", 0), "all events have left")

    async def compared(self, times: int = 1) -> None:
        """So many comparisons were begun from now on and have ended."""
        for _ in range(times):
            mark = await self.process.pool.fetchval("SELECT now()")

            async def again(since: Any = mark) -> bool:
                return bool(await self.process.pool.fetchval("SELECT 1 FROM compared WHERE at > $1", since))

            await until(again, "one more comparison", 20)

    async def _has(self, what: str, n: int) -> bool:
        return await self.count(what) == n


def settings(database_url: str, amqp_url: str) -> Settings:
    return Settings(database_url=database_url, amqp_url=amqp_url, prefetch=1, topology_seconds=0.5, digest_seconds=0.8)


@pytest.fixture
async def listener(make_database: MakeDatabase, broker_url: str) -> AsyncIterator[Listener]:
    gate.set()
    process = Process(SELF_LISTENER, settings(await make_database("probe"), broker_url))
    await process.start()
    connection = await aio_pika.connect(broker_url)
    running = Listener(process, await connection.channel())
    await running.compared()
    yield running
    gate.set()
    await connection.close()
    await process.stop()


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, {"service": "probe", **labels}) or 0.0


def differences() -> float:
    return counted("karya_digest_differences_total", producer="probe")


async def test_a_queue_deleted_with_events_in_it_is_made_again_and_what_it_held_is_sent_again(
    listener: Listener,
) -> None:
    before, health = differences(), listener.process.health
    await _fill(listener)

    await listener.channel.queue_delete(QUEUE)
    await until(_noticed(listener), "readiness is red, or the queue is there again already")
    gate.set()
    await listener.heard(1 + FEW)

    assert differences() - before >= FEW
    await listener.compared(2)
    assert await listener.count("difference") == 0
    assert health.ready, health.faults
    await listener.say("afterwards")
    await listener.heard(2 + FEW)


async def _fill(listener: Listener) -> None:
    """One event in hand, FEW in the queue, each a message of its own."""
    gate.clear()
    for _ in range(1 + FEW):
        await listener.say("x")
        await listener.left()
    await until(_waiting(listener, FEW), f"{FEW} messages in the queue")


def _waiting(listener: Listener, n: int) -> Any:
    async def waiting() -> bool:
        declared = await listener.channel.declare_queue(QUEUE, passive=True)
        return bool(declared.declaration_result.message_count >= n)

    return waiting


def _noticed(listener: Listener) -> Any:
    """A look that was under way when the queue was deleted may declare it again before anybody has missed it."""

    async def noticed() -> bool:
        if QUEUE in listener.process.health.faults.get("topology", ""):
            return True
        depths: dict[str, int] = await listener.process.broker.depths()
        return depths.get(QUEUE) == 0

    return noticed


async def test_what_is_sent_while_a_binding_is_gone_arrives(listener: Listener) -> None:
    await _unbind(listener)
    for _ in range(FEW):
        await listener.say("x")

    await listener.heard(FEW)  # by the next comparison, or, if the binding was back before, as ever


async def _unbind(listener: Listener) -> None:
    queue = await listener.channel.get_queue(QUEUE, ensure=False)
    await queue.unbind("events", Added.wire)


async def test_what_was_purged_arrives(listener: Listener) -> None:
    before = differences()
    await _fill(listener)
    await (await listener.channel.get_queue(QUEUE, ensure=False)).purge()
    gate.set()

    await listener.heard(1 + FEW)

    assert differences() - before == FEW
    assert await listener.count("event_log") == 1 + FEW


@pytest.mark.parametrize("events", [1, FEW])
async def test_a_backlog_is_waited_for_and_nothing_is_sent_again(listener: Listener, events: int) -> None:
    """With one event, all that is there is in hand."""
    before = differences(), counted("karya_digest_resent_total", producer="probe")
    gate.clear()
    for _ in range(events):
        await listener.say("x")
        await listener.left()
    await asyncio.sleep(3)  # several rounds

    assert await listener.count("difference") == 0
    gate.set()
    await listener.heard(events)
    await listener.compared(2)
    assert (differences(), counted("karya_digest_resent_total", producer="probe")) == before


async def test_two_replicas_find_what_is_missing_once(listener: Listener) -> None:
    second = Process(SELF_LISTENER, listener.process.settings)
    await second.start()
    before = differences(), counted("karya_digest_resent_total", producer="probe")
    await _lose(listener, FEW)

    await listener.heard(FEW)
    await listener.compared(3)
    await second.stop()

    assert differences() - before[0] == FEW
    assert counted("karya_digest_resent_total", producer="probe") - before[1] == FEW


async def _lose(listener: Listener, n: int) -> None:
    """Events of which the producer says that they have left, and that no queue has ever seen."""
    async with listener.process.pool.acquire() as tx, tx.transaction():
        sealed = [seal(Added(name="lost", amount=1), "probe", now()) for _ in range(n)]
        await copy_rows(tx, "event_log", Sealed._fields, sealed)


async def test_more_than_a_page_is_found_and_sent_again(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.runtime.digests.comparer.PAGE", 10)
    await _lose(listener, 95)

    await listener.heard(95, 30)


async def test_a_consumer_that_was_restored_from_a_backup_gets_again_what_it_has_forgotten(listener: Listener) -> None:
    for _ in range(FEW):
        await listener.say("x")
    await listener.heard(FEW)
    await listener.compared(2)

    pool = listener.process.pool
    async with pool.acquire() as tx, tx.transaction():
        await tx.execute("DELETE FROM inbox")
        await tx.execute("DELETE FROM entry")
        await tx.execute("UPDATE comparing SET sound_until = since")

    await listener.heard(FEW)


async def test_what_no_producer_has_in_its_log_is_told_once(listener: Listener) -> None:
    before = counted("karya_digest_unknown_total")
    stranger = seal(Added(name="stranger", amount=1), "probe", now())
    exchange = await listener.channel.get_exchange("events", ensure=False)
    await exchange.publish(aio_pika.Message(f"[{stranger.envelope}]".encode()), Added.wire)
    await listener.heard(1)

    await listener.compared(3)

    assert counted("karya_digest_unknown_total") - before == 1


async def test_what_cannot_be_read_is_parked_and_not_sent_again(listener: Listener) -> None:
    before = differences()
    sealed = seal(Added(name="x", amount=1), "probe", now())
    broken = sealed.envelope.replace('"amount":1', '"amount":"many"')
    assert broken != sealed.envelope
    async with listener.process.pool.acquire() as tx, tx.transaction():
        await copy_rows(tx, "event_log", Sealed._fields, [sealed._replace(envelope=broken)])
        await copy_rows(tx, "outbox", ("day", "id"), [(sealed.day, sealed.id)])
    listener.process.relay.wake()
    await until(lambda: listener._has("parked", 1), "it is parked")

    await listener.compared(3)

    assert differences() == before
