"""What a handler says, and how a batch is applied so that one bad event never sinks the others."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, NamedTuple, TypeAlias, TypeVar

import structlog

from shared.contracts.message import Event
from shared.db import Tx, away
from shared.errors import Bug, KaryaError, Unavailable
from shared.runtime.envelope import Received

E = TypeVar("E", bound=Event)
log = structlog.get_logger(__name__)


class Caused(NamedTuple):
    """Publish `event`; `cause` is the message that led to it."""

    cause: Received[Any]
    event: Event


@dataclass(frozen=True, slots=True)
class Refused:
    """Park `message` for this reason. The handler has made no effects of it."""

    message: Received[Any]
    error: KaryaError


@dataclass(frozen=True, slots=True)
class Ignored:
    """`message` had no effect, and rightly so (a duplicate by its natural key)."""

    message: Received[Any]
    reason: str


@dataclass(frozen=True, slots=True)
class Last:
    """To be done when all else of the transaction is written, for what it locks others wait until the commit."""

    step: Callable[[Tx], Awaitable[list[Caused]]]


Outcome: TypeAlias = Caused | Refused | Ignored
BatchHandler: TypeAlias = Callable[[Sequence[Received[Any]], Tx], Awaitable[Sequence[Outcome | Last]]]
Apply: TypeAlias = Callable[[BatchHandler, Sequence[Received[Any]], Tx], Awaitable["Applied"]]


class Doubted(Exception):
    """A handler has failed where nothing but the whole transaction can be undone."""


@dataclass(slots=True)
class Applied:
    """The outcomes of a batch, sorted."""

    caused: list[Caused] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    last: list[Last] = field(default_factory=list)

    def add(self, outcomes: Sequence[Outcome | Last]) -> None:
        for outcome in outcomes:
            if isinstance(outcome, Caused):
                self.caused.append(outcome)
            elif isinstance(outcome, Refused):
                self.refused.append(outcome)
            elif isinstance(outcome, Ignored):
                self.ignored.append(outcome)
            else:
                self.last.append(outcome)

    def merge(self, other: "Applied") -> "Applied":
        self.caused += other.caused
        self.refused += other.refused
        self.ignored += other.ignored
        self.last += other.last
        return self

    async def finish(self, tx: Tx) -> list[Caused]:
        """Takes the last steps. Returns what they caused."""
        steps, self.last = self.last, []
        caused = [one for each in steps for one in await each.step(tx)]
        self.caused += caused
        return caused


def one_at_a_time(handle: Callable[[Received[E], Tx], Awaitable[list[Event]]]) -> BatchHandler:
    """Makes a batch handler of one for a single message. For what is not hot."""

    @wraps(handle)
    async def each(batch: Sequence[Received[Any]], tx: Tx) -> list[Outcome]:
        return [Caused(message, event) for message in batch for event in await handle(message, tx)]

    return each


async def apply_at_once(handler: BatchHandler, batch: Sequence[Received[Any]], tx: Tx) -> Applied:
    """Handles a batch without a savepoint: two round trips less, and nearly always nothing is to be undone.

    Its last steps are left to the caller.
    """
    applied = Applied()
    with doubting():
        applied.add(await handler(batch, tx) if batch else [])
    return applied


@contextmanager
def doubting() -> Iterator[None]:
    """Raises Doubted when a message may be to blame: then all is to be undone, and begun again with `apply`."""
    try:
        yield
    except Exception as error:
        if isinstance(error, Unavailable) or away(error):
            raise
        raise Doubted from error


async def apply(handler: BatchHandler, batch: Sequence[Received[Any]], tx: Tx) -> Applied:
    """Handles a batch to its last step in a savepoint; on an error halves it, until the guilty message is refused.

    Raises what is not a message's fault (Unavailable, a lost connection): then nothing of the batch has happened.
    """
    if not batch:
        return Applied()
    try:
        async with tx.transaction():
            applied = Applied()
            applied.add(await handler(batch, tx))
            await applied.finish(tx)
            return applied
    except Exception as error:
        await _blame(error, tx)
        if len(batch) == 1:
            return Applied(refused=[Refused(batch[0], as_kind(error, batch[0]))])
    middle = len(batch) // 2
    left = await apply(handler, batch[:middle], tx)
    return left.merge(await apply(handler, batch[middle:], tx))


async def _blame(error: Exception, tx: Tx) -> None:
    """Returns only when a message may be blamed: the connection is alive and the error is not about a server.

    Asking the database settles it, because drivers raise all kinds of things when they are cut in mid-protocol.
    """
    if isinstance(error, Unavailable) or away(error) or tx.is_closed():
        raise error
    await tx.execute("SELECT 1")


def as_kind(error: Exception, message: Received[Any]) -> KaryaError:
    """The error's kind; what has none is a bug of ours, logged with its trace and told without internals."""
    if isinstance(error, KaryaError):
        return error
    log.error("handler_failed", type=message.data.wire, event_id=str(message.id), exc_info=error)
    return Bug("bug", f"{type(error).__name__} in the handler of {message.data.wire}")
