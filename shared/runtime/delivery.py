"""What the broker brings, who may say it, and what of it shares a transaction."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from shared.runtime.decode import Batch
from shared.runtime.envelope import Arrival


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the broker brought: a body, whether it came before, and who sent it as far as the broker knows."""

    body: bytes
    redelivered: bool
    sender: str = ""
    user_id: str | None = None
    message_id: str | None = None
    traceparent: str | None = None

    @property
    def arrival(self) -> Arrival:
        """Its mark: the sender's message id and all of the content."""
        digest = hashlib.blake2b(
            self.body, digest_size=8, key=(self.message_id or "").encode(errors="replace")[:64]
        ).digest()
        return Arrival(int.from_bytes(digest, signed=True), self.redelivered, self.traceparent)


Guard = Callable[[Batch, Delivery], Batch]
"""Tells apart what this sender may not say."""


def trusting(batch: Batch, _: Delivery) -> Batch:
    """Inside the house everybody may say what she publishes."""
    return batch


@dataclass(frozen=True, slots=True)
class Taken:
    """Deliveries that share a transaction: what they hold, and who waits for its commit."""

    batch: Batch = field(default_factory=lambda: Batch([], []))
    waiters: list[asyncio.Future[None]] = field(default_factory=list)

    def add(self, some: Batch, waiter: asyncio.Future[None]) -> None:
        self.batch.readable.extend(some.readable)
        self.batch.unreadable.extend(some.unreadable)
        self.waiters.append(waiter)

    def settle(self) -> None:
        for waiter in self.waiters:
            if not waiter.done():  # cancelled: the connection was lost; it comes again, the inbox absorbs it
                waiter.set_result(None)
