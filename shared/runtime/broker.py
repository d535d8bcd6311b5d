"""The two connections of a service: one that publishes and declares, one that only consumes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from logging import DEBUG
from typing import Any

import aio_pika
import structlog
from aio_pika.abc import AbstractIncomingMessage
from aiormq.exceptions import AMQPError, ChannelNotFoundEntity, ChannelPreconditionFailed
from faststream import AckPolicy
from faststream.rabbit import Channel, RabbitBroker, RabbitMessage, RabbitQueue
from pamqp.commands import Queue

from shared.runtime import topology
from shared.runtime.edge import Line
from shared.runtime.envelope import BATCH, new_id
from shared.runtime.stuck import Stuck

log = structlog.get_logger(__name__)
ANSWER_SECONDS = 1.0
BURY_SECONDS = 5.0
OnMessage = Callable[[RabbitMessage], Awaitable[None]]
OnDelivery = Callable[[AbstractIncomingMessage], Awaitable[None]]


class _Log:
    """FastStream's log lines, with our names."""

    def __init__(self) -> None:
        self._log = structlog.get_logger("faststream")

    def log(self, level: int, msg: Any, /, *_: Any, exc_info: Any = None, extra: Any = None) -> None:
        if level <= DEBUG:  # two lines for each message that comes
            return
        self._log.log(level, "broker_log", message=str(msg)[:500], exc_info=exc_info)


async def whole(message: RabbitMessage) -> RabbitMessage:
    """A decoder that leaves the message alone: the handler gets it as it came, without injected context."""
    return message


