"""The runtime on real servers: coalescing, the relay, the topology, the trace, a graceful stop."""

import asyncio
import gc
import json
from urllib.parse import urlsplit

import aio_pika
import pytest
from prometheus_client import REGISTRY

from deploy.local.chaos.house.proxy import Proxy
from shared import db
from shared.runtime.envelope import Sealed, new_id, seal
from shared.runtime.process import Process
from shared.settings import Settings
from tests.conftest import MakeDatabase
from tests.system.conftest import Probe, until
from tests.system.probe.service import PROBE, Add, Added, counted

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_deliveries_that_arrive_during_a_transaction_share_the_next_one(probe: Probe) -> None:
    before = _batches()
    _, slow = counted("slow")
    await probe.publish(slow)
    await asyncio.sleep(0.1)
    for _ in range(50):
        await probe.publish(counted("good")[1])

    await probe.entries(51)

    assert _batches() - before <= 4


def _batches() -> float:
    return REGISTRY.get_sample_value("karya_batch_events_count", {"service": "probe"}) or 0.0


async def test_an_event_reaches_a_bound_queue_as_a_cloudevents_batch(probe: Probe) -> None:
    queue = await probe.channel.declare_queue("", exclusive=True)
    await queue.bind("events", "probe.Added.v1")
    ids, body = counted("good", "good")
    await probe.publish(body)

    message = await _next(queue)
    events = json.loads(message.body)

    assert message.content_type == "application/cloudevents-batch+json"
    assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
    assert [event["causationid"] for event in events] == [str(key) for key in ids]
    assert {event["source"] for event in events} == {"/services/probe"}


async def _next(queue: aio_pika.abc.AbstractQueue) -> aio_pika.abc.AbstractIncomingMessage:
    async with queue.iterator(timeout=10) as messages:
        async for message in messages:
            return message
    pytest.fail("no message came")


async def test_the_trace_goes_on_from_the_event_through_the_outbox(probe: Probe) -> None:
    _, body = counted("good")
    event = json.loads(body)[0] | {"traceparent": TRACE, "correlationid": "the-story"}
    await probe.publish(json.dumps([event]).encode())
    await probe.entries(1)

    row = (await probe.fetch("SELECT envelope FROM event_log"))[0]
    sent = json.loads(row["envelope"])

    assert sent["traceparent"].split("-")[1] == TRACE.split("-")[1]
    assert sent["correlationid"] == "the-story"


async def test_events_that_reach_no_queue_do_not_hold_up_the_others(probe: Probe) -> None:
    unheard = [seal_heard("sales.ItemSold.v1") for _ in range(1200)]
    async with probe.process.pool.acquire() as tx, tx.transaction():
        await db.copy_rows(tx, "event_log", Sealed._fields, unheard)
        await db.copy_rows(tx, "outbox", ("day", "id"), [(row[0], row[1]) for row in unheard])
    queue = await probe.channel.declare_queue("", exclusive=True)
    await queue.bind("events", "probe.Added.v1")

    await probe.requests.ask(Add(name="good", amount=1), actor="tests")

    assert await _next(queue)

    async def all_kept() -> bool:
        return await probe.count("unroutable") + await probe.count("outbox") == 1200

    await until(all_kept, "1200 events kept")


def seal_heard(kind: str) -> tuple[object, ...]:
    """A log row of a type that somebody listens to, while nobody does."""
    sealed = seal(Added(name="x", amount=1), "probe", PROBE.clock())
    return (sealed.day, sealed.id, kind, sealed.subject, sealed.envelope)


async def test_unroutable_events_are_sent_when_their_queue_is_there(probe: Probe) -> None:
    row = seal_heard("sales.ItemSold.v1")
    async with probe.process.pool.acquire() as tx, tx.transaction():
        await db.copy_rows(tx, "event_log", Sealed._fields, [row])
        await db.copy_rows(tx, "outbox", ("day", "id"), [(row[0], row[1])])

    async def set_aside() -> bool:
        return await probe.count("unroutable") == 1

    await until(set_aside, "the event set aside")
    queue = await probe.channel.declare_queue("", exclusive=True)
    await queue.bind("events", "sales.ItemSold.v1")

    assert await _next(queue)


