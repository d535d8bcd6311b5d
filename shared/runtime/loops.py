"""What a process does in the background, for as long as it lives."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

END_SECONDS, CANCEL_AGAIN = 5.0, 0.2
log = structlog.get_logger(__name__)


class Loops:
    """None of them ends by itself. Should one do so, `on_fault` is told: a process that lacks one must not go on."""

    def __init__(self, on_fault: Callable[[], None]) -> None:
        self._on_fault = on_fault
        self._tasks: set[asyncio.Task[None]] = set()
        self.broken = False

    def start(self, *loops: Coroutine[Any, Any, None]) -> None:
        for loop in loops:
            task = asyncio.create_task(loop, name=getattr(loop, "__qualname__", None))
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    async def end(self) -> None:
        """Cancels until they have ended: a cancel that lands inside of a call to the broker's library may be lost.

        A loop that went on would open anew what is closed next.
        """
        end, pending = time.monotonic() + END_SECONDS, self._tasks
        self._tasks = set()
        while pending and time.monotonic() < end:
            for task in pending:
                task.cancel()
            _, pending = await asyncio.wait(pending, timeout=CANCEL_AGAIN)

    def miss(self, name: str, error: BaseException | None) -> None:
        """One of them has ended by itself."""
        log.error("loop_ended", what=name, exc_info=error)
        self.broken = True
        self._on_fault()

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if task in self._tasks:
            self.miss(task.get_name(), error)