class Broker:
    """`connect`, `subscribe`, `start`, and to stop: `cancel`, then `close`."""

    def __init__(self, url: str, name: str, feeds: Sequence[topology.Feed]) -> None:
        mark = "&" if "?" in url else "?"
        quiet: Any = _Log()
        self.name, self.feeds = name, feeds
        # A plain connection, opened anew when it was lost: a restored one may keep a channel that is dead for ever.
        self._pub = Line(url, f"{name}-pub")
        self._stuck = Stuck(url, name)
        self._closed = False
        self._sub = RabbitBroker(
            f"{url}{mark}name={name}-sub&heartbeat=15",
            logger=quiet,
            log_level=DEBUG,
            reconnect_interval=1.0,
            apply_types=False,
            decoder=whole,
            graceful_timeout=40.0,
        )

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
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._pub.channel()
        except (AMQPError, OSError, TimeoutError):
            return False
        return True

    def subscribe(self, queue: RabbitQueue, on_message: OnMessage, *, prefetch: int) -> None:
        """Answers what comes one by one. A message is acknowledged when `on_message` returns."""
        self._subscriber(queue, prefetch, AckPolicy.ACK)(on_message)

    def listen(self, queue: RabbitQueue, on_delivery: OnDelivery, *, prefetch: int) -> None:
        """Hands on each delivery as it comes, and leaves its acknowledgement to whoever gets it.

        FastStream opens the channel, consumes, reconnects and stops. Its pipeline for each message (scopes, middleware,
        parsing) is passed over: a fifth of what a single report costs, and nothing here has a use for it (ADR 31).
        """
        subscriber: Any = self._subscriber(queue, prefetch, AckPolicy.MANUAL)
        subscriber(on_delivery)
        subscriber.consume = on_delivery

    def _subscriber(self, queue: RabbitQueue, prefetch: int, policy: AckPolicy) -> Any:
        """With a channel and a prefetch of its own."""
        passive = RabbitQueue(queue.name, declare=False)
        channel = Channel(prefetch_count=prefetch)
        return self._sub.subscriber(passive, channel=channel, ack_policy=policy, no_reply=True)

    async def start(self) -> None:
        await self._sub.start()

    async def cancel(self) -> None:
        """No new deliveries. FastStream would wait first and cancel afterwards, and drop what comes in between."""
        for subscriber in self._sub.subscribers:
            private: Any = subscriber  # FastStream 0.7 has no public way
            queue, tag = private._queue_obj, private._consumer_tag
            if queue is not None and tag is not None and not queue.channel.is_closed:
                await queue.cancel(tag)

    async def close(self) -> None:
        """Waits for the deliveries in hand, then closes both connections."""
        self._closed = True
        await self._sub.stop()
        await self._pub.close()

    async def publish(self, kind: str, body: bytes, message_id: str, mandatory: bool) -> None:
        """To `events`, persistent. Returns when the broker has it; PublishError: no queue took it."""
        facts: dict[str, Any] = {"content_type": BATCH, "type": kind}
        event = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT, message_id=message_id, **facts)
        claimed = self._publish(topology.EVENTS.name, kind, event, mandatory)
        watched = self._publish(topology.FEED.name, kind, aio_pika.Message(body, **facts), mandatory=False)
        result, _ = await asyncio.gather(claimed, watched, return_exceptions=True)
        if isinstance(result, BaseException):  # whoever only watches has no claim
            raise result

    async def _publish(self, exchange: str, key: str, message: aio_pika.Message, mandatory: bool) -> None:
        target = await (await self._pub.channel()).get_exchange(exchange, ensure=False)
        await target.publish(message, key, mandatory=mandatory)

    async def renew(self) -> None:
        """Hangs up where we publish: the next one opens a new connection."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._pub.close()
        except (AMQPError, OSError, TimeoutError):
            return  # it is forgotten all the same

    async def bury(self, body: bytes) -> None:
        """Lays a body that nobody can read among the dead. Raises AMQPError, TimeoutError unless the broker has it.

        A rejected delivery goes there too, but unconfirmed: a broker that dies at that moment loses it.
        """
        message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT, message_id=str(new_id()))
        async with asyncio.timeout(BURY_SECONDS):
            channel = await self._pub.channel()
            await channel.default_exchange.publish(message, topology.dead(self.name).name, mandatory=True)

    async def reply(self, to: str, body: bytes, correlation_id: str, content_type: str) -> None:
        """Answers a request. Nobody waiting any more is no fault."""
        message = aio_pika.Message(body, content_type=content_type, correlation_id=correlation_id)
        await (await self._pub.channel()).default_exchange.publish(message, to, mandatory=False)

    async def faults(self) -> list[str]:
        """What differs from the contracts, in words; missing things are declared again by the way."""
        try:
            async with asyncio.timeout(10):
                seen = await self._look()
                await self.declare()
                if any(seen[feed.queue.name] is None for feed in self.feeds):
                    await self._consume_anew()
            await self._drop_stuck(seen)
        except ChannelPreconditionFailed as error:
            return [f"declared otherwise: {error}"]
        except (AMQPError, OSError, TimeoutError) as error:
            return [f"broker away: {type(error).__name__}"]
        return [fault for name, found in seen.items() if (fault := _fault(name, found, self._consumed(name)))]

    async def _drop_stuck(self, seen: Mapping[str, Queue.DeclareOk | None]) -> None:
        """An event queue behind which there is nothing goes, and the next look makes it anew: what was in it is missed
        by the next comparison and sent again. What tills have reported stands in no log, so a person decides there.
        """
        events = [feed.queue.name for feed in self.feeds if feed.exchange is topology.EVENTS]
        silent = [name for name in events if (found := seen[name]) and not found.consumer_count]
        for name in await self._stuck.find(silent):
            log.error("queue_lost", queue=name)
            async with asyncio.timeout(10):
                channel = await self._fresh_channel()
                await channel.queue_delete(name)
                await channel.close()

    async def _consume_anew(self) -> None:
        """On a new connection. The library consumes again by itself, under the same tag on the same channel.

        Seen on RabbitMQ 3.10: a late acknowledgement for the queue that was deleted meets the new one, and its first
        deliveries never come. What was in hand comes again, and the inbox knows it.
        """
        if self._sub.subscribers and not self._closed:
            connection: Any = await self._sub.connect()
            await connection.reconnect()

    async def depths(self) -> dict[str, int]:
        """How many messages wait in each queue of this service, not counting those in somebody's hand.

        A queue that is missing is left out. Raises AMQPError, OSError, TimeoutError.
        """
        async with asyncio.timeout(10):
            return {name: found.message_count or 0 for name, found in (await self._look()).items() if found}

    def _consumed(self, name: str) -> bool:
        """Whether somebody must consume a queue: nobody does that of the dead."""
        return name != topology.dead(self.name).name

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

    async def _fresh_channel(self) -> Any:
        return await self._pub.another_channel()


def _fault(name: str, found: Queue.DeclareOk | None, consumed: bool) -> str:
    if found is None:
        return f"{name}: missing"
    return f"{name}: nobody consumes" if consumed and not found.consumer_count else ""
