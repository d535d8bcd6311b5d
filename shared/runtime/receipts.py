"""Tells the broker what is committed: a stretch of deliveries with one acknowledgement, which never covers another one.

An acknowledgement of several stands for every delivery before it that was not settled, also for one that this process
lost sight of: that one would be gone. So it is only used as far as the count of deliveries has no gap.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from aio_pika.abc import AbstractIncomingMessage

from shared.runtime.patience import lost_if_dropped

log = structlog.get_logger(__name__)


class Settled:
    """The deliveries of one channel that are settled. The broker counts them: 1, 2, 3 ..."""

    def __init__(self) -> None:
        self._upto = 0
        self._beyond: set[int] = set()

    def add(self, tags: Collection[int]) -> tuple[int | None, list[int]]:
        """Settles these: the one to acknowledge with all before it, and those to acknowledge each for itself.

        The first is never beyond a delivery that is not settled.
        """
        self._beyond.update(tags)
        while self._upto + 1 in self._beyond:
            self._upto += 1
            self._beyond.remove(self._upto)
        # Not the last of the count: that may have been told before, and the broker closes the channel on a second time.
        return max([tag for tag in tags if tag <= self._upto], default=None), [tag for tag in tags if tag > self._upto]


class Receipts:
    """Of one subscriber. A channel that the broker opened anew counts anew."""

    def __init__(self) -> None:
        self._channels: WeakKeyDictionary[Any, Settled] = WeakKeyDictionary()
        self._committed: list[AbstractIncomingMessage] = []
        self._telling: asyncio.Task[None] | None = None

    async def acknowledge(self, message: AbstractIncomingMessage) -> None:
        """Returns when the broker was told, or cannot be: then it brings the delivery again, and the inbox knows it."""
        self._committed.append(message)
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell())
        await asyncio.shield(self._telling)  # whoever is cancelled does not cancel it for the others

    async def _tell(self) -> None:
        await asyncio.sleep(0)  # lets the others of the same transaction join
        while self._committed:
            committed, self._committed = self._committed, []
            by_channel: dict[Any, dict[int, AbstractIncomingMessage]] = defaultdict(dict)
            for message in committed:
                by_channel[message.channel][message.delivery_tag or 0] = message
            for channel, messages in by_channel.items():
                try:
                    await lost_if_dropped(self._tell_of(channel, messages))
                except Exception as error:  # the channel is gone, and what it brought comes again on the next one
                    log.warning("not_acknowledged", deliveries=len(messages), reason=type(error).__name__)

    async def _tell_of(self, channel: Any, messages: dict[int, AbstractIncomingMessage]) -> None:
        last, alone = self._of(channel).add(messages)
        if last is not None:
            await messages[last].ack(multiple=True)
        for tag in alone:
            await messages[tag].ack()

    def _of(self, channel: Any) -> Settled:
        return self._channels.setdefault(channel, Settled())