async def test_a_missing_queue_is_told_and_declared_again(probe: Probe) -> None:
    assert await probe.process.broker.faults() == []
    await probe.channel.queue_delete("probe.probe.Counted.v1")

    faults = await probe.process.broker.faults()

    assert faults == ["probe.probe.Counted.v1: missing"]
    declared = await probe.channel.declare_queue("probe.probe.Counted.v1", passive=True)
    assert declared.name == "probe.probe.Counted.v1"


async def test_a_missing_dead_letter_queue_is_told_and_declared_again(probe: Probe) -> None:
    await probe.channel.queue_delete("probe.dead")

    assert await probe.process.broker.faults() == ["probe.dead: missing"]
    assert await probe.process.broker.faults() == []


async def test_a_queue_that_nobody_consumes_is_told(probe: Probe) -> None:
    await probe.process.broker.cancel()

    faults = await probe.process.broker.faults()

    assert faults == ["probe.requests: nobody consumes", "probe.probe.Counted.v1: nobody consumes"]


async def test_a_body_that_was_dealt_with_is_not_kept_until_the_next_garbage_collection(probe: Probe) -> None:
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            await probe.publish(counted("good")[1])
        await probe.entries(3)
        for _ in range(100):  # what is just being acknowledged is not kept, only not let go of yet
            held = _bodies()
            if not held:
                break
            await asyncio.sleep(0.05)
    finally:
        gc.enable()

    assert held == []


def _bodies() -> list[aio_pika.IncomingMessage]:
    return [one for one in gc.get_objects() if isinstance(one, aio_pika.IncomingMessage) and b"Counted" in one.body]


async def test_a_stop_finishes_what_is_in_hand_and_leaves_the_rest(probe: Probe) -> None:
    await probe.publish(counted("slow")[1])
    await asyncio.sleep(0.1)
    stopping = asyncio.create_task(probe.process.stop())
    await stopping

    dsn = probe.settings.database_url
    connection = await db.connect(dsn, "tests")
    try:
        assert await connection.fetchval("SELECT count(*) FROM entry") == 1
        assert await connection.fetchval("SELECT count(*) FROM outbox") == 0
    finally:
        await connection.close()
    await probe.publish(counted("good")[1])
    again = Process(PROBE, probe.settings)
    await again.start()
    probe.process = again
    await probe.entries(2)


async def test_a_stop_does_not_wait_for_a_broker_that_is_away(
    make_database: MakeDatabase, broker_url: str, unused_tcp_port: int
) -> None:
    server = urlsplit(broker_url)
    targets = [(str(server.hostname), server.port or 5672)]
    proxy = Proxy(lambda: targets)
    await proxy.start(unused_tcp_port)
    behind = server._replace(netloc=f"{server.netloc.rpartition(':')[0]}:{unused_tcp_port}").geturl()
    process = Process(PROBE, Settings(database_url=await make_database("probe"), amqp_url=behind))
    await process.start()
    targets.clear()
    proxy.cut()
    await asyncio.sleep(0.5)

    done, _ = await asyncio.wait({asyncio.create_task(process.stop())}, timeout=30)

    assert done
    await proxy.stop()


async def test_two_replicas_share_the_work_and_do_it_once(probe: Probe, broker_url: str) -> None:
    second = Process(PROBE, Settings(database_url=probe.settings.database_url, amqp_url=broker_url))
    await second.start()
    bodies = [counted("good", "good")[1] for _ in range(100)]
    for body in bodies + bodies[:20]:
        await probe.publish(body)

    await probe.entries(200)
    await second.stop()

    assert await probe.count("event_log") == 200


async def test_ids_are_unique_and_sorted_by_time() -> None:
    ids = [new_id() for _ in range(1000)]

    assert len(set(ids)) == 1000
    assert ids[0] < ids[-1]
