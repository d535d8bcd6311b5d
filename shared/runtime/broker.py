"""The two connections of a service: one that publishes and declares, one that only consumes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from logging import DEBUG
from typing import Any

import structlog
from aiormq.exceptions import AMQPError, ChannelNotFoundEntity, ChannelPreconditionFailed
from faststream import AckPolicy
from faststream.rabbit import Channel, RabbitBroker, RabbitExchange, RabbitMessage, RabbitQueue

from shared.runtime import topology
from shared.runtime.envelope import BATCH

OnMessage = Callable[[RabbitMessage], Awaitable[None]]


class _Log:
    """FastStream's log lines, with our names. What a handler raises is a rejected delivery: said elsewhere."""

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
        self._pub = RabbitBroker(
            f"{url}{mark}name={name}-pub&heartbeat=15",
            logger=quiet,
            log_level=DEBUG,
            reconnect_interval=1.0,
            default_channel=Channel(on_return_raises=True),
        )
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
        await self._pub.connect()
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
        return bool(await self._pub.ping(1.0))

    def subscribe(self, queue: RabbitQueue, on_message: OnMessage, *, prefetch: int, policy: AckPolicy) -> None:
        """Each subscriber has a channel and a prefetch of its own."""
        passive = RabbitQueue(queue.name, declare=False)
        channel = Channel(prefetch_count=prefetch)
        self._sub.subscriber(passive, channel=channel, ack_policy=policy, no_reply=True)(on_message)

    async def start(self) -> None:
        await self._sub.start()

    async def cancel(self) -> None:
        """No new deliveries. FastStream would wait first and cancel afterwards, and drop what comes in between."""
        for subscriber in self._sub.subscribers:
            private: Any = subscriber  # FastStream 0.7 has no public way
            queue, tag = private._queue_obj, private._consumer_tag
            if queue is not None and tag is not None:
                await queue.cancel(tag)

    async def close(self) -> None:
        """Waits for the deliveries in hand, then closes both connections."""
        await self._sub.stop()
        await self._pub.stop()

    async def publish(self, kind: str, body: bytes, message_id: str, mandatory: bool) -> None:
        """To `events`, persistent. Returns when the broker has it; PublishError: no queue took it."""
        claimed = self._publish(topology.EVENTS, kind, body, mandatory=mandatory, persist=True, message_id=message_id)
        watched = self._publish(topology.FEED, kind, body, mandatory=False)
        result, _ = await asyncio.gather(claimed, watched, return_exceptions=True)
        if isinstance(result, BaseException):  # whoever only watches has no claim
            raise result

    async def _publish(self, exchange: RabbitExchange, kind: str, body: bytes, **options: Any) -> None:
        call = {"routing_key": kind, "message_type": kind, "content_type": BATCH} | options
        await self._pub.publish(body, exchange=exchange, **call)

    async def reply(self, to: str, body: bytes, correlation_id: str, content_type: str) -> None:
        """Answers a request. Nobody waiting any more is no fault."""
        await self._pub.publish(
            body, queue=to, mandatory=False, content_type=content_type, correlation_id=correlation_id
        )

    async def faults(self) -> list[str]:
        """What differs from the contracts, in words; missing things are declared again by the way."""
        try:
            async with asyncio.timeout(10):
                found = [fault for name, consumed in self._expected() if (fault := await self._look_at(name, consumed))]
                await self.declare()
        except ChannelPreconditionFailed as error:
            return [f"declared otherwise: {error}"]
        except (AMQPError, OSError, TimeoutError) as error:
            return [f"broker away: {type(error).__name__}"]
        return found

    def _expected(self) -> list[tuple[str, bool]]:
        """Queues, and whether somebody must consume them: nobody does those of the dead."""
        work = [topology.requests(self.name), *[feed.queue for feed in self.feeds]]
        return [(topology.dead(self.name).name, False), *[(queue.name, True) for queue in work]]

    async def _look_at(self, name: str, consumed: bool) -> str:
        """A channel for each look: the broker closes it when the queue is missing."""
        channel = await self._fresh_channel()
        try:
            declared = await channel.declare_queue(name, passive=True)
        except ChannelNotFoundEntity:
            return f"{name}: missing"
        else:
            idle = consumed and not declared.declaration_result.consumer_count
            return f"{name}: nobody consumes" if idle else ""
        finally:
            if not channel.is_closed:
                await channel.close()

    async def _fresh_channel(self) -> Any:
        connection = await self._pub.connect()
        return await connection.channel()
