"""Guarantees that the harness can switch off in a service, one at a time: each has to turn a run red."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextvars import ContextVar
from typing import Any

from deploy.local.chaos.inside.wrapping import wrap
from shared.runtime import inbox, outbox
from shared.runtime.broker import Broker
from shared.runtime.coalescer import Coalescer
from shared.runtime.inbox import Sorted
from shared.runtime.store import Store

Method = Callable[..., Coroutine[Any, Any, Any]]
_running: set[asyncio.Task[Any]] = set()
_held: ContextVar[list[tuple[Any, ...]] | None] = ContextVar("held", default=None)


def without_inbox() -> None:
    """Everything is new."""

    async def keep_new(_: Any, messages: Sequence[Any]) -> Sorted:
        return Sorted(new=list(messages))

    for name in ("keep_all", "keep_new"):
        wrap(inbox, name, lambda _: keep_new)


def without_confirms() -> None:
    """What was handed to the library counts as sent."""
    wrap(Broker, "publish", _not_awaited)


def acknowledge_first() -> None:
    """The broker forgets a delivery before it is committed."""
    wrap(Coalescer, "add", _not_awaited)


def outbox_outside() -> None:
    """Events are written in a transaction of their own, after the one that made them."""
    put = outbox.put

    async def hold(tx: Any, *what: Any) -> None:
        held = _held.get()
        if held is None:
            await put(tx, *what)
        else:
            held.append(what)

    def apart(store: Method) -> Method:
        async def store_apart(self: Store, pool: Any, batch: Any) -> Any:
            held: list[tuple[Any, ...]] = []
            token = _held.set(held)
            try:
                spoke = await store(self, pool, batch)
            finally:
                _held.reset(token)
            async with pool.acquire() as tx, tx.transaction():
                for what in held:
                    await put(tx, *what)
            return spoke

        return store_apart

    wrap(outbox, "put", lambda _: hold)
    wrap(Store, "store", apart)


SWITCHES: dict[str, Callable[[], None]] = {
    "inbox": without_inbox,
    "confirms": without_confirms,
    "ack-first": acknowledge_first,
    "outbox": outbox_outside,
}
"""By what is switched off."""


def _not_awaited(method: Method) -> Method:
    async def call(*args: Any) -> None:
        task = asyncio.create_task(method(*args))
        _running.add(task)
        task.add_done_callback(_forget)

    return call


def _forget(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if not task.cancelled():
        task.exception()  # nobody is told: that is the point
