"""A service's connections: one publishes and declares; requests, tills' reports and events are consumed on one each."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import aio_pika
import structlog
from aiormq.exceptions import AMQPError, ChannelNotFoundEntity, ChannelPreconditionFailed
from pamqp.commands import Queue

from shared.runtime import topology
from shared.runtime.connecting import plainly
from shared.runtime.consumer import Attach, Consumer, OnDelivery, OnMessage, answering, listening
from shared.runtime.copies import Copies
from shared.runtime.edge import Line
from shared.runtime.envelope import BATCH, new_id
from shared.runtime.patience import at_most
from shared.runtime.stuck import Stuck

log = structlog.get_logger(__name__)
ANSWER_SECONDS, LOOK_SECONDS = 1.0, 10.0
BURY_SECONDS = 5.0


class Broker:
    """`connect`, `subscribe`, `start`, and to stop: `cancel`, then `close`."""

    def __init__(self, url: str, name: str, feeds: Sequence[topology.Feed]) -> None:
        self.name, self.feeds, self._url = name, feeds, url
        # A plain connection, opened anew when it was lost: a restored one may keep a channel that is dead for ever.
        self._pub = Line(url, f"{name}-pub")
        self._copies = Copies()
        self._consumers: dict[str, Consumer] = {}
        """By what they bring: what the broker does to a connection because of one queue keeps nothing else waiting."""
        self._stuck = Stuck(url, name)
        self._leaving = False

    async def connect(self) -> None:
        """Opens the publishing connection and declares what this service needs. Raises AMQPError, OSError."""
        await self._pub.channel()
        await self.declare()

    async def declare(self) -> None:
        """Exchanges, queues and bindings of the contracts; past FastStream's cache, so that it can be done again.

        Raises ChannelPreconditionFailed on a difference.
        """
        channel = await self._fresh_channel()
        try:
            for exchange in (topology.EVENTS, topology.FEED, topology.OUTLETS):
                await channel.declare_exchange(exchange.name, exchange.type.value, durable=True)
            for queue in (topology.dead(self.name), topology.requests(self.name)):
                await channel.declare_queue(queue.name, durable=True, arguments=queue.arguments)
            for feed in self.feeds:
                queue = await channel.declare_queue(feed.queue.name, durable=True, arguments=feed.queue.arguments)
                await queue.bind(feed.exchange.name, routing_key=feed.binding)
        finally:
            if not channel.is_closed:
                await channel.close()

    async def answers(self) -> bool:
        """Whether the broker is there, now."""
        try:
            await at_most(ANSWER_SECONDS, self._pub.channel())
        except (AMQPError, OSError, TimeoutError):
            return False
        return True

    def answer(self, on_message: OnMessage, *, prefetch: int) -> None:
        """Answers requests, one by one."""
        queue = topology.requests(self.name).name
        self._add("requests", queue, answering(queue, on_message, prefetch))

    def listen(self, feed: topology.Feed, on_delivery: OnDelivery, *, prefetch: int) -> None:
        """Takes what a feed brings, many deliveries together."""
        kind = "reports" if feed.exchange is topology.OUTLETS else "events"
        self._add(kind, feed.queue.name, listening(feed.queue.name, on_delivery, prefetch))

    def _add(self, kind: str, queue: str, attach: Attach) -> None:
        consumer = self._consumers.setdefault(kind, Consumer(self._url, f"{self.name}-sub-{kind}"))
        consumer.subscribers[queue] = attach

    async def start(self) -> None:
        """Consumes what can be consumed; each look at the topology tries the others again.

        Raises AMQPError, OSError, TimeoutError when nothing can.
        """
        results = await asyncio.gather(*[one.start() for one in self._consumers.values()], return_exceptions=True)
        failed = [result for result in results if isinstance(result, BaseException)]
        if failed and len(failed) == len(results):
            raise failed[0]

    async def cancel(self) -> None:
        """No new deliveries."""
        self._leaving = True
        await asyncio.gather(*[consumer.cancel() for consumer in self._consumers.values()])

    async def close(self) -> None:
        """Waits for what is being answered, then closes all connections."""
        self._leaving = True
        await asyncio.gather(*[consumer.close() for consumer in self._consumers.values()])
        await self._pub.close()

    async def publish(self, kind: str, body: bytes, message_id: str, mandatory: bool) -> None:
        """To `events`, persistent. Returns when the broker has it; PublishError: no queue took it."""
        facts: dict[str, Any] = {"content_type": BATCH, "type": kind}
        event = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT, message_id=message_id, **facts)
        claimed = self._publish(topology.EVENTS.name, kind, event, mandatory)
        copy = aio_pika.Message(body, **facts)
        watched = self._copies.send(lambda: self._publish(topology.FEED.name, kind, copy, mandatory=True))
        result, _ = await asyncio.gather(claimed, watched, return_exceptions=True)
        if isinstance(result, BaseException):  # whoever only watches has no claim
            raise result

    async def _publish(self, exchange: str, key: str, message: aio_pika.Message, mandatory: bool) -> None:
        target = await (await self._pub.channel()).get_exchange(exchange, ensure=False)
        await target.publish(message, key, mandatory=mandatory)

    async def renew(self) -> None:
        """Hangs up where we publish: the next one opens a new connection."""
        try:
            await at_most(ANSWER_SECONDS, self._pub.close())
        except (AMQPError, OSError, TimeoutError):
            return  # it is forgotten all the same

    async def bury(self, body: bytes) -> None:
        """Lays a body that nobody can read among the dead. Raises AMQPError, TimeoutError unless the broker has it.

        A rejected delivery goes there too, but unconfirmed: a broker that dies at that moment loses it.
        """
        message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT, message_id=str(new_id()))
        await at_most(BURY_SECONDS, self._lay_down(message))

    async def _lay_down(self, message: aio_pika.Message) -> None:
        channel = await self._pub.channel()
        await channel.default_exchange.publish(message, topology.dead(self.name).name, mandatory=True)

    async def reply(self, to: str, body: bytes, correlation_id: str, content_type: str) -> None:
        """Answers a request. Nobody waiting any more is no fault."""
        message = aio_pika.Message(body, content_type=content_type, correlation_id=correlation_id)
        await (await self._pub.channel()).default_exchange.publish(message, to, mandatory=False)

    async def faults(self) -> list[str]:
        """What differs from the contracts, in words; missing things are declared again by the way."""
        try:
            seen = await at_most(LOOK_SECONDS, plainly(self._look()))
            await at_most(LOOK_SECONDS, plainly(self.declare()))
            await self._consume_anew(seen)
            await self._drop_stuck(seen)
        except ChannelPreconditionFailed as error:
            return [f"declared otherwise: {error}"]
        except (AMQPError, OSError, TimeoutError) as error:
            return [f"broker away: {type(error).__name__}"]
        return [fault for name, found in seen.items() if (fault := self._fault(name, found))]

    async def _drop_stuck(self, seen: Mapping[str, Queue.DeclareOk | None]) -> None:
        """An event queue behind which there is nothing goes, and the next look makes it anew: what was in it is missed
        by the next comparison and sent again. What tills have reported stands in no log, so a person decides there.
        """
        events = [feed.queue.name for feed in self.feeds if feed.exchange is topology.EVENTS]
        silent = [name for name in events if (found := seen[name]) and not found.consumer_count]
        for name in await self._stuck.find(silent):
            log.error("queue_lost", queue=name)
            await at_most(LOOK_SECONDS, plainly(self._delete(name)))

    async def _delete(self, queue: str) -> None:
        channel = await self._fresh_channel()
        await channel.queue_delete(queue)
        await channel.close()

    async def _consume_anew(self, seen: Mapping[str, Queue.DeclareOk | None]) -> None:
        """What was missing, what could not be consumed until now, and what nobody consumes in spite of us.

        The library consumes again by itself, but under the same tag on the same channel. Seen on RabbitMQ 3.10: a late
        acknowledgement for the queue that was deleted meets the new one, and its first deliveries never come.
        """
        for kind, consumer in list(self._consumers.items()):
            found = [seen[queue] for queue in consumer.subscribers]
            consumed = all(one is not None and one.consumer_count for one in found)
            if self._leaving or not (None in found or consumer.is_lost(consumed)):
                continue
            try:
                await consumer.start()
                log.info("consumed_anew", what=kind)
            except (AMQPError, OSError, TimeoutError) as error:  # no reason to leave the others alone
                log.warning("not_consumed", what=kind, reason=type(error).__name__)
                await self._set_apart(consumer)

    async def _set_apart(self, consumer: Consumer) -> None:
        """A queue that breaks the connection that it shares gets one of its own; the next look starts both.

        Unless the broker itself is away: then it is no queue's fault.
        """
        if await self.answers() and (broken := consumer.let_go()):
            queue, attach = broken
            self._add(queue, queue, attach)
            log.warning("set_apart", queue=queue)

    async def depths(self) -> dict[str, int]:
        """How many messages wait in each queue of this service, not counting those in somebody's hand.

        A queue that is missing is left out. Raises AMQPError, OSError, TimeoutError.
        """
        seen = await at_most(LOOK_SECONDS, plainly(self._look()))
        return {name: found.message_count or 0 for name, found in seen.items() if found}

    async def _look(self) -> dict[str, Queue.DeclareOk | None]:
        """Each queue as it is, or None. The broker closes a channel when what it is asked for is missing."""
        queues = [topology.dead(self.name), topology.requests(self.name), *[feed.queue for feed in self.feeds]]
        seen: dict[str, Queue.DeclareOk | None] = {}
        channel = await self._fresh_channel()
        try:
            for queue in queues:
                try:
                    seen[queue.name] = (await channel.declare_queue(queue.name, passive=True)).declaration_result
                except ChannelNotFoundEntity:
                    seen[queue.name] = None
                    channel = await self._fresh_channel()
        finally:
            if not channel.is_closed:
                await channel.close()
        return seen

    def _fault(self, name: str, found: Queue.DeclareOk | None) -> str:
        """Nobody consumes the dead, and a tool that only looks consumes nothing."""
        if found is None:
            return f"{name}: missing"
        if name == topology.dead(self.name).name:
            return ""
        if not found.consumer_count:
            return f"{name}: nobody consumes"
        idle = any(one.is_idle for one in self._consumers.values() if name in one.subscribers)
        return f"{name}: not consumed by this replica" if idle else ""

    async def _fresh_channel(self) -> Any:
        return await self._pub.another_channel()
