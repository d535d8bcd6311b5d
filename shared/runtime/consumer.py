"""A connection that only consumes: made whole, and thrown away whole when something is wrong with it."""

import time
from collections.abc import Awaitable, Callable
from logging import DEBUG
from typing import Any

import structlog
from aio_pika.abc import AbstractIncomingMessage
from aiormq.exceptions import AMQPError
from faststream import AckPolicy
from faststream.rabbit import Channel, RabbitBroker, RabbitMessage, RabbitQueue

from shared.logs import tells_of_servers
from shared.runtime.connecting import plainly
from shared.runtime.patience import at_most

OPEN_SECONDS, START_SECONDS, HANG_UP_SECONDS = 5.0, 10.0, 5.0
GRACEFUL_SECONDS = 40.0
SILENT_SECONDS = 15.0
"""So long nobody consumes one of its queues before it is given up as lost. The library restores it sooner if it can."""


OnMessage = Callable[[RabbitMessage], Awaitable[None]]
OnDelivery = Callable[[AbstractIncomingMessage], Awaitable[None]]
Attach = Callable[[RabbitBroker], None]
"""Gives a subscriber to a broker that is not started yet."""


class _Log:
    """FastStream's log lines, with our names."""

    def __init__(self) -> None:
        self._log = structlog.get_logger("faststream")

    def log(self, level: int, msg: Any, /, *_: Any, exc_info: Any = None, extra: Any = None) -> None:
        if level <= DEBUG:  # two lines for each message that comes
            return
        spoken = isinstance(exc_info, Exception) and not tells_of_servers(exc_info)
        words = type(exc_info).__name__ if spoken else str(msg)[:500]  # ours may say what was in a message
        self._log.log(level, "broker_log", message=words, exc_info=exc_info)


async def whole(message: RabbitMessage) -> RabbitMessage:
    """A decoder that leaves the message alone: the handler gets it as it came, without injected context."""
    return message


def answering(queue: str, on_message: OnMessage, prefetch: int) -> Attach:
    """Each message by itself, acknowledged when `on_message` returns."""

    def attach(broker: RabbitBroker) -> None:
        _subscriber(broker, queue, prefetch, AckPolicy.ACK)(on_message)

    return attach


def listening(queue: str, on_delivery: OnDelivery, prefetch: int) -> Attach:
    """Each delivery as it comes; its acknowledgement is left to whoever gets it.

    FastStream opens the channel, consumes, reconnects and stops. Its pipeline for each message (scopes, middleware,
    parsing) is passed over: a fifth of what a single report costs, and nothing here has a use for it (ADR 31).
    """

    def attach(broker: RabbitBroker) -> None:
        subscriber = _subscriber(broker, queue, prefetch, AckPolicy.MANUAL)
        subscriber(on_delivery)
        subscriber.consume = on_delivery

    return attach


def _subscriber(broker: RabbitBroker, queue: str, prefetch: int, policy: AckPolicy) -> Any:
    passive, channel = RabbitQueue(queue, declare=False), Channel(prefetch_count=prefetch)
    return broker.subscriber(passive, channel=channel, ack_policy=policy, no_reply=True)


class Consumer:
    """`start`, as often as need be: what was there before is thrown away. To stop: `cancel`, then `close`."""

    def __init__(self, url: str, name: str) -> None:
        self._url = f"{url}{'&' if '?' in url else '?'}name={name}&heartbeat=15"
        self.subscribers: dict[str, Attach] = {}
        """By the names of their queues; to be filled before the start."""
        self._broker: RabbitBroker | None = None
        self._heard = 0.0
        self._culprit: str | None = None

    @property
    def is_idle(self) -> bool:
        """It could not be started."""
        return self._broker is None

    def let_go(self) -> tuple[str, Attach] | None:
        """Gives up the queue that made the last start fail, if others share the connection with it."""
        queue, self._culprit = self._culprit, None
        return (queue, self.subscribers.pop(queue)) if queue and len(self.subscribers) > 1 else None

    def is_lost(self, consumed: bool) -> bool:
        """Whether it is to be started again. `consumed`: whether the broker says now that all its queues are."""
        if consumed:
            self._heard = time.monotonic()
        return self.is_idle or time.monotonic() - self._heard > SILENT_SECONDS

    async def start(self) -> None:
        """Raises AMQPError, OSError, TimeoutError; then nothing is consumed, and it may be tried again."""
        await self._hang_up()
        self._broker = broker = self._made()
        try:
            await at_most(START_SECONDS, plainly(broker.start()))
            self._heard = time.monotonic()
        except BaseException:
            self._culprit = _in_the_middle(broker)
            await self._hang_up()
            raise

    async def cancel(self) -> None:
        """No new deliveries. FastStream would wait first and cancel afterwards, and drop what comes in between."""
        for subscriber in self._broker.subscribers if self._broker else ():
            private: Any = subscriber  # FastStream 0.7 has no public way
            queue, tag = private._queue_obj, private._consumer_tag
            if queue is not None and tag is not None and not queue.channel.is_closed:
                await queue.cancel(tag)

    async def close(self) -> None:
        """Waits for the messages that are being answered, then closes the connection."""
        if self._broker:
            await self._broker.stop()

    def _made(self) -> RabbitBroker:
        quiet: Any = _Log()
        broker = RabbitBroker(
            self._url,
            logger=quiet,
            log_level=DEBUG,
            reconnect_interval=1.0,
            timeout=OPEN_SECONDS,
            apply_types=False,
            decoder=whole,
            graceful_timeout=GRACEFUL_SECONDS,
        )
        for attach in self.subscribers.values():
            attach(broker)
        return broker

    async def _hang_up(self) -> None:
        """Waits for nothing: what was in hand comes again, and the inbox knows it."""
        private: Any = self._broker
        connection = private and private._connection
        self._broker = None
        if connection:
            try:
                await at_most(HANG_UP_SECONDS, plainly(connection.close()))
            except (AMQPError, OSError, TimeoutError):
                return  # it is forgotten all the same


def _in_the_middle(broker: RabbitBroker) -> str | None:
    """The queue whose consumer was asked for and not given."""
    for subscriber in broker.subscribers:
        private: Any = subscriber
        if private._queue_obj is not None and private._consumer_tag is None:
            return str(private._queue_obj.name)
    return None
