"""A service as a table: which contract goes to which handler, and what its background work may use."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from shared.contracts.message import Command, Event, Part, Query, Request
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.db import Pool, Tx
from shared.errors import Reason
from shared.runtime import outbox
from shared.runtime.envelope import Clock, now
from shared.runtime.handler import BatchHandler
from shared.runtime.requests import Requests
from shared.runtime.responder import CommandHandler, QueryHandler
from shared.runtime.store import Announce, Prepare, silent, unprepared
from shared.settings import Settings

T = TypeVar("T")
R = TypeVar("R", bound=Part)


class Tools:
    """What a background job may use: transactions, questions to other services, the time."""

    def __init__(
        self, service: str, pool: Pool, requests: Requests, settings: Settings, wake: Callable[[], None]
    ) -> None:
        self._service, self._pool, self._requests, self._wake = service, pool, requests, wake
        self.settings = settings

    def now(self) -> datetime:
        return now()

    async def transact(self, work: Callable[[Tx], Awaitable[tuple[T, list[Event]]]]) -> T:
        """Runs `work` in a transaction and sends the events it returns; gives back its value."""
        async with self._pool.acquire() as tx, tx.transaction():
            value, events = await work(tx)
            await outbox.put_own(tx, self._service, events, now())
        self._wake()
        return value

    async def ask(self, request: Request[R], timeout: float = 5.0) -> R:  # noqa: ASYNC109 - it travels along
        """Asks another service. Raises the KaryaError it answers, Unavailable when it is away."""
        return await self._requests.ask(request, actor=f"service:{self._service}", timeout=timeout)


@dataclass(frozen=True, slots=True)
class Job:
    """Background work, looked at every so many seconds; True means there is more to do at once.

    `gives_way`: while events come in it takes a quarter of the time and leaves the rest to them.
    """

    name: str
    work: Callable[[Tools], Awaitable[bool]]
    every: float
    gives_way: bool = False


@dataclass(frozen=True)
class Service:
    """The index of a service: which contract goes to which handler."""

    name: str
    events: Mapping[type[Event], BatchHandler] = field(default_factory=dict)
    commands: Mapping[type[Command[Any]], CommandHandler] = field(default_factory=dict)
    queries: Mapping[type[Query[Any]], QueryHandler] = field(default_factory=dict)
    jobs: Sequence[Job] = ()
    announce: Announce = silent
    prepare: Prepare = unprepared
    """What has to be done with a batch, in its transaction, before any of it is handled."""
    unordered: Collection[type[Event]] = frozenset()
    """Events whose transactions one replica may commit in any order, as several replicas do anyway. None of what they
    hold for a moment may make two of them wait for each other in a circle."""
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    """In plain words, by code: why its messages are parked and what a person does about it."""
    clock: Clock = now

    def __post_init__(self) -> None:
        if tuple(self.events) != SUBSCRIPTIONS.get(self.name, tuple(self.events)):
            raise ValueError(f"{self.name}: the table of events differs from its subscriptions")

    @property
    def migrations(self) -> Path:
        return Path("services") / self.name / "migrations"
