"""What a process at the edge of the house needs of the broker: to hand reports in, to watch events pass by."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage, AbstractQueue
from aiormq.exceptions import AMQPError

from shared import telemetry
from shared.errors import Unavailable
from shared.runtime import topology
from shared.runtime.connecting import connect, plainly
from shared.runtime.envelope import BATCH, new_id
from shared.runtime.patience import at_most, lost_if_dropped

CONFIRM_SECONDS, OPEN_SECONDS, PAUSE_SECONDS = 5.0, 5.0, 1.0
PREFETCH, TOGETHER = 50, 25
"""What the broker sends before it hears of any of it, and how many deliveries are acknowledged with one frame."""

LOST = (AMQPError, OSError, TimeoutError)

MOST_WATCHED = 10_000
"""What may wait for a watcher; beyond it the oldest are dropped: whoever must miss nothing has a queue of her own."""

log = structlog.get_logger(__name__)


class Line:
    """One connection with one channel, opened when it is needed and again when it was lost."""

    def __init__(self, url: str, name: str) -> None:
        self._url = f"{url}{'&' if '?' in url else '?'}name={name}&heartbeat=15"
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None
        self._opening = asyncio.Lock()

    @property
    def open(self) -> bool:
        lost = self._connection is None or self._connection.is_closed
        return not lost and self._channel is not None and not self._channel.is_closed

    async def channel(self) -> AbstractChannel:
        """Raises AMQPError, OSError, TimeoutError."""
        return (await self._opened())[1]

    async def another_channel(self) -> AbstractChannel:
        """A new one on the same connection, for what may close it. Raises as `channel` does."""
        return await (await self._opened())[0].channel()

    async def close(self) -> None:
        # Forgotten first: a close that is given up in the middle must not be begun again at every try.
        connection, self._connection, self._channel = self._connection, None, None
        if connection:
            await at_most(OPEN_SECONDS, plainly(connection.close()))

    async def _opened(self) -> tuple[AbstractConnection, AbstractChannel]:
        async with self._opening:
            if not self.open or self._connection is None or self._channel is None:
                with suppress(AMQPError, OSError, TimeoutError):  # it is forgotten all the same
                    await self.close()
                # Each for itself: whoever hung here would keep everybody else from opening it.
                connection = self._connection = await connect(self._url, OPEN_SECONDS)
                opening = connection.channel(publisher_confirms=True, on_return_raises=True)
                self._channel = await at_most(OPEN_SECONDS, plainly(opening))
                return connection, self._channel
            return self._connection, self._channel


class Reports:
    """Hands tills' reports in."""

    def __init__(self, url: str, name: str) -> None:
        self._line = Line(url, name)

    async def open(self) -> None:
        """Connects and declares the exchange. Raises Unavailable."""
        try:
            channel = await self._line.channel()
            await channel.declare_exchange(topology.OUTLETS.name, topology.OUTLETS.type.value, durable=True)
        except (AMQPError, OSError, TimeoutError) as error:
            raise Unavailable("broker_away", "the broker is away") from error

    async def hand_in(self, routing_key: str, body: bytes) -> None:
        """Returns when the broker has it on disk and in a queue. Raises Unavailable: hand it in again, as it is."""
        message = aio_pika.Message(
            body,
            content_type=BATCH,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=str(new_id()),
            headers={"traceparent": telemetry.current()},
        )
        try:
            await at_most(CONFIRM_SECONDS, plainly(self._publish(message, routing_key)))
        except LOST as error:
            raise Unavailable("broker_away", "reports cannot be taken now; send them again, unchanged") from error

    async def _publish(self, message: aio_pika.Message, routing_key: str) -> None:
        channel = await self._line.channel()
        exchange = await channel.get_exchange(topology.OUTLETS.name, ensure=False)
        await exchange.publish(message, routing_key, mandatory=True)

    async def close(self) -> None:
        await self._line.close()


class Watch:
    """Sees every event pass by while it is wanted, through a queue that is only its own and goes when it goes."""

    def __init__(self, url: str, name: str) -> None:
        self.line, self._name = Line(url, name), name
        self._queue: AbstractQueue | None = None
        self._wanted = False

    @property
    def open(self) -> bool:
        return self.line.open

    async def run(self, on_body: Callable[[bytes], None]) -> None:
        """Until cancelled. Events that pass while the broker is away are not seen."""
        while True:
            try:
                await lost_if_dropped(self._consume(on_body))
            except Exception as error:  # whatever it is: a watch that has ended without a word would be worse
                log.warning("watch_waits", reason=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def want(self, wanted: bool) -> None:
        """Whether to see anything. Takes a moment to be noticed everywhere; see `copies.LOOK_SECONDS`."""
        self._wanted = wanted
        if self._queue is None:
            return  # it will be bound as is wanted
        try:
            await at_most(OPEN_SECONDS, plainly(_bound(self._queue, wanted)))
        except LOST as error:
            log.warning("watch_lost", reason=type(error).__name__)
            with suppress(*LOST):
                await self.line.close()  # `run` opens another

    async def close(self) -> None:
        """After the end of `run`, which would open it again."""
        await self.line.close()

    async def _consume(self, on_body: Callable[[bytes], None]) -> None:
        """Returns when the connection is lost."""
        channel, lost = await self.line.channel(), asyncio.Event()
        channel.close_callbacks.add(lambda *_: lost.set())
        await channel.set_qos(PREFETCH)
        await channel.declare_exchange(topology.FEED.name, topology.FEED.type.value, durable=True)
        queue = await channel.declare_queue(
            # A new name each time: the broker may not yet know that the last one's owner is gone.
            f"{self._name}.{new_id()}",
            exclusive=True,
            auto_delete=True,
            arguments={"x-max-length": MOST_WATCHED},
        )

        async def take(message: AbstractIncomingMessage) -> None:
            on_body(message.body)
            # The last few stay open until more come: they are lost with the queue, and nobody gets them a second time.
            if (message.delivery_tag or 0) % TOGETHER == 0:
                await message.ack(multiple=True)

        self._queue = queue
        try:
            if self._wanted:
                await _bound(queue, True)
            await queue.consume(take)
            await lost.wait()
        finally:
            self._queue = None


async def _bound(queue: AbstractQueue, wanted: bool) -> None:
    await (queue.bind(topology.FEED.name, "#") if wanted else queue.unbind(topology.FEED.name, "#"))
