"""Moments between commit, publish, confirm and ack, at which a process kills itself when a file says so."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import Any

from aio_pika import IncomingMessage

from deploy.local.chaos.inside.notes import Notes
from deploy.local.chaos.inside.wrapping import wrap
from shared.runtime.broker import Broker
from shared.runtime.edge import Reports
from shared.runtime.responder import Responder
from shared.runtime.store import Store

MOMENTS = ("committed", "published", "confirmed", "acknowledged")
ON_ITS_WAY = 0.002
"""Seconds in which what was published has left this process and has hardly been confirmed."""

Method = Callable[..., Awaitable[Any]]


def trigger(folder: Path, service: str, moment: str) -> Path:
    """Whoever of the service's replicas takes this file first, dies at the moment that it names."""
    return folder / f"{service}.{moment}"


class Points:
    """The moments of one process."""

    def __init__(self, folder: Path, service: str, notes: Notes) -> None:
        self._files = {moment: trigger(folder, service, moment) for moment in MOMENTS}
        self._notes = notes

    def install(self) -> None:
        """Wraps what the runtime does; the runtime knows nothing of it."""
        wrap(Store, "store", self._after("committed"))
        wrap(Responder, "respond", self._after("committed"))
        wrap(IncomingMessage, "ack", self._after("acknowledged"))
        wrap(Broker, "publish", self._around)
        wrap(Reports, "hand_in", self._around)

    def reached(self, moment: str) -> None:
        try:
            self._files[moment].unlink()
        except FileNotFoundError:
            return
        self._notes.note(f"killed when {moment}")
        os.kill(os.getpid(), signal.SIGKILL)

    def _after(self, moment: str) -> Callable[[Method], Method]:
        def wrapper(method: Method) -> Method:
            @wraps(method)
            async def call(*args: Any, **named: Any) -> Any:
                result = await method(*args, **named)
                self.reached(moment)
                return result

            return call

        return wrapper

    def _around(self, method: Method) -> Method:
        @wraps(method)
        async def call(*args: Any, **named: Any) -> Any:
            sending = asyncio.ensure_future(method(*args, **named))
            if self._files["published"].exists():
                await asyncio.sleep(ON_ITS_WAY)
                self.reached("published")
            result = await sending
            self.reached("confirmed")
            return result

        return call
