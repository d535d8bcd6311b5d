"""Keeps so many replicas of each service running, as a container engine would."""

import asyncio
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress

from deploy.local import pids, processes
from deploy.local.pids import Launch, Record
from deploy.local.state import SetupError, State

LOOK = 0.3
READY_IN = 60.0
Prepare = Callable[[str, int], Launch]
"""(service, number of the replica)."""


class Crew:
    """`run` starts what is wanted and what has died; faults ask it for processes and for other numbers of them."""

    def __init__(self, state: State, prepare: Prepare, wanted: Mapping[str, int]) -> None:
        self.state, self._prepare = state, prepare
        self.wanted = dict(wanted)
        self.started = 0
        self._ending: set[str] = set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self.fill()
            await asyncio.sleep(LOOK)

    def fill(self) -> None:
        """Starts what is missing."""
        for service, count in self.wanted.items():
            for number in range(1, count + 1):
                name = processes.replica(service, number)
                # While one ends its record is another's to drop: a new one's would be dropped with it.
                if name not in self._ending and pids.find(self.state, name) is None:
                    pids.start(self.state, self._prepare(service, number))
                    self.started += 1

    def running(self) -> list[Record]:
        """The living replicas that are wanted."""
        found = [pids.find(self.state, name) for name in self.names()]
        return [record for record in found if record]

    def names(self) -> list[str]:
        return [processes.replica(s, n) for s, count in self.wanted.items() for n in range(1, count + 1)]

    async def scale(self, service: str, count: int) -> None:
        """More are started at once, spare ones finish what they hold and go."""
        before, self.wanted[service] = self.wanted[service], count
        spare = [processes.replica(service, number) for number in range(count + 1, before + 1)]
        await asyncio.gather(*[self.end(name) for name in spare])

    async def end(self, name: str) -> None:
        """Gracefully. One that is wanted is started again."""
        self._ending.add(name)
        try:
            await asyncio.to_thread(pids.stop, self.state, name, signal.SIGTERM, processes.STOPPED_IN)
        finally:
            self._ending.discard(name)

    def send(self, name: str, number: signal.Signals) -> bool:
        """A signal; whether there was somebody to get it."""
        record = pids.find(self.state, name)
        if record:
            with suppress(ProcessLookupError):
                os.kill(record.pid, number)
        return record is not None

    async def ready(self) -> None:
        """Waits until each says that it is ready. Raises SetupError, with the end of its log, when one never is."""
        deadline = asyncio.get_running_loop().time() + READY_IN
        waiting = set(self.names())
        while waiting:
            for name in sorted(waiting):
                record = pids.find(self.state, name)
                if record is not None and await asyncio.to_thread(processes.is_ready, record):
                    waiting.discard(name)
            if waiting and asyncio.get_running_loop().time() > deadline:
                raise SetupError(f"not ready after {READY_IN:.0f} s: {', '.join(sorted(waiting))}")
            await asyncio.sleep(0.1)

    async def dismiss(self) -> None:
        """All of them, at once and for good."""
        names = self.names()
        self.wanted, self.started = {}, 0
        for name in names:
            self.send(name, signal.SIGCONT)
        await asyncio.gather(*[asyncio.to_thread(pids.stop, self.state, n, signal.SIGKILL, 5) for n in names])
